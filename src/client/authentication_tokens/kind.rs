//! [`TokenKind`]: what the requests for one kind of token have in common.

/// What the requests for one kind of token have in common.
#[derive(Clone, Copy)]
pub(in crate::client) struct TokenKind {
    /// What follows `/organizations/{name}/` in the path.
    pub(in crate::client) path: &'static str,
    /// The query, not encoded.
    pub(in crate::client) query: &'static [(&'static str, &'static str)],
    /// Whether other products have no such tokens: a POST or DELETE is then sent only to a service
    /// that has named itself HCP Terraform.
    pub(in crate::client) requires_hcp_terraform: bool,
    /// Whether the API refuses the token to organizations without audit logging.
    pub(in crate::client) requires_audit_logging: bool,
}
