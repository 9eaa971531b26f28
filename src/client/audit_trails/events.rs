//! Events of the audit trail, newest first, page by page.
//!
//! Plain JSON, not JSON:API. Fields come and go, so the model is a typed core, and what it does
//! not know is kept as it came. Filtering, joining and deduplicating pages is not done here.

use chrono::{DateTime, Utc};
use reqwest::Method;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::AuditTrails;
use crate::client::document::{self, JSON, format_time};
use crate::client::error::{Error, Kind};
use crate::client::transport::Call;

/// One page of events.
#[derive(Clone, Debug, PartialEq)]
pub struct EventPage {
    /// The events, newest first.
    pub events: Vec<Event>,
    /// The number of the next page, if there is one.
    pub next: Option<u32>,
    /// How many events there are on all pages, if the API says.
    pub total_count: Option<u64>,
}

/// Something that happened in the organization.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Event {
    /// The id, a UUID: what tells one event from another when pages move.
    pub id: String,
    /// The version of the event's format.
    #[serde(default, deserialize_with = "text_or_number")]
    pub version: Option<String>,
    /// The kind of event; so far always `Resource`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// When it happened, as the API wrote it.
    pub timestamp: Option<String>,
    /// Who did it.
    #[serde(default)]
    pub auth: Option<EventAuth>,
    /// The request that did it.
    #[serde(default)]
    pub request: Option<EventRequest>,
    /// What it was done to.
    #[serde(default)]
    pub resource: Option<EventResource>,
    /// Fields that are not known here.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct EventAuth {
    /// The account, such as `user-…`.
    pub accessor_id: Option<String>,
    /// Its name.
    pub description: Option<String>,
    /// `Client`, `Impersonated` or `System`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Who acted in the account's name.
    pub impersonator_id: Option<String>,
    /// The organization.
    pub organization_id: Option<String>,
}

/// The request that did something.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct EventRequest {
    /// The id of the request.
    pub id: Option<String>,
}

/// What something was done to.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct EventResource {
    /// The id, such as `at-…` or `ws-…`.
    pub id: Option<String>,
    /// The kind, such as `authentication_token`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// What was done, such as `create`.
    pub action: Option<String>,
    /// Whatever the kind of event adds.
    pub meta: Option<Value>,
}

#[derive(Deserialize)]
struct Body {
    data: Option<Vec<Event>>,
    #[serde(default)]
    pagination: Option<Pagination>,
}

#[derive(Deserialize)]
struct Pagination {
    next_page: Option<u32>,
    total_count: Option<u64>,
}

fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

impl AuditTrails<'_> {
    /// Reads one page of events, counted from 1; `since` leaves out what is older.
    ///
    /// The API promises no more than 1,000 events on a page and 14 days back.
    ///
    /// # Errors
    ///
    /// [`is_unauthorized`](Error::is_unauthorized) if the token is dead. An empty page is no proof
    /// that the token may read the trail.
    pub async fn page(
        &self,
        number: u32,
        size: u32,
        since: Option<DateTime<Utc>>,
    ) -> Result<EventPage, Error> {
        let mut query = vec![
            ("page[number]", number.to_string()),
            ("page[size]", size.to_string()),
        ];
        query.extend(since.map(|since| ("since", format_time(since))));
        let call = Call {
            query,
            accept: JSON,
            bearer: self.secret.clone(),
            ..Call::new(Method::GET, &["organization", "audit-trail"])
        };
        let answer = self.client.send(&call).await?;
        let body: Body = document::parse(&answer.body)
            .map_err(|why| self.client.error(Kind::Protocol, &call).with_detail(why))?;
        let pagination = body.pagination;
        Ok(EventPage {
            events: body.data.ok_or_else(|| self.client.no_data(&call))?,
            // A page that does not move on would never end.
            next: pagination
                .as_ref()
                .and_then(|pagination| pagination.next_page)
                .filter(|next| *next > number),
            total_count: pagination.and_then(|pagination| pagination.total_count),
        })
    }
}
