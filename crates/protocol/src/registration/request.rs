//! Requests that register a client and look after it.

use url::Url;

use super::{ClientMetadata, ManagementAddress};
use crate::Secret;
use crate::http::{Body, BodyEncoding, HttpRequest, Method, Reference, Value};

/// A token that goes into a request's `Authorization` header, and what a transcript shows for it.
#[derive(Clone, Debug)]
pub struct BearerToken {
    /// The token.
    pub token: Secret,
    /// What stands for it.
    pub reference: Reference,
}

/// The request that registers a client (RFC 7591 §3.1). Some servers want an initial access token, which an administrator hands out.
pub fn registration_request(
    endpoint: &Url,
    metadata: &ClientMetadata,
    initial_access_token: Option<&BearerToken>,
) -> HttpRequest {
    HttpRequest {
        method: Method::Post,
        url: endpoint.clone(),
        headers: headers(initial_access_token),
        body: Some(body(metadata_fields(metadata))),
    }
}

/// The request that reads a registration (RFC 7592 §2.1).
pub fn read_request(address: &ManagementAddress, token: &BearerToken) -> HttpRequest {
    without_body(Method::Get, address, token)
}

/// The request that ends a registration (RFC 7592 §2.3).
pub fn delete_request(address: &ManagementAddress, token: &BearerToken) -> HttpRequest {
    without_body(Method::Delete, address, token)
}

/// The request that replaces everything a client says of itself (RFC 7592 §2.2): what it leaves out is gone.
#[derive(Clone, Debug)]
pub struct ClientUpdateRequest<'a> {
    client_id: &'a str,
    metadata: &'a ClientMetadata,
    client_secret: Option<(&'a Secret, Reference)>,
}

impl<'a> ClientUpdateRequest<'a> {
    /// An update of this client.
    pub const fn new(client_id: &'a str, metadata: &'a ClientMetadata) -> Self {
        Self { client_id, metadata, client_secret: None }
    }

    /// Adds the secret that is current. A client may send it, must not change it (RFC 7592 §2.2), and some servers want it.
    #[must_use]
    pub fn client_secret(mut self, secret: &'a Secret, reference: Reference) -> Self {
        self.client_secret = Some((secret, reference));
        self
    }

    /// The request as it goes to the client's own address.
    pub fn into_http(self, address: &ManagementAddress, token: &BearerToken) -> HttpRequest {
        let mut fields = vec![("client_id".to_owned(), Value::from(self.client_id))];
        if let Some((secret, reference)) = self.client_secret {
            fields.push(("client_secret".to_owned(), Value::Secret(secret.clone(), reference)));
        }
        fields.extend(metadata_fields(self.metadata));
        HttpRequest {
            method: Method::Put,
            url: address.url().clone(),
            headers: headers(Some(token)),
            body: Some(body(fields)),
        }
    }
}

fn without_body(method: Method, address: &ManagementAddress, token: &BearerToken) -> HttpRequest {
    HttpRequest { method, url: address.url().clone(), headers: headers(Some(token)), body: None }
}

fn headers(token: Option<&BearerToken>) -> Vec<(String, Value)> {
    let mut headers = vec![("accept".to_owned(), Value::from("application/json"))];
    if let Some(BearerToken { token, reference }) = token {
        headers.push(("authorization".to_owned(), Value::Scheme("Bearer", token.clone(), reference.clone())));
    }
    headers
}

fn metadata_fields(metadata: &ClientMetadata) -> Vec<(String, Value)> {
    metadata.members().iter().map(|(name, value)| (name.clone(), Value::Json(value.clone()))).collect()
}

const fn body(fields: Vec<(String, Value)>) -> Body {
    Body { encoding: BodyEncoding::Json, fields }
}
