//! For tests only: a fake Clock, seeded Entropy, canary secrets, a raw TCP server.

#[cfg(target_os = "linux")]
pub mod keyring;
