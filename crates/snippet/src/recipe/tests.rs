use gatewright_model::dialect::ClientAuthentication;

use super::*;
use crate::tests::{client_of, provider};

fn recipe(id: &str) -> Recipe {
    let provider = provider(id);
    let bases = provider.bases(gatewright_model::Environment::Sandbox, Some("http://127.0.0.1:9"));
    Recipe::of(&client_of(&provider, "abc"), &provider, &bases, "https://app.example/cb").unwrap()
}

fn names(parameters: &[Parameter]) -> Vec<&str> {
    parameters.iter().map(|parameter| parameter.name.as_str()).collect()
}

#[test]
fn each_provider_gets_the_fields_of_its_dialect_and_no_others() {
    let fields = |id| recipe(id).exchange.fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>();
    assert_eq!(fields("chattr"), ["client_id", "client_secret", "code", "redirect_uri"]);
    assert_eq!(fields("contentdb"), ["grant_type", "client_id", "client_secret", "code"]);
    assert_eq!(
        fields("chaster"),
        ["grant_type", "client_id", "client_secret", "code", "redirect_uri", "code_verifier"]
    );
}

#[test]
fn the_authorization_request_has_what_the_dialect_wants() {
    assert_eq!(names(&recipe("chattr").authorization.parameters), ["client_id", "redirect_uri", "state"]);
    assert_eq!(
        names(&recipe("chaster").authorization.parameters),
        ["client_id", "response_type", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method"]
    );
    assert_eq!(recipe("contentdb").authorization.endpoint, "http://127.0.0.1:9/contentdb/oauth/authorize/");
}

#[test]
fn a_secret_goes_into_the_body_or_the_header_and_never_both() {
    let provider = provider("chaster");
    let bases = provider.bases(gatewright_model::Environment::Production, None);
    let mut client = client_of(&provider, "abc");
    let mut of = |way| {
        client.protocol_settings.client_authentication = Some(way);
        Recipe::of(&client, &provider, &bases, "https://app.example/cb")
    };
    let basic = of(ClientAuthentication::Basic).unwrap();
    assert!(
        basic.exchange.basic && !basic.sends(&Value::Secret) && !names(&basic.exchange.fields).contains(&"client_id")
    );
    assert!(!of(ClientAuthentication::None).unwrap().needs_secret());
    assert_eq!(of(ClientAuthentication::PrivateKeyJwt).unwrap_err(), RecipeError::PrivateKey);
}

#[test]
fn an_assertion_takes_the_place_of_the_secret_and_is_written_in_every_language_that_keeps_it() {
    let provider = provider("chaster");
    let bases = provider.bases(gatewright_model::Environment::Production, None);
    let mut client = client_of(&provider, "abc");
    client.protocol_settings.client_authentication = Some(ClientAuthentication::ClientSecretJwt);
    client.protocol_settings.assertion_signing_alg = Some(gatewright_protocol::jose::SigningAlgorithm::Hs384);
    let recipe = Recipe::of(&client, &provider, &bases, "https://app.example/cb").unwrap();
    assert!(recipe.needs_secret() && !recipe.sends(&Value::Secret) && recipe.sends(&Value::Assertion));
    let assertion = recipe.exchange.assertion.clone().unwrap();
    assert_eq!((assertion.audience, assertion.bits), (recipe.exchange.endpoint.clone(), 384));
    for language in crate::Language::ALL {
        match crate::write(&recipe, language) {
            Ok(program) => assert!(program.text.contains("HS384"), "{}", program.text),
            Err(error) => assert_eq!((language, error), (crate::Language::Curl, RecipeError::OpenSecret("cURL"))),
        }
    }
}

#[test]
fn an_identity_from_the_id_token_asks_for_a_nonce() {
    let mut provider = provider("chaster");
    provider.endpoints.identity = None;
    let bases = provider.bases(gatewright_model::Environment::Production, None);
    let recipe = Recipe::of(&client_of(&provider, "abc"), &provider, &bases, "https://app.example/cb").unwrap();
    assert!(matches!(recipe.identity.source, Source::IdToken(_)));
    assert!(recipe.sends(&Value::Nonce));
}

#[test]
fn an_address_that_is_none_is_refused() {
    let mut provider = provider("chattz");
    provider.endpoints.token.value = "ftp://elsewhere.example/token".to_owned();
    let bases = provider.bases(gatewright_model::Environment::Production, None);
    let refused = Recipe::of(&client_of(&provider, "abc"), &provider, &bases, "https://app.example/cb");
    assert_eq!(refused.unwrap_err(), RecipeError::NoAddress(Endpoint::Token));
}
