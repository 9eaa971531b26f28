//! [`StoredObject`]: an object as it stands in a state file.

use serde_json::Value as Json;
use tfplugin::Value;
use tfplugin::value::{Leniency, decode_json, encode_json};

use super::schema::ObjectSchema;

/// An object as it stands in a state file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredObject {
    /// The text of its attributes.
    pub attributes: String,
    pub schema_version: i64,
    pub private: Vec<u8>,
    pub tainted: bool,
    /// The text of its identity, if the host keeps one.
    pub identity: Option<String>,
}

impl StoredObject {
    pub fn new(schema: &ObjectSchema, value: &Value, private: Vec<u8>) -> Self {
        let text = encode_json(value, &schema.ty).expect("an object without unknown values");
        Self {
            attributes: String::from_utf8(text).expect("JSON is UTF-8"),
            schema_version: schema.version,
            private,
            tainted: false,
            identity: None,
        }
    }

    /// Its attributes, to be looked at.
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.attributes).expect("a state holds JSON")
    }

    /// Its value, as it goes over the wire.
    pub fn value(&self, schema: &ObjectSchema) -> Value {
        let text = self.attributes.as_bytes();
        decode_json(text, &schema.ty, Leniency::Strict).expect("a state of the schema")
    }

    /// Its identity, to be looked at; null if it has none.
    pub fn identity(&self) -> Json {
        let text = self.identity.as_deref().unwrap_or("null");
        serde_json::from_str(text).expect("a state holds JSON")
    }

    /// One attribute, to be looked at.
    #[track_caller]
    pub fn get(&self, attribute: &str) -> Json {
        let mut attributes = self.json();
        let place = attributes
            .get_mut(attribute)
            .unwrap_or_else(|| panic!("the state has no attribute {attribute:?}"));
        place.take()
    }
}

/// What the state holds under one address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Instance {
    pub current: Option<StoredObject>,
    /// Objects whose successor exists already, and that are still to be deleted.
    pub deposed: Vec<StoredObject>,
}
