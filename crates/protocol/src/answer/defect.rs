//! What can be wrong with an answer.

use super::RetryAfter;

/// Why an answer cannot be used. No variant holds text of the body: that might be a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerDefect {
    /// Longer than the limit.
    #[error("the answer is longer than 1 MiB")]
    TooLarge,
    /// A redirect, which is never followed: it would carry the secret to another place.
    #[error("the server redirects to {target} (status {status})")]
    Redirected {
        /// The status code.
        status: u16,
        /// The target without its query, made inert; empty when there is none.
        target: String,
    },
    /// The server failed; its answer is not read as an OAuth error.
    #[error("the server failed with status {status}")]
    ServerFailed {
        /// The status code.
        status: u16,
        /// How long it wants to be left alone.
        retry_after: Option<RetryAfter>,
    },
    /// A status that is neither success nor refusal.
    #[error("the status is {status} instead of 200")]
    UnexpectedStatus {
        /// The status code.
        status: u16,
    },
    /// The body is packed although we did not ask for that.
    #[error("the body is packed ({0}) although nobody asked for that")]
    Packed(String),
    /// There is no body.
    #[error("the answer has no body")]
    Empty,
    /// A page for people.
    #[error("the answer is a page for people (status {status})")]
    Html {
        /// The status code.
        status: u16,
    },
    /// Not in UTF-8.
    #[error("the answer is not written in UTF-8")]
    NotUtf8,
    /// Neither JSON nor a form.
    #[error("the answer is neither JSON nor form-encoded")]
    NotReadable,
    /// A form under the label of JSON.
    #[error("the answer is form-encoded although it is labelled as JSON")]
    FormLabelledJson,
    /// JSON, but no object.
    #[error("the answer is JSON, but not an object")]
    NotAnObject,
    /// A member that is there twice.
    #[error("the member {0} is there twice")]
    Twice(String),
    /// Both a token and an error.
    #[error("the answer holds both a token and an error")]
    TokenAndError,
    /// No access token where there should be one, or something that is no text.
    #[error("the answer holds no access_token")]
    NoAccessToken,
    /// A token with a space, or with characters that may not be in one: it must never reach a header (RFC 6749 Appendix A.12).
    #[error("the access_token holds characters that may not go into a header")]
    AccessTokenMalformed,
    /// A token type that we do not know how to use (RFC 6749 §7.1).
    #[error("the token_type is {0} instead of Bearer")]
    UnknownTokenType(String),
    /// Demonstrating Proof of Possession is demanded (RFC 9449 §8), which Gatewright does not speak.
    #[error("the server demands DPoP proofs with a nonce, which Gatewright cannot make")]
    DpopDemanded,
    /// The sign of success is missing.
    #[error("there is nothing at {0}, by which this provider shows success")]
    NoSuccessSign(String),
    /// No identifier of the person.
    #[error("there is nothing at {0}, where the person's identifier should stand")]
    NoSubject(String),
    /// A list without exactly one person.
    #[error("the answer is a list of {0} people instead of one")]
    NotOnePerson(usize),
}

impl AnswerDefect {
    /// The stable name of this failure, which findings, checks and tests go by.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "answer_too_large",
            Self::Redirected { .. } => "answer_redirected",
            Self::ServerFailed { .. } => "server_failed",
            Self::UnexpectedStatus { .. } => "status_unexpected",
            Self::Packed(_) => "answer_packed",
            Self::Empty => "answer_empty",
            Self::Html { .. } => "answer_html",
            Self::NotUtf8 => "answer_not_utf8",
            Self::NotReadable => "answer_not_readable",
            Self::FormLabelledJson => "form_labelled_json",
            Self::NotAnObject => "answer_not_an_object",
            Self::Twice(_) => "member_twice",
            Self::TokenAndError => "token_and_error",
            Self::NoAccessToken => "access_token_missing",
            Self::AccessTokenMalformed => "access_token_malformed",
            Self::UnknownTokenType(_) => "token_type_unknown",
            Self::DpopDemanded => "dpop_unsupported",
            Self::NoSuccessSign(_) => "success_sign_missing",
            Self::NoSubject(_) => "subject_missing",
            Self::NotOnePerson(_) => "not_one_person",
        }
    }

    /// The part of the answer that is wrong: a header, a member, a pointer, `status` or `body`.
    pub fn field(&self) -> &str {
        match self {
            Self::Redirected { .. } | Self::ServerFailed { .. } | Self::UnexpectedStatus { .. } => "status",
            Self::Packed(_) => "content-encoding",
            Self::FormLabelledJson => "content-type",
            Self::Twice(name) => name,
            Self::TokenAndError | Self::NoAccessToken | Self::AccessTokenMalformed => "access_token",
            Self::UnknownTokenType(_) => "token_type",
            Self::DpopDemanded => "error",
            Self::NoSuccessSign(pointer) | Self::NoSubject(pointer) => pointer,
            Self::TooLarge
            | Self::Empty
            | Self::Html { .. }
            | Self::NotUtf8
            | Self::NotReadable
            | Self::NotAnObject
            | Self::NotOnePerson(_) => "body",
        }
    }
}
