//! [`TokenSource`]: where a token was found.

use std::path::PathBuf;

/// Where a token was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenSource {
    /// The provider block.
    Argument,
    /// The named environment variable.
    Environment(String),
    /// The named file of Terraform's CLI configuration.
    CliConfiguration(PathBuf),
    /// The named credentials helper.
    CredentialsHelper(String),
}
