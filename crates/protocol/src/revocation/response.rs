//! Judging the answer to a revocation request.

use super::RevocationMethod;
use crate::answer::{AnswerDefect, ErrorStyle, Refusal, RetryAfter, check_envelope, error_of, refusal, understand};
use crate::authorization::ErrorResponse;
use crate::http::HttpResponse;

/// The answer to a revocation request, judged. That a token is revoked is the server's word: whether it is true shows only when the
/// token is used.
#[derive(Clone, Debug)]
pub enum RevocationResponse {
    /// The server says that the token is good no more. RFC 7009 §2.2 says so also of a token it never knew.
    Revoked {
        /// An error in the body of the success, as Keycloak writes it; the status counts.
        said: Option<ErrorResponse>,
    },
    /// The server does not know this token, so that there is nothing left to revoke.
    NotKnown,
    /// The server cannot now. The token is as good as before, and the same request may be sent once more (RFC 7009 §2.2.1).
    TryAgain(Option<RetryAfter>),
    /// The server does not revoke tokens of this type (RFC 7009 §2.2.1).
    UnsupportedTokenType(Refusal),
    /// The server said no.
    Refused(Refusal),
    /// It cannot be used.
    Malformed(AnswerDefect),
}

impl RevocationResponse {
    /// Judges an answer. Total: every response has a judgement. Of a success only the status matters, whatever the body is.
    pub fn read(response: &HttpResponse, method: RevocationMethod) -> Self {
        match (response.status, method) {
            (200, _) | (204, RevocationMethod::Delete) => Self::Revoked { said: error_in(response) },
            (404, RevocationMethod::Delete) => Self::NotKnown,
            (503, _) => Self::TryAgain(RetryAfter::of(response)),
            _ => not_revoked(response),
        }
    }
}

fn error_in(response: &HttpResponse) -> Option<ErrorResponse> {
    check_envelope(response).ok()?;
    error_of(&understand(response).ok()?.document.value, ErrorStyle::Either)
}

fn not_revoked(response: &HttpResponse) -> RevocationResponse {
    let refused = check_envelope(response).and_then(|()| match response.status {
        400..=499 => refusal(response, ErrorStyle::Either),
        status => Err(AnswerDefect::UnexpectedStatus { status }),
    });
    match refused {
        Ok(refusal) if refusal.error.error.as_deref() == Some("unsupported_token_type") => {
            RevocationResponse::UnsupportedTokenType(refusal)
        }
        Ok(refusal) => RevocationResponse::Refused(refusal),
        Err(defect) => RevocationResponse::Malformed(defect),
    }
}
