//! The handshake line: the one line on stdout by which a host finds the plugin.
//!
//! `1|6|unix|/tmp/tfplugin-…/socket|grpc|<certificate>`: version of the line itself, protocol, network,
//! address, kind of plugin, and with TLS the plugin's certificate (go-plugin: server.go, client.go). A seventh
//! field would accept an offer to multiplex the broker; there is none, and Terraform 1.8 cannot read one.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// The major version of Terraform's plugin protocol. The plugin speaks this one even if the host offers others.
pub(super) const PROTOCOL: u32 = 6;

/// The address that a host connects to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// `unix` or `tcp`.
    pub(super) network: &'static str,
    /// A path, or `host:port`. It has no `|` and no line break.
    pub(super) address: String,
}

/// Returns the line with its line break. `certificate` is the DER that TLS will present.
pub(super) fn line(address: &Address, certificate: Option<&[u8]>) -> String {
    let Address { network, address } = address;
    // go-plugin decodes base64 without padding, in the standard alphabet.
    let certificate = certificate.map_or_else(String::new, |der| STANDARD_NO_PAD.encode(der));
    format!("1|{PROTOCOL}|{network}|{address}|grpc|{certificate}\n")
}

/// Writes the line, or debug mode's announcement, to stdout, then redirects stdout to stderr: if a library prints
/// something later, it is a line of the log and not a breach of the protocol.
#[expect(clippy::disallowed_methods, reason = "the handshake itself")]
pub(super) fn announce(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    #[cfg(unix)]
    rustix::stdio::dup2_stdout(io::stderr())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(certificate: Option<&[u8]>, expected: &str) {
        let address = Address {
            network: "unix",
            address: "/tmp/a/socket".to_owned(),
        };
        assert_eq!(line(&address, certificate), expected);
    }

    /// Conformance: 2.
    #[test]
    fn the_line_has_six_fields() {
        check(None, "1|6|unix|/tmp/a/socket|grpc|\n");
        check(Some(b"\xfb\xff"), "1|6|unix|/tmp/a/socket|grpc|+/8\n");
    }
}
