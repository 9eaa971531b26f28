//! [`Unknown`]: a value that is known only after apply.
//!
//! Terraform may add what it knows already (not null, a prefix, a range). That is kept as it came,
//! so that an echo loses nothing, and is neither read nor made up here: who sends a refinement
//! promises it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A value that is known only after apply.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unknown {
    /// The body of Terraform's extension type 12, as it came.
    refinements: Option<Box<[u8]>>,
}

impl Unknown {
    /// Nothing is known about it.
    pub fn plain() -> Self {
        Self::default()
    }

    /// Unknown within bounds: the body of Terraform's extension type 12, as it came.
    pub(super) fn refined(body: &[u8]) -> Self {
        Self {
            refinements: Some(body.into()),
        }
    }

    /// What is known about it already: the body of Terraform's msgpack extension type 12, a map.
    pub fn refinements(&self) -> Option<&[u8]> {
        self.refinements.as_deref()
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
