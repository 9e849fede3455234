//! Judged by others: the engine logs in at authorization servers that nobody here wrote.
//!
//! The sandbox answers as we read the specifications; a misreading would pass unseen between two programs of ours. Here a certified
//! OpenID provider and a widely used OAuth server say whether they agree. Each test names the fact about a server that it rests on.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::similar_names,
    reason = "a test stops where it fails; state and stage are this subject's words"
)]

mod answers;
mod by_hand;
mod discovered;
mod django_toolkit;
mod form;
mod grant;
mod management;
mod oidc_provider;
mod person;
mod stage;
