//! What a client says of itself (RFC 7591 §2).

use serde_json::{Map, Value};

use crate::document::{self, Document};
use crate::inert::inert;

/// Members that stand beside the metadata in a registration and are the server's to give (RFC 7591 §3.2.1, RFC 7592 §3). None of them is
/// metadata, and two of them are secrets.
const GIVEN_BY_THE_SERVER: [&str; 6] = [
    "client_id",
    "client_secret",
    "client_id_issued_at",
    "client_secret_expires_at",
    "registration_access_token",
    "registration_client_uri",
];

/// What a client says of itself when it registers (RFC 7591 §2).
///
/// Members are read when asked for, so that what nobody here knows stays as it came and is sent back with the next update: an update
/// replaces everything (RFC 7592 §2.2), and what is left out is gone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClientMetadata {
    members: Map<String, Value>,
}

/// Why a text is no client metadata.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientMetadataDefect {
    /// Not JSON, or no object.
    #[error("client metadata are a JSON object (RFC 7591 §3.1)")]
    NotAnObject,
    /// A member that is there twice.
    #[error("the member {0} is there twice")]
    Twice(String),
    /// A member that is the server's to give.
    #[error("{0} is given by the server and no part of the metadata")]
    GivenByTheServer(String),
    /// A member of another JSON type than RFC 7591 §2 says.
    #[error("{name} has to be {expected}")]
    WrongType {
        /// The member.
        name: &'static str,
        /// What it has to be.
        expected: &'static str,
    },
}

/// The JSON type of a member that RFC 7591 §2 describes.
#[derive(Clone, Copy)]
enum Form {
    Text,
    Texts,
    Object,
}

/// The members of RFC 7591 §2 and OpenID Connect Registration §2 whose type is checked in what a person writes.
const KNOWN: [(&str, Form); 19] = [
    ("redirect_uris", Form::Texts),
    ("token_endpoint_auth_method", Form::Text),
    ("grant_types", Form::Texts),
    ("response_types", Form::Texts),
    ("client_name", Form::Text),
    ("client_uri", Form::Text),
    ("logo_uri", Form::Text),
    ("scope", Form::Text),
    ("contacts", Form::Texts),
    ("tos_uri", Form::Text),
    ("policy_uri", Form::Text),
    ("jwks_uri", Form::Text),
    ("jwks", Form::Object),
    ("software_id", Form::Text),
    ("software_version", Form::Text),
    ("software_statement", Form::Text),
    ("application_type", Form::Text),
    ("post_logout_redirect_uris", Form::Texts),
    ("id_token_signed_response_alg", Form::Text),
];

impl ClientMetadata {
    /// Reads metadata that a person wrote, or that we wrote down before.
    ///
    /// # Errors
    /// See [`ClientMetadataDefect`]; the first that applies.
    pub fn parse(text: &str) -> Result<Self, ClientMetadataDefect> {
        let Document { value, duplicate, .. } =
            document::read(text.trim()).map_err(|_| ClientMetadataDefect::NotAnObject)?;
        if let Some(name) = duplicate {
            return Err(ClientMetadataDefect::Twice(inert(&name)));
        }
        let Value::Object(members) = value else { return Err(ClientMetadataDefect::NotAnObject) };
        if let Some(name) = members.keys().find(|name| is_given_by_the_server(name)) {
            return Err(ClientMetadataDefect::GivenByTheServer(name.clone()));
        }
        for (name, form) in KNOWN {
            match (members.get(name), form) {
                (Some(value), form) if !form.fits(value) => {
                    return Err(ClientMetadataDefect::WrongType { name, expected: form.words() });
                }
                _ => {}
            }
        }
        Ok(Self { members })
    }

    /// The metadata among the members of a registration: everything that is not the server's to give.
    pub(crate) fn among(members: &Map<String, Value>) -> Self {
        let own = members.iter().filter(|(name, _)| !is_given_by_the_server(name));
        Self { members: own.map(|(name, value)| (name.clone(), value.clone())).collect() }
    }

    /// Every member as JSON, in order. [`ClientMetadata::parse`] reads their text again.
    pub fn members(&self) -> &Map<String, Value> {
        &self.members
    }

    /// The members as JSON text.
    pub fn to_text(&self) -> String {
        Value::Object(self.members.clone()).to_string()
    }

    /// The same with this member. A member that is the server's to give is left out: see [`ClientMetadata::parse`].
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        if !is_given_by_the_server(name) {
            self.members.insert(name.to_owned(), value.into());
        }
        self
    }

    /// The same without this member.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        // In order: who reads the list afterwards shall find it as it was.
        self.members.shift_remove(name);
        self
    }

    /// What an update has to send to change what `wanted` says and nothing else: these members, with those of `wanted` in their places.
    #[must_use]
    pub fn overlaid_with(mut self, wanted: &Self) -> Self {
        for (name, value) in &wanted.members {
            self.members.insert(name.clone(), value.clone());
        }
        self
    }

    /// `redirect_uris`.
    pub fn redirect_uris(&self) -> Vec<String> {
        self.texts("redirect_uris")
    }

    /// `client_name`; its translations (`client_name#de`) are members of their own.
    pub fn client_name(&self) -> Option<&str> {
        self.text("client_name")
    }

    /// `token_endpoint_auth_method`; without it `client_secret_basic`.
    pub fn client_authentication_method(&self) -> &str {
        self.text("token_endpoint_auth_method").unwrap_or("client_secret_basic")
    }

    /// `grant_types`; without it `authorization_code`.
    pub fn grant_types(&self) -> Vec<String> {
        or_default(self.texts("grant_types"), "authorization_code")
    }

    /// `response_types`; without it `code`.
    pub fn response_types(&self) -> Vec<String> {
        or_default(self.texts("response_types"), "code")
    }

    /// `scope`, scope by scope.
    pub fn scopes(&self) -> Vec<String> {
        self.text("scope").unwrap_or_default().split(' ').filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.members.get(name).and_then(Value::as_str)
    }

    fn texts(&self, name: &str) -> Vec<String> {
        let list = self.members.get(name).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }
}

impl Form {
    fn fits(self, value: &Value) -> bool {
        match self {
            Self::Text => value.is_string(),
            Self::Texts => value.as_array().is_some_and(|list| list.iter().all(Value::is_string)),
            Self::Object => value.is_object(),
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Texts => "a list of texts",
            Self::Object => "an object",
        }
    }
}

/// Whether a member of a registration is the server's to give, and no metadata.
pub(crate) fn is_given_by_the_server(name: &str) -> bool {
    GIVEN_BY_THE_SERVER.contains(&name)
}

fn or_default(found: Vec<String>, usual: &str) -> Vec<String> {
    if found.is_empty() { vec![usual.to_owned()] } else { found }
}
