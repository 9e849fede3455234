//! The token request (RFC 6749 §4.1.3) and its response (§5).

mod request;
mod response;

pub use request::TokenRequest;
pub use response::{IssuedTokens, SuccessRule, TokenResponse, TokenRules};
