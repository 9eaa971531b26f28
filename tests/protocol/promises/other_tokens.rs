//! Promise (b): a token that this configuration does not manage is not invalidated.

use chrono::TimeDelta;
use tfe_simulator::Token;

use super::example::{ORGANIZATION, check_breaks, error, kept, object, request, token};
use super::kind::Kind;
use super::liveness::{is_dead, is_in_use};
use super::observation::{Observation, OpenBlock};
use super::timeline_entry::{TimelineEntry, Verb};

/// How long a plan counts as the one before its apply, for an ephemeral resource.
const PLAN_AND_APPLY: TimeDelta = TimeDelta::hours(1);

/// How long a token lives that was generated without `expired_at`: two years.
const DEFAULT_LIFE: [TimeDelta; 2] = [TimeDelta::days(730), TimeDelta::days(731)];

/// A token that the operation has read and that is not ours is not replaced or deleted, unless it is dead, or
/// `force_regenerate` becomes true or is true at a create. A token that the state only follows is replaced by a changed
/// trigger, too. A token in use is not invalidated by opening an ephemeral resource without `force_regenerate`, but for
/// the one that the ephemeral resource's own plan has generated. Its close invalidates only the token that it has generated,
/// and the action that revokes only the one that it names.
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
    if is_dead(token, seen.after.now) || may_be_made_by(seen, token) {
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
        Kind::Open if !seen.forces && is_managed_here(seen, read) => {
            Some("this process has read that it is managed")
        }
        Kind::Open if !seen.forces && is_in_use(read, seen.before.now) => {
            (!is_of_its_own_plan(seen, read)).then_some("it is in use")
        }
        Kind::Open if !is_named(seen, token) => Some("no diagnostic names it"),
        Kind::Open => None,
        Kind::Close => {
            (seen.closed.as_ref() != Some(&token.id)).then_some("the close is not for it")
        }
        Kind::Revoke => {
            let mut revocation = seen.revocation.iter();
            let names = revocation.any(|one| one.token_id == token.id);
            (!names).then_some("the action names another token")
        }
        _ if seen.forces && verb == Verb::Post => None,
        _ if seen.followed.contains(&token.id) => {
            (!seen.triggers || verb != Verb::Post).then_some("this state only follows it")
        }
        _ if is_ours(seen, organization, token) => None,
        _ if is_shown(seen, token) && seen.triggers && verb == Verb::Post => None,
        _ => Some("it is not ours"),
    }
}

fn is_answered_read(event: &TimelineEntry, organization: &str) -> bool {
    let request = event.request(organization);
    request.is_some_and(|request| request.verb == Verb::Get && request.answered)
}

/// Whether the operation made the token, or may have: a POST was sent whose answer did not arrive, and the token was not
/// there at the last read before.
fn may_be_made_by(seen: &Observation, token: &Token) -> bool {
    let timeline = &seen.timeline;
    let is_unanswered = |event: &TimelineEntry, organization: &str| {
        let request = event.request(organization);
        request.is_some_and(|request| request.verb == Verb::Post && !request.answered)
    };
    let may_be_of_a_post = seen.after.tokens.organizations().any(|organization| {
        let post = timeline
            .iter()
            .position(|event| is_unanswered(event, organization));
        let Some(post) = post else { return false };
        let mut earlier = timeline[..post].iter().rev();
        let read = earlier.find(|event| is_answered_read(event, organization));
        let was_there = match read {
            Some(read) => read.before.contains(&token.id),
            None => timeline[post].before.contains(&token.id),
        };
        let mut later = timeline[post..].iter();
        !was_there && later.any(|event| event.after.contains(&token.id))
    });
    may_be_of_a_post || seen.made().iter().any(|(_, made)| made.id == token.id)
}

fn is_managed_here(seen: &Observation, token: &Token) -> bool {
    let block = seen.block.as_ref();
    block.is_some_and(|block| block.managed.contains(&token.id))
}

/// Whether the ephemeral resource must take the token for the one that its own plan generated: it is less than an hour
/// old, was never used, and expires when the block asks for. With `revoke_on_close` the plan's own is revoked.
fn is_of_its_own_plan(seen: &Observation, token: &Token) -> bool {
    let Some(block) = &seen.block else {
        return false;
    };
    let OpenBlock {
        expired_at,
        revokes_on_close,
        ..
    } = block;
    let life = token.expired_at.map(|end| end - token.created_at);
    let has_the_expiry = match (expired_at, life) {
        (Some(asked), _) => token.expired_at.map(|end| end.timestamp()) == Some(asked.timestamp()),
        (None, Some(life)) => DEFAULT_LIFE.contains(&TimeDelta::days(life.num_days())),
        (None, None) => false,
    };
    let is_young = seen.before.now - token.created_at < PLAN_AND_APPLY;
    !revokes_on_close && token.last_used_at.is_none() && is_young && has_the_expiry
}

/// Whether a diagnostic names the token, or, where nothing more is known, says that the one before is invalid.
fn is_named(seen: &Observation, token: &Token) -> bool {
    [
        &token.id,
        "a token that the organization had before is dead",
        "A token that the organization had before is dead",
    ]
    .iter()
    .any(|words| seen.reports(&[words]))
}

/// Whether the state had the token before the operation and its plan, and the plan's refresh has not seen another one.
fn is_ours(seen: &Observation, organization: &str, token: &Token) -> bool {
    let mut before = seen.before.objects.iter();
    let tokens = &seen.before.tokens;
    before.any(|object| {
        let is_here = || tokens.is_same(&object.organization, organization);
        object.manages(token) && (object.token_id.is_some() || is_here())
    }) && is_shown(seen, token)
}

fn is_shown(seen: &Observation, token: &Token) -> bool {
    seen.prior().iter().any(|object| object.manages(token))
}

#[test]
fn a_token_of_somebody_else_that_is_replaced_breaks_the_promise() {
    let promise = no_token_of_somebody_else_is_invalidated;
    let replace = |seen: &mut Observation| seen.timeline = another_is_replaced();
    check_breaks(promise, Kind::Apply, replace);
    // Opening an ephemeral resource must name the token, and a revocation must name this one.
    check_breaks(promise, Kind::Open, replace);
    check_breaks(promise, Kind::Revoke, replace);
}

/// Returns a read of another token than ours, and its replacement.
fn another_is_replaced() -> Vec<TimelineEntry> {
    let read = request(Verb::Get, Some("at-other"), Some("at-other"));
    vec![read, request(Verb::Post, Some("at-other"), Some("at-new"))]
}

#[test]
fn a_followed_token_that_is_replaced_without_force_or_a_trigger_breaks_the_promise() {
    let promise = no_token_of_somebody_else_is_invalidated;
    // The plan's refresh has taken it over.
    check_breaks(promise, Kind::Apply, |seen| {
        seen.timeline = another_is_replaced();
        seen.refreshed = Some(vec![object("at-other")]);
    });
    // An earlier operation has taken it over.
    let follow = |seen: &mut Observation| {
        seen.timeline = another_is_replaced();
        seen.before.objects = vec![object("at-other")];
        seen.followed.insert("at-other".to_owned());
    };
    check_breaks(promise, Kind::Apply, follow);
    let mut triggered = kept(Kind::Apply);
    follow(&mut triggered);
    triggered.triggers = true;
    assert!(promise(&triggered).is_empty());
    // Deleting it is not what a trigger asks for.
    check_breaks(promise, Kind::Destroy, |seen| {
        follow(seen);
        seen.triggers = true;
        seen.timeline[1] = request(Verb::Delete, Some("at-other"), None);
    });
}

#[test]
fn an_ephemeral_resource_may_replace_only_the_unused_token_of_its_own_plan() {
    let promise = no_token_of_somebody_else_is_invalidated;
    let opened = |age: TimeDelta, change: fn(&mut Token, &mut OpenBlock)| {
        let mut seen = kept(Kind::Open);
        let mut fresh = token("at-other");
        fresh.created_at = seen.before.now - age;
        fresh.expired_at = Some(fresh.created_at + TimeDelta::days(730));
        let mut block = OpenBlock::default();
        change(&mut fresh, &mut block);
        let mut read = request(Verb::Get, Some("at-other"), Some("at-other"));
        read.before.set(ORGANIZATION, Some(fresh));
        seen.timeline = vec![read, request(Verb::Post, Some("at-other"), Some("at-new"))];
        seen.block = Some(block);
        seen.diagnostics = error("Invalidated", "at-other");
        promise(&seen).is_empty()
    };
    let minute = TimeDelta::minutes(1);
    assert!(opened(minute, |_, _| {}));
    assert!(opened(TimeDelta::days(15), |_, _| {}));
    assert!(!opened(TimeDelta::hours(2), |_, _| {}));
    assert!(!opened(minute, |token, _| token.last_used_at =
        Some(token.created_at)));
    assert!(!opened(minute, |token, _| token.expired_at = None));
    assert!(!opened(minute, |_, block| block.revokes_on_close = true));
    assert!(!opened(minute, |token, block| {
        block.managed.insert(token.id.clone());
    }));
    assert!(!opened(minute, |token, block| block.expired_at =
        Some(token.created_at)));
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
