//! Judging the answer of a userinfo endpoint.

use super::UserinfoClaims;
use crate::Secret;
use crate::answer::{
    AnswerDefect, ErrorStyle, Oddity, Refusal, check_envelope, error_of, refusal, text_of, understand,
};
use crate::discrepancy::Discrepancy;
use crate::http::HttpResponse;
use crate::jose::JwsDefect;

/// What a userinfo answer has to live up to.
#[derive(Clone, Copy, Debug)]
pub struct UserinfoRules<'a> {
    /// `sub` of the verified ID token, when there is one.
    pub subject: Option<&'a str>,
    /// The client is registered for signed answers, so that a plain one may be forged (`userinfo_signed_response_alg`).
    pub must_be_signed: bool,
}

/// The answer of a userinfo endpoint, judged.
#[derive(Clone, Debug)]
pub enum UserinfoResponse {
    /// Claims in plain JSON, about the right person.
    Claims(UserinfoClaims, Vec<Oddity>),
    /// A JWT, of which nothing is believed yet: [`super::verify`] takes it further.
    Signed(Secret),
    /// The server said no.
    Refused(Refusal),
    /// Nothing of it may be shown.
    Rejected(UserinfoDefect),
}

/// Why nothing of a userinfo answer may be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UserinfoDefect {
    /// Something about the answer as such.
    #[error(transparent)]
    Answer(#[from] AnswerDefect),
    /// Plain JSON from a provider that is registered to sign.
    #[error("the answer is not signed although this client is registered for signed answers")]
    NotSigned,
    /// No `sub` (OpenID Connect Core §5.3.2).
    #[error("the answer does not hold sub")]
    SubjectMissing,
    /// `sub` is empty or no text; as received, made inert.
    #[error("sub is {0} instead of a text")]
    SubjectMalformed(String),
    /// Somebody else: with the token of one person the answer speaks of another (OpenID Connect Core §16.11).
    #[error("sub is {received}, but the ID token speaks of {expected}")]
    OtherSubject {
        /// `sub` of the ID token, made inert.
        expected: String,
        /// As received, made inert.
        received: String,
    },
    /// The signature of a signed answer, or its form.
    #[error(transparent)]
    Signature(#[from] JwsDefect),
    /// `iss` or `aud` of a signed answer.
    #[error("{} is {} instead of {}", .0.field, .0.received, .0.expected)]
    Claim(Discrepancy),
}

impl UserinfoDefect {
    /// The stable name of this failure, which findings, checks and tests go by.
    pub fn code(&self) -> &'static str {
        self.discrepancy().code
    }

    /// Expected against received.
    pub fn discrepancy(&self) -> Discrepancy {
        match self {
            Self::Answer(defect) => {
                let expected = "200 with a JSON object or a JWT (OpenID Connect Core §5.3.2)";
                Discrepancy::new(defect.code(), defect.field(), expected, defect.to_string())
            }
            Self::NotSigned => Discrepancy::new(
                "userinfo_not_signed",
                "content-type",
                "a signed answer (application/jwt)",
                "plain JSON",
            ),
            Self::SubjectMissing => {
                Discrepancy::new("userinfo_subject_missing", "sub", "a text (OpenID Connect Core §5.3.2)", "nothing")
            }
            Self::SubjectMalformed(received) => {
                Discrepancy::new("userinfo_subject_malformed", "sub", "a text (OpenID Connect Core §5.3.2)", received)
            }
            Self::OtherSubject { expected, received } => {
                Discrepancy::new("userinfo_subject_mismatch", "sub", expected, received)
            }
            Self::Signature(defect) => defect.discrepancy(),
            Self::Claim(discrepancy) => discrepancy.clone(),
        }
    }
}

impl UserinfoResponse {
    /// Judges an answer. Total: every response has a judgement.
    pub fn read(response: &HttpResponse, rules: &UserinfoRules<'_>) -> Self {
        judge(response, rules).unwrap_or_else(Self::Rejected)
    }
}

fn judge(response: &HttpResponse, rules: &UserinfoRules<'_>) -> Result<UserinfoResponse, UserinfoDefect> {
    check_envelope(response)?;
    if response.status != 200 {
        return Ok(UserinfoResponse::Refused(refusal(response, ErrorStyle::Either)?));
    }
    let text = text_of(&response.body)?.trim();
    if response.media_type().as_deref() == Some("application/jwt") || looks_like_a_jwt(text) {
        return Ok(UserinfoResponse::Signed(Secret::new(text)));
    }
    let understood = understand(response)?;
    let value = &understood.document.value;
    // Some servers refuse with status 200.
    if let (None, Some(error)) = (value.get("sub"), error_of(value, ErrorStyle::Either)) {
        return Ok(UserinfoResponse::Refused(Refusal::of(response, error)));
    }
    if rules.must_be_signed {
        return Err(UserinfoDefect::NotSigned);
    }
    UserinfoClaims::of(&understood.document, rules.subject)
        .map(|claims| UserinfoResponse::Claims(claims, understood.oddities))
}

/// Five parts are an encrypted one, which is told as such later.
fn looks_like_a_jwt(text: &str) -> bool {
    let in_set = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    text.starts_with("eyJ") && matches!(text.split('.').count(), 3 | 5) && text.split('.').all(in_set)
}
