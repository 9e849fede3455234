//! Blocking keyring calls, off the caller's thread and with an end.

use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::error::{Cause, VaultError};

/// Does blocking work on a thread of its own and waits at most `timeout` for it.
///
/// A thread and not the runtime's pool: a keyring that waits for the person cannot be interrupted, and a runtime that shuts down would
/// wait for it. A call that comes too late ends by itself; its answer is dropped.
pub(crate) async fn off_thread<T: Send + 'static>(
    timeout: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, VaultError> {
    let (answer, answered) = oneshot::channel();
    let answer_when_done = move || {
        // Nobody listens any more when the time was up.
        let _ = answer.send(work());
    };
    thread::Builder::new()
        .name("keyring".into())
        .spawn(answer_when_done)
        .map_err(|error| VaultError::Refused(Cause::new(format!("no thread to ask it on ({error})"))))?;
    match tokio::time::timeout(timeout, answered).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(_)) => Err(VaultError::Refused(Cause::new("the call ended without an answer"))),
        Err(_) => Err(VaultError::TimedOut),
    }
}
