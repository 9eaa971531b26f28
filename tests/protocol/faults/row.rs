//! [`Row`]: one fault at one request of one case.

use std::fmt;

use serde_json::json;
use tfe_simulator::{Fault, Method, RecordedRequest, Simulator};
use tfplugin::Diagnostics;

use super::advice;
use super::case::{self, Case};
use super::fault::{Befalls, TIMEOUT, TROUBLES, Trouble};
use super::situation::{ProviderOptions, Situation};
use crate::audit_trail_token::setup::{ORGANIZATION, named};

/// One fault at one request of one case.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) case: Case,
    /// `None`: no fault at all.
    pub(super) fault: Option<(Call, Trouble, Often)>,
}

/// A request that a case makes when all is well.
#[derive(Clone, Debug)]
pub(super) struct Call {
    method: Method,
    target: String,
    /// What it is about, such as `GET token`, and which of its kind.
    name: String,
    /// How many like it come before.
    skip: usize,
    /// The request before it, to be troubled; `None`: it is the first.
    previous: Option<Fault>,
    /// The organization that it is about.
    organization: String,
    /// How many looks at the organization come before.
    organization_looks: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Often {
    Once,
    Always,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.case.name)?;
        match &self.fault {
            None => f.write_str(" / no fault"),
            Some((call, trouble, often)) => {
                let often = match often {
                    Often::Once => "once",
                    Often::Always => "always",
                };
                write!(f, " / {} / {} / {often}", call.name, trouble.name)
            }
        }
    }
}

impl Row {
    /// Whether it lasts as long as the provider's timeout.
    pub(super) fn is_slow(&self) -> bool {
        let trouble = self.fault.as_ref().map(|(_, trouble, _)| trouble);
        trouble.is_some_and(|trouble| trouble.silent)
    }

    /// Runs the operation under its fault, demands the promises, and recovers. Returns the requests of the operation.
    pub(super) async fn run(&self) -> Vec<RecordedRequest> {
        let options = ProviderOptions {
            timeout: self.is_slow().then_some(TIMEOUT),
            ..ProviderOptions::default()
        };
        let mut situation = Situation::new(self.case.start, &options).await;
        self.case.prepare(&mut situation).await;
        let simulator = situation.setup.simulator.clone();
        if let Some((call, trouble, often)) = &self.fault {
            call.befall(&simulator, trouble, *often).await;
        }
        let (done, requests) = self.case.act_as_promised(&mut situation).await;
        if self.fault.is_some() {
            advice::check(&done.diagnostics);
        }
        simulator.clear_faults();
        simulator.wait_until_idle().await;
        self.case
            .recover(&mut situation, self.may_disturb(&done.diagnostics))
            .await;
        requests
    }

    /// Whether a token may stand that the state does not know of; if the operation could know, it said so.
    fn may_disturb(&self, told: &Diagnostics) -> bool {
        let said = [
            "Unknown Whether an Audit Trail Token Was Generated",
            "The New Audit Trail Token Was Replaced at Once",
        ];
        let said = told.iter().any(|one| said.contains(&one.summary()));
        said || self.fault.as_ref().is_some_and(|fault| fault.1.late)
    }
}

/// The organization that a path is about.
fn organization(path: &str) -> &str {
    let rest = path.strip_prefix("/api/v2/organizations/");
    rest.and_then(|rest| rest.split('/').next())
        .unwrap_or(ORGANIZATION)
}

/// Which page of several a request asks for.
fn page(request: &RecordedRequest) -> String {
    let number = request.path.split_once("page%5Bnumber%5D=");
    let number = number.and_then(|(_, rest)| rest.split('&').next());
    number.map_or(String::new(), |number| format!(" page {number}"))
}

impl Call {
    /// The requests of an operation, as calls to be troubled.
    pub(super) fn all(requests: &[RecordedRequest]) -> Vec<Self> {
        let call = |(index, request): (usize, &RecordedRequest)| {
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
                organization_looks: count(before, "GET", &document),
                organization: organization.to_owned(),
            }
        };
        requests.iter().enumerate().map(call).collect()
    }

    fn is_change(&self) -> bool {
        self.method != Method::GET
    }

    /// What can befall it, once and always.
    pub(super) fn rows(self, case: Case) -> Vec<Row> {
        let befalls = |trouble: &&Trouble| trouble.befalls != Befalls::Changes || self.is_change();
        let mut rows = Vec::new();
        for trouble in TROUBLES.iter().filter(befalls) {
            let often: &[Often] = match trouble.befalls {
                Befalls::Connections => &[Often::Always],
                Befalls::Every | Befalls::Changes => &[Often::Once, Often::Always],
            };
            for &often in often {
                let row = Row {
                    case,
                    fault: Some((self.clone(), *trouble, often)),
                };
                if !self.is_the_apis_word(&row) {
                    rows.push(row);
                }
            }
        }
        rows
    }

    /// A 401 from the trail is the API's word that a secret is dead, and there is no second one: what it makes of a
    /// token that lives is no fault of ours.
    fn is_the_apis_word(&self, row: &Row) -> bool {
        let is_verdict = row
            .fault
            .as_ref()
            .is_some_and(|fault| fault.1.name == "401");
        self.target.contains("audit-trail?")
            && is_verdict
            && row.case.act == case::Act::DestroyUnrefreshed
    }

    /// Scripts the fault.
    async fn befall(&self, simulator: &Simulator, trouble: &Trouble, often: Often) {
        if trouble.befalls == Befalls::Connections {
            match &self.previous {
                None => simulator.refuse_connections().await,
                Some(previous) => simulator.inject((trouble.script)(previous.clone())),
            }
            return;
        }
        let scripted = |fault: Fault| match often {
            Often::Once => fault,
            Often::Always => fault.always(),
        };
        let on = Fault::on_exactly(self.method.clone(), &self.target).skip(self.skip);
        simulator.inject(scripted((trouble.script)(on)));
        // The API's own 404 for a token that is there means that the right was lost, and the organization says so.
        if trouble.name == "404" && self.method == Method::GET && self.name.contains("token") {
            let organization = format!("/api/v2/organizations/{}", self.organization);
            let document = json!({ "data": {
                "id": self.organization, "type": "organizations",
                "attributes": { "permissions": { "can-update-api-token": false } },
            }});
            let denied = Fault::on_exactly(Method::GET, &organization)
                .skip(self.organization_looks)
                .body("application/vnd.api+json", &document.to_string());
            simulator.inject(scripted(denied));
        }
    }
}
