//! The proptest strategy of a [`History`]: which steps and faults are frequent, and which are rare.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::outside_change::{Org, OutsideChange, Time};
use super::request_fault::{Answer, FaultEffect, Phase, RequestFault, Target, Times};
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
    let block = (org(), force, expiry, rarely(2));
    (who(), block, between(), faults(1)).prop_map(
        |(who, (org, force, expiry, beside_the_resource), between, faults)| Open {
            who,
            org,
            force,
            expiry,
            beside_the_resource,
            between,
            faults,
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

fn org() -> impl Strategy<Value = Org> {
    prop_oneof![9 => Just(Org::Ours), 1 => Just(Org::Other)]
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

fn between() -> impl Strategy<Value = Option<OutsideChange>> {
    option::weighted(0.12, outside_change())
}

fn outside_change() -> impl Strategy<Value = OutsideChange> {
    prop_oneof![
        8 => org().prop_map(OutsideChange::Regenerates),
        4 => org().prop_map(OutsideChange::Revokes),
        4 => org().prop_map(OutsideChange::Uses),
        6 => org().prop_map(OutsideChange::AddsEvents),
        6 => time().prop_map(OutsideChange::TimePasses),
        2 => org().prop_map(OutsideChange::LosesPermission),
        1 => org().prop_map(OutsideChange::LosesVisibility),
        1 => org().prop_map(OutsideChange::LosesStatedPermission),
        1 => Just(OutsideChange::LosesApiToken),
        2 => org().prop_map(OutsideChange::LosesEntitlement),
        1 => org().prop_map(OutsideChange::Renames),
        1 => org().prop_map(OutsideChange::Deletes),
        5 => Just(OutsideChange::Restores),
    ]
}

fn time() -> impl Strategy<Value = Time> {
    prop_oneof![
        2 => Just(Time::Hour),
        2 => Just(Time::Days),
        3 => Just(Time::Weeks),
        2 => Just(Time::Year),
        2 => Just(Time::Years),
    ]
}

fn faults(max: usize) -> impl Strategy<Value = Vec<RequestFault>> {
    prop_oneof![6 => Just(Vec::new()), 4 => vec(fault(target()), 1..=max)]
}

fn fault(
    target: impl Strategy<Value = (Target, FaultEffect)>,
) -> impl Strategy<Value = RequestFault> {
    let phase = prop_oneof![3 => Just(Phase::Apply), 1 => Just(Phase::Plan)];
    let times =
        prop_oneof![4 => Just(Times::Once), 1 => Just(Times::Twice), 3 => Just(Times::Always)];
    let skip = prop_oneof![4 => Just(0_usize), 2 => Just(1), 1 => Just(2), 1 => Just(3)];
    (phase, target, skip, times).prop_map(|(phase, (on, effect), skip, times)| RequestFault {
        phase,
        on,
        skip,
        times,
        effect,
    })
}

fn target() -> impl Strategy<Value = (Target, FaultEffect)> {
    prop_oneof![
        5 => post().prop_map(|effect| (Target::Post, effect)),
        3 => delete().prop_map(|effect| (Target::Delete, effect)),
        5 => get().prop_map(|effect| (Target::Get, effect)),
        3 => audit_trail().prop_map(|effect| (Target::AuditTrail, effect)),
        2 => get().prop_map(|effect| (Target::Any, effect)),
    ]
}

/// The effects on a POST. The service may execute it although its answer does not arrive.
fn post() -> impl Strategy<Value = FaultEffect> {
    prop_oneof![
        3 => refusal().prop_map(|status| FaultEffect::NotExecuted(Answer::Status(status))),
        3 => no_token().prop_map(FaultEffect::NotExecuted),
        5 => no_token().prop_map(FaultEffect::Executed),
        2 => damaged().prop_map(FaultEffect::Executed),
        2 => (0_usize..=2).prop_map(FaultEffect::ExecutedLater),
        2 => change_meanwhile().prop_map(FaultEffect::Meanwhile),
    ]
}

fn delete() -> impl Strategy<Value = FaultEffect> {
    prop_oneof![
        2 => refusal().prop_map(|status| FaultEffect::NotExecuted(Answer::Status(status))),
        2 => no_answer().prop_map(FaultEffect::NotExecuted),
        3 => no_answer().prop_map(FaultEffect::Executed),
        2 => change_meanwhile().prop_map(FaultEffect::Meanwhile),
    ]
}

fn get() -> impl Strategy<Value = FaultEffect> {
    prop_oneof![
        3 => no_token().prop_map(FaultEffect::NotExecuted),
        1 => prop_oneof![Just(401_u16), Just(403), Just(409), Just(429)]
            .prop_map(|status| FaultEffect::NotExecuted(Answer::Status(status))),
        1 => damaged().prop_map(FaultEffect::Executed),
        2 => change_meanwhile().prop_map(FaultEffect::Meanwhile),
    ]
}

/// The effects on a GET of the audit trail. A refusal by the service is not among them: it is the API's answer that the
/// secret is not valid.
fn audit_trail() -> impl Strategy<Value = FaultEffect> {
    prop_oneof![
        2 => no_answer().prop_map(FaultEffect::NotExecuted),
        1 => change_meanwhile().prop_map(FaultEffect::Meanwhile),
        3 => org().prop_map(|org| FaultEffect::Meanwhile(OutsideChange::AddsEvents(org))),
    ]
}

/// A status that proves that the service did not execute the request.
fn refusal() -> impl Strategy<Value = u16> {
    prop_oneof![
        Just(400_u16),
        Just(401),
        Just(403),
        Just(404),
        Just(409),
        Just(415),
        Just(422),
        Just(429),
    ]
}

/// No answer, or one that is not the service's.
fn no_answer() -> impl Strategy<Value = Answer> {
    prop_oneof![
        2 => Just(Answer::Cut),
        1 => prop_oneof![Just(408_u16), Just(500), Just(502), Just(503), Just(504)]
            .prop_map(Answer::Status),
    ]
}

/// An answer without the document of a token.
fn no_token() -> impl Strategy<Value = Answer> {
    prop_oneof![
        4 => no_answer(),
        1 => Just(Answer::Html),
        1 => Just(Answer::Empty),
        1 => Just(Answer::WrongShape),
        1 => Just(Answer::NullData),
    ]
}

/// The service's own document, damaged in transit.
fn damaged() -> impl Strategy<Value = Answer> {
    prop_oneof![
        Just(Answer::Truncated),
        Just(Answer::CutBody),
        Just(Answer::WithoutAppName),
    ]
}

/// A change that somebody else makes between two requests.
fn change_meanwhile() -> impl Strategy<Value = OutsideChange> {
    prop_oneof![
        3 => org().prop_map(OutsideChange::Regenerates),
        2 => org().prop_map(OutsideChange::Revokes),
        1 => org().prop_map(OutsideChange::Uses),
        1 => org().prop_map(OutsideChange::LosesPermission),
    ]
}
