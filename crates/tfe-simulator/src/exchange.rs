//! One request and its response, in any version of HTTP.

use std::io;
use std::sync::Arc;

use http_body_util::BodyExt;
use hyper::body::{Bytes, Incoming};
use hyper::header::HeaderMap;

use crate::fault_injection;
use crate::payload::Payload;
use crate::request::Request;
use crate::response::{Delivery, Response};
use crate::routes::control;
use crate::server_state::ServerState;

/// Reads a request to its end and executes it. Returns what is sent as its response.
///
/// # Errors
///
/// The request's body does not end.
pub(crate) async fn execute(
    server: Arc<ServerState>,
    request: hyper::Request<Incoming>,
) -> io::Result<Delivery> {
    let (head, body) = request.into_parts();
    let request = Request {
        version: head.version,
        method: head.method,
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: head.headers,
        body: body.collect().await.map_err(io::Error::other)?.to_bytes(),
    };
    // In a task of its own, so that the request is executed even if the client hangs up.
    tokio::spawn(answer(server, request))
        .await
        .map_err(io::Error::other)
}

/// Records a request, executes it, with the fault that it meets, and reports it to the observer.
async fn answer(server: Arc<ServerState>, request: Request) -> Delivery {
    if server.control && request.path.starts_with(control::PREFIX) {
        return Delivery::Whole(control::execute(&mut server.service.state(), &request));
    }
    let _in_flight = server.begin();
    let (record, fault) = {
        // Under one lock: requests meet faults in the order in which they are recorded.
        let mut state = server.service.state();
        (
            state.record_request(&request),
            server.faults().next(&request),
        )
    };
    let number = record.number;
    let (delivery, answered) = match fault {
        None => (Delivery::Whole(server.execute(&request)), true),
        Some(fault) => {
            let is_faithful = fault.is_faithful();
            let delivery = fault_injection::inject(fault, &server, request, record).await;
            (delivery, is_faithful)
        }
    };
    let response = match &delivery {
        Delivery::Whole(response) | Delivery::CutBody(response) => Some(response),
        Delivery::Cut | Delivery::Reset(_) | Delivery::GoAway { .. } => None,
    };
    let mut state = server.service.state();
    let record = state.record_response(number, response, answered);
    drop(state);
    if let (Some(observer), Some(record)) = (&server.observer, record) {
        observer(&record);
    }
    delivery
}

/// Returns the response as hyper sends it.
pub(crate) fn on_the_wire(
    response: Response,
    payload: fn(Bytes) -> Payload,
) -> hyper::Response<Payload> {
    let mut wire = hyper::Response::new(payload(response.body));
    *wire.status_mut() = response.status;
    *wire.headers_mut() = response.headers.into_iter().collect::<HeaderMap>();
    wire
}
