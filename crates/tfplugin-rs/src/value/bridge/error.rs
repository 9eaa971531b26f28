//! [`Fault`] as serde's error: serde's messages without the content that they would quote.

use std::fmt;

use serde::de::{Expected, Unexpected};
use serde::{de, ser};

use crate::value::fault::Fault;

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl std::error::Error for Fault {}

impl ser::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::foreign(message.to_string())
    }
}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::foreign(message.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::mismatch(expected, kind(found))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::mismatch(expected, format_args!("{} that does not fit", kind(found)))
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        Self::mismatch(expected, format_args!("{length} elements"))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        let expected = expected
            .iter()
            .map(|name| format!("{name:?}"))
            .collect::<Vec<_>>();
        Self::mismatch(
            format_args!("one of {}", expected.join(", ")),
            "another string",
        )
    }

    fn unknown_field(field: &str, _: &'static [&'static str]) -> Self {
        Self::new("the model has no field for the attribute").under_attribute(field)
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new("the model has a field for which there is no attribute").under_attribute(field)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::twice(field)
    }
}

/// Returns the kind of value that was found, never its content.
fn kind(found: Unexpected<'_>) -> &'static str {
    match found {
        Unexpected::Bool(_) => "a bool",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) => "a whole number",
        Unexpected::Float(_) => "a number with a fraction or out of range",
        Unexpected::Char(_) | Unexpected::Str(_) => "a string",
        Unexpected::Unit | Unexpected::Option => "null",
        Unexpected::Seq | Unexpected::TupleVariant => "a list",
        Unexpected::Map | Unexpected::StructVariant => "an object or map",
        _ => "another kind of value",
    }
}
