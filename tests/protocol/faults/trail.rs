//! An audit trail of several pages, and its read with the token in the state.

use std::time::Duration;

use serde_json::json;
use tfe_simulator::{Event, EventSeries};
use tfplugin::Diagnostics;

use crate::audit_trail_token::setup::{ORGANIZATION, Setup};
use crate::promises::observation::TrailRead;

/// The number of events of runs: more than one page.
const RUNS: u64 = 1200;
/// A limit above the number of events.
const LIMIT: usize = 2000;

/// Adds the events of runs to the trail, one a second.
pub(super) fn fill(setup: &Setup) {
    let first = setup.simulator.now() - Duration::from_secs(RUNS);
    let series = EventSeries::new(RUNS, first, Duration::from_secs(1))
        .with_event(|number| Event::new("run", "create").resource_id(&format!("run-{number}")));
    setup.simulator.set_event_series(ORGANIZATION, series);
}

/// Reads the whole trail with the token in the state.
pub(super) async fn read(setup: &Setup) -> (TrailRead, Diagnostics) {
    let secret = setup.get("token");
    let config = json!({ "token": secret, "limit": LIMIT });
    let ids = ids(setup);
    let outcome = setup.core.read_data("tfe_audit_trail_events", config).await;
    let read = TrailRead {
        secret: secret.as_str().unwrap_or_default().to_owned(),
        before: ids.clone(),
        after: ids,
        limit: Some(LIMIT),
        result: outcome.value,
    };
    (read, outcome.diagnostics)
}

/// Returns the IDs of all events, newest first. Those of the series follow its numbers.
fn ids(setup: &Setup) -> Vec<String> {
    let recorded = setup.simulator.events(ORGANIZATION).into_iter();
    let recorded = recorded.map(|event| event["id"].as_str().expect("an ID").to_owned());
    let runs = (0..RUNS).rev();
    let runs = runs.map(|number| format!("5e21e500-0000-4000-8000-{number:012x}"));
    recorded.chain(runs).collect()
}
