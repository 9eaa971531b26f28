//! The messages and services of protocol 6 and, in [`plugin`], of go-plugin: servers for the plugin's process,
//! clients for tests that play its host.
//!
//! Generated from `proto/`; `make generate` rewrites the files. Nothing outside `tfplugin::server` and
//! `tfplugin::serve` uses these types, except tests that play Terraform.

use std::fmt;

#[doc(hidden)]
#[rustfmt::skip]
#[allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic, reason = "generated code")]
pub mod plugin;

#[rustfmt::skip]
#[allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic, reason = "generated code")]
mod tfplugin6;

pub use tfplugin6::*;

/// Shows no value: any of them may be secret, and the message does not say which are.
impl fmt::Debug for DynamicValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(sensitive value)")
    }
}

/// Shows no value: a state holds secrets in plain text.
impl fmt::Debug for RawState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(sensitive value)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_value() {
        let request = configure_provider::Request {
            terraform_version: "1.16.0".to_owned(),
            config: Some(DynamicValue {
                msgpack: b"planted".to_vec(),
                json: b"planted".to_vec(),
            }),
            client_capabilities: None,
        };
        let raw = RawState {
            json: b"planted".to_vec(),
            flatmap: [("planted".to_owned(), "planted".to_owned())].into(),
        };

        let shown = format!("{request:?} {raw:?}");

        assert!(shown.contains("(sensitive value)"), "{shown}");
        assert!(!shown.contains("planted"), "{shown}");
        let bytes = format!("{:?}", b"planted");
        assert!(!shown.contains(bytes.trim_matches(['[', ']'])), "{shown}");
    }
}
