//! The userinfo endpoint (OpenID Connect Core §5.3): claims about the person, asked with the access token.

mod claims;
mod response;
mod signed;

use url::Url;

pub use claims::{ClaimSource, ClaimsElsewhere, UserinfoClaims};
pub use response::{UserinfoDefect, UserinfoResponse, UserinfoRules};
pub use signed::{SignedUserinfoRules, verify};

use crate::Secret;
use crate::http::{Body, BodyEncoding, HttpRequest, Method, Reference, Value};

/// Where the access token stands in a request (RFC 6750 §2). Never in the address: addresses are written into logs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenPlacement {
    /// In the `Authorization` header of a `GET` (RFC 6750 §2.1).
    #[default]
    Header,
    /// In the form of a `POST` (RFC 6750 §2.2).
    Body,
}

/// A userinfo request (OpenID Connect Core §5.3.1). `reference` is what a transcript shows for the token.
pub fn request(endpoint: &Url, token: &Secret, reference: Reference, placement: TokenPlacement) -> HttpRequest {
    let mut headers = vec![("accept".to_owned(), Value::from("application/json, application/jwt"))];
    let (method, body) = match placement {
        TokenPlacement::Header => {
            headers.push(("authorization".to_owned(), Value::Scheme("Bearer", token.clone(), reference)));
            (Method::Get, None)
        }
        TokenPlacement::Body => {
            let fields = vec![("access_token".to_owned(), Value::Secret(token.clone(), reference))];
            (Method::Post, Some(Body { encoding: BodyEncoding::Form, fields }))
        }
    };
    HttpRequest { method, url: endpoint.clone(), headers, body }
}

#[cfg(test)]
mod tests;
