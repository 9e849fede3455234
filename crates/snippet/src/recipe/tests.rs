use gatewright_model::dialect::ClientAuthentication;
use gatewright_model::{Environment, Provider};
use gatewright_protocol::Secret;
use gatewright_protocol::jose::{SigningAlgorithm, SigningKey};

use super::*;
use crate::tests::{client_of, provider};
use crate::{Language, write};

/// The private key of RFC 8037 Appendix A.1, under a name.
const ED25519: &str = r#"{
    "kty": "OKP", "crv": "Ed25519", "kid": "desk",
    "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
}"#;

fn recipe(id: &str) -> Recipe {
    let provider = provider(id);
    let bases = provider.bases(Environment::Sandbox, Some("http://127.0.0.1:9"));
    Recipe::of(&client_of(&provider, "abc"), &provider, &bases, "https://app.example/cb", None).unwrap()
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
    let bases = provider.bases(Environment::Production, None);
    let mut client = client_of(&provider, "abc");
    let mut of = |way| {
        client.protocol_settings.client_authentication = Some(way);
        Recipe::of(&client, &provider, &bases, "https://app.example/cb", None)
    };
    let basic = of(ClientAuthentication::Basic).unwrap();
    assert!(
        basic.exchange.basic && !basic.sends(&Value::Secret) && !names(&basic.exchange.fields).contains(&"client_id")
    );
    assert!(!of(ClientAuthentication::None).unwrap().needs_secret());
    assert!(!of(ClientAuthentication::PrivateKeyJwt).unwrap().needs_secret());
}

#[test]
fn an_assertion_takes_the_place_of_the_secret_and_is_written_in_every_language() {
    let provider = provider("chaster");
    let bases = provider.bases(Environment::Production, None);
    let mut client = client_of(&provider, "abc");
    client.protocol_settings.client_authentication = Some(ClientAuthentication::ClientSecretJwt);
    client.protocol_settings.assertion_signing_alg = Some(SigningAlgorithm::Hs384);
    let recipe = Recipe::of(&client, &provider, &bases, "https://app.example/cb", None).unwrap();
    assert!(recipe.needs_secret() && !recipe.sends(&Value::Secret) && recipe.sends(&Value::Assertion));
    let assertion = recipe.exchange.assertion.clone().unwrap();
    assert_eq!((&assertion.audience, assertion.bits()), (&recipe.exchange.endpoint, 384));
    for language in Language::ALL {
        let program = write(&recipe, language);
        assert!(program.text.contains("HS384"), "{}", program.text);
    }
}

/// What a client of this provider signs whose private key is this one, and which is registered for this algorithm.
fn signed(provider: &Provider, key: Option<&SigningKey>, algorithm: Option<SigningAlgorithm>) -> Recipe {
    let bases = provider.bases(Environment::Production, None);
    let mut client = client_of(provider, "abc");
    client.protocol_settings.client_authentication = Some(ClientAuthentication::PrivateKeyJwt);
    client.protocol_settings.assertion_signing_alg = algorithm;
    Recipe::of(&client, provider, &bases, "https://app.example/cb", key).unwrap()
}

#[test]
fn a_private_key_signs_with_every_algorithm_in_every_language() {
    let chaster = provider("chaster");
    for algorithm in SigningAlgorithm::ALL.into_iter().filter(|algorithm| !algorithm.is_symmetric()) {
        let recipe = signed(&chaster, None, Some(algorithm));
        for language in Language::ALL {
            let program = write(&recipe, language);
            assert!(program.text.contains(&format!("\"{algorithm}\"")), "{}", program.text);
            assert!(program.text.contains("CLIENT_KEY_FILE") && program.run.contains("CLIENT_KEY_FILE="));
            assert!(!program.text.contains("CLIENT_SECRET") && !program.run.contains("CLIENT_SECRET"));
        }
    }
}

#[test]
fn the_algorithm_is_the_registered_one_else_one_that_the_key_can_do_and_the_provider_takes() {
    let mut chaster = provider("chaster");
    let key = SigningKey::parse(&Secret::new(ED25519)).unwrap();
    let chosen = |provider: &Provider, key, registered| {
        signed(provider, key, registered).exchange.assertion.map(|assertion| assertion.algorithm)
    };
    assert_eq!(chosen(&chaster, Some(&key), None), Some(SigningAlgorithm::EdDsa));
    assert_eq!(chosen(&chaster, None, None), Some(SigningAlgorithm::Rs256), "most keys are of RSA");
    assert_eq!(chosen(&chaster, None, Some(SigningAlgorithm::Es384)), Some(SigningAlgorithm::Es384));
    let taken = chaster.dialect.token_request.assertion_signing_algorithms.as_mut().unwrap();
    taken.value = vec!["HS256".to_owned(), "PS512".to_owned()];
    assert_eq!(chosen(&chaster, None, None), Some(SigningAlgorithm::Ps512));
    assert_eq!(chosen(&chaster, Some(&key), None), Some(SigningAlgorithm::EdDsa), "the key can do nothing else");
}

#[test]
fn of_a_private_key_a_program_has_the_name_alone() {
    let key = SigningKey::parse(&Secret::new(ED25519)).unwrap();
    let recipe = signed(&provider("chaster"), Some(&key), None);
    for language in Language::ALL {
        let program = write(&recipe, language).text;
        assert!(program.contains("kid") && program.contains("\"desk\""), "{program}");
        assert!(!program.contains("nWGxne") && !program.contains("11qYAY"), "{program}");
    }
}

#[test]
fn an_identity_from_the_id_token_asks_for_a_nonce() {
    let mut provider = provider("chaster");
    provider.endpoints.identity = None;
    let bases = provider.bases(Environment::Production, None);
    let recipe = Recipe::of(&client_of(&provider, "abc"), &provider, &bases, "https://app.example/cb", None).unwrap();
    assert!(matches!(recipe.identity.source, Source::IdToken(_)));
    assert!(recipe.sends(&Value::Nonce));
}

#[test]
fn an_address_that_is_none_is_refused() {
    let mut provider = provider("chattz");
    provider.endpoints.token.value = "ftp://elsewhere.example/token".to_owned();
    let bases = provider.bases(Environment::Production, None);
    let refused = Recipe::of(&client_of(&provider, "abc"), &provider, &bases, "https://app.example/cb", None);
    assert_eq!(refused.unwrap_err(), RecipeError::NoAddress(Endpoint::Token));
}
