//! AZ: the callback, and the pages before it.

mod delivery;
mod error;
mod form;
mod issuer;
mod memory;
mod page;
mod parameter;
mod state;
