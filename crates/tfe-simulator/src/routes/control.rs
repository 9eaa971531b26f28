//! `/_simulator/…`: the control interface for shell scripts, beside the API.
//!
//! Served only after [`Builder::control_interface`](crate::Builder::control_interface), without authentication, and
//! never recorded.

use std::time::Duration;

use hyper::StatusCode;
use serde_json::{Value, json};

use crate::request::Request;
use crate::response::Response;
use crate::service_state::{Author, ServiceState};
use crate::timestamp::TimestampStyle;
use crate::token::{Token, TokenKind};

pub(crate) const PREFIX: &str = "/_simulator/";

pub(crate) fn execute(state: &mut ServiceState, request: &Request) -> Response {
    let command = request.path.strip_prefix(PREFIX).unwrap_or_default();
    let done = match (request.method.as_str(), command) {
        ("POST", "advance") => advance(state, request),
        ("POST", "regenerate") => regenerate(state, request),
        ("POST", "rename") => rename(state, request),
        ("GET", "requests") => Ok(requests(state)),
        ("GET", "token") => token(state, request),
        _ => Err((StatusCode::NOT_FOUND, "no such command")),
    };
    match done {
        Ok(document) => Response::json(&document),
        Err((status, why)) => Response {
            status,
            ..Response::json(&json!({ "error": why }))
        },
    }
}

type CommandResult = Result<Value, (StatusCode, &'static str)>;

fn advance(state: &mut ServiceState, request: &Request) -> CommandResult {
    let seconds = request
        .parameter("seconds")
        .and_then(|text| text.parse().ok())
        .ok_or((StatusCode::BAD_REQUEST, "seconds must be a whole number"))?;
    state.clock.advance(Duration::from_secs(seconds));
    let now = TimestampStyle::Milliseconds.format(state.clock.now());
    Ok(json!({ "now": now }))
}

fn regenerate(state: &mut ServiceState, request: &Request) -> CommandResult {
    let author = Author::elsewhere(state);
    let name = request.parameter("organization").unwrap_or_default();
    state
        .regenerate(&name, TokenKind::AuditTrail, None, &author)
        .map(|token| describe(&token))
        .ok_or((StatusCode::NOT_FOUND, "no such organization"))
}

fn rename(state: &mut ServiceState, request: &Request) -> CommandResult {
    let name = request.parameter("organization").unwrap_or_default();
    let new_name = request
        .parameter("to")
        .filter(|name| !name.is_empty())
        .ok_or((StatusCode::BAD_REQUEST, "to must be the new name"))?;
    state
        .rename_organization(&name, &new_name)
        .map(|()| json!({ "name": new_name }))
        .ok_or((StatusCode::NOT_FOUND, "no such organization"))
}

fn token(state: &ServiceState, request: &Request) -> CommandResult {
    let name = request.parameter("organization").unwrap_or_default();
    let organization = state
        .organization(&name)
        .ok_or((StatusCode::NOT_FOUND, "no such organization"))?;
    organization
        .token(TokenKind::AuditTrail)
        .map(describe)
        .ok_or((StatusCode::NOT_FOUND, "no audit trail token"))
}

fn requests(state: &ServiceState) -> Value {
    state
        .requests
        .iter()
        .map(|request| {
            json!({
                "method": request.method,
                "path": request.path,
                "body": request.body,
                "status": request.status,
            })
        })
        .collect()
}

/// A token without its secret.
fn describe(token: &Token) -> Value {
    let stamp = |time| TimestampStyle::Milliseconds.format(time);
    json!({
        "id": token.id,
        "created_at": stamp(token.created_at),
        "expired_at": token.expired_at.map(stamp),
        "last_used_at": token.last_used_at.map(stamp),
    })
}
