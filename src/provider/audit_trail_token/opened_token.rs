//! [`OpenedToken`]: the token that an opening of the ephemeral resource generated, and its revocation on close.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::NAME;
use crate::client::{AuditTrailToken, Client, Error};
use crate::provider::connection::Connection;
use crate::provider::diagnostics::{self, TokenRef};
use crate::provider::expiry;
use tfplugin::{CloseContext, Context, Diagnostic, Diagnostics, Private};

/// The key in the private data, which Terraform keeps from the opening to the close.
const KEY: &str = "revoke_on_close";

/// A token to be revoked on close.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OpenedToken {
    organization: String,
    token_id: String,
    created_at: DateTime<Utc>,
}

/// [`OpenedToken`] in the private data, named as states name a token. Without its secret.
#[derive(Debug, Serialize, Deserialize)]
struct Stored {
    organization: String,
    token_id: String,
    created_at: String,
}

impl OpenedToken {
    pub(super) fn new(organization: &str, token: &AuditTrailToken) -> Self {
        Self {
            organization: organization.to_owned(),
            token_id: token.id.clone(),
            created_at: token.created_at,
        }
    }

    /// Stores the token for the close.
    pub(super) fn store(&self, private: &mut Private) -> Result<(), Diagnostics> {
        let stored = Stored {
            organization: self.organization.clone(),
            token_id: self.token_id.clone(),
            created_at: expiry::format(self.created_at),
        };
        private.set(KEY, &stored)
    }

    /// Returns the token that the close is to revoke; `None` if it is to revoke none.
    pub(super) fn load(private: &Private) -> Option<Self> {
        let stored: Stored = private.get(KEY)?;
        Some(Self {
            organization: stored.organization,
            token_id: stored.token_id,
            created_at: expiry::parse_stored(&stored.created_at)?,
        })
    }

    /// Leaves the revocation for the exit of the process: Terraform closes nothing if an object that uses the secret
    /// fails, also because of an interrupt.
    pub(super) fn revoke_at_exit(&self, connection: &Connection, client: &Client, cx: &Context) {
        let work = {
            let (opened, connection, client) = (self.clone(), connection.clone(), client.clone());
            async move {
                if let Err(error) = opened.revoke(&connection, &client).await {
                    let OpenedToken {
                        organization,
                        token_id,
                        ..
                    } = opened;
                    tracing::error!(organization, token_id, %error, "the token was not revoked and may still work");
                }
            }
        };
        cx.at_exit(self.work(), work);
    }

    /// Revokes the token when Terraform closes the ephemeral resource.
    ///
    /// # Errors
    ///
    /// Returns a warning that says what may still work. The run has succeeded, so this is no error.
    pub(super) async fn close(
        &self,
        connection: &Connection,
        cx: &CloseContext,
    ) -> Result<(), Diagnostic> {
        let client = connection.require_api(cx)?;
        let _work = cx.work(self.work());
        let revoked = self.revoke(connection, &client).await;
        cx.cancel_at_exit(&self.work());
        revoked.map_err(|error| {
            let token = TokenRef {
                organization: &self.organization,
                id: &self.token_id,
            };
            diagnostics::not_revoked_on_close(token, &error)
        })
    }

    /// Revokes the token, if it still is the organization's.
    ///
    /// Terraform also closes after an interrupt, so nothing here ends with the stop signal: a token whose run has ended
    /// would go on working.
    async fn revoke(&self, connection: &Connection, client: &Client) -> Result<(), Error> {
        let Self {
            organization,
            token_id,
            created_at,
        } = self;
        let client = client.without_stop();
        let _lock = connection.organization_lock(NAME, organization).await;
        let tokens = client.audit_trail_tokens();
        let deleted = tokens.delete(organization, token_id, *created_at).await?;
        tracing::info!(
            organization,
            token_id,
            ?deleted,
            "revoked the token of this run"
        );
        Ok(())
    }

    /// Describes the revocation, for the log of a process that must end earlier.
    fn work(&self) -> String {
        format!(
            "revoking the audit trail token {} of organization {}",
            self.token_id, self.organization
        )
    }
}
