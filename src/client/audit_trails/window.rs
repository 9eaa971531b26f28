//! [`Window`]: the ids of the events that came last, so that none comes twice.

use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

/// How many ids are remembered: more than the events of 64 whole pages.
///
/// When events arrive while a trail is read, what moves onto the next page is what came just
/// before, so the last ids suffice, however many events pass.
pub(super) const SIZE: usize = 1 << 16;

/// The last [`SIZE`] ids, by a hash of 64 bits: two of them being equal by chance is less likely
/// than one in 10^14 for each event.
#[derive(Default)]
pub(super) struct Window {
    hashes: HashSet<u64>,
    order: VecDeque<u64>,
}

impl Window {
    /// Remembers an id; `false` if it was remembered already.
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
        let mut window = Window::default();
        assert!(window.insert("a") && window.insert("b"));
        assert!(!window.insert("a") && !window.insert("b"));
    }

    #[test]
    fn remembers_the_last_ids_and_no_more() {
        let mut window = Window::default();
        for number in 0..SIZE + 10 {
            assert!(window.insert(&number.to_string()));
        }
        assert_eq!((window.hashes.len(), window.order.len()), (SIZE, SIZE));
        assert!(!window.insert("10") && window.insert("9"));
    }
}
