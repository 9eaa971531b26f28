//! [`EventPages`]: the events of a trail, page by page.
//!
//! The cursor says which page comes next and which events are new. The caller filters them.

use chrono::{DateTime, Utc};
use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::value::RawValue;
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
    /// Whether it only counts as the last page because it does not say whether others follow.
    pub is_end_unknown: bool,
}

/// A page of events, or of JSON that may be events.
#[derive(Deserialize)]
struct Body<'a, E> {
    data: Option<Vec<E>>,
    #[serde(default)]
    pagination: Option<Pagination>,
    /// JSON:API has the pagination here.
    #[serde(borrow, default)]
    meta: Option<&'a RawValue>,
}

impl<E> Body<'_, E> {
    fn pagination(&self) -> Option<Pagination> {
        #[derive(Deserialize)]
        struct Meta {
            pagination: Option<Pagination>,
        }
        self.pagination.or_else(|| {
            serde_json::from_str::<Meta>(self.meta?.get())
                .ok()?
                .pagination
        })
    }
}

/// The events of a page, if it has data, and its pagination.
type Page<'a> = (Option<Vec<Event<'a>>>, Option<Pagination>);

/// Reads a page. Only if an event has an unexpected form, each is read by itself, which is slower.
fn parse(body: &[u8]) -> Result<Page<'_>, String> {
    let why = match document::parse::<Body<'_, Event<'_>>>(body) {
        Ok(page) => {
            let pagination = page.pagination();
            return Ok((page.data, pagination));
        }
        Err(why) => why,
    };
    let page: Body<'_, &RawValue> = document::parse(body).map_err(|_| why)?;
    let pagination = page.pagination();
    let events = page
        .data
        .map(|events| events.into_iter().map(Event::read).collect());
    Ok((events, pagination))
}

impl<'a> AuditTrails<'a> {
    /// Returns the events of the trail, page by page, the newest first.
    ///
    /// # Errors
    ///
    /// [`EventPages::next`] fails with [`is_unauthorized`](Error::is_unauthorized) if the token does not
    /// work any more, [`is_wrong_token`](Error::is_wrong_token) if it is neither an organization's nor
    /// an audit trail token (HCP Terraform also answers 200 then, with no page at all), and [`is_no_entitlement`](Error::is_no_entitlement) if the organization has
    /// no audit logging. It fails with [`is_not_found`](Error::is_not_found) alone if it is not known
    /// which of the last two.
    ///
    /// ```no_run
    /// # use terraform_provider_tfe::client::{Client, Error, EventQuery};
    /// # async fn read(client: &Client) -> Result<(), Error> {
    /// let mut pages = client.own_audit_trails().events(EventQuery::default());
    /// while let Some(page) = pages.next().await? {
    ///     for event in &page.events {
    ///         println!("{:?} {:?}", event.id, event.resource.action);
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn events(self, query: EventQuery) -> EventPages<'a> {
        EventPages::new(self, query)
    }

    /// Whether the trail has no page at all, whatever the period.
    async fn has_no_page(&self) -> Result<bool, Error> {
        let call = self.call(vec![("page[size]", "1".to_owned())]);
        let answer = self.client.send(&call).await?;
        let (_, pagination) = parse(&answer.body).map_err(|why| {
            let error = self.client.error(Kind::Protocol, &call).with_detail(why);
            error.with_named_service(answer.is_named)
        })?;
        Ok(pagination.is_some_and(|page| page.total_pages == Some(0)))
    }
}

impl<'a> EventPages<'a> {
    fn new(trails: AuditTrails<'a>, query: EventQuery) -> Self {
        Self {
            trails,
            query,
            next: Some(1),
            cursor: Cursor::new(query.page_size),
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
        let is_named = answer.is_named;
        let broken = |why: String| {
            let error = client.error(Kind::Protocol, &call).with_detail(why);
            error.with_named_service(is_named)
        };
        let Self {
            trails,
            query,
            next,
            cursor,
            body,
        } = self;
        *body = answer.body;
        let (events, pagination) = parse(body).map_err(broken)?;
        let mut events = events.ok_or_else(|| broken("the document has no data".to_owned()))?;
        let has_no_page = number == 1
            && events.is_empty()
            && pagination.is_some_and(|page| page.total_pages == Some(0));
        // A period without events may have no page either.
        if has_no_page && (query.since.is_none() || trails.has_no_page().await?) {
            return Err(client
                .error(Kind::WrongToken, &call)
                .with_status(StatusCode::OK)
                .with_detail("the answer has no page of events: total_pages is 0"));
        }
        *next = cursor
            .advance(number, pagination, &mut events)
            .map_err(broken)?;
        Ok(Some(EventPage {
            events,
            total_count: pagination.and_then(|page| page.total_count),
            is_last: next.is_none(),
            is_end_unknown: next.is_none() && cursor.is_end_unknown(),
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
            let (events, pagination) = parse(text.as_bytes()).unwrap();
            let next = Cursor::default().advance(1, pagination, &mut events.unwrap());
            assert_eq!(next, Ok(None), "{text}");
        }
    }
}
