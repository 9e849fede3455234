//! Time as an argument, so that a test can let ten minutes pass at once.

use jiff::Timestamp;

/// Tells the time by which codes, tokens and sessions age.
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> Timestamp;
}

/// The computer's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place where the sandbox reads the clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}
