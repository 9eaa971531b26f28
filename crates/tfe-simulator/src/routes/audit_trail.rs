//! The audit trail: `/organization/audit-trail`, plain JSON, newest first.
//!
//! The path names no organization: the secret belongs to one.

use std::cmp::Reverse;
use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};
use hyper::StatusCode;
use serde_json::{Value, json};

use super::call::Call;
use crate::caller::Principal;
use crate::event::RecordedEvent;
use crate::event_series::EventSeries;
use crate::response::Response;
use crate::service_state::RETENTION;
use crate::settings::{ServiceKind, Since, UserOnTrail};
use crate::timestamp::{self, TimestampStyle};
use crate::token::TokenKind;

pub(super) fn route(
    call: &mut Call<'_>,
    principal: &Principal,
    method: &str,
    path: &[&str],
) -> Option<Result<Response, Response>> {
    Some(match (method, path) {
        ("GET", ["organization", "audit-trail"]) => list(call, principal),
        _ => return None,
    })
}

fn list(call: &mut Call<'_>, principal: &Principal) -> Result<Response, Response> {
    if call.state.settings.kind != ServiceKind::HcpTerraform {
        return Err(Response::not_found());
    }
    let organization_id = match principal {
        Principal::Organization(id) | Principal::AuditTrail(id) => id,
        Principal::Caller { .. } => {
            return match call.state.settings.user_on_trail {
                UserOnTrail::Unauthorized => Err(Response::usual(StatusCode::UNAUTHORIZED)),
                UserOnTrail::NotFound => Err(Response::not_found()),
                UserOnTrail::NoPage => Ok(no_page()),
                UserOnTrail::EmptyList => Ok(page(call, &Trail::default())),
            };
        }
    };
    let now = call.state.clock.now();
    let organization = call
        .state
        .organizations
        .iter_mut()
        .find(|o| o.external_id == *organization_id && o.audit_logging)
        .ok_or_else(Response::not_found)?;
    if let (Principal::AuditTrail(_), Some(token)) =
        (principal, organization.token_mut(TokenKind::AuditTrail))
    {
        token.last_used_at = Some(now);
    }
    let since = requested_since(call)?;
    let kept = now
        .checked_sub_signed(TimeDelta::seconds(RETENTION.as_secs().cast_signed()))
        .unwrap_or(DateTime::<Utc>::MIN_UTC);
    let settings = &call.state.settings;
    let visible = Visible {
        organization_id,
        kept,
        since,
        inclusive: settings.since == Since::Inclusive,
    };
    let recorded = visible.recorded(&call.state.events);
    let organization = call
        .state
        .organizations
        .iter()
        .find(|o| o.external_id == *organization_id);
    let series = organization.and_then(|o| o.event_series.as_ref());
    let trail = Trail {
        organization_id,
        recorded,
        skipped: series.map_or(0, |series| visible.hidden(series)),
        series,
    };
    let response = page(call, &trail);
    let organizations = &mut call.state.organizations;
    if let Some(series) = organizations
        .iter_mut()
        .find(|o| o.external_id == *organization_id)
        .and_then(|o| o.event_series.as_mut())
    {
        series.grow();
    }
    Ok(response)
}

/// Which events a request may see.
struct Visible<'a> {
    organization_id: &'a str,
    kept: DateTime<Utc>,
    since: Option<DateTime<Utc>>,
    inclusive: bool,
}

impl Visible<'_> {
    /// Returns the recorded events among them, newest first.
    fn recorded<'w>(&self, events: &'w [RecordedEvent]) -> Vec<&'w RecordedEvent> {
        let is_after =
            |at: DateTime<Utc>, since: DateTime<Utc>| at > since || (self.inclusive && at == since);
        let mut events: Vec<_> = events
            .iter()
            .rev()
            .filter(|event| event.organization_id == self.organization_id)
            .filter(|event| event.at >= self.kept)
            .filter(|event| self.since.is_none_or(|since| is_after(event.at, since)))
            .collect();
        events.sort_by_key(|event| Reverse(event.at));
        events
    }

    /// Returns how many events of a series, the oldest, the request may not see.
    fn hidden(&self, series: &EventSeries) -> u64 {
        let not_after = self.since.map_or(0, |since| {
            if self.inclusive {
                series.count_before(since)
            } else {
                series.count_until(since)
            }
        });
        series.count_before(self.kept).max(not_after)
    }
}

/// All events that a request may see; those of the series are made only for its page.
#[derive(Default)]
struct Trail<'w> {
    organization_id: &'w str,
    /// Newest first.
    recorded: Vec<&'w RecordedEvent>,
    series: Option<&'w EventSeries>,
    /// How many events of the series, the oldest, are left out.
    skipped: u64,
}

impl Trail<'_> {
    fn len(&self) -> usize {
        let computed = self
            .series
            .map_or(0, |series| series.count() - self.skipped);
        self.recorded.len() + usize::try_from(computed).unwrap_or(usize::MAX)
    }

    /// Returns the events at these positions, counted from the newest.
    fn documents(&self, positions: Range<usize>, style: TimestampStyle) -> Vec<Value> {
        let count = self.series.map_or(0, EventSeries::count);
        // The recorded events before the first position; newer events of the series are before each of them.
        let mut recorded = self
            .recorded
            .iter()
            .enumerate()
            .take_while(|(index, event)| {
                let newer = count - self.series.map_or(0, |series| series.count_until(event.at));
                index + usize::try_from(newer).unwrap_or(usize::MAX) < positions.start
            });
        let before = recorded.by_ref().count();
        let mut recorded = self.recorded[before..].iter().peekable();
        let mut number = count - (positions.start - before) as u64;
        let mut documents = Vec::with_capacity(positions.len());
        for _ in positions {
            let newest = (number > self.skipped)
                .then(|| self.series.map(|series| series.at(number - 1)))
                .flatten();
            let next = recorded.next_if(|event| newest.is_none_or(|at| event.at >= at));
            match (next, self.series) {
                (Some(event), _) => documents.push(event.document(style)),
                (None, Some(series)) => {
                    number -= 1;
                    let event = series.event(number, self.organization_id);
                    documents.push(event.document(style));
                }
                (None, None) => break,
            }
        }
        documents
    }
}

fn requested_since(call: &Call<'_>) -> Result<Option<DateTime<Utc>>, Response> {
    call.request
        .parameter("since")
        .map(|text| {
            timestamp::parse(&text).ok_or_else(|| {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                let detail = "Since must be a valid ISO 8601 date and time";
                Response::error(status, "invalid parameter", Some(detail))
            })
        })
        .transpose()
}

/// Returns the answer that has no page, not even an empty one.
fn no_page() -> Response {
    Response::json(&json!({
        "data": [],
        "pagination": {
            "current_page": 1,
            "prev_page": null,
            "next_page": null,
            "total_pages": 0,
            "total_count": 0,
        },
    }))
}

fn page(call: &Call<'_>, trail: &Trail<'_>) -> Response {
    let largest = call.state.settings.trail_page_size;
    let size = call
        .request
        .count("page[size]")
        .unwrap_or(largest)
        .min(largest);
    let number = call.request.count("page[number]").unwrap_or(1);
    let count = trail.len();
    let pages = count.div_ceil(size).max(1);
    let start = (number - 1).saturating_mul(size).min(count);
    let end = start.saturating_add(size).min(count);
    let data = trail.documents(start..end, call.state.settings.timestamps);
    Response::json(&json!({
        "data": data,
        "pagination": {
            "current_page": number,
            "page_size": size,
            "prev_page": (number > 1).then(|| number - 1),
            "next_page": (number < pages).then(|| number + 1),
            "total_pages": pages,
            "total_count": count,
        },
    }))
}
