//! Logins walked over real HTTP against a scripted server, with a scripted browser.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::similar_names,
    clippy::wildcard_imports,
    reason = "a test stops where it fails; stage and state are this subject's words"
)]

mod callback;
mod discovery;
mod endings;
mod grant;
mod id_token;
mod issuer;
mod leaks;
mod local_authority;
mod login;
mod metadata;
mod probe;
mod refresh;
mod registration;
mod secret_issuer;
mod stage;
mod test_user;
mod tls;
mod transport;
mod userinfo;
mod wire;
