//! [`Unknown`]: a value that is known only after apply.
//!
//! Terraform may add what it knows already: not null, a prefix, a range. These refinements are kept
//! as they were received, so that a value passes through the provider unchanged. The SDK neither reads nor adds
//! refinements: Terraform holds the provider to each one in its plan.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The msgpack extension type of an unknown value with refinements (cty `msgpack/unknown.go`).
pub(super) const REFINED: i8 = 12;

/// The longest refinements that cty reads.
pub(super) const MAX_REFINEMENTS: usize = 1024;

/// A value that is known only after apply.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unknown {
    /// The body of Terraform's extension type 12, as it was received.
    refinements: Option<Box<[u8]>>,
}

impl Unknown {
    /// Makes an unknown value without refinements.
    pub fn plain() -> Self {
        Self::default()
    }

    /// Makes an unknown value with refinements: the body of Terraform's extension type 12, as it was received.
    pub(super) fn refined(body: &[u8]) -> Self {
        Self {
            refinements: Some(body.into()),
        }
    }

    /// Returns the refinements: the body of Terraform's msgpack extension type 12, a map. `None` without refinements.
    pub fn refinements(&self) -> Option<&[u8]> {
        self.refinements.as_deref()
    }

    /// Returns the refinements in hexadecimal digits; empty without any.
    pub(super) fn to_text(&self) -> String {
        let body = self.refinements().unwrap_or_default();
        body.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(super) fn from_text(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::plain());
        }
        let digits: Option<Vec<u8>> = text
            .chars()
            .map(|one| one.to_digit(16)?.try_into().ok())
            .collect();
        let (pairs, rest) = digits.as_ref()?.as_chunks::<2>();
        let body: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low).collect();
        rest.is_empty().then(|| Self::refined(&body))
    }
}

impl fmt::Debug for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the refinements: a prefix may be half a secret.
        f.write_str(if self.refinements.is_some() {
            "Unknown(refined)"
        } else {
            "Unknown"
        })
    }
}

/// Serializes as one string of hexadecimal digits, so that every format can carry it.
impl Serialize for Unknown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_text())
    }
}

impl<'de> Deserialize<'de> for Unknown {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_text(&text).ok_or_else(|| de::Error::custom("not an unknown value"))
    }
}
