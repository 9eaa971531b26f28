//! Histories that once broke a promise, each as short as it can be.

mod token_lives;

use super::campaign::on_a_thread;
use super::outside_change::{Org, OutsideChange};
use super::request_fault::{Answer, FaultEffect, Phase, RequestFault, Target, Times};
use super::runner::run;
use super::step::{Apply, Config, Ending, History, Secret, Step, Who};
use super::trail_query::TrailQuery;

#[track_caller]
fn check(steps: Vec<Step>) {
    for ending in [Ending::Forced, Ending::Destroyed] {
        let steps = steps.clone();
        let history = History { steps, ending };
        let result = on_a_thread(move |runtime| runtime.block_on(run(&history)).0);
        if let Err(report) = result {
            panic!("a promise was broken:\n{report}");
        }
    }
}

fn apply(config: Config) -> Apply {
    Apply::new(Who::First, config)
}

/// The state lost a token that existed: an HTML page with status 200 counted as the answer to its deletion.
#[test]
fn an_answer_that_is_not_the_services_to_a_deletion_keeps_the_object_in_the_state() {
    for answer in [
        Answer::Html,
        Answer::Empty,
        Answer::NullData,
        Answer::Status(404),
    ] {
        let moved = Config {
            org: Org::Other,
            ..Config::PLAIN
        };
        let fault = RequestFault {
            phase: Phase::Apply,
            on: Target::Delete,
            skip: 0,
            times: Times::Always,
            effect: FaultEffect::NotExecuted(answer),
        };
        check(vec![
            Step::Apply(apply(Config::PLAIN)),
            Step::Apply(Apply {
                faults: vec![fault],
                ..apply(moved)
            }),
        ]);
    }
}

/// The state adopted the token of somebody else with status `current`, and the next destroy would have deleted it: the
/// secret of hashicorp/tfe was sealed before the ID of its token was known, and was not verified after that.
#[test]
fn a_sealed_secret_without_a_token_id_is_verified_before_a_token_is_adopted() {
    let sealed = Config {
        seal: Some(true),
        ..Config::PLAIN
    };
    let unrefreshed = Apply {
        refresh: false,
        ..apply(sealed)
    };
    check(vec![
        Step::OutsideChange(OutsideChange::Regenerates(Org::Ours)),
        Step::UseHashicorpTfeState(Who::First, Org::Ours, Secret::Present),
        Step::Apply(unrefreshed),
        Step::OutsideChange(OutsideChange::Regenerates(Org::Ours)),
        Step::Refresh(Who::First, Vec::new()),
    ]);
}

/// The judge expected an order of two events of one instant that arrived before and after a page.
#[test]
fn events_of_one_instant_that_arrive_between_two_pages_have_no_order() {
    let fault = RequestFault {
        phase: Phase::Apply,
        on: Target::AuditTrail,
        skip: 0,
        times: Times::Twice,
        effect: FaultEffect::Meanwhile(OutsideChange::AddsEvents(Org::Ours)),
    };
    let query = TrailQuery {
        limit: None,
        only_creates: false,
        last_hour: false,
        new_events_after: Some(0),
    };
    check(vec![
        Step::Apply(apply(Config::PLAIN)),
        Step::Apply(Apply {
            trail: Some(query),
            faults: vec![fault],
            ..apply(Config {
                trigger: Some('a'),
                ..Config::PLAIN
            })
        }),
    ]);
}

/// The trail grew with every page, and the provider gave up. The judge did not accept the diagnostic that reports it.
#[test]
fn a_trail_that_grows_faster_than_it_is_read_is_reported_as_not_read_to_its_end() {
    let fault = RequestFault {
        phase: Phase::Plan,
        on: Target::AuditTrail,
        skip: 0,
        times: Times::Always,
        effect: FaultEffect::Meanwhile(OutsideChange::AddsEvents(Org::Ours)),
    };
    let trail = TrailQuery {
        limit: None,
        only_creates: false,
        last_hour: false,
        new_events_after: None,
    };
    check(vec![
        Step::Apply(apply(Config::PLAIN)),
        Step::OutsideChange(OutsideChange::AddsEvents(Org::Ours)),
        Step::ReadTrail(Who::First, trail, vec![fault]),
    ]);
}

/// Somebody generated a token after the last read and before a POST without an answer. Nobody can distinguish that token
/// from the one of the POST, so the provider generates once more. The judge expected it to know.
#[test]
fn a_token_that_appears_before_a_post_without_an_answer_counts_as_generated_by_it() {
    let fault = |on, skip, effect| RequestFault {
        phase: Phase::Apply,
        on,
        skip,
        times: Times::Once,
        effect,
    };
    let regenerates = FaultEffect::Meanwhile(OutsideChange::Regenerates(Org::Ours));
    check(vec![Step::Apply(Apply {
        faults: vec![
            fault(Target::Get, 1, regenerates),
            fault(Target::Post, 0, FaultEffect::NotExecuted(Answer::Cut)),
        ],
        ..apply(Config::PLAIN)
    })]);
}
