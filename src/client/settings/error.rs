//! [`SettingsError`]: why the host or the token is not known.

use thiserror::Error;

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
    /// Returns the argument of the provider block that this error is about.
    pub fn attribute(&self) -> &'static str {
        match self {
            SettingsError::InvalidHostname { .. } => "hostname",
            SettingsError::InvalidToken { .. } | SettingsError::NoToken { .. } => "token",
            SettingsError::InvalidEnvironment { .. } => "ssl_skip_verify",
        }
    }

    /// Whether there is no token.
    pub fn is_no_token(&self) -> bool {
        matches!(self, SettingsError::NoToken { .. })
    }
}
