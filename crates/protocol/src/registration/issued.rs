//! What a server has issued to a client, read out of any answer before anything else happens.

use serde_json::{Map, Value};

use crate::Secret;
use crate::answer::text_of;
use crate::document;
use crate::http::HttpResponse;

/// When a client secret stops working (RFC 7591 §3.2.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecretExpiry {
    /// The server did not say.
    #[default]
    NotSaid,
    /// Never: `0`.
    Never,
    /// At this time, in seconds since 1970.
    At(i64),
}

/// What a server issues to a client and may never tell again: its secret, the token by which it is looked after, and where.
///
/// It stands both for what came with one answer and for what is known by now.
#[derive(Clone, Debug, Default)]
pub struct IssuedCredentials {
    /// `client_id`, as text.
    pub client_id: Option<String>,
    /// `client_secret`.
    pub client_secret: Option<Secret>,
    /// `client_secret_expires_at`.
    pub client_secret_expires_at: SecretExpiry,
    /// `registration_access_token`.
    pub registration_access_token: Option<Secret>,
    /// `registration_client_uri`, as it came: it is an address only once [`super::ManagementAddress`] says so.
    pub registration_client_uri: Option<String>,
}

impl IssuedCredentials {
    /// Reads what was issued out of an answer, whatever its status, its label and its other members are, and also out of a form, which
    /// it must not be. A server that has replaced a secret has done so even if the rest of what it says cannot be used.
    pub fn find(response: &HttpResponse) -> Self {
        let Ok(text) = text_of(&response.body) else { return Self::default() };
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim();
        let value = document::read(text).map_or_else(|_| form(text), |document| document.value);
        Self::among(&value)
    }

    /// Reads what was issued out of the members of an object.
    pub(crate) fn among(value: &Value) -> Self {
        let text = |name: &str| value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        Self {
            client_id: text("client_id").map(str::to_owned),
            client_secret: text("client_secret").map(Secret::new),
            client_secret_expires_at: SecretExpiry::read(value.get("client_secret_expires_at")),
            registration_access_token: text("registration_access_token").map(Secret::new),
            registration_client_uri: text("registration_client_uri").map(str::to_owned),
        }
    }

    /// What is known after `newer` has come: each value of it that is there, and in the place of one that is not, the one known before.
    /// A server that does not repeat a value has not taken it back.
    #[must_use]
    pub fn merged_with(self, newer: Self) -> Self {
        // A new secret has a term of its own; one that is only repeated may come without it.
        let is_new_secret =
            newer.client_secret.as_ref().is_some_and(|secret| !same(self.client_secret.as_ref(), secret));
        let client_secret_expires_at = match newer.client_secret_expires_at {
            SecretExpiry::NotSaid if !is_new_secret => self.client_secret_expires_at,
            said => said,
        };
        Self {
            client_id: newer.client_id.or(self.client_id),
            client_secret: newer.client_secret.or(self.client_secret),
            client_secret_expires_at,
            registration_access_token: newer.registration_access_token.or(self.registration_access_token),
            registration_client_uri: newer.registration_client_uri.or(self.registration_client_uri),
        }
    }

    /// What of this is not known yet, and has to be put away before anything else happens.
    #[must_use]
    pub fn beyond(self, known: &Self) -> Self {
        let new = |found: Option<Secret>, known: Option<&Secret>| found.filter(|secret| !same(known, secret));
        Self {
            client_id: self.client_id.filter(|id| known.client_id.as_ref() != Some(id)),
            client_secret: new(self.client_secret, known.client_secret.as_ref()),
            client_secret_expires_at: self.client_secret_expires_at,
            registration_access_token: new(self.registration_access_token, known.registration_access_token.as_ref()),
            registration_client_uri: self
                .registration_client_uri
                .filter(|uri| known.registration_client_uri.as_ref() != Some(uri)),
        }
    }

    /// Whether there is a secret or a token in it, which would be lost with it.
    pub const fn holds_secrets(&self) -> bool {
        self.client_secret.is_some() || self.registration_access_token.is_some()
    }

    /// Whether there is nothing in it that was issued.
    pub const fn is_empty(&self) -> bool {
        !self.holds_secrets() && self.client_id.is_none() && self.registration_client_uri.is_none()
    }
}

impl SecretExpiry {
    fn read(value: Option<&Value>) -> Self {
        match value.and_then(Value::as_i64) {
            Some(0) => Self::Never,
            Some(seconds) if seconds > 0 => Self::At(seconds),
            _ => Self::NotSaid,
        }
    }
}

/// The members of a form, of a name that is there twice the first.
fn form(text: &str) -> Value {
    let mut members = Map::new();
    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
        members.entry(name).or_insert_with(|| Value::String(value.into_owned()));
    }
    Value::Object(members)
}

fn same(known: Option<&Secret>, found: &Secret) -> bool {
    known.is_some_and(|known| known.matches(found.expose()))
}
