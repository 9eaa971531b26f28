//! [`Call`]: one request to the API on its way through the service, and [`Area`]: how an area of the API answers it.

use hyper::{Method, StatusCode};

use crate::caller::Principal;
use crate::request::Request;
use crate::response::Response;
use crate::service_state::ServiceState;

/// One request to the API.
pub(super) struct Call<'a> {
    pub(super) state: &'a mut ServiceState,
    pub(super) request: &'a Request,
    /// Its ID in `X-Request-Id` and in the audit trail.
    pub(super) id: String,
}

/// Answers a request by its method and its path below `/api/v2/`; `None` if the area has no such route.
///
/// An `Err` is a response too, which ended the handler early.
pub(super) type Area =
    fn(&mut Call<'_>, &Principal, &str, &[&str]) -> Option<Result<Response, Response>>;

impl Call<'_> {
    /// Returns the owner of the request's secret, or a 401.
    pub(super) fn authenticate(&mut self) -> Result<Principal, Response> {
        self.request
            .bearer()
            .and_then(|secret| self.state.authenticate(&secret))
            .ok_or_else(|| Response::usual(StatusCode::UNAUTHORIZED))
    }

    /// Refuses a change without the JSON:API content type, even if it has no body.
    pub(super) fn check_content_type(&self) -> Result<(), Response> {
        let changes = self.request.method != Method::GET && self.request.method != Method::HEAD;
        let media_type = self.request.media_type();
        if changes && media_type.as_deref() != Some("application/vnd.api+json") {
            return Err(Response::usual(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        Ok(())
    }
}
