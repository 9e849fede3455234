//! Revoking a token: by RFC 7009, or by `DELETE` with the token itself.

mod response;

use url::Url;

pub use response::RevocationResponse;

use crate::Secret;
use crate::client_authentication::ClientAuthentication;
use crate::http::{BodyEncoding, HttpRequest, Method, Reference, Value};
use crate::post::Post;

/// What kind of token is meant (RFC 7009 §2.1, RFC 7662 §2.1). A hint only: a server that finds nothing looks among the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenTypeHint {
    /// An access token.
    AccessToken,
    /// A refresh token.
    RefreshToken,
}

impl TokenTypeHint {
    /// The hint's word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessToken => "access_token",
            Self::RefreshToken => "refresh_token",
        }
    }
}

/// How a provider lets tokens be revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevocationMethod {
    /// `POST` with the token and the proof of who the client is (RFC 7009 §2.1).
    Post,
    /// `DELETE` with the token itself as the bearer token, as at ContentDB.
    Delete,
}

/// The request by RFC 7009 §2.1. `reference` is what a transcript shows for the token.
pub fn post(
    endpoint: &Url,
    client: &ClientAuthentication,
    token: &Secret,
    reference: Reference,
    hint: Option<TokenTypeHint>,
) -> HttpRequest {
    with_token(client, token, reference, hint).into_http(endpoint)
}

/// The request that revokes the token it authenticates with. `reference` is what a transcript shows for the token.
pub fn delete(endpoint: &Url, token: &Secret, reference: Reference) -> HttpRequest {
    let authorization = Value::Scheme("Bearer", token.clone(), reference);
    HttpRequest {
        method: Method::Delete,
        url: endpoint.clone(),
        headers: vec![
            ("accept".to_owned(), Value::from("application/json")),
            ("authorization".to_owned(), authorization),
        ],
        body: None,
    }
}

/// What revocation and introspection send alike.
pub(crate) fn with_token(
    client: &ClientAuthentication,
    token: &Secret,
    reference: Reference,
    hint: Option<TokenTypeHint>,
) -> Post {
    let post = Post::new(BodyEncoding::Form)
        .header("accept", Value::from("application/json"))
        .authenticate(client)
        .field("token", Value::Secret(token.clone(), reference));
    match hint {
        Some(hint) => post.field("token_type_hint", Value::from(hint.as_str())),
        None => post,
    }
}

#[cfg(test)]
mod tests;
