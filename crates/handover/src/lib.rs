//! What clients look like outside Gatewright.
//!
//! | module | format | secrets |
//! | --- | --- | --- |
//! | [`plain`] | one TOML file for each client, made for a git folder | never |
//! | [`parcel`] | clients with their secrets, encrypted with age | encrypted |
//! | [`backup`] | the whole database, every entry of the keyring and pictures, encrypted with age | encrypted |
//! | [`foreign`] | files of Keycloak, Google, Postman, Insomnia and Bruno, and `.env` | as they are |
//!
//! Nothing here opens a file: text and bytes come in and go out. Every reader takes input from strangers, so each has a limit and none
//! panics.

pub mod backup;
pub mod foreign;
pub mod parcel;
pub mod plain;
pub mod sealed;

use gatewright_model::{Environment, ProtocolSettings, ProviderId};
use serde::{Deserialize, Serialize};

/// A client as it is handed on: what somebody else needs to know of it, and nothing of a secret. The order of the fields is the order in
/// a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandedClient {
    /// The provider, by the id of its profile.
    pub provider: ProviderId,
    /// Which server of it.
    pub environment: Environment,
    /// The name it has in the provider's form.
    pub name: String,
    /// The RFC's client identifier as text; its JSON type follows from the provider.
    pub client_id: String,
    /// Registered redirect URIs, each exactly as registered.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// Who owns it at the provider.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub owner: String,
    /// The deployment it serves.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tag: String,
    /// Notes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
    /// What its logins do otherwise than those of other clients.
    #[serde(default, skip_serializing_if = "ProtocolSettings::is_default")]
    pub protocol: ProtocolSettings,
}

#[cfg(test)]
mod samples;
