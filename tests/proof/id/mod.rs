//! ID: the ID token goes wrong, and every other answer is right.

mod claim;
mod key;
mod shape;
mod signature;
mod time;
