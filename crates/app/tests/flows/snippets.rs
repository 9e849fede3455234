//! The programs of a client's page. That they run is proved in `tests/snippets`.

use gatewright_contract::client::{ClientEnter, Environment, Ownership};
use gatewright_contract::protocol::{ClientAuthentication, SigningAlgorithm};
use gatewright_contract::secret::SecretRef;
use gatewright_contract::snippet::{SnippetLanguage, SnippetWish};
use gatewright_contract::{FailureCode, Handler};

use crate::stage::Stage;

const REDIRECT_URI: &str = "https://app.example.org/callback";

fn wish(client: &str, redirect_uri: Option<&str>) -> SnippetWish {
    SnippetWish {
        client: client.to_owned(),
        language: SnippetLanguage::Python,
        redirect_uri: redirect_uri.map(str::to_owned),
    }
}

#[tokio::test]
async fn a_program_has_the_addresses_of_the_twin_and_no_secret() {
    let stage = Stage::new().await;
    let client = stage.register("chattr", REDIRECT_URI).await;
    let snippet = stage.app.client_snippet(wish(&client.row.id, None)).await.unwrap();
    let base = client.base_url.unwrap();
    assert!(snippet.text.contains(&format!("{base}/oauth/authorize")), "{}", snippet.text);
    assert!(snippet.text.contains(&format!("CLIENT_ID = {}\n", client.row.client_id)), "a number without quotes");
    assert_eq!((snippet.file_name.as_str(), snippet.redirect_uri.as_str()), ("login.py", REDIRECT_URI));
    let secret = SecretRef { client: client.row.id, confirmed: true };
    let secret = stage.app.secret_reveal(secret).await.unwrap().value;
    assert!(!snippet.text.contains(&secret) && !snippet.run.contains(&secret));
}

#[tokio::test]
async fn a_program_signs_as_the_private_key_of_its_client_can_and_has_nothing_but_its_name() {
    let stage = Stage::new().await;
    let client = enter_with_key(&stage, None).await;
    let snippet = stage.app.client_snippet(wish(&client, None)).await.unwrap();
    assert!(snippet.text.contains(r#""alg": "EdDSA", "typ": "JWT", "kid": "desk""#), "{}", snippet.text);
    assert!(snippet.run.contains("CLIENT_KEY_FILE=") && !snippet.text.contains("CLIENT_SECRET"));
    assert!(!snippet.text.contains("nWGxne") && !snippet.text.contains("11qYAY"), "{}", snippet.text);
}

#[tokio::test]
async fn a_program_signs_as_its_client_is_registered_also_where_its_language_has_no_such_signature() {
    let stage = Stage::new().await;
    let client = enter_with_key(&stage, Some(SigningAlgorithm::Ps256)).await;
    let in_php = SnippetWish { language: SnippetLanguage::Php, ..wish(&client, None) };
    let text = stage.app.client_snippet(in_php).await.unwrap().text;
    assert!(text.contains("signWithPss($unsigned, $key, \"sha256\")"), "{text}");
}

/// A client that signs with the private key of RFC 8037 Appendix A.1; its record id.
async fn enter_with_key(stage: &Stage, algorithm: Option<SigningAlgorithm>) -> String {
    let registered = stage.register("chaster", REDIRECT_URI).await;
    let mut protocol = registered.protocol;
    protocol.client_authentication = Some(ClientAuthentication::PrivateKeyJwt);
    protocol.assertion_signing_alg = algorithm;
    let key = r#"{
        "kty": "OKP", "crv": "Ed25519", "kid": "desk",
        "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    }"#;
    let request = ClientEnter {
        provider: "chaster".to_owned(),
        environment: Environment::Sandbox,
        name: "Desk".to_owned(),
        client_id: "desk-client".to_owned(),
        secret: Some(key.to_owned()),
        redirect_uris: vec![REDIRECT_URI.to_owned()],
        ownership: Ownership::Owned,
        owner: "Ada".to_owned(),
        tag: String::new(),
        notes: String::new(),
        protocol: Some(protocol),
    };
    stage.app.client_enter(request).await.unwrap().row.id
}

#[tokio::test]
async fn a_program_is_written_for_a_redirect_uri_of_the_client_only() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", REDIRECT_URI).await;
    let refused = stage.app.client_snippet(wish(&client.row.id, Some("https://elsewhere.example/"))).await;
    assert_eq!(refused.unwrap_err().code, FailureCode::NotFound);
}

#[tokio::test]
async fn there_is_no_program_while_the_sandbox_is_off() {
    let stage = Stage::new().await;
    let client = stage.register("gitter", REDIRECT_URI).await;
    stage.app.sandbox_stop(gatewright_contract::app::Nothing {}).await.unwrap();
    let refused = stage.app.client_snippet(wish(&client.row.id, None)).await;
    assert_eq!(refused.unwrap_err().code, FailureCode::SandboxOff);
}
