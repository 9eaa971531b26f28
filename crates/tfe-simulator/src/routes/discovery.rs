//! `/.well-known/terraform.json`: the services of the host and their paths.

use hyper::{Method, StatusCode};
use serde_json::json;

use crate::request::Request;
use crate::response::Response;

pub(super) const PATH: &str = "/.well-known/terraform.json";

/// Where the API is.
pub(crate) const SERVICE_PATH: &str = "/api/v2/";

pub(super) fn show(request: &Request) -> Response {
    if request.method != Method::GET {
        return Response::empty(StatusCode::NOT_FOUND);
    }
    let document =
        json!({ "tfe.v2": SERVICE_PATH, "tfe.v2.1": SERVICE_PATH, "tfe.v2.2": SERVICE_PATH });
    let mut response = Response::json(&document);
    // The media type that Terraform requires, without parameters.
    response.set_header("content-type", "application/json");
    response
}
