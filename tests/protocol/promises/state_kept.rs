//! Promise (d): an object leaves the state only when its token is no longer the organization's.

use super::example::{check_breaks, error, request};
use super::kind::Kind;
use super::observation::Observation;
use super::timeline_entry::Verb;

/// The state keeps an object whose token exists, whatever goes wrong: an error, a lost permission, a page of a proxy or
/// a malformed answer.
pub(crate) fn the_state_keeps_a_token_that_exists(seen: &Observation) -> Vec<String> {
    let objects = seen.prior().iter();
    objects
        .filter_map(|object| {
            let mut tokens = seen.tokens();
            let token = tokens.find(|token| match &object.token_id {
                Some(id) => *id == token.id,
                None => object.has_secret_of(token),
            })?;
            let is_kept = seen.result().iter().any(|one| one.manages(token));
            let is_left_alone =
                object.secret.is_none() && seen.leaves_alone(&token.id) && !is_refused(seen);
            let is_lost = !is_kept && !is_left_alone && seen.lives_throughout(&token.id);
            is_lost.then(|| format!("the state has lost {}, which exists", token.id))
        })
        .collect()
}

/// Whether a replacement was refused because of the token that it left alone: the plan should have been refused.
fn is_refused(seen: &Observation) -> bool {
    seen.kind == Kind::Replace && seen.reports(&["An audit trail token already exists"])
}

/// An operation that does not destroy removes an object only after an answer that the organization has no token, and
/// only without an error.
pub(crate) fn the_state_is_not_dropped_because_of_an_error(seen: &Observation) -> Vec<String> {
    let is_destroyed = matches!(seen.kind, Kind::Replace | Kind::Destroy);
    if is_destroyed || seen.prior().len() <= seen.result().len() {
        return Vec::new();
    }
    if seen.failed() {
        return vec!["the state was dropped because of an error".to_owned()];
    }
    let mut objects = seen.prior().iter();
    let is_gone = |organization: &str| {
        seen.timeline.iter().any(|event| {
            let request = event.request(organization);
            let is_read = request.is_some_and(|one| one.verb == Verb::Get && one.answered);
            is_read && event.after.audit_trail(organization).is_none()
        })
    };
    match objects.any(|object| is_gone(&object.organization)) {
        true => Vec::new(),
        false => vec!["the state was dropped, but the organization has a token".to_owned()],
    }
}

#[test]
fn a_state_that_loses_a_token_that_exists_breaks_the_promise() {
    let lose = |seen: &mut Observation| seen.after.objects.clear();
    check_breaks(the_state_keeps_a_token_that_exists, Kind::Refresh, lose);
    let promise = the_state_is_not_dropped_because_of_an_error;
    check_breaks(promise, Kind::Refresh, lose);
}

#[test]
fn a_replacement_that_leaves_the_token_alone_and_is_refused_breaks_the_promise() {
    check_breaks(the_state_keeps_a_token_that_exists, Kind::Replace, |seen| {
        seen.before.objects[0].secret = None;
        seen.after.objects.clear();
        seen.diagnostics = error("Another Audit Trail Token Was Left Alone", "at-ours");
        let exists = "An audit trail token already exists";
        seen.diagnostics.extend(error(exists, "at-ours"));
    });
}

#[test]
fn a_state_that_is_dropped_because_of_an_error_breaks_the_promise() {
    let promise = the_state_is_not_dropped_because_of_an_error;
    check_breaks(promise, Kind::Refresh, |seen| {
        seen.timeline = vec![request(Verb::Get, None, None)];
        seen.after.objects.clear();
        seen.diagnostics = error("Error reading", "");
    });
}
