//! Reading: the state is compared with the organization's token.
//!
//! An object leaves the state only if its token certainly does not exist. An organization that is not visible may have been
//! renamed, and another one may have its former name. So a token that the organization does not have is searched for under
//! other names. A plan of an existing token pays nothing for that.

use std::pin::pin;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::timeout;

use super::model::{Model, Status};
use super::ownership::{Observation, ObservedToken, Owner, Ownership, ownership};
use super::replacement::{Replacement, Whose};
use super::{NAME, binding, host, secret};
use crate::client::{AuditTrailToken, Client, Error};
use crate::provider::Connection;
use crate::provider::diagnostics::{self, Renamed};
use crate::provider::known_objects::Relation;
use tfplugin::{Attr, Diagnostics, ResourceContext};

/// How many organizations are searched for a token that its organization does not have. Each takes a request.
const SEARCHED_ORGANIZATIONS: usize = 50;

/// How long a plan waits for a token that it reads only to warn: the apply reads it again, and retries for longer. The
/// diagnostics name this time.
const PLAN_LOOKUP_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) async fn read(
    connection: &Connection,
    mut state: Model,
    cx: &mut ResourceContext,
) -> Result<Option<Model>, Diagnostics> {
    let Ok(client) = connection.api(cx) else {
        return Ok(Some(state));
    };
    let organization = state.organization_in_state()?.to_owned();
    host::check(&client, &organization, cx).await?;
    // Somebody edited the state. A plan would replace the object if the attribute stayed null.
    if state.organization.is_null() {
        state.organization = Attr::Known(organization.clone());
    }
    let before = ObservedToken::of(cx.private(), &organization);
    let whose = Whose::token_of(&state, &organization, cx.private());
    if whose == Whose::Ours {
        let token = state.named_token();
        connection.known_objects(NAME, &organization, |known| known.record_managed(token));
    }
    let read = client.audit_trail_tokens().read(&organization).await;
    let (organization, current) = match read {
        Ok(Some(current)) => (organization, current),
        Err(error) if !error.is_organization_not_visible() => {
            return Err(diagnostics::not_read(&organization, &error).into());
        }
        absent => {
            let found = match (find_elsewhere(&client, &state).await, absent) {
                (Ok(found @ Some(_)), _) => found,
                // It says more than the search.
                (_, Err(error)) => {
                    return Err(diagnostics::not_read(&organization, &error).into());
                }
                (Err(error), Ok(_)) => {
                    let id = state.token_id.as_deref();
                    return Err(diagnostics::not_found(&organization, id, &error).into());
                }
                (Ok(None), Ok(_)) => None,
            };
            let Some((new_name, current)) = found else {
                ObservedToken::forget(cx.private_mut());
                cx.add(diagnostics::gone(&organization, state.token_id.as_deref()));
                return Ok(None);
            };
            let names = Renamed {
                from: &organization,
                to: &new_name,
            };
            cx.add(diagnostics::renamed(names, &current));
            connection.known_objects(NAME, &organization, |known| known.record_rename(&new_name));
            state.organization = Attr::Known(new_name.clone());
            state.id = Attr::Known(new_name.clone());
            (new_name, current)
        }
    };
    let now = connection.clock().now();
    let ownership = ownership(connection, &client, &state, &current)
        .await
        .map_err(|error| diagnostics::not_read(&organization, &error))?;
    let is_ours = connection.managed_here(NAME, &organization, &current);
    let owner = match ownership {
        Ownership::Same | Ownership::Adopted | Ownership::AdoptedUntried => {
            if ownership == Ownership::AdoptedUntried {
                cx.add(diagnostics::secret_not_tried(&organization, &current));
            }
            complete(&mut state, &current, now);
            Owner::of_state(whose, before.as_ref())
        }
        Ownership::Other if state.may_follow() => {
            cx.add(diagnostics::followed(
                state.replaced_by(&organization, &current),
            ));
            follow(&mut state, &current, now);
            Owner::Followed
        }
        Ownership::Other => {
            let replaced = state.replaced_by(&organization, &current);
            cx.add(if is_ours {
                diagnostics::replaced_by_second_object(replaced)
            } else {
                diagnostics::replaced(replaced)
            });
            state.status = Status::Replaced.into();
            Owner::Other
        }
    };
    let observation = Observation {
        organization: &organization,
        token: &current,
        owner,
        host: connection.host(),
    };
    ObservedToken::store(cx.private_mut(), observation)?;
    Replacement::forget(cx.private_mut());
    // Also the names that the organization had before are known by now.
    binding::check_state(&state, cx.private(), Some(&client)).await?;
    secret::follow_rename(&mut state, connection, &client);
    let relation = match owner {
        Owner::State | Owner::Imported => Relation::Manages,
        Owner::Followed => Relation::Follows,
        Owner::Other if is_ours => Relation::ReplacedHere,
        Owner::Other => Relation::Replaced,
    };
    connection.known_objects(NAME, &organization, |known| {
        known.record_read(state.named_token(), relation, state.holds_secret());
    });
    Ok(Some(state))
}

/// Reads the organization's token for a plan. Returns `None` if that takes longer than [`PLAN_LOOKUP_TIMEOUT`]. If the host
/// has never answered, this waits until the client says that it cannot be reached, which it says to all who wait.
pub(super) async fn read_in_time(
    client: &Client,
    organization: &str,
) -> Option<Result<Option<AuditTrailToken>, Error>> {
    let tokens = client.audit_trail_tokens();
    let mut read = pin!(tokens.read(organization));
    match timeout(PLAN_LOOKUP_TIMEOUT, &mut read).await {
        Ok(read) => Some(read),
        Err(_) if client.has_answered() => None,
        Err(_) => Some(read.await),
    }
}

/// Searches for the state's token among the other organizations that the API token can see. Returns the name of the
/// organization that has it. An API token that may not list organizations sees no others.
///
/// # Errors
///
/// Returns why it is not known whether another organization has it.
async fn find_elsewhere(
    client: &Client,
    state: &Model,
) -> Result<Option<(String, AuditTrailToken)>, Error> {
    let (Some(id), Some(created_at)) = (state.token_id.as_deref(), state.created_at()) else {
        return Ok(None);
    };
    let except = state.organization.as_deref().unwrap_or_default();
    let tokens = client.audit_trail_tokens();
    let found = tokens.find(id, created_at, except, SEARCHED_ORGANIZATIONS);
    match found.await {
        Err(error) if error.is_not_found() || error.is_forbidden() => Ok(None),
        Err(error) => {
            tracing::warn!(%error, "the search for the token in other organizations failed");
            Err(error)
        }
        found => found,
    }
}

/// Fills in what the state does not say about its token, and updates the status. Values that are there keep their
/// spelling.
fn complete(state: &mut Model, current: &AuditTrailToken, now: DateTime<Utc>) {
    let is_lost = state.status() == Status::SecretLost;
    if state.created_at().is_none() || state.token_id.is_null() {
        state.identify(current);
    } else if state.expired_at.is_null() || state.secret_version.is_null() {
        let (id, created_at) = (state.token_id.clone(), state.created_at.clone());
        state.identify(current);
        (state.token_id, state.created_at) = (id, created_at);
    }
    if !is_lost {
        state.status = Status::of(current, now).into();
    }
}

/// Takes over the organization's token.
fn follow(state: &mut Model, current: &AuditTrailToken, now: DateTime<Utc>) {
    state.expired_at = Attr::Null;
    state.identify(current);
    state.status = Status::of(current, now).into();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn token() -> AuditTrailToken {
        AuditTrailToken {
            id: "at-1".to_owned(),
            created_at: time("2026-01-01T00:00:00.123Z"),
            last_used_at: None,
            description: None,
            expired_at: Some(time("2028-01-01T00:00:00Z")),
            created_by: None,
        }
    }

    fn text(text: &str) -> Attr<String> {
        Attr::Known(text.to_owned())
    }

    #[test]
    fn a_date_that_is_there_keeps_its_spelling_and_a_null_one_is_filled() {
        let mut state = Model {
            token_id: text("at-1"),
            created_at: text("2026-01-01T01:00:00+01:00"),
            expired_at: text("2028-01-01T01:00:00+01:00"),
            ..Model::default()
        };
        let before = state.clone();
        complete(&mut state, &token(), time("2026-01-02T00:00:00Z"));
        assert_eq!(state.status(), Status::Current);
        assert_eq!(state.expired_at, before.expired_at);
        assert_eq!(state.created_at, before.created_at);

        state.expired_at = Attr::Null;
        complete(&mut state, &token(), time("2028-01-01T00:00:00Z"));
        assert_eq!(state.expired_at, text("2028-01-01T00:00:00Z"));
        assert_eq!(state.created_at, before.created_at);
        assert_eq!(state.status(), Status::Expired);
    }

    #[test]
    fn a_lost_secret_stays_lost() {
        let mut state = Model {
            status: Status::SecretLost.into(),
            token_id: text("at-1"),
            created_at: text("2026-01-01T00:00:00Z"),
            ..Model::default()
        };
        complete(&mut state, &token(), time("2029-01-01T00:00:00Z"));
        assert_eq!(state.status(), Status::SecretLost);
    }
}
