//! The audit trail token of an organization: `?token=audit-trails`.
//!
//! Only HCP Terraform has audit trail tokens. Terraform Enterprise and its imitations ignore the
//! query: they would replace or delete the organization's API token, which has the same path.

use super::api_client::Client;
use super::authentication_tokens::{AuthenticationToken, AuthenticationTokens, TokenKind};

/// The audit trail token of an organization, without its secret.
pub type AuditTrailToken = AuthenticationToken;

const AUDIT_TRAIL: TokenKind = TokenKind {
    path: "authentication-token",
    query: &[("token", "audit-trails")],
    requires_hcp_terraform: true,
    requires_audit_logging: true,
};

impl Client {
    /// Returns the audit trail tokens of organizations.
    pub fn audit_trail_tokens(&self) -> AuthenticationTokens<'_> {
        AuthenticationTokens::new(self, AUDIT_TRAIL)
    }
}
