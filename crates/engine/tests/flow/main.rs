//! Logins walked over real HTTP against a scripted server, with a scripted browser.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::similar_names,
    clippy::wildcard_imports,
    reason = "a test stops where it fails; stage and state are this subject's words"
)]

mod endings;
mod id_token;
mod issuer;
mod leaks;
mod login;
mod metadata;
mod stage;
mod tls;
mod userinfo;
mod wire;
