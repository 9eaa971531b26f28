//! [`Selection`]: which events of a trail the arguments select. Pure.

use std::collections::BTreeSet;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use super::model::{Metadata, Model};
use crate::client::{Event, EventQuery};
use crate::provider::diagnostics::{self, Period};
use crate::provider::expiry;
use tfplugin::{Attr, Diagnostic};

/// How many pages of a trail are read at most.
pub(super) const PAGE_LIMIT: u32 = 50;

/// The smallest page that is requested: the client sees from its events in which order they come.
const SMALLEST_PAGE: u32 = 100;

/// The greatest `limit`: the events of all pages that are read at most.
pub(super) const MAX_LIMIT: u32 = PAGE_LIMIT * EventQuery::PAGE_SIZE;

const DEFAULT_LIMIT: u32 = 1000;

/// How long HCP Terraform keeps events, plus an hour: a plan may be applied later than it was made.
const RETENTION: TimeDelta = TimeDelta::hours(14 * 24 + 1);

/// By how much two clocks may differ.
const CLOCK_SKEW: TimeDelta = TimeDelta::minutes(5);

/// Which events the arguments select, and how much of each.
#[derive(Clone, Debug)]
pub(super) struct Selection {
    since: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    limit: u32,
    resource_types: Option<BTreeSet<String>>,
    actions: Option<BTreeSet<String>>,
    accessor_ids: Option<BTreeSet<String>>,
    pub(super) metadata: Metadata,
}

impl Selection {
    /// Reads the arguments.
    ///
    /// # Errors
    ///
    /// Returns an error if `since` is after `until`. The schema has checked each argument by itself.
    pub(super) fn new(model: &Model) -> Result<Self, Diagnostic> {
        let instant = |text: &Attr<String>| text.as_deref().and_then(expiry::parse);
        let (since, until) = (instant(&model.since), instant(&model.until));
        if let (Some(start), Some(end)) = (since, until)
            && start > end
        {
            let text = |text: &Attr<String>| text.as_deref().unwrap_or_default().to_owned();
            return Err(diagnostics::since_after_until(Period {
                since: &text(&model.since),
                until: &text(&model.until),
            }));
        }
        // The validator could not see a null that was unknown then. It selects nothing.
        let set = |set: &Attr<BTreeSet<Option<String>>>| {
            let set = set.known()?;
            Some(set.iter().flatten().cloned().collect())
        };
        let limit = model
            .limit
            .known()
            .and_then(|limit| u32::try_from(limit.as_i64()?).ok())
            .unwrap_or(DEFAULT_LIMIT);
        Ok(Self {
            since,
            until,
            limit,
            resource_types: set(&model.resource_types),
            actions: set(&model.actions),
            accessor_ids: set(&model.accessor_ids),
            metadata: match model.include_meta {
                Attr::Known(true) => Metadata::Included,
                _ => Metadata::Omitted,
            },
        })
    }

    /// Returns how many events are returned at most.
    pub(super) fn limit(&self) -> usize {
        self.limit as usize
    }

    /// Returns the query for the API.
    pub(super) fn query(&self) -> EventQuery {
        let takes_all = self.until.is_none() && self.sets().iter().all(Option::is_none);
        EventQuery {
            since: self.since,
            page_size: if takes_all {
                self.limit.clamp(SMALLEST_PAGE, EventQuery::PAGE_SIZE)
            } else {
                EventQuery::PAGE_SIZE
            },
        }
    }

    /// Whether no event can be selected, so that nothing need be read.
    pub(super) fn is_empty(&self) -> bool {
        let nothing_passes = self.sets().into_iter().flatten().any(BTreeSet::is_empty);
        let no_time = self.since.is_some() && self.since == self.until;
        nothing_passes || no_time
    }

    /// Whether an event is selected: after `since` and not after `until`, so that two consecutive periods share no event. An
    /// event without a time is selected, so that it is not lost.
    pub(super) fn includes(&self, event: &Event<'_>, time: Option<DateTime<Utc>>) -> bool {
        let is_among = |text: Option<&str>, set: &Option<BTreeSet<String>>| match (set, text) {
            (None, _) => true,
            (Some(set), Some(text)) => set.contains(text),
            (Some(_), None) => false,
        };
        !time.is_some_and(|time| self.is_too_old(time) || self.until.is_some_and(|end| time > end))
            && is_among(event.resource.kind.as_deref(), &self.resource_types)
            && is_among(event.resource.action.as_deref(), &self.actions)
            && is_among(event.auth.accessor_id.as_deref(), &self.accessor_ids)
    }

    /// Whether an event of this time, and every older one, is not after `since`.
    pub(super) fn is_too_old(&self, time: DateTime<Utc>) -> bool {
        self.since.is_some_and(|start| time <= start)
    }

    /// Whether the whole trail is selected.
    pub(super) fn is_unbounded(&self) -> bool {
        self.since.is_none()
    }

    /// Returns warnings about arguments that are valid but probably a mistake.
    pub(super) fn warnings(&self, now: DateTime<Utc>) -> Vec<Diagnostic> {
        let mut warnings = Vec::new();
        if let Some(start) = self.since {
            let text = start.to_rfc3339_opts(SecondsFormat::AutoSi, true);
            if now.signed_duration_since(start) > RETENTION {
                warnings.push(diagnostics::since_before_retention(&text));
            }
            if start.signed_duration_since(now) > CLOCK_SKEW {
                warnings.push(diagnostics::since_in_the_future(&text));
            }
        }
        // The API may add types and actions, but all have the same spelling.
        let filters = [
            ("resource_types", &self.resource_types),
            ("actions", &self.actions),
        ];
        for (name, filter) in filters {
            let mut values = filter.iter().flatten();
            if let Some(value) = values.find(|value| !is_spelt_like_the_api(value)) {
                warnings.push(diagnostics::misspelt_filter(name, value));
            }
        }
        warnings
    }

    fn sets(&self) -> [Option<&BTreeSet<String>>; 3] {
        [
            self.resource_types.as_ref(),
            self.actions.as_ref(),
            self.accessor_ids.as_ref(),
        ]
    }
}

/// Whether a type of resource or an action may have this spelling: all documented ones do, one with a hyphen.
fn is_spelt_like_the_api(value: &str) -> bool {
    let fits =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte);
    !value.is_empty() && value.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tfplugin::Value;
    use tfplugin::value::from_value;

    /// Returns a model with these arguments; all others are null.
    fn model(arguments: &[(&str, Value)]) -> Model {
        let mut value = Value::null_object(&super::super::schema::data_source().ty());
        if let Value::Map(attributes) = &mut value {
            for (name, argument) in arguments {
                attributes.insert((*name).to_owned(), argument.clone());
            }
        }
        from_value(&value).unwrap()
    }

    fn selection(arguments: &[(&str, Value)]) -> Selection {
        Selection::new(&model(arguments)).unwrap()
    }

    fn set(texts: &[&str]) -> Value {
        Value::set_of(texts.iter().map(|text| Value::from(*text)))
    }

    const NOON: &str = "2026-01-01T12:00:00Z";

    #[track_caller]
    fn check(selection: &Selection, event: &str, expected: bool) {
        let event: Event<'_> = serde_json::from_str(event).unwrap();
        assert_eq!(
            selection.includes(&event, event.time()),
            expected,
            "{event:?}"
        );
    }

    #[test]
    fn a_period_excludes_its_start_and_includes_its_end() {
        let period = [
            ("since", Value::from(NOON)),
            ("until", Value::from("2026-01-01T15:00:00+02:00")),
        ];
        let selection = selection(&period);
        for (time, expected) in [
            ("2026-01-01T12:00:00.000Z", false),
            ("2026-01-01T12:00:00.001Z", true),
            ("2026-01-01T13:00:00.000Z", true),
            ("2026-01-01T13:00:00.001Z", false),
        ] {
            check(
                &selection,
                &format!(r#"{{"id":"1","timestamp":"{time}"}}"#),
                expected,
            );
        }
        check(&selection, r#"{"id":"1","timestamp":"soon"}"#, true);
        check(&selection, r#"{"id":"1"}"#, true);
    }

    #[test]
    fn an_event_must_pass_every_filter() {
        let selection = selection(&[
            ("resource_types", set(&["run", "workspace"])),
            ("actions", set(&["create"])),
            ("accessor_ids", set(&["user-1"])),
        ]);
        let event = |kind: &str, action: &str, who: &str| {
            format!(
                r#"{{"id":"1","auth":{{"accessor_id":{who}}},"resource":{{"type":{kind},"action":{action}}}}}"#
            )
        };
        for kind in ["\"run\"", "\"workspace\""] {
            check(&selection, &event(kind, "\"create\"", "\"user-1\""), true);
        }
        check(
            &selection,
            &event("\"team\"", "\"create\"", "\"user-1\""),
            false,
        );
        check(
            &selection,
            &event("\"run\"", "\"apply\"", "\"user-1\""),
            false,
        );
        check(
            &selection,
            &event("\"run\"", "\"create\"", "\"user-2\""),
            false,
        );
        check(&selection, &event("\"run\"", "\"create\"", "null"), false);
        check(&selection, r#"{"id":"1"}"#, false);
    }

    #[test]
    fn an_empty_filter_or_period_selects_nothing() {
        assert!(!selection(&[]).is_empty());
        assert!(!selection(&[("since", Value::from(NOON))]).is_empty());
        for name in ["resource_types", "actions", "accessor_ids"] {
            assert!(selection(&[(name, set(&[]))]).is_empty(), "{name}");
        }
        let noon = Value::from(NOON);
        assert!(selection(&[("since", noon.clone()), ("until", noon)]).is_empty());
    }

    #[test]
    fn a_page_is_no_larger_than_the_limit() {
        let size = |arguments: &[(&str, Value)]| selection(arguments).query().page_size;
        assert_eq!(size(&[]), 1000);
        for (limit, expected) in [
            (1, 100),
            (100, 100),
            (250, 250),
            (1000, 1000),
            (50_000, 1000),
        ] {
            assert_eq!(size(&[("limit", Value::from(limit))]), expected, "{limit}");
        }
        let limit = ("limit", Value::from(1));
        for name in ["resource_types", "actions", "accessor_ids"] {
            assert_eq!(size(&[limit.clone(), (name, set(&["a"]))]), 1000, "{name}");
        }
        assert_eq!(size(&[limit, ("until", Value::from(NOON))]), 1000);
    }

    #[test]
    fn a_period_that_ends_before_it_begins_is_refused() {
        let model = model(&[
            ("since", Value::from(NOON)),
            ("until", Value::from("2026-01-01T13:00:00+02:00")),
        ]);
        let error = Selection::new(&model).unwrap_err();
        assert_eq!(error.summary(), "Invalid Period of Time");
    }

    #[track_caller]
    fn check_warnings(arguments: &[(&str, Value)], now: &str, expected: &[&str]) {
        let warnings = selection(arguments).warnings(now.parse().unwrap());
        let summaries: Vec<_> = warnings.iter().map(Diagnostic::summary).collect();
        assert_eq!(summaries, expected, "{arguments:?} {now}");
    }

    #[test]
    fn fourteen_days_and_an_hour_ago_is_within_retention() {
        let since = [("since", Value::from(NOON))];
        check_warnings(&since, "2026-01-15T13:00:00Z", &[]);
        let expected = ["The Audit Trail Does Not Reach Back So Far"];
        check_warnings(&since, "2026-01-15T13:00:01Z", &expected);
    }

    #[test]
    fn five_minutes_ahead_is_not_the_future() {
        let since = [("since", Value::from(NOON))];
        check_warnings(&since, "2026-01-01T11:55:00Z", &[]);
        let expected = ["The Period of Time Has Not Begun"];
        check_warnings(&since, "2026-01-01T11:54:59Z", &expected);
    }

    #[test]
    fn a_filter_that_the_api_would_spell_differently_is_a_warning() {
        for name in ["resource_types", "actions"] {
            for fine in ["authentication_token", "stacks-deployment_step", "created"] {
                check_warnings(&[(name, set(&[fine]))], NOON, &[]);
            }
            for odd in ["Create", "authentication token", " create", ""] {
                let expected = ["A Filter of Events Looks Misspelt"];
                check_warnings(&[(name, set(&["create", odd]))], NOON, &expected);
            }
        }
        check_warnings(&[("accessor_ids", set(&["user-V3R5"]))], NOON, &[]);
    }
}
