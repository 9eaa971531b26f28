//! Histories that once broke a promise, as they were told when they were found.

use super::campaign::on_a_thread;
use super::runner::run;
use super::step::{
    Answer, Apply, Config, Elsewhere, Ending, History, Kind, Org, Phase, Secret, Step, Target,
    Times, Trouble, Who,
};
use super::trail::Trail;

#[track_caller]
fn check(steps: Vec<Step>) {
    for ending in [Ending::Forced, Ending::Destroyed] {
        let steps = steps.clone();
        let history = History { steps, ending };
        let played = on_a_thread(move |runtime| runtime.block_on(run(&history)).0);
        if let Err(story) = played {
            panic!("a promise was broken:\n{story}");
        }
    }
}

fn apply(config: Config) -> Apply {
    Apply::new(Who::First, config)
}

/// The state had lost a token that was alive: a page with status 200 counted as its deletion.
#[test]
fn a_page_in_the_place_of_a_deletion_does_not_drop_the_state() {
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
        let trouble = Trouble {
            phase: Phase::Apply,
            on: Target::Delete,
            spared: 0,
            times: Times::Always,
            kind: Kind::Instead(answer),
        };
        check(vec![
            Step::Apply(apply(Config::PLAIN)),
            Step::Apply(Apply {
                troubles: vec![trouble],
                ..apply(moved)
            }),
        ]);
    }
}

/// The state took somebody else's token for its own, said that it was current, and would have deleted it: where
/// hashicorp/tfe's secret was sealed before its token was known, it was not tried any more.
#[test]
fn a_sealed_secret_whose_token_is_not_known_is_tried_before_a_token_is_adopted() {
    let sealed = Config {
        seal: Some(true),
        ..Config::PLAIN
    };
    let unrefreshed = Apply {
        refresh: false,
        ..apply(sealed)
    };
    check(vec![
        Step::Elsewhere(Elsewhere::Regenerates(Org::Ours)),
        Step::TakeOver(Who::First, Org::Ours, Secret::Held),
        Step::Apply(unrefreshed),
        Step::Elsewhere(Elsewhere::Regenerates(Org::Ours)),
        Step::Refresh(Who::First, Vec::new()),
    ]);
}

/// Two arrivals at one instant, with a page between them, were expected in an order that no page shows.
#[test]
fn events_of_one_instant_that_arrive_between_two_pages_have_no_order() {
    let trouble = Trouble {
        phase: Phase::Apply,
        on: Target::Trial,
        spared: 0,
        times: Times::Twice,
        kind: Kind::Meanwhile(Elsewhere::Works(Org::Ours)),
    };
    let busy = Trail {
        limit: None,
        creations: false,
        last_hour: false,
        busy: Some(0),
    };
    check(vec![
        Step::Apply(apply(Config::PLAIN)),
        Step::Apply(Apply {
            trail: Some(busy),
            troubles: vec![trouble],
            ..apply(Config {
                trigger: Some('a'),
                ..Config::PLAIN
            })
        }),
    ]);
}

/// The trail grew with every page, so that the reading was given up: that this was told had not been heard.
#[test]
fn a_trail_that_grows_faster_than_it_is_read_is_given_up_and_that_is_told() {
    let trouble = Trouble {
        phase: Phase::Plan,
        on: Target::Trial,
        spared: 0,
        times: Times::Always,
        kind: Kind::Meanwhile(Elsewhere::Works(Org::Ours)),
    };
    let trail = Trail {
        limit: None,
        creations: false,
        last_hour: false,
        busy: None,
    };
    check(vec![
        Step::Apply(apply(Config::PLAIN)),
        Step::Elsewhere(Elsewhere::Works(Org::Ours)),
        Step::ReadTrail(Who::First, trail, vec![trouble]),
    ]);
}
