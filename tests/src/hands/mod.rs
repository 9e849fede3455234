//! The hands of a person: in Gatewright's window through WebDriver, in a login view through real key presses.

mod keys;
mod window;

pub use self::keys::LoginView;
pub use self::window::Window;
