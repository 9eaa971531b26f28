//! The data source `tfe_audit_trail_events`.

use super::model::Model;
use super::{NAME, reading, schema};
use crate::provider::{Connection, diagnostics};
use tfplugin::{Context, DataSource, Diagnostics, Schema};

/// The data source `tfe_audit_trail_events`.
#[derive(Debug)]
pub(crate) struct AuditTrailEvents {
    connection: Connection,
}

impl DataSource for AuditTrailEvents {
    type Client = Connection;
    type Model = Model;

    const NAME: &'static str = NAME;

    fn schema() -> Schema {
        schema::data_source()
    }

    fn new(connection: &Connection) -> Self {
        Self {
            connection: connection.clone(),
        }
    }

    async fn validate(config: Model, _: &mut Context) -> Result<(), Diagnostics> {
        reading::validate(&config)
    }

    async fn read(&self, config: Model, cx: &mut Context) -> Result<Model, Diagnostics> {
        let client = self
            .connection
            .api(cx)
            .map_err(diagnostics::unknown_configuration_of_data_source)?;
        if reading::has_own_token(&config) {
            cx.add(diagnostics::token_in_state());
        }
        reading::read(&self.connection, &client, config, cx).await
    }
}
