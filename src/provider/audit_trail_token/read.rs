//! Reading: what has become of the token in the state.

use chrono::{DateTime, Utc};

use super::last_seen::{LastSeen, Owner};
use super::model::{Model, Status};
use super::ownership::{Ownership, ownership};
use crate::client::{AuditTrailToken, Error};
use crate::provider::connection::Connection;
use crate::provider::diagnostics;
use tfplugin::{Attr, Diagnostics, ResourceContext};

/// Reads; `None` if there surely is no token any more. Where the provider is not known yet, the
/// state is what it was.
pub(super) async fn read(
    connection: &Connection,
    mut state: Model,
    cx: &mut ResourceContext,
) -> Result<Option<Model>, Diagnostics> {
    let Ok(client) = connection.api(cx) else {
        return Ok(Some(state));
    };
    let organization = state.organization_in_state()?.to_owned();
    // A state that was edited: what is missing would replace the object.
    if state.organization.is_null() {
        state.organization = Attr::Known(organization.clone());
    }
    let failed = |error: &Error| diagnostics::not_read(&organization, &error.into());
    let current = match client.audit_trail_tokens().read(&organization).await {
        Ok(Some(current)) => current,
        Ok(None) => {
            cx.add(diagnostics::gone(&organization, state.token_id.as_deref()));
            return Ok(None);
        }
        Err(error) => return Err(failed(&error).into()),
    };
    let now = connection.clock().now();
    let owner = match ownership(connection, &client, &state, &current)
        .await
        .map_err(|error| failed(&error))?
    {
        Ownership::Same | Ownership::Adopted => {
            let followed = LastSeen::of_followed(cx.private(), &organization, &current.id);
            keep(&mut state, &current, now);
            match followed {
                Some(_) => Owner::Followed,
                None => Owner::State,
            }
        }
        Ownership::Other if follows(&state) => {
            cx.add(diagnostics::followed(
                &organization,
                state.token_id.as_deref(),
                state.created_at.as_deref(),
                &current,
            ));
            follow(&mut state, &current, now);
            Owner::Followed
        }
        Ownership::Other => {
            state.status = Status::Replaced.into();
            cx.add(diagnostics::replaced(
                &organization,
                state.token_id.as_deref(),
                state.created_at.as_deref(),
                &current,
            ));
            Owner::Somebody
        }
    };
    LastSeen::remember(cx.private_mut(), &organization, &current, owner)?;
    Ok(Some(state))
}

fn keep(state: &mut Model, current: &AuditTrailToken, now: DateTime<Utc>) {
    let is_lost = state.status() == Status::SecretLost;
    if state.created().is_none() || state.token_id.is_null() {
        state.identify(current);
    } else if state.expired_at.is_null() {
        let (id, created_at) = (state.token_id.clone(), state.created_at.clone());
        state.identify(current);
        (state.token_id, state.created_at) = (id, created_at);
    }
    if !is_lost {
        state.status = Status::of(current, now).into();
    }
}

/// Whether the state is only a shadow of whatever token there is: imported, without a secret. A
/// token of ours whose secret was lost is none, nor what has become of it.
fn follows(state: &Model) -> bool {
    !state.holds_secret() && matches!(state.status(), Status::Current | Status::Expired)
}

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
        keep(&mut state, &token(), time("2026-01-02T00:00:00Z"));
        assert_eq!(state.status(), Status::Current);
        assert_eq!(state.expired_at, before.expired_at);
        assert_eq!(state.created_at, before.created_at);

        state.expired_at = Attr::Null;
        keep(&mut state, &token(), time("2028-01-01T00:00:00Z"));
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
        keep(&mut state, &token(), time("2029-01-01T00:00:00Z"));
        assert_eq!(state.status(), Status::SecretLost);
    }

    #[test]
    fn only_an_imported_object_follows() {
        let with = |status: Status, token: Attr<&str>| Model {
            status: status.into(),
            sealed_token: token.map(str::to_owned),
            ..Model::default()
        };
        assert!(follows(&with(Status::Current, Attr::Null)));
        assert!(follows(&with(Status::Expired, Attr::Null)));
        assert!(!follows(&with(Status::SecretLost, Attr::Null)));
        assert!(!follows(&with(Status::Replaced, Attr::Null)));
        assert!(!follows(&with(Status::Current, Attr::Known("sealed"))));
    }
}
