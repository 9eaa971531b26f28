//! The routes of the API: one file for each area, and one line in [`AREAS`].
//!
//! What holds for every request is here: service headers, the rate limit, authentication, and the content type of
//! changes. The order of these checks is not documented.

mod audit_trail;
mod authentication_token;
mod call;
pub(super) mod control;
mod discovery;
mod organizations;

use hyper::{Method, StatusCode};

use self::call::{Area, Call};
use crate::rate_limit::Allowance;
use crate::request::{Request, decode_segment};
use crate::response::Response;
use crate::service_state::ServiceState;
use crate::settings::ServiceKind;

pub(super) use self::discovery::SERVICE_PATH;

const AREAS: &[Area] = &[
    organizations::route,
    authentication_token::route,
    audit_trail::route,
];

/// Makes a request's change, and returns the response.
pub(super) fn execute(state: &mut ServiceState, request: &Request) -> Response {
    if request.path == discovery::PATH {
        return discovery::show(request);
    }
    let Some(path) = api_path(&request.path) else {
        return Response::not_found();
    };
    let (limit, uptime) = (state.settings.rate_limit, state.clock.uptime());
    let allowance = state.rate_limit.count(limit, uptime);
    let id = state.random.uuid();
    let call = Call {
        state,
        request,
        id: id.clone(),
    };
    let mut response = if allowance.exceeded {
        Response::usual(StatusCode::TOO_MANY_REQUESTS)
    } else {
        route(call, &path).unwrap_or_else(|error| error)
    };
    response.set_header("x-request-id", &id);
    add_service_headers(state, &mut response, Some(allowance));
    response
}

/// Adds the headers by which the service says what it is, and how many requests it still accepts.
pub(super) fn add_service_headers(
    state: &ServiceState,
    response: &mut Response,
    allowance: Option<Allowance>,
) {
    let (name, api_version) = match state.settings.kind {
        ServiceKind::HcpTerraform => (Some("HCP Terraform"), "2.6"),
        ServiceKind::TerraformEnterprise => (Some("Terraform Enterprise"), "2.6"),
        ServiceKind::Imitation => (None, "2.5"),
    };
    response.set_header("tfp-api-version", api_version);
    if let Some(name) = name {
        response.set_header("tfp-appname", name);
    }
    if state.settings.kind == ServiceKind::TerraformEnterprise {
        response.set_header("x-tfe-version", "v202507-1");
        response.set_header("x-tfe-current-version", "1.0.0");
    }
    let limited =
        state.settings.rate_limit.is_some() || state.settings.kind == ServiceKind::HcpTerraform;
    if let Some(allowance) = allowance.filter(|_| limited) {
        let reset = format!("{:.3}", allowance.reset.as_secs_f64());
        response.set_header("x-ratelimit-limit", &allowance.limit.to_string());
        response.set_header("x-ratelimit-remaining", &allowance.remaining.to_string());
        response.set_header("x-ratelimit-reset", &reset);
    }
}

/// Returns the decoded segments of a path below [`SERVICE_PATH`]; `None` for any other path.
fn api_path(path: &str) -> Option<Vec<String>> {
    path.strip_prefix(SERVICE_PATH)?
        .trim_end_matches('/')
        .split('/')
        .map(decode_segment)
        .collect()
}

/// Answers a request by the area that has its route. An `Err` is a response too, which ended the handler early.
fn route(mut call: Call<'_>, path: &[String]) -> Result<Response, Response> {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    if path == ["ping"] && call.request.method == Method::GET {
        return Ok(Response::empty(StatusCode::NO_CONTENT));
    }
    let principal = call.authenticate()?;
    call.check_content_type()?;
    let request = call.request;
    AREAS
        .iter()
        .find_map(|area| area(&mut call, &principal, request.method.as_str(), &path))
        .unwrap_or_else(|| Err(Response::not_found()))
}
