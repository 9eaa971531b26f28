//! [`Decimal`]: a decimal number of any length, for comparison and for text.
//!
//! It has no arithmetic, because a provider only passes numbers on.

use std::cmp::Ordering;
use std::fmt;

/// Larger exponents are refused. Terraform's own numbers end near 10 to the power of 646 million.
const MAX_EXPONENT: i64 = 600_000_000;

/// Up to this number zeros are written out, as Terraform does. Beyond it, an exponent is written.
const MAX_ZEROS: i64 = 1_000;

/// `0.DIGITS` times ten to the power of `exponent`.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Decimal {
    negative: bool,
    /// Decimal digits without zeros at either end; empty for zero, which is not negative.
    digits: String,
    exponent: i64,
}

impl Decimal {
    /// Reads JSON's number syntax, and also a leading `+` and bare points (`1.`, `.5`).
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut digits = String::with_capacity(whole.len() + fraction.len());
        digits.push_str(whole);
        digits.push_str(fraction);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let leading = digits.len() - digits.trim_start_matches('0').len();
        digits.truncate(digits.trim_end_matches('0').len());
        if digits.is_empty() {
            return Some(Self {
                negative: false,
                digits,
                exponent: 0,
            });
        }
        digits.drain(..leading);
        let point = i64::try_from(whole.len()).ok()? - i64::try_from(leading).ok()?;
        let exponent = exponent.checked_add(point)?;
        (exponent.abs() <= MAX_EXPONENT).then_some(Self {
            negative,
            digits,
            exponent,
        })
    }

    /// Returns whether it has no fraction.
    pub(super) fn is_integer(&self) -> bool {
        i64::try_from(self.digits.len()).is_ok_and(|length| self.exponent >= length)
            || self.digits.is_empty()
    }

    /// Returns the text of an integer of at most 20 digits, which includes all of `i64` and `u64`.
    pub(super) fn short_integer(&self) -> Option<String> {
        (self.is_integer() && self.exponent <= 20).then(|| self.to_string())
    }

    /// Returns the nearest float, which is infinite if the number is too large.
    pub(super) fn to_f64(&self) -> f64 {
        // The point before the digits keeps this short for any exponent.
        let sign = if self.negative { "-" } else { "" };
        format!("{sign}0.{}e{}", self.digits, self.exponent)
            .parse()
            .expect("digits and an exponent are a float's syntax")
    }
}

fn parse_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |one: &Self| match (one.digits.is_empty(), one.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        // Digits without leading zeros behind one point: the text's order is the number's.
        let magnitude = || {
            self.exponent
                .cmp(&other.exponent)
                .then_with(|| self.digits.cmp(&other.digits))
        };
        sign(self).cmp(&sign(other)).then_with(|| {
            if self.negative {
                magnitude().reverse()
            } else {
                magnitude()
            }
        })
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Writes the number with up to a thousand zeros, otherwise with an exponent.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.digits.is_empty() {
            return f.write_str("0");
        }
        if self.negative {
            f.write_str("-")?;
        }
        let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or(0));
        let length = i64::try_from(self.digits.len()).unwrap_or(i64::MAX);
        match self.exponent {
            point if point >= length && point - length <= MAX_ZEROS => {
                write!(f, "{}{}", self.digits, zeros(point - length))
            }
            point if 0 < point && point < length => {
                let (whole, fraction) = self
                    .digits
                    .split_at(usize::try_from(point).unwrap_or(usize::MAX));
                write!(f, "{whole}.{fraction}")
            }
            point if (-MAX_ZEROS..=0).contains(&point) => {
                write!(f, "0.{}{}", zeros(-point), self.digits)
            }
            point => {
                let (first, rest) = self.digits.split_at(1);
                let dot = if rest.is_empty() { "" } else { "." };
                write!(f, "{first}{dot}{rest}e{}", point - 1)
            }
        }
    }
}
