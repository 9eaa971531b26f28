//! [`Counts`]: how often each event was reached.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

/// How often each event was reached, by its name.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts(BTreeMap<String, u64>);

impl Counts {
    pub(super) fn count(&mut self, name: impl Into<String>) {
        self.add(name, 1);
    }

    pub(super) fn add(&mut self, name: impl Into<String>, times: u64) {
        *self.0.entry(name.into()).or_default() += times;
    }

    pub(super) fn of(&self, name: &str) -> u64 {
        self.0.get(name).copied().unwrap_or_default()
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (name, times) in &other.0 {
            self.add(name, *times);
        }
    }
}

impl Display for Counts {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (name, times) in &self.0 {
            writeln!(f, "  {times:>9}  {name}")?;
        }
        Ok(())
    }
}
