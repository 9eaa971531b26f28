//! [`Private`]: data that a provider keeps beside an object, and that Terraform does not show.
//!
//! Terraform stores it in the state as unencrypted bytes, so it must not hold secrets. It is written as a JSON object of
//! objects, the only form that providers on terraform-plugin-framework accept when they take the state over (they ignore
//! it). Data of another provider is stored again unchanged until something is set.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use super::diag::{Diagnostic, Diagnostics};

/// The private data of one object. Terraform returns it with the object's next request. It must not hold secrets: a reader of
/// the state can read it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Private {
    bytes: Vec<u8>,
}

impl Private {
    pub(crate) fn from_bytes(bytes: Vec<u8>) -> Self {
        Self { bytes }
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Returns the value of `key`; `None` if it is not set, or cannot be read as `T`.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        let value = self.entries().remove(key)?;
        serde_json::from_value(value).ok()
    }

    /// Sets the value of `key`, which must serialize to a JSON object.
    ///
    /// # Errors
    ///
    /// Returns an error if it does not, which is a bug in the provider.
    pub fn set<T: Serialize>(&mut self, key: &str, value: &T) -> Result<(), Diagnostics> {
        match serde_json::to_value(value) {
            Ok(object @ Json::Object(_)) => {
                let mut entries = self.entries();
                entries.insert(key.to_owned(), object);
                self.store(entries);
                Ok(())
            }
            _ => Err(
                Diagnostic::bug(format!("The private data {key:?} is not a JSON object.")).into(),
            ),
        }
    }

    /// Removes `key`.
    pub fn remove(&mut self, key: &str) {
        let mut entries = self.entries();
        if entries.remove(key).is_some() {
            self.store(entries);
        }
    }

    /// Returns the entries that are objects; none if the bytes are not such a document.
    fn entries(&self) -> Map<String, Json> {
        match serde_json::from_slice(&self.bytes) {
            Ok(Json::Object(mut entries)) => {
                entries.retain(|_, value| value.is_object());
                entries
            }
            _ => Map::new(),
        }
    }

    fn store(&mut self, entries: Map<String, Json>) {
        self.bytes = Json::Object(entries).to_string().into_bytes();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn object(key: &str, value: &str) -> BTreeMap<String, String> {
        BTreeMap::from([(key.to_owned(), value.to_owned())])
    }

    #[test]
    fn a_value_is_read_back() {
        let mut private = Private::default();
        private.set("seen", &object("id", "at-1")).unwrap();
        let private = Private::from_bytes(private.into_bytes());
        assert_eq!(private.get("seen"), Some(object("id", "at-1")));
        assert_eq!(private.get::<BTreeMap<String, String>>("other"), None);
    }

    #[test]
    fn a_value_that_is_not_an_object_is_refused() {
        let mut private = Private::default();
        assert!(private.set("seen", &"a text").is_err());
        assert_eq!(private.into_bytes(), b"");
    }

    #[test]
    fn another_provider_s_bytes_stay_until_something_is_set() {
        for foreign in [&b"\x00garbage"[..], b"[1]", br#"{"schema_version":"1"}"#] {
            let mut private = Private::from_bytes(foreign.to_vec());
            assert_eq!(
                private.get::<BTreeMap<String, String>>("schema_version"),
                None
            );
            private.remove("schema_version");
            assert_eq!(private.clone().into_bytes(), foreign);
            private.set("seen", &object("id", "at-1")).unwrap();
            assert_eq!(private.into_bytes(), br#"{"seen":{"id":"at-1"}}"#);
        }
    }
}
