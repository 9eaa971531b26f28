//! Creating: the organization's token is generated, if it has none or the practitioner insists.

use super::generation::{Order, expiry_to_ask, generate, look, settle};
use super::model::Model;
use super::secret::Place;
use crate::provider::connection::Connection;
use crate::provider::diagnostics;
use tfplugin::{ApplyContext, Attr, Diagnostics};

pub(super) async fn create(
    connection: &Connection,
    mut plan: Model,
    cx: &mut ApplyContext,
) -> Result<Model, Diagnostics> {
    let client = connection.require_api(cx)?;
    let organization = plan.organization_in_state()?.to_owned();
    let place = Place::prepare(&plan.seal_token, connection)?;
    let expired_at = expiry_to_ask(&plan.expired_at)?;

    let _turn = connection.turn(&organization).await;
    let existing = look(&client, &organization).await?;
    if let Some(existing) = &existing
        && plan.force_regenerate != Attr::Known(true)
    {
        return Err(diagnostics::already_exists(&organization, existing).into());
    }

    let order = Order {
        organization: &organization,
        expired_at,
        replaces: existing.as_ref(),
    };
    let result = generate(connection, &client, order, cx).await;
    settle(result, &mut plan, &organization, place, cx)?;
    Ok(plan)
}
