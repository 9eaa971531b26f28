//! [`EventPages`]: the events of a trail, page by page.
//!
//! Which page comes next and what is new on it is the cursor's to say. Filtering, and any order
//! other than the service's, is the reader's.

use chrono::{DateTime, Utc};
use reqwest::Method;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::AuditTrails;
use super::cursor::{Cursor, Pagination};
use super::event::Event;
use crate::client::document::{self, JSON, format_time};
use crate::client::error::{Error, Kind};
use crate::client::transport::Call;

/// What to read of a trail.
#[derive(Clone, Copy, Debug)]
pub struct EventQuery {
    /// Only what happened after it, to the millisecond; the service keeps 14 days.
    pub since: Option<DateTime<Utc>>,
    /// How many events to ask for at once; the service may send fewer.
    pub page_size: u32,
}

impl EventQuery {
    /// The API's default size of a page, which every reader of it takes for the most.
    pub const PAGE_SIZE: u32 = 1000;
}

impl Default for EventQuery {
    fn default() -> Self {
        Self {
            since: None,
            page_size: Self::PAGE_SIZE,
        }
    }
}

/// A trail that is being read; see [`AuditTrails::events`].
///
/// Holds one page at a time, however many events pass.
pub struct EventPages<'a> {
    trails: AuditTrails<'a>,
    query: EventQuery,
    next: Option<u32>,
    cursor: Cursor,
    body: Zeroizing<Vec<u8>>,
}

/// One page: what is on it that was on none before it.
#[derive(Debug)]
pub struct EventPage<'a> {
    /// The events, in the service's order. There may be none although others follow.
    pub events: Vec<Event<'a>>,
    /// How many events there are on all pages, if the API says.
    pub total_count: Option<u64>,
    /// Whether no page follows.
    pub is_last: bool,
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    data: Option<Vec<Event<'a>>>,
    #[serde(default)]
    pagination: Option<Pagination>,
}

impl<'a> EventPages<'a> {
    pub(super) fn new(trails: AuditTrails<'a>, query: EventQuery) -> Self {
        Self {
            trails,
            query,
            next: Some(1),
            cursor: Cursor::default(),
            body: Zeroizing::default(),
        }
    }

    /// The next page, or `None` after the last. After an error there are no more.
    ///
    /// An event comes once, though pages move when others arrive.
    ///
    /// # Errors
    ///
    /// What [`AuditTrails::events`] says; and a [protocol error](Error::is_protocol) where the
    /// pages lead in a circle, repeat for ever, or grow faster than they can be read.
    pub async fn next(&mut self) -> Result<Option<EventPage<'_>>, Error> {
        let Some(number) = self.next.take() else {
            return Ok(None);
        };
        let client = self.trails.client;
        let call = self.call(number);
        let answer = match client.send(&call).await {
            Ok(answer) => answer,
            Err(error) => return Err(self.trails.explain(error).await),
        };
        let broken = |why: String| client.error(Kind::Protocol, &call).with_detail(why);
        let Self {
            next, cursor, body, ..
        } = self;
        *body = answer.body;
        let page: Body<'_> = document::parse(body).map_err(broken)?;
        let mut events = page.data.ok_or_else(|| client.no_data(&call))?;
        *next = cursor
            .advance(number, page.pagination, &mut events)
            .map_err(broken)?;
        Ok(Some(EventPage {
            events,
            total_count: page.pagination.and_then(|page| page.total_count),
            is_last: next.is_none(),
        }))
    }

    fn call(&self, number: u32) -> Call {
        let mut query = vec![
            ("page[number]", number.to_string()),
            ("page[size]", self.query.page_size.to_string()),
        ];
        query.extend(self.query.since.map(|since| ("since", format_time(since))));
        Call {
            query,
            accept: JSON,
            bearer: self.trails.secret.clone(),
            ..Call::new(Method::GET, &["organization", "audit-trail"])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_page_with_null_or_no_pagination_is_the_last() {
        for text in [
            r#"{"data":[]}"#,
            r#"{"data":[],"pagination":null}"#,
            r#"{"data":[],"pagination":{}}"#,
        ] {
            let page: Body<'_> = document::parse(text.as_bytes()).unwrap();
            let mut events = page.data.unwrap();
            let next = Cursor::default().advance(1, page.pagination, &mut events);
            assert_eq!(next, Ok(None), "{text}");
        }
    }
}
