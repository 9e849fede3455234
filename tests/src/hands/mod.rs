//! The hands of a person: in Gatewright's window through WebDriver, in a login view through real key presses, in a browser of
//! their own through plain HTTP.

mod frames;
mod judge;
mod keys;
mod look;
mod owner;
mod table;
mod walker;
mod window;

pub(crate) use self::frames::{ask_to_close, main_window};
pub use self::frames::{focused_title, titles as window_titles};
pub use self::keys::{LoginView, Place};
pub use self::look::Look;
pub use self::owner::{MadeApp, Owner};
pub use self::walker::Walker;
pub use self::window::Window;
