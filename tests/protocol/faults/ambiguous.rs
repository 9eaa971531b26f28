//! A POST or DELETE whose answer is not clear: it is looked up what it did, and never replayed blindly.
//!
//! Every order of "the service acted", "it did not", and "it acts late": the late change falls at a given place between
//! two requests, where the script makes it, so that no clock decides.

use std::fmt;

use tfe_simulator::{Fault, Method, Service, Simulator};

use super::case::{CASES, Case};
use super::runner::{demand, run_all};
use super::situation::{ProviderOptions, Situation};
use crate::audit_trail_token::setup::{EXAMPLE, ORGANIZATION};
use crate::promises;

const LOST: &str = "The Secret of the New Audit Trail Token Was Lost";
const UNKNOWN: &str = "Unknown Whether an Audit Trail Token Was Generated";
const AGAIN: &str = "An Audit Trail Token Was Generated More Than Once";
const AT_ONCE: &str = "The New Audit Trail Token Was Replaced at Once";
const NOT_DELETED: &str = "Error deleting organization audit trail token";
const NOT_REVOKED: &str = "Error Revoking Audit Trail Token";
const LEFT_ALONE: &str = "Another Audit Trail Token Was Left Alone";

/// When a request takes effect whose connection was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Acts {
    Never,
    BeforeTheCut,
    /// After the look that follows it.
    AfterTheLook,
    /// After the second request of its kind.
    AfterTheSecond,
    /// After the look that confirms the second.
    AfterTheEnd,
}

/// What becomes of the second request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Second {
    Answered,
    ActsUnheard,
    Fails,
    /// It is not even sent: the look fails, whatever it asks.
    Blind,
}

#[derive(Clone, Copy, Debug)]
struct Order {
    case: &'static str,
    first: Acts,
    second: Second,
    /// The summary of what is told; `None`: nothing.
    told: Option<&'static str>,
    /// How many requests of the kind were sent.
    count: usize,
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: the first acts {:?}, the second {:?}",
            self.case, self.first, self.second
        )
    }
}

const GENERATING: [&str; 5] = [
    "creation",
    "sealed creation",
    "regeneration by expired_at",
    "regeneration of a sealed token",
    "ephemeral over an unused token",
];

/// Two POSTs: what each does, and what is told.
const POSTS: [(Acts, Second, Option<&str>, usize); 14] = [
    (Acts::Never, Second::Answered, None, 2),
    (Acts::BeforeTheCut, Second::Answered, Some(AGAIN), 2),
    (Acts::AfterTheLook, Second::Answered, None, 2),
    (Acts::AfterTheSecond, Second::Answered, Some(AT_ONCE), 2),
    // Nobody can know; the next plan says it.
    (Acts::AfterTheEnd, Second::Answered, None, 2),
    (Acts::Never, Second::ActsUnheard, Some(LOST), 2),
    (Acts::BeforeTheCut, Second::ActsUnheard, Some(LOST), 2),
    (Acts::AfterTheLook, Second::ActsUnheard, Some(LOST), 2),
    (Acts::AfterTheSecond, Second::ActsUnheard, Some(LOST), 2),
    (Acts::Never, Second::Fails, Some(UNKNOWN), 2),
    (Acts::BeforeTheCut, Second::Fails, Some(LOST), 2),
    (Acts::AfterTheLook, Second::Fails, Some(LOST), 2),
    (Acts::Never, Second::Blind, Some(UNKNOWN), 1),
    (Acts::BeforeTheCut, Second::Blind, Some(UNKNOWN), 1),
];

/// Two DELETEs, likewise. A third one is the last.
const DELETES: [(Acts, Second, Option<&str>, usize); 7] = [
    (Acts::Never, Second::Answered, None, 2),
    (Acts::BeforeTheCut, Second::Answered, None, 1),
    (Acts::AfterTheLook, Second::Answered, None, 2),
    (Acts::Never, Second::ActsUnheard, None, 2),
    (Acts::Never, Second::Fails, Some(NOT_DELETED), 3),
    (Acts::Never, Second::Blind, Some(NOT_DELETED), 1),
    (Acts::BeforeTheCut, Second::Blind, Some(NOT_DELETED), 1),
];

impl Order {
    fn all() -> Vec<Self> {
        let order = |case, (first, second, told, count)| Self {
            case,
            first,
            second,
            told,
            count,
        };
        let posts = GENERATING
            .iter()
            .flat_map(|&case| POSTS.map(|row| order(case, row)));
        let deletes = DELETES.map(|row| order("deletion", row));
        let revokes = DELETES.map(|(first, second, told, count)| {
            let told = told.map(|_| NOT_REVOKED);
            order("revocation", (first, second, told, count))
        });
        posts.chain(deletes).chain(revokes).collect()
    }

    async fn run(self) {
        let case = self.case();
        let mut situation = Situation::new(case.start, &ProviderOptions::default()).await;
        case.prepare(&mut situation).await;
        let looks = self.looks_before(case).await;
        let simulator = situation.setup.simulator.clone();
        self.script(&simulator, looks);
        let (done, requests) = case.act_as_promised(&mut situation).await;
        let told = done.diagnostics.to_string();
        match self.told {
            Some(summary) => assert!(told.contains(summary), "{summary:?} was not told:\n{told}"),
            None => assert!(!done.diagnostics.has_error(), "{told}"),
        }
        let again = told.contains(AGAIN);
        assert_eq!(again, self.told == Some(AGAIN), "{told}");
        let sent = requests
            .iter()
            .filter(|one| one.method == self.method().as_str());
        assert_eq!(sent.count(), self.count, "requests of the kind");
        assert!(
            !requests
                .windows(2)
                .any(|two| two[0].method != "GET" && two[1].method != "GET"),
            "a look lies between two changes"
        );

        simulator.clear_faults();
        let disturbed =
            [Some(UNKNOWN), Some(AT_ONCE)].contains(&self.told) || self.first == Acts::AfterTheEnd;
        case.recover(&mut situation, disturbed).await;
    }

    fn case(&self) -> &'static Case {
        let mut cases = CASES.iter();
        cases
            .find(|case| case.name == self.case)
            .expect("a case of that name")
    }

    fn method(&self) -> Method {
        match self.case {
            "deletion" | "revocation" => Method::DELETE,
            _ => Method::POST,
        }
    }

    /// How often the operation looks at the token before it changes anything.
    async fn looks_before(&self, case: &Case) -> usize {
        let mut situation = Situation::new(case.start, &ProviderOptions::default()).await;
        case.prepare(&mut situation).await;
        case.act(&mut situation).await;
        let requests = situation.setup.simulator.requests();
        let before = requests.iter().take_while(|one| one.method == "GET");
        before
            .filter(|one| one.path.contains("authentication-token"))
            .count()
    }

    fn script(&self, simulator: &Simulator, looks: usize) {
        let change = || Fault::on(self.method(), "authentication-token");
        let look = |skip| Fault::on(Method::GET, "authentication-token").skip(skip);
        let deletes = self.method() == Method::DELETE;
        let late = move |simulator: &Service| {
            if deletes {
                simulator.revoke_elsewhere(ORGANIZATION);
            } else {
                simulator.regenerate_elsewhere(ORGANIZATION);
            }
        };
        simulator.inject(match self.first {
            Acts::BeforeTheCut => change().after_change().cut(),
            _ => change().cut(),
        });
        match self.first {
            Acts::AfterTheLook => simulator.inject(look(looks).meanwhile(late)),
            Acts::AfterTheEnd => simulator.inject(look(looks + 1).meanwhile(late)),
            _ => {}
        }
        let second = match self.second {
            Second::Answered => change(),
            Second::ActsUnheard => change().after_change().cut(),
            Second::Fails => change().cut().always(),
            Second::Blind => look(looks).status(503).always(),
        };
        simulator.inject(match self.first {
            Acts::AfterTheSecond => second.meanwhile(late),
            _ => second,
        });
    }
}

#[test]
fn an_unclear_post_or_delete_is_looked_up_and_not_replayed() {
    let orders = super::runner::wanted_all(Order::all());
    let count = orders.len();
    let (_, failures) = run_all(orders, 12, Order::run);
    demand(&failures);
    println!("{count} orders");
}

#[tokio::test]
async fn a_token_that_came_while_a_deletion_was_unclear_is_left_alone() {
    let case = CASES.iter().find(|case| case.name == "deletion").unwrap();
    let delete = || Fault::on(Method::DELETE, "authentication-token");
    for unclear in [delete().cut(), delete().after_change().cut()] {
        let mut situation = Situation::new(case.start, &ProviderOptions::default()).await;
        case.prepare(&mut situation).await;
        let simulator = situation.setup.simulator.clone();
        let before = situation.snapshot();
        let somebody_else = situation.somebody_else.clone();
        simulator.inject(unclear.meanwhile(move |simulator| {
            somebody_else.regenerates(simulator, ORGANIZATION);
        }));
        let done = case.act(&mut situation).await;
        let kind = case.act.kind();
        promises::check(&situation.observe(case.name, kind, before, done.diagnostics.clone()));
        assert!(done.diagnostics.to_string().contains(LEFT_ALONE));
        assert!(situation.setup.core.state(EXAMPLE).is_none());
    }
}
