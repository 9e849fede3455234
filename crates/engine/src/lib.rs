//! Performs logins; does I/O only through its ports.

pub mod ports;
pub mod sightings;
