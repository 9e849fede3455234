//! What is done at start and then once a day while Gatewright runs.

use std::time::Duration;

use jiff::SignedDuration;

use crate::App;

/// How often it is looked whether a day is over. A computer that sleeps stops timers, so one of 24 hours could take a week.
const LOOK_EVERY: Duration = Duration::from_mins(15);
/// How long a day is.
const DAY: SignedDuration = SignedDuration::from_hours(24);

impl App {
    /// Does it now and every day, until Gatewright ends.
    pub(crate) async fn do_daily(&self) {
        let mut done_at = None;
        while !self.0.ending.is_cancelled() {
            let now = self.now();
            if done_at.is_none_or(|done_at| now.duration_since(done_at) >= DAY) {
                done_at = Some(now);
                self.sweep_keyring().await;
            }
            // Every time: a value whose time is over in the afternoon goes in the afternoon, what becomes due then is told then, and a
            // provider that could not be asked is asked soon.
            self.remove_old_values().await;
            self.remove_old_runs().await;
            self.remove_old_pictures().await;
            self.tell_desktop_what_is_due().await;
            self.check_health().await;
            tokio::select! {
                () = self.0.clock.sleep(LOOK_EVERY) => {}
                () = self.0.ending.cancelled() => {}
            }
        }
    }
}
