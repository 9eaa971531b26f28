//! Promise (i): an audit trail that was read is whole.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use super::example::check_breaks;
use super::kind::Kind;
use super::observation::{Observation, TrailRead};

/// No event is missing, returned twice, out of order or not asked for. Where the trail is not read to its end,
/// `truncated` or a diagnostic says so.
///
/// Events that arrive during the read may be there or not. The order of events of one instant is not known.
pub(crate) fn an_audit_trail_is_whole_or_truncated(seen: &Observation) -> Vec<String> {
    let gave_up = seen.reports(&["The Audit Trail Was Not Read to Its End"]);
    let trail = seen.trail.iter().filter(|_| !seen.failed());
    trail.filter_map(|trail| problem(trail, gave_up)).collect()
}

fn problem(trail: &TrailRead, gave_up: bool) -> Option<String> {
    let result = trail.result.as_ref()?;
    let events = result["events"].as_array().expect("a list of events");
    let text = |event: &Json, name: &str| event[name].as_str().expect("a text").to_owned();
    let ids: Vec<_> = events.iter().map(|event| text(event, "id")).collect();
    let unique: BTreeSet<_> = ids.iter().collect();
    if unique.len() < ids.len() {
        return Some("an event was returned twice".to_owned());
    }
    let place = |id: &String| trail.after.iter().position(|one| one == id);
    let places: Option<Vec<_>> = ids.iter().map(place).collect();
    let Some(places) = places else {
        return Some("an event was returned that was not asked for".to_owned());
    };
    let existed = |place: &&usize| trail.before.contains(&trail.after[**place]);
    let times: Vec<_> = events
        .iter()
        .map(|event| text(event, "timestamp"))
        .collect();
    let times = times
        .iter()
        .map(|time| chrono::DateTime::parse_from_rfc3339(time).expect("a timestamp in RFC 3339"));
    if !places.iter().filter(existed).is_sorted() || !times.rev().is_sorted() {
        return Some("the events are not in the order of the trail".to_owned());
    }
    let limit = trail.limit.unwrap_or(usize::MAX);
    let is_truncated = result["truncated"] == true;
    if ids.len() > limit || (is_truncated && ids.len() < limit && !gave_up) {
        return Some(format!(
            "{} events were returned, and the limit is {limit}",
            ids.len()
        ));
    }
    // A truncated result has all events down to its last one.
    let end = match places.iter().max() {
        Some(last) if is_truncated => *last,
        _ => trail.after.len(),
    };
    let mut expected = trail.after[..end].iter();
    let missing = expected.find(|id| trail.before.contains(id) && !unique.contains(id))?;
    Some(format!("the event {missing} is missing"))
}

/// A trail with the events 3, 2 and 1, of which the data source returned these.
#[track_caller]
fn check_returned(returned: &[&str], truncated: bool, limit: Option<usize>) {
    check_breaks(
        an_audit_trail_is_whole_or_truncated,
        Kind::ReadData,
        |seen| {
            let ids = ["3", "2", "1"].map(str::to_owned).to_vec();
            let event =
                |id: &&str| json!({ "id": id, "timestamp": format!("2026-01-01T00:00:0{id}Z") });
            let events: Vec<_> = returned.iter().map(event).collect();
            seen.trail = Some(TrailRead {
                secret: "secret of at-ours".to_owned(),
                before: ids.clone(),
                after: ids,
                limit,
                result: Some(json!({ "events": events, "truncated": truncated })),
            });
        },
    );
}

#[test]
fn a_trail_that_is_not_whole_breaks_the_promise() {
    check_returned(&["3", "1"], false, None);
    check_returned(&["3", "3", "2", "1"], false, None);
    check_returned(&["2", "3", "1"], false, None);
    check_returned(&["4", "3", "2", "1"], false, None);
    check_returned(&["3", "2"], true, Some(3));
    check_returned(&["3", "2", "1"], false, Some(2));
}
