//! Generating a token: the one place where the organization's token is replaced.

use chrono::{DateTime, Utc};

use super::last_seen::{LastSeen, Owner};
use super::model::{Model, Status};
use super::secret::Place;
use crate::client::{AuditTrailToken, Client, GenerateError, Generated};
use crate::provider::connection::Connection;
use crate::provider::{diagnostics, expiry};
use tfplugin::{ApplyContext, Attr, Context, Diagnostic, Diagnostics};

/// A token to be generated.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order<'a> {
    pub(super) organization: &'a str,
    /// `None`: what the API sets.
    pub(super) expired_at: Option<DateTime<Utc>>,
    /// What a look has just shown.
    pub(super) replaces: Option<&'a AuditTrailToken>,
}

/// The expiry to ask for; `None`: what the API sets.
///
/// # Errors
///
/// A text that is no date: better no token than one with another expiry.
pub(super) fn expiry_to_ask(planned: &Attr<String>) -> Result<Option<DateTime<Utc>>, Diagnostic> {
    let Some(text) = planned.as_deref() else {
        return Ok(None);
    };
    expiry::parse_stored(text)
        .map(Some)
        .ok_or_else(|| diagnostics::invalid_date(text).at(diagnostics::expired_at()))
}

/// Why there is no secret.
#[derive(Debug)]
pub(super) enum Failure {
    /// There is no new token, as far as known.
    NoToken(Diagnostic),
    /// There is a new token, but its secret is lost.
    SecretLost {
        current: AuditTrailToken,
        diagnostic: Diagnostic,
    },
}

impl From<Failure> for Diagnostic {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NoToken(diagnostic) | Failure::SecretLost { diagnostic, .. } => diagnostic,
        }
    }
}

/// Generates a token, at most once for an organization in the life of a configured provider.
///
/// Once a secret is held, nothing that follows is an error: whatever is odd is a warning. What it
/// means that the token was replaced at once ([`Generated::replaced_by`]) is left to the caller.
pub(super) async fn generate(
    connection: &Connection,
    client: &Client,
    order: Order<'_>,
    cx: &mut Context,
) -> Result<Generated, Failure> {
    let organization = order.organization;
    let claim = connection
        .claim_generation(organization)
        .map_err(Failure::NoToken)?;
    let result = {
        let _work = cx.work(format!(
            "generating an audit trail token for organization {organization}"
        ));
        client
            .audit_trail_tokens()
            .generate(organization, order.expired_at, order.replaces)
            .await
    };
    match result {
        Ok(generated) => {
            tracing::info!(
                organization,
                token_id = generated.token.id,
                "generated an audit trail token"
            );
            tell_oddities(&order, &generated, cx);
            Ok(generated)
        }
        Err(GenerateError::NothingChanged(error)) => {
            claim.release();
            Err(Failure::NoToken(diagnostics::not_generated(
                organization,
                order.replaces,
                &(&error).into(),
            )))
        }
        Err(GenerateError::SecretLost { current, cause }) => Err(Failure::SecretLost {
            diagnostic: diagnostics::secret_lost(organization, &current.id, &(&cause).into()),
            current,
        }),
        Err(GenerateError::Unknown { cause }) => Err(Failure::NoToken(
            diagnostics::unknown_whether_generated(organization, &(&cause).into()),
        )),
    }
}

fn tell_oddities(order: &Order<'_>, generated: &Generated, cx: &mut Context) {
    let organization = order.organization;
    let token = &generated.token;
    if !generated.lost.is_empty() {
        let ids: Vec<&str> = generated.lost.iter().map(|lost| lost.id.as_str()).collect();
        cx.add(diagnostics::generated_again(organization, &ids, &token.id));
    }
    if let Some(error) = &generated.unconfirmed {
        cx.add(diagnostics::unconfirmed(
            organization,
            &token.id,
            &error.into(),
        ));
    }
    if let Some(asked) = order.expired_at
        && token.expired_at.map(|got| got.timestamp()) != Some(asked.timestamp())
    {
        cx.add(diagnostics::other_expiry(
            organization,
            asked,
            token.expired_at,
        ));
    }
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
    cx: &mut ApplyContext,
) -> Result<(), Diagnostics> {
    match result {
        Ok(generated) => {
            plan.identify(&generated.token);
            place.fill(plan, organization, generated.secret);
            let (status, current, owner) = match &generated.replaced_by {
                Some(other) => {
                    let ours = &generated.token.id;
                    cx.add(diagnostics::replaced_at_once(organization, ours, other));
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

/// The organization's token as it is now, right before it is replaced.
///
/// # Errors
///
/// It cannot be seen; nothing was changed.
pub(super) async fn look(
    client: &Client,
    organization: &str,
) -> Result<Option<AuditTrailToken>, Diagnostic> {
    client
        .audit_trail_tokens()
        .read(organization)
        .await
        .map_err(|error| diagnostics::not_looked(organization, &(&error).into()))
}

/// An error after which the state holds `model`, and what the organization has is remembered.
/// Whatever fails in that comes behind the error.
pub(super) fn fail(
    error: Diagnostic,
    model: &Model,
    current: &AuditTrailToken,
    owner: Owner,
    organization: &str,
    cx: &mut ApplyContext,
) -> Diagnostics {
    let mut problems = Diagnostics::from(error);
    if let Err(more) = cx.record(model) {
        problems.extend(more);
    }
    if let Err(more) = LastSeen::remember(cx.private_mut(), organization, current, owner) {
        problems.extend(more);
    }
    problems
}
