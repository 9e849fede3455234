//! Setting environment variables of our own process.
//!
//! Some libraries read their settings from the environment alone. Setting a variable is only sound while nobody else reads the
//! environment at the same time, which the compiler cannot see: hence one `unsafe` block, in a crate with nothing else in it, behind a
//! count of the threads there are.

use std::ffi::OsStr;

/// How many threads a process has when `main` begins: its own, and the one that WebKitGTK's memory allocator starts when it is loaded.
/// That one gives memory back to the system and never looks at the environment.
#[cfg(target_os = "linux")]
const THREADS_BEFORE_MAIN: usize = 2;

/// There are other threads already, or nobody can say that there are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLate;

impl std::fmt::Display for TooLate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the environment can only be changed before the process has threads of its own")
    }
}

impl std::error::Error for TooLate {}

/// Sets a variable for this process and those it starts from now on. For the first lines of `main`.
///
/// # Errors
/// [`TooLate`], and nothing is changed.
pub fn set(name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Result<(), TooLate> {
    if !is_early() {
        return Err(TooLate);
    }
    // SAFETY: no other thread may read or write the environment meanwhile. There is none but the calling one and, on Linux, the one
    // that `THREADS_BEFORE_MAIN` speaks of; the caller cannot start another in between. On Windows it is always safe.
    unsafe { std::env::set_var(name, value) };
    Ok(())
}

#[cfg(target_os = "linux")]
fn is_early() -> bool {
    std::fs::read_dir("/proc/self/task").is_ok_and(|threads| threads.count() <= THREADS_BEFORE_MAIN)
}

#[cfg(not(target_os = "linux"))]
const fn is_early() -> bool {
    cfg!(windows)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::sync::mpsc;

    use super::{TooLate, set};

    #[test]
    fn a_process_with_threads_of_its_own_is_refused() {
        // Every test runs in a thread beside the main one; this makes a third.
        let (end, ended) = mpsc::channel::<()>();
        let third = std::thread::spawn(move || ended.recv());
        assert_eq!(set("GATEWRIGHT_TOO_LATE", "1"), Err(TooLate));
        assert_eq!(std::env::var_os("GATEWRIGHT_TOO_LATE"), None);
        drop(end);
        assert!(third.join().is_ok());
    }
}
