//! Which histories are tried: what is frequent, and what is rare.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::step::{
    Answer, Apply, Config, Destroy, Elsewhere, Ending, Expiry, History, Kind, Names, Open, Org,
    Phase, Revoke, Secret, Step, Target, Time, Times, Trouble, Who,
};
use super::trail::Trail;

pub(super) fn history() -> impl Strategy<Value = History> {
    let ending = prop_oneof![2 => Just(Ending::Forced), 1 => Just(Ending::Destroyed)];
    (vec(step(), 1..=9), ending).prop_map(|(steps, ending)| History { steps, ending })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => elsewhere().prop_map(Step::Elsewhere),
        20 => apply().prop_map(Step::Apply),
        3 => (who(), troubles(1)).prop_map(|(who, troubles)| Step::Refresh(who, troubles)),
        2 => (who(), config(), troubles(1))
            .prop_map(|(who, config, troubles)| Step::Plan(who, config, troubles)),
        3 => (who(), org(), troubles(1))
            .prop_map(|(who, org, troubles)| Step::Import(who, org, troubles)),
        3 => destroy().prop_map(Step::Destroy),
        3 => open().prop_map(Step::Open),
        3 => (who(), org(), secret()).prop_map(|(who, org, secret)| Step::TakeOver(who, org, secret)),
        2 => who().prop_map(Step::LoseState),
        3 => (who(), trail(), troubles(1))
            .prop_map(|(who, trail, troubles)| Step::ReadTrail(who, trail, troubles)),
        3 => revoke().prop_map(Step::Revoke),
    ]
}

fn apply() -> impl Strategy<Value = Apply> {
    let ways = (rarely(8), rarely(8), rarely(8), rarely(6));
    let trail = option::weighted(0.2, trail());
    (who(), config(), ways, between(), trail, troubles(2)).prop_map(
        |(
            who,
            config,
            (replace, create_before_destroy, no_refresh, consumer_fails),
            between,
            trail,
            troubles,
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
                troubles,
            }
        },
    )
}

fn trail() -> impl Strategy<Value = Trail> {
    let limit = prop_oneof![2 => Just(None), 1 => (1_usize..=9).prop_map(Some)];
    let busy = option::weighted(0.6, 0_usize..=2);
    (limit, rarely(3), rarely(3), busy).prop_map(|(limit, creations, last_hour, busy)| Trail {
        limit,
        creations,
        last_hour,
        busy,
    })
}

fn destroy() -> impl Strategy<Value = Destroy> {
    (who(), rarely(6), between(), troubles(1)).prop_map(|(who, no_refresh, between, troubles)| {
        Destroy {
            who,
            refresh: !no_refresh,
            between,
            troubles,
        }
    })
}

fn open() -> impl Strategy<Value = Open> {
    let force = prop_oneof![3 => Just(None), 1 => any::<bool>().prop_map(Some)];
    (who(), org(), force, between(), troubles(1)).prop_map(
        |(who, org, force, between, troubles)| Open {
            who,
            org,
            force,
            between,
            troubles,
        },
    )
}

fn revoke() -> impl Strategy<Value = Revoke> {
    let names = prop_oneof![2 => Just(Names::Stored), 1 => Just(Names::There)];
    // It sends no other request.
    let aim = prop_oneof![
        3 => delete().prop_map(|kind| (Target::Delete, kind)),
        2 => look().prop_map(|kind| (Target::Look, kind)),
    ];
    let troubles = vec(trouble(aim), 0..=1);
    (who(), org(), names, between(), troubles).prop_map(|(who, org, names, between, troubles)| {
        Revoke {
            who,
            org,
            names,
            between,
            troubles,
        }
    })
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![5 => Just(Who::First), 1 => Just(Who::Second)]
}

fn org() -> impl Strategy<Value = Org> {
    prop_oneof![9 => Just(Org::Ours), 1 => Just(Org::Other)]
}

fn secret() -> impl Strategy<Value = Secret> {
    prop_oneof![3 => Just(Secret::Held), 1 => Just(Secret::Missing)]
}

fn rarely(times: u32) -> impl Strategy<Value = bool> {
    prop_oneof![times => Just(false), 1 => Just(true)]
}

fn config() -> impl Strategy<Value = Config> {
    let expiry = prop_oneof![
        12 => Just(Expiry::None),
        6 => Just(Expiry::Date),
        2 => Just(Expiry::Respelled),
        3 => Just(Expiry::Later),
        1 => Just(Expiry::Past),
    ];
    let force = prop_oneof![5 => Just(None), 1 => Just(Some(false)), 3 => Just(Some(true))];
    let trigger = prop_oneof![3 => Just(None), 2 => Just(Some('a')), 1 => Just(Some('b'))];
    let seal = prop_oneof![3 => Just(None), 2 => Just(Some(true)), 1 => Just(Some(false))];
    (org(), expiry, force, trigger, seal, any::<bool>()).prop_map(
        |(org, expiry, force, trigger, seal, consumer)| Config {
            org,
            expiry,
            force,
            trigger,
            seal,
            consumer,
        },
    )
}

fn between() -> impl Strategy<Value = Option<Elsewhere>> {
    option::weighted(0.12, elsewhere())
}

fn elsewhere() -> impl Strategy<Value = Elsewhere> {
    prop_oneof![
        8 => org().prop_map(Elsewhere::Regenerates),
        4 => org().prop_map(Elsewhere::Revokes),
        4 => org().prop_map(Elsewhere::Uses),
        6 => org().prop_map(Elsewhere::Works),
        6 => time().prop_map(Elsewhere::TimePasses),
        2 => org().prop_map(Elsewhere::LosesRight),
        1 => org().prop_map(Elsewhere::LosesSight),
        1 => org().prop_map(Elsewhere::LosesStatement),
        1 => Just(Elsewhere::LosesLogin),
        2 => org().prop_map(Elsewhere::LosesEntitlement),
        1 => org().prop_map(Elsewhere::Renames),
        1 => org().prop_map(Elsewhere::Deletes),
        5 => Just(Elsewhere::Restores),
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

fn troubles(most: usize) -> impl Strategy<Value = Vec<Trouble>> {
    prop_oneof![6 => Just(Vec::new()), 4 => vec(trouble(aim()), 1..=most)]
}

fn trouble(aim: impl Strategy<Value = (Target, Kind)>) -> impl Strategy<Value = Trouble> {
    let phase = prop_oneof![3 => Just(Phase::Apply), 1 => Just(Phase::Plan)];
    let times =
        prop_oneof![4 => Just(Times::Once), 1 => Just(Times::Twice), 3 => Just(Times::Always)];
    let spared = prop_oneof![4 => Just(0_usize), 2 => Just(1), 1 => Just(2), 1 => Just(3)];
    (phase, aim, spared, times).prop_map(|(phase, (on, kind), spared, times)| Trouble {
        phase,
        on,
        spared,
        times,
        kind,
    })
}

fn aim() -> impl Strategy<Value = (Target, Kind)> {
    prop_oneof![
        5 => post().prop_map(|kind| (Target::Post, kind)),
        3 => delete().prop_map(|kind| (Target::Delete, kind)),
        5 => look().prop_map(|kind| (Target::Look, kind)),
        3 => trial().prop_map(|kind| (Target::Trial, kind)),
        2 => look().prop_map(|kind| (Target::Any, kind)),
    ]
}

/// A change may be made although its answer does not arrive.
fn post() -> impl Strategy<Value = Kind> {
    prop_oneof![
        3 => refusal().prop_map(|status| Kind::Instead(Answer::Status(status))),
        3 => garbled().prop_map(Kind::Instead),
        5 => garbled().prop_map(Kind::Done),
        2 => damaged().prop_map(Kind::Done),
        2 => (0_usize..=2).prop_map(Kind::DoneLater),
        2 => rival().prop_map(Kind::Meanwhile),
    ]
}

fn delete() -> impl Strategy<Value = Kind> {
    prop_oneof![
        2 => refusal().prop_map(|status| Kind::Instead(Answer::Status(status))),
        2 => broken().prop_map(Kind::Instead),
        3 => broken().prop_map(Kind::Done),
        2 => rival().prop_map(Kind::Meanwhile),
    ]
}

fn look() -> impl Strategy<Value = Kind> {
    prop_oneof![
        3 => garbled().prop_map(Kind::Instead),
        1 => prop_oneof![Just(401_u16), Just(403), Just(409), Just(429)]
            .prop_map(|status| Kind::Instead(Answer::Status(status))),
        1 => damaged().prop_map(Kind::Done),
        2 => rival().prop_map(Kind::Meanwhile),
    ]
}

/// A refused trial proves nothing, and is then taken for none.
fn trial() -> impl Strategy<Value = Kind> {
    prop_oneof![
        2 => broken().prop_map(Kind::Instead),
        1 => rival().prop_map(Kind::Meanwhile),
        3 => org().prop_map(|org| Kind::Meanwhile(Elsewhere::Works(org))),
    ]
}

/// Surely nothing is done.
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

/// No answer, or none of the service.
fn broken() -> impl Strategy<Value = Answer> {
    prop_oneof![
        2 => Just(Answer::Cut),
        1 => prop_oneof![Just(408_u16), Just(500), Just(502), Just(503), Just(504)]
            .prop_map(Answer::Status),
    ]
}

/// No document of a token.
fn garbled() -> impl Strategy<Value = Answer> {
    prop_oneof![
        4 => broken(),
        1 => Just(Answer::Html),
        1 => Just(Answer::Empty),
        1 => Just(Answer::WrongShape),
        1 => Just(Answer::NullData),
    ]
}

/// The service's own document, damaged on its way.
fn damaged() -> impl Strategy<Value = Answer> {
    prop_oneof![
        Just(Answer::Truncated),
        Just(Answer::CutBody),
        Just(Answer::Nameless),
    ]
}

/// What somebody else does between two requests.
fn rival() -> impl Strategy<Value = Elsewhere> {
    prop_oneof![
        3 => org().prop_map(Elsewhere::Regenerates),
        2 => org().prop_map(Elsewhere::Revokes),
        1 => org().prop_map(Elsewhere::Uses),
        1 => org().prop_map(Elsewhere::LosesRight),
    ]
}
