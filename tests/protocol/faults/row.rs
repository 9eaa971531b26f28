//! [`Row`]: one fault at one request of one case.

use std::fmt;

use serde_json::json;
use tfe_simulator::{Fault, Method, RecordedRequest, Simulator};
use tfplugin::Diagnostics;

use super::advice;
use super::case::{self, Case};
use super::fault_kind::{AppliesTo, FAULT_KINDS, FaultKind, TIMEOUT};
use super::protocol::Protocol;
use super::situation::{ProviderOptions, Situation};
use crate::audit_trail_token::setup::{ORGANIZATION, named};

/// One fault at one request of one case.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) case: Case,
    /// `None`: without a fault.
    pub(super) fault: Option<(FaultTarget, FaultKind, Times)>,
}

/// A request of a case, as the case sends it without faults.
#[derive(Clone, Debug)]
pub(super) struct FaultTarget {
    method: Method,
    target: String,
    /// The request's description and its number, such as `GET token 2`.
    name: String,
    /// The number of equal requests before it.
    skip: usize,
    /// A fault at the request before it; `None`: it is the first request.
    previous: Option<Fault>,
    /// The organization that the request is about.
    organization: String,
    /// The number of reads of the organization before it.
    organization_reads: usize,
}

/// How often a fault happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Times {
    Once,
    Always,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.case.name)?;
        match &self.fault {
            None => f.write_str(" / no fault"),
            Some((target, kind, times)) => {
                let times = match times {
                    Times::Once => "once",
                    Times::Always => "always",
                };
                write!(f, " / {} / {} / {times}", target.name, kind.name)
            }
        }
    }
}

impl Row {
    /// Whether the row takes as long as the provider's timeout.
    pub(super) fn is_slow(&self) -> bool {
        let kind = self.fault.as_ref().map(|(_, kind, _)| kind);
        kind.is_some_and(|kind| kind.times_out)
    }

    /// Runs the operation with its fault, judges the promises, and recovers. Returns the requests of the operation.
    pub(super) async fn run(&self) -> Vec<RecordedRequest> {
        self.run_over(Protocol::Http1).await
    }

    pub(super) async fn run_over(&self, protocol: Protocol) -> Vec<RecordedRequest> {
        let options = ProviderOptions {
            timeout: self.is_slow().then_some(TIMEOUT),
            protocol,
            ..ProviderOptions::default()
        };
        let mut situation = Situation::new(self.case.start, &options).await;
        self.case.prepare(&mut situation).await;
        let simulator = situation.setup.simulator.clone();
        if let Some((target, kind, times)) = &self.fault {
            target.inject(&simulator, kind, *times).await;
        }
        situation.is_undisturbed = self.fault.is_none();
        let (done, requests) = self.case.act_and_judge(&mut situation).await;
        if self.fault.is_some() {
            advice::check(&done.diagnostics);
        }
        simulator.clear_faults();
        simulator.wait_until_idle().await;
        self.case
            .recover(
                &mut situation,
                self.may_leave_another_token(&done.diagnostics),
            )
            .await;
        requests
    }

    /// Whether the organization may have a token that the state does not know: the operation reports it, or the request
    /// takes effect later.
    fn may_leave_another_token(&self, diagnostics: &Diagnostics) -> bool {
        let summaries = [
            "Unknown Whether an Audit Trail Token Was Generated",
            "The New Audit Trail Token Was Replaced at Once",
        ];
        let mut diagnostics = diagnostics.iter();
        let is_reported = diagnostics.any(|one| summaries.contains(&one.summary()));
        is_reported || self.fault.as_ref().is_some_and(|fault| fault.1.late)
    }
}

/// Returns the organization that a path is about.
fn organization(path: &str) -> &str {
    let rest = path.strip_prefix("/api/v2/organizations/");
    rest.and_then(|rest| rest.split('/').next())
        .unwrap_or(ORGANIZATION)
}

/// Returns the page that a request asks for, or an empty text.
fn page(request: &RecordedRequest) -> String {
    let number = request.path.split_once("page%5Bnumber%5D=");
    let number = number.and_then(|(_, rest)| rest.split('&').next());
    number.map_or(String::new(), |number| format!(" page {number}"))
}

impl FaultTarget {
    /// Returns the requests of an operation as targets of faults.
    pub(super) fn all(requests: &[RecordedRequest]) -> Vec<Self> {
        let target = |(index, request): (usize, &RecordedRequest)| {
            let count = |before: &[RecordedRequest], method: &str, path: &str| {
                let same = before.iter();
                same.filter(|one| one.method == method && one.path == path)
                    .count()
            };
            let method = |of: &RecordedRequest| of.method.parse().expect("a method");
            let before = &requests[..index];
            let organization = organization(&request.path);
            let document = format!("/api/v2/organizations/{organization}");
            let skip = count(before, &request.method, &request.path);
            let previous = before.split_last().map(|(last, before)| {
                let skip = count(before, &last.method, &last.path);
                Fault::on_exactly(method(last), &last.path).skip(skip)
            });
            Self {
                method: method(request),
                target: request.path.clone(),
                name: format!("{}{} {}", named(request), page(request), skip + 1),
                skip,
                previous,
                organization_reads: count(before, "GET", &document),
                organization: organization.to_owned(),
            }
        };
        requests.iter().enumerate().map(target).collect()
    }

    fn is_change(&self) -> bool {
        self.method != Method::GET
    }

    /// Returns a row for each kind of fault at this request, once and always.
    pub(super) fn rows(self, case: Case) -> Vec<Row> {
        self.rows_of(&FAULT_KINDS, case)
    }

    /// Returns a row for each of these kinds of faults at this request, once and always.
    pub(super) fn rows_of(self, kinds: &[FaultKind], case: Case) -> Vec<Row> {
        let applies = |kind: &&FaultKind| kind.applies_to != AppliesTo::Changes || self.is_change();
        let mut rows = Vec::new();
        for kind in kinds.iter().filter(applies) {
            let times: &[Times] = match kind.applies_to {
                AppliesTo::Connections => &[Times::Always],
                AppliesTo::EveryRequest | AppliesTo::Changes => &[Times::Once, Times::Always],
            };
            for &times in times {
                let row = Row {
                    case,
                    fault: Some((self.clone(), *kind, times)),
                };
                if !self.is_a_refused_secret(&row) {
                    rows.push(row);
                }
            }
        }
        rows
    }

    /// Whether the fault is a 401 from the audit trail while a destroy verifies a secret. It is the API's answer that
    /// the secret is not valid, and the provider has no second source: it leaves a valid token alone.
    fn is_a_refused_secret(&self, row: &Row) -> bool {
        let is_401 = row
            .fault
            .as_ref()
            .is_some_and(|fault| fault.1.name == "401");
        self.target.contains("audit-trail?")
            && is_401
            && row.case.act == case::Act::DestroyUnrefreshed
    }

    /// Injects the fault at this request.
    async fn inject(&self, simulator: &Simulator, kind: &FaultKind, times: Times) {
        if kind.applies_to == AppliesTo::Connections {
            match &self.previous {
                None => simulator.refuse_connections().await,
                Some(previous) => simulator.inject((kind.script)(previous.clone())),
            }
            return;
        }
        let scripted = |fault: Fault| match times {
            Times::Once => fault,
            Times::Always => fault.always(),
        };
        let on = Fault::on_exactly(self.method.clone(), &self.target).skip(self.skip);
        simulator.inject(scripted((kind.script)(on)));
        // The API answers 404 for a token that exists where the API token lacks the permission, and then the
        // organization's document says so.
        if kind.name == "404" && self.method == Method::GET && self.name.contains("token") {
            let organization = format!("/api/v2/organizations/{}", self.organization);
            let document = json!({ "data": {
                "id": self.organization, "type": "organizations",
                "attributes": { "permissions": { "can-update-api-token": false } },
            }});
            let denied = Fault::on_exactly(Method::GET, &organization)
                .skip(self.organization_reads)
                .body("application/vnd.api+json", &document.to_string());
            simulator.inject(scripted(denied));
        }
    }
}
