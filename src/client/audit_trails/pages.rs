//! [`EventPages`]: the events of a trail, page by page.
//!
//! The cursor says which page comes next and which events are new. The caller filters them.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::cursor::{Cursor, Pagination};
use super::event::Event;
use super::trails::AuditTrails;
use crate::client::document;
use crate::client::error::{Error, Kind};
use crate::client::timestamp;
use crate::client::transport::Call;

/// Which events to read.
#[derive(Clone, Copy, Debug)]
pub struct EventQuery {
    /// Only events after this time, to the millisecond. The service keeps 14 days.
    pub since: Option<DateTime<Utc>>,
    /// How many events a page has at most.
    pub page_size: u32,
}

impl EventQuery {
    /// The API's default size of a page.
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

/// The pages of a trail; see [`AuditTrails::events`]. Only one page at a time is in memory.
pub struct EventPages<'a> {
    trails: AuditTrails<'a>,
    query: EventQuery,
    next: Option<u32>,
    cursor: Cursor,
    body: Zeroizing<Vec<u8>>,
}

/// The new events of one page.
#[derive(Debug)]
pub struct EventPage<'a> {
    /// The events, the newest first. A page may have none although another follows.
    pub events: Vec<Event<'a>>,
    /// How many events all pages have, if the API says.
    pub total_count: Option<u64>,
    /// Whether this is the last page.
    pub is_last: bool,
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    data: Option<Vec<Event<'a>>>,
    #[serde(default)]
    pagination: Option<Pagination>,
}

impl<'a> AuditTrails<'a> {
    /// Returns the events of the trail, page by page, the newest first.
    ///
    /// # Errors
    ///
    /// [`EventPages::next`] fails with [`is_unauthorized`](Error::is_unauthorized) if the token does not
    /// work any more, [`is_wrong_token`](Error::is_wrong_token) if it is neither an organization's nor
    /// an audit trail token, and [`is_no_entitlement`](Error::is_no_entitlement) if the organization has
    /// no audit logging. It fails with [`is_not_found`](Error::is_not_found) alone if it is not known
    /// which of the last two.
    ///
    /// ```no_run
    /// # use terraform_provider_tfe::client::{Client, Error, EventQuery};
    /// # async fn read(client: &Client) -> Result<(), Error> {
    /// let mut pages = client.own_audit_trails().events(EventQuery::default());
    /// while let Some(page) = pages.next().await? {
    ///     for event in &page.events {
    ///         println!("{} {:?}", event.id, event.resource.action);
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn events(self, query: EventQuery) -> EventPages<'a> {
        EventPages::new(self, query)
    }
}

impl<'a> EventPages<'a> {
    fn new(trails: AuditTrails<'a>, query: EventQuery) -> Self {
        Self {
            trails,
            query,
            next: Some(1),
            cursor: Cursor::default(),
            body: Zeroizing::default(),
        }
    }

    /// Reads the next page. Returns `None` after the last page and after an error.
    ///
    /// Each event comes once, also when new events move it to the next page.
    ///
    /// # Errors
    ///
    /// See [`AuditTrails::events`]. It is a [protocol error](Error::is_protocol) if the pages have no
    /// end, or if events arrive faster than they are read.
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
        query.extend(
            self.query
                .since
                .map(|since| ("since", timestamp::format(since))),
        );
        self.trails.call(query)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_page_without_pagination_is_the_last() {
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
