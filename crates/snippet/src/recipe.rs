//! What a program has to do to log in as one client does, in no language.

mod assertion;
mod build;
mod remarks;

use gatewright_model::provider::Endpoint;
use gatewright_protocol::ClientId;
use gatewright_protocol::custom_parameter::CustomParameterError;
use gatewright_protocol::http::BodyEncoding;

pub(crate) use assertion::{Assertion, Scheme, coordinate_length, openssl_name};

use crate::comment::Remark;
use crate::pointer::Pointer;

/// What a program has to do, made by [`Recipe::of`].
#[derive(Clone, Debug)]
pub struct Recipe {
    pub(crate) provider: String,
    pub(crate) client: String,
    pub(crate) document: String,
    pub(crate) client_id: ClientId,
    pub(crate) redirect_uri: String,
    pub(crate) authorization: Authorization,
    pub(crate) callback: Callback,
    pub(crate) exchange: Exchange,
    pub(crate) identity: Identity,
}

/// Why there is no program for a client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecipeError {
    /// An address that the login needs is not known, or is none for a web request.
    #[error("the {} endpoint has no address that a program could use", .0.name())]
    NoAddress(Endpoint),
    /// A parameter of the client's own cannot be sent.
    #[error(transparent)]
    Parameter(#[from] CustomParameterError),
}

/// The authorization request (RFC 6749 §4.1.1).
#[derive(Clone, Debug)]
pub(crate) struct Authorization {
    pub(crate) endpoint: String,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) remarks: Vec<Remark>,
}

/// What is compared when the browser comes back (RFC 6749 §4.1.2).
#[derive(Clone, Debug)]
pub(crate) struct Callback {
    pub(crate) state: Option<StateCheck>,
    /// The issuer that a callback may name (RFC 9207 §2.4).
    pub(crate) issuer: Option<String>,
    pub(crate) remarks: Vec<Remark>,
}

/// When `state` has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StateCheck {
    /// With every code.
    Required,
    /// Nobody knows whether it comes back: compared when it does.
    WhenThere,
}

/// The token request (RFC 6749 §4.1.3) and its answer.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    pub(crate) endpoint: String,
    pub(crate) encoding: BodyEncoding,
    pub(crate) accept: String,
    /// The secret goes into the `Authorization` header (RFC 6749 §2.3.1).
    pub(crate) basic: bool,
    /// The assertion that stands in the place of the secret (RFC 7523 §2.2).
    pub(crate) assertion: Option<Assertion>,
    pub(crate) fields: Vec<Parameter>,
    pub(crate) answer_may_be_form: bool,
    /// Must be `true` in an answer that is a success.
    pub(crate) success_flag: Option<Pointer>,
    /// Must be there in an answer that is a success.
    pub(crate) success_sign: Pointer,
    pub(crate) remarks: Vec<Remark>,
}

/// Where the program learns who it was.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub(crate) source: Source,
    pub(crate) subject: Pointer,
    pub(crate) signed_in_flag: Option<Pointer>,
    pub(crate) remarks: Vec<Remark>,
}

/// Where identity comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The answer to the token request.
    TokenAnswer,
    /// An address that is asked with the access token, in its header.
    Endpoint(String),
    /// The same, with the token in a form body (RFC 6750 §2.2).
    EndpointByForm(String),
    /// The claims of the ID token, which are compared with this issuer.
    IdToken(String),
    /// Nowhere: the login ends with a token.
    Nowhere,
}

/// A parameter of a query or a field of a body.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) value: Value,
}

/// The value of a parameter: known now, or made when the program runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    /// Several values of one field in JSON.
    Texts(Vec<String>),
    ClientId,
    RedirectUri,
    State,
    Nonce,
    Challenge,
    Secret,
    Code,
    Verifier,
    Assertion,
}

impl Recipe {
    /// Whether the program needs the client's secret.
    pub(crate) fn needs_secret(&self) -> bool {
        self.exchange.basic || self.scheme() == Some(Scheme::Hmac) || self.sends(&Value::Secret)
    }

    /// The assertion that the client's private key signs.
    pub(crate) fn signed(&self) -> Option<&Assertion> {
        self.exchange.assertion.as_ref().filter(|assertion| assertion.scheme() != Scheme::Hmac)
    }

    /// What is done to sign the assertion.
    pub(crate) fn scheme(&self) -> Option<Scheme> {
        self.exchange.assertion.as_ref().map(Assertion::scheme)
    }

    /// Whether anything that is sent has this value.
    pub(crate) fn sends(&self, value: &Value) -> bool {
        let sent = self.authorization.parameters.iter().chain(&self.exchange.fields);
        sent.into_iter().any(|parameter| parameter.value == *value)
    }

    /// Whether the program writes or reads base64.
    pub(crate) fn encodes_base64(&self) -> bool {
        self.exchange.basic || self.writes_base64url() || matches!(self.identity.source, Source::IdToken(_))
    }

    /// Whether the program writes base64 as it stands in addresses (RFC 4648 §5).
    pub(crate) fn writes_base64url(&self) -> bool {
        self.exchange.assertion.is_some() || self.sends(&Value::Challenge)
    }

    /// Whether the program makes something up that nobody can guess.
    pub(crate) fn needs_randomness(&self) -> bool {
        let made_up = [Value::State, Value::Nonce, Value::Challenge];
        self.exchange.assertion.is_some() || made_up.iter().any(|value| self.sends(value))
    }

    /// The client identifier where it is a number.
    pub(crate) fn numeric_id(&self) -> Option<i64> {
        match self.client_id {
            ClientId::Integer(number) => Some(number),
            ClientId::Text(_) => None,
        }
    }
}

impl Authorization {
    /// What stands between the endpoint and the parameters: the endpoint may have a query of its own (RFC 6749 §3.1).
    pub(crate) fn separator(&self) -> char {
        if self.endpoint.contains('?') { '&' } else { '?' }
    }
}

impl Identity {
    /// Whether the access token goes into a form body.
    pub(crate) const fn posts_token(&self) -> bool {
        matches!(self.source, Source::EndpointByForm(_))
    }
}

#[cfg(test)]
mod tests;
