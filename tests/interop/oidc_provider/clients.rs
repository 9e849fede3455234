//! How clients prove themselves.

use gatewright_protocol::Secret;
use gatewright_protocol::http::BodyEncoding;
use gatewright_protocol::token::TokenRequest;

use crate::answers::{issued, refused};
use crate::by_hand::{ByHand, Proof};
use crate::stage::Stage;

const METHODS: [(&str, Proof); 5] = [
    ("native", Proof::Nothing),
    ("basic", Proof::Basic),
    ("post", Proof::Body),
    ("secret_jwt", Proof::SecretAssertion),
    ("key_jwt", Proof::KeyAssertion),
];

/// §1: `none`, `client_secret_basic`, `client_secret_post`, `client_secret_jwt` and `private_key_jwt` are all understood.
#[tokio::test]
async fn every_way_to_prove_a_client_is_accepted() {
    let stage = Stage::oidc_provider().await;
    for (name, proof) in METHODS {
        let hand = ByHand::client(&stage, name).await.proving_by(proof);
        let code = hand.code(&["openid"]).await;
        let tokens = issued(hand.exchange(&code).await);
        assert!(hand.takes(&tokens.access_token).await, "{name}");
    }
}

/// §1: header and body are one method to this server, whichever a client is registered with; a client that signs assertions must not
/// send what it signs them with.
#[tokio::test]
async fn a_client_that_signs_assertions_may_not_send_its_secret() {
    let stage = Stage::oidc_provider().await;
    for (name, proof) in [("basic", Proof::Body), ("post", Proof::Basic)] {
        let hand = ByHand::client(&stage, name).await.proving_by(proof);
        hand.log_in(&["openid"]).await;
    }
    for proof in [Proof::Basic, Proof::Body] {
        let hand = ByHand::client(&stage, "secret_jwt").await.proving_by(proof);
        let code = hand.code(&["openid"]).await;
        assert_eq!(refused(hand.exchange(&code).await), (401, "invalid_client".to_owned()), "{proof:?}");
    }
}

/// §1: an assertion that another secret has signed proves nothing.
#[tokio::test]
async fn an_assertion_by_another_secret_is_refused() {
    let stage = Stage::oidc_provider().await;
    let mut hand = ByHand::client(&stage, "secret_jwt").await.proving_by(Proof::SecretAssertion);
    let code = hand.code(&["openid"]).await;
    hand.secret = Some(Secret::new("another secret that is long enough for HS256"));
    assert_eq!(refused(hand.exchange(&code).await), (401, "invalid_client".to_owned()));
}

/// §1: an assertion is good for one request; the server remembers its `jti` (RFC 7523 §3).
#[tokio::test]
async fn an_assertion_that_is_sent_twice_is_refused() {
    let stage = Stage::oidc_provider().await;
    let hand = ByHand::client(&stage, "key_jwt").await.proving_by(Proof::KeyAssertion);
    let authentication = hand.authentication();
    let request = |code: &Secret| {
        TokenRequest::new(BodyEncoding::Form)
            .grant_type_authorization_code()
            .authenticate(&authentication)
            .code(code)
            .redirect_uri(&hand.redirect_uri)
            .code_verifier(&hand.verifier)
    };
    issued(hand.ask(request(&hand.code(&["openid"]).await)).await);
    let again = hand.ask(request(&hand.code(&["openid"]).await)).await;
    assert_eq!(refused(again), (401, "invalid_client".to_owned()));
}
