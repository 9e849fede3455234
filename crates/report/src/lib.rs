//! What recorded runs and walks look like to somebody who was not there.
//!
//! Values come in and bytes go out: nothing here opens a file, asks a clock or knows the database. What comes in is made of
//! [`gatewright_model`]'s recorded types only, in which every secret is a reference already, so a report cannot tell one.

pub mod report;

pub use report::{Cover, Maker, Part, Picture};
