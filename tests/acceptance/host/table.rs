//! The table host × feature of the README.

use super::Feature;

/// What a test was about, in the results of a host.
pub(super) fn line(feature: Feature, is_there: bool, test: &str) -> String {
    let there = if is_there { "shown" } else { "absent" };
    format!("{feature}\t{there}\t{test}\n")
}
