//! An organization's tokens: `/organizations/{name}/authentication-token`.
//!
//! One path for two tokens: with `?token=audit-trails` the audit trail token, without it the
//! organization's main token. Only HCP Terraform knows the difference.

use chrono::{DateTime, Utc};
use hyper::StatusCode;
use serde_json::Value;

use super::Call;
use crate::answer::Answer;
use crate::caller::{Access, Principal};
use crate::organization::{Organization, TokenKind};
use crate::settings::{ExpiredToken, ServiceKind};
use crate::timestamp;
use crate::token::Token;
use crate::world::Author;

const EXPIRED_AT: &str = "/data/attributes/expired-at";

pub(super) fn show(call: &mut Call<'_>, who: &Principal, name: &str) -> Result<Answer, Answer> {
    let kind = kind(call)?;
    let organization = managed(call, who, name)?;
    let token = current(call, organization, kind)
        .ok_or_else(Answer::not_found)?
        .clone();
    let author = author(call, who, name);
    call.world.record_token(name, "show", &token.id, &author);
    let style = call.world.settings.timestamps;
    Ok(Answer::document(
        StatusCode::OK,
        &token.document(style, None),
    ))
}

pub(super) fn create(call: &mut Call<'_>, who: &Principal, name: &str) -> Result<Answer, Answer> {
    let kind = kind(call)?;
    let organization = managed(call, who, name)?;
    // Without the entitlement, a token can still be seen and deleted.
    if kind == TokenKind::AuditTrail && !organization.audit_logging {
        return Err(Answer::not_found());
    }
    let expired_at = requested_expiry(&call.request.body, call.world.clock.now())?;
    let author = author(call, who, name);
    let token = call
        .world
        .regenerate(name, kind, expired_at, &author)
        .ok_or_else(Answer::not_found)?;
    let style = call.world.settings.timestamps;
    let document = token.document(style, Some(&token.secret));
    Ok(Answer::document(StatusCode::CREATED, &document))
}

pub(super) fn destroy(call: &mut Call<'_>, who: &Principal, name: &str) -> Result<Answer, Answer> {
    let kind = kind(call)?;
    let organization = managed(call, who, name)?;
    current(call, organization, kind).ok_or_else(Answer::not_found)?;
    let author = author(call, who, name);
    call.world.revoke(name, kind, &author);
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

/// Which token the request is about.
fn kind(call: &Call<'_>) -> Result<TokenKind, Answer> {
    if call.world.settings.kind != ServiceKind::HcpTerraform {
        return Ok(TokenKind::Main);
    }
    match call.request.parameter("token").as_deref() {
        None => Ok(TokenKind::Main),
        Some("audit-trails") => Ok(TokenKind::AuditTrail),
        Some(_) => Err(Answer::not_found()),
    }
}

/// The organization, if the caller manages its tokens; else 404, as if there were none.
fn managed<'a>(
    call: &'a Call<'_>,
    who: &Principal,
    name: &str,
) -> Result<&'a Organization, Answer> {
    call.world
        .organization(name)
        .filter(|organization| {
            matches!(
                call.world.access(who, organization),
                Some(Access::Manages | Access::ManagesUnstated)
            )
        })
        .ok_or_else(Answer::not_found)
}

/// The token there is, unless it has expired and the service does not show such.
fn current<'a>(
    call: &Call<'_>,
    organization: &'a Organization,
    kind: TokenKind,
) -> Option<&'a Token> {
    let hides = call.world.settings.expired_token == ExpiredToken::Hidden;
    let now = call.world.clock.now();
    organization
        .token(kind)
        .filter(|token| !(hides && token.is_expired(now)))
}

fn author(call: &Call<'_>, who: &Principal, organization: &str) -> Author {
    let (id, kind) = match who {
        Principal::Caller { id, is_team: true } => (id.as_str(), "teams"),
        Principal::Caller { id, .. } => (id.as_str(), "users"),
        Principal::Organization(_) | Principal::AuditTrail(_) => (organization, "organizations"),
    };
    Author {
        id: id.to_owned(),
        kind,
        request_id: Some(call.id.clone()),
    }
}

/// The `expired-at` of a POST's document: an instant to come, or nothing.
fn requested_expiry(body: &[u8], now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Answer> {
    let document: Value = serde_json::from_slice(body)
        .map_err(|_| Answer::invalid("Request body is not a JSON document", "/"))?;
    let Some(data) = document.get("data").filter(|data| data.is_object()) else {
        return Err(Answer::invalid("Data is missing", "/data"));
    };
    // The documentation has the singular, go-tfe v2 the plural, go-tfe v1 nothing.
    match data.get("type").and_then(Value::as_str) {
        None | Some("" | "authentication-token" | "authentication-tokens") => {}
        Some(_) => return Err(Answer::invalid("Type is not valid", "/data/type")),
    }
    let expired_at = match data.pointer("/attributes/expired-at") {
        None | Some(Value::Null) => return Ok(None),
        Some(value) => value.as_str().and_then(timestamp::parse),
    };
    match expired_at {
        None => Err(Answer::invalid(
            "Expired at must be a valid ISO 8601 date and time",
            EXPIRED_AT,
        )),
        Some(end) if end <= now => Err(Answer::invalid(
            "Expired at must be in the future",
            EXPIRED_AT,
        )),
        Some(end) => Ok(Some(end)),
    }
}
