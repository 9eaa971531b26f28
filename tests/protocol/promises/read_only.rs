//! Promise (e): what only reads changes nothing.

use tfe_simulator::RecordedRequest;

use super::example::{check_breaks, request};
use super::kind::Kind;
use super::observation::Observation;
use super::timeline_entry::{Cause, TimelineEntry, Verb};

/// A plan, a refresh, an import, a data source, a search and the opening of a sealed token send only GET.
pub(crate) fn what_only_reads_sends_no_change(seen: &Observation) -> Vec<String> {
    if seen.kind.may_change_a_token() {
        return Vec::new();
    }
    let changes = seen.timeline.iter().filter(|entry| match &entry.cause {
        Cause::Request(request) => request.verb != Verb::Get,
        Cause::LateChange => true,
        Cause::OtherRequest | Cause::SomebodyElse => false,
    });
    let others = seen.requests.iter();
    let others = others.filter(|request| request.method != "GET");
    changes
        .map(TimelineEntry::to_string)
        .chain(others.map(RecordedRequest::summary))
        .map(|request| format!("{request} although nothing is applied"))
        .collect()
}

/// A plan, a data source, an action, a search and an ephemeral resource leave the state as it is.
pub(crate) fn what_is_not_about_the_state_does_not_write_it(seen: &Observation) -> Vec<String> {
    let writes = seen.kind.is_about_the_state() && seen.kind != Kind::Plan;
    match writes || seen.before.objects == seen.after.objects {
        true => Vec::new(),
        false => vec![format!("{:?} changed the state", seen.kind)],
    }
}

#[test]
fn a_plan_that_sends_a_post_breaks_the_promise() {
    check_breaks(what_only_reads_sends_no_change, Kind::Plan, |seen| {
        seen.timeline
            .push(request(Verb::Post, Some("at-ours"), Some("at-new")));
    });
}

#[test]
fn an_action_that_writes_the_state_breaks_the_promise() {
    let promise = what_is_not_about_the_state_does_not_write_it;
    check_breaks(promise, Kind::Revoke, |seen| seen.after.objects.clear());
}
