use gatewright_protocol::authorization::ResponseMode;
use gatewright_protocol::metadata::{DocumentKind, Issuer, Metadata};
use serde_json::{Value, json};

use crate::{
    Environment, Mark, Provider, ProviderId,
    dialect::{ClientAuthentication, IdentitySource, Presence, RevocationWay},
    provider::Endpoint,
};

/// What an OpenID provider has to say and nothing more, with `more` put in; a member that is null is taken away.
fn metadata(kind: DocumentKind, more: &Value) -> Metadata {
    let mut document = json!({
        "issuer": "https://id.example.org/",
        "authorization_endpoint": "https://id.example.org/authorize",
        "token_endpoint": "https://tokens.example.org/oauth/token/",
        "jwks_uri": "https://id.example.org/keys",
        "id_token_signing_alg_values_supported": ["RS256", "ES256"],
    });
    let members = document.as_object_mut().unwrap();
    for (name, value) in more.as_object().unwrap() {
        members.insert(name.clone(), value.clone());
    }
    members.retain(|_, value| !value.is_null());
    let issuer = Issuer::parse(document["issuer"].as_str().unwrap()).unwrap();
    Metadata::parse(&document.to_string(), &issuer, kind).unwrap()
}

#[expect(clippy::needless_pass_by_value, reason = "made for json!")]
fn made_from(more: Value) -> Provider {
    Provider::discovered(ProviderId::new("mine"), "Mine", &metadata(DocumentKind::OpenId, &more))
}

/// A profile that was made has to be one that could have been written.
fn written_and_read(provider: &Provider) {
    assert_eq!(Provider::from_toml(&provider.to_toml().unwrap()), Ok(provider.clone()));
}

#[test]
fn what_the_document_says_is_observed_in_the_member_it_stands_in() {
    let provider = made_from(json!({}));
    assert_eq!(provider.endpoints.token.mark, Mark::Observed);
    assert_eq!(provider.endpoints.token.place.as_deref(), Some("Discovery document, token_endpoint"));
    assert_eq!(provider.dialect.token_request.client_authentication.mark, Mark::Unknown);
    let openid = provider.openid.as_ref().unwrap();
    assert_eq!(openid.id_token_signing_algorithms.value, ["RS256", "ES256"]);
    written_and_read(&provider);
}

#[test]
fn issuer_and_addresses_are_kept_letter_by_letter() {
    let provider = made_from(json!({}));
    let bases = provider.bases(Environment::Production, None);
    assert_eq!(bases.issuer(), "https://id.example.org/");
    assert_eq!(provider.address(Endpoint::Token, &bases).as_deref(), Some("https://tokens.example.org/oauth/token/"));
    assert_eq!(provider.address(Endpoint::Introspection, &bases), None);
    let bases = made_from(json!({ "issuer": "https://id.example.org/realm" })).bases(Environment::Production, None);
    assert_eq!((bases.issuer(), bases.issuer.as_deref()), ("https://id.example.org/realm", None));
}

#[test]
fn a_silent_document_is_filled_in_as_the_standards_say() {
    let provider = made_from(json!({}));
    let dialect = &provider.dialect;
    assert_eq!(dialect.token_request.client_authentication.value, ClientAuthentication::Basic);
    assert_eq!(dialect.authorization.pkce.value, Presence::Optional);
    assert_eq!(dialect.authorization.scopes.value, ["openid"]);
    assert_eq!(dialect.authorization.default_scopes.value, ["openid"]);
    assert_eq!(dialect.authorization.response_mode, None);
    assert!(!dialect.authorization.issuer_returned.as_ref().unwrap().value);
    assert_eq!(dialect.identity.source.value, IdentitySource::IdToken);
    assert_eq!(dialect.tokens.revocation.value, RevocationWay::None);
    assert!(!dialect.tokens.refresh.value);
}

#[test]
fn a_talkative_document_is_followed() {
    let provider = made_from(json!({
        "userinfo_endpoint": "https://id.example.org/me",
        "revocation_endpoint": "https://id.example.org/revoke",
        "introspection_endpoint": "https://id.example.org/introspect",
        "end_session_endpoint": "https://id.example.org/end",
        "registration_endpoint": "https://id.example.org/register",
        "scopes_supported": ["email", "offline_access", "openid", "not one", "email"],
        "response_modes_supported": ["form_post", "fragment"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["plain"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt", "tls_client_auth", "client_secret_post"],
        "token_endpoint_auth_signing_alg_values_supported": ["PS256"],
        "userinfo_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["sub", "name"],
        "acr_values_supported": ["urn:mace:incommon:iap:silver"],
        "authorization_response_iss_parameter_supported": true,
    }));
    let (authorization, token_request) = (&provider.dialect.authorization, &provider.dialect.token_request);
    assert_eq!(authorization.scopes.value, ["email", "offline_access", "openid"]);
    assert_eq!(authorization.default_scopes.value, ["openid", "email"]);
    assert_eq!(authorization.pkce.value, Presence::Absent, "we send S256 only");
    assert_eq!(authorization.response_mode.as_ref().unwrap().value, ResponseMode::FormPost);
    assert!(authorization.issuer_returned.as_ref().unwrap().value);
    assert_eq!(token_request.client_authentication.value, ClientAuthentication::Body);
    assert_eq!(
        token_request.accepted_client_authentications.as_ref().unwrap().value,
        [ClientAuthentication::Body, ClientAuthentication::PrivateKeyJwt]
    );
    assert_eq!(provider.dialect.identity.source.value, IdentitySource::Endpoint);
    assert_eq!(provider.dialect.identity.display_name.as_ref().unwrap().value, "/name");
    assert_eq!(provider.dialect.tokens.revocation.value, RevocationWay::Rfc7009);
    assert!(provider.dialect.tokens.refresh.value && provider.client_form.api.value);
    assert!(Endpoint::ALL.iter().all(|&one| provider.endpoints.get(one).is_some() != (one == Endpoint::Discovery)));
    written_and_read(&provider);
}

#[test]
fn only_a_known_way_to_authenticate_is_chosen() {
    let only = |way: &str| {
        let provider = made_from(json!({ "token_endpoint_auth_methods_supported": [way] }));
        written_and_read(&provider);
        provider.dialect.token_request.client_authentication
    };
    assert_eq!(only("none").value, ClientAuthentication::None);
    assert_eq!(only("client_secret_jwt").value, ClientAuthentication::ClientSecretJwt);
    let unknown = only("tls_client_auth");
    assert_eq!((unknown.value, unknown.mark), (ClientAuthentication::Basic, Mark::Unknown));
}

#[test]
fn an_authorization_server_without_openid_gives_tokens_and_no_identity() {
    let less = json!({ "id_token_signing_alg_values_supported": null, "jwks_uri": null });
    let provider = Provider::discovered(ProviderId::new("mine"), "Mine", &metadata(DocumentKind::OAuth, &less));
    assert_eq!(provider.openid, None);
    assert!(!provider.dialect.authorization.openid.value);
    assert_eq!(provider.dialect.identity.source.value, IdentitySource::Nowhere);
    written_and_read(&provider);
}

#[test]
fn from_the_sandbox_nothing_is_sent_to_the_real_server() {
    let provider = made_from(json!({}));
    let bases = provider.bases(Environment::Sandbox, Some("http://127.0.0.1:7"));
    assert_eq!(bases.authorization, "http://127.0.0.1:7/mine");
    for endpoint in Endpoint::ALL {
        assert_eq!(provider.address(endpoint, &bases), None);
    }
}
