//! How often a provider is asked about secrets.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use gatewright_protocol::ClientId;
use gatewright_protocol::answer::RetryAfter;

use super::{ProbeDoubt, ProbeOutcome};
use crate::wire::Wire;

/// The least time between two requests to one provider.
const BETWEEN: Duration = Duration::from_secs(1);

/// How many wrong secrets in a row a provider gets for one client.
const MOST_WRONG: u32 = 3;

/// After so long without any, the count begins anew. Providers that lock clients out count by the minute.
const REST: Duration = Duration::from_mins(15);

/// How long a provider is left alone that says 429 and not for how long, and at most.
const LEFT_ALONE: Duration = Duration::from_mins(1);

/// Keeps the pace of all proofs of a process.
#[derive(Debug, Default)]
pub struct ProbePace {
    places: Mutex<HashMap<String, Place>>,
}

#[derive(Debug, Default)]
struct Place {
    /// When it may be asked again, by the clock that never goes back.
    next: Duration,
    /// Until when it wants to be left alone.
    quiet_until: Duration,
    /// Refusals in a row, and when the last one came.
    refused: HashMap<String, (u32, Duration)>,
}

impl ProbePace {
    /// Waits until `place` may be asked about this client.
    pub(super) async fn turn(&self, place: &str, client: &ClientId, wire: &Wire<'_>) -> Result<(), ProbeDoubt> {
        let wait = self.lock().entry(place.to_owned()).or_default().reserve(client, wire.ports.clock.elapsed())?;
        tokio::select! {
            biased;
            () = wire.cancel.cancelled() => Err(ProbeDoubt::Stopped),
            () = wire.ports.clock.sleep(wait) => Ok(()),
        }
    }

    /// Takes note of what a proof came to.
    pub(super) fn note(&self, place: &str, client: &ClientId, outcome: &ProbeOutcome, now: Duration) {
        let mut places = self.lock();
        let refused = &mut places.entry(place.to_owned()).or_default().refused;
        match outcome {
            ProbeOutcome::Accepted => drop(refused.remove(&client.to_string())),
            ProbeOutcome::Refused => {
                let (count, since) = refused.entry(client.to_string()).or_default();
                (*count, *since) = (count.saturating_add(1), now);
            }
            ProbeOutcome::CannotTell(_) => {}
        }
    }

    /// Takes note that a provider wants to be left alone.
    pub(super) fn leave_alone(&self, place: &str, after: Option<&RetryAfter>, wire: &Wire<'_>) {
        let wait = after.and_then(|after| after.wait(wire.now())).unwrap_or(LEFT_ALONE);
        self.lock().entry(place.to_owned()).or_default().quiet_until = wire.ports.clock.elapsed() + wait;
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Place>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Takes the next turn; how long to wait for it.
    fn reserve(&mut self, client: &ClientId, now: Duration) -> Result<Duration, ProbeDoubt> {
        if let Some(rest) = self.quiet_until.checked_sub(now).filter(|rest| !rest.is_zero()) {
            return Err(ProbeDoubt::LeftAlone { seconds: rest.as_secs().max(1) });
        }
        let name = client.to_string();
        if self.refused.get(&name).is_some_and(|(_, last)| now.saturating_sub(*last) >= REST) {
            self.refused.remove(&name);
        }
        if self.refused.get(&name).is_some_and(|(count, _)| *count >= MOST_WRONG) {
            return Err(ProbeDoubt::TooManyWrong);
        }
        let turn = self.next.max(now);
        self.next = turn + BETWEEN;
        Ok(turn.saturating_sub(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client() -> ClientId {
        ClientId::Integer(7)
    }

    #[test]
    fn turns_are_a_second_apart_however_many_want_one() {
        let mut place = Place::default();
        let now = Duration::from_secs(100);
        let waits: Vec<_> = (0..3).map(|_| place.reserve(&client(), now).unwrap().as_secs()).collect();
        assert_eq!(waits, [0, 1, 2]);
        assert_eq!(place.reserve(&client(), now + Duration::from_mins(1)), Ok(Duration::ZERO));
    }

    #[test]
    fn after_three_refusals_in_a_row_nothing_is_sent_for_a_while() {
        let pace = ProbePace::default();
        let at = Duration::from_secs;
        for second in 0..3 {
            pace.note("x", &client(), &ProbeOutcome::Refused, at(second));
        }
        let reserve = |client: &ClientId, now| pace.lock().get_mut("x").unwrap().reserve(client, now);
        assert_eq!(reserve(&client(), at(10)), Err(ProbeDoubt::TooManyWrong));
        assert!(reserve(&ClientId::Integer(8), at(10)).is_ok());
        assert!(reserve(&client(), at(2) + REST).is_ok());
    }

    #[test]
    fn a_good_secret_ends_the_count() {
        let pace = ProbePace::default();
        for outcome in [ProbeOutcome::Refused, ProbeOutcome::Refused, ProbeOutcome::Accepted, ProbeOutcome::Refused] {
            pace.note("x", &client(), &outcome, Duration::ZERO);
        }
        assert!(pace.lock().get_mut("x").unwrap().reserve(&client(), Duration::ZERO).is_ok());
    }

    #[test]
    fn who_wants_to_be_left_alone_is_left_alone() {
        let mut place = Place { quiet_until: Duration::from_secs(30), ..Place::default() };
        let early = place.reserve(&client(), Duration::from_secs(10));
        assert_eq!(early, Err(ProbeDoubt::LeftAlone { seconds: 20 }));
        assert!(place.reserve(&client(), Duration::from_secs(30)).is_ok());
    }
}
