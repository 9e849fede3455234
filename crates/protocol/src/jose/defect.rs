//! Why a signed token is not believed.

use std::fmt;

use crate::discrepancy::Discrepancy;
use crate::jwks::KeyDefect;

/// A part of a JWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The JOSE header.
    Header,
    /// The claims.
    Payload,
    /// The signature.
    Signature,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Header => "header",
            Self::Payload => "payload",
            Self::Signature => "signature",
        })
    }
}

/// Why a signed token is not believed. No variant holds text of the token beyond single header parameters, made inert.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwsDefect {
    /// Longer than 1 MiB.
    #[error("the token is longer than 1 MiB")]
    TooLarge,
    /// Five parts: a JWE (RFC 7516), which this program cannot open.
    #[error("the token is encrypted (JWE), which is not supported")]
    Encrypted,
    /// Neither three parts nor five.
    #[error("the token has {0} parts instead of three")]
    Parts(usize),
    /// Padding, white space, plain base64, or bits left over (RFC 7515 §2).
    #[error("the {0} is not base64url without padding")]
    NotBase64Url(Part),
    /// Not a JSON object.
    #[error("the {0} is no JSON object")]
    NotAnObject(Part),
    /// A member that is there twice.
    #[error("the member {1} of the {0} is there twice")]
    Twice(Part, String),
    /// Extensions that have to be understood (RFC 7515 §4.1.11); we know none.
    #[error("the header demands that extensions be understood (crit)")]
    Critical(String),
    /// A payload that is not encoded (RFC 7797).
    #[error("the header says that the payload is not encoded (b64)")]
    Unencoded,
    /// A token of another kind (RFC 8725 §3.11).
    #[error("the token is of another kind: {0}")]
    OtherType(String),
    /// Another algorithm than expected, or none.
    #[error("the algorithm is {received} instead of {allowed}")]
    Algorithm {
        /// What is allowed, for a sentence.
        allowed: String,
        /// As received, made inert.
        received: String,
    },
    /// HMAC, but the client has no secret.
    #[error("the token is signed with a client secret, and this client has none")]
    NoSecret,
    /// HMAC with a secret shorter than the hash (RFC 7518 §3.2), which can be guessed from one token.
    #[error("the client secret has {length} bytes, and this algorithm needs {needed}")]
    ShortSecret {
        /// Bytes of the secret.
        length: usize,
        /// Bytes that the algorithm needs.
        needed: usize,
    },
    /// No key to check the signature with.
    #[error(transparent)]
    Key(#[from] KeyDefect),
    /// The signature does not belong to this key and these bytes.
    #[error("the signature is not valid")]
    Signature,
}

impl JwsDefect {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.discrepancy().code
    }

    /// Expected against received.
    pub fn discrepancy(&self) -> Discrepancy {
        match self {
            Self::TooLarge => Discrepancy::new("jws_too_large", "token", "at most 1 MiB", "more"),
            Self::Encrypted => {
                Discrepancy::new("jwe_unsupported", "token", "a signed token (JWS)", "an encrypted token (JWE)")
            }
            Self::Parts(count) => Discrepancy::new(
                "jws_parts",
                "token",
                "three parts between dots (RFC 7515 §7.1)",
                format!("{count} parts"),
            ),
            Self::NotBase64Url(part) => Discrepancy::new(
                "jws_encoding",
                part.to_string(),
                "base64url without padding (RFC 7515 §2)",
                "another encoding",
            ),
            Self::NotAnObject(part) => {
                let code = if *part == Part::Header { "jws_header" } else { "jws_payload" };
                Discrepancy::new(code, part.to_string(), "a JSON object", "something else")
            }
            Self::Twice(part, name) => {
                let code = if *part == Part::Header { "jws_header_twice" } else { "jws_payload_twice" };
                Discrepancy::new(code, name, "once", "twice")
            }
            Self::Critical(names) => {
                Discrepancy::new("jws_crit", "crit", "no extension that has to be understood", names)
            }
            Self::Unencoded => Discrepancy::new("jws_b64", "b64", "true or nothing (RFC 7797)", "false"),
            Self::OtherType(received) => Discrepancy::new("jws_typ", "typ", "JWT or nothing", received),
            Self::Algorithm { allowed, received } => Discrepancy::new("jws_alg", "alg", allowed, received),
            Self::NoSecret => {
                Discrepancy::new("jws_secret_missing", "alg", "a client with a secret", "a public client")
            }
            Self::ShortSecret { length, needed } => {
                let expected = format!("a client secret of at least {needed} bytes (RFC 7518 §3.2)");
                Discrepancy::new("jws_secret_short", "alg", expected, format!("{length} bytes"))
            }
            Self::Key(defect) => defect.discrepancy(),
            Self::Signature => {
                Discrepancy::new("jws_signature", "signature", "a valid signature", "a signature that is not valid")
            }
        }
    }
}
