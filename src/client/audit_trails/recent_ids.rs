//! [`RecentIds`]: the IDs of the last events, so that none comes twice.

use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

/// How many IDs are remembered: more than the events of 64 pages.
///
/// New events move the events that were just read onto the next page, so the last IDs suffice, however
/// many events the trail has.
pub(super) const SIZE: usize = 1 << 16;

/// The last [`SIZE`] IDs, as hashes of 64 bits. The chance that the hash of a new ID is known already
/// is less than one in 10^14.
#[derive(Default)]
pub(super) struct RecentIds {
    hashes: HashSet<u64>,
    order: VecDeque<u64>,
}

impl RecentIds {
    /// Remembers an ID. Returns `false` if it was known already.
    pub(super) fn insert(&mut self, id: &str) -> bool {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        let hash = hasher.finish();
        if !self.hashes.insert(hash) {
            return false;
        }
        if self.order.len() == SIZE
            && let Some(oldest) = self.order.pop_front()
        {
            self.hashes.remove(&oldest);
        }
        self.order.push_back(hash);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_new_once() {
        let mut recent = RecentIds::default();
        assert!(recent.insert("a") && recent.insert("b"));
        assert!(!recent.insert("a") && !recent.insert("b"));
    }

    #[test]
    fn remembers_the_last_ids_and_no_more() {
        let mut recent = RecentIds::default();
        for number in 0..SIZE + 10 {
            assert!(recent.insert(&number.to_string()));
        }
        assert_eq!((recent.hashes.len(), recent.order.len()), (SIZE, SIZE));
        assert!(!recent.insert("10") && recent.insert("9"));
    }
}
