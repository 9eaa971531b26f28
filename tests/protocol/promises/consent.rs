//! Promise (n): consent is bound to the plan.

use super::example::{ORGANIZATION, check_breaks, request, token};
use super::kind::Kind;
use super::liveness::is_dead;
use super::observation::{AppliedPlan, Observation};
use super::timeline_entry::{TimelineEntry, Verb};

/// An apply does not replace a live token other than the one that its plan has read, also with `force_regenerate`, where
/// the host hands the plan's private data on to the apply.
///
/// The API has no conditional POST: a token that came after the apply's last read may be hit.
pub(crate) fn only_the_planned_token_is_replaced(seen: &Observation) -> Vec<String> {
    let mut broken = Vec::new();
    for (organization, planned) in seen.plan.iter().flat_map(|plan| &plan.read) {
        for (index, event) in seen.timeline.iter().enumerate() {
            let request = event.request(organization);
            let is_post = request.is_some_and(|request| request.verb == Verb::Post);
            let Some(token) = event.before.audit_trail(organization) else {
                continue;
            };
            let is_planned = planned
                .as_ref()
                .is_some_and(|planned| planned.id == token.id);
            let mut own = seen.timeline[..index].iter();
            let is_own = own.any(|event| {
                let posts = event.request(organization);
                posts.is_some_and(|request| request.verb == Verb::Post)
            });
            let mut earlier = seen.timeline[..index].iter().rev();
            let read = earlier.find(|event| is_answered_read(event, organization));
            let is_read = read
                .and_then(|event| event.before.audit_trail(organization))
                .is_some_and(|read| read.id == token.id);
            let is_live = !is_dead(token, seen.before.now);
            if is_post
                && event.changes(organization)
                && is_live
                && is_read
                && !is_planned
                && !is_own
            {
                let planned = planned.as_ref().map(|planned| &planned.id);
                broken.push(format!(
                    "{} of {organization} was replaced, and the plan named {planned:?}",
                    token.id
                ));
            }
        }
    }
    broken
}

fn is_answered_read(event: &TimelineEntry, organization: &str) -> bool {
    let request = event.request(organization);
    request.is_some_and(|request| request.verb == Verb::Get && request.answered)
}

#[test]
fn a_token_that_the_plan_did_not_name_and_that_is_replaced_breaks_the_promise() {
    for planned in [None, Some(token("at-planned"))] {
        check_breaks(only_the_planned_token_is_replaced, Kind::Apply, |seen| {
            seen.forces = true;
            seen.plan = Some(AppliedPlan {
                diagnostics: tfplugin::Diagnostics::new(),
                read: vec![(ORGANIZATION.to_owned(), planned)],
                undisturbed: false,
            });
            let read = request(Verb::Get, Some("at-other"), Some("at-other"));
            let post = request(Verb::Post, Some("at-other"), Some("at-new"));
            seen.timeline = vec![read, post];
        });
    }
}
