//! An organization's tokens: `/organizations/{name}/authentication-token`.
//!
//! One path for two tokens: with `?token=audit-trails` the audit trail token, without it the organization token. Only
//! HCP Terraform reads the parameter; other services act on the organization token.

use chrono::{DateTime, Utc};
use hyper::StatusCode;
use serde_json::Value;

use super::call::Call;
use crate::caller::{Access, Principal};
use crate::organization::Organization;
use crate::response::Response;
use crate::service_state::Author;
use crate::settings::{ExpiredToken, ServiceKind};
use crate::timestamp;
use crate::token::{Token, TokenKind};

const EXPIRED_AT: &str = "/data/attributes/expired-at";

pub(super) fn route(
    call: &mut Call<'_>,
    principal: &Principal,
    method: &str,
    path: &[&str],
) -> Option<Result<Response, Response>> {
    Some(match (method, path) {
        ("GET", ["organizations", name, "authentication-token"]) => show(call, principal, name),
        ("POST", ["organizations", name, "authentication-token"]) => create(call, principal, name),
        ("DELETE", ["organizations", name, "authentication-token"]) => {
            destroy(call, principal, name)
        }
        _ => return None,
    })
}

fn show(call: &mut Call<'_>, principal: &Principal, name: &str) -> Result<Response, Response> {
    let kind = kind(call)?;
    let organization = managed(call, principal, name)?;
    let token = current(call, organization, kind)
        .ok_or_else(Response::not_found)?
        .clone();
    let author = author(call, principal, name);
    call.state.record_token(name, "show", &token.id, &author);
    let style = call.state.settings.timestamps;
    Ok(Response::document(
        StatusCode::OK,
        &token.document(style, None),
    ))
}

fn create(call: &mut Call<'_>, principal: &Principal, name: &str) -> Result<Response, Response> {
    let kind = kind(call)?;
    let organization = managed(call, principal, name)?;
    // Without the entitlement, a token can still be read and deleted.
    if kind == TokenKind::AuditTrail && !organization.audit_logging {
        return Err(Response::not_found());
    }
    let expired_at = requested_expiry(&call.request.body, call.state.clock.now())?;
    let author = author(call, principal, name);
    let token = call
        .state
        .regenerate(name, kind, expired_at, &author)
        .ok_or_else(Response::not_found)?;
    let style = call.state.settings.timestamps;
    let document = token.document(style, Some(&token.secret));
    Ok(Response::document(StatusCode::CREATED, &document))
}

fn destroy(call: &mut Call<'_>, principal: &Principal, name: &str) -> Result<Response, Response> {
    let kind = kind(call)?;
    let organization = managed(call, principal, name)?;
    current(call, organization, kind).ok_or_else(Response::not_found)?;
    let author = author(call, principal, name);
    call.state.revoke(name, kind, &author);
    Ok(Response::empty(StatusCode::NO_CONTENT))
}

/// Returns which token the request is about.
fn kind(call: &Call<'_>) -> Result<TokenKind, Response> {
    if call.state.settings.kind != ServiceKind::HcpTerraform {
        return Ok(TokenKind::Organization);
    }
    match call.request.parameter("token").as_deref() {
        None => Ok(TokenKind::Organization),
        Some("audit-trails") => Ok(TokenKind::AuditTrail),
        Some(_) => Err(Response::not_found()),
    }
}

/// Returns the organization if the caller manages its tokens; otherwise 404, as if it did not exist.
fn managed<'a>(
    call: &'a Call<'_>,
    principal: &Principal,
    name: &str,
) -> Result<&'a Organization, Response> {
    call.state
        .organization(name)
        .filter(|organization| {
            matches!(
                call.state.access(principal, organization),
                Some(Access::Manages | Access::ManagesUnstated)
            )
        })
        .ok_or_else(Response::not_found)
}

/// Returns the current token, unless it has expired and the service hides expired tokens.
fn current<'a>(
    call: &Call<'_>,
    organization: &'a Organization,
    kind: TokenKind,
) -> Option<&'a Token> {
    let hides = call.state.settings.expired_token == ExpiredToken::Hidden;
    let now = call.state.clock.now();
    organization
        .token(kind)
        .filter(|token| !(hides && token.is_expired(now)))
}

fn author(call: &Call<'_>, principal: &Principal, organization: &str) -> Author {
    let (id, kind) = match principal {
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

/// Returns the `expired-at` of a POST's document, which must be in the future; `None` if it has none.
fn requested_expiry(body: &[u8], now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Response> {
    let document: Value = serde_json::from_slice(body)
        .map_err(|_| Response::invalid("Request body is not a JSON document", "/"))?;
    let Some(data) = document.get("data").filter(|data| data.is_object()) else {
        return Err(Response::invalid("Data is missing", "/data"));
    };
    // The documentation has the singular, go-tfe v2 the plural, go-tfe v1 nothing.
    match data.get("type").and_then(Value::as_str) {
        None | Some("" | "authentication-token" | "authentication-tokens") => {}
        Some(_) => return Err(Response::invalid("Type is not valid", "/data/type")),
    }
    let expired_at = match data.pointer("/attributes/expired-at") {
        None | Some(Value::Null) => return Ok(None),
        Some(value) => value.as_str().and_then(timestamp::parse),
    };
    match expired_at {
        None => Err(Response::invalid(
            "Expired at must be a valid ISO 8601 date and time",
            EXPIRED_AT,
        )),
        Some(end) if end <= now => Err(Response::invalid(
            "Expired at must be in the future",
            EXPIRED_AT,
        )),
        Some(end) => Ok(Some(end)),
    }
}
