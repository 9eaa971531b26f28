//! Every life that a token can lead: no token was asked to be invalidated in these histories but by `force_regenerate`.

use super::{apply, check};
use crate::histories::outside_change::{Org, OutsideChange, Time};
use crate::histories::request_fault::{Answer, FaultEffect, Phase, RequestFault, Target, Times};
use crate::histories::step::{
    AnotherHost, Apply, Config, Destroy, Expiry, Open, RenameLabel, Secret, Spelling, Step, Who,
};

const WHO: Who = Who::First;
const STRANGER: Step = Step::OutsideChange(OutsideChange::Regenerates(Org::Ours));
const IMPORT: fn() -> Step = || Step::Import(WHO, Org::Ours, Vec::new());
const REFRESH: fn() -> Step = || Step::Refresh(WHO, Vec::new());

const FORCED: Config = Config {
    force: Some(true),
    ..Config::PLAIN
};

fn create(config: Config) -> Step {
    Step::Apply(apply(config))
}

fn replace(config: Config, refresh: bool) -> Step {
    Step::Apply(Apply {
        replace: true,
        refresh,
        ..apply(config)
    })
}

fn unrefreshed(config: Config) -> Step {
    Step::Apply(Apply {
        refresh: false,
        ..apply(config)
    })
}

fn destroy(faults: Vec<RequestFault>) -> Step {
    Step::Destroy(Destroy {
        who: WHO,
        refresh: true,
        between: None,
        faults,
    })
}

fn always(on: Target, effect: FaultEffect) -> RequestFault {
    RequestFault {
        phase: Phase::Apply,
        on,
        skip: 0,
        times: Times::Always,
        effect,
    }
}

fn open() -> Open {
    Open {
        who: WHO,
        org: Org::Ours,
        force: None,
        expiry: Expiry::None,
        beside_the_resource: false,
        revokes_on_close: false,
        while_open: None,
        between: None,
        faults: Vec::new(),
    }
}

#[test]
fn the_token_of_a_colleague_is_not_regenerated_by_a_date() {
    let dated = Config {
        expiry: Expiry::Date,
        ..Config::PLAIN
    };
    check(vec![STRANGER, IMPORT(), STRANGER, create(dated)]);
}

#[test]
fn a_dead_token_is_not_in_use() {
    let years = Step::OutsideChange(OutsideChange::TimePasses(Time::Years));
    let used = Step::OutsideChange(OutsideChange::Uses(Org::Ours));
    check(vec![STRANGER, used, years, Step::Open(open())]);
}

#[test]
fn a_token_that_its_reader_has_not_used_yet_is_not_replaced_by_a_plan() {
    let sealed = Config {
        seal: Some(true),
        consumer: true,
        ..Config::PLAIN
    };
    for beside_the_resource in [false, true] {
        let open = Open {
            beside_the_resource,
            ..open()
        };
        check(vec![create(sealed), Step::Open(open)]);
    }
}

#[test]
fn one_capital_letter_changes_nothing() {
    for force in [None, Some(true)] {
        let [first, other] = [Spelling::First, Spelling::OtherCase].map(|spelling| Config {
            spelling,
            force,
            ..Config::PLAIN
        });
        check(vec![create(first), create(other)]);
    }
}

#[test]
fn a_renamed_organization_is_followed() {
    let renamed = Step::OutsideChange(OutsideChange::Renames(Org::Ours));
    let new = Config {
        spelling: Spelling::New,
        ..Config::PLAIN
    };
    check(vec![create(Config::PLAIN), renamed.clone(), create(new)]);
    check(vec![create(Config::PLAIN), renamed, REFRESH()]);
}

#[test]
fn another_host_is_not_asked_and_the_state_is_kept() {
    for act in [
        AnotherHost::Refresh,
        AnotherHost::Apply { refresh: false },
        AnotherHost::Destroy { refresh: false },
    ] {
        let other = Step::UseAnotherHost(WHO, act, Config::PLAIN);
        check(vec![create(Config::PLAIN), other]);
    }
}

#[test]
fn a_tainted_object_is_replaced() {
    check(vec![
        create(Config::PLAIN),
        Step::Taint(WHO),
        create(Config::PLAIN),
    ]);
}

#[test]
fn a_followed_token_is_not_replaced_without_force() {
    let following = || vec![STRANGER, IMPORT(), STRANGER, REFRESH()];
    for refresh in [true, false] {
        let mut steps = following();
        steps.push(replace(Config::PLAIN, refresh));
        check(steps);
    }
}

/// The call that deletes a tainted object does not have what was stored with the object.
#[test]
fn a_tainted_object_that_follows_a_token_does_not_delete_it() {
    for config in [Config::PLAIN, FORCED] {
        for apply in [create(config), unrefreshed(config)] {
            let taint = Step::Taint(WHO);
            check(vec![STRANGER, IMPORT(), STRANGER, REFRESH(), taint, apply]);
        }
    }
}

/// The second plan of a replacement is the first one to read the token, and its warnings are not shown.
#[test]
fn a_replacement_without_a_refresh_invalidates_no_token_that_was_not_named() {
    check(vec![
        create(Config::PLAIN),
        Step::Open(Open {
            who: Who::Second,
            force: Some(true),
            ..open()
        }),
        replace(FORCED, false),
    ]);
}

#[test]
fn a_token_that_is_invalidated_is_not_said_to_be_left_alone() {
    let lost = always(Target::Post, FaultEffect::Executed(Answer::Cut));
    let loses = Step::Apply(Apply {
        faults: vec![lost],
        ..apply(Config::PLAIN)
    });
    check(vec![loses, STRANGER, unrefreshed(FORCED)]);
    // `force_regenerate` stands already.
    check(vec![create(FORCED), STRANGER, replace(FORCED, true)]);
}

#[test]
fn a_renamed_label_is_recognised() {
    for creates_first in [false, true] {
        let relabelled = Step::RenameLabel(RenameLabel {
            who: WHO,
            config: FORCED,
            creates_first,
            faults: Vec::new(),
        });
        check(vec![create(Config::PLAIN), relabelled]);
    }
}

#[test]
fn an_apply_invalidates_no_token_that_its_plan_did_not_name() {
    check(vec![
        create(Config::PLAIN),
        Step::SavePlan(WHO, FORCED, Vec::new()),
        STRANGER,
        Step::ApplySavedPlan(WHO, Vec::new()),
    ]);
}

#[test]
fn a_deletion_without_a_clear_answer_is_looked_up() {
    let unclear = always(Target::Delete, FaultEffect::Executed(Answer::Status(502)));
    check(vec![create(Config::PLAIN), destroy(vec![unclear])]);
}

#[test]
fn a_migrated_secret_that_could_not_be_tried_is_reported() {
    let unclear = RequestFault {
        phase: Phase::Plan,
        ..always(
            Target::AuditTrail,
            FaultEffect::NotExecuted(Answer::Status(503)),
        )
    };
    check(vec![
        STRANGER,
        Step::UseHashicorpTfeState(WHO, Org::Ours, Secret::Present),
        Step::Refresh(WHO, vec![unclear]),
    ]);
}

#[test]
fn a_destroyed_object_leaves_the_token_of_somebody_else_alone() {
    check(vec![create(Config::PLAIN), STRANGER, destroy(Vec::new())]);
    check(vec![STRANGER, IMPORT(), STRANGER, destroy(Vec::new())]);
}

#[test]
fn a_standing_force_after_a_lost_state_names_what_it_invalidates() {
    check(vec![
        create(FORCED),
        Step::LoseState(WHO),
        STRANGER,
        create(FORCED),
    ]);
}

/// Somebody replaced the token of the run before it was closed.
#[test]
fn a_close_revokes_the_token_of_its_run_and_no_other() {
    for while_open in [None, Some(OutsideChange::Regenerates(Org::Ours))] {
        check(vec![Step::Open(Open {
            revokes_on_close: true,
            while_open,
            ..open()
        })]);
    }
}
