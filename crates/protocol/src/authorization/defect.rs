//! What can be wrong with a callback.

/// What is wrong with a callback. Nothing of such a callback is used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Defect {
    /// It arrived somewhere else.
    #[error("the address is not the redirect URI")]
    NotTheRedirectUri,
    /// A parameter is there more than once.
    #[error("the parameter {0} is there more than once")]
    Twice(String),
    /// A token, which belongs to another response type.
    #[error("the parameter {0} has no place in the answer to a code request")]
    Foreign(String),
    /// A signed response (JARM), which was not asked for and is not supported.
    #[error("it is a signed response (JARM), which Gatewright does not read")]
    SignedResponse,
    /// The parameters are in the fragment, where a server never sees them.
    #[error("the parameters stand after # instead of after ?")]
    InFragment,
    /// The parameters are in the query although the answer was to come elsewhere: there they end in histories and logs.
    #[error("there are parameters after ? although another response mode was asked for")]
    InQuery,
    /// A form was posted although none was asked for.
    #[error("it was posted as a form although nobody asked for that")]
    FormUnasked,
    /// A posted form is longer than 64 KiB.
    #[error("the posted form is longer than 64 KiB")]
    FormTooLong,
    /// What was posted is labelled as something else; the label, made inert, empty when there is none.
    #[error("what was posted is labelled {0:?} instead of application/x-www-form-urlencoded")]
    FormMislabelled(String),
    /// A posted form is not written in UTF-8.
    #[error("the posted form is not written in UTF-8")]
    FormNotUtf8,
    /// `state` is missing although this provider returns it.
    #[error("state is missing")]
    StateMissing,
    /// `state` is not the one we sent.
    #[error("state is not the one that was sent")]
    StateMismatch,
    /// `state` belongs to a login that is over: somebody plays a callback again.
    #[error("state belongs to a login that is over")]
    StateSpent,
    /// `iss` is missing although the provider's metadata promise it (RFC 9207 §2.4).
    #[error("iss is missing although the provider's metadata promise it")]
    IssuerMissing {
        /// The issuer of this login.
        expected: String,
    },
    /// `iss` names another authorization server (RFC 9207 §2.4): this may be a mix-up attack.
    #[error("iss names another authorization server: {received}")]
    OtherIssuer {
        /// The issuer of this login.
        expected: String,
        /// As received, made inert.
        received: String,
    },
    /// Both `code` and `error`.
    #[error("it holds both a code and an error")]
    CodeAndError,
    /// Neither `code` nor `error`.
    #[error("it holds neither a code nor an error")]
    NeitherCodeNorError,
    /// `error` is there, but empty.
    #[error("the error is empty")]
    ErrorEmpty,
    /// `code` is there, but empty.
    #[error("the code is empty")]
    CodeEmpty,
    /// `code` is longer than 8,192 bytes, cannot be decoded or holds characters outside printable ASCII (RFC 6749 Appendix A.11).
    #[error("the code is too long or holds characters that a code may not hold")]
    CodeMalformed,
}

impl Defect {
    /// The stable name of this failure, which findings, checks and tests go by.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotTheRedirectUri => "callback_elsewhere",
            Self::Twice(_) => "parameter_twice",
            Self::Foreign(_) => "parameter_foreign",
            Self::SignedResponse => "jarm_unsupported",
            Self::InFragment => "in_fragment",
            Self::InQuery => "in_query",
            Self::FormUnasked => "form_unasked",
            Self::FormTooLong => "form_too_long",
            Self::FormMislabelled(_) => "form_mislabelled",
            Self::FormNotUtf8 => "form_not_utf8",
            Self::StateMissing => "state_missing",
            Self::StateMismatch => "state_mismatch",
            Self::StateSpent => "state_spent",
            Self::IssuerMissing { .. } => "issuer_missing",
            Self::OtherIssuer { .. } => "issuer_mismatch",
            Self::CodeAndError => "code_and_error",
            Self::NeitherCodeNorError => "neither_code_nor_error",
            Self::ErrorEmpty => "error_empty",
            Self::CodeEmpty => "code_empty",
            Self::CodeMalformed => "code_malformed",
        }
    }

    /// The parameter that is wrong.
    pub fn field(&self) -> &str {
        match self {
            Self::NotTheRedirectUri => "redirect_uri",
            Self::Twice(name) | Self::Foreign(name) => name,
            Self::SignedResponse => "response",
            Self::FormUnasked | Self::FormTooLong | Self::FormNotUtf8 => "body",
            Self::FormMislabelled(_) => "content-type",
            Self::StateMissing | Self::StateMismatch | Self::StateSpent => "state",
            Self::IssuerMissing { .. } | Self::OtherIssuer { .. } => "iss",
            Self::ErrorEmpty => "error",
            Self::InFragment
            | Self::InQuery
            | Self::CodeAndError
            | Self::NeitherCodeNorError
            | Self::CodeEmpty
            | Self::CodeMalformed => "code",
        }
    }

    /// The HTTP status with which a listener answers such a callback (RFC 9110 §15.5).
    pub const fn status(&self) -> u16 {
        match self {
            Self::NotTheRedirectUri => 404,
            Self::FormUnasked => 405,
            Self::FormTooLong => 413,
            Self::FormMislabelled(_) => 415,
            _ => 400,
        }
    }
}
