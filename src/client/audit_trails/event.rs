//! [`Event`]: one event of the audit trail.
//!
//! Texts borrow from the page, and values of any type stay JSON, so an event needs no allocation unless
//! a text has escapes. `Deserialize` is implemented by hand, because serde's `flatten`, which would
//! keep unknown fields, copies every field first.

use std::borrow::Cow;
use std::marker::PhantomData;

use chrono::{DateTime, Utc};
use serde::de::{self, Deserialize, Deserializer, MapAccess};
use serde_json::value::RawValue;

use super::event_fields::{Fields, FieldsVisitor, Misfits, Scalar, UnknownFields};
use crate::client::timestamp;

/// An event in an organization.
///
/// Every field may be null. A part that is null or absent has only null fields.
#[derive(Clone, Debug)]
pub struct Event<'a> {
    /// The ID, a UUID. Only an event of an unexpected form has none.
    pub id: Option<Cow<'a, str>>,
    /// The version of the event's format. The documentation has a number, the API sends a text.
    pub version: Option<Cow<'a, str>>,
    /// The kind of event, which is always `Resource` today.
    pub kind: Option<Cow<'a, str>>,
    /// When it happened, as the API writes it.
    pub timestamp: Option<Cow<'a, str>>,
    /// Who caused it.
    pub auth: EventAuth<'a>,
    /// The request that caused it.
    pub request: EventRequest<'a>,
    /// What it is about.
    pub resource: EventResource<'a>,
    /// Fields that the client does not know, or whose values have an unexpected type.
    pub other: UnknownFields<'a>,
    /// The names of the fields whose values have an unexpected type, such as `auth.description`. They are null, and their
    /// values are among the unknown fields.
    pub misfits: Vec<String>,
    /// The whole event, if it has an unexpected form.
    raw: Option<&'a RawValue>,
}

/// Who caused an event.
#[derive(Clone, Debug, Default)]
pub struct EventAuth<'a> {
    /// The account, such as `user-…`.
    pub accessor_id: Option<Cow<'a, str>>,
    /// The account's name.
    pub description: Option<Cow<'a, str>>,
    /// `Client`, `Impersonated` or `System`.
    pub kind: Option<Cow<'a, str>>,
    /// Who impersonated the account.
    pub impersonator_id: Option<Cow<'a, str>>,
    /// The organization, `org-…`.
    pub organization_id: Option<Cow<'a, str>>,
    /// Fields that the client does not know.
    pub other: UnknownFields<'a>,
}

/// The request that caused an event.
#[derive(Clone, Debug, Default)]
pub struct EventRequest<'a> {
    /// The ID of the request, a UUID.
    pub id: Option<Cow<'a, str>>,
    /// Fields that the client does not know.
    pub other: UnknownFields<'a>,
}

/// What an event is about.
#[derive(Clone, Debug, Default)]
pub struct EventResource<'a> {
    /// The ID, such as `at-…` or `ws-…`.
    pub id: Option<Cow<'a, str>>,
    /// The kind, such as `authentication_token`.
    pub kind: Option<Cow<'a, str>>,
    /// What was done, such as `create`.
    pub action: Option<Cow<'a, str>>,
    /// More about this kind of event, as JSON.
    pub meta: Option<&'a RawValue>,
    /// Fields that the client does not know.
    pub other: UnknownFields<'a>,
}

impl Event<'_> {
    /// Returns when it happened. `None` if the API does not say, or the time cannot be parsed.
    pub fn time(&self) -> Option<DateTime<Utc>> {
        timestamp::parse(self.timestamp.as_deref()?)
    }

    /// Reads an event of any form. What does not fit a field is null there, and among the unknown fields.
    pub(super) fn read(raw: &RawValue) -> Event<'_> {
        if let Ok(event) = serde_json::from_str(raw.get()) {
            return event;
        }
        let mut misfits = Misfits::default();
        let mut draft = Draft::default();
        if !misfits.value("event", raw, &mut draft) {
            draft.other.push((Cow::Borrowed("event"), raw));
        }
        let event = draft.into_event();
        let mut misfits = misfits.into_names();
        if event.id.is_none() && !misfits.iter().any(|name| name == "id" || name == "event") {
            misfits.push("id".to_owned());
        }
        Event {
            misfits,
            raw: Some(raw),
            ..event
        }
    }

    /// Returns what distinguishes it from other events: the ID, or else the whole event.
    pub(super) fn key(&self) -> &str {
        match (&self.id, self.raw) {
            (Some(id), _) => id,
            (None, raw) => raw.map_or("", RawValue::get),
        }
    }
}

/// Implements [`Fields`] for fields with text or numbers, and then fields with other values, by their
/// names in the API.
macro_rules! fields {
    ($object:ident { $($name:literal => $field:ident),+ $(,)? } $({ $($raw:literal => $value:ident),+ })?) => {
        impl<'a> Fields<'a> for $object<'a> {
            fn take<M: MapAccess<'a>>(&mut self, name: &str, map: &mut M) -> Result<bool, M::Error> {
                match name {
                    $($name => self.$field = map.next_value::<Scalar<'a>>()?.0,)+
                    $($($raw => self.$value = map.next_value()?,)+)?
                    _ => return Ok(false),
                }
                Ok(true)
            }

            fn set(&mut self, name: &str, value: &'a RawValue, misfits: &mut Misfits) -> bool {
                match name {
                    $($name => misfits.text(name, value, &mut self.$field),)+
                    $($($raw => misfits.value(name, value, &mut self.$value),)+)?
                    _ => false,
                }
            }

            fn other(&mut self) -> &mut UnknownFields<'a> {
                &mut self.other
            }
        }

        impl<'de: 'a, 'a> Deserialize<'de> for $object<'a> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(FieldsVisitor::<$object<'de>>(PhantomData))
            }
        }
    };
}

fields!(EventAuth {
    "accessor_id" => accessor_id,
    "description" => description,
    "type" => kind,
    "impersonator_id" => impersonator_id,
    "organization_id" => organization_id,
});
fields!(EventRequest { "id" => id });
fields!(EventResource {
    "id" => id,
    "type" => kind,
    "action" => action,
} { "meta" => meta });

/// An event that may have no ID.
#[derive(Default)]
struct Draft<'a> {
    id: Option<Cow<'a, str>>,
    version: Option<Cow<'a, str>>,
    kind: Option<Cow<'a, str>>,
    timestamp: Option<Cow<'a, str>>,
    auth: EventAuth<'a>,
    request: EventRequest<'a>,
    resource: EventResource<'a>,
    other: UnknownFields<'a>,
}

fields!(Draft {
    "id" => id,
    "version" => version,
    "type" => kind,
    "timestamp" => timestamp,
} { "auth" => auth, "request" => request, "resource" => resource });

impl<'de: 'a, 'a> Deserialize<'de> for Event<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let event = Draft::deserialize(deserializer)?.into_event();
        match event.id {
            Some(_) => Ok(event),
            None => Err(de::Error::missing_field("id")),
        }
    }
}

impl<'a> Draft<'a> {
    /// Returns the event. An empty ID counts as none.
    fn into_event(self) -> Event<'a> {
        Event {
            id: self.id.filter(|id| !id.is_empty()),
            version: self.version,
            kind: self.kind,
            timestamp: self.timestamp,
            auth: self.auth,
            request: self.request,
            resource: self.resource,
            other: self.other,
            misfits: Vec::new(),
            raw: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The API's sample (HCP Terraform documentation: Audit Trails API).
    const SAMPLE: &str = r#"{
        "id": "ae66e491-db59-457c-8445-9c908ee726ae",
        "version": "0",
        "type": "Resource",
        "timestamp": "2020-06-30T17:52:46.000Z",
        "auth": {
            "accessor_id": "user-MaPuLxAXvtq2PWTH",
            "description": "pveverka",
            "type": "Client",
            "impersonator_id": null,
            "organization_id": "org-AGLwRmx1snv34Yts"
        },
        "request": { "id": "4df584d4-7e2a-01e6-6cc0-4adbefa020e6" },
        "resource": {
            "id": "at-sjt83qTw3GZatuPm",
            "type": "authentication_token",
            "action": "create",
            "meta": null
        }
    }"#;

    fn read(text: &str) -> Event<'_> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn reads_every_field_of_the_apis_sample() {
        let event = read(SAMPLE);
        assert_eq!(
            event.id.as_deref(),
            Some("ae66e491-db59-457c-8445-9c908ee726ae")
        );
        assert_eq!(event.version.as_deref(), Some("0"));
        assert_eq!(event.kind.as_deref(), Some("Resource"));
        assert_eq!(event.time(), "2020-06-30T17:52:46Z".parse().ok());
        let auth = &event.auth;
        assert_eq!(auth.accessor_id.as_deref(), Some("user-MaPuLxAXvtq2PWTH"));
        assert_eq!(auth.description.as_deref(), Some("pveverka"));
        assert_eq!(auth.kind.as_deref(), Some("Client"));
        assert_eq!(auth.impersonator_id, None);
        assert_eq!(
            auth.organization_id.as_deref(),
            Some("org-AGLwRmx1snv34Yts")
        );
        let request = event.request.id.as_deref();
        assert_eq!(request, Some("4df584d4-7e2a-01e6-6cc0-4adbefa020e6"));
        let resource = &event.resource;
        assert_eq!(resource.id.as_deref(), Some("at-sjt83qTw3GZatuPm"));
        assert_eq!(resource.kind.as_deref(), Some("authentication_token"));
        assert_eq!(resource.action.as_deref(), Some("create"));
        assert!(resource.meta.is_none());
        let unknown = [
            &event.other,
            &auth.other,
            &event.request.other,
            &resource.other,
        ];
        assert!(unknown.into_iter().all(Vec::is_empty));
    }

    #[test]
    fn texts_borrow_from_the_page() {
        let event = read(SAMPLE);
        assert!(matches!(event.id, Some(Cow::Borrowed(_))));
        assert!(matches!(event.resource.action, Some(Cow::Borrowed(_))));
        let escaped = read(r#"{"id":"a\u00e9\n"}"#);
        assert_eq!(escaped.id.as_deref(), Some("aé\n"));
    }

    #[test]
    fn every_field_but_the_id_may_be_null_or_missing() {
        for text in [
            r#"{"id":"1"}"#,
            r#"{"id":"1","version":null,"type":null,"timestamp":null,"auth":null,"request":null,
                "resource":null}"#,
            r#"{"id":"1","auth":{},"request":{},"resource":{}}"#,
            r#"{"id":"1","auth":{"accessor_id":null},"request":{"id":null},
                "resource":{"id":null,"meta":null}}"#,
        ] {
            let event = read(text);
            assert!(event.version.is_none() && event.time().is_none(), "{text}");
            assert!(event.auth.accessor_id.is_none() && event.request.id.is_none());
            assert!(event.resource.kind.is_none() && event.resource.meta.is_none());
        }
        for text in [r#"{}"#, r#"{"id":null}"#, r#"{"id":""}"#, "null", "[]", "1"] {
            assert!(serde_json::from_str::<Event<'_>>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_version_is_a_number_or_a_text() {
        for (text, expected) in [("0", "0"), ("\"0\"", "0"), ("1.5", "1.5"), ("-1", "-1")] {
            let text = format!(r#"{{"id":"1","version":{text}}}"#);
            assert_eq!(read(&text).version.as_deref(), Some(expected));
        }
        assert!(serde_json::from_str::<Event<'_>>(r#"{"id":"1","version":[0]}"#).is_err());
    }

    #[test]
    fn metadata_and_unknown_fields_are_kept_unchanged() {
        let event = read(
            r#"{"id":"1","new":[1, 2],"k\u0065y":1.50,"auth":{"ip":"::1"},"request":{"x":{}},
                "resource":{"meta":{"a": {"b":1e2}},"y":null}}"#,
        );
        let kept = |other: &UnknownFields<'_>| -> Vec<String> {
            other
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect()
        };
        assert_eq!(kept(&event.other), ["new=[1, 2]", "key=1.50"]);
        assert_eq!(kept(&event.auth.other), [r#"ip="::1""#]);
        assert_eq!(kept(&event.request.other), ["x={}"]);
        assert_eq!(kept(&event.resource.other), ["y=null"]);
        let meta = event.resource.meta.unwrap();
        assert_eq!(meta.get(), r#"{"a": {"b":1e2}}"#);
    }
}
