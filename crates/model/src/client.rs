//! A Client: an OAuth client (RFC 6749 §2) that the user keeps here.

use gatewright_protocol::ClientId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ClientRecordId, ProtocolSettings, Provider, ProviderId, dialect::ClientAuthentication};

/// Which server of a provider a client belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// The real provider.
    Production,
    /// The sandbox twin inside Gatewright.
    Sandbox,
}

/// Whose client it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ownership {
    /// Ours: can be edited, rotated and deleted.
    Owned,
    /// Somebody else's, handed to us: can be tested, not changed.
    Shared,
}

impl Ownership {
    /// Whether a client may be changed, rotated and deleted at its provider. One that is shared with us may only be tested.
    pub const fn may_change(self) -> bool {
        matches!(self, Self::Owned)
    }

    /// Whether its secret may be handed on. That of a client which was shared with us is its owner's to give.
    pub const fn may_hand_on_secret(self) -> bool {
        matches!(self, Self::Owned)
    }
}

/// An OAuth client that the user keeps here. Its secret, or the private key in its place, is not in here: see [`crate::SecretVersion`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Our record's id.
    pub id: ClientRecordId,
    /// The provider it is registered at.
    pub provider: ProviderId,
    /// Which server of that provider.
    pub environment: Environment,
    /// The name it has in the provider's form.
    pub name: String,
    /// The RFC's client identifier.
    pub client_id: ClientId,
    /// Registered redirect URIs, each exactly as registered; at least one.
    pub redirect_uris: Vec<String>,
    /// Whose it is.
    pub ownership: Ownership,
    /// Who owns it at the provider, in the user's words; at a sandbox twin the name of the sandbox user it was registered as.
    pub owner: String,
    /// The user's tag for the deployment it serves: "prod", "staging" …; may be empty.
    pub tag: String,
    /// The user's notes.
    pub notes: String,
    /// What its logins do otherwise than those of other clients of the provider.
    pub protocol_settings: ProtocolSettings,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Set while a deletion can still be undone: when it was asked for.
    pub deleted_at: Option<Timestamp>,
}

impl Client {
    /// How it authenticates at `provider`, its own: as its settings say, else as the provider's dialect does.
    pub fn authentication(&self, provider: &Provider) -> ClientAuthentication {
        self.protocol_settings.authentication(provider)
    }
}

/// What of a client decides where its secret and its tokens may be sent. A change of it asks for a new confirmation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretDestination {
    /// Base URL (issuer) of the authorization server; for a sandbox client the words `sandbox:` and the provider, because the port
    /// changes at every start.
    pub issuer: String,
    /// Token endpoint, or its path for a sandbox client; so are those below.
    pub token_endpoint: String,
    /// Where tokens are revoked, which gets tokens and secret as well.
    pub revocation_endpoint: Option<String>,
    /// Where the server says what a token is worth, which gets both as well.
    pub introspection_endpoint: Option<String>,
    /// Where an access token is turned into an identity, which gets the token.
    pub identity_endpoint: Option<String>,
    /// The client identifier as text.
    pub client_id: String,
    /// How the client authenticates.
    pub authentication: String,
}
