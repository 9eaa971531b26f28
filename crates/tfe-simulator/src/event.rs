//! [`Event`]: an event of the audit trail.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::timestamp::TimestampStyle;

/// An event to add to an organization's audit trail; fields that are not set have defaults.
///
/// ```
/// use serde_json::json;
/// use tfe_simulator::Event;
///
/// let event = Event::new("team", "add_member")
///     .accessor("user-V3R563qtJNcExAkN")
///     .meta(json!({ "user": "user-nBtCLWZbjP1d3vJv" }));
/// # let _ = event;
/// ```
#[derive(Clone, Debug)]
pub struct Event {
    resource_type: String,
    action: String,
    resource_id: Option<String>,
    meta: Value,
    id: Option<String>,
    at: Option<DateTime<Utc>>,
    accessor_id: Option<String>,
    auth_description: Option<String>,
    auth_type: Option<String>,
    fields: Map<String, Value>,
}

impl Event {
    /// Creates an event of a type of resource, such as `authentication_token`, and an action, such as `show`.
    pub fn new(resource_type: &str, action: &str) -> Self {
        Self {
            resource_type: resource_type.to_owned(),
            action: action.to_owned(),
            resource_id: None,
            meta: Value::Null,
            id: None,
            at: None,
            accessor_id: None,
            auth_description: None,
            auth_type: Some("Client".to_owned()),
            fields: Map::new(),
        }
    }

    /// Sets its ID; default: a random UUID.
    pub fn id(mut self, id: &str) -> Self {
        self.id = Some(id.to_owned());
        self
    }

    /// Sets when it happened; default: now, by the simulator's clock.
    pub fn at(mut self, time: DateTime<Utc>) -> Self {
        self.at = Some(time);
        self
    }

    /// Sets `resource.id`; default: null.
    pub fn resource_id(mut self, id: &str) -> Self {
        self.resource_id = Some(id.to_owned());
        self
    }

    /// Sets `resource.meta`, any JSON object; default: null.
    pub fn meta(mut self, meta: Value) -> Self {
        self.meta = meta;
        self
    }

    /// Sets `auth.accessor_id`, the user who did it; default: null.
    pub fn accessor(mut self, id: &str) -> Self {
        self.accessor_id = Some(id.to_owned());
        self
    }

    /// Sets `auth.description`; default: null.
    pub fn auth_description(mut self, text: &str) -> Self {
        self.auth_description = Some(text.to_owned());
        self
    }

    /// Sets `auth.type`: `Client` (the default), `Impersonated`, `System`, or null.
    pub fn auth_type<'a>(mut self, kind: impl Into<Option<&'a str>>) -> Self {
        self.auth_type = kind.into().map(str::to_owned);
        self
    }

    /// Adds or replaces a top-level field, as a newer API might.
    pub fn field(mut self, name: &str, value: Value) -> Self {
        self.fields.insert(name.to_owned(), value);
        self
    }
}

/// An event on the audit trail of an organization.
#[derive(Clone, Debug)]
pub(crate) struct RecordedEvent {
    pub(crate) organization_id: String,
    pub(crate) at: DateTime<Utc>,
    id: String,
    request_id: Option<String>,
    event: Event,
}

impl RecordedEvent {
    pub(crate) fn new(
        event: Event,
        organization_id: &str,
        now: DateTime<Utc>,
        id: String,
        request_id: Option<String>,
    ) -> Self {
        Self {
            organization_id: organization_id.to_owned(),
            at: event.at.unwrap_or(now),
            id: event.id.clone().unwrap_or(id),
            request_id,
            event,
        }
    }

    /// Returns its document: plain JSON in snake_case, because the audit trail is not JSON:API.
    pub(crate) fn document(&self, style: TimestampStyle) -> Value {
        let event = &self.event;
        let mut document = json!({
            "id": self.id,
            "version": "0",
            "type": "Resource",
            "timestamp": style.format(self.at),
            "auth": {
                "accessor_id": event.accessor_id,
                "description": event.auth_description,
                "type": event.auth_type,
                "impersonator_id": null,
                "organization_id": self.organization_id,
            },
            "request": { "id": self.request_id },
            "resource": {
                "id": event.resource_id,
                "type": event.resource_type,
                "action": event.action,
                "meta": event.meta,
            },
        });
        for (name, value) in &event.fields {
            document[name.as_str()] = value.clone();
        }
        document
    }
}
