//! [`Cursor`]: which page comes next, and which of its events are new.
//!
//! The service sends the newest events first, and the trail changes while it is read. New events at
//! the front move others onto the next page; those are recognised by their IDs and left out. The
//! oldest events are dropped at the end, which changes nothing for the pages before.
//!
//! Pure: no request is sent here.

use serde::Deserialize;

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
    next_page: Option<u32>,
    pub(super) total_count: Option<u64>,
}

/// The position in the trail.
#[derive(Default)]
pub(super) struct Cursor {
    recent: RecentIds,
    total_count: Option<u64>,
    pages: u32,
    /// Pages in a row without a new event.
    pages_without_new_events: u32,
}

impl Cursor {
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
        events.retain(|event| self.recent.insert(&event.id));
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
        let next = match page.next_page {
            Some(next) if next <= number => {
                return Err(format!("page {number} calls page {next} the next one"));
            }
            // Always the following page: to skip one would lose its events.
            Some(_) => number.checked_add(1),
            None => None,
        };
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
            next_page: next,
            total_count: total_count.into(),
        };
        let next = cursor.advance(number, Some(page), &mut events)?;
        Ok((events.iter().map(|event| &*event.id).collect(), next))
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
                next_page: Some(number + 1),
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
