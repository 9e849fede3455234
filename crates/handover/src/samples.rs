//! A client for the tests.

use gatewright_model::dialect::ClientAuthentication;
use gatewright_model::protocol_settings::CustomParameter;
use gatewright_model::{Environment, ProtocolSettings, ProviderId};

use crate::HandedClient;

/// A client with something in every field.
pub(crate) fn client() -> HandedClient {
    HandedClient {
        provider: ProviderId::new("chattz"),
        environment: Environment::Production,
        name: "My Website Login".to_owned(),
        client_id: "abc123".to_owned(),
        redirect_uris: vec!["https://example.com/callback".to_owned(), "http://127.0.0.1:8080/cb".to_owned()],
        owner: "Olivia".to_owned(),
        tag: "prod".to_owned(),
        notes: "Deployed on the new machine.\nAsk Theo.".to_owned(),
        protocol: ProtocolSettings {
            client_authentication: Some(ClientAuthentication::Basic),
            token_parameters: vec![CustomParameter { name: "audience".to_owned(), value: "api".to_owned() }],
            ..ProtocolSettings::default()
        },
    }
}
