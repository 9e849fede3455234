//! The pages: readable, labelled, and usable by keyboard alone.

use gatewright_sandbox::{AppForm, Sandbox, SandboxOptions, Twin};

use crate::browser::{self, Browser, CALLBACK, Login, TestClock};

#[tokio::test]
async fn the_sign_in_page_says_where_you_are_and_who_lives_here() {
    for twin in Twin::ALL {
        let login = Login::prepare(twin).await;
        let page = Browser::new(&login.sandbox).open(login.authorize(&[])).await.page();
        assert_eq!(page.title(), format!("Sign in – {} (sandbox)", twin.name()));
        let banner = format!("Sandbox twin of <strong>{}</strong> on this computer", twin.name());
        for part in [&*banner, "<label for=\"username\">", "<label for=\"password\">", "<code>una-sandbox</code>"] {
            assert!(page.html.contains(part), "{part} at {twin:?}");
        }
        let username = page.html.split("<input id=\"username\"").nth(1).unwrap().split('>').next().unwrap();
        assert!(username.contains("autofocus"));
        assert!(!page.html.contains("<script") && !page.html.contains("style=\""));
    }
}

#[tokio::test]
async fn the_first_button_approves_and_has_the_focus() {
    for twin in Twin::ALL {
        let login = Login::prepare(twin).await;
        let browser = Browser::new(&login.sandbox);
        let sign_in = browser.open(login.authorize(&[])).await.page();
        let consent = browser.sign_in(&sign_in, "tara").await.page();
        assert_eq!(consent.title(), format!("Allow access? – {} (sandbox)", twin.name()));
        let first = consent.html.split("<button").nth(1).unwrap().split('>').next().unwrap();
        assert!(first.contains("value=\"approve\"") && first.contains("autofocus"), "{first}");
    }
}

#[tokio::test]
async fn a_wrong_password_is_said_beside_the_form_and_can_be_tried_again() {
    let login = Login::prepare(Twin::Chattr).await;
    let browser = Browser::new(&login.sandbox);
    let sign_in = browser.open(login.authorize(&[])).await.page();
    let again = browser.sign_in_with(&sign_in, "theo", "wrong").await.page();
    assert!(again.html.contains("role=\"alert\"") && again.html.contains("value=\"theo\""));
    assert_eq!(browser.sign_in(&again, "theo").await.page().title(), "Allow access? – Chattr (sandbox)");
}

#[tokio::test]
async fn somebody_signed_in_can_use_another_account() {
    let login = Login::prepare(Twin::Chaster).await;
    let browser = Browser::new(&login.sandbox);
    let sign_in = browser.open(login.authorize(&[])).await.page();
    let consent = browser.sign_in(&sign_in, "theo").await.page();
    let sign_in = browser.sign_out(&consent).await.page();
    assert_eq!(sign_in.title(), "Sign in – Chaster (sandbox)");
    let consent = browser.sign_in(&sign_in, "tara").await.page();
    assert!(consent.html.contains("Tara Thomsen"));
}

#[tokio::test]
async fn being_signed_in_at_one_twin_means_nothing_at_another() {
    let sandbox = browser::sandbox().await;
    let chattz = Login::at_sandbox(sandbox, Twin::Chattz).await;
    let browser = Browser::new(&chattz.sandbox);
    browser.log_in(&chattz.authorize(&[]), "theo").await;
    let elsewhere = Login::at_sandbox(chattz.sandbox, Twin::Chattr).await;
    assert_eq!(browser.open(elsewhere.authorize(&[])).await.page().title(), "Sign in – Chattr (sandbox)");
}

#[tokio::test]
async fn a_sign_in_ends_after_a_working_day() {
    let clock = TestClock::new();
    let sandbox = Sandbox::start(SandboxOptions { clock: clock.clone(), ..SandboxOptions::default() }).await.unwrap();
    let login = Login::at_sandbox(sandbox, Twin::Chattz).await;
    let browser = Browser::new(&login.sandbox);
    let sign_in = browser.open(login.authorize(&[])).await.page();
    let consent = browser.sign_in(&sign_in, "theo").await.page();
    clock.advance(8 * 3600);
    let page = browser.decide(&consent, "approve").await.page();
    assert_eq!(page.title(), "Sign in – Chattz (sandbox)", "an expired session leads back to the sign-in page");
}

#[tokio::test]
async fn an_apps_name_is_text_and_never_markup() {
    let sandbox = browser::sandbox().await;
    let form = AppForm { name: "<b onclick=x>\"&'".into(), redirect_uris: vec![CALLBACK.into()] };
    let app = sandbox.create_app(Twin::Gitter, "olivia", form).await.unwrap();
    let login = Login { sandbox, twin: Twin::Gitter, app };
    let page = Browser::new(&login.sandbox).open(login.authorize(&[("state", "\"><script>")])).await.page();
    assert!(!page.html.contains("<b onclick") && !page.html.contains("<script"), "{}", page.html);
}

#[tokio::test]
async fn auto_approve_shows_no_page_at_any_twin() {
    let options = SandboxOptions { auto_approve: Some("theo".into()), ..SandboxOptions::default() };
    let mut sandbox = Sandbox::start(options).await.unwrap();
    for twin in Twin::ALL {
        let login = Login::at_sandbox(sandbox, twin).await;
        Browser::new(&login.sandbox).open(login.authorize(&[("state", "s")])).await.callback().code();
        sandbox = login.sandbox;
    }
}
