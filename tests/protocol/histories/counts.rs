//! [`Counts`]: how often what was reached.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

/// How often what was reached.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts(BTreeMap<String, u64>);

impl Counts {
    pub(super) fn count(&mut self, what: impl Into<String>) {
        self.add(what, 1);
    }

    pub(super) fn add(&mut self, what: impl Into<String>, times: u64) {
        *self.0.entry(what.into()).or_default() += times;
    }

    pub(super) fn of(&self, what: &str) -> u64 {
        self.0.get(what).copied().unwrap_or_default()
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (what, times) in &other.0 {
            self.add(what, *times);
        }
    }
}

impl Display for Counts {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (what, times) in &self.0 {
            writeln!(f, "  {times:>9}  {what}")?;
        }
        Ok(())
    }
}
