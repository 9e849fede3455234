//! What a process can do so that its memory, which holds secrets now and then, stays its own.

/// Turns core dumps off and keeps other processes of the same person from reading our memory.
///
/// Only on Linux; macOS does it by the hardened runtime of a signed bundle. The environment variable `GATEWRIGHT_TRACEABLE=on`
/// leaves both as they were, for a debugger and for measuring memory. A refusal by the system is not worth not starting for.
pub(crate) fn keep_memory_private() {
    #[cfg(target_os = "linux")]
    if std::env::var_os("GATEWRIGHT_TRACEABLE").is_none_or(|value| value != "on") {
        use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

        let _refused = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
        let _refused = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};

    #[test]
    fn a_crash_leaves_no_core_file() {
        super::keep_memory_private();
        assert_eq!(getrlimit(Resource::Core).current, Some(0));
        assert_eq!(dumpable_behavior(), Ok(DumpableBehavior::NotDumpable));
    }
}
