//! Notifications of the desktop.

use notify_rust::Notification;

/// Shows one, on a thread of its own: a desktop that does not answer must not hold anybody up. On one that shows none, the log says so.
pub(crate) fn show(title: &str, body: &str) {
    let notification =
        Notification::new().appname("Gatewright").icon("gatewright").summary(title).body(body).finalize();
    let shown = move || {
        if let Err(error) = notification.show() {
            tracing::info!(%error, "the desktop shows no notifications");
        }
    };
    if let Err(error) = std::thread::Builder::new().name("notification".into()).spawn(shown) {
        tracing::warn!(%error, "no thread for a notification");
    }
}
