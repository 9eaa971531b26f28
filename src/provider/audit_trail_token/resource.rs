//! The managed resource `tfe_audit_trail_token`: a file for each verb.

use super::identity::{self, Identity};
use super::model::Model;
use super::{
    NAME, create, delete, generated_configuration, import, moved, outlook, plan, read, schema,
    update,
};
use crate::provider::Connection;
use tfplugin::{
    ApplyContext, Change, Diagnostics, IdentitySchema, ImportBy, Move, PlanContext, Resource,
    ResourceContext, Schema,
};

/// The managed resource `tfe_audit_trail_token`.
#[derive(Debug)]
pub(crate) struct AuditTrailTokenResource {
    connection: Connection,
}

impl Resource for AuditTrailTokenResource {
    type Client = Connection;
    type Model = Model;
    type Identity = Identity;

    const NAME: &'static str = NAME;

    fn schema() -> Schema {
        schema::schema()
    }

    fn identity_schema() -> Option<IdentitySchema> {
        Some(identity::schema())
    }

    fn identify(&self, object: &Model) -> Option<Identity> {
        identity::identify(&self.connection, object)
    }

    fn new(connection: &Connection) -> Self {
        Self {
            connection: connection.clone(),
        }
    }

    async fn modify_plan(
        &self,
        change: &mut Change<Model>,
        cx: &mut PlanContext,
    ) -> Result<(), Diagnostics> {
        plan::modify(&self.connection, change, cx).await
    }

    async fn plan_destroy(
        &self,
        state: Model,
        cx: &mut ResourceContext,
    ) -> Result<(), Diagnostics> {
        Ok(outlook::of_deletion(&state, &self.connection, cx)?)
    }

    async fn create(&self, plan: Model, cx: &mut ApplyContext) -> Result<Model, Diagnostics> {
        create::create(&self.connection, plan, cx).await
    }

    async fn read(
        &self,
        state: Model,
        cx: &mut ResourceContext,
    ) -> Result<Option<Model>, Diagnostics> {
        read::read(&self.connection, state, cx).await
    }

    async fn update(
        &self,
        plan: Model,
        state: Model,
        cx: &mut ApplyContext,
    ) -> Result<Model, Diagnostics> {
        update::update(&self.connection, plan, state, cx).await
    }

    async fn delete(&self, state: Model, cx: &mut ResourceContext) -> Result<(), Diagnostics> {
        delete::delete(&self.connection, state, cx).await
    }

    fn moves() -> Vec<Move<Model>> {
        moved::moves()
    }

    fn generate_config(config: Model) -> Model {
        generated_configuration::generate(config)
    }

    async fn import(
        &self,
        by: ImportBy<Identity>,
        cx: &mut ResourceContext,
    ) -> Result<Model, Diagnostics> {
        import::import(&self.connection, by, cx).await
    }
}
