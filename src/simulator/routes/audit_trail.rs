//! The audit trail: `/organization/audit-trail`, plain JSON, newest first.
//!
//! The path names no organization: it is that of the secret.

use chrono::{DateTime, Utc};
use hyper::StatusCode;
use serde_json::json;

use super::Call;
use crate::simulator::answer::Answer;
use crate::simulator::caller::Principal;
use crate::simulator::event::RecordedEvent;
use crate::simulator::settings::{ServiceKind, Since, UserOnTrail};
use crate::simulator::timestamp;

/// The documented page size when none is asked for; every client takes it for the most there is.
const PAGE_SIZE: usize = 1000;

pub(super) fn list(call: &mut Call<'_>, who: &Principal) -> Result<Answer, Answer> {
    if call.world.settings.kind != ServiceKind::HcpTerraform {
        return Err(Answer::not_found());
    }
    let organization_id = match who {
        Principal::Organization(id) => id,
        Principal::AuditTrail(id) => id,
        Principal::Caller { .. } => {
            return match call.world.settings.user_on_trail {
                UserOnTrail::Unauthorized => Err(Answer::usual(StatusCode::UNAUTHORIZED)),
                UserOnTrail::NotFound => Err(Answer::not_found()),
                UserOnTrail::EmptyList => Ok(page(call, &[])),
            };
        }
    };
    let now = call.world.clock.now();
    let organization = call
        .world
        .organizations
        .iter_mut()
        .find(|o| o.external_id == *organization_id && o.audit_logging)
        .ok_or_else(Answer::not_found)?;
    if let (Principal::AuditTrail(_), Some(token)) = (who, &mut organization.trail_token) {
        token.last_used_at = Some(now);
    }
    let since = requested_since(call)?;
    let kept = chrono::TimeDelta::from_std(call.world.settings.retention)
        .ok()
        .and_then(|retention| now.checked_sub_signed(retention))
        .unwrap_or(DateTime::<Utc>::MIN_UTC);
    let inclusive = call.world.settings.since == Since::Inclusive;
    let mut events: Vec<_> = call
        .world
        .events
        .iter()
        .rev()
        .filter(|event| event.organization_id == *organization_id && event.at >= kept)
        .filter(|event| {
            since.is_none_or(|since| event.at > since || (inclusive && event.at == since))
        })
        .collect();
    events.sort_by_key(|event| std::cmp::Reverse(event.at));
    Ok(page(call, &events))
}

fn requested_since(call: &Call<'_>) -> Result<Option<DateTime<Utc>>, Answer> {
    call.request
        .parameter("since")
        .map(|text| {
            timestamp::parse(&text).ok_or_else(|| {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                let detail = "Since must be a valid ISO 8601 date and time";
                Answer::error(status, "invalid parameter", Some(detail))
            })
        })
        .transpose()
}

fn page(call: &Call<'_>, events: &[&RecordedEvent]) -> Answer {
    let size = call
        .request
        .count("page[size]")
        .unwrap_or(PAGE_SIZE)
        .min(PAGE_SIZE);
    let number = call.request.count("page[number]").unwrap_or(1);
    let pages = events.len().div_ceil(size).max(1);
    let style = call.world.settings.timestamps;
    let data: Vec<_> = events
        .iter()
        .skip((number - 1).saturating_mul(size))
        .take(size)
        .map(|event| event.document(style))
        .collect();
    Answer::json(&json!({
        "data": data,
        "pagination": {
            "current_page": number,
            "page_size": size,
            "prev_page": (number > 1).then(|| number - 1),
            "next_page": (number < pages).then(|| number + 1),
            "total_pages": pages,
            "total_count": events.len(),
        },
    }))
}
