//! The ephemeral resource `tfe_audit_trail_events`: what it reads is in neither state nor plan.

use super::model::Model;
use super::{NAME, reading, schema};
use crate::provider::{Connection, diagnostics};
use tfplugin::{Attr, Context, Diagnostics, EphemeralResource, OpenContext, Schema};

/// The ephemeral resource `tfe_audit_trail_events`.
#[derive(Debug)]
pub(crate) struct EphemeralAuditTrailEvents {
    connection: Connection,
}

impl EphemeralResource for EphemeralAuditTrailEvents {
    type Client = Connection;
    type Model = Model;

    const NAME: &'static str = NAME;

    fn schema() -> Schema {
        schema::ephemeral()
    }

    fn new(connection: &Connection) -> Self {
        Self {
            connection: connection.clone(),
        }
    }

    async fn validate(config: Model, _: &mut Context) -> Result<(), Diagnostics> {
        reading::validate(&config)
    }

    /// Reads the trail. It has nothing to close.
    async fn open(&self, config: Model, cx: &mut OpenContext) -> Result<Model, Diagnostics> {
        match self.connection.api(cx) {
            Ok(client) => reading::read(&self.connection, &client, config, cx).await,
            Err(argument) if !cx.host().accepts_unknown_ephemeral_results() => {
                Err(diagnostics::unknown_configuration(argument).into())
            }
            Err(_) => Ok(Model {
                events: Attr::Unknown,
                total_count: Attr::Unknown,
                truncated: Attr::Unknown,
                ..config
            }),
        }
    }
}
