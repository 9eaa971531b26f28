//! Two resources of one apply: Terraform changes both at the same time, in one plugin process.
//!
//! Two blocks for one organization, and a label that was renamed without `moved`: one resource is destroyed and the other one
//! created. The second one begins before each request of the first, which then waits for its answer.

use serde_json::{Value as Json, json};
use tfe_simulator::{Breakpoint, Fault};
use tfplugin::{Diagnostics, Provider};

use super::super::{EXAMPLE, ORGANIZATION, OWNER, Setup};
use crate::promises;
use crate::promises::kind::Kind;
use crate::promises::observation::Observation;
use crate::promises::snapshot::{Snapshot, StateObject, Tokens};
use crate::promises::timeline::{self, SomebodyElse};
use tfplugin_testing::rpc::Process;
use tfplugin_testing::{Core, Plan, Walk};

/// How many requests each change sends before it ends: a GET, and a POST or DELETE.
const REQUESTS: usize = 2;
/// A creation is planned again while it is applied, which sends a GET more.
const REQUESTS_OF_A_CREATION: usize = 3;

/// The change of one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Create,
    CreateByForce,
    Delete,
}
use Change::{Create, CreateByForce, Delete};

impl Change {
    fn arguments(self) -> Json {
        json!({ "force_regenerate": (self == CreateByForce).then_some(true) })
    }

    async fn plan(self, setup: &Setup) -> Plan {
        match self {
            Delete => setup.core.plan_destroy(EXAMPLE).await.expect_ok(),
            _ => setup.plan(self.arguments()).await.expect_ok(),
        }
    }
}

/// Begins the second change when the first one's request waits at the breakpoint.
async fn both<P: Provider>(
    cores: [&mut Core<P>; 2],
    plans: [Plan; 2],
    process: &Process<P>,
    breakpoint: &Breakpoint,
) -> [Diagnostics; 2] {
    let [first, second] = cores;
    let [first_plan, second_plan] = plans;
    let later = async {
        breakpoint.arrived().await;
        let act = second.apply_in(process, second_plan);
        tokio::pin!(act);
        for _ in 0..100 {
            tokio::select! {
                biased;
                done = &mut act => {
                    breakpoint.release_all();
                    return done;
                }
                () = tokio::task::yield_now() => {}
            }
        }
        breakpoint.release_all();
        act.await
    };
    let (one, other) = tokio::join!(first.apply_in(process, first_plan), later);
    [one.diagnostics, other.diagnostics]
}

fn snapshot(setups: &[Setup; 2]) -> Snapshot {
    let objects = setups.iter().filter_map(|one| one.core.state(EXAMPLE));
    let simulator = &setups[0].simulator;
    Snapshot {
        now: simulator.now(),
        tokens: Tokens::now(simulator, &[ORGANIZATION]),
        objects: objects
            .map(|one| StateObject::new(one.json(), one.tainted, &[]))
            .collect(),
    }
}

/// Runs two changes, and judges them as one apply. Returns their diagnostics, and whether each has an object in the state.
async fn race(changes: [Change; 2], requests: usize) -> ([Diagnostics; 2], [bool; 2]) {
    let setup = Setup::new().await;
    let mut setups = [setup.beside(OWNER).await, setup.beside(OWNER).await];
    for (setup, change) in setups.iter_mut().zip(changes) {
        if change == Delete {
            setup.apply(json!({})).await.expect_ok();
        }
    }
    setup.simulator.advance(std::time::Duration::from_secs(60));
    let plans = [
        changes[0].plan(&setups[0]).await,
        changes[1].plan(&setups[1]).await,
    ];
    let process = setup.core.process(Walk::Apply).await;
    let breakpoint = Breakpoint::new();
    let nth = Fault::on_any("").skip(requests);
    setup.simulator.inject(nth.pause_request(&breakpoint));
    setup.sent();
    let before = snapshot(&setups);
    let [first, second] = &mut setups;
    let cores = [&mut first.core, &mut second.core];
    let diagnostics = both(cores, plans, &process, &breakpoint).await;
    let deletes = changes.contains(&Delete);
    let mut said = diagnostics[0].clone();
    said.extend(diagnostics[1].clone());
    let others = SomebodyElse::default();
    let seen = Observation {
        operation: format!("{changes:?}"),
        forces: changes.contains(&CreateByForce),
        relabels: deletes,
        timeline: timeline::entries(&setup.simulator, &before.tokens, &others, false),
        requests: setup.simulator.requests(),
        diagnostics: said,
        secrets: vec![OWNER.to_owned()],
        ..Observation::new(
            if deletes { Kind::Replace } else { Kind::Apply },
            before,
            snapshot(&setups),
        )
    };
    promises::check(&seen);
    assert!(seen.made().len() <= 1, "{seen}");
    (
        diagnostics,
        setups.map(|one| one.core.state(EXAMPLE).is_some()),
    )
}

#[tokio::test]
async fn one_of_two_blocks_for_an_organization_generates_and_the_other_one_says_that_there_are_two()
{
    for changes in [
        [Create, Create],
        [Create, CreateByForce],
        [CreateByForce, Create],
        [CreateByForce, CreateByForce],
    ] {
        for requests in 0..REQUESTS_OF_A_CREATION {
            let (diagnostics, created) = race(changes, requests).await;
            let [refused] = [0, 1]
                .into_iter()
                .filter(|side| !created[*side])
                .collect::<Vec<_>>()[..]
            else {
                panic!("{changes:?} {requests}: {created:?}");
            };
            let said = diagnostics[refused].to_string();
            assert!(
                said.contains("Two objects"),
                "{changes:?} {requests}: {said}"
            );
            assert!(
                !diagnostics[1 - refused].has_error(),
                "{changes:?} {requests}"
            );
        }
    }
}

/// What is destroyed first makes room, and what is created first is not deleted.
#[tokio::test]
async fn a_renamed_label_never_deletes_the_new_token() {
    for (changes, delete, count) in [
        ([Delete, Create], 0, REQUESTS),
        ([Delete, CreateByForce], 0, REQUESTS),
        ([Create, Delete], 1, REQUESTS_OF_A_CREATION - 1),
        ([CreateByForce, Delete], 1, REQUESTS_OF_A_CREATION),
    ] {
        for requests in 0..count {
            let (diagnostics, exists) = race(changes, requests).await;
            let (deleted, created) = (&diagnostics[delete], &diagnostics[1 - delete]);
            assert!(!deleted.has_error(), "{changes:?} {requests}: {deleted}");
            assert!(!exists[delete], "{changes:?} {requests}");
            let is_created = exists[1 - delete];
            assert_eq!(is_created, !created.has_error(), "{changes:?} {requests}");
            let may_be_refused = changes.contains(&Create);
            assert!(is_created || may_be_refused, "{changes:?} {requests}");
        }
    }
}
