//! Performs logins; does I/O only through its ports.
//!
//! [`login::log_in`] walks one login. What it needs of the world comes through the four traits of [`ports`]; what happens on the way
//! goes out through [`progress`].

mod exchange;
mod known_secrets;
pub mod login;
pub mod ports;
pub mod progress;
pub mod sightings;
pub mod system;
pub mod transport;

pub use login::log_in;
