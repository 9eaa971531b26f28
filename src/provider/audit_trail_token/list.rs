//! The list resource `tfe_audit_trail_token`: the tokens of one organization, or of all that the
//! caller sees.
//!
//! The provider's default organization is no filter: who asks for all wants all.

use serde::Deserialize;

use super::model::Model;
use super::resource::AuditTrailTokenResource;
use super::schema::organization_rule;
use crate::client::{AuditTrailToken, Client, Error};
use crate::provider::{Connection, diagnostics};
use std::ops::ControlFlow;

use tfplugin::{Attr, Attribute, Context, Diagnostics, ListResource, ListResults, Schema, Type};

/// The list resource `tfe_audit_trail_token`.
#[derive(Debug)]
pub(crate) struct AuditTrailTokenList {
    connection: Connection,
}

/// Its argument.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Config {
    organization: Attr<String>,
}

/// Where the tokens go.
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
            return self.all(&client, results, cx).await;
        };
        let token = client
            .audit_trail_tokens()
            .read(&organization)
            .await
            .map_err(|error| diagnostics::not_listed(&organization, &(&error).into()))?;
        if let Some(token) = token {
            let _ = self.push(&organization, &token, results, cx).await?;
        }
        Ok(())
    }
}

impl AuditTrailTokenList {
    /// The tokens of all organizations that the caller sees. One whose token the caller may not read
    /// is told, and the search goes on.
    async fn all(
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
            .map_err(|error| diagnostics::no_organizations_listed(&(&error).into()))?
        {
            for organization in organizations {
                let next = match tokens.read(&organization).await {
                    Ok(Some(token)) => self.push(&organization, &token, results, cx).await?,
                    Ok(None) => ControlFlow::Continue(()),
                    Err(error) if is_about_one_organization(&error) => {
                        cx.add(diagnostics::left_out(&organization, &(&error).into()));
                        ControlFlow::Continue(())
                    }
                    Err(error) => {
                        return Err(diagnostics::not_listed(&organization, &(&error).into()).into());
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

/// Whether the next organization may still be readable.
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
        .validate(organization_rule()),
    )
}
