//! Promise (a): what a state or a result says of its secret is true.

use serde_json::json;

use super::example::{ORGANIZATION, check_breaks, error, request, tokens};
use super::kind::Kind;
use super::observation::{Observation, TrailRead};
use super::snapshot::StateObject;
use super::timeline_entry::{Cause, Verb};

/// Summaries that say that the secret in the state is not valid any more, or may not be.
pub(super) const NOT_VALID: [&str; 14] = [
    "The Plan Named Another Audit Trail Token",
    "The Audit Trail Token Is Gone",
    "The Audit Trail Token Was Not Found",
    "The Audit Trail Token Was Replaced",
    "The Imported Audit Trail Token Was Replaced",
    "Unknown Whether an Audit Trail Token Was Generated",
    "The Secret of the New Audit Trail Token Was Lost",
    "The New Audit Trail Token Was Replaced at Once",
    "The New Audit Trail Token Is Not Confirmed",
    "Another Audit Trail Token Was Left Alone",
    "The Audit Trail Token Is Not Managed by This Resource",
    "Applying This Plan Will Be Refused",
    "The Audit Trail Token Is Expired",
    "The token may still be alive",
];

/// Summaries that say in the plan of a replacement that the organization has another token than the state.
pub(super) const ANOTHER_EXISTS: [&str; 2] = [
    "An Audit Trail Token Exists Already",
    "An Existing Audit Trail Token Is Invalidated",
];

/// The refusal of a replacement that is created first. A creation does not know the state's object: the error names the
/// token that the organization has.
const ALREADY_EXISTS: &str = "An audit trail token already exists";

/// Summaries that say that there is, or may be, a new token whose secret did not arrive.
pub(super) const SECRET_LOST: [&str; 3] = [
    "Unknown Whether an Audit Trail Token Was Generated",
    "The Secret of the New Audit Trail Token Was Lost",
    "The New Audit Trail Token Was Replaced at Once",
];

/// The secret in the state, sealed or not, is valid as of the last answer, or `status` or a diagnostic says that it is
/// not.
pub(crate) fn a_secret_in_the_state_is_valid_or_reported(seen: &Observation) -> Vec<String> {
    if !seen.kind.is_about_the_state() || (seen.kind == Kind::Plan && !seen.refreshes) {
        return Vec::new();
    }
    let objects = seen.result().iter();
    objects
        .filter(|object| object.secret.is_some() && !is_valid_or_reported(seen, object))
        .map(|object| {
            format!(
                "the state of {} has a secret that is not valid, its status is {:?}, and nothing reports it",
                object.organization, object.status
            )
        })
        .collect()
}

fn is_valid_or_reported(seen: &Observation, object: &StateObject) -> bool {
    let known = match seen.known(&object.organization) {
        Some(known) => known,
        // A refresh that has no answer fails.
        None if seen.kind == Kind::Refresh && !seen.failed() => &seen.after.tokens,
        None => return true,
    };
    let token = known.audit_trail(&object.organization);
    if token.is_some_and(|token| object.has_secret_of(token)) {
        return true;
    }
    // Under the state's name there is no organization any more, and an error says so. What the provider has read
    // elsewhere does not show that it is the same organization.
    if seen.failed() && !seen.after.tokens.is_found_as(&object.organization) {
        return true;
    }
    // Under the new label the creation has its token, and what the deletion under the old label reads later is not for
    // the creation to report.
    let made = seen.made();
    if seen.relabels && made.iter().any(|(_, token)| object.has_secret_of(token)) {
        return true;
    }
    // A plan refreshes first. What it reads later is about the token that it will create.
    let at_first = seen.before.tokens.audit_trail(&object.organization);
    if seen.kind == Kind::Plan && at_first.is_some_and(|token| object.has_secret_of(token)) {
        return true;
    }
    let names = [
        Some(object.organization.as_str()),
        object.token_id.as_deref(),
    ];
    let names: Vec<&str> = names.into_iter().flatten().collect();
    object.has_status(&["replaced", "expired", "secret_lost"])
        || seen.reports_about(&NOT_VALID, &names)
        || (seen.kind == Kind::Plan && seen.reports_about(&ANOTHER_EXISTS, &names))
        // The answer was for the new label: the object itself could not be read.
        || (seen.kind == Kind::Plan && seen.relabels && seen.reports(&["Error reading"]))
        || (seen.kind == Kind::Replace
            && token.is_some_and(|token| seen.reports(&[ALREADY_EXISTS, &token.id])))
}

/// Once the operation has read a valid token, its `status` is neither `replaced` nor `secret_lost`.
///
/// Where the state does not say which token it has, the answer of the audit trail to its secret is all that can be
/// known: after a 401 such a token counts as replaced.
pub(crate) fn a_valid_secret_is_not_reported_as_invalid(seen: &Observation) -> Vec<String> {
    if !matches!(seen.kind, Kind::Plan | Kind::Refresh | Kind::Apply) || !seen.refreshes {
        return Vec::new();
    }
    let may_be_tried = |object: &StateObject| {
        let mut before = seen.before.objects.iter();
        before.any(|one| one.token_id.is_none() && one.secret == object.secret)
    };
    let is_refused = seen.requests.iter().any(|request| {
        request.path.contains("/organization/audit-trail") && request.status == Some(401)
    });
    let objects = seen.result().iter();
    objects
        .filter_map(|object| {
            let name = &object.organization;
            let token = seen.known(name)?.audit_trail(name)?;
            let is_wrong = object.has_status(&["replaced", "secret_lost"])
                && object.has_secret_of(token)
                && !(is_refused && may_be_tried(object))
                && seen.lives_throughout(&token.id);
            is_wrong.then(|| {
                format!(
                    "{} is valid, but its status is {:?}",
                    token.id, object.status
                )
            })
        })
        .collect()
}

/// The secret of a token that the operation generated is in the state or in the result, or a diagnostic says that it is
/// lost.
pub(crate) fn a_new_secret_arrives_or_its_loss_is_reported(seen: &Observation) -> Vec<String> {
    let made = seen.made().into_iter();
    made.filter(|(organization, token)| {
        let opened = seen.opened.as_ref();
        let arrived = seen
            .after
            .objects
            .iter()
            .any(|object| object.has_secret_of(token))
            || opened.is_some_and(|opened| opened["token"] == token.secret.expose());
        seen.after.tokens.contains(&token.id)
            && !arrived
            && !came_after_the_last_request(seen, organization, &token.id)
            && !seen.reports_about(&SECRET_LOST, &[*organization])
    })
    .map(|(_, token)| {
        format!(
            "the secret of the new token {} is lost, and nothing reports it",
            token.id
        )
    })
    .collect()
}

/// Whether the token was generated late, after the operation's last request about it: the operation cannot know of it.
fn came_after_the_last_request(seen: &Observation, organization: &str, id: &str) -> bool {
    let mut events = seen.timeline.iter().rev();
    let last = events.find(|event| {
        event.request(organization).is_some()
            || (event.cause == Cause::LateChange
                && event.after.contains(id)
                && !event.before.contains(id))
    });
    last.is_some_and(|event| event.cause == Cause::LateChange)
}

/// The secret that the generating ephemeral resource returned is valid as of the last answer, or a diagnostic says that
/// it may not be.
pub(crate) fn an_opened_secret_is_valid_or_reported(seen: &Observation) -> Vec<String> {
    let (Kind::Open, Some(opened)) = (seen.kind, &seen.opened) else {
        return Vec::new();
    };
    let organization = opened["organization"].as_str().unwrap_or_default();
    let known = seen.known(organization);
    let token = known.and_then(|known| known.audit_trail(organization));
    let is_valid = token.is_some_and(|token| {
        opened["token"] == token.secret.expose()
            && token.expired_at.is_none_or(|end| end > seen.after.now)
    });
    match is_valid || seen.reports_about(&NOT_VALID, &[organization]) {
        true => Vec::new(),
        false => vec!["the ephemeral resource returned a secret that is not valid".to_owned()],
    }
}

/// An audit trail is read with a secret that was valid at some time during the operation, or an error says that it is
/// not.
pub(crate) fn a_trail_is_read_with_a_valid_secret(seen: &Observation) -> Vec<String> {
    let trail = seen.trail.iter();
    trail
        .filter(|trail| {
            let is_valid = seen
                .tokens()
                .any(|token| token.secret.expose() == trail.secret);
            trail.result.is_some() && !seen.failed() && !is_valid
        })
        .map(|_| "the audit trail was read with a secret that is not valid".to_owned())
        .collect()
}

#[test]
fn a_replaced_token_that_is_not_reported_breaks_the_promise() {
    let promise = a_secret_in_the_state_is_valid_or_reported;
    check_breaks(promise, Kind::Refresh, |seen| {
        seen.timeline = vec![request(Verb::Get, Some("at-new"), Some("at-new"))];
    });
}

#[test]
fn a_failed_operation_that_changes_the_object_and_reports_no_replaced_token_breaks_the_promise() {
    let promise = a_secret_in_the_state_is_valid_or_reported;
    check_breaks(promise, Kind::Apply, |seen| {
        seen.timeline = vec![request(Verb::Get, Some("at-new"), Some("at-new"))];
        seen.diagnostics = error("Error", "It failed.");
        seen.after.objects[0].attributes["expired_at"] = json!("2027-01-01T00:00:00Z");
    });
}

#[test]
fn a_valid_token_that_is_reported_as_replaced_breaks_the_promise() {
    let promise = a_valid_secret_is_not_reported_as_invalid;
    check_breaks(promise, Kind::Refresh, |seen| {
        seen.after.objects[0].status = Some("replaced".to_owned());
    });
}

#[test]
fn a_lost_secret_that_is_not_reported_breaks_the_promise() {
    let promise = a_new_secret_arrives_or_its_loss_is_reported;
    check_breaks(promise, Kind::Apply, |seen| {
        seen.timeline = vec![request(Verb::Post, Some("at-ours"), Some("at-new"))];
        seen.after.tokens = tokens(Some("at-new"));
    });
}

#[test]
fn an_ephemeral_resource_that_returns_another_secret_breaks_the_promise() {
    check_breaks(an_opened_secret_is_valid_or_reported, Kind::Open, |seen| {
        seen.opened = Some(json!({ "organization": ORGANIZATION, "token": "another" }));
    });
}

#[test]
fn a_trail_that_is_read_with_an_invalid_secret_breaks_the_promise() {
    check_breaks(
        a_trail_is_read_with_a_valid_secret,
        Kind::ReadData,
        |seen| {
            seen.trail = Some(TrailRead {
                secret: "another".to_owned(),
                before: Vec::new(),
                after: Vec::new(),
                limit: None,
                result: Some(json!({})),
            });
        },
    );
}
