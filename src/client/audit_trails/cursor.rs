//! [`Cursor`]: which page comes next, and which of its events came before.
//!
//! Pages are numbered from the trail's one end, and the trail moves while it is read: events
//! arrive, and old ones are dropped. Reading from the lowest number to the highest, arrivals in
//! front show some events again, which are left out here by their ids. What is dropped behind is
//! gone for everybody; but should the trail be in another order than the newest first, which is
//! seen and not documented, what is dropped in front moves events onto pages that were read
//! already: then a page that shrank is followed by those again.
//!
//! Pure: no request is sent here.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::event::Event;
use super::window::{self, Window};

/// Pages in a row on which nothing was new, after which nothing will be.
const STANDSTILL: u32 = 64;

/// Pages after which something is wrong: many times what 14 days have ever held.
const LONGEST: u32 = 1 << 17;

/// The order of the events so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EventOrder {
    /// Too few different times to tell.
    #[default]
    Unknown,
    /// Each event is as old as those before it or older.
    NewestFirst,
    /// Any other.
    Mixed,
}

/// What a page says of its place.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(super) struct Pagination {
    /// The page that the API calls the next; null on the last.
    next_page: Option<u32>,
    pub(super) total_count: Option<u64>,
}

/// The place in the trail.
#[derive(Default)]
pub(super) struct Cursor {
    seen: Window,
    order: EventOrder,
    /// The last time that was read.
    last: Option<DateTime<Utc>>,
    total_count: Option<u64>,
    /// The most events that were on a page.
    page_size: u64,
    /// Pages in a row without anything new.
    standstill: u32,
    /// Pages so far.
    turns: u32,
}

impl Cursor {
    /// Leaves out of the page of this number what came before, and says which page comes next;
    /// `None`: it was the last.
    ///
    /// # Errors
    ///
    /// Why going on would never end, or events would be missing or come twice.
    pub(super) fn turn(
        &mut self,
        number: u32,
        pagination: Option<Pagination>,
        events: &mut Vec<Event<'_>>,
    ) -> Result<Option<u32>, String> {
        // One alone is the whole trail; one that another has led to ought to say where it ends.
        if pagination.is_none() && self.turns > 0 {
            return Err(format!("page {number} does not say whether others follow"));
        }
        let page = pagination.unwrap_or_default();
        self.turns += 1;
        self.page_size = self.page_size.max(events.len() as u64);
        events.retain(|event| self.seen.insert(&event.id));
        self.observe_order(events);
        let before = self.total_count;
        self.total_count = page.total_count.or(before);

        if let (Some(before), Some(now)) = (before, page.total_count)
            && now.saturating_sub(before) > window::SIZE as u64
        {
            return Err(format!(
                "{} events arrived between two pages, more than can be told from those that were \
                 there before",
                now - before
            ));
        }
        self.standstill = if events.is_empty() {
            self.standstill + 1
        } else {
            0
        };
        let next = match page.next_page {
            Some(next) if next <= number => {
                return Err(format!("page {number} calls page {next} the next one"));
            }
            // Page by page, whatever number it names: one that is left out would be missing.
            Some(_) => number.checked_add(1),
            None => None,
        };
        let next = self.again(number, page, before).or(next);
        if next.is_some() && self.standstill >= STANDSTILL {
            return Err(format!(
                "{STANDSTILL} pages in a row, up to page {number}, hold nothing that was not there \
                 before"
            ));
        }
        if next.is_some() && self.turns >= LONGEST {
            return Err(format!("it has no end after {LONGEST} pages"));
        }
        Ok(next)
    }

    pub(super) fn order(&self) -> EventOrder {
        self.order
    }

    /// The page onto which events may have moved unseen, because others before them are gone.
    fn again(&self, number: u32, page: Pagination, before: Option<u64>) -> Option<u32> {
        let gone = before?.checked_sub(page.total_count?)?;
        if gone == 0 || self.order == EventOrder::NewestFirst {
            return None;
        }
        let back = u32::try_from(gone.div_ceil(self.page_size.max(1))).unwrap_or(u32::MAX);
        Some(number.saturating_sub(back).max(1))
    }

    fn observe_order(&mut self, events: &[Event<'_>]) {
        // Nothing brings the order back once it is lost.
        if self.order == EventOrder::Mixed {
            return;
        }
        for time in events.iter().filter_map(Event::time) {
            match self.last {
                Some(last) if time > last => {
                    self.order = EventOrder::Mixed;
                    return;
                }
                Some(last) if time < last => self.order = EventOrder::NewestFirst,
                _ => {}
            }
            self.last = Some(time);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A trail of one-letter events, at the second of their place in the alphabet.
    fn page(letters: &str) -> String {
        let events: Vec<_> = letters
            .chars()
            .map(|id| {
                let second = u32::from(id) - u32::from('a');
                format!(r#"{{"id":"{id}","timestamp":"2026-01-01T00:00:{second:02}Z"}}"#)
            })
            .collect();
        format!("[{}]", events.join(","))
    }

    /// Turns one page and tells what was new on it, and the next.
    #[track_caller]
    fn turn(
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
        let next = cursor.turn(number, Some(page), &mut events)?;
        Ok((events.iter().map(|event| &*event.id).collect(), next))
    }

    fn new(letters: &str, next: impl Into<Option<u32>>) -> Result<(String, Option<u32>), String> {
        Ok((letters.to_owned(), next.into()))
    }

    #[test]
    fn what_moves_onto_the_next_page_comes_once() {
        let cursor = &mut Cursor::default();
        assert_eq!(turn(cursor, "fed", 1, Some(2), 6), new("fed", 2));
        assert_eq!(turn(cursor, "edc", 2, Some(3), 8), new("c", 3));
        assert_eq!(turn(cursor, "ba", 3, None, 8), new("ba", None));
    }

    #[test]
    fn pages_are_read_one_by_one_whichever_is_called_the_next() {
        let cursor = &mut Cursor::default();
        assert_eq!(turn(cursor, "dc", 1, Some(7), None), new("dc", 2));
    }

    #[test]
    fn only_a_page_that_stands_alone_needs_not_say_so() {
        let cursor = &mut Cursor::default();
        assert_eq!(cursor.turn(1, None, &mut Vec::new()), Ok(None));

        let cursor = &mut Cursor::default();
        turn(cursor, "dc", 1, Some(2), 4).unwrap();
        let error = cursor.turn(2, None, &mut Vec::new()).unwrap_err();
        assert!(error.contains("page 2 does not say"), "{error}");
    }

    #[test]
    fn a_next_page_that_lies_behind_is_an_error() {
        for next in [0, 1, 2] {
            let cursor = &mut Cursor::default();
            let error = turn(cursor, "dc", 2, Some(next), None).unwrap_err();
            assert!(error.contains(&format!("calls page {next} ")), "{error}");
        }
    }

    #[test]
    fn a_page_that_repeats_for_ever_ends_in_an_error() {
        let cursor = &mut Cursor::default();
        let mut number = 0;
        let error = loop {
            number += 1;
            match turn(cursor, "cba", number, Some(number + 1), 3) {
                Ok(_) => assert!(number <= STANDSTILL),
                Err(error) => break error,
            }
        };
        assert_eq!(number, STANDSTILL + 1);
        assert!(
            error.contains("nothing that was not there before"),
            "{error}"
        );
    }

    #[test]
    fn empty_pages_that_never_end_are_an_error() {
        let cursor = &mut Cursor::default();
        let ended =
            (1..1000).find(|&number| turn(cursor, "", number, Some(number + 1), None).is_err());
        assert_eq!(ended, Some(STANDSTILL));
    }

    /// What comes again after more ids than are remembered always looks new.
    #[test]
    fn a_circle_too_long_to_be_remembered_ends_too() {
        let cursor = &mut Cursor::default();
        let ended = (1..=LONGEST + 1).find(|&number| {
            let text = format!(r#"[{{"id":"{number}"}}]"#);
            let mut events: Vec<Event<'_>> = serde_json::from_str(&text).unwrap();
            let page = Pagination {
                next_page: Some(number + 1),
                total_count: None,
            };
            cursor.turn(number, Some(page), &mut events).is_err()
        });
        assert_eq!(ended, Some(LONGEST));
    }

    #[test]
    fn a_trail_that_shrinks_behind_is_read_on() {
        let cursor = &mut Cursor::default();
        assert_eq!(turn(cursor, "fed", 1, Some(2), 6), new("fed", 2));
        assert_eq!(turn(cursor, "cb", 2, None, 5), new("cb", None));
    }

    #[test]
    fn a_trail_that_shrinks_in_front_is_looked_at_again() {
        // Oldest first: when a, b and c are dropped, d and e move onto the first page.
        let cursor = &mut Cursor::default();
        assert_eq!(turn(cursor, "ab", 1, Some(2), 7), new("ab", 2));
        assert_eq!(turn(cursor, "fg", 2, None, 4), new("fg", 1));
        assert_eq!(turn(cursor, "de", 1, Some(2), 4), new("de", 2));
        assert_eq!(turn(cursor, "fg", 2, None, 4), new("", None));
    }

    #[test]
    fn the_order_is_told_by_the_times_alone() {
        let order = |pages: &[&str]| {
            let mut cursor = Cursor::default();
            for letters in pages {
                turn(&mut cursor, letters, 1, Some(2), None).unwrap();
            }
            cursor.order()
        };
        assert_eq!(order(&["a"]), EventOrder::Unknown);
        assert_eq!(order(&["ba"]), EventOrder::NewestFirst);
        assert_eq!(order(&["dc", "ba"]), EventOrder::NewestFirst);
        assert_eq!(order(&["dc", "dcba"]), EventOrder::NewestFirst);
        assert_eq!(order(&["ab"]), EventOrder::Mixed);
        assert_eq!(order(&["dc", "ef"]), EventOrder::Mixed);
        assert_eq!(order(&["ab", "dc"]), EventOrder::Mixed);
    }

    #[test]
    fn more_arrivals_than_can_be_told_apart_are_an_error() {
        let cursor = &mut Cursor::default();
        turn(cursor, "dc", 1, Some(2), 4).unwrap();
        let error = turn(cursor, "ba", 2, Some(3), 100_000).unwrap_err();
        assert!(error.starts_with("99996 events"), "{error}");
    }
}
