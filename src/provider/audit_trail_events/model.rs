//! Arguments and results, and the conversion of the API's events.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use crate::client::{Event, UnknownFields};
use tfplugin::value::Number;
use tfplugin::{Attr, Sensitive};

/// Arguments and results of the data source and the ephemeral resource.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Model {
    pub(super) token: Attr<Sensitive<String>>,
    pub(super) since: Attr<String>,
    pub(super) until: Attr<String>,
    pub(super) limit: Attr<Number>,
    pub(super) resource_types: Attr<BTreeSet<Option<String>>>,
    pub(super) actions: Attr<BTreeSet<Option<String>>>,
    pub(super) accessor_ids: Attr<BTreeSet<Option<String>>>,
    pub(super) include_meta: Attr<bool>,
    pub(super) events: Attr<Vec<EventModel>>,
    pub(super) total_count: Attr<u64>,
    pub(super) truncated: Attr<bool>,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct EventModel {
    pub(super) id: Option<String>,
    version: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    timestamp: Option<String>,
    auth: AuthModel,
    request: RequestModel,
    resource: ResourceModel,
    /// A JSON object of the fields that this version of the provider does not know.
    other: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct AuthModel {
    accessor_id: Option<String>,
    description: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    impersonator_id: Option<String>,
    organization_id: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct RequestModel {
    id: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct ResourceModel {
    id: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    action: Option<String>,
    /// JSON.
    meta: Option<String>,
}

/// Whether an event keeps its metadata and unknown fields, which may hold more than a state should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Metadata {
    Included,
    Omitted,
}

impl EventModel {
    pub(super) fn new(event: &Event<'_>, metadata: Metadata) -> Self {
        let (auth, resource) = (&event.auth, &event.resource);
        let is_included = metadata == Metadata::Included;
        Self {
            id: owned(&event.id),
            version: owned(&event.version),
            kind: owned(&event.kind),
            timestamp: owned(&event.timestamp),
            auth: AuthModel {
                accessor_id: owned(&auth.accessor_id),
                description: owned(&auth.description),
                kind: owned(&auth.kind),
                impersonator_id: owned(&auth.impersonator_id),
                organization_id: owned(&auth.organization_id),
            },
            request: RequestModel {
                id: owned(&event.request.id),
            },
            resource: ResourceModel {
                id: owned(&resource.id),
                kind: owned(&resource.kind),
                action: owned(&resource.action),
                meta: resource
                    .meta
                    .filter(|_| is_included)
                    .map(|meta| meta.get().to_owned()),
            },
            other: if is_included { other(event) } else { None },
        }
    }
}

fn owned(text: &Option<Cow<'_, str>>) -> Option<String> {
    text.as_deref().map(str::to_owned)
}

/// Returns every unknown field at its place in the event, with its JSON unchanged; `None` if there is none.
fn other(event: &Event<'_>) -> Option<String> {
    let mut fields: BTreeMap<&str, Cow<'_, RawValue>> = object(&event.other);
    let parts = [
        ("auth", &event.auth.other),
        ("request", &event.request.other),
        ("resource", &event.resource.other),
    ];
    for (name, unknown) in parts {
        if !unknown.is_empty() {
            let part = to_raw_value(&object(unknown)).expect("a map of texts is JSON");
            fields.insert(name, Cow::Owned(part));
        }
    }
    if fields.is_empty() {
        return None;
    }
    Some(serde_json::to_string(&fields).expect("a map of texts is JSON"))
}

fn object<'e>(fields: &'e UnknownFields<'_>) -> BTreeMap<&'e str, Cow<'e, RawValue>> {
    fields
        .iter()
        .map(|(name, value)| (&**name, Cow::Borrowed(*value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(event: &str, metadata: Metadata) -> EventModel {
        EventModel::new(&serde_json::from_str(event).unwrap(), metadata)
    }

    #[test]
    fn unknown_fields_keep_their_places_and_their_spelling() {
        let event = r#"{"id":"1","z":1.0,"auth":{"ip":"::1","accessor_id":"user-1"},
            "resource":{"meta":{"a": 1},"new":[ ]}}"#;
        let included = model(event, Metadata::Included);
        assert_eq!(
            included.other.as_deref(),
            Some(r#"{"auth":{"ip":"::1"},"resource":{"new":[ ]},"z":1.0}"#)
        );
        assert_eq!(included.resource.meta.as_deref(), Some(r#"{"a": 1}"#));
        let omitted = model(event, Metadata::Omitted);
        assert_eq!((omitted.other, omitted.resource.meta), (None, None));
        assert_eq!(omitted.auth.accessor_id.as_deref(), Some("user-1"));
    }

    #[test]
    fn without_unknown_fields_there_is_no_object_of_them() {
        let event = model(r#"{"id":"1","auth":{},"request":{}}"#, Metadata::Included);
        assert_eq!(event.other, None);
    }
}
