//! The list resource `tfe_audit_trail_token`: the token of one organization, or of all that the provider's API token can
//! see. The provider's default organization does not filter the list.

use std::ops::ControlFlow;

use serde::Deserialize;

use super::model::Model;
use super::resource::AuditTrailTokenResource;
use crate::client::{AuditTrailToken, Client, Error};
use crate::provider::{Connection, diagnostics, validators};
use tfplugin::{Attr, Attribute, Context, Diagnostics, ListResource, ListResults, Schema, Type};

/// The list resource `tfe_audit_trail_token`.
#[derive(Debug)]
pub(crate) struct AuditTrailTokenList {
    connection: Connection,
}

/// The argument of the list resource.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Config {
    organization: Attr<String>,
}

/// The list, to which tokens are added.
type Tokens = ListResults<AuditTrailTokenResource>;

impl ListResource for AuditTrailTokenList {
    type Resource = AuditTrailTokenResource;
    type Config = Config;

    fn schema() -> Schema {
        schema()
    }

    fn new(connection: &Connection) -> Self {
        Self {
            connection: connection.clone(),
        }
    }

    async fn list(
        &self,
        config: Config,
        results: &mut Tokens,
        cx: &mut Context,
    ) -> Result<(), Diagnostics> {
        let client = self.connection.require_api(cx)?;
        let Some(organization) = config.organization.into_known() else {
            return self.list_all(&client, results, cx).await;
        };
        let token = client
            .audit_trail_tokens()
            .read(&organization)
            .await
            .map_err(|error| diagnostics::not_listed(&organization, &error))?;
        if let Some(token) = token {
            let _ = self.push(&organization, &token, results, cx).await?;
        }
        Ok(())
    }
}

impl AuditTrailTokenList {
    /// Lists the tokens of all organizations that the API token can see. A token that it may not read is a warning, and the
    /// list goes on.
    async fn list_all(
        &self,
        client: &Client,
        results: &mut Tokens,
        cx: &mut Context,
    ) -> Result<(), Diagnostics> {
        let tokens = client.audit_trail_tokens();
        let mut pages = client.organizations().list();
        while let Some(organizations) = pages
            .next()
            .await
            .map_err(|error| diagnostics::no_organizations_listed(&error))?
        {
            for organization in organizations {
                let next = match tokens.read(&organization).await {
                    Ok(Some(token)) => self.push(&organization, &token, results, cx).await?,
                    Ok(None) => ControlFlow::Continue(()),
                    Err(error) if is_about_one_organization(&error) => {
                        cx.add(diagnostics::left_out(&organization, &error));
                        ControlFlow::Continue(())
                    }
                    Err(error) => {
                        return Err(diagnostics::not_listed(&organization, &error).into());
                    }
                };
                if next.is_break() || results.is_full() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    async fn push(
        &self,
        organization: &str,
        token: &AuditTrailToken,
        results: &mut Tokens,
        cx: &mut Context,
    ) -> Result<ControlFlow<()>, Diagnostics> {
        let object = Model::without_secret(organization, token, self.connection.clock().now());
        results
            .push(diagnostics::listed(organization, token), &object, cx)
            .await
    }
}

/// Whether the token of the next organization may still be readable.
fn is_about_one_organization(error: &Error) -> bool {
    error.is_organization_not_visible() || error.is_no_permission() || error.is_forbidden()
}

fn schema() -> Schema {
    Schema::new(
        "Finds the audit trail tokens that exist, for `terraform query`: to see them, and to import \
         them in bulk with `-generate-config-out`. An organization without a token is left out, and \
         one whose token the provider's API token may not read is told by a warning.\n\n\
         An imported token has no secret: it cannot be read back. Each plan says so, and how to own \
         one. The generated configuration leaves `expired_at` out, so that it keeps the token \
         whichever date it has.\n\n\
         -> List resources need Terraform 1.14 or later.",
    )
    .attribute(
        "organization",
        Attribute::optional(
            Type::String,
            "The name of the only organization to look at. Left out: all that the provider's API \
             token sees, whatever the provider's `organization` is.",
        )
        .validate(validators::organization()),
    )
}
