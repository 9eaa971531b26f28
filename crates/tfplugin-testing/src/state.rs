//! [`StoredObject`]: an object as it is in a state file.

use serde_json::Value as Json;
use tfplugin::Value;
use tfplugin::value::{Leniency, decode_json, encode_json};

use super::schema::ObjectSchema;

/// An object as it is in a state file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredObject {
    /// Its attributes, as JSON text.
    pub attributes: String,
    /// The version of the schema that it was written with.
    pub schema_version: i64,
    /// The private data of the provider.
    pub private: Vec<u8>,
    /// Whether the next plan replaces it.
    pub tainted: bool,
    /// Its identity, as JSON text, if the host keeps identities.
    pub identity: Option<String>,
}

impl StoredObject {
    /// Makes an object of a value.
    ///
    /// # Panics
    ///
    /// Panics if the value is not of the schema's type, or has unknown values.
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

    /// Returns its attributes.
    ///
    /// # Panics
    ///
    /// Panics if [`attributes`](Self::attributes) is not JSON.
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.attributes).expect("a state holds JSON")
    }

    /// Returns its value.
    ///
    /// # Panics
    ///
    /// Panics if it is not of the schema's type.
    pub fn value(&self, schema: &ObjectSchema) -> Value {
        let text = self.attributes.as_bytes();
        decode_json(text, &schema.ty, Leniency::Strict).expect("a state of the schema")
    }

    /// Returns its identity; null if it has none.
    ///
    /// # Panics
    ///
    /// Panics if the identity is not JSON.
    pub fn identity(&self) -> Json {
        let text = self.identity.as_deref().unwrap_or("null");
        serde_json::from_str(text).expect("a state holds JSON")
    }

    /// Returns one attribute.
    ///
    /// # Panics
    ///
    /// Panics if there is no such attribute.
    #[track_caller]
    pub fn get(&self, attribute: &str) -> Json {
        let mut attributes = self.json();
        let value = attributes
            .get_mut(attribute)
            .unwrap_or_else(|| panic!("the state has no attribute {attribute:?}"));
        value.take()
    }
}

/// The objects of one address in the state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Instance {
    pub(crate) current: Option<StoredObject>,
    /// Those that were replaced and are still to be deleted.
    pub(crate) deposed: Vec<StoredObject>,
}
