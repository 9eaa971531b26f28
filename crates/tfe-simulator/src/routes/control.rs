//! `/_simulator/…`: what a shell script may see and do beside the API.
//!
//! Served only when [`Builder::control_interface`](crate::Builder::control_interface)
//! asked for it, without authentication, and never recorded.

use std::time::Duration;

use hyper::StatusCode;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::organization::TokenKind;
use crate::request::Request;
use crate::timestamp::TimestampStyle;
use crate::token::Token;
use crate::world::{Author, World};

pub(crate) const PREFIX: &str = "/_simulator/";

pub(crate) fn execute(world: &mut World, request: &Request) -> Answer {
    let command = request.path.strip_prefix(PREFIX).unwrap_or_default();
    let done = match (request.method.as_str(), command) {
        ("POST", "advance") => advance(world, request),
        ("POST", "regenerate") => regenerate(world, request),
        ("GET", "requests") => Ok(requests(world)),
        ("GET", "token") => token(world, request),
        _ => Err((StatusCode::NOT_FOUND, "no such command")),
    };
    match done {
        Ok(document) => Answer::json(&document),
        Err((status, why)) => Answer {
            status,
            ..Answer::json(&json!({ "error": why }))
        },
    }
}

type Outcome = Result<Value, (StatusCode, &'static str)>;

fn advance(world: &mut World, request: &Request) -> Outcome {
    let seconds = request
        .parameter("seconds")
        .and_then(|text| text.parse().ok())
        .ok_or((StatusCode::BAD_REQUEST, "seconds must be a whole number"))?;
    world.clock.advance(Duration::from_secs(seconds));
    let now = TimestampStyle::Milliseconds.format(world.clock.now());
    Ok(json!({ "now": now }))
}

fn regenerate(world: &mut World, request: &Request) -> Outcome {
    let author = Author::elsewhere(world);
    let name = request.parameter("organization").unwrap_or_default();
    world
        .regenerate(&name, TokenKind::AuditTrail, None, &author)
        .map(|token| describe(&token))
        .ok_or((StatusCode::NOT_FOUND, "no such organization"))
}

fn token(world: &World, request: &Request) -> Outcome {
    let name = request.parameter("organization").unwrap_or_default();
    let organization = world
        .organization(&name)
        .ok_or((StatusCode::NOT_FOUND, "no such organization"))?;
    organization
        .trail_token
        .as_ref()
        .map(describe)
        .ok_or((StatusCode::NOT_FOUND, "no audit trail token"))
}

fn requests(world: &World) -> Value {
    world
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
