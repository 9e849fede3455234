//! Logins that go well, that a person ends, and that the server refuses.

use gatewright_model::dialect::ClientAuthentication;
use gatewright_model::run::EndReason;
use gatewright_protocol::authorization::{AuthorizationResponse, Defect, Prompt};
use gatewright_protocol::{RedirectUri, Secret};

use crate::answers::{granted, issued, refused};
use crate::by_hand::{ByHand, verifier};
use crate::person::{Decision, Page};
use crate::stage::{Stage, assert_logged_in, ending, finding_codes};

/// §2: every endpoint ends in a slash, consent is asked at every login, a refresh token is issued unasked.
#[tokio::test]
async fn a_native_client_logs_in_with_pkce_alone() {
    let stage = Stage::django_toolkit().await;
    let plan = stage.plan("native", ClientAuthentication::None);
    let end = stage.log_in(&plan, stage.person(Decision::Approve)).await;
    assert_logged_in(&end, "1");
    let tokens = end.tokens.unwrap();
    assert_eq!(tokens.issued, ["access_token", "refresh_token", "id_token"]);
    assert_eq!(tokens.expires_in, Some(36_000));
    let identity = end.identity.unwrap();
    assert_eq!(identity.display_name.as_deref(), Some("ada"), "{identity:?}");
}

/// §2: a confidential client is accepted in the header and in the body alike.
#[tokio::test]
async fn a_confidential_client_proves_itself_in_the_header_or_in_the_body() {
    let stage = Stage::django_toolkit().await;
    for authentication in [ClientAuthentication::Basic, ClientAuthentication::Body] {
        let plan = stage.plan("confidential", authentication);
        assert_logged_in(&stage.log_in(&plan, stage.person(Decision::Approve)).await, "1");
    }
}

/// §2: the consent page has a cancel button, which ends in `access_denied`, but without the `iss` that the metadata promise for every
/// response. A client has to reject it (RFC 9207 §2.4): the run says why, and not that the person said no, which nobody can know.
#[tokio::test]
async fn a_cancel_without_its_promised_issuer_is_not_believed() {
    let stage = Stage::django_toolkit().await;
    let plan = stage.plan("native", ClientAuthentication::None);
    let end = stage.log_in(&plan, stage.person(Decision::Decline)).await;
    assert_eq!(ending(&end).0, EndReason::CallbackRejected);
    assert_eq!(finding_codes(&end), ["issuer_missing"]);
}

/// §2: clients are authenticated before anything else is looked at.
#[tokio::test]
async fn a_wrong_secret_is_refused_and_said() {
    let stage = Stage::django_toolkit().await;
    let mut plan = stage.plan("confidential", ClientAuthentication::Basic);
    plan.client_secret.as_mut().unwrap().value = Secret::new("not-the-secret-of-this-client");
    let end = stage.log_in(&plan, stage.person(Decision::Approve)).await;
    let (reason, sentence) = ending(&end);
    assert_eq!(reason, EndReason::TokenRefused);
    assert!(sentence.contains("invalid_client"), "{sentence}");
}

/// §2: what is not registered ends on the server's own page, with status 400.
#[tokio::test]
async fn a_redirect_uri_that_is_not_registered_ends_on_the_servers_own_page() {
    let stage = Stage::django_toolkit().await;
    let mut plan = stage.plan("native", ClientAuthentication::None);
    plan.redirect_uri = RedirectUri::parse("http://127.0.0.1:8914/elsewhere").unwrap();
    let person = stage.person(Decision::Approve);
    let end = stage.log_in(&plan, person.clone()).await;
    assert_eq!(ending(&end).0, EndReason::WindowClosed);
    let Page { status, text, .. } = person.last_page().await;
    assert!(status == 400 && text.contains("redirect URI"), "{status} {text}");
}

/// §2: a challenge is asked of every client. The error comes back on the redirect URI without `iss`, which only success names,
/// although the metadata promise it for every response (RFC 9207 §2.3): whose error this is, nobody can tell.
#[tokio::test]
async fn an_error_without_its_promised_issuer_is_not_believed() {
    let stage = Stage::django_toolkit().await;
    let hand = ByHand::client(&stage, "confidential").await;
    let unnamed = hand.visit(&hand.request(&["openid"]).url()).await;
    let AuthorizationResponse::Rejected(Defect::IssuerMissing { .. }) = unnamed else { panic!("{unnamed:?}") };
}

/// §2: a code is good once.
#[tokio::test]
async fn a_code_that_is_sent_twice_is_refused() {
    let stage = Stage::django_toolkit().await;
    let hand = ByHand::client(&stage, "confidential").await;
    let code = hand.code(&["openid"]).await;
    issued(hand.exchange(&code).await);
    assert_eq!(refused(hand.exchange(&code).await), (400, "invalid_grant".to_owned()));
}

/// §2: the challenge of the authorization request binds the code to its verifier.
#[tokio::test]
async fn a_verifier_must_fit_its_challenge() {
    let stage = Stage::django_toolkit().await;
    let hand = ByHand::client(&stage, "confidential").await;
    let wrong = hand.token_request(&hand.code(&["openid"]).await).code_verifier(&verifier(2));
    assert_eq!(refused(hand.ask(wrong).await), (400, "invalid_grant".to_owned()));
    let missing = hand.token_request(&hand.code(&["openid"]).await);
    assert_eq!(refused(hand.ask(missing).await).0, 400);
}

/// §2: `prompt=none` without a session is a 500, which a person sees as a page and we must not take for an answer.
#[tokio::test]
async fn prompt_none_without_a_session_breaks_the_server() {
    let stage = Stage::django_toolkit().await;
    let hand = ByHand::client(&stage, "native").await;
    let address = hand.challenged(&["openid"]).prompt(&[Prompt::None]).url();
    hand.person.walk(&address, &hand.redirect_uri).await;
    assert_eq!(hand.person.last_page().await.status, 500);
}

/// §2: `plain` is accepted, which is why we never offer it: whoever reads the authorization request could redeem the code.
#[tokio::test]
async fn a_plain_challenge_is_accepted() {
    let stage = Stage::django_toolkit().await;
    let hand = ByHand::client(&stage, "confidential").await;
    let mut address = hand.request(&["openid"]).url();
    let plain = verifier(3).value().expose();
    address.query_pairs_mut().append_pair("code_challenge", &plain).append_pair("code_challenge_method", "plain");
    let code = granted(hand.visit(&address).await);
    issued(hand.ask(hand.token_request(&code).code_verifier(&verifier(3))).await);
}

/// §2: consent is asked at every login, also of a person whose session goes on.
#[tokio::test]
async fn a_second_login_asks_for_consent_and_not_for_the_password() {
    let stage = Stage::django_toolkit().await;
    let hand = ByHand::client(&stage, "confidential").await;
    hand.log_in(&["openid"]).await;
    hand.log_in(&["openid"]).await;
    assert_eq!(hand.person.passwords_typed(), 1);
    assert!(hand.person.last_page().await.text.contains("Authorize"));
}
