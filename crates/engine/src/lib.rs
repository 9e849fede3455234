//! Performs logins; does I/O only through its ports.
//!
//! [`login::log_in`] walks one login. What it needs of the world comes through the four traits of [`ports`]; what happens on the way
//! goes out through [`progress`].

pub mod codes;
pub mod discovery;
mod errand;
mod exchange;
mod finding;
pub mod grant;
pub mod issuers;
mod key_supply;
mod known_secrets;
pub mod login;
mod oddities;
pub mod ports;
pub mod probe;
pub mod progress;
mod registered;
pub mod registration;
pub mod rules_table;
pub mod secret_issuer;
pub mod sightings;
pub mod spent_states;
mod step;
pub mod system;
pub mod transport;
mod userinfo_answer;
mod wire;
mod words;

pub use login::log_in;
