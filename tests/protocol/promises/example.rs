//! An [`Observation`] that keeps every promise, for the promises' own tests to break.

use serde_json::json;
use tfe_simulator::Token;
use tfplugin::{Diagnostic, Diagnostics};

use super::kind::Kind;
use super::observation::Observation;
use super::snapshot::{Snapshot, StateObject, Tokens};
use super::timeline_entry::{Cause, TimelineEntry, TokenRequest, Verb};

pub(super) const ORGANIZATION: &str = "my-org-name";

/// Returns a token. Its secret is `secret of` and the ID.
pub(super) fn token(id: &str) -> Token {
    Token {
        id: id.to_owned(),
        created_at: "2026-01-01T00:00:00Z".parse().unwrap(),
        expired_at: None,
        last_used_at: None,
        created_by_id: "user-1".to_owned(),
        created_by_type: "users",
        secret: format!("secret of {id}").into(),
    }
}

/// Returns the tokens of an organization that has this audit trail token, and a main token.
pub(super) fn tokens(id: Option<&str>) -> Tokens {
    Tokens::of(ORGANIZATION, id.map(token), "at-main")
}

/// Returns the object that manages this token.
pub(super) fn object(id: &str) -> StateObject {
    let attributes = json!({
        "organization": ORGANIZATION, "token_id": id, "status": "current",
        "token": token(id).secret.expose(),
    });
    StateObject::new(attributes, false, &[])
}

/// Returns an operation whose state manages the organization's token `at-ours`, and which reads that token and changes
/// nothing.
pub(super) fn kept(kind: Kind) -> Observation {
    let snapshot = Snapshot {
        now: "2026-02-01T00:00:00Z".parse().unwrap(),
        tokens: tokens(Some("at-ours")),
        objects: vec![object("at-ours")],
    };
    Observation {
        operation: "an example".to_owned(),
        timeline: vec![request(Verb::Get, Some("at-ours"), Some("at-ours"))],
        ..Observation::new(kind, snapshot.clone(), snapshot)
    }
}

/// Returns an answered request, with the organization's token before and after it.
pub(super) fn request(verb: Verb, before: Option<&str>, after: Option<&str>) -> TimelineEntry {
    TimelineEntry {
        cause: Cause::Request(TokenRequest {
            verb,
            organization: ORGANIZATION.to_owned(),
            answered: true,
        }),
        before: tokens(before),
        after: tokens(after),
    }
}

/// Returns the diagnostics of an operation that reports one error.
pub(super) fn error(summary: &str, detail: &str) -> Diagnostics {
    Diagnostic::error(summary, detail).into()
}

/// Demands that a promise is broken, and that every promise is kept by the observation before the change.
#[track_caller]
pub(super) fn check_breaks(
    promise: fn(&Observation) -> Vec<String>,
    kind: Kind,
    change: impl FnOnce(&mut Observation),
) {
    let mut seen = kept(kind);
    assert_eq!(promise(&seen), Vec::<String>::new(), "{seen}");
    change(&mut seen);
    assert!(!promise(&seen).is_empty(), "{seen}");
}
