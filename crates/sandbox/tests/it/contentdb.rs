//! ContentDB: what a person and the authorization endpoint do to each other.

use gatewright_sandbox::{AppForm, Twin};

use crate::browser::{self, Browser, CALLBACK, End, Login, app_of, authorize, wire};

#[tokio::test]
async fn the_login_wall_stands_before_any_look_at_the_request() {
    let login = Login::prepare(Twin::ContentDb).await;
    let nonsense = authorize(&login.sandbox, Twin::ContentDb, &[("response_type", "nonsense")]);
    let response = wire().get(&nonsense).send().await.unwrap();
    assert_eq!(response.status(), 302);
    let location = response.headers()["location"].to_str().unwrap();
    assert!(location.starts_with("/contentdb/user/sign-in/?next=%2Fcontentdb%2Foauth%2Fauthorize%2F%3F"), "{location}");
}

#[tokio::test]
async fn approve_brings_a_code_and_the_state() {
    let login = Login::prepare(Twin::ContentDb).await;
    let callback = login.decided("theo", "approve", &[("state", "")]).await;
    assert_eq!(callback.code().len(), 32);
    assert!(callback.0.query().unwrap().ends_with("&state="), "an empty state comes back empty");
}

#[tokio::test]
async fn the_consent_page_offers_authorize_and_cancel_only() {
    let login = Login::prepare(Twin::ContentDb).await;
    let browser = Browser::new(&login.sandbox);
    let sign_in = browser.open(login.authorize(&[])).await.page();
    let consent = browser.sign_in(&sign_in, "theo").await.page();
    assert_eq!(consent.buttons(), ["Authorize", "Cancel"]);
}

#[tokio::test]
async fn cancel_is_the_bare_redirect_uri_without_state() {
    let login = Login::prepare(Twin::ContentDb).await;
    let callback = login.decided("theo", "cancel", &[("state", "xyz")]).await;
    assert_eq!(callback.0.as_str(), CALLBACK);
}

#[tokio::test]
async fn a_decision_without_the_forms_own_token_decides_nothing() {
    let login = Login::prepare(Twin::ContentDb).await;
    let browser = Browser::new(&login.sandbox);
    let sign_in = browser.open(login.authorize(&[])).await.page();
    let consent = browser.sign_in(&sign_in, "theo").await.page();
    let page = browser.submit(&consent, "consent", &[("csrf_token", "guessed"), ("decision", "approve")]).await.page();
    assert_eq!(page.status, 400);
}

#[tokio::test]
async fn mistakes_are_bare_sentences_labelled_html_and_never_redirected() {
    let login = Login::prepare(Twin::ContentDb).await;
    let (id, browser) = (login.id(), Browser::new(&login.sandbox));
    let sign_in = browser.open(login.authorize(&[])).await.page();
    browser.sign_in(&sign_in, "theo").await.page();
    let own = ("redirect_uri", CALLBACK);
    for (parameters, status, sentence) in [
        (vec![("response_type", "token")], 400, "Unsupported response_type, only code is supported"),
        (vec![own], 400, "Missing client_id"),
        (vec![("client_id", "nobody")], 400, "Missing redirect_uri"),
        (vec![("client_id", "nobody"), own], 404, "Page not found"),
        (
            vec![("client_id", &id), ("redirect_uri", "https://elsewhere.example/")],
            400,
            "redirect_uri does not match client",
        ),
        (vec![("client_id", &id), own, ("scope", "private")], 400, "Unsupported scope, only public is supported"),
        (vec![("client_id", &id), own, ("scope", "")], 400, "Unsupported scope, only public is supported"),
    ] {
        let page = browser.open(authorize(&login.sandbox, Twin::ContentDb, &parameters)).await.page();
        assert_eq!(page.status, status, "{parameters:?}");
        assert!(page.html.contains(sentence), "{parameters:?}: {}", page.html);
        assert!(status == 404 || page.html == sentence, "the sentence stands alone");
    }
    let page =
        browser.open(authorize(&login.sandbox, Twin::ContentDb, &[("client_id", &id), own, ("scope", "public")])).await;
    assert!(matches!(page, End::Page(page) if page.status == 200), "response_type may be left out");
}

#[tokio::test]
async fn a_second_authorization_asks_nothing_while_a_token_exists() {
    let login = Login::prepare(Twin::ContentDb).await;
    let browser = Browser::new(&login.sandbox);
    let first = browser.log_in(&login.authorize(&[]), "theo").await.code();
    let second = browser.open(login.authorize(&[])).await.callback().code();
    assert_ne!(first, second);
}

#[tokio::test]
async fn an_unapproved_app_is_there_for_its_owner_only() {
    let sandbox = browser::sandbox().await;
    let app = app_of(&sandbox, Twin::ContentDb, "theo").await;
    assert!(!app.app.approved, "theo is an ordinary member");
    let login = Login { sandbox, twin: Twin::ContentDb, app };
    let tara = Browser::new(&login.sandbox);
    let sign_in = tara.open(login.authorize(&[])).await.page();
    assert_eq!(tara.sign_in(&sign_in, "tara").await.page().status, 404);
    assert_eq!(login.approved("theo").await.code().len(), 32, "the owner gets through");
    login.sandbox.set_approved(Twin::ContentDb, &login.id(), true).await.unwrap();
    assert_eq!(tara.open(login.authorize(&[])).await.page().status, 200);
}

#[tokio::test]
async fn the_query_of_a_registered_address_is_written_anew() {
    let sandbox = browser::sandbox().await;
    let uri = "http://127.0.0.1:9/cb?a=x%20y&empty=#part";
    let form = AppForm { name: "Odd address".into(), redirect_uris: vec![uri.into()] };
    let app = sandbox.create_app(Twin::ContentDb, "olivia", form).await.unwrap();
    let id = app.app.client_id.to_string();
    let url = authorize(&sandbox, Twin::ContentDb, &[("client_id", &id), ("redirect_uri", uri)]);
    let callback = Browser::new(&sandbox).log_in(&url, "theo").await;
    assert!(callback.0.as_str().starts_with("http://127.0.0.1:9/cb?a=x+y&code="), "{}", callback.0);
    assert_eq!(callback.0.fragment(), Some("part"));
}

#[tokio::test]
async fn without_the_slash_every_path_answers_308_and_keeps_the_query() {
    let login = Login::prepare(Twin::ContentDb).await;
    for (path, to) in [
        ("/contentdb/oauth/authorize?client_id=1", "/contentdb/oauth/authorize/?client_id=1"),
        ("/contentdb/api/whoami", "/contentdb/api/whoami/"),
    ] {
        let response = wire().get(login.at(path)).send().await.unwrap();
        assert_eq!((response.status().as_u16(), response.headers()["location"].to_str().unwrap()), (308, to));
    }
    let token = wire().post(login.at("/contentdb/oauth/token")).form(&[("code", "x")]).send().await.unwrap();
    assert_eq!(token.status(), 308);
    assert_eq!(wire().get(login.at("/contentdb/oauth/token/")).send().await.unwrap().status(), 404);
}
