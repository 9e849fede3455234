//! States of logins that are over: a callback that brings one is played again, not merely wrong (RFC 9700 §4.7).

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use gatewright_protocol::state::State;

/// How many are remembered. Whoever plays an older one again is refused all the same, under another name.
const MOST: usize = 64;

/// The states of the latest logins, shared by all logins of a process. In memory only: no state outlives it.
#[derive(Debug, Default)]
pub struct SpentStates(Mutex<VecDeque<State>>);

impl SpentStates {
    /// Remembers a state whose login is over.
    pub(crate) fn remember(&self, state: State) {
        let mut states = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if states.len() == MOST {
            states.pop_front();
        }
        states.push_back(state);
    }

    /// Those that are remembered now.
    pub(crate) fn all(&self) -> Vec<State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_latest_states_are_remembered() {
        let states = SpentStates::default();
        for number in 0..100 {
            states.remember(State::from_random([number; 32]));
        }
        let all = states.all();
        assert_eq!(all.len(), MOST);
        assert!(all[63].matches(&State::from_random([99; 32]).value().expose()));
        assert!(all[0].matches(&State::from_random([36; 32]).value().expose()));
    }
}
