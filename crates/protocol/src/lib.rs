//! OAuth and OpenID Connect words and rules, pure: no I/O, no clock, no randomness of its own.
//!
//! Each protocol step is three functions: *build* (pure), *send* (may fail, lives in the engine) and *judge* (pure, total).
//! A refusal by a server is a value here, never an `Err`.

pub mod answer;
pub mod authorization;
pub mod body;
pub mod client_authentication;
pub mod client_id;
pub mod custom_parameter;
pub mod discrepancy;
mod document;
pub mod http;
pub mod id_token;
pub mod identity;
pub mod inert;
pub mod introspection;
pub mod jose;
pub mod json;
pub mod jwks;
pub mod jwt_view;
pub mod logout;
pub mod metadata;
pub mod nonce;
pub mod pkce;
mod post;
pub mod probe;
mod query;
pub mod redirect_uri;
pub mod registration;
pub mod revocation;
pub mod secret;
pub mod secret_issuer;
pub mod state;
pub mod token;
pub mod userinfo;

pub use client_id::{ClientId, ClientIdKind};
pub use redirect_uri::RedirectUri;
pub use secret::Secret;
