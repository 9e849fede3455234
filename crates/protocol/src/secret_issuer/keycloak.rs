//! Keycloak's admin REST, as far as the secrets of clients go. With a policy for it, the secret before the newest still works for a while
//! and is called the rotated one.

use url::Url;

use super::{SecretResponse, request, secret_under};
use crate::answer::{AnswerDefect, Refusal, check_envelope_of, text_of, understand};
use crate::document;
use crate::http::{HttpRequest, HttpResponse, Method};
use crate::metadata::AddressDefect;
use crate::registration::{BearerToken, IssuedCredentials, ManagementAddress, ManagementAddressDefect};

/// The base of the admin REST of the realm whose issuer this is: `/realms/` becomes `/admin/realms/`.
///
/// # Errors
/// [`ManagementAddressDefect`] where the issuer is no realm's, or not to be sent anything to.
pub fn admin_base(issuer: &Url) -> Result<ManagementAddress, ManagementAddressDefect> {
    let text = issuer.as_str().trim_end_matches('/');
    let Some((before, realm)) = text.rsplit_once("/realms/") else {
        return Err(AddressDefect::NotAnAddress.into());
    };
    ManagementAddress::beside(issuer, &format!("{before}/admin/realms/{realm}"))
}

/// The request that finds a client. Keycloak's paths name its own identifier, a UUID, and not the client ID.
pub fn find_client_request(base: &ManagementAddress, client_id: &str, token: &BearerToken) -> HttpRequest {
    let mut request = request(Method::Get, base, &["clients"], token);
    request.url.query_pairs_mut().append_pair("clientId", client_id);
    request
}

/// The answer to [`find_client_request`], judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FoundClient {
    /// Keycloak's own identifier of the client.
    Found(String),
    /// There is no such client, or this token does not see it.
    NotThere,
    /// The server said no.
    Refused(Refusal),
    /// It cannot be used.
    Malformed(AnswerDefect),
}

impl FoundClient {
    /// Judges an answer. Total: every response has a judgement.
    pub fn read(response: &HttpResponse, client_id: &str) -> Self {
        judge(response, client_id).unwrap_or_else(Self::Malformed)
    }
}

fn judge(response: &HttpResponse, client_id: &str) -> Result<FoundClient, AnswerDefect> {
    check_envelope_of(response, &[200])?;
    if response.status >= 400 {
        return Ok(FoundClient::Refused(super::refused(response)?));
    }
    let value = understand(response)?.document.value;
    let list = value.as_array().ok_or(AnswerDefect::NotReadable)?;
    // Keycloak may be asked to search, and then finds clients whose ID only begins so.
    let client =
        list.iter().find(|client| client.get("clientId").and_then(serde_json::Value::as_str) == Some(client_id));
    let uuid = client.and_then(|client| client.get("id")).and_then(serde_json::Value::as_str);
    Ok(uuid.map_or(FoundClient::NotThere, |uuid| FoundClient::Found(uuid.to_owned())))
}

/// The request that makes a new secret; the one before becomes the rotated one, or is dead at once.
pub fn new_secret_request(base: &ManagementAddress, uuid: &str, token: &BearerToken) -> HttpRequest {
    request(Method::Post, base, &["clients", uuid, "client-secret"], token)
}

/// The request that reads the newest secret.
pub fn read_secret_request(base: &ManagementAddress, uuid: &str, token: &BearerToken) -> HttpRequest {
    request(Method::Get, base, &["clients", uuid, "client-secret"], token)
}

/// The request that reads the rotated secret; 404 where none works any more.
pub fn read_rotated_secret_request(base: &ManagementAddress, uuid: &str, token: &BearerToken) -> HttpRequest {
    request(Method::Get, base, &["clients", uuid, "client-secret", "rotated"], token)
}

/// The request that ends the rotated secret; 404 where none works any more.
pub fn retire_rotated_secret_request(base: &ManagementAddress, uuid: &str, token: &BearerToken) -> HttpRequest {
    request(Method::Delete, base, &["clients", uuid, "client-secret", "rotated"], token)
}

/// Judges an answer that tells a secret, `{"type": "secret", "value": …}`. Total: every response has a judgement.
pub fn read_secret(response: &HttpResponse) -> SecretResponse {
    secret_under(response, "value").unwrap_or_else(SecretResponse::Malformed)
}

/// What was issued with an answer, whatever else is wrong with it: see [`IssuedCredentials::find`].
pub fn find_issued(response: &HttpResponse) -> IssuedCredentials {
    let value = text_of(&response.body).ok().and_then(|text| document::read(text.trim()).ok());
    let secret = value.and_then(|document| {
        let is_secret = document.value.get("type").and_then(serde_json::Value::as_str) == Some("secret");
        document.text_at("/value").filter(|text| is_secret && !text.is_empty())
    });
    IssuedCredentials { client_secret: secret.map(crate::Secret::new), ..IssuedCredentials::default() }
}
