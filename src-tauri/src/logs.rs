//! The log: one file a day, a week of them, our own crates at INFO and everybody else at WARN.

use std::path::Path;

use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;

/// How many days of log are kept.
const DAYS_KEPT: usize = 7;

/// Starts logging into `folder`; without a folder that can be written to, to standard error.
///
/// `GATEWRIGHT_LOG` (`error` … `trace`) sets the level of our own crates only: what a library says at its lower levels may hold
/// whole requests.
pub(crate) fn start(folder: &Path) {
    let level = std::env::var("GATEWRIGHT_LOG").unwrap_or_else(|_| "info".to_owned());
    let filter = EnvFilter::try_new(format!("warn,gatewright={level}"))
        .unwrap_or_else(|_| EnvFilter::new("warn,gatewright=info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false);
    let started = match file(folder) {
        Ok(file) => lines.with_writer(file).try_init(),
        Err(_) => lines.with_writer(std::io::stderr).try_init(),
    };
    // Fails only when somebody else logs already; then their way is as good as ours.
    let _already = started;
    std::panic::set_hook(Box::new(|panic| {
        // The payload may quote what the code was working on, so only the place is told.
        let place = panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        tracing::error!(%place, "panicked");
    }));
}

fn file(folder: &Path) -> Result<RollingFileAppender, tracing_appender::rolling::InitError> {
    RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("gatewright")
        .filename_suffix("log")
        .max_log_files(DAYS_KEPT)
        .build(folder)
}
