//! [`Cursor`]: which page comes next, and which of its events are new.
//!
//! The service sends the newest events first, and the trail changes while it is read. New events at
//! the front move others onto the next page; those are recognised by their IDs and left out. The
//! oldest events are dropped at the end, which changes nothing for the pages before.
//!
//! Pure: no request is sent here.

use serde::{Deserialize, Deserializer};

use super::event::Event;
use super::recent_ids::{self, RecentIds};

/// How many pages in a row may have no new event.
const MAX_PAGES_WITHOUT_NEW_EVENTS: u32 = 64;

/// How many pages a trail may have: many times the events of 14 days.
const MAX_PAGES: u32 = 1 << 17;

/// The pagination of a page.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(super) struct Pagination {
    /// The number of the next page; null on the last.
    #[serde(default, alias = "next-page", deserialize_with = "stated")]
    next_page: Stated<u32>,
    #[serde(default, alias = "total-pages")]
    pub(super) total_pages: Option<u32>,
    #[serde(default, alias = "total-count")]
    pub(super) total_count: Option<u64>,
}

/// A value that may be absent, or null on purpose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stated<T> {
    #[default]
    Absent,
    Null,
    Value(T),
}

fn stated<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Stated<u32>, D::Error> {
    Ok(match Option::deserialize(deserializer)? {
        Some(value) => Stated::Value(value),
        None => Stated::Null,
    })
}

/// The position in the trail.
#[derive(Default)]
pub(super) struct Cursor {
    recent: RecentIds,
    total_count: Option<u64>,
    pages: u32,
    /// How many events a full page has.
    page_size: usize,
    /// Whether the last page does not say whether others follow, and they may: it is full, or has fewer events than the
    /// trail.
    is_end_unknown: bool,
    /// Pages in a row without a new event.
    pages_without_new_events: u32,
}

impl Cursor {
    /// Returns the position before the first page. A full page has `page_size` events.
    pub(super) fn new(page_size: u32) -> Self {
        Self {
            page_size: usize::try_from(page_size).unwrap_or(usize::MAX),
            ..Self::default()
        }
    }

    /// Whether it is not known if others follow the last page.
    pub(super) fn is_end_unknown(&self) -> bool {
        self.is_end_unknown
    }

    /// Removes known events from the page with this number. Returns the number of the next page, or
    /// `None` after the last.
    ///
    /// # Errors
    ///
    /// Reading on would never end, or events would be missing or come twice. The error says why.
    pub(super) fn advance(
        &mut self,
        number: u32,
        pagination: Option<Pagination>,
        events: &mut Vec<Event<'_>>,
    ) -> Result<Option<u32>, String> {
        // The only page of a trail may leave out its pagination, a later one may not.
        if pagination.is_none() && self.pages > 0 {
            return Err(format!("page {number} does not say whether others follow"));
        }
        let page = pagination.unwrap_or_default();
        self.pages += 1;
        let count = events.len();
        events.retain(|event| self.recent.insert(event.key()));
        if let (Some(before), Some(now)) = (self.total_count, page.total_count)
            && now.saturating_sub(before) > recent_ids::SIZE as u64
        {
            return Err(format!(
                "{} events arrived between two pages, more than can be told from those that were \
                 there before",
                now - before
            ));
        }
        self.total_count = page.total_count.or(self.total_count);
        self.pages_without_new_events = if events.is_empty() {
            self.pages_without_new_events + 1
        } else {
            0
        };
        let has_more_pages = page.total_pages.is_some_and(|pages| pages > number);
        let next = match page.next_page {
            Stated::Value(next) if next <= number => {
                return Err(format!("page {number} calls page {next} the next one"));
            }
            // Always the following page: to skip one would lose its events.
            Stated::Value(_) => number.checked_add(1),
            Stated::Null | Stated::Absent if has_more_pages => number.checked_add(1),
            Stated::Null | Stated::Absent => None,
        };
        if self.pages == 1 && next.is_none() {
            let says_nothing = page.next_page == Stated::Absent && page.total_pages.is_none();
            let is_full = count >= self.page_size.max(1);
            let has_fewer = page.total_count.is_some_and(|total| total > count as u64);
            self.is_end_unknown = (says_nothing && is_full) || has_fewer;
        }
        if next.is_some() && self.pages_without_new_events >= MAX_PAGES_WITHOUT_NEW_EVENTS {
            return Err(format!(
                "{MAX_PAGES_WITHOUT_NEW_EVENTS} pages in a row, up to page {number}, hold nothing that was not there \
                 before"
            ));
        }
        if next.is_some() && self.pages >= MAX_PAGES {
            return Err(format!("it has no end after {MAX_PAGES} pages"));
        }
        Ok(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a page with an event for each letter.
    fn page(letters: &str) -> String {
        let events: Vec<_> = letters
            .chars()
            .map(|id| format!(r#"{{"id":"{id}"}}"#))
            .collect();
        format!("[{}]", events.join(","))
    }

    /// Reads one page. Returns the new events on it and the number of the next page.
    #[track_caller]
    fn advance(
        cursor: &mut Cursor,
        letters: &str,
        number: u32,
        next: Option<u32>,
        total_count: impl Into<Option<u64>>,
    ) -> Result<(String, Option<u32>), String> {
        let text = page(letters);
        let mut events: Vec<Event<'_>> = serde_json::from_str(&text).unwrap();
        let page = Pagination {
            next_page: next.map_or(Stated::Null, Stated::Value),
            total_pages: None,
            total_count: total_count.into(),
        };
        let next = cursor.advance(number, Some(page), &mut events)?;
        Ok((events.iter().map(Event::key).collect(), next))
    }

    fn new(letters: &str, next: impl Into<Option<u32>>) -> Result<(String, Option<u32>), String> {
        Ok((letters.to_owned(), next.into()))
    }

    #[test]
    fn an_event_that_moves_onto_the_next_page_comes_once() {
        let cursor = &mut Cursor::default();
        assert_eq!(advance(cursor, "fed", 1, Some(2), 6), new("fed", 2));
        assert_eq!(advance(cursor, "edc", 2, Some(3), 8), new("c", 3));
        assert_eq!(advance(cursor, "ba", 3, None, 8), new("ba", None));
    }

    #[test]
    fn no_page_is_skipped_whatever_next_page_says() {
        let cursor = &mut Cursor::default();
        assert_eq!(advance(cursor, "dc", 1, Some(7), None), new("dc", 2));
    }

    /// Reads a first page of three events. Returns the number of the next page, and whether the end is unknown.
    #[track_caller]
    fn first(page_size: u32, pagination: &str) -> (Option<u32>, bool) {
        let text = page("cba");
        let mut events: Vec<Event<'_>> = serde_json::from_str(&text).unwrap();
        let mut cursor = Cursor::new(page_size);
        let pagination = serde_json::from_str(pagination).unwrap();
        let next = cursor.advance(1, pagination, &mut events).unwrap();
        (next, cursor.is_end_unknown())
    }

    #[test]
    fn a_full_page_that_does_not_say_whether_others_follow_has_an_unknown_end() {
        assert_eq!(first(3, "null"), (None, true));
        assert_eq!(first(3, "{}"), (None, true));
        assert_eq!(first(4, "null"), (None, false));
        assert_eq!(first(3, r#"{"next_page":null}"#), (None, false));
        assert_eq!(first(3, r#"{"total_pages":1}"#), (None, false));
    }

    #[test]
    fn a_page_is_not_the_last_if_the_counts_say_so() {
        assert_eq!(first(3, r#"{"total_pages":2}"#), (Some(2), false));
        assert_eq!(
            first(3, r#"{"next_page":null,"total_pages":2}"#),
            (Some(2), false)
        );
        assert_eq!(first(9, r#"{"total_count":4}"#), (None, true));
        assert_eq!(
            first(3, r#"{"next-page":2,"total-count":4}"#),
            (Some(2), false)
        );
    }

    #[test]
    fn only_the_first_page_may_leave_out_its_pagination() {
        let cursor = &mut Cursor::default();
        assert_eq!(cursor.advance(1, None, &mut Vec::new()), Ok(None));

        let cursor = &mut Cursor::default();
        advance(cursor, "dc", 1, Some(2), 4).unwrap();
        let error = cursor.advance(2, None, &mut Vec::new()).unwrap_err();
        assert!(error.contains("page 2 does not say"), "{error}");
    }

    #[test]
    fn a_next_page_that_was_read_already_is_an_error() {
        for next in [0, 1, 2] {
            let cursor = &mut Cursor::default();
            let error = advance(cursor, "dc", 2, Some(next), None).unwrap_err();
            assert!(error.contains(&format!("calls page {next} ")), "{error}");
        }
    }

    #[test]
    fn a_page_that_repeats_forever_is_an_error() {
        let cursor = &mut Cursor::default();
        let mut number = 0;
        let error = loop {
            number += 1;
            match advance(cursor, "cba", number, Some(number + 1), 3) {
                Ok(_) => assert!(number <= MAX_PAGES_WITHOUT_NEW_EVENTS),
                Err(error) => break error,
            }
        };
        assert_eq!(number, MAX_PAGES_WITHOUT_NEW_EVENTS + 1);
        assert!(
            error.contains("nothing that was not there before"),
            "{error}"
        );
    }

    #[test]
    fn empty_pages_without_an_end_are_an_error() {
        let cursor = &mut Cursor::default();
        let ended =
            (1..1000).find(|&number| advance(cursor, "", number, Some(number + 1), None).is_err());
        assert_eq!(ended, Some(MAX_PAGES_WITHOUT_NEW_EVENTS));
    }

    #[test]
    fn a_trail_without_an_end_is_an_error() {
        let cursor = &mut Cursor::default();
        let ended = (1..=MAX_PAGES + 1).find(|&number| {
            let text = format!(r#"[{{"id":"{number}"}}]"#);
            let mut events: Vec<Event<'_>> = serde_json::from_str(&text).unwrap();
            let page = Pagination {
                next_page: Stated::Value(number + 1),
                total_pages: None,
                total_count: None,
            };
            cursor.advance(number, Some(page), &mut events).is_err()
        });
        assert_eq!(ended, Some(MAX_PAGES));
    }

    #[test]
    fn events_that_are_dropped_at_the_end_do_no_harm() {
        let cursor = &mut Cursor::default();
        assert_eq!(advance(cursor, "fed", 1, Some(2), 6), new("fed", 2));
        assert_eq!(advance(cursor, "cb", 2, None, 5), new("cb", None));
    }

    #[test]
    fn more_new_events_than_ids_are_remembered_are_an_error() {
        let cursor = &mut Cursor::default();
        advance(cursor, "dc", 1, Some(2), 4).unwrap();
        let error = advance(cursor, "ba", 2, Some(3), 100_000).unwrap_err();
        assert!(error.starts_with("99996 events"), "{error}");
    }
}
