//! A request of named fields that a client posts and proves itself in: what token, refresh, revocation and introspection requests
//! have in common.

use url::Url;

use crate::client_authentication::ClientAuthentication;
use crate::custom_parameter::{self, CustomParameterError, RequestKind};
use crate::http::{Body, BodyEncoding, HttpRequest, Method, Value};

/// A `POST` part by part. Fields are sent in the order in which they are added.
#[derive(Clone, Debug)]
pub(crate) struct Post {
    encoding: BodyEncoding,
    headers: Vec<(String, Value)>,
    fields: Vec<(String, Value)>,
}

impl Post {
    pub(crate) const fn new(encoding: BodyEncoding) -> Self {
        Self { encoding, headers: Vec::new(), fields: Vec::new() }
    }

    pub(crate) fn header(mut self, name: &str, value: Value) -> Self {
        self.headers.push((name.to_owned(), value));
        self
    }

    pub(crate) fn field(mut self, name: &str, value: Value) -> Self {
        self.fields.push((name.to_owned(), value));
        self
    }

    pub(crate) fn authenticate(mut self, client: &ClientAuthentication) -> Self {
        self.headers.extend(client.header().map(|value| ("authorization".to_owned(), value)));
        self.fields.extend(client.fields().into_iter().map(|(name, value)| (name.to_owned(), value)));
        self
    }

    pub(crate) fn custom(
        mut self,
        request: RequestKind,
        parameters: &[(String, String)],
    ) -> Result<Self, CustomParameterError> {
        custom_parameter::check(request, parameters)?;
        self.fields.extend(parameters.iter().map(|(name, value)| (name.clone(), Value::Plain(value.clone()))));
        Ok(self)
    }

    pub(crate) fn into_http(self, endpoint: &Url) -> HttpRequest {
        HttpRequest {
            method: Method::Post,
            url: endpoint.clone(),
            headers: self.headers,
            body: Some(Body { encoding: self.encoding, fields: self.fields }),
        }
    }
}
