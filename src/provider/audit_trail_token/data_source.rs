//! The data source `tfe_audit_trail_token`: an organization's token, without its secret.

use serde::{Deserialize, Serialize};

use super::NAME;
use crate::provider::{Connection, diagnostics, expiry, organization, validators};
use tfplugin::{Attr, Attribute, Context, DataSource, Diagnostics, Schema, Type};

/// The data source `tfe_audit_trail_token`.
#[derive(Debug)]
pub(crate) struct AuditTrailTokenDataSource {
    connection: Connection,
}

/// Argument and results of the data source.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Model {
    organization: Attr<String>,
    token_id: Attr<String>,
    description: Attr<String>,
    created_at: Attr<String>,
    last_used_at: Attr<String>,
    expired_at: Attr<String>,
    created_by_id: Attr<String>,
    created_by_type: Attr<String>,
}

impl DataSource for AuditTrailTokenDataSource {
    type Client = Connection;
    type Model = Model;

    const NAME: &'static str = NAME;

    fn schema() -> Schema {
        schema()
    }

    fn new(connection: &Connection) -> Self {
        Self {
            connection: connection.clone(),
        }
    }

    async fn read(&self, config: Model, cx: &mut Context) -> Result<Model, Diagnostics> {
        let client = self
            .connection
            .api(cx)
            .map_err(diagnostics::unknown_configuration_of_data_source)?;
        let Attr::Known(organization) =
            organization::resolve(&config.organization, self.connection.organization())?
        else {
            return Err(diagnostics::unknown_configuration_of_data_source("organization").into());
        };
        let token = client
            .audit_trail_tokens()
            .read(&organization)
            .await
            .map_err(|error| diagnostics::data_source_not_read(&organization, &error))?
            .ok_or_else(|| diagnostics::no_token(&organization))?;
        let (created_by_id, created_by_type) = token
            .created_by
            .map(|creator| (creator.id, creator.kind))
            .unzip();
        Ok(Model {
            organization: Attr::Known(organization),
            token_id: Attr::Known(token.id),
            description: token.description.into(),
            created_at: Attr::Known(expiry::format(token.created_at)),
            last_used_at: token.last_used_at.map(expiry::format).into(),
            expired_at: token.expired_at.map(expiry::format).into(),
            created_by_id: created_by_id.into(),
            created_by_type: created_by_type.into(),
        })
    }
}

fn schema() -> Schema {
    Schema::new(
        "What is known of an organization's audit trail token, without its secret: for `check` \
         blocks on its age, use and expiry. An organization without a token is an error. \
         `hashicorp/tfe` has no such data source.",
    )
    .attribute(
        "organization",
        Attribute::optional_computed(
            Type::String,
            "The organization's name. Defaults to the provider's `organization`.",
        )
        .validate(validators::organization()),
    )
    .attribute(
        "token_id",
        Attribute::computed(Type::String, "The token's ID, which is no secret."),
    )
    .attribute(
        "description",
        Attribute::computed(
            Type::String,
            "A description; null for tokens of this kind, today.",
        ),
    )
    .attribute(
        "created_at",
        Attribute::computed(Type::String, "When the token was generated, in RFC 3339."),
    )
    .attribute(
        "last_used_at",
        Attribute::computed(
            Type::String,
            "When the token was last used, in RFC 3339; null if never.",
        ),
    )
    .attribute(
        "expired_at",
        Attribute::computed(
            Type::String,
            "When the token expires, in RFC 3339; null if never. An organization's policy may end \
             it earlier.",
        ),
    )
    .attribute(
        "created_by_id",
        Attribute::computed(
            Type::String,
            "The ID of who generated the token; null if the API does not say.",
        ),
    )
    .attribute(
        "created_by_type",
        Attribute::computed(
            Type::String,
            "What generated the token: `users`, `teams` or `organizations`.",
        ),
    )
}
