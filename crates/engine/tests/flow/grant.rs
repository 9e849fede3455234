//! Revoking, asking about and using tokens after a login, and logging out.

use std::time::Duration;

use gatewright_engine::grant::{
    GrantEnd, IntrospectionOutcome, LoginSubject, LogoutOutcome, LogoutPlan, RevocationOutcome, UserinfoOutcome,
    introspect, log_out, revoke, userinfo,
};
use gatewright_engine::login::TokenKind;
use gatewright_engine::ports::Arrival;
use gatewright_model::exchange::ExchangePurpose;
use gatewright_model::run::StepStatus;
use gatewright_protocol::logout::LogoutDoubt;
use gatewright_testkit::Answer;
use serde_json::json;
use url::Url;

use crate::issuer::*;
use crate::stage::*;

const SIGNED_OUT: &str = "https://app.example/signed-out";

fn nobody() -> ScriptedBrowser {
    browser(|_| std::future::pending())
}

/// Codes of the findings of an operation. Nothing of the tokens may be in its record.
fn codes<T: std::fmt::Debug>(end: &GrantEnd<T>) -> Vec<&str> {
    let record = format!("{} {end:?}", serde_json::to_string(&end.step).unwrap());
    assert_eq!(token().traces_in(record.as_bytes()), [] as [&str; 0], "{record}");
    end.step.findings.iter().map(|finding| finding.code.as_str()).collect()
}

async fn revoked(provider: &str, answers: Vec<Answer>) -> (Stage, GrantEnd<RevocationOutcome>) {
    let turn = std::sync::atomic::AtomicUsize::new(0);
    let stage = Stage::at(provider, move |_| {
        let turn = turn.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        answers[turn.min(answers.len() - 1)].clone()
    })
    .await;
    let ports = stage.ports(nobody());
    let (clock, plan, token) = (stage.clock.clone(), stage.grant(), token().secret());
    let revoking = revoke(&plan, &token, TokenKind::Access, &ports, &stage.cancel);
    let turning = async {
        clock.until_somebody_sleeps().await;
        clock.advance(Duration::from_secs(5));
        std::future::pending::<()>().await;
    };
    let end = tokio::select! {
        end = revoking => end.unwrap(),
        () = turning => unreachable!("it never ends"),
    };
    (stage, end)
}

#[tokio::test]
async fn a_token_is_revoked_by_post_with_the_proof_of_the_client() {
    let (stage, end) = revoked("chaster", vec![Answer::labelled(200, "text/html", "")]).await;
    assert_eq!(end.outcome, RevocationOutcome::Revoked);
    assert_eq!(codes(&end), [""; 0]);
    let request = &stage.server.requests()[0];
    assert_eq!(request.method, "POST");
    assert!(request.target.ends_with("/protocol/openid-connect/revoke"));
    assert_eq!(field(request, "token").as_deref(), Some(token().as_str()));
    assert_eq!(field(request, "token_type_hint").as_deref(), Some("access_token"));
    assert_eq!(end.step.exchanges[0].purpose, ExchangePurpose::Revocation);
}

#[tokio::test]
async fn contentdb_revokes_by_delete_with_the_token_itself() {
    let (stage, end) = revoked("contentdb", vec![Answer::json(200, r#"{"success":true}"#)]).await;
    assert_eq!(end.outcome, RevocationOutcome::Revoked);
    let request = &stage.server.requests()[0];
    assert_eq!((&*request.method, request.body.as_str()), ("DELETE", ""));
    assert_eq!(request.header("authorization"), Some(&*format!("Bearer {}", token().as_str())));
    assert_eq!(revoked("contentdb", vec![Answer::json(404, "{}")]).await.1.outcome, RevocationOutcome::NotKnown);
}

#[tokio::test]
async fn a_server_that_is_busy_is_asked_once_more_when_it_says_when() {
    let busy = || Answer::labelled(503, "text/html", "").with("retry-after", "5");
    let (stage, end) = revoked("chaster", vec![busy(), Answer::labelled(200, "text/html", "")]).await;
    assert_eq!((end.outcome, stage.server.requests().len()), (RevocationOutcome::Revoked, 2));
    let (stage, end) = revoked("chaster", vec![busy()]).await;
    assert_eq!((end.outcome, stage.server.requests().len()), (RevocationOutcome::Refused, 2));
    let (stage, end) = revoked("chaster", vec![Answer::labelled(503, "text/html", "")]).await;
    assert_eq!((end.outcome, stage.server.requests().len()), (RevocationOutcome::Refused, 1));
    assert_eq!(codes(&end), ["revocation_refused"]);
}

#[tokio::test]
async fn what_a_server_says_of_a_revocation_is_told_apart() {
    let error = |status, error: &str| Answer::json(status, json!({ "error": error }).to_string());
    for (answer, outcome, code) in [
        (error(400, "unsupported_token_type"), RevocationOutcome::UnsupportedTokenType, "revocation_refused"),
        (error(401, "invalid_client"), RevocationOutcome::Refused, "revocation_refused"),
        (error(200, "invalid_token"), RevocationOutcome::Revoked, "revocation_error_in_success"),
        (Answer::labelled(500, "text/html", ""), RevocationOutcome::Unknown, "server_failed"),
        (Answer::Reset, RevocationOutcome::Unknown, "provider_unreachable"),
    ] {
        let (_, end) = revoked("chaster", vec![answer]).await;
        assert_eq!((end.outcome, codes(&end)), (outcome, vec![code]));
    }
}

async fn introspected(answer: Answer) -> GrantEnd<IntrospectionOutcome> {
    let stage = Stage::at("chaster", move |_| answer.clone()).await;
    let ports = stage.ports(nobody());
    introspect(&stage.grant(), &token().secret(), TokenKind::Access, &ports, &stage.cancel).await.unwrap()
}

#[tokio::test]
async fn a_server_tells_what_it_knows_of_a_token_and_the_token_itself_is_not_shown() {
    let body = json!({ "active": true, "scope": "openid", "echo": token().as_str() });
    let end = introspected(Answer::json(200, body.to_string())).await;
    assert_eq!(codes(&end), [""; 0]);
    let IntrospectionOutcome::Known(known) = &end.outcome else { panic!("{:?}", end.outcome) };
    assert!(known.active);
    assert_eq!(known.members[2], ("echo".to_owned(), "‹token#1›".to_owned()));
}

#[tokio::test]
async fn an_answer_that_says_neither_true_nor_false_is_believed_neither_way() {
    for (body, code) in [
        (r#"{"active":"true"}"#, "introspection_active_not_boolean"),
        (r#"{"active":1}"#, "introspection_active_not_boolean"),
        ("{}", "introspection_active_missing"),
        ("<p>", "answer_html"),
    ] {
        let end = introspected(Answer::json(200, body)).await;
        assert_eq!(end.outcome, IntrospectionOutcome::Unknown);
        assert_eq!(codes(&end), [code]);
    }
    let refused = introspected(Answer::json(403, r#"{"error":"invalid_client"}"#)).await;
    assert_eq!((&refused.outcome, codes(&refused)), (&IntrospectionOutcome::Refused, vec!["introspection_refused"]));
}

#[tokio::test]
async fn a_token_is_used_again_and_has_to_speak_of_the_same_person() {
    let provider = OpenIdProvider::new();
    let stage = provider.stage().await;
    let ports = stage.ports(nobody());
    let ask = |subject: LoginSubject<'static>| {
        let (plan, ports, cancel) = (stage.grant(), ports.clone(), stage.cancel.clone());
        async move { userinfo(&plan, &token().secret(), subject, &ports, &cancel).await.unwrap() }
    };
    let known = ask(LoginSubject::OfIdToken("5f0c")).await;
    assert!(matches!(&known.outcome, UserinfoOutcome::Known(identity) if identity.subject == "5f0c"));
    let other = ask(LoginSubject::OfIdToken("somebody")).await;
    assert_eq!((&other.outcome, codes(&other)), (&UserinfoOutcome::Rejected, vec!["userinfo_subject_mismatch"]));
    assert!(matches!(ask(LoginSubject::NotTold).await.outcome, UserinfoOutcome::Known(_)));
    provider.change(|script| script.userinfo = Answer::json(401, r#"{"error":"invalid_token"}"#));
    assert_eq!(ask(LoginSubject::OfIdToken("5f0c")).await.outcome, UserinfoOutcome::Refused);
}

#[tokio::test]
async fn an_access_token_with_a_line_break_never_reaches_a_header() {
    let stage = Stage::at("chattz", chattz).await;
    let ports = stage.ports(nobody());
    let hostile = gatewright_protocol::Secret::new("abc\r\nx-evil: 1");
    let end = userinfo(&stage.grant(), &hostile, LoginSubject::NotTold, &ports, &stage.cancel).await.unwrap();
    assert_eq!(end.outcome, UserinfoOutcome::Unknown);
    assert_eq!(stage.server.requests().len(), 0);
}

/// Logs out; the person comes back with this query, `{state}` standing for the state that was sent.
async fn logged_out(query: Option<&str>) -> GrantEnd<LogoutOutcome> {
    let mut stage = Stage::at("chaster", |_| Answer::Never).await;
    stage.plan.settings.post_logout_redirect_uri = Some(SIGNED_OUT.to_owned());
    let plan =
        LogoutPlan { client: stage.grant(), id_token: Some(token().secret()), time_limit: Duration::from_mins(1) };
    let query = query.map(str::to_owned);
    let person = browser(move |visit| {
        assert_eq!(sent(&visit, "id_token_hint").as_deref(), Some(token().as_str()));
        let state = sent(&visit, "state").unwrap();
        let query = query.as_ref().map(|query| query.replace("{state}", &state));
        async move {
            match query {
                Some(query) => Ok(Arrival::at(Url::parse(&format!("{SIGNED_OUT}{query}")).unwrap())),
                None => std::future::pending().await,
            }
        }
    });
    let ports = stage.ports(person);
    let clock = stage.clock.clone();
    let turning = async {
        clock.until_somebody_sleeps().await;
        clock.advance(Duration::from_mins(1));
        std::future::pending::<()>().await;
    };
    tokio::select! {
        biased;
        end = log_out(&plan, &ports, &stage.cancel) => end.unwrap(),
        () = turning => unreachable!("it never ends"),
    }
}

#[tokio::test]
async fn only_our_own_state_confirms_a_logout() {
    let end = logged_out(Some("?state={state}")).await;
    assert_eq!((&end.outcome, codes(&end)), (&LogoutOutcome::Confirmed, vec![]));
    assert_eq!(end.step.exchanges[0].purpose, ExchangePurpose::Logout);
    for (query, doubt, code) in [
        ("", LogoutDoubt::StateMissing, "logout_state_missing"),
        ("?state=other", LogoutDoubt::StateMismatch, "logout_state_mismatch"),
    ] {
        let end = logged_out(Some(query)).await;
        assert_eq!((&end.outcome, codes(&end)), (&LogoutOutcome::Unverified(doubt), vec![code]));
        assert_eq!(end.step.status, StepStatus::Warned);
        assert!(end.step.sentence.starts_with("Logged out here"), "the session is over on our side");
    }
}

#[tokio::test]
async fn a_provider_that_never_comes_back_ends_the_session_here_all_the_same() {
    let end = logged_out(None).await;
    assert_eq!((&end.outcome, codes(&end)), (&LogoutOutcome::NeverReturned, vec!["logout_not_returned"]));
    assert!(end.step.sentence.starts_with("Logged out here"));
}

#[tokio::test]
async fn without_an_address_to_come_back_to_nobody_is_sent_anywhere() {
    let stage = Stage::at("chaster", |_| Answer::Never).await;
    let plan = LogoutPlan { client: stage.grant(), id_token: None, time_limit: Duration::from_mins(1) };
    let error = log_out(&plan, &stage.ports(nobody()), &stage.cancel).await.unwrap_err();
    assert!(error.to_string().contains("post-logout redirect URI"));
}
