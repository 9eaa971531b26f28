//! Does to one request what a fault says.

use std::sync::Arc;

use hyper::StatusCode;
use serde_json::json;
use tokio::time::{Duration, sleep};

use crate::fault::{Change, Content, Fault, Reset};
use crate::rate_limit::{Allowance, DOCUMENTED_LIMIT};
use crate::record::RecordedRequest;
use crate::request::Request;
use crate::response::{Delivery, JSON_API, Response};
use crate::routes;
use crate::server_state::ServerState;

/// Executes and answers a request, as far as the fault lets it.
pub(crate) async fn inject(
    fault: Fault,
    server: &Arc<ServerState>,
    request: Request,
    record: RecordedRequest,
) -> Delivery {
    if let Some(breakpoint) = &fault.pause_request {
        breakpoint.pass(record.clone()).await;
    }
    pause(fault.change_delay).await;
    let change = fault.change.unwrap_or(if fault.replaces() {
        Change::NotMade
    } else {
        Change::Made
    });
    let own = match change {
        Change::Made => Some(server.execute(&request)),
        Change::NotMade => None,
        Change::MadeLater(by) => {
            let server = Arc::clone(server);
            let in_flight = server.begin();
            tokio::spawn(async move {
                sleep(by).await;
                server.execute(&request);
                drop(in_flight);
            });
            None
        }
    };
    if let Some(act) = &fault.meanwhile {
        act(&server.service);
    }
    if let Some(breakpoint) = &fault.pause_response {
        breakpoint.pass(record).await;
    }
    pause(fault.response_delay).await;
    if fault.then_refuse_connections {
        server.listener.stop().await;
    }
    if fault.cut {
        return Delivery::Cut;
    }
    if let Some(reset) = fault.reset {
        return Delivery::Reset(match reset {
            Reset::Refused => h2::Reason::REFUSED_STREAM,
            Reset::Cancelled => h2::Reason::CANCEL,
            Reset::InternalError => h2::Reason::INTERNAL_ERROR,
        });
    }
    if fault.go_away {
        return Delivery::GoAway {
            processed: change != Change::NotMade,
        };
    }
    let Some(mut response) = replacement(&fault, server).or(own) else {
        return Delivery::Cut;
    };
    if fault.truncated {
        response.body.truncate(response.body.len() / 2);
    }
    for (name, value) in &fault.headers {
        match value {
            Some(value) => response.set_header(name, value),
            None => response.remove_header(name),
        }
    }
    match fault.cut_body {
        false => Delivery::Whole(response),
        // An empty body has no middle.
        true if response.body.is_empty() => Delivery::Cut,
        true => Delivery::CutBody(response),
    }
}

/// Waits; without a timer for no time, because tokio's timers have a resolution of a millisecond.
async fn pause(duration: Duration) {
    if !duration.is_zero() {
        sleep(duration).await;
    }
}

/// Returns the response that replaces the service's own, if the fault has one.
fn replacement(fault: &Fault, server: &ServerState) -> Option<Response> {
    let status = fault.status.unwrap_or(StatusCode::OK);
    let document = |document| Response::document(status, &document);
    let mut response = match &fault.content {
        None => Response::usual(fault.status?),
        Some(Content::Text { content_type, body }) => {
            Response::with_body(status, content_type, body.clone().into())
        }
        Some(Content::Html) => Response::html(status),
        Some(Content::Empty) => Response::empty(status),
        Some(Content::WrongShape) => {
            document(json!({ "data": [{ "id": 7, "type": true, "attributes": "none" }] }))
        }
        Some(Content::NullData) => document(json!({ "data": null })),
        Some(Content::Huge(bytes)) => {
            let body = format!(r#"{{"data":"{}"}}"#, "x".repeat(*bytes));
            Response::with_body(status, JSON_API, body.into())
        }
    };
    if response.is_own() {
        let exhausted = Allowance {
            limit: DOCUMENTED_LIMIT,
            remaining: 0,
            reset: Duration::from_secs(1),
            exceeded: true,
        };
        let allowance = (status == StatusCode::TOO_MANY_REQUESTS).then_some(exhausted);
        routes::add_service_headers(&server.service.state(), &mut response, allowance);
    }
    Some(response)
}
