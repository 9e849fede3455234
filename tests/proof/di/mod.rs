//! DI: the metadata go wrong.

mod discovery;
mod login;
