//! Generating a token of any kind, and what can be checked before. What a failure means to a practitioner is not here.

use chrono::{DateTime, Utc};

use super::clock::Clock;
use super::connection::Connection;
use super::{diagnostics, expiry};
use crate::client::{AuthenticationToken, AuthenticationTokens, GenerateError, Generated};
use tfplugin::{Attr, Context, Diagnostic};

/// A kind of token, as Terraform and log messages name it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenName {
    /// The type name of its resource, such as `tfe_audit_trail_token`.
    pub(crate) resource: &'static str,
    /// With its article, such as `an audit trail token`.
    pub(crate) noun: &'static str,
}

/// A token to be generated.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GenerateRequest<'a> {
    pub(crate) organization: &'a str,
    /// `None`: HCP Terraform sets it.
    pub(crate) expired_at: Option<DateTime<Utc>>,
    /// The organization's token, which was read right before.
    pub(crate) replaces: Option<&'a AuthenticationToken>,
}

/// Why there is no secret.
#[derive(Debug)]
pub(crate) enum NotGenerated {
    /// The provider has generated a token for the organization before. Nothing was sent.
    AlreadyGenerated,
    /// The client did not get one.
    Failed(GenerateError),
}

/// Generates a token, at most once for an organization in the life of a configured provider.
///
/// # Errors
///
/// Returns an error if there is no secret. Once it has arrived, nothing that follows is an error.
pub(crate) async fn generate(
    connection: &Connection,
    name: TokenName,
    tokens: AuthenticationTokens<'_>,
    request: GenerateRequest<'_>,
    cx: &mut Context,
) -> Result<Generated, NotGenerated> {
    let (TokenName { resource, noun }, organization) = (name, request.organization);
    let Some(reservation) = connection.reserve_generation(resource, organization) else {
        return Err(NotGenerated::AlreadyGenerated);
    };
    let result = {
        let _work = cx.work(format!("generating {noun} for organization {organization}"));
        tokens
            .generate(organization, request.expired_at, request.replaces)
            .await
    };
    match &result {
        Ok(Generated { token, .. }) => {
            tracing::info!(organization, token_id = token.id, "generated {noun}");
            connection.record_generated(resource, organization, token);
        }
        Err(GenerateError::NothingChanged(_)) => reservation.release(),
        Err(GenerateError::SecretLost { current, .. }) => {
            connection.record_generated(resource, organization, current);
        }
        Err(GenerateError::Unknown { .. }) => {}
    }
    result.map_err(NotGenerated::Failed)
}

/// Returns the expiry to request; `None` if HCP Terraform is to set it.
///
/// # Errors
///
/// Returns an error if the text is not a date: a token with another expiry than the configured one would be wrong.
pub(crate) fn expiry_to_request(
    planned: &Attr<String>,
) -> Result<Option<DateTime<Utc>>, Diagnostic> {
    let Some(text) = planned.as_deref() else {
        return Ok(None);
    };
    expiry::parse_stored(text)
        .map(Some)
        .ok_or_else(|| diagnostics::invalid_date(text).at(diagnostics::expired_at()))
}

/// Checks that a configured expiry is not past. A text that is not a date is the error of the attribute's
/// validator.
pub(crate) fn check_expiry(configured: &Attr<String>, clock: &Clock) -> Result<(), Diagnostic> {
    let now = clock.now();
    match configured.as_deref() {
        Some(text) if expiry::parse(text).is_some_and(|date| expiry::is_past(date, now)) => {
            Err(diagnostics::past_date(text, now))
        }
        _ => Ok(()),
    }
}
