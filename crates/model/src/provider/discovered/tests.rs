use super::IssuerMetadata;
use crate::{
    Environment, Mark, Provider, ProviderId,
    dialect::{ClientAuthentication, IdentitySource, Presence, ResponseMode, RevocationWay},
    provider::Endpoint,
};

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

/// What an OpenID provider has to say and nothing more.
fn least() -> IssuerMetadata {
    IssuerMetadata {
        issuer: "https://id.example.org/".to_owned(),
        authorization_endpoint: "https://id.example.org/authorize".to_owned(),
        token_endpoint: "https://tokens.example.org/oauth/token/".to_owned(),
        jwks_uri: Some("https://id.example.org/keys".to_owned()),
        id_token_signing_alg_values_supported: Some(words(&["RS256", "ES256"])),
        ..IssuerMetadata::default()
    }
}

fn made_from(metadata: &IssuerMetadata) -> Provider {
    Provider::discovered(ProviderId::new("mine"), "Mine", metadata)
}

/// A profile that was made has to be one that could have been written.
fn written_and_read(provider: &Provider) {
    assert_eq!(Provider::from_toml(&provider.to_toml().unwrap()), Ok(provider.clone()));
}

#[test]
fn what_the_document_says_is_observed_in_the_member_it_stands_in() {
    let provider = made_from(&least());
    assert_eq!(provider.endpoints.token.mark, Mark::Observed);
    assert_eq!(provider.endpoints.token.place.as_deref(), Some("Discovery document, token_endpoint"));
    assert_eq!(provider.dialect.token_request.client_authentication.mark, Mark::Unknown);
    let openid = provider.openid.as_ref().unwrap();
    assert_eq!(openid.id_token_signing_algorithms.value, ["RS256", "ES256"]);
    written_and_read(&provider);
}

#[test]
fn issuer_and_addresses_are_kept_letter_by_letter() {
    let provider = made_from(&least());
    let bases = provider.bases(Environment::Production, None);
    assert_eq!(bases.issuer(), "https://id.example.org/");
    assert_eq!(provider.address(Endpoint::Token, &bases).as_deref(), Some("https://tokens.example.org/oauth/token/"));
    assert_eq!(provider.address(Endpoint::Introspection, &bases), None);
    let without_slash = IssuerMetadata { issuer: "https://id.example.org/realm".to_owned(), ..least() };
    let bases = made_from(&without_slash).bases(Environment::Production, None);
    assert_eq!((bases.issuer(), bases.issuer.as_deref()), ("https://id.example.org/realm", None));
}

#[test]
fn a_silent_document_is_filled_in_as_the_standards_say() {
    let provider = made_from(&least());
    let dialect = &provider.dialect;
    assert_eq!(dialect.token_request.client_authentication.value, ClientAuthentication::Basic);
    assert_eq!(dialect.authorization.pkce.value, Presence::Optional);
    assert_eq!(dialect.authorization.scopes.value, ["openid"]);
    assert_eq!(dialect.authorization.default_scopes.value, ["openid"]);
    assert_eq!(dialect.authorization.response_mode, None);
    assert_eq!(dialect.identity.source.value, IdentitySource::IdToken);
    assert_eq!(dialect.tokens.revocation.value, RevocationWay::None);
    assert!(!dialect.tokens.refresh.value);
}

#[test]
fn a_talkative_document_is_followed() {
    let metadata = IssuerMetadata {
        userinfo_endpoint: Some("https://id.example.org/me".to_owned()),
        revocation_endpoint: Some("https://id.example.org/revoke".to_owned()),
        introspection_endpoint: Some("https://id.example.org/introspect".to_owned()),
        end_session_endpoint: Some("https://id.example.org/end".to_owned()),
        registration_endpoint: Some("https://id.example.org/register".to_owned()),
        scopes_supported: Some(words(&["email", "offline_access", "openid", "not one", "email"])),
        response_modes_supported: Some(words(&["form_post", "fragment"])),
        grant_types_supported: Some(words(&["authorization_code", "refresh_token"])),
        code_challenge_methods_supported: Some(words(&["plain"])),
        token_endpoint_auth_methods_supported: Some(words(&[
            "private_key_jwt",
            "tls_client_auth",
            "client_secret_post",
        ])),
        token_endpoint_auth_signing_alg_values_supported: Some(words(&["PS256"])),
        userinfo_signing_alg_values_supported: Some(words(&["RS256"])),
        claims_supported: Some(words(&["sub", "name"])),
        acr_values_supported: Some(words(&["urn:mace:incommon:iap:silver"])),
        authorization_response_iss_parameter_supported: Some(true),
        ..least()
    };
    let provider = made_from(&metadata);
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
        let metadata = IssuerMetadata { token_endpoint_auth_methods_supported: Some(words(&[way])), ..least() };
        let provider = made_from(&metadata);
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
    let metadata = IssuerMetadata { id_token_signing_alg_values_supported: None, jwks_uri: None, ..least() };
    let provider = made_from(&metadata);
    assert_eq!(provider.openid, None);
    assert!(!provider.dialect.authorization.openid.value);
    assert_eq!(provider.dialect.identity.source.value, IdentitySource::Nowhere);
    written_and_read(&provider);
}

#[test]
fn from_the_sandbox_nothing_is_sent_to_the_real_server() {
    let provider = made_from(&least());
    let bases = provider.bases(Environment::Sandbox, Some("http://127.0.0.1:7"));
    assert_eq!(bases.authorization, "http://127.0.0.1:7/mine");
    for endpoint in Endpoint::ALL {
        assert_eq!(provider.address(endpoint, &bases), None);
    }
}
