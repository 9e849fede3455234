//! Journeys in the real window: the stage they play on and the hands that play them.
//!
//! A [`stage::Stage`] is a computer of its own for one story: a virtual display, a D-Bus session, a Secret Service keyring, a home
//! folder, and Gatewright itself driven through WebDriver. Nothing of it is shared with another story or left behind.
//!
//! A [`peer::Peer`] is somebody else's authorization server, for the interop tests and for stories that log in there.

pub mod acts;
pub mod hands;
pub mod peer;
pub mod stage;
pub mod story;
