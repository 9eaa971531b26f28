//! Importing: the organization's token, without its secret, which cannot be read back.

use super::last_seen::{LastSeen, Owner};
use super::model::{Model, Status};
use crate::client::check_organization_name;
use crate::provider::connection::Connection;
use crate::provider::messages;
use crate::tfplugin::{Attr, Context, Diagnostics};

pub(super) async fn import(
    connection: &Connection,
    id: String,
    cx: &mut Context,
) -> Result<Model, Diagnostics> {
    let organization = id.trim();
    check_organization_name(organization)
        .map_err(|why| messages::invalid_import_id(&id, &why.to_string()))?;
    let client = connection.require_api(cx)?;
    let token = client
        .audit_trail_tokens()
        .read(organization)
        .await
        .map_err(|error| messages::not_imported(organization, &(&error).into()))?
        .ok_or_else(|| messages::nothing_to_import(organization))?;
    let mut model = Model {
        id: Attr::Known(organization.to_owned()),
        organization: Attr::Known(organization.to_owned()),
        status: Status::of(&token, connection.clock().now()).into(),
        ..Model::default()
    };
    model.identify(&token);
    LastSeen::remember(cx.private_mut(), organization, &token, Owner::State)?;
    Ok(model)
}
