//! The engine against the sandbox: for every fault a test that says what the engine makes of it.
//!
//! The sandbox misbehaves on purpose and the engine logs in there; the two share no code of their own, and here they meet. Each test
//! says in its documentation which rule it proves by which fault:
//!
//! ```text
//! /// Proves: V-02 by AZ-03:same.
//! ```
//!
//! `cargo xtask codegen` gathers these lines in docs/engine-coverage.md.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::similar_names,
    reason = "a test stops where it fails; state and stage are this subject's words"
)]

mod always;
mod az;
mod book;
mod browser;
mod clock;
mod codes;
mod di;
mod errand;
mod fapi;
mod id;
mod jk;
mod killed;
mod lo;
mod openid;
mod page;
mod pairs;
mod person;
mod proof;
mod rf;
mod rp;
mod rv;
mod stage;
mod tk;
mod ui;
mod witness;
