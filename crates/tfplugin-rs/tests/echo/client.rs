//! [`Client`]: what the objects of `echo` work with.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;

use aws_lc_rs::digest::{SHA256, digest};
use tfplugin::{Diagnostic, Diagnostics};

use super::world::World;

/// What the objects work with.
#[derive(Clone)]
pub(crate) struct Client {
    pub(super) world: World,
    /// Whether the provider's token is known; it may be unknown while planning.
    pub(super) token_known: bool,
    pub(super) log_file: Option<PathBuf>,
}

impl Client {
    /// Appends the hash of a value that has arrived to the log file, if there is one, and returns the hash.
    pub(super) fn received(&self, value: &str) -> Result<String, Diagnostics> {
        let hash = sha256(value);
        if let Some(path) = &self.log_file {
            let written = OpenOptions::new()
                .create(true)
                .append(true)
                .open(path)
                .and_then(|mut file| writeln!(file, "{hash}"));
            if let Err(error) = written {
                return Err(Diagnostic::error(
                    "Unable To Write Log File",
                    format!("The file {} cannot be written: {error}.", path.display()),
                )
                .into());
            }
        }
        Ok(hash)
    }
}

/// The SHA-256 of a text in hexadecimal.
pub(crate) fn sha256(text: &str) -> String {
    digest(&SHA256, text.as_bytes())
        .as_ref()
        .iter()
        .fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}
