//! [`Sample`]: measurements of one thing, and their statistics.

use serde_json::{Value, json};

/// Measurements of one thing, in the order of their turns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sample(Vec<f64>);

impl Sample {
    pub(crate) fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    /// Combines each turn with the same turn of another sample.
    pub(crate) fn pairs(&self, other: &Self, join: impl Fn(f64, f64) -> f64) -> Self {
        Self(
            self.0
                .iter()
                .zip(&other.0)
                .map(|(ours, theirs)| join(*ours, *theirs))
                .collect(),
        )
    }

    pub(crate) fn ratio(&self, other: &Self) -> Self {
        self.pairs(other, |ours, theirs| ours / theirs)
    }

    pub(crate) fn above(&self, other: &Self) -> Self {
        self.pairs(other, |ours, theirs| ours - theirs)
    }

    pub(crate) fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    /// Returns the quantile, interpolated between two measurements. NaN without measurements.
    pub(crate) fn quantile(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let Some(last) = sorted.len().checked_sub(1) else {
            return f64::NAN;
        };
        #[expect(clippy::cast_precision_loss, reason = "there are hundreds")]
        let place = share * last as f64;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a place in the list"
        )]
        let below = place as usize;
        let above = (below + 1).min(last);
        sorted[below] + (sorted[above] - sorted[below]) * place.fract()
    }

    pub(crate) fn json(&self) -> Value {
        let round = |value: f64| (value * 1000.0).round() / 1000.0;
        json!({
            "n": self.0.len(),
            "median": round(self.median()),
            "p10": round(self.quantile(0.1)),
            "p90": round(self.quantile(0.9)),
        })
    }

    /// `1.23 (1.10–1.50)`: the median, and the range of four out of five measurements.
    pub(crate) fn text(&self, decimals: usize) -> String {
        format!(
            "{:.decimals$} ({:.decimals$}–{:.decimals$})",
            self.median(),
            self.quantile(0.1),
            self.quantile(0.9)
        )
    }
}
