//! The token request (RFC 6749 §4.1.3), the refresh request (§6) and their response (§5).

mod refresh;
mod request;
mod response;

pub use refresh::{Before, RefreshRequest, RefreshResponse, Renewed, Rotation};
pub use request::TokenRequest;
pub use response::{IssuedTokens, SuccessRule, TokenResponse, TokenRules};
