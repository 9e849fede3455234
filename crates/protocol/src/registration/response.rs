//! Judging the answers to requests that register a client and look after it.

use super::{ClientMetadata, IssuedCredentials, SecretExpiry};
use crate::answer::{AnswerDefect, ErrorStyle, Refusal, check_envelope_of, error_of, refusal, understand};
use crate::http::HttpResponse;
use crate::inert::inert;

/// Which request an answer belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistrationStep {
    /// The client was registered: 201 (RFC 7591 §3.2.1).
    Register,
    /// The registration was read: 200 (RFC 7592 §3).
    Read,
    /// It was updated: 200 (RFC 7592 §3).
    Update,
}

/// The answer to a request that registers, reads or updates a client, judged.
#[derive(Clone, Debug)]
pub enum RegistrationResponse {
    /// The registration as the server has it.
    Registered(Box<Registration>),
    /// The server said no.
    Refused(Refusal),
    /// It cannot be used. What was issued with it is to be kept all the same: see [`IssuedCredentials::find`].
    Malformed(RegistrationDefect),
}

/// A client as its server has it (RFC 7591 §3.2.1, RFC 7592 §3).
#[derive(Clone, Debug)]
pub struct Registration {
    /// `client_id`.
    pub client_id: String,
    /// `client_id_issued_at`, in seconds since 1970.
    pub client_id_issued_at: Option<i64>,
    /// What was issued with this answer; much of it is not repeated by every server.
    pub issued: IssuedCredentials,
    /// What the server has written down of the client. It may have left out or replaced what it was sent (RFC 7591 §3.2.1).
    pub metadata: ClientMetadata,
    /// What was unusual.
    pub oddities: Vec<RegistrationOddity>,
}

/// Something unusual about an answer that can be used all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistrationOddity {
    /// Success with another status than the one of the specification.
    Status {
        /// That of the specification.
        expected: u16,
        /// That of the answer.
        received: u16,
    },
    /// A secret without `client_secret_expires_at`, which has to come with it (RFC 7591 §3.2.1).
    ExpiryMissing,
    /// A token without the address where it is good for something, or the other way round (RFC 7592 §3).
    HalfManaged,
    /// A client that was to have no secret got one (RFC 7591 §3.2.1).
    SecretForPublicClient,
}

/// Why an answer about a registration cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistrationDefect {
    /// Something about the answer as such.
    #[error(transparent)]
    Answer(#[from] AnswerDefect),
    /// No `client_id`, or one that is no text (RFC 7591 §3.2.1).
    #[error("the answer holds no client_id")]
    ClientIdMissing,
    /// The answer speaks of another client than the one that was asked about (RFC 7592 §3).
    #[error("the answer speaks of the client {0}")]
    OtherClient(String),
    /// A secret that is no text of printable ASCII (RFC 6749 Appendix A.2): it could not be sent back.
    #[error("the client_secret holds characters that no request could carry")]
    SecretMalformed,
}

/// The answer to a request that ends a registration, judged (RFC 7592 §2.3).
#[derive(Clone, Debug)]
pub enum DeletionResponse {
    /// The client is gone: 204.
    Deleted,
    /// The server cannot delete clients: 405.
    NotOffered,
    /// The server does not know this client, or does not know the token any more: 401 or 404. The client may be gone already.
    NotKnown(Refusal),
    /// The server said no.
    Refused(Refusal),
    /// It cannot be used. The client may be gone or not.
    Malformed(AnswerDefect),
}

impl RegistrationDefect {
    /// The stable name of this failure, which findings, checks and tests go by.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Answer(defect) => defect.code(),
            Self::ClientIdMissing => "registration_client_id_missing",
            Self::OtherClient(_) => "registration_other_client",
            Self::SecretMalformed => "registration_secret_malformed",
        }
    }

    /// The part of the answer that is wrong.
    pub fn field(&self) -> &str {
        match self {
            Self::Answer(defect) => defect.field(),
            Self::ClientIdMissing | Self::OtherClient(_) => "client_id",
            Self::SecretMalformed => "client_secret",
        }
    }
}

impl RegistrationStep {
    const fn status(self) -> u16 {
        match self {
            Self::Register => 201,
            Self::Read | Self::Update => 200,
        }
    }
}

impl RegistrationResponse {
    /// Judges an answer. Total: every response has a judgement. `client_id` is the client that was asked about, where it has one
    /// already.
    pub fn read(response: &HttpResponse, step: RegistrationStep, client_id: Option<&str>) -> Self {
        judge(response, step, client_id).unwrap_or_else(Self::Malformed)
    }
}

fn judge(
    response: &HttpResponse,
    step: RegistrationStep,
    client_id: Option<&str>,
) -> Result<RegistrationResponse, RegistrationDefect> {
    check_envelope_of(response, &[200, 201])?;
    if response.status >= 400 {
        return Ok(RegistrationResponse::Refused(refusal(response, ErrorStyle::Either)?));
    }
    let value = understand(response)?.document.value;
    let members = value.as_object().ok_or(AnswerDefect::NotAnObject)?;
    let issued = IssuedCredentials::among(&value);
    let Some(received) = issued.client_id.clone() else {
        return match error_of(&value, ErrorStyle::Either) {
            Some(error) => Ok(RegistrationResponse::Refused(Refusal::of(response, error))),
            None => Err(RegistrationDefect::ClientIdMissing),
        };
    };
    if client_id.is_some_and(|expected| expected != received) {
        return Err(RegistrationDefect::OtherClient(inert(&received)));
    }
    if members.get("client_secret").is_some_and(|secret| !secret.is_null() && !fits_a_request(secret)) {
        return Err(RegistrationDefect::SecretMalformed);
    }
    let metadata = ClientMetadata::among(members);
    Ok(RegistrationResponse::Registered(Box::new(Registration {
        client_id: received,
        client_id_issued_at: members.get("client_id_issued_at").and_then(serde_json::Value::as_i64),
        oddities: oddities(response.status, step, &issued, &metadata),
        issued,
        metadata,
    })))
}

/// Text of printable ASCII (RFC 6749 Appendix A.2); empty where there is no secret.
fn fits_a_request(secret: &serde_json::Value) -> bool {
    secret.as_str().is_some_and(|text| text.bytes().all(|byte| (0x20..=0x7e).contains(&byte)))
}

fn oddities(
    status: u16,
    step: RegistrationStep,
    issued: &IssuedCredentials,
    metadata: &ClientMetadata,
) -> Vec<RegistrationOddity> {
    let has_secret = issued.client_secret.is_some();
    let is_public = metadata.client_authentication_method() == "none";
    let half = issued.registration_access_token.is_some() != issued.registration_client_uri.is_some();
    // Only a registration has to bring both; what a server does not repeat later is its own affair.
    let half = half && step == RegistrationStep::Register;
    let found = [
        (status != step.status()).then_some(RegistrationOddity::Status { expected: step.status(), received: status }),
        (has_secret && issued.client_secret_expires_at == SecretExpiry::NotSaid)
            .then_some(RegistrationOddity::ExpiryMissing),
        half.then_some(RegistrationOddity::HalfManaged),
        (has_secret && is_public).then_some(RegistrationOddity::SecretForPublicClient),
    ];
    found.into_iter().flatten().collect()
}

impl DeletionResponse {
    /// Judges an answer. Total: every response has a judgement. Of a success only the status matters.
    pub fn read(response: &HttpResponse) -> Self {
        match response.status {
            200 | 204 => Self::Deleted,
            405 => Self::NotOffered,
            status => match check_envelope_of(response, &[]).and_then(|()| refusal(response, ErrorStyle::Either)) {
                Ok(refusal) if matches!(status, 401 | 404) => Self::NotKnown(refusal),
                Ok(refusal) => Self::Refused(refusal),
                Err(defect) => Self::Malformed(defect),
            },
        }
    }
}
