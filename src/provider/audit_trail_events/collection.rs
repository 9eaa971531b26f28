//! [`Collection`]: the selected events, page by page. Pure.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};

use super::model::EventModel;
use super::selection::Selection;
use crate::client::EventPage;
use crate::provider::diagnostics::OddEvent;

/// The events of the pages so far.
pub(super) struct Collection<'s> {
    selection: &'s Selection,
    events: Vec<(Option<DateTime<Utc>>, EventModel)>,
    /// The time of the last event.
    last: Option<DateTime<Utc>>,
    /// Whether an event was newer than the one before. The trail is sorted, but when more events than a
    /// page has arrive between two pages, the second page has newer events than the first.
    is_out_of_order: bool,
    total_count: Option<u64>,
    /// Whether the trail has any event, selected or not.
    has_events: bool,
    /// Whether there are, or may be, selected events that were not read.
    is_incomplete: bool,
    is_end_unknown: bool,
    odd: Vec<OddEvent>,
}

/// The result of reading the trail.
#[derive(Debug)]
pub(super) struct Collected {
    /// Newest first.
    pub(super) events: Vec<EventModel>,
    /// How many events the trail reports, selected or not.
    pub(super) total_count: Option<u64>,
    /// Whether there are, or may be, more selected events.
    pub(super) truncated: bool,
    pub(super) has_events: bool,
    /// Whether the last page did not say whether others follow.
    pub(super) is_end_unknown: bool,
    /// The events of an unexpected form, selected or not: a filter may have missed them.
    pub(super) odd: Vec<OddEvent>,
}

/// Whether another page is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NextPage {
    Needed,
    NotNeeded,
}

impl<'s> Collection<'s> {
    pub(super) fn new(selection: &'s Selection) -> Self {
        Self {
            selection,
            events: Vec::new(),
            last: None,
            is_out_of_order: false,
            total_count: None,
            has_events: false,
            is_incomplete: false,
            is_end_unknown: false,
            odd: Vec::new(),
        }
    }

    /// Takes the selected events of a page, and returns whether the next page can have more.
    ///
    /// As long as the newest events come first, all that follow an event are older.
    pub(super) fn take(&mut self, page: &EventPage<'_>) -> NextPage {
        self.total_count = page.total_count.or(self.total_count);
        self.has_events |= !page.events.is_empty();
        let mut is_past_since = false;
        for event in &page.events {
            let time = event.time();
            self.is_out_of_order |= time.is_some() && self.last.is_some() && time > self.last;
            self.last = time.or(self.last);
            is_past_since |= time.is_some_and(|time| self.selection.is_too_old(time));
            if !event.misfits.is_empty() {
                self.odd.push(OddEvent {
                    name: event
                        .id
                        .as_deref()
                        .or(event.timestamp.as_deref())
                        .map(str::to_owned),
                    fields: event.misfits.clone(),
                });
            }
            if self.selection.includes(event, time) {
                let model = EventModel::new(event, self.selection.metadata);
                self.events.push((time, model));
            }
        }
        if page.is_last {
            if page.is_end_unknown && !is_past_since {
                self.is_incomplete = true;
                self.is_end_unknown = true;
            }
            return NextPage::NotNeeded;
        }
        if self.is_out_of_order {
            return NextPage::Needed;
        }
        if is_past_since {
            return NextPage::NotNeeded;
        }
        if self.events.len() >= self.selection.limit() {
            self.is_incomplete = true;
            return NextPage::NotNeeded;
        }
        NextPage::Needed
    }

    /// Records that further pages are needed but not read.
    pub(super) fn stop_early(&mut self) {
        self.is_incomplete = true;
    }

    pub(super) fn finish(mut self) -> Collected {
        let limit = self.selection.limit();
        if self.is_out_of_order {
            // The sort is stable. Events without a time come last.
            self.events.sort_by_key(|(time, _)| Reverse(*time));
        }
        let truncated = self.is_incomplete || self.events.len() > limit;
        self.events.truncate(limit);
        Collected {
            events: self.events.into_iter().map(|(_, event)| event).collect(),
            total_count: self.total_count,
            truncated,
            has_events: self.has_events,
            is_end_unknown: self.is_end_unknown,
            odd: self.odd,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Event;
    use crate::provider::audit_trail_events::model::Model;
    use tfplugin::Value;
    use tfplugin::value::from_value;

    fn selection(limit: i64, since: Option<&str>) -> Selection {
        let mut value = Value::null_object(&super::super::schema::data_source().ty());
        if let Value::Map(attributes) = &mut value {
            attributes.insert("limit".to_owned(), Value::from(limit));
            attributes.insert("since".to_owned(), since.map_or(Value::Null, Value::from));
        }
        Selection::new(&from_value::<Model>(&value).unwrap()).unwrap()
    }

    /// One event for each digit, at that minute of the year.
    fn events(digits: &str) -> String {
        let events: Vec<_> = digits
            .chars()
            .map(|id| format!(r#"{{"id":"{id}","timestamp":"2026-01-01T00:0{id}:00Z"}}"#))
            .collect();
        format!("[{}]", events.join(","))
    }

    #[track_caller]
    fn take(collection: &mut Collection<'_>, digits: &str, is_last: bool) -> NextPage {
        let text = events(digits);
        let events: Vec<Event<'_>> = serde_json::from_str(&text).unwrap();
        collection.take(&EventPage {
            events,
            total_count: Some(9),
            is_last,
            is_end_unknown: false,
        })
    }

    #[track_caller]
    fn check_result(collection: Collection<'_>, digits: &str, truncated: bool) {
        let collected = collection.finish();
        let ids: String = collected
            .events
            .into_iter()
            .filter_map(|event| event.id)
            .collect();
        assert_eq!((ids.as_str(), collected.truncated), (digits, truncated));
        assert_eq!(collected.total_count, Some(9));
    }

    #[test]
    fn no_page_is_read_after_the_limit() {
        let selection = selection(3, None);
        let mut collection = Collection::new(&selection);
        assert_eq!(take(&mut collection, "98", false), NextPage::Needed);
        assert_eq!(take(&mut collection, "76", false), NextPage::NotNeeded);
        check_result(collection, "987", true);
    }

    #[test]
    fn events_that_arrived_between_two_pages_come_first() {
        let selection = selection(4, None);
        let mut collection = Collection::new(&selection);
        assert_eq!(take(&mut collection, "65", false), NextPage::Needed);
        assert_eq!(take(&mut collection, "74", true), NextPage::NotNeeded);
        check_result(collection, "7654", false);
    }

    #[test]
    fn after_more_new_events_than_a_page_has_it_reads_to_the_end_and_sorts() {
        let selection = selection(3, None);
        let mut collection = Collection::new(&selection);
        assert_eq!(take(&mut collection, "32", false), NextPage::Needed);
        assert_eq!(take(&mut collection, "65", false), NextPage::Needed);
        assert_eq!(take(&mut collection, "41", true), NextPage::NotNeeded);
        check_result(collection, "654", true);
    }

    #[test]
    fn a_trail_that_ends_before_the_limit_is_not_truncated() {
        let selection = selection(4, None);
        let mut collection = Collection::new(&selection);
        assert_eq!(take(&mut collection, "98", false), NextPage::Needed);
        assert_eq!(take(&mut collection, "76", true), NextPage::NotNeeded);
        check_result(collection, "9876", false);
    }

    #[test]
    fn no_page_is_read_after_since() {
        let selection = selection(9, Some("2026-01-01T00:07:00Z"));
        let mut collection = Collection::new(&selection);
        assert_eq!(take(&mut collection, "9876", false), NextPage::NotNeeded);
        check_result(collection, "98", false);
    }

    #[test]
    fn a_trail_that_was_not_read_to_its_end_is_truncated() {
        let selection = selection(9, None);
        let mut collection = Collection::new(&selection);
        take(&mut collection, "98", false);
        collection.stop_early();
        check_result(collection, "98", true);
    }
}
