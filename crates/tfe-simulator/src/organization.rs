//! One organization and what belongs to it.

use chrono::{DateTime, Utc};

use super::series::Series;
use super::token::Token;

/// An organization to be added: its name, and where it differs from the usual.
///
/// ```
/// use tfe_simulator::Organization;
///
/// let usual = Organization::from("my-org-name");
/// let unusual = Organization::from("my-org-name").external_id("org-1").without_audit_logging();
/// # let _ = (usual, unusual);
/// ```
#[derive(Clone, Debug)]
pub struct Organization {
    pub(super) name: String,
    /// Empty until the organization is added: then made up.
    pub(super) external_id: String,
    pub(super) audit_logging: bool,
    pub(super) hidden: bool,
    pub(super) created_at: DateTime<Utc>,
    pub(super) main_token: Option<Token>,
    pub(super) trail_token: Option<Token>,
    /// Events of its trail beside those that were recorded.
    pub(super) series: Option<Series>,
}

impl From<&str> for Organization {
    fn from(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            external_id: String::new(),
            audit_logging: true,
            hidden: false,
            created_at: DateTime::UNIX_EPOCH,
            main_token: None,
            trail_token: None,
            series: None,
        }
    }
}

impl Organization {
    /// The id that stays when the organization is renamed; default: `org-` and 16 random
    /// letters or digits.
    pub fn external_id(mut self, id: &str) -> Self {
        id.clone_into(&mut self.external_id);
        self
    }

    /// An organization whose plan has no audit logging: its audit trail token can be seen and
    /// deleted, not generated, and its trail cannot be read.
    pub fn without_audit_logging(mut self) -> Self {
        self.audit_logging = false;
        self
    }

    pub(super) fn token(&self, kind: TokenKind) -> Option<&Token> {
        match kind {
            TokenKind::Main => self.main_token.as_ref(),
            TokenKind::AuditTrail => self.trail_token.as_ref(),
        }
    }

    pub(super) fn slot(&mut self, kind: TokenKind) -> &mut Option<Token> {
        match kind {
            TokenKind::Main => &mut self.main_token,
            TokenKind::AuditTrail => &mut self.trail_token,
        }
    }
}

/// Which of an organization's two tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Main,
    AuditTrail,
}
