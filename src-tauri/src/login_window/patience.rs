//! How long a page may take. WebKit itself would wait for ever.

use std::time::Duration;

use gatewright_app::ports::VisitError;
use tokio::sync::watch;

use super::trip::Loading;

/// How long a page may take until its first byte is shown.
const PATIENCE: Duration = Duration::from_secs(30);

/// Ends when a page has not come in time, and not otherwise.
pub(super) async fn run_out(mut loading: watch::Receiver<Loading>) -> VisitError {
    loop {
        let waiting_for = loading.borrow_and_update().clone();
        let changed = match waiting_for {
            None => loading.changed().await,
            Some(host) => {
                let Ok(changed) = tokio::time::timeout(PATIENCE, loading.changed()).await else {
                    let why = format!("it did not answer within {} seconds", PATIENCE.as_secs());
                    return VisitError::PageUnreachable { host, why };
                };
                changed
            }
        };
        if changed.is_err() {
            // The window is gone, which ends the visit in its own way.
            return std::future::pending().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{Instant, sleep};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_page_that_never_comes_ends_the_wait() {
        let (_window, loading) = watch::channel(Some("slow.example".to_owned()));
        let began = Instant::now();
        let VisitError::PageUnreachable { host, .. } = run_out(loading).await else { panic!("another end") };
        assert_eq!((host.as_str(), began.elapsed()), ("slow.example", PATIENCE));
    }

    #[tokio::test(start_paused = true)]
    async fn a_person_may_take_as_long_as_they_like() {
        let (window, loading) = watch::channel(Some("example.org".to_owned()));
        let wait = tokio::spawn(run_out(loading));
        sleep(PATIENCE / 2).await;
        window.send_replace(None);
        sleep(PATIENCE * 100).await;
        assert!(!wait.is_finished());
    }

    #[tokio::test(start_paused = true)]
    async fn every_page_has_the_whole_time() {
        let (window, loading) = watch::channel(Some("first.example".to_owned()));
        let began = Instant::now();
        let wait = tokio::spawn(run_out(loading));
        sleep(PATIENCE / 2).await;
        window.send_replace(Some("second.example".to_owned()));
        let VisitError::PageUnreachable { host, .. } = wait.await.unwrap() else { panic!("another end") };
        assert_eq!((host.as_str(), began.elapsed()), ("second.example", PATIENCE + PATIENCE / 2));
    }
}
