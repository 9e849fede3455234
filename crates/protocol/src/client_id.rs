//! Client identifiers (RFC 6749 §2.2), with the JSON type the provider gives them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The JSON type of a provider's client identifiers. `"7"` and `7` are not the same on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientIdKind {
    /// A JSON number without fraction, as at Chattr.
    Integer,
    /// A JSON string.
    Text,
}

/// The RFC's client identifier: public, unique at the authorization server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ClientId {
    /// Sent as a number where the body is JSON.
    Integer(i64),
    /// Sent as a string.
    Text(String),
}

/// Why a text is no client identifier of the wanted kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientIdError {
    /// Nothing was given.
    #[error("the client ID is empty")]
    Empty,
    /// The provider counts its clients and this is not a whole number.
    #[error("this provider's client IDs are whole numbers")]
    NotAnInteger,
    /// RFC 6749 Appendix A.1: printable ASCII only.
    #[error("a client ID holds printable ASCII characters only (RFC 6749 Appendix A.1)")]
    NotPrintable,
}

impl ClientId {
    /// Reads an identifier of the given kind.
    ///
    /// # Errors
    /// See [`ClientIdError`].
    pub fn parse(text: &str, kind: ClientIdKind) -> Result<Self, ClientIdError> {
        if text.is_empty() {
            return Err(ClientIdError::Empty);
        }
        if !text.bytes().all(|byte| (0x20..=0x7e).contains(&byte)) {
            return Err(ClientIdError::NotPrintable);
        }
        match kind {
            ClientIdKind::Integer => text.parse().map(Self::Integer).map_err(|_| ClientIdError::NotAnInteger),
            ClientIdKind::Text => Ok(Self::Text(text.to_owned())),
        }
    }

    /// The identifier as a JSON value of its own type.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Integer(number) => (*number).into(),
            Self::Text(text) => text.clone().into(),
        }
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integer_client_id_stays_an_integer_on_the_wire() {
        let id = ClientId::parse("7", ClientIdKind::Integer).unwrap();
        assert_eq!(id.to_json(), serde_json::json!(7));
        assert_eq!(ClientId::parse("7", ClientIdKind::Text).unwrap().to_json(), serde_json::json!("7"));
    }

    #[test]
    fn letters_are_refused_where_the_provider_counts() {
        assert_eq!(ClientId::parse("abc123", ClientIdKind::Integer), Err(ClientIdError::NotAnInteger));
        assert_eq!(ClientId::parse("a\nb", ClientIdKind::Text), Err(ClientIdError::NotPrintable));
    }
}
