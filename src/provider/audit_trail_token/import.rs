//! Importing: the organization's token, without its secret, which cannot be read back.

use super::identity::Identity;
use super::last_seen::{LastSeen, Owner};
use super::model::Model;
use crate::client::check_organization_name;
use crate::provider::connection::Connection;
use crate::provider::diagnostics;
use tfplugin::{Diagnostics, ImportBy, ResourceContext};

pub(super) async fn import(
    connection: &Connection,
    by: ImportBy<Identity>,
    cx: &mut ResourceContext,
) -> Result<Model, Diagnostics> {
    let named = match &by {
        ImportBy::Id(id) => id,
        ImportBy::Identity(identity) => &identity.organization,
    };
    let organization = named.trim();
    check_organization_name(organization).map_err(|why| match by {
        ImportBy::Id(_) => diagnostics::invalid_import_id(named, &why.to_string()),
        ImportBy::Identity(_) => diagnostics::invalid_import_identity(named, &why.to_string()),
    })?;
    let client = connection.require_api(cx)?;
    if let ImportBy::Identity(identity) = &by
        && !identity.is_on(client.hostname())
    {
        let theirs = identity.hostname.as_deref().unwrap_or_default();
        return Err(diagnostics::import_from_another_host(
            organization,
            theirs,
            &client.hostname().to_string(),
        )
        .into());
    }
    let token = client
        .audit_trail_tokens()
        .read(organization)
        .await
        .map_err(|error| diagnostics::not_imported(organization, &(&error).into()))?
        .ok_or_else(|| diagnostics::nothing_to_import(organization))?;
    let model = Model::without_secret(organization, &token, connection.clock().now());
    LastSeen::remember(cx.private_mut(), organization, &token, Owner::State)?;
    Ok(model)
}
