//! The redirect listener on loopback (RFC 8252 §7.3): it waits on this computer for the browser to bring a callback.
//!
//! Anybody on this computer can call it, and so can any page in the browser. It therefore answers only the exact host and path, takes
//! navigations only, and leaves it to the caller which callback belongs to the login: see [`Callback`]. The pages that it answers with are
//! in the language that [`Listener::speaking`] names.

mod answer;
mod bind;
mod connection;
mod listener;
pub mod request;
mod serve;

pub use answer::Answer;
pub use bind::BindError;
pub use listener::{Callback, Listener};

#[cfg(test)]
mod tests;
