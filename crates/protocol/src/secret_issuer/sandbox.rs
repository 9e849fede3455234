//! The sandbox's way to give a client a second secret before the first is retired, as `MANAGEMENT.md` beside the sandbox describes it.

use serde_json::Value;

use super::{SecretResponse, request, secret_under};
use crate::answer::{AnswerDefect, Refusal, check_envelope_of, understand};
use crate::http::{Body, BodyEncoding, HttpRequest, HttpResponse, Method, Value as Field};
use crate::inert::inert;
use crate::registration::{BearerToken, ManagementAddress};

/// A client of the sandbox: at which of its servers, and by which ID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SandboxClient {
    /// The sandbox's origin.
    pub origin: ManagementAddress,
    /// The server's short name: `chattr`.
    pub server: String,
    /// The client ID, as text.
    pub client_id: String,
}

/// A secret that works, without its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedSecret {
    /// What the sandbox calls it.
    pub id: String,
    /// When it was made, as the sandbox wrote it.
    pub created_at: String,
    /// When it stops working, as the sandbox wrote it.
    pub expires_at: Option<String>,
    /// Whether it is the newest.
    pub is_newest: bool,
}

/// The answer to [`list_request`], judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretList {
    /// The secrets that work, the newest first.
    Listed(Vec<ListedSecret>),
    /// The server said no.
    Refused(Refusal),
    /// It cannot be used.
    Malformed(AnswerDefect),
}

/// The request that makes a further secret. With `others_expire_in`, in seconds, the others stop working after that time.
pub fn new_secret_request(client: &SandboxClient, others_expire_in: Option<u32>, key: &BearerToken) -> HttpRequest {
    let mut request = below(Method::Post, client, None, key);
    let fields = others_expire_in.map(|seconds| ("others_expire_in".to_owned(), Field::Json(seconds.into())));
    request.body = Some(Body { encoding: BodyEncoding::Json, fields: fields.into_iter().collect() });
    request
}

/// The request that lists the secrets that work.
pub fn list_request(client: &SandboxClient, key: &BearerToken) -> HttpRequest {
    below(Method::Get, client, None, key)
}

/// The request that ends a secret.
pub fn retire_request(client: &SandboxClient, secret_id: &str, key: &BearerToken) -> HttpRequest {
    below(Method::Delete, client, Some(secret_id), key)
}

/// Judges an answer that tells a new secret. Total: every response has a judgement.
pub fn read_secret(response: &HttpResponse) -> SecretResponse {
    secret_under(response, "client_secret").unwrap_or_else(SecretResponse::Malformed)
}

impl SecretList {
    /// Judges an answer. Total: every response has a judgement.
    pub fn read(response: &HttpResponse) -> Self {
        judge(response).unwrap_or_else(Self::Malformed)
    }
}

fn judge(response: &HttpResponse) -> Result<SecretList, AnswerDefect> {
    check_envelope_of(response, &[200])?;
    if response.status >= 400 {
        return Ok(SecretList::Refused(super::refused(response)?));
    }
    let value = understand(response)?.document.value;
    let list = value.as_array().ok_or(AnswerDefect::NotReadable)?;
    let listed = list.iter().map(|secret| listed(secret).ok_or(AnswerDefect::NotReadable));
    listed.collect::<Result<_, _>>().map(SecretList::Listed)
}

fn listed(secret: &Value) -> Option<ListedSecret> {
    let text = |name: &str| secret.get(name).and_then(Value::as_str).map(inert);
    Some(ListedSecret {
        id: text("secret_id").filter(|id| !id.is_empty())?,
        created_at: text("created_at").unwrap_or_default(),
        expires_at: text("expires_at"),
        is_newest: secret.get("current") == Some(&Value::Bool(true)),
    })
}

fn below(method: Method, client: &SandboxClient, secret_id: Option<&str>, key: &BearerToken) -> HttpRequest {
    let mut path = vec!["_control", &client.server, "apps", &client.client_id, "secrets"];
    path.extend(secret_id);
    request(method, &client.origin, &path, key)
}
