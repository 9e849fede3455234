//! Ways to get a new client secret and to end an old one that no standard describes: Keycloak's admin REST, and the sandbox's own.
//!
//! RFC 7592 has no word for it; where an update changes the secret all the same, [`crate::registration`] is the way.

pub mod keycloak;
pub mod sandbox;

use serde_json::Value;

use crate::Secret;
use crate::answer::{AnswerDefect, ErrorStyle, Refusal, check_envelope_of, refusal, understand};
use crate::authorization::ErrorResponse;
use crate::http::{HttpRequest, HttpResponse, Method, Value as Field};
use crate::inert::inert;
use crate::registration::{BearerToken, ManagementAddress};

/// The answer to a request for a secret, judged.
#[derive(Clone, Debug)]
pub enum SecretResponse {
    /// A secret.
    Told(ToldSecret),
    /// There is one, and the server does not tell it.
    NotTold,
    /// The server said no.
    Refused(Refusal),
    /// It cannot be used.
    Malformed(AnswerDefect),
}

/// A secret as its issuer told it.
#[derive(Clone, Debug)]
pub struct ToldSecret {
    /// The secret.
    pub value: Secret,
    /// What the issuer calls it, where its secrets have names.
    pub id: Option<String>,
}

/// The answer to a request that ends a secret, judged.
#[derive(Clone, Debug)]
pub enum RetirementResponse {
    /// The issuer says that it is refused from now on.
    Retired,
    /// There is no such secret any more: 404.
    NotThere(Refusal),
    /// The server said no.
    Refused(Refusal),
    /// It cannot be used. The secret may be ended or not.
    Malformed(AnswerDefect),
}

impl RetirementResponse {
    /// Judges an answer. Total: every response has a judgement.
    pub fn read(response: &HttpResponse) -> Self {
        match (response.status, refused(response)) {
            (200 | 204, _) => Self::Retired,
            (404, Ok(refusal)) => Self::NotThere(refusal),
            (_, Ok(refusal)) => Self::Refused(refusal),
            (_, Err(defect)) => Self::Malformed(defect),
        }
    }
}

/// Judges an answer in which the secret stands under `member`.
fn secret_under(response: &HttpResponse, member: &str) -> Result<SecretResponse, AnswerDefect> {
    check_envelope_of(response, &[200, 201])?;
    if response.status >= 400 {
        return Ok(SecretResponse::Refused(refused(response)?));
    }
    let value = understand(response)?.document.value;
    let members = value.as_object().ok_or(AnswerDefect::NotAnObject)?;
    let text = |name: &str| members.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    Ok(text(member).map_or(SecretResponse::NotTold, |secret| {
        let id = text("secret_id").map(inert);
        SecretResponse::Told(ToldSecret { value: Secret::new(secret), id })
    }))
}

/// A refusal, also in the sandbox's words, which are `code` and `sentence`.
fn refused(response: &HttpResponse) -> Result<Refusal, AnswerDefect> {
    check_envelope_of(response, &[])?;
    let mut refusal = refusal(response, ErrorStyle::Either)?;
    if refusal.error == ErrorResponse::default()
        && let Ok(understood) = understand(response)
    {
        let words = |name: &str| understood.document.value.get(name).and_then(Value::as_str).map(inert);
        refusal.error = ErrorResponse { error: words("code"), description: words("sentence"), uri: None };
    }
    Ok(refusal)
}

/// A request below `base`, with a bearer token and without a body.
fn request(method: Method, base: &ManagementAddress, path: &[&str], token: &BearerToken) -> HttpRequest {
    let mut url = base.url().clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    let authorization = Field::Scheme("Bearer", token.token.clone(), token.reference.clone());
    let headers =
        vec![("accept".to_owned(), Field::from("application/json")), ("authorization".to_owned(), authorization)];
    HttpRequest { method, url, headers, body: None }
}

#[cfg(test)]
mod tests;
