//! Refreshing an access token (RFC 6749 §6).

mod response;

use url::Url;

pub use response::{Before, RefreshResponse, Renewed, Rotation};

use crate::Secret;
use crate::client_authentication::ClientAuthentication;
use crate::custom_parameter::{CustomParameterError, RequestKind};
use crate::http::{BodyEncoding, HttpRequest, Reference, Value};
use crate::post::Post;

/// A refresh request. A refresh token is sent at most once without a person's decision: a server that rotates takes the second time
/// for theft.
#[derive(Clone, Debug)]
pub struct RefreshRequest(Post);

impl RefreshRequest {
    /// A request with `grant_type=refresh_token`, the proof of who the client is, and the refresh token. `reference` is what a
    /// transcript shows.
    pub fn new(encoding: BodyEncoding, client: &ClientAuthentication, token: &Secret, reference: Reference) -> Self {
        let post = Post::new(encoding)
            .field("grant_type", Value::from("refresh_token"))
            .authenticate(client)
            .field("refresh_token", Value::Secret(token.clone(), reference));
        Self(post)
    }

    /// Asks for fewer scopes than were granted; without it all of them are kept.
    #[must_use]
    pub fn scope(self, names: &[String]) -> Self {
        Self(self.0.field("scope", Value::Plain(names.join(" "))))
    }

    /// Says which form of answer we want.
    #[must_use]
    pub fn accept(self, media_type: &str) -> Self {
        Self(self.0.header("accept", Value::from(media_type)))
    }

    /// Adds parameters of the person's own.
    ///
    /// # Errors
    /// The first parameter that is not allowed; see [`CustomParameterError`].
    pub fn custom(self, parameters: &[(String, String)]) -> Result<Self, CustomParameterError> {
        self.0.custom(RequestKind::Refresh, parameters).map(Self)
    }

    /// The request as it goes to the token endpoint.
    pub fn into_http(self, endpoint: &Url) -> HttpRequest {
        self.0.into_http(endpoint)
    }
}

#[cfg(test)]
mod tests;
