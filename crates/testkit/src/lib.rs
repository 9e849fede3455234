//! For tests only: a fake Clock, seeded Entropy, canary secrets, a raw TCP server.
//!
//! With the feature `ports` the fakes implement the engine's ports.

#![allow(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test that cannot be set up has failed: it should stop there and say so"
)]

mod canary;
mod clock;
mod entropy;
#[cfg(target_os = "linux")]
pub mod keyring;
mod raw_server;

pub use canary::Canary;
pub use clock::FakeClock;
pub use entropy::SeededEntropy;
pub use raw_server::{Answer, RawServer, ReceivedRequest};
