//! The programs of a client's page. That they run is proved in `tests/snippets`.

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
