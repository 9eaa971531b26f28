//! [`Setup`]: Terraform with a provider that reads the audit trail of an organization.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};
use terraform_provider_tfe::provider::Tfe;
use tfe_simulator::{Event, EventSeries, Simulator};
use tfplugin::Diagnostic;

use crate::environment;
use tfplugin_testing::{Core, Outcome};

pub(super) const TYPE: &str = "tfe_audit_trail_events";
pub(super) const ORGANIZATION: &str = "my-org-name";

/// Terraform whose provider uses the organization's main token. The clock starts at noon on January 5, 2026.
pub(super) struct Setup {
    pub(super) simulator: Simulator,
    pub(super) core: Core<Tfe>,
    /// The provider's API token.
    pub(super) secret: String,
}

impl Setup {
    pub(super) async fn new() -> Self {
        let simulator = Simulator::start().await;
        simulator.add_organization(ORGANIZATION);
        let secret = simulator.regenerate_organization_token(ORGANIZATION).secret;
        simulator.advance(Duration::from_secs(4 * 24 * 60 * 60 + 12 * 60 * 60));
        let secret = secret.expose().to_owned();
        let environment = environment::environment(&simulator, &secret);
        let clock = environment::clock(&simulator);
        let start = move || Tfe::new(environment.clone(), clock.clone(), environment::timing());
        Self {
            core: Core::start(start).await,
            simulator,
            secret,
        }
    }

    /// Returns a setup with `count` events, one a second, the last of them now. Each is the creation of a numbered run.
    pub(super) async fn with(count: u64) -> Self {
        let setup = Self::new().await;
        setup.fill(setup.now(), count, 0);
        setup
    }

    /// Fills the trail with `count` events, one a second, that end at `last`.
    pub(super) fn fill(&self, last: DateTime<Utc>, count: u64, growth: u64) {
        let first = last - Duration::from_secs(count.saturating_sub(1));
        let series = EventSeries::new(count, first, Duration::from_secs(1))
            .growing_by(growth)
            .with_event(|number| Event::new("run", "create").resource_id(&format!("run-{number}")));
        self.simulator.set_event_series(ORGANIZATION, series);
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.simulator.now()
    }

    /// Forgets the requests so far, and reads the data source in a plan.
    pub(super) async fn read(&self, config: Json) -> Outcome<Json> {
        self.simulator.clear_requests();
        self.core.read_data(TYPE, config).await
    }

    /// Returns the number and size of each page that was requested.
    pub(super) fn pages(&self) -> Vec<(u32, u32)> {
        self.simulator
            .requests()
            .iter()
            .filter(|request| request.path.contains("/organization/audit-trail?"))
            .map(|request| {
                (
                    number_after(&request.path, "page%5Bnumber%5D="),
                    number_after(&request.path, "page%5Bsize%5D="),
                )
            })
            .collect()
    }

    /// Returns the paths of all requests.
    pub(super) fn sent(&self) -> Vec<String> {
        let requests = self.simulator.requests();
        requests.into_iter().map(|one| one.path).collect()
    }
}

#[track_caller]
fn number_after(path: &str, name: &str) -> u32 {
    let (_, rest) = path.split_once(name).expect("the parameter is there");
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().expect("a number")
}

/// Returns the resource IDs of all events, in their order.
pub(super) fn resources(read: &Json) -> Vec<String> {
    let events = read["events"].as_array().expect("a list of events");
    events
        .iter()
        .map(|event| event["resource"]["id"].as_str().unwrap_or("-").to_owned())
        .collect()
}

/// Returns the runs with these numbers, the greatest first.
pub(super) fn runs(numbers: std::ops::Range<u64>) -> Vec<String> {
    numbers
        .rev()
        .map(|number| format!("run-{number}"))
        .collect()
}

/// No argument.
pub(super) fn nothing() -> Json {
    json!({})
}

/// Demands that a diagnostic's detail contains all of these words.
#[track_caller]
pub(super) fn details(diagnostic: &Diagnostic, words: &[&str]) {
    for word in words {
        assert!(
            diagnostic.detail().contains(word),
            "{word:?} is missing in:\n\n{diagnostic}"
        );
    }
}
