//! The canonical form of a set: one order, equal elements once.

use super::Value;

/// Sorts the elements and drops duplicates. Two elements that are not wholly known are never
/// duplicates: they may turn out different (cty keeps them apart as well).
pub(super) fn canonical(mut elements: Vec<Value>) -> Vec<Value> {
    elements.sort_unstable();
    elements.dedup_by(|one, other| one == other && one.is_wholly_known());
    elements
}
