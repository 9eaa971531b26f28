//! Two operations at once on one organization, in every order of their requests.
//!
//! The service executes one request after the other, so the order of the requests is all that can
//! differ. Each request waits until it is its turn; an order that was tried is followed by the next,
//! until there is none. Orders that only differ in which of two looks came first are one (these are
//! sleep sets: Godefroid, *Partial-Order Methods*, 1996). The plans are made before: they are as old
//! as they can be.
//!
//! The API has no conditional POST or DELETE. What came between the last look and the change may be
//! hit, and nothing can be done about that; but whatever a look has shown is respected, what a state
//! or result says is true as of the operation's last answer, and the next look tells the rest.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};

use serde_json::{Value as Json, json};
use tfe_simulator::{Breakpoint, Fault, RecordedRequest, Simulator, Token};
use tfplugin::{Diagnostics, Severity};
use tokio::sync::mpsc;

use super::{DATE, EXAMPLE, LATER, ORGANIZATION, OWNER, Scene, TYPE, block};
use tfplugin_testing::{Plan, Walk};

const SOMEBODY: &str = "planted-token-of-somebody-else";

/// What one side of a race does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operation {
    Create,
    CreateByForce,
    /// In place, of the token that both may have in state.
    Regenerate,
    RegenerateByForce,
    Delete,
    Refresh,
    Open,
}
use Operation::{Create, CreateByForce, Delete, Open, Refresh, Regenerate, RegenerateByForce};

impl Operation {
    /// Whether its state holds the organization's token before.
    fn has_a_token(self) -> bool {
        matches!(self, Regenerate | RegenerateByForce | Delete | Refresh)
    }

    /// Whether it may kill a token that it has seen and that its state does not hold. An ephemeral
    /// may, as long as it is not in use.
    fn may_kill(self) -> bool {
        matches!(self, CreateByForce | RegenerateByForce | Open)
    }

    fn arguments(self) -> Json {
        match self {
            CreateByForce => json!({ "force_regenerate": true }),
            Open => json!({}),
            Regenerate => json!({ "expired_at": LATER }),
            RegenerateByForce => json!({ "expired_at": LATER, "force_regenerate": true }),
            Create | Delete | Refresh => json!({ "expired_at": DATE }),
        }
    }
}

/// What a side was left with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    /// What it has is the live token, or it had nothing to keep.
    Well,
    /// An error kept it from acting.
    Refused,
    /// It was told in the operation that its token is dead.
    ToldAtOnce,
    /// The next look told that its token is dead.
    ToldLater,
}
use End::{Refused, ToldAtOnce, ToldLater, Well};

/// One request that was executed while everybody else waited.
struct Step {
    side: usize,
    request: RecordedRequest,
    before: Option<Token>,
    after: Option<Token>,
    /// Whether the other side could have gone first, and was not tried yet.
    alternative: bool,
}

impl Step {
    fn is_look(&self) -> bool {
        self.request.method == "GET" && self.is_about_the_token()
    }

    fn is_change(&self) -> bool {
        self.request.method != "GET"
    }

    fn is_about_the_token(&self) -> bool {
        self.request.path.contains("/authentication-token")
    }
}

/// One practitioner in a race.
struct Side {
    operation: Operation,
    scene: Scene,
    plan: Option<Plan>,
    hold: Breakpoint,
    /// The token that its state had before.
    own: Option<String>,
    told: Diagnostics,
    /// The secret that an ephemeral returned.
    result: Option<Json>,
}

impl Side {
    async fn new(operation: Operation, scene: Scene, owner: &str) -> Self {
        let plan = match operation {
            Open | Refresh => None,
            Delete => Some(scene.core.plan_destroy(EXAMPLE).await.expect_ok()),
            _ => Some(scene.plan(operation.arguments()).await.expect_ok()),
        };
        let hold = Breakpoint::new();
        let every = Fault::on_any("").by(owner).always();
        scene.simulator.inject(every.pause_request(&hold));
        let own = scene.core.state(EXAMPLE);
        Self {
            operation,
            own: own.map(|object| object.get("token_id").as_str().unwrap().to_owned()),
            scene,
            plan,
            hold,
            told: Diagnostics::new(),
            result: None,
        }
    }

    async fn act(&mut self) {
        let core = &mut self.scene.core;
        self.told = match (self.operation, self.plan.take()) {
            (Open, _) => {
                let config = block(self.operation.arguments());
                let opened = core.open_ephemeral(Walk::Apply, TYPE, config).await;
                self.result = opened.value.map(|opened| opened.get("token"));
                opened.diagnostics
            }
            (_, Some(plan)) => core.apply(plan).await.diagnostics,
            (_, None) => core.refresh(EXAMPLE).await.diagnostics,
        };
    }

    fn is_told(&self, severity: Severity) -> bool {
        self.told.iter().any(|one| one.severity() == severity)
    }

    /// Holds the promises to what became of this side, and says what that is.
    async fn judge(&mut self, number: usize, steps: &[Step]) -> Result<End, String> {
        let mine: Vec<&Step> = steps.iter().filter(|step| step.side == number).collect();
        self.respects_what_it_has_seen(&mine)?;
        let live = mine.last().and_then(|step| step.after.clone());
        let refused = self.is_told(Severity::Error);
        let said_dead = self.told.iter().any(|one| {
            [
                "The New Audit Trail Token Was Replaced at Once",
                "The New Audit Trail Token Is Not Confirmed",
            ]
            .contains(&one.summary())
        });

        if self.operation == Open {
            let secret = live.map_or(Json::Null, |live| live.secret.expose().into());
            return match &self.result {
                None if refused => Ok(Refused),
                Some(result) if *result == secret => Ok(Well),
                Some(_) if said_dead => Ok(ToldAtOnce),
                other => Err(format!("an ephemeral token {other:?} and no word of it")),
            };
        }
        let Some(object) = self.scene.core.state(EXAMPLE) else {
            return match self.operation {
                Create | CreateByForce if refused => Ok(Refused),
                Refresh if live.is_none() => Ok(ToldAtOnce),
                // Of its own token at least, that is true.
                Delete if live.map(|live| live.id) != self.own => Ok(Well),
                _ => Err("nothing is in the state, and nobody was told".to_owned()),
            };
        };
        let (secret, status) = (object.get("token"), object.get("status"));
        let is_live = |live: &Option<Token>| {
            live.as_ref()
                .is_some_and(|live| secret == live.secret.expose())
        };
        if object.tainted && is_live(&live) {
            return Err("an object with a live secret is tainted".to_owned());
        }
        if !is_live(&live) {
            return match status.as_str() {
                Some("replaced") if !self.told.is_empty() => Ok(ToldAtOnce),
                _ if said_dead => self.next_look_tells().await.map(|()| ToldAtOnce),
                _ if refused => Ok(Refused),
                _ => Err(format!("the state says {status}, but its token is dead")),
            };
        }
        if status != "current" {
            return Err(format!("the state says {status}, but its token lives"));
        }
        if refused {
            return Ok(Refused);
        }
        // It was alive when the operation last heard. Since then the other one may have killed it.
        let now = self.scene.simulator.audit_trail_token(ORGANIZATION);
        if is_live(&now) {
            return Ok(Well);
        }
        self.next_look_tells().await.map(|()| ToldLater)
    }

    /// The next look says that the token in the state is dead.
    async fn next_look_tells(&mut self) -> Result<(), String> {
        let looked = self.scene.core.refresh(EXAMPLE).await;
        let kept = self.scene.core.state(EXAMPLE);
        let kept = kept.map(|object| object.get("status"));
        if looked.diagnostics.is_empty() || kept.is_some_and(|status| status != "replaced") {
            return Err("the next look did not tell that the token is dead".to_owned());
        }
        Ok(())
    }

    /// No token dies that a look had shown and that is not this side's, unless it may.
    fn respects_what_it_has_seen(&self, mine: &[&Step]) -> Result<(), String> {
        if self.operation.may_kill() {
            return Ok(());
        }
        let mut seen = None;
        for step in mine {
            let before = step.before.as_ref().map(|token| token.id.clone());
            if step.is_look() {
                seen = before;
            } else if step.is_change() && before.is_some() && before != self.own && before == seen {
                return Err(format!("it killed {before:?}, which it had seen"));
            }
        }
        Ok(())
    }
}

/// Lets both sides act, one request at a time: the first ones in the given order, then the first
/// side before the second.
async fn run(sides: &mut [Side; 2], order: &[usize]) -> Vec<Step> {
    let simulator = sides[0].scene.simulator.clone();
    let holds = sides.each_ref().map(|side| side.hold.clone());
    let (done, ended) = mpsc::unbounded_channel();
    let [first, second] = sides;
    let act = async {
        let one = async {
            first.act().await;
            done.send(0).unwrap();
        };
        let other = async {
            second.act().await;
            done.send(1).unwrap();
        };
        tokio::join!(one, other);
    };
    let (steps, ()) = tokio::join!(steer(&simulator, &holds, ended, order), act);
    holds.iter().for_each(Breakpoint::release_all);
    steps
}

async fn steer(
    simulator: &Simulator,
    holds: &[Breakpoint; 2],
    mut ended: mpsc::UnboundedReceiver<usize>,
    order: &[usize],
) -> Vec<Step> {
    let token = || simulator.audit_trail_token(ORGANIZATION);
    let mut steps: Vec<Step> = Vec::new();
    let mut waiting: [Option<RecordedRequest>; 2] = [None, None];
    let mut done = [false; 2];
    // A side whose request, if it were executed now, would only repeat an order that was tried.
    let mut asleep = None;
    loop {
        // Until each of them waits, or has ended: only then nothing is in flight.
        while (0..2).any(|side| waiting[side].is_none() && !done[side]) {
            tokio::select! {
                request = holds[0].arrived() => waiting[0] = Some(request),
                request = holds[1].arrived() => waiting[1] = Some(request),
                Some(side) = ended.recv() => done[side] = true,
            }
        }
        if let Some(last) = steps.last_mut() {
            last.after = token();
        }
        let may_go: Vec<usize> = (0..2).filter(|side| waiting[*side].is_some()).collect();
        let awake = may_go.iter().filter(|side| asleep != Some(**side)).count();
        let side = match (order.get(steps.len()), may_go.as_slice()) {
            (_, []) => return steps,
            (_, [only]) => *only,
            (Some(wanted), _) => *wanted,
            (None, _) if asleep == Some(0) => 1,
            (None, _) => 0,
        };
        if awake == 2 && side == 1 {
            asleep = Some(0);
        }
        let request = waiting[side].take().expect("it waits");
        // Two looks may change places, and nothing is different.
        asleep = asleep.filter(|other| {
            let is_look = |request: &RecordedRequest| request.method == "GET";
            *other != side && is_look(&request) && waiting[*other].as_ref().is_some_and(is_look)
        });
        steps.push(Step {
            side,
            request,
            before: token(),
            after: None,
            alternative: awake == 2 && side == 0,
        });
        holds[side].release();
    }
}

/// The order to be tried after this one; `None` after the last.
fn next_order(steps: &[Step]) -> Option<Vec<usize>> {
    let turn = steps.iter().rposition(|step| step.alternative)?;
    let mut order: Vec<usize> = steps[..turn].iter().map(|step| step.side).collect();
    order.push(1);
    Some(order)
}

/// A race as it happened.
struct Story<'a>(&'a [Operation; 2], &'a [Step], &'a [Side; 2]);

impl fmt::Display for Story<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in self.1 {
            let id = |token: &Option<Token>| match token {
                Some(token) => token.id.clone(),
                None => "none".to_owned(),
            };
            let operation = self.0[step.side];
            let request = step.request.summary();
            let (before, after) = (id(&step.before), id(&step.after));
            writeln!(
                f,
                "{} {operation:?}: {request}  {before} -> {after}",
                step.side
            )?;
        }
        for side in self.2 {
            f.write_str(&side.told.to_string())?;
            f.write_char('\n')?;
        }
        Ok(())
    }
}

/// Tries every order, and finds exactly these ends.
#[track_caller]
fn check(operations: [Operation; 2], expected: &[[End; 2]]) -> impl Future<Output = ()> {
    let expected: BTreeSet<[End; 2]> = expected.iter().copied().collect();
    async move {
        let (mut found, mut count) = (BTreeSet::new(), 0);
        let mut next = Some(Vec::new());
        while let Some(order) = next {
            let (steps, ends) = race(operations, &order).await;
            found.insert(ends);
            next = next_order(&steps);
            count += 1;
        }
        assert_eq!(found, expected, "{operations:?} in {count} orders");
    }
}

async fn race(operations: [Operation; 2], order: &[usize]) -> (Vec<Step>, [End; 2]) {
    let mut first = Scene::new().await;
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
    // So that no two tokens are of the same second.
    first.simulator.advance(std::time::Duration::from_secs(60));
    let mut sides = [
        Side::new(operations[0], first, OWNER).await,
        Side::new(operations[1], second, SOMEBODY).await,
    ];
    let steps = run(&mut sides, order).await;
    let mut ends = [Well; 2];
    for (number, end) in ends.iter_mut().enumerate() {
        match sides[number].judge(number, &steps).await {
            Ok(judged) => *end = judged,
            Err(problem) => panic!(
                "side {number}: {problem}\n\n{}",
                Story(&operations, &steps, &sides)
            ),
        }
    }
    (steps, ends)
}

#[tokio::test]
async fn two_creates() {
    check(
        [Create, Create],
        &[
            [Well, Refused],
            [Well, ToldAtOnce],
            [Well, ToldLater],
            [Refused, Well],
            [ToldAtOnce, Well],
            [ToldLater, Well],
        ],
    )
    .await;
}

#[tokio::test]
async fn a_create_and_one_by_force() {
    check(
        [Create, CreateByForce],
        &[
            [Well, ToldAtOnce],
            [Well, ToldLater],
            [Refused, Well],
            [ToldAtOnce, Well],
            [ToldLater, Well],
        ],
    )
    .await;
}

#[tokio::test]
async fn two_creates_by_force() {
    check(
        [CreateByForce, CreateByForce],
        &[
            [Well, ToldAtOnce],
            [Well, ToldLater],
            [ToldAtOnce, Well],
            [ToldLater, Well],
        ],
    )
    .await;
}

#[tokio::test]
async fn a_create_and_a_deletion() {
    check([Create, Delete], &[[Well, Well], [Refused, Well]]).await;
}

#[tokio::test]
async fn a_create_by_force_and_a_deletion() {
    check(
        [CreateByForce, Delete],
        &[[Well, Well], [ToldAtOnce, Well], [ToldLater, Well]],
    )
    .await;
}

#[tokio::test]
async fn two_regenerations_of_one_token() {
    check(
        [Regenerate, Regenerate],
        &[
            [Well, Refused],
            [Well, ToldAtOnce],
            [Well, ToldLater],
            [Refused, Well],
            [ToldAtOnce, Well],
            [ToldLater, Well],
        ],
    )
    .await;
}

#[tokio::test]
async fn a_regeneration_and_one_by_force() {
    check(
        [Regenerate, RegenerateByForce],
        &[
            [Well, ToldAtOnce],
            [Well, ToldLater],
            [Refused, Well],
            [ToldAtOnce, Well],
            [ToldLater, Well],
        ],
    )
    .await;
}

#[tokio::test]
async fn a_regeneration_and_a_create_by_force() {
    check(
        [Regenerate, CreateByForce],
        &[
            [Well, ToldAtOnce],
            [Well, ToldLater],
            [Refused, Well],
            [ToldAtOnce, Well],
            [ToldLater, Well],
        ],
    )
    .await;
}

#[tokio::test]
async fn a_regeneration_and_a_deletion() {
    check(
        [Regenerate, Delete],
        &[[Well, Well], [ToldAtOnce, Well], [ToldLater, Well]],
    )
    .await;
}

#[tokio::test]
async fn two_deletions() {
    check([Delete, Delete], &[[Well, Well]]).await;
}

#[tokio::test]
async fn an_ephemeral_and_a_create() {
    check(
        [Open, Create],
        &[
            [Well, Well],
            [Well, Refused],
            [Well, ToldAtOnce],
            [Well, ToldLater],
            [Refused, Well],
        ],
    )
    .await;
}

#[tokio::test]
async fn an_ephemeral_and_a_regeneration() {
    check(
        [Open, Regenerate],
        &[
            [Well, Well],
            [Well, Refused],
            [Well, ToldAtOnce],
            [Well, ToldLater],
            [Refused, Well],
        ],
    )
    .await;
}

#[tokio::test]
async fn an_ephemeral_and_a_deletion() {
    check([Open, Delete], &[[Well, Well], [ToldAtOnce, Well]]).await;
}

#[tokio::test]
async fn two_ephemerals() {
    check(
        [Open, Open],
        &[[Well, Well], [Well, Refused], [Refused, Well]],
    )
    .await;
}

#[tokio::test]
async fn a_refresh_and_a_regeneration() {
    check(
        [Refresh, Regenerate],
        &[[ToldAtOnce, Well], [ToldLater, Well]],
    )
    .await;
}

#[tokio::test]
async fn a_refresh_and_a_deletion() {
    check([Refresh, Delete], &[[ToldAtOnce, Well], [ToldLater, Well]]).await;
}
