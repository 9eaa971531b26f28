//! [`Number`]: a number of Terraform, of any size and exact in decimal.
//!
//! Every number has one representation: `1`, `1.0` and `1e0` are equal.

mod decimal;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::fmt;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use self::decimal::Decimal;

/// The serde name by which the bridge knows a number.
pub(super) const SERDE_NAME: &str = "$tfplugin::Number";

/// A number: an integer, a decimal fraction or an infinity, never NaN.
///
/// ```
/// use tfplugin::value::Number;
///
/// let number = Number::parse("1e400").unwrap();
/// assert_eq!(number.as_i64(), None);
/// assert_eq!(Number::parse("1.0").unwrap(), Number::from(1_i64));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Number(Repr);

/// Each number has one form: `Decimal` holds only numbers that `Int` cannot.
#[derive(Clone, PartialEq, Eq)]
enum Repr {
    Int(i64),
    /// Boxed, because it is rare and its size would be that of every value.
    Decimal(Box<Decimal>),
    Infinite {
        negative: bool,
    },
}

/// Why text or a float is not a [`Number`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NumberError {
    /// The float is NaN.
    #[error("not a number (NaN)")]
    NotANumber,
    /// The text is not a decimal number, or its exponent is too large.
    #[error("text is not a decimal number")]
    Text,
}

/// The form of a number on the wire.
pub(super) enum Wire {
    Int(i64),
    Float(f64),
    Text(String),
}

impl Number {
    /// Reads decimal text, with or without a fraction and an exponent.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not a decimal number, or its exponent is too large.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        Decimal::parse(text)
            .map(Self::from_decimal)
            .ok_or(NumberError::Text)
    }

    /// Reads the text that `Display` writes, which includes `inf` and `-inf`.
    pub(super) fn from_text(text: &str) -> Result<Self, NumberError> {
        match text {
            "inf" => Ok(Self(Repr::Infinite { negative: false })),
            "-inf" => Ok(Self(Repr::Infinite { negative: true })),
            _ => Self::parse(text),
        }
    }

    /// Returns the exact value of a float from the wire.
    pub(super) fn from_wire(float: f64) -> Result<Self, NumberError> {
        if float.is_nan() {
            return Err(NumberError::NotANumber);
        }
        if float.is_infinite() {
            return Ok(Self(Repr::Infinite {
                negative: float < 0.0,
            }));
        }
        Self::parse(&exact_text(float))
    }

    /// Returns the form that Terraform writes (cty `msgpack/marshal.go`): an integer if it fits `i64`, a float if that
    /// is exact, otherwise decimal text.
    pub(super) fn to_wire(&self) -> Wire {
        match &self.0 {
            Repr::Int(int) => Wire::Int(*int),
            Repr::Infinite { negative: false } => Wire::Float(f64::INFINITY),
            Repr::Infinite { negative: true } => Wire::Float(f64::NEG_INFINITY),
            Repr::Decimal(decimal) => {
                let float = decimal.to_f64();
                if float.is_finite()
                    && Decimal::parse(&exact_text(float)).as_ref() == Some(&**decimal)
                {
                    Wire::Float(float)
                } else {
                    Wire::Text(decimal.to_string())
                }
            }
        }
    }

    fn from_decimal(decimal: Decimal) -> Self {
        match decimal.short_integer().and_then(|text| text.parse().ok()) {
            Some(int) => Self(Repr::Int(int)),
            None => Self(Repr::Decimal(Box::new(decimal))),
        }
    }

    /// Returns the number, if it is an integer that fits an `i64`.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Int(int) => Some(*int),
            _ => None,
        }
    }

    /// Returns the number, if it is an integer that fits a `u64`.
    pub fn as_u64(&self) -> Option<u64> {
        match &self.0 {
            Repr::Int(int) => u64::try_from(*int).ok(),
            Repr::Decimal(decimal) => decimal.short_integer()?.parse().ok(),
            Repr::Infinite { .. } => None,
        }
    }

    /// Returns the nearest float, which is infinite if the number is too large.
    pub fn as_f64(&self) -> f64 {
        match &self.0 {
            // `as` rounds to the nearest, as reading its text would.
            Repr::Int(int) => *int as f64,
            Repr::Decimal(decimal) => decimal.to_f64(),
            Repr::Infinite { negative } => {
                if *negative {
                    f64::NEG_INFINITY
                } else {
                    f64::INFINITY
                }
            }
        }
    }

    /// Returns whether the number is finite.
    pub fn is_finite(&self) -> bool {
        !matches!(self.0, Repr::Infinite { .. })
    }
}

/// Returns all digits of a finite float. `m × 2^-k` with odd `m` has exactly `k` decimal places.
fn exact_text(float: f64) -> String {
    let bits = float.to_bits();
    let (mantissa, exponent) = match (bits & ((1 << 52) - 1), (bits >> 52) & 0x7ff) {
        (fraction, 0) => (fraction, -1074),
        (fraction, biased) => (
            fraction | (1 << 52),
            i64::try_from(biased).unwrap_or(0) - 1075,
        ),
    };
    let places = -(exponent + i64::from(mantissa.trailing_zeros()));
    format!(
        "{float:.places$}",
        places = usize::try_from(places).unwrap_or(0)
    )
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let decimal = |one: &Number| Decimal::parse(&one.to_string()).expect("a finite number");
        match (&self.0, &other.0) {
            (Repr::Int(one), Repr::Int(other)) => one.cmp(other),
            (Repr::Decimal(one), Repr::Decimal(other)) => one.cmp(other),
            (Repr::Infinite { .. }, _) | (_, Repr::Infinite { .. }) => {
                let rank = |one: &Self| match one.0 {
                    Repr::Infinite { negative: true } => -1,
                    Repr::Infinite { negative: false } => 1,
                    _ => 0,
                };
                rank(self).cmp(&rank(other))
            }
            _ => decimal(self).cmp(&decimal(other)),
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Writes decimal text; `inf` and `-inf` for the infinities.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Int(int) => int.fmt(f),
            Repr::Decimal(decimal) => decimal.fmt(f),
            Repr::Infinite { negative: false } => f.write_str("inf"),
            Repr::Infinite { negative: true } => f.write_str("-inf"),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Number({self})")
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self(Repr::Int(number))
    }
}

impl From<u64> for Number {
    fn from(number: u64) -> Self {
        Self::parse(&number.to_string()).expect("an integer's text is a decimal number")
    }
}

/// Converts a float by its shortest decimal text, as a practitioner writes it in a configuration: 0.1 becomes one
/// tenth, not the binary fraction next to it. So a number of a configuration that is read into an `f64` is equal when
/// it is written back.
impl TryFrom<f64> for Number {
    type Error = NumberError;

    fn try_from(float: f64) -> Result<Self, NumberError> {
        if float.is_finite() {
            Self::parse(&float.to_string())
        } else {
            Self::from_wire(float)
        }
    }
}

/// Serializes as an `i64`. Other numbers are a newtype of their text, which the bridge recognises by its name.
impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Repr::Int(int) => serializer.serialize_i64(*int),
            _ => serializer.serialize_newtype_struct(SERDE_NAME, &self.to_string()),
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(SERDE_NAME, NumberVisitor)
    }
}

struct NumberVisitor;

impl<'de> Visitor<'de> for NumberVisitor {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Number, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Number, E> {
        Ok(number.into())
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Number, E> {
        Ok(number.into())
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Number, E> {
        Number::try_from(number).map_err(E::custom)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Number, E> {
        Number::from_text(text).map_err(E::custom)
    }
}
