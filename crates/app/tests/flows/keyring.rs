//! Scenarios with a real keyring.
//!
//! The keyring store finds its bus by environment variables only, and a process has one environment. So every scenario runs in a
//! process of its own: the test starts this binary again with the stage's environment and that one test's name.

use std::any::type_name;
use std::path::Path;
use std::process::Command;

use gatewright_testkit::keyring::{KeyringStage, environment_at};
use tempfile::TempDir;

const STAGE: &str = "GATEWRIGHT_TEST_KEYRING_STAGE";

/// Runs the scenario in a process whose keyring is unlocked and its own.
pub(crate) fn on_keyring<F: AsyncFnOnce(KeyringStage)>(scenario: F) {
    if let Some(directory) = std::env::var_os(STAGE) {
        let mut stage = KeyringStage::at(Path::new(&directory));
        stage.start_bus();
        stage.start_keyring();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        return runtime.block_on(scenario(stage));
    }
    let directory = TempDir::with_prefix("flows-").unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args([test_name::<F>(), "--exact", "--nocapture"])
        .envs(environment_at(directory.path()))
        .env(STAGE, directory.path())
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .unwrap();
    let (said, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("1 passed"), "{said}\n{complained}");
}

/// The test a closure stands in: `flows::bound::a_test::{{closure}}` without the ends.
fn test_name<F>() -> &'static str {
    let name = type_name::<F>();
    name.split_once("::").unwrap().1.trim_end_matches("::{{closure}}")
}
