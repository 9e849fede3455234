//! Failpoints: places at which a test stops this process, locks its keyring or fills its disk. Every place is between two things that
//! cannot be done in one piece. In the program that people get there are none: without the feature `failpoints` a place is empty.

/// What a test does at a place. It is given the place's name, and holds the process up for as long as it takes.
#[cfg(feature = "failpoints")]
pub type Hook = Box<dyn Fn(&'static str) + Send + Sync>;

#[cfg(feature = "failpoints")]
static HOOK: std::sync::OnceLock<Hook> = std::sync::OnceLock::new();

/// Sets what happens at every place, once for this process.
#[cfg(feature = "failpoints")]
pub fn set_hook(hook: Hook) {
    // A second hook would make the first one's test lie; the first one stays.
    let _first = HOOK.set(hook);
}

/// This place is reached.
#[cfg_attr(not(feature = "failpoints"), expect(clippy::missing_const_for_fn, reason = "it does something in tests"))]
pub(crate) fn reached(place: &'static str) {
    #[cfg(feature = "failpoints")]
    if let Some(hook) = HOOK.get() {
        hook(place);
    }
    #[cfg(not(feature = "failpoints"))]
    let _ = place;
}
