use gatewright_protocol::authorization::Prompt;
use gatewright_protocol::jose::SigningAlgorithm;

use super::{Code, FindingLevel, Secret, check_draft, good_draft, only, provider};
use crate::{
    ProtocolSettings,
    client_rules::{DraftField, Finding, check_protocol_settings},
    dialect::ClientAuthentication,
    protocol_settings::CustomParameter,
};

fn check(provider_name: &str, settings: &ProtocolSettings) -> Vec<Finding> {
    check_protocol_settings(&provider(provider_name), settings)
}

fn named(name: &str) -> CustomParameter {
    CustomParameter { name: name.to_owned(), value: "x".to_owned() }
}

#[test]
fn nothing_is_said_of_settings_that_change_nothing_or_that_are_right() {
    assert_eq!(check("ContentDB", &ProtocolSettings::default()), []);
    let settings = ProtocolSettings {
        authorization_parameters: vec![named("ui_locales"), named("resource"), named("resource")],
        refresh_parameters: vec![named("audience")],
        client_authentication: Some(ClientAuthentication::PrivateKeyJwt),
        assertion_signing_alg: Some(SigningAlgorithm::Es256),
        id_token_signed_response_alg: Some(SigningAlgorithm::Hs256),
        hmac_allowed: true,
        trusted_audiences: vec!["account".to_owned()],
        acr_values: vec!["1".to_owned()],
        acr_essential: true,
        post_logout_redirect_uri: Some("http://127.0.0.1:8400/goodbye".to_owned()),
        ..ProtocolSettings::default()
    };
    assert_eq!(check("Chaster", &settings), []);
}

#[test]
fn what_gatewright_sends_itself_cannot_be_sent_once_more() {
    let place = |authorization: &[&str], token: &[&str], refresh: &[&str]| {
        let list = |names: &[&str]| names.iter().map(|name| named(name)).collect();
        let settings = ProtocolSettings {
            authorization_parameters: list(authorization),
            token_parameters: list(token),
            refresh_parameters: list(refresh),
            ..ProtocolSettings::default()
        };
        let finding = only(check("Chaster", &settings));
        (finding.field, finding.code, finding.level)
    };
    let error = FindingLevel::Error;
    assert_eq!(
        place(&["a", "state"], &[], &[]),
        (DraftField::AuthorizationParameter(1), Code::ParameterReserved, error)
    );
    assert_eq!(place(&[], &["code"], &[]), (DraftField::TokenParameter(0), Code::ParameterReserved, error));
    assert_eq!(place(&[], &[], &["refresh_token"]), (DraftField::RefreshParameter(0), Code::ParameterReserved, error));
    assert_eq!(place(&[""], &[], &[]), (DraftField::AuthorizationParameter(0), Code::ParameterNameEmpty, error));
    assert_eq!(place(&[], &["a b"], &[]), (DraftField::TokenParameter(0), Code::ParameterNameMalformed, error));
    assert_eq!(place(&["a", "a"], &[], &[]), (DraftField::AuthorizationParameter(1), Code::ParameterRepeated, error));
}

#[test]
fn an_algorithm_has_to_fit_the_key() {
    let assertion = |way, algorithm| {
        let settings = ProtocolSettings {
            client_authentication: Some(way),
            assertion_signing_alg: Some(algorithm),
            ..ProtocolSettings::default()
        };
        only(check("Chaster", &settings)).code
    };
    assert_eq!(assertion(ClientAuthentication::PrivateKeyJwt, SigningAlgorithm::Hs256), Code::AlgorithmUnfitting);
    assert_eq!(assertion(ClientAuthentication::ClientSecretJwt, SigningAlgorithm::Rs256), Code::AlgorithmUnfitting);
}

#[test]
fn id_tokens_that_a_holder_of_the_secret_could_make_have_to_be_allowed() {
    let id_token_signed_response_alg = Some(SigningAlgorithm::Hs512);
    let settings = ProtocolSettings { id_token_signed_response_alg, ..ProtocolSettings::default() };
    let finding = only(check("Chaster", &settings));
    assert_eq!((finding.code, finding.level), (Code::HmacNotAllowed, FindingLevel::Error));
    assert_eq!(check("Chaster", &ProtocolSettings { hmac_allowed: true, ..settings }), []);
}

#[test]
fn a_way_to_authenticate_the_provider_does_not_name_is_doubted_and_an_impossible_one_refused() {
    let way = |provider, way| {
        let settings = ProtocolSettings { client_authentication: Some(way), ..ProtocolSettings::default() };
        only(check(provider, &settings))
    };
    assert_eq!(way("Chaster", ClientAuthentication::None).code, Code::AuthenticationNotAccepted);
    assert_eq!(way("Chattr", ClientAuthentication::PrivateKeyJwt).code, Code::AssertionNotInForm);
}

#[test]
fn lists_and_addresses_have_to_have_their_form() {
    let codes = |settings: ProtocolSettings| {
        check("Chaster", &settings).into_iter().map(|finding| finding.code).collect::<Vec<_>>()
    };
    let settings = ProtocolSettings {
        trusted_audiences: vec![String::new()],
        acr_values: vec!["a b".to_owned()],
        post_logout_redirect_uri: Some("goodbye".to_owned()),
        ..ProtocolSettings::default()
    };
    assert_eq!(
        codes(settings),
        [Code::TrustedAudienceEmpty, Code::AcrValueMalformed, Code::PostLogoutRedirectUriMalformed]
    );
    let prompt = vec![Prompt::None, Prompt::Login];
    assert_eq!(codes(ProtocolSettings { prompt, ..ProtocolSettings::default() }), [Code::PromptNoneNotAlone]);
    let prompt = vec![Prompt::None];
    assert_eq!(codes(ProtocolSettings { prompt, ..ProtocolSettings::default() }), []);
    assert_eq!(codes(ProtocolSettings { acr_essential: true, ..ProtocolSettings::default() }), [Code::AcrValueMissing]);
}

const PEM: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n";

#[test]
fn with_private_key_jwt_a_private_key_stands_in_the_place_of_the_secret() {
    let provider = provider("Chaster");
    let codes = |key: &str| {
        let mut draft = good_draft(&provider);
        draft.client_authentication = Some(ClientAuthentication::PrivateKeyJwt);
        draft.secret = Some(Secret::new(key));
        let findings = check_draft(&provider, &draft);
        assert!(findings.iter().all(|finding| finding.field == DraftField::Secret && finding.fix.is_none()));
        findings.into_iter().map(|finding| finding.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(PEM), []);
    assert_eq!(codes(&PEM.replace("PRIVATE", "EC PRIVATE")), []);
    assert_eq!(codes(r#"{"kty":"OKP","crv":"Ed25519","d":"AA","x":"AA"}"#), []);
    assert_eq!(codes(&PEM.replace("PRIVATE", "PUBLIC")), [Code::PrivateKeyIsPublic]);
    assert_eq!(codes(&PEM.replace("PRIVATE", "ENCRYPTED PRIVATE")), [Code::PrivateKeyEncrypted]);
    assert_eq!(codes(r#"{"kty":"OKP","crv":"Ed25519","x":"AA"}"#), [Code::PrivateKeyIsPublic]);
    for broken in ["k3yS4ltPepp3rMint0000", "-----BEGIN PRIVATE KEY-----", "{", r#"{"keys":[]}"#, r#"{"d":"AA"}"#] {
        assert_eq!(codes(broken), [Code::PrivateKeyMalformed], "{broken}");
    }
    assert_eq!(codes(" "), [Code::SecretEmpty]);
}
