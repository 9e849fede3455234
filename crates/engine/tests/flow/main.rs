//! Logins walked over real HTTP against a scripted server, with a scripted browser.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::similar_names,
    clippy::wildcard_imports,
    reason = "a test stops where it fails; stage and state are this subject's words"
)]

mod endings;
mod leaks;
mod login;
mod stage;
mod tls;
mod wire;
