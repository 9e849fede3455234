//! Logins that go well, that a person ends, and that the server refuses.

use gatewright_model::dialect::ClientAuthentication;
use gatewright_model::run::EndReason;
use gatewright_protocol::authorization::{AuthorizationResponse, ResponseMode};
use gatewright_protocol::{RedirectUri, Secret};

use crate::answers::{granted, issued, refused, sent_back};
use crate::by_hand::{ByHand, verifier};
use crate::person::{Decision, Page};
use crate::stage::{Stage, assert_logged_in, ending};

/// §1: a native client gets its consent page at any port of 127.0.0.1, redirects are 303, the ID token has no claims beyond `sub`.
#[tokio::test]
async fn a_native_client_logs_in_with_pkce_alone() {
    let stage = Stage::oidc_provider().await;
    let plan = stage.plan("native", ClientAuthentication::None);
    let end = stage.log_in(&plan, stage.person(Decision::Approve)).await;
    assert_logged_in(&end, "ada");
    assert_eq!(end.tokens.unwrap().issued, ["access_token", "id_token"], "no refresh token without offline_access");
    let identity = end.identity.unwrap();
    assert!(identity.fields.contains(&("email".to_owned(), "ada@example.org".to_owned())), "{identity:?}");
}

/// §1: the server accepts a client by the one method it is registered with.
#[tokio::test]
async fn a_confidential_client_proves_itself_in_the_header_or_in_the_body() {
    let stage = Stage::oidc_provider().await;
    for (client, authentication) in [("basic", ClientAuthentication::Basic), ("post", ClientAuthentication::Body)] {
        let plan = stage.plan(client, authentication);
        assert_logged_in(&stage.log_in(&plan, stage.person(Decision::Approve)).await, "ada");
    }
}

/// §1: the interaction's abort page ends in `access_denied` on the redirect URI.
#[tokio::test]
async fn a_person_who_aborts_has_said_no() {
    let stage = Stage::oidc_provider().await;
    let plan = stage.plan("native", ClientAuthentication::None);
    let end = stage.log_in(&plan, stage.person(Decision::Decline)).await;
    assert_eq!(ending(&end).0, EndReason::Denied);
}

/// §1: clients are authenticated before anything else is looked at.
#[tokio::test]
async fn a_wrong_secret_is_refused_and_said() {
    let stage = Stage::oidc_provider().await;
    let mut plan = stage.plan("basic", ClientAuthentication::Basic);
    plan.client_secret.as_mut().unwrap().value = Secret::new("not-the-secret-of-this-client");
    let end = stage.log_in(&plan, stage.person(Decision::Approve)).await;
    let (reason, sentence) = ending(&end);
    assert_eq!(reason, EndReason::TokenRefused);
    assert!(sentence.contains("invalid_client"), "{sentence}");
}

/// §1: a trailing slash, an extra query, `localhost` and `[::1]` are not the registered redirect URI: the server says so on a page.
#[tokio::test]
async fn a_redirect_uri_that_is_not_registered_ends_on_the_servers_own_page() {
    let stage = Stage::oidc_provider().await;
    let unregistered = [
        "http://127.0.0.1:8914/callback/",
        "http://127.0.0.1:8914/callback?extra=1",
        "http://localhost:8914/callback",
        "http://[::1]:8914/callback",
    ];
    for redirect_uri in unregistered {
        let mut plan = stage.plan("native", ClientAuthentication::None);
        plan.redirect_uri = RedirectUri::parse(redirect_uri).unwrap();
        let person = stage.person(Decision::Approve);
        let end = stage.log_in(&plan, person.clone()).await;
        assert_eq!(ending(&end).0, EndReason::WindowClosed, "{redirect_uri}");
        let Page { status, text, .. } = person.last_page().await;
        assert!(status == 400 && text.contains("redirect_uri"), "{redirect_uri}: {status} {text}");
    }
}

/// §1: a public client has to send a challenge; the error comes back on the redirect URI.
#[tokio::test]
async fn a_public_client_without_a_challenge_is_sent_back() {
    let stage = Stage::oidc_provider().await;
    let hand = ByHand::client(&stage, "native").await;
    // That the error names its issuer too, as the metadata promise, is judged on the way.
    assert_eq!(sent_back(hand.visit(&hand.request(&["openid"]).url()).await), "invalid_request");
}

/// §1: the method `plain` is refused; S256 is the only one.
#[tokio::test]
async fn a_plain_challenge_is_sent_back() {
    let stage = Stage::oidc_provider().await;
    let hand = ByHand::client(&stage, "native").await;
    let mut address = hand.request(&["openid"]).url();
    address
        .query_pairs_mut()
        .append_pair("code_challenge", &"a".repeat(43))
        .append_pair("code_challenge_method", "plain");
    assert_eq!(sent_back(hand.visit(&address).await), "invalid_request");
}

/// §1: a code replayed revokes the grant, so that the tokens of the first exchange die with it.
#[tokio::test]
async fn a_code_that_is_sent_twice_kills_its_tokens() {
    let stage = Stage::oidc_provider().await;
    let hand = ByHand::client(&stage, "basic").await;
    let code = hand.code(&["openid"]).await;
    let tokens = issued(hand.exchange(&code).await);
    assert!(hand.takes(&tokens.access_token).await);
    assert_eq!(refused(hand.exchange(&code).await), (400, "invalid_grant".to_owned()));
    assert!(!hand.takes(&tokens.access_token).await);
}

/// §1: the challenge of the authorization request binds the code to its verifier, in both directions.
#[tokio::test]
async fn a_verifier_must_fit_its_challenge_and_must_not_come_without_one() {
    let stage = Stage::oidc_provider().await;
    let hand = ByHand::client(&stage, "basic").await;
    let invalid_grant = (400, "invalid_grant".to_owned());

    let wrong = hand.token_request(&hand.code(&["openid"]).await).code_verifier(&verifier(2));
    assert_eq!(refused(hand.ask(wrong).await), invalid_grant);
    let missing = hand.token_request(&hand.code(&["openid"]).await);
    assert_eq!(refused(hand.ask(missing).await), invalid_grant);

    let unchallenged = granted(hand.visit(&hand.request(&["openid"]).url()).await);
    assert_eq!(refused(hand.exchange(&unchallenged).await), invalid_grant);
}

/// §1: the redirect URI of the token request has to be that of the authorization request.
#[tokio::test]
async fn a_code_is_bound_to_its_redirect_uri() {
    let stage = Stage::oidc_provider().await;
    let mut hand = ByHand::client(&stage, "basic").await;
    let code = hand.code(&["openid"]).await;
    hand.redirect_uri = RedirectUri::parse("http://127.0.0.1:8915/callback").unwrap();
    assert_eq!(refused(hand.exchange(&code).await), (400, "invalid_grant".to_owned()));
}

/// §1, and our configuration: the codes of one client live for a second.
#[tokio::test]
async fn an_expired_code_is_refused() {
    let stage = Stage::oidc_provider().await;
    let hand = ByHand::client(&stage, "hasty").await;
    let code = hand.code(&["openid"]).await;
    stage.until_the_peers_clock_is_past(2).await;
    assert_eq!(refused(hand.exchange(&code).await), (400, "invalid_grant".to_owned()));
}

/// §1: the answer may come after the `#` or as a form that the browser posts; each is judged where it was asked for and nowhere else.
#[tokio::test]
async fn an_answer_in_the_fragment_or_in_a_form_is_judged_like_one_in_the_query() {
    let stage = Stage::oidc_provider().await;
    let mut hand = ByHand::client(&stage, "basic").await;
    for mode in [ResponseMode::Fragment, ResponseMode::FormPost] {
        hand.response_mode = mode;
        let code = granted(hand.visit(&hand.challenged(&["openid"]).url()).await);
        issued(hand.exchange(&code).await);

        let unexpected = hand.challenged(&["openid"]).url();
        hand.response_mode = ResponseMode::Query;
        let judged = hand.visit(&unexpected).await;
        assert!(matches!(judged, AuthorizationResponse::Rejected(_)), "{mode:?}: {judged:?}");
    }
}

/// §1: an error takes the same way as a code.
#[tokio::test]
async fn a_person_who_aborts_has_said_no_in_a_form_as_well() {
    let stage = Stage::oidc_provider().await;
    let mut hand = ByHand::client(&stage, "basic").await;
    hand.response_mode = ResponseMode::FormPost;
    hand.person.decide(Decision::Decline);
    assert_eq!(sent_back(hand.visit(&hand.challenged(&["openid"]).url()).await), "access_denied");
}
