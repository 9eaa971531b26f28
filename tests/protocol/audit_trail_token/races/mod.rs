//! Two operations at once on one organization, in every order of their requests.
//!
//! The API has no conditional POST or DELETE. A token that came between the last read and the change may be hit, and
//! nothing can be done about that. But a token that an operation has read is respected, a state or result is true as of
//! the operation's last answer, and the next read reports the rest.

mod one_process;
mod order;
mod side;

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};
use std::time::Duration;

use serde_json::json;

use self::order::{next_order, run};
use self::side::End::{self, Refused, ReportedAtOnce, ReportedLater, Well};
use self::side::Operation::{
    self, Create, CreateByForce, Delete, Open, Refresh, Regenerate, RegenerateByForce,
};
use self::side::{ExecutedRequest, SOMEBODY, Side};
use super::{EXAMPLE, ORGANIZATION, OWNER, Setup};
use crate::promises;
use crate::promises::snapshot::Tokens;

/// The requests and diagnostics of a race.
struct Report<'a>(&'a [Operation; 2], &'a [ExecutedRequest], &'a [Side; 2]);

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for executed in self.1 {
            let id = |tokens: &Tokens| {
                let token = tokens.audit_trail(ORGANIZATION);
                token.map_or("none".to_owned(), |token| token.id.clone())
            };
            let operation = self.0[executed.side];
            let request = executed.request.summary();
            let (before, after) = (id(&executed.before), id(&executed.after));
            writeln!(
                f,
                "{} {operation:?}: {request}  {before} -> {after}",
                executed.side
            )?;
        }
        for side in self.2 {
            f.write_str(&side.diagnostics().to_string())?;
            f.write_char('\n')?;
        }
        Ok(())
    }
}

/// Demands that the orders of the requests lead to exactly these ends.
#[track_caller]
fn check(operations: [Operation; 2], expected: &[[End; 2]]) -> impl Future<Output = ()> {
    let expected: BTreeSet<[End; 2]> = expected.iter().copied().collect();
    async move {
        let (mut found, mut count) = (BTreeSet::new(), 0);
        let mut next = Some(Vec::new());
        while let Some(order) = next {
            let (requests, ends) = race(operations, &order).await;
            found.insert(ends);
            next = next_order(&requests);
            count += 1;
        }
        assert_eq!(found, expected, "{operations:?} in {count} orders");
    }
}

async fn race(operations: [Operation; 2], order: &[usize]) -> (Vec<ExecutedRequest>, [End; 2]) {
    let mut first = Setup::new().await;
    let mut second = first.beside(SOMEBODY).await;
    if operations.iter().any(|one| one.has_a_token()) {
        first.apply(json!({})).await.expect_ok();
        let object = first.state().clone();
        if operations[1].has_a_token() {
            second.core.set_state(EXAMPLE, object);
        }
        if !operations[0].has_a_token() {
            first = first.beside(OWNER).await;
        }
    }
    // No two tokens have the same second.
    first.simulator.advance(Duration::from_secs(60));
    let mut sides = [
        Side::new(operations[0], first, OWNER).await,
        Side::new(operations[1], second, SOMEBODY).await,
    ];
    let requests = run(&mut sides, order).await;
    let mut ends = [Well; 2];
    for (number, end) in ends.iter_mut().enumerate() {
        let seen = sides[number].observe(number, &requests);
        let broken = promises::broken(&seen);
        assert!(
            broken.is_empty(),
            "side {number}: {}\n\n{}\n{seen}",
            broken.join("\n"),
            Report(&operations, &requests, &sides)
        );
        *end = sides[number].end(&seen).await;
    }
    (requests, ends)
}

#[tokio::test]
async fn a_create_races_a_create() {
    check(
        [Create, Create],
        &[
            [Well, Refused],
            [Well, ReportedAtOnce],
            [Well, ReportedLater],
            [Refused, Well],
            [ReportedAtOnce, Well],
            [ReportedLater, Well],
        ],
    )
    .await;
}

#[tokio::test]
async fn a_create_races_a_create_by_force() {
    check(
        [Create, CreateByForce],
        &[
            [Well, ReportedAtOnce],
            [Well, ReportedLater],
            [Refused, Well],
            [ReportedAtOnce, Well],
            [ReportedLater, Well],
        ],
    )
    .await;
}

#[tokio::test]
async fn a_create_by_force_races_a_create_by_force() {
    check(
        [CreateByForce, CreateByForce],
        &[
            [Well, ReportedAtOnce],
            [Well, ReportedLater],
            [ReportedAtOnce, Well],
            [ReportedLater, Well],
        ],
    )
    .await;
}

#[tokio::test]
async fn a_create_races_a_deletion() {
    check([Create, Delete], &[[Well, Well], [Refused, Well]]).await;
}

#[tokio::test]
async fn a_create_by_force_races_a_deletion() {
    check(
        [CreateByForce, Delete],
        &[[Well, Well], [ReportedAtOnce, Well], [ReportedLater, Well]],
    )
    .await;
}

#[tokio::test]
async fn a_regeneration_races_a_regeneration() {
    check(
        [Regenerate, Regenerate],
        &[
            [Well, Refused],
            [Well, ReportedAtOnce],
            [Well, ReportedLater],
            [Refused, Well],
            [ReportedAtOnce, Well],
            [ReportedLater, Well],
        ],
    )
    .await;
}

#[tokio::test]
async fn a_regeneration_races_a_regeneration_by_force() {
    check(
        [Regenerate, RegenerateByForce],
        &[
            [Well, ReportedAtOnce],
            [Well, ReportedLater],
            [Refused, Well],
            [ReportedAtOnce, Well],
            [ReportedLater, Well],
        ],
    )
    .await;
}

#[tokio::test]
async fn a_regeneration_races_a_create_by_force() {
    check(
        [Regenerate, CreateByForce],
        &[
            [Well, ReportedAtOnce],
            [Well, ReportedLater],
            [Refused, Well],
            [ReportedAtOnce, Well],
            [ReportedLater, Well],
        ],
    )
    .await;
}

#[tokio::test]
async fn a_regeneration_races_a_deletion() {
    check(
        [Regenerate, Delete],
        &[[Well, Well], [ReportedAtOnce, Well], [ReportedLater, Well]],
    )
    .await;
}

#[tokio::test]
async fn a_deletion_races_a_deletion() {
    check([Delete, Delete], &[[Well, Well]]).await;
}

#[tokio::test]
async fn an_ephemeral_resource_races_a_create() {
    check(
        [Open, Create],
        &[
            [Well, Well],
            [Well, Refused],
            [Well, ReportedAtOnce],
            [Well, ReportedLater],
            [Refused, Well],
        ],
    )
    .await;
}

#[tokio::test]
async fn an_ephemeral_resource_races_a_regeneration() {
    check(
        [Open, Regenerate],
        &[
            [Well, Well],
            [Well, Refused],
            [Well, ReportedAtOnce],
            [Well, ReportedLater],
            [Refused, Well],
        ],
    )
    .await;
}

#[tokio::test]
async fn an_ephemeral_resource_races_a_deletion() {
    check([Open, Delete], &[[Well, Well], [ReportedAtOnce, Well]]).await;
}

#[tokio::test]
async fn an_ephemeral_resource_races_an_ephemeral_resource() {
    check(
        [Open, Open],
        &[[Well, Well], [Well, Refused], [Refused, Well]],
    )
    .await;
}

#[tokio::test]
async fn a_refresh_races_a_regeneration() {
    check(
        [Refresh, Regenerate],
        &[[ReportedAtOnce, Well], [ReportedLater, Well]],
    )
    .await;
}

#[tokio::test]
async fn a_refresh_races_a_deletion() {
    check(
        [Refresh, Delete],
        &[[ReportedAtOnce, Well], [ReportedLater, Well]],
    )
    .await;
}
