//! A clock that a test turns by hand.

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;

/// A clock that stands still until a test turns it. Clones show the same time.
#[derive(Clone, Debug)]
pub struct FakeClock(watch::Sender<Duration>);

impl Default for FakeClock {
    fn default() -> Self {
        Self(watch::Sender::new(Duration::ZERO))
    }
}

impl FakeClock {
    /// Lets time pass: whoever sleeps until then wakes up.
    pub fn advance(&self, duration: Duration) {
        self.0.send_modify(|elapsed| *elapsed += duration);
    }

    /// Time passed since the clock was made.
    pub fn elapsed(&self) -> Duration {
        *self.0.borrow()
    }

    /// The time of day: it begins on 2 January 2026.
    pub fn now(&self) -> Timestamp {
        let start = Timestamp::from_second(1_767_312_000).expect("a second of 2026");
        start + jiff::SignedDuration::try_from(self.elapsed()).expect("a test's time is short")
    }

    /// How many sleep at this moment.
    pub fn sleepers(&self) -> usize {
        self.0.receiver_count()
    }

    /// Waits until somebody sleeps, so that turning the clock wakes them.
    pub async fn until_somebody_sleeps(&self) {
        while self.sleepers() == 0 {
            tokio::task::yield_now().await;
        }
    }

    /// Ends when `duration` has passed by this clock.
    pub async fn sleep(&self, duration: Duration) {
        let until = self.elapsed() + duration;
        // The sender lives as long as this clock, so that waiting cannot fail.
        let _ = self.0.subscribe().wait_for(|elapsed| *elapsed >= until).await;
    }
}

#[cfg(feature = "ports")]
impl gatewright_engine::ports::Clock for FakeClock {
    fn now(&self) -> Timestamp {
        Self::now(self)
    }

    fn elapsed(&self) -> Duration {
        Self::elapsed(self)
    }

    fn sleep(&self, duration: Duration) -> gatewright_engine::ports::PortFuture<'_, ()> {
        Box::pin(Self::sleep(self, duration))
    }
}
