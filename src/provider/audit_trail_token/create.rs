//! Creating: the organization's token is generated, if it has none or the practitioner insists.

use super::generation::{Failure, Order, expiry_to_ask, fail, generate, look};
use super::last_seen::{LastSeen, Owner};
use super::model::{Model, Status};
use super::secret::Place;
use crate::client::Generated;
use crate::provider::connection::Connection;
use crate::provider::messages;
use crate::tfplugin::{Attr, Context, Diagnostics};

pub(super) async fn create(
    connection: &Connection,
    mut plan: Model,
    cx: &mut Context,
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
        return Err(messages::already_exists(&organization, existing).into());
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

/// Writes the outcome of a generation into the planned object.
///
/// A secret that was lost is an error, so that nothing that depends on it writes null; the object
/// is recorded first, so that the next apply knows whose token it is.
pub(super) fn settle(
    result: Result<Generated, Failure>,
    plan: &mut Model,
    organization: &str,
    place: Place,
    cx: &mut Context,
) -> Result<(), Diagnostics> {
    match result {
        Ok(generated) => {
            plan.identify(&generated.token);
            place.fill(plan, organization, generated.secret);
            let (status, current, owner) = match &generated.replaced_by {
                Some(other) => {
                    let ours = &generated.token.id;
                    cx.tell(messages::replaced_at_once(organization, ours, other));
                    (Status::Replaced, other, Owner::Somebody)
                }
                None => (Status::Current, &generated.token, Owner::State),
            };
            plan.status = status.into();
            // The secret is held: what is only remembered beside the state must not cost it.
            if let Err(problems) =
                LastSeen::remember(cx.private_mut(), organization, current, owner)
            {
                tracing::warn!(%problems, "the look could not be remembered");
            }
            Ok(())
        }
        Err(Failure::SecretLost {
            current,
            diagnostic,
        }) => {
            plan.identify(&current);
            plan.token = Attr::Null;
            plan.sealed_token = Attr::Null;
            plan.status = Status::SecretLost.into();
            Err(fail(
                diagnostic,
                plan,
                &current,
                Owner::State,
                organization,
                cx,
            ))
        }
        Err(Failure::NoToken(diagnostic)) => Err(diagnostic.into()),
    }
}
