//! What the measuring programs share: how samples are printed, how programs are started on a core of their own, the load tool, and a
//! screen whose pixels can be watched.
//!
//! Each program measures ours and a floor or a peer in turns, so that a busy moment hits both, and prints one [`Measurement`] a line.
//! `cargo xtask bench` builds and runs them and makes the table.

mod arguments;
pub mod cores;
pub mod desk;
pub mod list;
pub mod load;
mod measurement;
pub mod process;
pub mod screen;
pub mod server;
pub mod visit;

pub use self::arguments::number;
pub use self::measurement::{Goal, Measurement, Point, in_turns, milliseconds_since};
