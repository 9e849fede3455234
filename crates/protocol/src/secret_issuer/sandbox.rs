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

/// From when on a further secret is taken, and what becomes of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretStart {
    /// At once, beside the others.
    AtOnce {
        /// In how many seconds the others shall end; they stay when absent.
        others_expire_in: Option<u32>,
    },
    /// When it is activated ([`activate_request`]), and the others end with that.
    WhenActivated,
}

/// A secret that works, or will once it is activated, without its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedSecret {
    /// What the sandbox calls it.
    pub id: String,
    /// When it was made, as the sandbox wrote it.
    pub created_at: String,
    /// When it stops working, as the sandbox wrote it.
    pub expires_at: Option<String>,
    /// Whether it is the newest that works.
    pub is_newest: bool,
    /// Whether it is refused until it is activated.
    pub is_staged: bool,
}

/// The answer to [`list_request`], judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretList {
    /// The staged secret and those that work, the newest first.
    Listed(Vec<ListedSecret>),
    /// The server said no.
    Refused(Refusal),
    /// It cannot be used.
    Malformed(AnswerDefect),
}

/// The request that makes a further secret.
pub fn new_secret_request(client: &SandboxClient, start: SecretStart, key: &BearerToken) -> HttpRequest {
    let mut request = below(Method::Post, client, &[], key);
    let field = match start {
        SecretStart::AtOnce { others_expire_in } => {
            others_expire_in.map(|seconds| ("others_expire_in", seconds.into()))
        }
        SecretStart::WhenActivated => Some(("staged", true.into())),
    };
    let fields = field.map(|(name, value)| (name.to_owned(), Field::Json(value))).into_iter().collect();
    request.body = Some(Body { encoding: BodyEncoding::Json, fields });
    request
}

/// The request that lists the secrets that work, and the staged one.
pub fn list_request(client: &SandboxClient, key: &BearerToken) -> HttpRequest {
    below(Method::Get, client, &[], key)
}

/// The request that puts a staged secret in the place of the others.
pub fn activate_request(client: &SandboxClient, secret_id: &str, key: &BearerToken) -> HttpRequest {
    below(Method::Post, client, &[secret_id, "activate"], key)
}

/// The request that ends a secret.
pub fn retire_request(client: &SandboxClient, secret_id: &str, key: &BearerToken) -> HttpRequest {
    below(Method::Delete, client, &[secret_id], key)
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

/// The answer to [`activate_request`], judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActivationResponse {
    /// The staged secret works, and the others no longer.
    Activated,
    /// The server said no: everything is as it was.
    Refused(Refusal),
    /// It cannot be used. The secret may be activated or not.
    Malformed(AnswerDefect),
}

impl ActivationResponse {
    /// Judges an answer. Total: every response has a judgement.
    pub fn read(response: &HttpResponse) -> Self {
        match (response.status, super::refused(response)) {
            (200, _) => Self::Activated,
            (_, Ok(refusal)) => Self::Refused(refusal),
            (_, Err(defect)) => Self::Malformed(defect),
        }
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
        is_staged: secret.get("staged") == Some(&Value::Bool(true)),
    })
}

fn below(method: Method, client: &SandboxClient, rest: &[&str], key: &BearerToken) -> HttpRequest {
    let mut path = vec!["_control", &client.server, "apps", &client.client_id, "secrets"];
    path.extend(rest);
    request(method, &client.origin, &path, key)
}
