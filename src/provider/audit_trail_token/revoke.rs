//! The action `tfe_revoke_audit_trail_token`: one token dies, now, and no other.

use serde::Deserialize;
use tokio::time::timeout;

use super::MOMENT;
use super::schema::organization_rule;
use crate::client::{AuditTrailToken, Deleted, Error};
use crate::provider::{Connection, diagnostics, organization};
use tfplugin::schema::validator;
use tfplugin::{Action, Attr, Attribute, Context, Diagnostic, Diagnostics, Progress, Schema, Type};

/// The action `tfe_revoke_audit_trail_token`.
#[derive(Debug)]
pub(crate) struct RevokeAuditTrailToken {
    connection: Connection,
}

/// Its arguments.
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

    /// Says which token will die. A look that fails does not fail the plan.
    async fn plan(&self, config: Config, cx: &mut Context) -> Result<(), Diagnostics> {
        let chosen = organization::choose(&config.organization, self.connection.organization())?;
        let (Attr::Known(organization), Attr::Known(id)) = (chosen, config.token_id) else {
            return Ok(());
        };
        check_id(&id)?;
        let Ok(client) = self.connection.api(cx) else {
            return Ok(());
        };
        let tokens = client.audit_trail_tokens();
        let told = match timeout(MOMENT, tokens.read(&organization)).await {
            Ok(Ok(None)) => diagnostics::nothing_will_be_revoked(&organization, &id),
            Ok(Ok(Some(token))) if token.id == id => {
                diagnostics::will_revoke(&organization, &token)
            }
            Ok(Ok(Some(other))) => diagnostics::revocation_will_fail(&organization, &id, &other),
            Ok(Err(error)) => diagnostics::no_look_at_revoked(&organization, &(&error).into()),
            Err(_) => diagnostics::no_look_at_revoked_in_time(&organization),
        };
        cx.add(told);
        Ok(())
    }

    async fn invoke(
        &self,
        config: Config,
        progress: &Progress,
        cx: &mut Context,
    ) -> Result<(), Diagnostics> {
        let client = self.connection.require_api(cx)?;
        let chosen = organization::choose(&config.organization, self.connection.organization())?;
        let Attr::Known(organization) = chosen else {
            return Err(diagnostics::unknown_configuration("organization").into());
        };
        let id = config
            .token_id
            .into_known()
            .ok_or_else(diagnostics::no_token_to_revoke)?;
        check_id(&id)?;
        let _turn = self.connection.turn(&organization).await;
        let _work = cx.work(format!(
            "revoking the audit trail token {id} of organization {organization}"
        ));
        let tokens = client.audit_trail_tokens();
        let failed = |error: Error| diagnostics::not_revoked(&organization, &id, &(&error).into());
        progress.report(diagnostics::looking(&organization)).await;
        let Some(token) = tokens.read(&organization).await.map_err(failed)? else {
            progress
                .report(diagnostics::already_revoked(&organization))
                .await;
            return Ok(());
        };
        if token.id != id {
            return Err(diagnostics::another_is_live(&organization, &id, &token).into());
        }
        progress
            .report(diagnostics::revoking(&organization, &token))
            .await;
        // Looks again, right before it deletes, and after every answer that says too little.
        let AuditTrailToken { created_at, .. } = token;
        match tokens
            .delete(&organization, &id, created_at)
            .await
            .map_err(failed)?
        {
            // Terraform shows no progress after an interrupt.
            Deleted::Gone if cx.stop_signal().is_cancelled() => {
                cx.add(diagnostics::revoked_nevertheless(&organization, &id));
            }
            Deleted::Gone => progress.report(diagnostics::revoked(&id)).await,
            Deleted::AlreadyGone => {
                progress
                    .report(diagnostics::already_revoked(&organization))
                    .await;
            }
            Deleted::ReplacedBy(other) => {
                cx.add(diagnostics::replaced_while_revoking(
                    &organization,
                    &token,
                    &other,
                ));
            }
        }
        Ok(())
    }
}

/// Demands the shape of an ID: in an incident one has a secret at hand, which is to be printed nowhere.
fn check_id(id: &str) -> Result<(), Diagnostic> {
    let rest = id.strip_prefix("at-").unwrap_or_default();
    if rest.is_empty() || !rest.chars().all(|one| one.is_ascii_alphanumeric()) {
        return Err(diagnostics::no_token_id());
    }
    Ok(())
}

fn schema() -> Schema {
    Schema::new(
        "Revokes the audit trail token of an organization, now: for incidents. Exactly the token \
         that `token_id` names dies, and no other. Where the organization has another token by \
         now, the action is an error that says which, and nothing is revoked; where it has none any \
         more, the action succeeds.\n\n\
         The plan says which token will die, and when it was last used. An answer of HCP Terraform \
         that was lost is looked up before anything is repeated, so a run that failed can simply be \
         repeated.\n\n\
         -> Actions need Terraform 1.14 or later.",
    )
    .attribute(
        "organization",
        Attribute::optional(
            Type::String,
            "The organization's name. Defaults to the provider's `organization`.",
        )
        .validate(organization_rule()),
    )
    .attribute(
        "token_id",
        Attribute::required(
            Type::String,
            "The ID of the token that is to be revoked, such as `at-…`. Only that one is.",
        )
        .validate(validator::string(check_id)),
    )
}
