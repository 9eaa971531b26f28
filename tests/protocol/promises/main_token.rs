//! Promises (c) and (p): the organization's main token is not touched, and is in no state.

use super::example::{ORGANIZATION, check_breaks, object};
use super::kind::Kind;
use super::observation::Observation;
use super::snapshot::Tokens;
use super::timeline_entry::Cause;

/// No request of the operation changes an organization's main token, or is about it.
pub(crate) fn the_main_token_is_not_touched(seen: &Observation) -> Vec<String> {
    let mut broken = Vec::new();
    let own = seen.timeline.iter();
    let own = own.filter(|event| event.cause != Cause::SomebodyElse);
    let own = own.map(|event| (&event.before, &event.after));
    let last = seen
        .timeline
        .last()
        .map_or(&seen.before.tokens, |event| &event.after);
    for (before, after) in own.chain([(last, &seen.after.tokens)]) {
        let touched = before
            .organizations()
            .filter(|name| id(before, name) != id(after, name));
        broken.extend(touched.map(|name| format!("the main token of {name} was changed")));
    }
    let requests = seen.requests.iter().filter(|request| {
        request.method != "GET"
            && request.path.contains("authentication-token")
            && !request.path.ends_with("?token=audit-trails")
    });
    broken.extend(requests.map(|request| format!("{} is about the main token", request.summary())));
    broken
}

/// No object has the secret of an organization's main token, whichever service gave it.
pub(crate) fn no_main_token_is_in_the_state(seen: &Observation) -> Vec<String> {
    let tokens = &seen.after.tokens;
    let mains = tokens
        .organizations()
        .filter_map(|name| tokens.main_secret(name));
    let objects = &seen.after.objects;
    let stored = mains.filter(|main| {
        objects
            .iter()
            .any(|object| object.secret.as_deref() == Some(main))
    });
    stored
        .map(|_| "the state has the secret of a main token".to_owned())
        .collect()
}

#[test]
fn a_main_token_in_the_state_breaks_the_promise() {
    check_breaks(no_main_token_is_in_the_state, Kind::Apply, |seen| {
        seen.after.objects = vec![object("at-main")];
    });
}

fn id<'t>(tokens: &'t Tokens, organization: &str) -> Option<&'t str> {
    tokens.main(organization)
}

#[test]
fn a_main_token_that_changes_breaks_the_promise() {
    check_breaks(the_main_token_is_not_touched, Kind::Apply, |seen| {
        let token = seen.after.tokens.audit_trail(ORGANIZATION).cloned();
        seen.after.tokens = Tokens::of(ORGANIZATION, token, "at-another");
    });
}
