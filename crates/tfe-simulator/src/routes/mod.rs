//! Which request is answered where. One file per area of the API.
//!
//! What holds for every request is here: service headers, the rate limit, authentication, and
//! the content type of changes. The order of these checks is not documented.

mod audit_trail;
mod authentication_token;
pub(super) mod control;
mod discovery;
mod organizations;

use hyper::{Method, StatusCode};

use super::answer::Answer;
use super::caller::Principal;
use super::rate_limit::Allowance;
use super::request::{Request, decode_segment};
use super::settings::ServiceKind;
use super::world::World;

/// One request on its way through the service.
struct Call<'a> {
    world: &'a mut World,
    request: &'a Request,
    /// What `X-Request-Id` and the audit trail call it.
    id: String,
}

/// Executes a request: makes its change and answers it.
pub(super) fn execute(world: &mut World, request: &Request) -> Answer {
    if request.path == discovery::PATH {
        return discovery::show(world, request);
    }
    let Some(path) = api_path(world, &request.path) else {
        return Answer::not_found();
    };
    let (limit, uptime) = (world.settings.rate_limit, world.clock.uptime());
    let allowance = world.rate_limit.count(limit, uptime);
    let id = world.random.uuid();
    let call = Call {
        world,
        request,
        id: id.clone(),
    };
    let mut answer = if allowance.exceeded {
        Answer::usual(StatusCode::TOO_MANY_REQUESTS)
    } else {
        route(call, &path).unwrap_or_else(|error| error)
    };
    answer.set_header("x-request-id", &id);
    sign(world, &mut answer, Some(allowance));
    answer
}

/// Sets the headers by which a service tells what it is and how much it still answers.
pub(super) fn sign(world: &World, answer: &mut Answer, allowance: Option<Allowance>) {
    let (name, api_version) = match world.settings.kind {
        ServiceKind::HcpTerraform => (Some("HCP Terraform"), "2.6"),
        ServiceKind::TerraformEnterprise => (Some("Terraform Enterprise"), "2.6"),
        ServiceKind::Imitation => (None, "2.5"),
    };
    answer.set_header("tfp-api-version", api_version);
    if let Some(name) = name {
        answer.set_header("tfp-appname", name);
    }
    if world.settings.kind == ServiceKind::TerraformEnterprise {
        answer.set_header("x-tfe-version", "v202507-1");
        answer.set_header("x-tfe-current-version", "1.0.0");
    }
    let limited =
        world.settings.rate_limit.is_some() || world.settings.kind == ServiceKind::HcpTerraform;
    if let Some(allowance) = allowance.filter(|_| limited) {
        let reset = format!("{:.3}", allowance.reset.as_secs_f64());
        answer.set_header("x-ratelimit-limit", &allowance.limit.to_string());
        answer.set_header("x-ratelimit-remaining", &allowance.remaining.to_string());
        answer.set_header("x-ratelimit-reset", &reset);
    }
}

/// The decoded path below the API's own; `None` for anything else.
fn api_path(world: &World, path: &str) -> Option<Vec<String>> {
    let base = world.settings.service_path.trim_end_matches('/');
    let path = path.strip_prefix(base)?.strip_prefix('/')?;
    path.trim_end_matches('/')
        .split('/')
        .map(decode_segment)
        .collect()
}

/// Finds the handler. An `Err` is an answer too: it only ends the handler early.
fn route(mut call: Call<'_>, path: &[String]) -> Result<Answer, Answer> {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    if path == ["ping"] && call.request.method == Method::GET {
        return Ok(Answer::empty(StatusCode::NO_CONTENT));
    }
    let who = call.authenticate()?;
    call.check_content_type()?;
    match (call.request.method.as_str(), path.as_slice()) {
        ("GET", ["organizations"]) => Ok(organizations::list(&call, &who)),
        ("GET", ["organizations", name]) => organizations::show(&call, &who, name),
        ("GET", ["organizations", name, "entitlement-set"]) => {
            organizations::entitlements(&call, &who, name)
        }
        ("GET", ["organizations", name, "authentication-token"]) => {
            authentication_token::show(&mut call, &who, name)
        }
        ("POST", ["organizations", name, "authentication-token"]) => {
            authentication_token::create(&mut call, &who, name)
        }
        ("DELETE", ["organizations", name, "authentication-token"]) => {
            authentication_token::destroy(&mut call, &who, name)
        }
        ("GET", ["organization", "audit-trail"]) => audit_trail::list(&mut call, &who),
        _ => Err(Answer::not_found()),
    }
}

impl Call<'_> {
    fn authenticate(&mut self) -> Result<Principal, Answer> {
        self.request
            .bearer()
            .and_then(|secret| self.world.authenticate(&secret))
            .ok_or_else(|| Answer::usual(StatusCode::UNAUTHORIZED))
    }

    /// A change without the JSON:API content type is refused, even if it has no body.
    fn check_content_type(&self) -> Result<(), Answer> {
        let changes = self.request.method != Method::GET && self.request.method != Method::HEAD;
        let media_type = self.request.media_type();
        if changes && media_type.as_deref() != Some("application/vnd.api+json") {
            return Err(Answer::usual(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        Ok(())
    }
}
