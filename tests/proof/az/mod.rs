//! AZ: the callback, and the pages before it.

mod careless;
mod delivery;
mod error;
pub(crate) mod form;
mod issuer;
mod memory;
mod page;
mod parameter;
mod state;
