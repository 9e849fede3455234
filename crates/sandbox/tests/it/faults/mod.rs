//! Each fault as it is on the wire, and that it is written down exactly when it happened.

mod authorization;
mod authorization_pages;
mod control;
mod memory;
mod rules;
mod stage;
mod sweep;
mod token;
mod token_encoding;
mod wire;
