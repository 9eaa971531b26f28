//! The action `tfe_revoke_audit_trail_token`: revokes one token now, and no other.

use serde::Deserialize;

use super::NAME;
use super::read::read_in_time;
use crate::client::{AuditTrailToken, Deleted, Error};
use crate::provider::diagnostics::{self, ReplacedWhileRevoking, TokenRef};
use crate::provider::validators::{self, check_token_id};
use crate::provider::{Connection, organization};
use tfplugin::{Action, Attr, Attribute, Context, Diagnostics, Progress, Schema, Type};

/// The action `tfe_revoke_audit_trail_token`.
#[derive(Debug)]
pub(crate) struct RevokeAuditTrailToken {
    connection: Connection,
}

/// The arguments of the action.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Config {
    organization: Attr<String>,
    token_id: Attr<String>,
}

impl Action for RevokeAuditTrailToken {
    type Client = Connection;
    type Config = Config;

    const NAME: &'static str = "tfe_revoke_audit_trail_token";

    fn schema() -> Schema {
        schema()
    }

    fn new(connection: &Connection) -> Self {
        Self {
            connection: connection.clone(),
        }
    }

    /// Warns which token will be revoked. If it cannot be read, the plan does not fail.
    async fn plan(&self, config: Config, cx: &mut Context) -> Result<(), Diagnostics> {
        let organization =
            organization::resolve(&config.organization, self.connection.organization())?;
        let (Attr::Known(organization), Attr::Known(id)) = (organization, config.token_id) else {
            return Ok(());
        };
        check_token_id(&id)?;
        let Ok(client) = self.connection.api(cx) else {
            return Ok(());
        };
        let named = TokenRef {
            organization: &organization,
            id: &id,
        };
        cx.add(match read_in_time(&client, &organization).await {
            Some(Ok(None)) => diagnostics::nothing_will_be_revoked(named),
            Some(Ok(Some(token))) if token.id == id => {
                diagnostics::will_revoke(&organization, &token)
            }
            Some(Ok(Some(other))) => diagnostics::revocation_will_fail(named, &other),
            Some(Err(error)) => diagnostics::revoked_not_read(&organization, &error),
            None => diagnostics::revoked_not_read_in_time(&organization),
        });
        Ok(())
    }

    async fn invoke(
        &self,
        config: Config,
        progress: &Progress,
        cx: &mut Context,
    ) -> Result<(), Diagnostics> {
        let client = self.connection.require_api(cx)?;
        let Attr::Known(organization) =
            organization::resolve(&config.organization, self.connection.organization())?
        else {
            return Err(diagnostics::unknown_configuration("organization").into());
        };
        let id = config
            .token_id
            .into_known()
            .ok_or_else(diagnostics::no_token_to_revoke)?;
        check_token_id(&id)?;
        let named = TokenRef {
            organization: &organization,
            id: &id,
        };
        let _lock = self.connection.organization_lock(NAME, &organization).await;
        let _work = cx.work(format!(
            "revoking the audit trail token {id} of organization {organization}"
        ));
        let tokens = client.audit_trail_tokens();
        let failed = |error: Error| diagnostics::not_revoked(named, &error);
        progress.report(diagnostics::reading(&organization)).await;
        let Some(token) = tokens.read(&organization).await.map_err(failed)? else {
            progress
                .report(diagnostics::already_revoked(&organization))
                .await;
            return Ok(());
        };
        if token.id != id {
            return Err(diagnostics::another_is_live(named, &token).into());
        }
        progress
            .report(diagnostics::revoking(&organization, &token))
            .await;
        // `delete` reads the token again, right before it deletes and after each unclear answer.
        let AuditTrailToken { created_at, .. } = token;
        match tokens
            .delete(&organization, &id, created_at)
            .await
            .map_err(failed)?
        {
            // Terraform does not show progress after an interrupt, so this is a warning.
            Deleted::Gone if cx.stop_signal().is_cancelled() => {
                cx.add(diagnostics::revoked_nevertheless(named));
            }
            Deleted::Gone => progress.report(diagnostics::revoked(&id)).await,
            Deleted::AlreadyGone => {
                progress
                    .report(diagnostics::already_revoked(&organization))
                    .await;
            }
            Deleted::ReplacedBy(other) => {
                cx.add(diagnostics::replaced_while_revoking(
                    ReplacedWhileRevoking {
                        organization: &organization,
                        revoked: &token,
                        current: &other,
                    },
                ));
            }
        }
        Ok(())
    }
}

fn schema() -> Schema {
    Schema::new(
        "Revokes the audit trail token of an organization at once, for incidents. Only the token that \
         `token_id` names is revoked. If the organization has another token by now, the action fails \
         and names it, and nothing is revoked. If it has none any more, the action succeeds.\n\n\
         The plan names the token that will be revoked, and when it was last used. If an answer of HCP \
         Terraform is lost, the action reads the token before it repeats anything, so a run that failed \
         can be repeated.\n\n\
         -> Actions need Terraform 1.14 or later.",
    )
    .attribute(
        "organization",
        Attribute::optional(
            Type::String,
            "The organization's name. Defaults to the provider's `organization`.",
        )
        .validate(validators::organization()),
    )
    .attribute(
        "token_id",
        Attribute::required(
            Type::String,
            "The ID of the token that is to be revoked, such as `at-…`. Only that one is.",
        )
        .validate(validators::token_id()),
    )
}
