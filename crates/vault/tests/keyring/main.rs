//! The vault against a real Secret Service: each scenario has its own D-Bus session bus and gnome-keyring.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has to stop; clippy only knows functions marked as tests"
)]

mod backup;
mod bindings;
mod client_secrets;
mod keyring_states;
mod leaks;
mod sealing_keys;
mod stage;
