//! Acts out a fault on one request.

use std::sync::Arc;

use hyper::StatusCode;
use serde_json::json;
use tokio::time::{Duration, sleep};

use super::answer::{Answer, JSON_API};
use super::fault::{Change, Content, Fault};
use super::rate_limit::{Allowance, DOCUMENTED_LIMIT};
use super::record::RecordedRequest;
use super::request::Request;
use super::routes;
use super::server::{Outcome, Shared};

/// Executes (or not) and answers (or not) a request as the fault has it.
pub(super) async fn act_out(
    fault: Fault,
    shared: &Arc<Shared>,
    request: Request,
    record: RecordedRequest,
) -> Outcome {
    if let Some(hold) = &fault.hold {
        hold.pass(record.clone()).await;
    }
    pause(fault.change_delay).await;
    let change = fault.change.unwrap_or(if fault.replaces() {
        Change::NotMade
    } else {
        Change::Made
    });
    let own = match change {
        Change::Made => Some(shared.execute(&request)),
        Change::NotMade => None,
        Change::MadeLater(by) => {
            let shared = Arc::clone(shared);
            let underway = shared.begin();
            tokio::spawn(async move {
                sleep(by).await;
                shared.execute(&request);
                drop(underway);
            });
            None
        }
    };
    if let Some(act) = &fault.meanwhile {
        act(&shared.handle());
    }
    if let Some(hold) = &fault.hold_answer {
        hold.pass(record).await;
    }
    pause(fault.answer_delay).await;
    if fault.refuse_next {
        shared.door.close().await;
    }
    if fault.cut {
        return Outcome::Cut;
    }
    let Some(mut answer) = replacement(&fault, shared).or(own) else {
        return Outcome::Cut;
    };
    if fault.truncated {
        answer.body.truncate(answer.body.len() / 2);
    }
    for (name, value) in &fault.headers {
        match value {
            Some(value) => answer.set_header(name, value),
            None => answer.remove_header(name),
        }
    }
    match fault.cut_body {
        false => Outcome::Whole(answer),
        // Nothing can be cut in the middle of nothing.
        true if answer.body.is_empty() => Outcome::Cut,
        true => Outcome::CutBody(answer),
    }
}

/// No timer for no time: tokio's have a resolution of a millisecond.
async fn pause(duration: Duration) {
    if !duration.is_zero() {
        sleep(duration).await;
    }
}

/// The answer that takes the place of the service's own, if any does.
fn replacement(fault: &Fault, shared: &Shared) -> Option<Answer> {
    let status = fault.status.unwrap_or(StatusCode::OK);
    let document = |document| Answer::document(status, &document);
    let mut answer = match &fault.content {
        None => Answer::usual(fault.status?),
        Some(Content::Text { content_type, body }) => {
            Answer::with_body(status, content_type, body.clone().into())
        }
        Some(Content::Html) => Answer::html(status),
        Some(Content::Empty) => Answer::empty(status),
        Some(Content::WrongShape) => {
            document(json!({ "data": [{ "id": 7, "type": true, "attributes": "none" }] }))
        }
        Some(Content::NullData) => document(json!({ "data": null })),
        Some(Content::Huge(bytes)) => {
            let body = format!(r#"{{"data":"{}"}}"#, "x".repeat(*bytes));
            Answer::with_body(status, JSON_API, body.into())
        }
    };
    if answer.is_own() {
        let exhausted = Allowance {
            limit: DOCUMENTED_LIMIT,
            remaining: 0,
            reset: Duration::from_secs(1),
            exceeded: true,
        };
        let allowance = (status == StatusCode::TOO_MANY_REQUESTS).then_some(exhausted);
        routes::sign(&shared.world(), &mut answer, allowance);
    }
    Some(answer)
}
