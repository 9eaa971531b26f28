//! [`Side`]: one side of a race, and how the race ends for it.

use serde_json::{Value as Json, json};
use tfe_simulator::{Breakpoint, Fault, RecordedRequest, Simulator};

use super::super::{DATE, EXAMPLE, LATER, ORGANIZATION, OWNER, Setup, TYPE, block};
use crate::promises;
use crate::promises::kind::Kind;
use crate::promises::observation::{Observation, OpenBlock};
use crate::promises::snapshot::{Snapshot, StateObject, Tokens};
use crate::promises::timeline;
use crate::promises::timeline_entry::{Cause, TimelineEntry};
use tfplugin::Diagnostics;
use tfplugin_testing::{Plan, Walk};

/// The API token of the second side.
pub(super) const SOMEBODY: &str = "planted-token-of-somebody-else";

/// The operation of one side of a race. Plans are made before the race.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Create,
    CreateByForce,
    /// A regeneration in place of the token that both sides may have in their states.
    Regenerate,
    RegenerateByForce,
    Delete,
    Refresh,
    Open,
}
use Operation::{Create, CreateByForce, Delete, Open, Refresh, Regenerate, RegenerateByForce};

impl Operation {
    /// Whether the state has the organization's token before the operation.
    pub(super) fn has_a_token(self) -> bool {
        matches!(self, Regenerate | RegenerateByForce | Delete | Refresh)
    }

    fn kind(self) -> Kind {
        match self {
            Create | CreateByForce | Regenerate | RegenerateByForce => Kind::Apply,
            Delete => Kind::Destroy,
            Refresh => Kind::Refresh,
            Open => Kind::Open,
        }
    }

    fn forces(self) -> bool {
        matches!(self, CreateByForce | RegenerateByForce)
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

/// How a race ends for a side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum End {
    /// Its token is valid, or it has none to keep.
    Well,
    /// The operation was refused with an error.
    Refused,
    /// The operation reported that its token is not valid.
    ReportedAtOnce,
    /// The next refresh reported it.
    ReportedLater,
}
use End::{Refused, ReportedAtOnce, ReportedLater, Well};

/// One request that was executed while the other side waited.
pub(super) struct ExecutedRequest {
    pub(super) side: usize,
    pub(super) request: RecordedRequest,
    pub(super) before: Tokens,
    pub(super) after: Tokens,
    /// Whether the other side could have gone first, and was not tried yet.
    pub(super) alternative: bool,
}

/// One side of a race.
pub(super) struct Side {
    operation: Operation,
    setup: Setup,
    plan: Option<Plan>,
    breakpoint: Breakpoint,
    before: Snapshot,
    diagnostics: Diagnostics,
    opened: Option<Json>,
}

impl Side {
    pub(super) async fn new(operation: Operation, setup: Setup, owner: &str) -> Self {
        let plan = match operation {
            Open | Refresh => None,
            Delete => Some(setup.core.plan_destroy(EXAMPLE).await.expect_ok()),
            _ => Some(setup.plan(operation.arguments()).await.expect_ok()),
        };
        let breakpoint = Breakpoint::new();
        let every = Fault::on_any("").by(owner).always();
        setup.simulator.inject(every.pause_request(&breakpoint));
        Self {
            operation,
            before: snapshot(&setup),
            setup,
            plan,
            breakpoint,
            diagnostics: Diagnostics::new(),
            opened: None,
        }
    }

    pub(super) fn simulator(&self) -> Simulator {
        self.setup.simulator.clone()
    }

    pub(super) fn breakpoint(&self) -> Breakpoint {
        self.breakpoint.clone()
    }

    pub(super) fn diagnostics(&self) -> &Diagnostics {
        &self.diagnostics
    }

    pub(super) async fn act(&mut self) {
        let core = &mut self.setup.core;
        self.diagnostics = match (self.operation, self.plan.take()) {
            (Open, _) => {
                let config = block(self.operation.arguments());
                let opened = core.open_ephemeral(Walk::Apply, TYPE, config).await;
                self.opened = opened.value.map(|opened| opened.result());
                opened.diagnostics
            }
            (_, Some(plan)) => core.apply(plan).await.diagnostics,
            (_, None) => core.refresh(EXAMPLE).await.diagnostics,
        };
    }

    /// Returns what was seen of this side's operation, for which the other side is somebody else.
    pub(super) fn observe(&self, number: usize, requests: &[ExecutedRequest]) -> Observation {
        let entry = |executed: &ExecutedRequest| TimelineEntry {
            cause: match executed.side == number {
                true => timeline::cause(&executed.request, true),
                false => Cause::SomebodyElse,
            },
            before: executed.before.clone(),
            after: executed.after.clone(),
        };
        let own = requests.iter().filter(|executed| executed.side == number);
        Observation {
            operation: format!("{:?}", self.operation),
            forces: self.operation.forces(),
            timeline: requests.iter().map(entry).collect(),
            requests: own.map(|executed| executed.request.clone()).collect(),
            diagnostics: self.diagnostics.clone(),
            opened: self.opened.clone(),
            block: (self.operation == Open).then(|| OpenBlock {
                expired_at: Some(DATE.parse().expect("a date")),
                ..OpenBlock::default()
            }),
            secrets: vec![OWNER.to_owned(), SOMEBODY.to_owned()],
            ..Observation::new(
                self.operation.kind(),
                self.before.clone(),
                snapshot(&self.setup),
            )
        }
    }

    /// Returns how the race ends for this side, whose operation keeps all promises.
    pub(super) async fn end(&mut self, seen: &Observation) -> End {
        let known = seen.current(ORGANIZATION);
        if self.operation == Open {
            return match &self.opened {
                None => Refused,
                Some(opened) if known.is_some_and(|one| opened["token"] == one.secret.expose()) => {
                    Well
                }
                Some(_) => ReportedAtOnce,
            };
        }
        let Some(object) = seen.after.objects.first() else {
            return match self.operation {
                Refresh => ReportedAtOnce,
                Delete => Well,
                _ => Refused,
            };
        };
        if !known.is_some_and(|token| object.has_secret_of(token)) {
            if seen.failed() {
                return Refused;
            }
            self.refresh_reports().await;
            return ReportedAtOnce;
        }
        if seen.failed() {
            return Refused;
        }
        // The token was valid as of the last answer, and the other side may have replaced it since then.
        let now = seen.after.tokens.audit_trail(ORGANIZATION);
        if now.is_some_and(|token| object.has_secret_of(token)) {
            return Well;
        }
        self.refresh_reports().await;
        ReportedLater
    }

    /// Demands that a refresh reports that the token in the state is not valid.
    async fn refresh_reports(&mut self) {
        let simulator = self.setup.simulator.clone();
        simulator.clear_requests();
        let before = snapshot(&self.setup);
        let refreshed = self.setup.core.refresh(EXAMPLE).await;
        let others = timeline::SomebodyElse::default();
        let seen = Observation {
            operation: "the refresh after the race".to_owned(),
            kind: Kind::Refresh,
            forces: false,
            timeline: timeline::entries(&simulator, &before.tokens, &others, false),
            requests: simulator.requests(),
            before,
            after: snapshot(&self.setup),
            diagnostics: refreshed.diagnostics,
            ..self.observe(0, &[])
        };
        promises::check(&seen);
        let mut objects = seen.after.objects.iter();
        let is_reported = objects.all(|object| object.has_status(&["replaced"]));
        assert!(is_reported && !seen.diagnostics.is_empty(), "{seen}");
    }
}

fn snapshot(setup: &Setup) -> Snapshot {
    let object = setup.core.state(EXAMPLE).into_iter();
    Snapshot {
        now: setup.simulator.now(),
        tokens: Tokens::now(&setup.simulator, &[ORGANIZATION]),
        objects: object
            .map(|one| StateObject::new(one.json(), one.tainted, &[]))
            .collect(),
    }
}
