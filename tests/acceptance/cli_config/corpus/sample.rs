//! [`Sample`]: one file of CLI configuration, and which token is found in it.

/// A `*.tfrc` file about one host of its own, which is written `HOST`.
pub(crate) struct Sample {
    pub(crate) text: Vec<u8>,
    /// Which token Terraform finds for `HOST`.
    pub(crate) terraform: Found,
    /// Which token the provider finds. It differs from Terraform's only for the reason that follows.
    pub(crate) ours: Found,
    pub(crate) reason: &'static str,
}

/// What a reader finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// The token `good`.
    Token,
    /// The file can be read, and has no token for `HOST`.
    Nothing,
    /// The file cannot be read.
    Broken,
}

/// A block as most people write it.
pub(super) const BLOCK: &str = r#"credentials "HOST" { token = "good" }"#;

/// Returns a file in which Terraform and the provider find the same.
pub(super) fn same(text: impl Into<Vec<u8>>, found: Found) -> Sample {
    differs(text, found, found, "")
}

/// Returns a file in which the provider finds something else, for a reason.
pub(super) fn differs(
    text: impl Into<Vec<u8>>,
    terraform: Found,
    ours: Found,
    reason: &'static str,
) -> Sample {
    Sample {
        text: text.into(),
        terraform,
        ours,
        reason,
    }
}
