//! Scenarios with a real keyring, each in a process of its own.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use gatewright_app::failpoint;
use gatewright_testkit::keyring::{KeyringStage, stage_of_its_own};

/// Runs the scenario in a process whose keyring is unlocked and its own.
pub(crate) fn on_keyring<F: AsyncFnOnce(KeyringStage)>(scenario: F) {
    let Some(mut stage) = stage_of_its_own::<F>("flows-") else { return };
    stage.start_bus();
    stage.start_keyring();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(scenario(stage));
}

/// Does something when a place is first reached.
pub(crate) fn at_once(place: &'static str, act: impl Fn() + Send + Sync + 'static) {
    let is_done = AtomicBool::new(false);
    failpoint::set_hook(Box::new(move |reached| {
        if reached == place && !is_done.swap(true, Ordering::SeqCst) {
            act();
        }
    }));
}

/// A locked keyring is unlocked again.
pub(crate) fn come_back(keyring: &Mutex<KeyringStage>) {
    let mut keyring = keyring.lock().unwrap();
    keyring.stop_keyring();
    keyring.start_keyring();
}
