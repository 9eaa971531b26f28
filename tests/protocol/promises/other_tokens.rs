//! Promise (b): a token that this configuration does not manage is not invalidated.

use std::time::Duration;

use tfe_simulator::Token;

use super::example::{ORGANIZATION, check_breaks, error, request, token};
use super::exceptions;
use super::observation::{Kind, Observation, TimelineEntry, Verb};

/// How long a token counts as in use after its last use.
const IN_USE: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// A token that the operation has read and that the state does not manage is not replaced or deleted, unless
/// `force_regenerate` becomes true or is true at a create. A token in use is not invalidated by opening an ephemeral
/// resource without `force_regenerate`. The action that revokes invalidates only the token that it names.
///
/// The API has no conditional POST or DELETE: a token that came after the last read may be hit.
pub(crate) fn no_token_of_somebody_else_is_invalidated(seen: &Observation) -> Vec<String> {
    let mut broken = Vec::new();
    for (index, event) in seen.timeline.iter().enumerate() {
        for organization in seen.after.tokens.organizations() {
            let token = event.before.audit_trail(organization);
            let Some(token) = token.filter(|_| event.changes(organization)) else {
                continue;
            };
            let Some(request) = event.request(organization) else {
                continue;
            };
            let how = may_not_be_invalidated(seen, index, organization, token, request.verb);
            if let Some(how) = how {
                broken.push(format!(
                    "{} of {organization} was invalidated, and {how}",
                    token.id
                ));
            }
        }
    }
    broken
}

/// Returns why the event at `index` must not have invalidated the token.
fn may_not_be_invalidated(
    seen: &Observation,
    index: usize,
    organization: &str,
    token: &Token,
    verb: Verb,
) -> Option<&'static str> {
    let is_expired = token.expired_at.is_some_and(|end| end <= seen.after.now);
    if is_expired || may_be_made_by(seen, token) {
        return None;
    }
    let mut earlier = seen.timeline[..index].iter().rev();
    let read = earlier.find(|event| is_answered_read(event, organization));
    let Some(read) = read else {
        return Some("the operation had not read which token there is");
    };
    let read = read.before.audit_trail(organization);
    let Some(read) = read.filter(|read| read.id == token.id) else {
        return None; // It came after the read.
    };
    match seen.kind {
        Kind::Open if !seen.forces && is_in_use(seen, read) => Some("it is in use"),
        Kind::Open if !is_named(seen, token) => Some("no diagnostic names it"),
        Kind::Open => None,
        Kind::Revoke => {
            let mut revocation = seen.revocation.iter();
            let names = revocation.any(|one| one.token_id == token.id);
            (!names).then_some("the action names another token")
        }
        _ if seen.forces && verb == Verb::Post => None,
        _ if is_managed(seen, organization, token) => None,
        _ => Some("this state does not manage it"),
    }
}

fn is_answered_read(event: &TimelineEntry, organization: &str) -> bool {
    let request = event.request(organization);
    request.is_some_and(|request| request.verb == Verb::Get && request.answered)
}

/// Whether the operation made the token, or may have: a POST was sent before whose answer did not arrive.
fn may_be_made_by(seen: &Observation, token: &Token) -> bool {
    let mut events = seen.timeline.iter();
    let unanswered = |event: &TimelineEntry| {
        let mut organizations = event.after.organizations();
        organizations.any(|name| {
            let request = event.request(name);
            request.is_some_and(|request| request.verb == Verb::Post && !request.answered)
        })
    };
    let is_made = |event: &TimelineEntry| {
        !event.before.contains(&token.id) && event.after.contains(&token.id)
    };
    seen.made().iter().any(|(_, made)| made.id == token.id)
        || (events.any(unanswered) && events.any(is_made))
}

fn is_in_use(seen: &Observation, token: &Token) -> bool {
    let since =
        |used: chrono::DateTime<chrono::Utc>| (seen.before.now - used).to_std().unwrap_or_default();
    token.last_used_at.is_some_and(|used| since(used) <= IN_USE)
}

/// Whether a diagnostic names the token, or, where nothing more is known, says that the one before is invalid.
fn is_named(seen: &Observation, token: &Token) -> bool {
    [
        &token.id,
        "the token before is dead",
        "The token before is dead",
    ]
    .iter()
    .any(|words| seen.reports(&[words]))
}

fn is_managed(seen: &Observation, organization: &str, token: &Token) -> bool {
    let mut objects = seen.before.objects.iter();
    objects.any(|object| object.organization == organization && object.manages(token))
        || exceptions::a_token_that_the_refresh_took_over_counts_as_managed(seen, token)
}

#[test]
fn a_token_of_somebody_else_that_is_replaced_breaks_the_promise() {
    let promise = no_token_of_somebody_else_is_invalidated;
    let replaced = || {
        let read = request(Verb::Get, Some("at-other"), Some("at-other"));
        vec![read, request(Verb::Post, Some("at-other"), Some("at-new"))]
    };
    check_breaks(promise, Kind::Apply, |seen| seen.timeline = replaced());
    // Opening an ephemeral resource must name the token, and a revocation must name this one.
    check_breaks(promise, Kind::Open, |seen| seen.timeline = replaced());
    check_breaks(promise, Kind::Revoke, |seen| seen.timeline = replaced());
}

#[test]
fn a_token_in_use_that_an_ephemeral_resource_replaces_breaks_the_promise() {
    let promise = no_token_of_somebody_else_is_invalidated;
    check_breaks(promise, Kind::Open, |seen| {
        let mut used = token("at-other");
        used.last_used_at = Some(seen.before.now);
        let mut read = request(Verb::Get, Some("at-other"), Some("at-other"));
        read.before.set(ORGANIZATION, Some(used));
        seen.diagnostics = error("Invalidated", "at-other");
        seen.timeline = vec![read, request(Verb::Post, Some("at-other"), Some("at-new"))];
    });
}

#[test]
fn a_token_that_is_replaced_without_a_read_breaks_the_promise() {
    let promise = no_token_of_somebody_else_is_invalidated;
    check_breaks(promise, Kind::Apply, |seen| {
        seen.timeline = vec![request(Verb::Post, Some("at-ours"), Some("at-new"))];
    });
}
