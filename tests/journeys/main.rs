//! Journeys: stories in the real window, with a real keyring, a real database and real servers. Each has a computer of its own.
//!
//! `cargo xtask test` builds the application and plays them. By hand, after it was built once:
//! `cargo test -p gatewright-tests --test journeys`. What goes wrong leaves a picture in `target/journeys/`.

mod accessibility;
mod browsers;
mod changed_outside;
mod clients;
mod database;
mod endings;
mod evidence;
mod faults;
mod first_start;
mod german;
mod handover;
mod hostile_page;
mod keyboard;
mod keyring;
mod labs;
mod logins;
mod misfortune;
mod observations;
mod peers;
mod places;
mod posted;
mod registration;
mod reminders;
mod results;
mod rotation;
mod test_users;
mod walks;
mod web_sandbox;

/// What nearly every story begins with.
mod prelude {
    pub(crate) use anyhow::{Context as _, Result, ensure};
    pub(crate) use gatewright_tests::acts::{
        Answer, Twin, goes_to, logs_in_at, reads_the_record, registers_a_client, sees_it_end, signs_in, starts_a_login,
        walks_the_pages,
    };
    pub(crate) use gatewright_tests::hands::Window;
    pub(crate) use gatewright_tests::stage::{KeyringKind, Stage, free_port};
    pub(crate) use gatewright_tests::story::play;
}
