//! Histories that once broke a promise, as they were told when they were found.

use super::campaign::on_a_thread;
use super::play::play;
use super::step::{
    Answer, Apply, Config, Elsewhere, Ending, History, Kind, Org, Phase, Secret, Step, Target,
    Times, Trouble, Who,
};

#[track_caller]
fn check(steps: Vec<Step>) {
    for ending in [Ending::Forced, Ending::Destroyed] {
        let steps = steps.clone();
        let history = History { steps, ending };
        let played = on_a_thread(move |runtime| runtime.block_on(play(&history)).0);
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
