//! The proptest strategy of a [`History`]: which steps and faults are frequent, and which are rare.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::fault_strategy::{delete, fault, faults, get};
use super::outside_strategy::{between, org, outside_change};
use super::request_fault::Target;
use super::step::{
    AnotherHost, Apply, Config, Destroy, Ending, Expiry, History, NamedToken, Open, RenameLabel,
    Revoke, Secret, Spelling, Step, Who,
};
use super::trail_query::TrailQuery;

pub(super) fn history() -> impl Strategy<Value = History> {
    let ending = prop_oneof![2 => Just(Ending::Forced), 1 => Just(Ending::Destroyed)];
    (vec(step(), 1..=9), ending).prop_map(|(steps, ending)| History { steps, ending })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => outside_change().prop_map(Step::OutsideChange),
        20 => apply().prop_map(Step::Apply),
        3 => (who(), faults(1)).prop_map(|(who, faults)| Step::Refresh(who, faults)),
        2 => (who(), config(), faults(1))
            .prop_map(|(who, config, faults)| Step::Plan(who, config, faults)),
        3 => (who(), org(), faults(1))
            .prop_map(|(who, org, faults)| Step::Import(who, org, faults)),
        3 => destroy().prop_map(Step::Destroy),
        3 => open().prop_map(Step::Open),
        3 => (who(), org(), secret()).prop_map(|(who, org, secret)| Step::UseHashicorpTfeState(who, org, secret)),
        2 => who().prop_map(Step::LoseState),
        3 => (who(), trail(), faults(1))
            .prop_map(|(who, trail, faults)| Step::ReadTrail(who, trail, faults)),
        3 => revoke().prop_map(Step::Revoke),
        2 => who().prop_map(Step::Taint),
        3 => (who(), config(), faults(1))
            .prop_map(|(who, config, faults)| Step::SavePlan(who, config, faults)),
        3 => (who(), faults(1)).prop_map(|(who, faults)| Step::ApplySavedPlan(who, faults)),
        2 => rename_label().prop_map(Step::RenameLabel),
        2 => (who(), another_host(), config())
            .prop_map(|(who, act, config)| Step::UseAnotherHost(who, act, config)),
    ]
}

fn apply() -> impl Strategy<Value = Apply> {
    let ways = (rarely(8), rarely(8), rarely(8), rarely(6));
    let trail = option::weighted(0.2, trail());
    (who(), config(), ways, between(), trail, faults(2)).prop_map(
        |(
            who,
            config,
            (replace, create_before_destroy, no_refresh, consumer_fails),
            between,
            trail,
            faults,
        )| {
            Apply {
                who,
                config,
                replace,
                create_before_destroy,
                refresh: !no_refresh,
                between,
                consumer_fails,
                trail,
                faults,
            }
        },
    )
}

fn trail() -> impl Strategy<Value = TrailQuery> {
    let limit = prop_oneof![2 => Just(None), 1 => (1_usize..=9).prop_map(Some)];
    let new_events_after = option::weighted(0.6, 0_usize..=2);
    (limit, rarely(3), rarely(3), new_events_after).prop_map(
        |(limit, only_creates, last_hour, new_events_after)| TrailQuery {
            limit,
            only_creates,
            last_hour,
            new_events_after,
        },
    )
}

fn destroy() -> impl Strategy<Value = Destroy> {
    (who(), rarely(6), between(), faults(1)).prop_map(|(who, no_refresh, between, faults)| {
        Destroy {
            who,
            refresh: !no_refresh,
            between,
            faults,
        }
    })
}

fn rename_label() -> impl Strategy<Value = RenameLabel> {
    (who(), config(), any::<bool>(), faults(1)).prop_map(|(who, config, creates_first, faults)| {
        RenameLabel {
            who,
            config,
            creates_first,
            faults,
        }
    })
}

fn another_host() -> impl Strategy<Value = AnotherHost> {
    prop_oneof![
        Just(AnotherHost::Refresh),
        any::<bool>().prop_map(|refresh| AnotherHost::Apply { refresh }),
        any::<bool>().prop_map(|refresh| AnotherHost::Destroy { refresh }),
    ]
}

fn open() -> impl Strategy<Value = Open> {
    let force = prop_oneof![3 => Just(None), 1 => any::<bool>().prop_map(Some)];
    let expiry = prop_oneof![3 => Just(Expiry::None), 1 => Just(Expiry::Date)];
    let block = (org(), force, expiry, rarely(2), rarely(1));
    let while_open = option::weighted(0.2, outside_change());
    (who(), block, while_open, between(), faults(1)).prop_map(
        |(who, block, while_open, between, faults)| {
            let (org, force, expiry, beside_the_resource, revokes_on_close) = block;
            Open {
                who,
                org,
                force,
                expiry,
                beside_the_resource,
                revokes_on_close,
                while_open,
                between,
                faults,
            }
        },
    )
}

fn revoke() -> impl Strategy<Value = Revoke> {
    let token = prop_oneof![2 => Just(NamedToken::InState), 1 => Just(NamedToken::Current)];
    // The action sends no other requests.
    let target = prop_oneof![
        3 => delete().prop_map(|effect| (Target::Delete, effect)),
        2 => get().prop_map(|effect| (Target::Get, effect)),
    ];
    let faults = vec(fault(target), 0..=1);
    (who(), org(), token, between(), faults).prop_map(|(who, org, token, between, faults)| Revoke {
        who,
        org,
        token,
        between,
        faults,
    })
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![5 => Just(Who::First), 1 => Just(Who::Second)]
}

fn secret() -> impl Strategy<Value = Secret> {
    prop_oneof![3 => Just(Secret::Present), 1 => Just(Secret::Missing)]
}

fn rarely(times: u32) -> impl Strategy<Value = bool> {
    prop_oneof![times => Just(false), 1 => Just(true)]
}

fn config() -> impl Strategy<Value = Config> {
    let expiry = prop_oneof![
        12 => Just(Expiry::None),
        6 => Just(Expiry::Date),
        2 => Just(Expiry::OtherTimeZone),
        3 => Just(Expiry::Later),
        1 => Just(Expiry::Past),
    ];
    let force = prop_oneof![5 => Just(None), 1 => Just(Some(false)), 3 => Just(Some(true))];
    let trigger = prop_oneof![3 => Just(None), 2 => Just(Some('a')), 1 => Just(Some('b'))];
    let seal = prop_oneof![3 => Just(None), 2 => Just(Some(true)), 1 => Just(Some(false))];
    let spelling = prop_oneof![
        12 => Just(Spelling::First),
        2 => Just(Spelling::OtherCase),
        1 => Just(Spelling::New),
    ];
    let organization = (org(), spelling);
    (organization, expiry, force, trigger, seal, any::<bool>()).prop_map(
        |((org, spelling), expiry, force, trigger, seal, consumer)| Config {
            org,
            spelling,
            expiry,
            force,
            trigger,
            seal,
            consumer,
        },
    )
}
