//! A POST or DELETE without a clear answer: the provider reads what it did, and never repeats it blindly.
//!
//! Every order of a request that the service executes, does not execute, or executes late. The script of a fault makes
//! the late change between two given requests, so that no order depends on time.

use std::fmt;

use tfe_simulator::{Fault, Method, Service, Simulator};

use super::case::Case;
use super::cases::CASES;
use super::runner::{demand, run_all};
use super::situation::{ProviderOptions, Situation};
use crate::audit_trail_token::setup::{DATE, EXAMPLE, ORGANIZATION};
use crate::promises;

const LOST: &str = "The Secret of the New Audit Trail Token Was Lost";
const UNKNOWN: &str = "Unknown Whether an Audit Trail Token Was Generated";
const AGAIN: &str = "An Audit Trail Token Was Generated More Than Once";
const AT_ONCE: &str = "The New Audit Trail Token Was Replaced at Once";
const NOT_DELETED: &str = "Error deleting organization audit trail token";
const NOT_REVOKED: &str = "Error Revoking Audit Trail Token";
const LEFT_ALONE: &str = "Another Audit Trail Token Was Left Alone";

/// When the first request takes effect, whose connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TakesEffect {
    Never,
    BeforeTheCut,
    /// After the read that follows it.
    AfterTheRead,
    /// After the second request of its kind.
    AfterTheSecond,
    /// After the read that confirms the second.
    AfterTheEnd,
}

/// What happens to the second request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Second {
    Answered,
    /// It takes effect, and its answer does not arrive.
    AnswerLost,
    Fails,
    /// It is not sent, because the read before it fails.
    NotSent,
}

/// What happens to the two requests of a case, and what the operation reports.
#[derive(Clone, Copy, Debug)]
struct Order {
    case: &'static str,
    first: TakesEffect,
    second: Second,
    /// The summary of the diagnostic that reports it; `None`: there is no error.
    reported: Option<&'static str>,
    /// The number of requests of this kind that are sent.
    count: usize,
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: the first takes effect {:?}, the second {:?}",
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

/// Two POSTs, the summary of the diagnostic, and the number of POSTs.
const POSTS: [(TakesEffect, Second, Option<&str>, usize); 14] = [
    (TakesEffect::Never, Second::Answered, None, 2),
    (TakesEffect::BeforeTheCut, Second::Answered, Some(AGAIN), 2),
    (TakesEffect::AfterTheRead, Second::Answered, None, 2),
    (
        TakesEffect::AfterTheSecond,
        Second::Answered,
        Some(AT_ONCE),
        2,
    ),
    // The operation cannot know it; the next plan reports it.
    (TakesEffect::AfterTheEnd, Second::Answered, None, 2),
    (TakesEffect::Never, Second::AnswerLost, Some(LOST), 2),
    (TakesEffect::BeforeTheCut, Second::AnswerLost, Some(LOST), 2),
    (TakesEffect::AfterTheRead, Second::AnswerLost, Some(LOST), 2),
    (
        TakesEffect::AfterTheSecond,
        Second::AnswerLost,
        Some(LOST),
        2,
    ),
    (TakesEffect::Never, Second::Fails, Some(UNKNOWN), 2),
    (TakesEffect::BeforeTheCut, Second::Fails, Some(LOST), 2),
    (TakesEffect::AfterTheRead, Second::Fails, Some(LOST), 2),
    (TakesEffect::Never, Second::NotSent, Some(UNKNOWN), 1),
    (TakesEffect::BeforeTheCut, Second::NotSent, Some(UNKNOWN), 1),
];

/// Two DELETEs, the summary of the diagnostic, and the number of DELETEs: at most three are sent.
const DELETES: [(TakesEffect, Second, Option<&str>, usize); 7] = [
    (TakesEffect::Never, Second::Answered, None, 2),
    (TakesEffect::BeforeTheCut, Second::Answered, None, 1),
    (TakesEffect::AfterTheRead, Second::Answered, None, 2),
    (TakesEffect::Never, Second::AnswerLost, None, 2),
    (TakesEffect::Never, Second::Fails, Some(NOT_DELETED), 3),
    (TakesEffect::Never, Second::NotSent, Some(NOT_DELETED), 1),
    (
        TakesEffect::BeforeTheCut,
        Second::NotSent,
        Some(NOT_DELETED),
        1,
    ),
];

impl Order {
    fn all() -> Vec<Self> {
        let order = |case, (first, second, reported, count)| Self {
            case,
            first,
            second,
            reported,
            count,
        };
        let posts = GENERATING
            .iter()
            .flat_map(|&case| POSTS.map(|row| order(case, row)));
        let deletes = DELETES.map(|row| order("deletion", row));
        let revokes = DELETES.map(|(first, second, reported, count)| {
            let reported = reported.map(|_| NOT_REVOKED);
            order("revocation", (first, second, reported, count))
        });
        posts.chain(deletes).chain(revokes).collect()
    }

    async fn run(self) {
        let case = self.case();
        let mut situation = Situation::new(case.start, &ProviderOptions::default()).await;
        case.prepare(&mut situation).await;
        let reads = self.reads_before(case).await;
        let simulator = situation.setup.simulator.clone();
        self.script(&simulator, reads);
        let (done, requests) = case.act_and_judge(&mut situation).await;
        let diagnostics = done.diagnostics.to_string();
        match self.reported {
            Some(summary) => assert!(
                diagnostics.contains(summary),
                "{summary:?} is not reported:\n{diagnostics}"
            ),
            None => assert!(!done.diagnostics.has_error(), "{diagnostics}"),
        }
        let again = diagnostics.contains(AGAIN);
        assert_eq!(again, self.reported == Some(AGAIN), "{diagnostics}");
        let sent = requests
            .iter()
            .filter(|one| one.method == self.method().as_str());
        assert_eq!(sent.count(), self.count, "requests of the kind");
        assert!(
            !requests
                .windows(2)
                .any(|two| two[0].method != "GET" && two[1].method != "GET"),
            "there is a read between two changes"
        );

        simulator.clear_faults();
        let another_token = [Some(UNKNOWN), Some(AT_ONCE)].contains(&self.reported)
            || self.first == TakesEffect::AfterTheEnd;
        case.recover(&mut situation, another_token).await;
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

    /// Returns the number of reads of the token before the operation's first change.
    async fn reads_before(&self, case: &Case) -> usize {
        let mut situation = Situation::new(case.start, &ProviderOptions::default()).await;
        case.prepare(&mut situation).await;
        case.act(&mut situation).await;
        let requests = situation.setup.simulator.requests();
        let before = requests.iter().take_while(|one| one.method == "GET");
        before
            .filter(|one| one.path.contains("authentication-token"))
            .count()
    }

    fn script(&self, simulator: &Simulator, reads: usize) {
        let change = || Fault::on(self.method(), "authentication-token");
        let read = |skip| Fault::on(Method::GET, "authentication-token").skip(skip);
        let deletes = self.method() == Method::DELETE;
        let late = move |simulator: &Service| {
            if deletes {
                simulator.revoke_elsewhere(ORGANIZATION);
            } else {
                // It is the provider's own request, which has this date.
                let until = DATE.parse().expect("a date");
                simulator.regenerate_elsewhere_until(ORGANIZATION, until);
            }
        };
        simulator.inject(match self.first {
            TakesEffect::BeforeTheCut => change().after_change().cut(),
            _ => change().cut(),
        });
        match self.first {
            TakesEffect::AfterTheRead => simulator.inject(read(reads).meanwhile(late)),
            TakesEffect::AfterTheEnd => simulator.inject(read(reads + 1).meanwhile(late)),
            _ => {}
        }
        let second = match self.second {
            Second::Answered => change(),
            Second::AnswerLost => change().after_change().cut(),
            Second::Fails => change().cut().always(),
            Second::NotSent => read(reads).status(503).always(),
        };
        simulator.inject(match self.first {
            TakesEffect::AfterTheSecond => second.meanwhile(late),
            _ => second,
        });
    }
}

#[test]
fn a_post_or_delete_without_a_clear_answer_is_followed_by_a_read_before_it_is_repeated() {
    let orders = super::runner::selected(Order::all());
    let count = orders.len();
    let (_, failures) = run_all(orders, 12, Order::run);
    demand(&failures);
    println!("{count} orders");
}

#[tokio::test]
async fn a_token_that_appears_during_a_deletion_without_an_answer_is_left_alone() {
    let case = CASES.iter().find(|case| case.name == "deletion").unwrap();
    let delete = || Fault::on(Method::DELETE, "authentication-token");
    for fault in [delete().cut(), delete().after_change().cut()] {
        let mut situation = Situation::new(case.start, &ProviderOptions::default()).await;
        case.prepare(&mut situation).await;
        let simulator = situation.setup.simulator.clone();
        let before = situation.snapshot();
        let somebody_else = situation.somebody_else.clone();
        simulator.inject(fault.meanwhile(move |simulator| {
            somebody_else.regenerates(simulator, ORGANIZATION);
        }));
        let done = case.act(&mut situation).await;
        let kind = case.act.kind();
        promises::check(&situation.observe(case.name, kind, before, done.diagnostics.clone()));
        assert!(done.diagnostics.to_string().contains(LEFT_ALONE));
        assert!(situation.setup.core.state(EXAMPLE).is_none());
    }
}
