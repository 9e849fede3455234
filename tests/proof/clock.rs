//! One clock for both sides, turned by hand.

use std::time::Duration;

use gatewright_engine::ports::{Clock, PortFuture};
use gatewright_engine::system::SystemClock;
use gatewright_testkit::FakeClock;
use jiff::{SignedDuration, Timestamp};

/// A clock that stands still until a test turns it. It begins at the real time, because the dates in HTTP's headers are real.
#[derive(Clone)]
pub(crate) struct SharedClock {
    began: Timestamp,
    hands: FakeClock,
}

impl Default for SharedClock {
    fn default() -> Self {
        Self { began: SystemClock::default().now(), hands: FakeClock::default() }
    }
}

impl SharedClock {
    /// Lets time pass.
    pub(crate) fn advance(&self, duration: Duration) {
        self.hands.advance(duration);
    }

    fn reads(&self) -> Timestamp {
        self.began + SignedDuration::try_from(self.hands.elapsed()).unwrap()
    }
}

impl Clock for SharedClock {
    fn now(&self) -> Timestamp {
        self.reads()
    }

    fn elapsed(&self) -> Duration {
        self.hands.elapsed()
    }

    fn sleep(&self, duration: Duration) -> PortFuture<'_, ()> {
        Box::pin(self.hands.sleep(duration))
    }
}

impl gatewright_sandbox::Clock for SharedClock {
    fn now(&self) -> Timestamp {
        self.reads()
    }
}
