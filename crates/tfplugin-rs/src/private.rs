//! [`Private`]: what a provider keeps beside a state without showing it.
//!
//! Terraform stores it as opaque bytes, unencrypted and visible to whoever reads the state, so no
//! secret belongs here. We write a JSON object of objects, the one form that providers built on
//! terraform-plugin-framework accept when they take over our state (they ignore it). What another
//! provider left is echoed untouched until something is set.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use super::diag::{Diagnostic, Diagnostics};

/// Data of one object that Terraform hands back with the object's next request.
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

    /// What was set under `key`; `None` where nothing was, or where it cannot be read as `T`.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        let value = self.entries().remove(key)?;
        serde_json::from_value(value).ok()
    }

    /// Sets `key`. The value must serialise to a JSON object.
    ///
    /// # Errors
    ///
    /// Anything but an object is a bug in the provider.
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

    /// Removes what was set under `key`.
    pub fn remove(&mut self, key: &str) {
        let mut entries = self.entries();
        if entries.remove(key).is_some() {
            self.store(entries);
        }
    }

    /// The entries that are objects; what is not readable as such counts as nothing.
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
    fn keeps_what_was_set() {
        let mut private = Private::default();
        private.set("seen", &object("id", "at-1")).unwrap();
        let private = Private::from_bytes(private.into_bytes());
        assert_eq!(private.get("seen"), Some(object("id", "at-1")));
        assert_eq!(private.get::<BTreeMap<String, String>>("other"), None);
    }

    #[test]
    fn refuses_what_other_providers_could_not_read() {
        let mut private = Private::default();
        assert!(private.set("seen", &"a text").is_err());
        assert_eq!(private.into_bytes(), b"");
    }

    #[test]
    fn echoes_another_provider_s_bytes_until_something_is_set() {
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
