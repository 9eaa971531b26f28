//! [`SettingsError`]: why the host or the token is not known.

use thiserror::Error;

use crate::client::environment::NotUtf8;
use crate::client::hostname::{Hostname, InvalidHostname};

/// Why the host or the token is not known.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The hostname is not valid.
    #[error("invalid hostname {value:?} in {place}")]
    InvalidHostname {
        /// The argument `hostname` or the variable `TFE_HOSTNAME`.
        place: &'static str,
        /// The value, without the credentials of a URL.
        value: String,
        /// What is wrong with it.
        source: InvalidHostname,
    },
    /// The token cannot be sent. The error does not show it.
    #[error("the token in {place} contains a control character, such as a line break")]
    InvalidToken {
        /// The argument `token` or the name of a variable.
        place: String,
    },
    /// An environment variable is not UTF-8. The error does not show its value.
    #[error("the environment variable {name} is not valid UTF-8")]
    NotUtf8 {
        /// The variable.
        name: String,
    },
    /// An environment variable has a value that is not allowed.
    #[error("{name} has the unrecognized value {value:?}: {expected}")]
    InvalidEnvironment {
        /// The variable.
        name: &'static str,
        /// Its value. This error is never about a variable with a secret.
        value: String,
        /// Which values are allowed.
        expected: &'static str,
    },
    /// There is no token.
    #[error("no token for {hostname} was found")]
    NoToken {
        /// The host that needs one.
        hostname: Hostname,
        /// Every place that was searched, in order, and why it has no token.
        searched: Vec<(String, String)>,
        /// Whether this is a run in HCP Terraform.
        in_hcp_terraform_run: bool,
    },
}

impl SettingsError {
    /// Returns the argument of the provider block that this error is about, or that the variable is the
    /// default of.
    pub fn attribute(&self) -> Option<&'static str> {
        match self {
            SettingsError::InvalidHostname { .. } => Some("hostname"),
            SettingsError::InvalidToken { .. } | SettingsError::NoToken { .. } => Some("token"),
            SettingsError::InvalidEnvironment { .. } => Some("ssl_skip_verify"),
            SettingsError::NotUtf8 { name } => match name.as_str() {
                "TFE_HOSTNAME" => Some("hostname"),
                "TFE_ORGANIZATION" => Some("organization"),
                "TFE_SSL_SKIP_VERIFY" => Some("ssl_skip_verify"),
                "TFE_SEALING_KEY" => Some("sealing_key"),
                name if name.contains("TOKEN") => Some("token"),
                _ => None,
            },
        }
    }

    /// Whether there is no token.
    pub fn is_no_token(&self) -> bool {
        matches!(self, SettingsError::NoToken { .. })
    }
}

impl From<NotUtf8> for SettingsError {
    fn from(NotUtf8 { name }: NotUtf8) -> SettingsError {
        SettingsError::NotUtf8 { name }
    }
}
