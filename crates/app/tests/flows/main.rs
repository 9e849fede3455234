//! The whole backend without a window: real SQLite, real HTTP, the real sandbox. The person is a browser made of plain HTTP.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has to stop and say why")]

mod bad_luck;
mod bound;
mod clients;
mod discovery;
mod evidence;
mod faults;
mod handover;
mod keyring;
mod labs;
mod language;
mod leaks;
mod lifecycle;
mod logins;
mod nearby;
mod observations;
mod older;
mod person;
mod places;
mod posted;
mod preflight;
mod providers;
mod registration;
mod reports;
mod results;
mod rotation;
mod secret_search;
mod session;
mod snippets;
mod stage;
mod test_users;
mod tokens;
mod walks;
