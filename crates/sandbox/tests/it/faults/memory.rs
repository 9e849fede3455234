//! AZ: what a twin remembers of codes, consent and people, and how long codes live that are to be seen to expire.

use std::time::{Duration, Instant};

use gatewright_sandbox::{FaultRule, FaultTiming, Sandbox, SandboxOptions, Twin};

use super::stage::Stage;
use crate::browser::{Browser, End, Login, TestClock, claims_of};

fn misbehave(login: &Login, fault: &str) {
    login.sandbox.set_faults(vec![FaultRule::always(fault, login.twin)]).unwrap();
}

fn injected(login: &Login) -> usize {
    login.sandbox.injections().len()
}

/// A sandbox whose time is turned by hand.
async fn with_clock(twin: Twin) -> (Login, std::sync::Arc<TestClock>) {
    let clock = TestClock::new();
    let options = SandboxOptions { clock: clock.clone(), ..SandboxOptions::default() };
    (Login::at_sandbox(Sandbox::start(options).await.unwrap(), twin).await, clock)
}

#[tokio::test]
async fn az_34_a_code_is_good_after_its_time() {
    let (login, clock) = with_clock(Twin::Chattz).await;
    let late = login.approved("theo").await.code();
    clock.advance(601);
    assert_eq!(login.exchange(&late, &[]).await.0, 400, "it lives for ten minutes");
    misbehave(&login, "AZ-34");
    let kept = login.approved("theo").await.code();
    clock.advance(601);
    assert_eq!(login.exchange(&kept, &[]).await.0, 200);
    assert_eq!(login.exchange(&kept, &[]).await.0, 400, "and is good for one use");
    assert_eq!(injected(&login), 1);
}

#[tokio::test]
async fn az_35_consent_is_asked_for_again() {
    for twin in [Twin::Chaster, Twin::ContentDb] {
        let login = Login::prepare(twin).await;
        let browser = Browser::new(&login.sandbox);
        browser.log_in(&login.authorize(&[]), "theo").await;
        assert!(matches!(browser.open(login.authorize(&[])).await, End::Left(_)), "it is remembered");
        misbehave(&login, "AZ-35");
        let consent = browser.open(login.authorize(&[])).await.page();
        assert!(consent.html.contains("value=\"approve\""), "{}", consent.html);
        assert_eq!(injected(&login), 1, "{}", twin.name());
    }
}

#[tokio::test]
async fn az_36_whoever_is_signed_in_signs_in_again() {
    let login = Login::prepare(Twin::Gitter).await;
    let browser = Browser::new(&login.sandbox);
    browser.log_in(&login.authorize(&[]), "theo").await;
    let again = browser.open(login.authorize(&[])).await.page();
    assert!(!again.html.contains("type=\"password\""), "the browser is known");
    let once = FaultRule { when: FaultTiming::First(1), ..FaultRule::always("AZ-36", Twin::Gitter) };
    login.sandbox.set_faults(vec![once]).unwrap();
    let sign_in = browser.open(login.authorize(&[])).await.page();
    assert!(sign_in.html.contains("type=\"password\""), "{}", sign_in.html);
    let consent = browser.sign_in(&sign_in, "theo").await.page();
    assert!(!consent.html.contains("type=\"password\""));
    assert_eq!(injected(&login), 1, "somebody who has not signed in cannot be forgotten");
}

#[tokio::test]
async fn az_37_the_code_stands_for_the_owner() {
    for twin in [Twin::Chattz, Twin::Gitter, Twin::ContentDb] {
        let login = Login::prepare(twin).await;
        misbehave(&login, "AZ-37");
        let (_, tokens) = login.exchange(&login.approved("theo").await.code(), &[]).await;
        let (_, identity) = login.identity(&token_of(&tokens)).await;
        assert!(identity.to_string().contains("olivia"), "{}: {identity}", twin.name());
        login.approved("olivia").await;
        assert_eq!(injected(&login), 1, "the owner's own code is hers");
    }
}

#[tokio::test]
async fn az_37_the_id_token_of_such_a_code_is_about_the_owner_and_this_login() {
    let login = Login::prepare(Twin::Chaster).await;
    misbehave(&login, "AZ-37");
    let callback = login.decided("theo", "approve", &[("scope", "openid profile"), ("nonce", "n-1")]).await;
    let (_, tokens) = login.exchange(&callback.code(), &[]).await;
    let claims = claims_of(&tokens["id_token"]);
    assert_eq!((&claims["preferred_username"], &claims["nonce"]), (&"olivia".into(), &"n-1".into()), "{claims}");
}

#[tokio::test]
async fn codes_of_one_app_can_be_made_to_expire_soon() {
    for twin in Twin::ALL {
        let (login, clock) = with_clock(twin).await;
        let stage = Stage::of(login);
        let (login, limit) =
            (&stage.login, |client: &str, seconds| stage.login.sandbox.limit_codes(twin, client, seconds));
        limit("somebody-elses", Some(1));
        limit(&login.id(), Some(1));
        let short = login.approved("olivia").await.code();
        clock.advance(1);
        assert_ne!(stage.token_request(&short).send().await.unwrap().status(), 200, "{}", twin.name());
        limit(&login.id(), None);
        let usual = login.approved("olivia").await.code();
        clock.advance(1);
        assert_eq!(stage.token_request(&usual).send().await.unwrap().status(), 200, "{}", twin.name());
    }
}

#[tokio::test]
async fn the_pages_for_one_app_can_be_made_slow() {
    const DELAY: Duration = Duration::from_millis(300);
    for twin in Twin::ALL {
        let login = Login::prepare(twin).await;
        let browser = Browser::new(&login.sandbox);
        login.sandbox.slow_pages(twin, &login.id(), Some(300));
        let began = Instant::now();
        browser.open(login.authorize(&[])).await.page();
        assert!(began.elapsed() >= DELAY, "{}", twin.name());
        login.sandbox.slow_pages(twin, &login.id(), None);
        login.sandbox.slow_pages(twin, "somebody-elses", Some(600_000));
        browser.open(login.authorize(&[])).await.page();
    }
}

#[tokio::test]
async fn a_revoked_refresh_token_takes_the_consent_along() {
    let login = Login::prepare(Twin::Chaster).await;
    let browser = Browser::new(&login.sandbox);
    let callback = browser.log_in(&login.authorize(&[]), "theo").await;
    let (_, tokens) = login.exchange(&callback.code(), &[]).await;
    let id = login.id();
    let fields = [
        ("client_id", id.as_str()),
        ("client_secret", login.app.secret.expose()),
        ("token", tokens["refresh_token"].as_str().unwrap()),
    ];
    let url = login.at("/chaster/auth/realms/app/protocol/openid-connect/revoke");
    let revoked = crate::browser::wire().post(url).form(&fields).send().await.unwrap();
    assert_eq!(revoked.status().as_u16(), 200);
    let consent = browser.open(login.authorize(&[])).await.page();
    assert!(consent.html.contains("value=\"approve\""), "{}", consent.html);
}

fn token_of(tokens: &serde_json::Value) -> String {
    // Gitter's twin answers form-encoded, as its document says.
    let text = tokens.as_str().map(str::to_owned);
    match text {
        Some(form) => form.split('&').find_map(|pair| pair.strip_prefix("access_token=")).unwrap().to_owned(),
        None => tokens["access_token"].as_str().unwrap().to_owned(),
    }
}
