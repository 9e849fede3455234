//! Scenarios with a real keyring, each in a process of its own.

use gatewright_testkit::keyring::{KeyringStage, stage_of_its_own};

/// Runs the scenario in a process whose keyring is unlocked and its own.
pub(crate) fn on_keyring<F: AsyncFnOnce(KeyringStage)>(scenario: F) {
    let Some(mut stage) = stage_of_its_own::<F>("flows-") else { return };
    stage.start_bus();
    stage.start_keyring();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(scenario(stage));
}
