//! A trail of several pages, and reading it with the token that is in the state.

use std::time::Duration;

use serde_json::json;
use tfe_simulator::{Event, EventSeries};
use tfplugin::Diagnostics;

use crate::audit_trail_token::scene::{ORGANIZATION, Scene};

/// Events of runs: a whole page and a part of another.
const RUNS: u64 = 1200;

/// Puts the runs on the trail, a second apart.
pub(super) fn fill(scene: &Scene) {
    let first = scene.simulator.now() - Duration::from_secs(RUNS);
    let series = EventSeries::new(RUNS, first, Duration::from_secs(1))
        .with_event(|number| Event::new("run", "create").resource_id(&format!("run-{number}")));
    scene.simulator.set_event_series(ORGANIZATION, series);
}

/// Reads it. Without an error it is whole: every run once, the newest first.
pub(super) async fn read(scene: &Scene) -> Diagnostics {
    let config = json!({ "token": scene.get("token"), "limit": 2000 });
    let outcome = scene.core.read_data("tfe_audit_trail_events", config).await;
    if let Some(read) = outcome.value.filter(|_| !outcome.diagnostics.has_error()) {
        let events = read["events"].as_array().expect("a list of events");
        let runs = events
            .iter()
            .filter_map(|event| event["resource"]["id"].as_str()?.strip_prefix("run-"));
        let expected = (0..RUNS).rev().map(|number| number.to_string());
        assert!(runs.eq(expected), "the trail is not what is told: {read}");
        assert_eq!(read["truncated"], false);
    }
    outcome.diagnostics
}
