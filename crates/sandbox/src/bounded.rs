//! A map that never grows past its bound, so that a bench or a stranger cannot fill the memory.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// A map from text to `V` that holds nothing older than its last `bound` insertions.
pub(crate) struct Bounded<V> {
    bound: usize,
    insertions: u64,
    entries: HashMap<Arc<str>, (u64, V)>,
    /// The number and key of each insertion, oldest first. The number tells a key that came back from its earlier self.
    by_age: VecDeque<(u64, Arc<str>)>,
}

impl<V> Bounded<V> {
    pub(crate) fn new(bound: usize) -> Self {
        Self { bound, insertions: 0, entries: HashMap::new(), by_age: VecDeque::new() }
    }

    /// Adds an entry, or replaces the one with the same key.
    pub(crate) fn insert(&mut self, key: &str, value: V) {
        if self.by_age.len() >= self.bound
            && let Some((number, oldest)) = self.by_age.pop_front()
            && self.entries.get(&oldest).is_some_and(|(newest, _)| *newest == number)
        {
            self.entries.remove(&oldest);
        }
        let key: Arc<str> = key.into();
        self.insertions += 1;
        self.by_age.push_back((self.insertions, Arc::clone(&key)));
        self.entries.insert(key, (self.insertions, value));
    }

    pub(crate) fn get(&self, key: &str) -> Option<&V> {
        self.entries.get(key).map(|(_, value)| value)
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        self.entries.get_mut(key).map(|(_, value)| value)
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<V> {
        self.entries.remove(key).map(|(_, value)| value)
    }

    /// Every value, in no order.
    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.entries.values().map(|(_, value)| value)
    }

    /// Forgets every entry that `keep` does not want.
    pub(crate) fn retain(&mut self, keep: impl Fn(&V) -> bool) {
        self.entries.retain(|_, (_, value)| keep(value));
    }
}

#[cfg(test)]
mod tests {
    use super::Bounded;

    #[test]
    fn the_oldest_entry_goes_when_the_map_is_full() {
        let mut map = Bounded::new(2);
        map.insert("a", 1);
        map.insert("b", 2);
        map.insert("c", 3);
        assert_eq!([map.get("a"), map.get("b"), map.get("c")], [None, Some(&2), Some(&3)]);
    }

    #[test]
    fn a_key_that_comes_back_is_as_young_as_its_last_insertion() {
        let mut map = Bounded::new(2);
        map.insert("a", 1);
        map.remove("a");
        map.insert("a", 2);
        map.insert("b", 3);
        assert_eq!(map.get("a"), Some(&2));
    }

    #[test]
    fn many_insertions_and_removals_stay_within_the_bound() {
        let mut map = Bounded::new(1000);
        for number in 0..100_000 {
            map.insert(&number.to_string(), number);
            map.insert(&format!("kept-{number}"), number);
            map.remove(&number.to_string());
        }
        assert!(map.by_age.len() <= 1000 && map.entries.len() <= 1000);
    }
}
