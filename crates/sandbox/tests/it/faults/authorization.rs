//! AZ: the callback's parameters and address.

use gatewright_sandbox::Twin;

use super::stage::{STATE, Stage, location, pairs, values};
use crate::browser::{self, Callback};

#[tokio::test]
async fn az_01_the_callback_has_no_state() {
    let callback = Stage::at(Twin::Chattz).await.faulty_callback("AZ-01", "").await;
    assert_eq!(pairs(&callback).iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["code"]);
}

#[tokio::test]
async fn az_02_the_state_was_never_sent() {
    let callback = Stage::at(Twin::ContentDb).await.faulty_callback("AZ-02", "").await;
    assert_ne!(callback.get("state").unwrap(), STATE);
}

#[tokio::test]
async fn az_38_a_state_comes_that_nobody_sent() {
    let stage = Stage::at(Twin::Chattz).await;
    stage.set("AZ-38", "");
    let response = stage.client.get(stage.login.authorize(&[])).send().await.unwrap();
    let callback = Callback(location(&response).parse().unwrap());
    assert_eq!(callback.get("state").map(|state| state.len()), Some(32));
    assert_eq!(stage.injected(), ["AZ-38:"]);
    let sent = Callback(location(&stage.authorize().await).parse().unwrap());
    assert_eq!((sent.get("state").as_deref(), stage.injected().len()), (Some(STATE), 1), "one that was sent stays");
}

#[tokio::test]
async fn az_03_the_state_comes_twice() {
    let stage = Stage::at(Twin::Chattz).await;
    let right = |values: Vec<String>| values.iter().map(|value| value == STATE).collect::<Vec<_>>();
    for (variant, expected) in [("right_wrong", [true, false]), ("wrong_right", [false, true]), ("same", [true, true])]
    {
        assert_eq!(right(values(&stage.faulty_callback("AZ-03", variant).await, "state")), expected, "{variant}");
    }
}

#[tokio::test]
async fn az_04_the_state_is_almost_the_same() {
    let stage = Stage::at(Twin::Gitter).await;
    for (variant, expected) in [
        ("case", "kEPT-sTATE_1"),
        ("truncated", "Kept-State_"),
        ("trailing_space", "Kept-State_1 "),
        ("encoded_twice", "Kept-State_1%2E"),
    ] {
        assert_eq!(stage.faulty_callback("AZ-04", variant).await.get("state").unwrap(), expected);
    }
}

#[tokio::test]
async fn az_05_the_state_is_that_of_a_login_that_is_over() {
    let stage = Stage::at(Twin::Chattz).await;
    stage.set("AZ-05", "");
    let first = stage.authorize_with("first").await;
    assert!(location(&first).contains("state=first"), "there is no earlier login yet");
    assert!(location(&stage.authorize_with("second").await).contains("state=first"));
    assert_eq!(stage.injected(), ["AZ-05:"]);
}

#[tokio::test]
async fn az_06_two_logins_get_each_others_state() {
    let login = browser::Login::prepare(Twin::Chattz).await;
    login.sandbox.set_faults(vec![gatewright_sandbox::FaultRule::always("AZ-06", Twin::Chattz)]).unwrap();
    let (one, two) = (browser::Browser::new(&login.sandbox), browser::Browser::new(&login.sandbox));
    let first = one.open(login.authorize(&[("state", "first")])).await.page();
    let second = two.open(login.authorize(&[("state", "second")])).await.page();
    let first = one.sign_in(&first, "theo").await.page();
    let second = two.sign_in(&second, "tara").await.page();
    assert_eq!(one.decide(&first, "approve").await.callback().get("state").unwrap(), "second");
    assert_eq!(two.decide(&second, "approve").await.callback().get("state").unwrap(), "first");
    assert_eq!(login.sandbox.injections().len(), 2);
}

#[tokio::test]
async fn az_07_to_09_the_issuer_is_missing_wrong_or_there_twice() {
    let stage = Stage::at(Twin::Chaster).await;
    let issuer = format!("{}/chaster/auth/realms/app", stage.login.sandbox.origin());
    assert_eq!(stage.faulty_callback("AZ-07", "").await.get("iss"), None);
    for (variant, expected) in [
        ("suffix", format!("{issuer}1")),
        ("slash", format!("{issuer}/")),
        ("case", issuer.to_uppercase()),
        ("other_provider", format!("{}/chattz", stage.login.sandbox.origin())),
    ] {
        assert_eq!(stage.faulty_callback("AZ-08", variant).await.get("iss").unwrap(), expected);
    }
    for (variant, expected) in [("right_wrong", [true, false]), ("wrong_right", [false, true]), ("same", [true, true])]
    {
        let found = values(&stage.faulty_callback("AZ-09", variant).await, "iss");
        assert_eq!(found.iter().map(|value| *value == issuer).collect::<Vec<_>>(), expected, "{variant}");
    }
}

#[tokio::test]
async fn az_10_an_issuer_comes_that_nothing_has_promised() {
    let stage = Stage::at(Twin::Chattr).await;
    let own = format!("{}/chattr", stage.login.sandbox.origin());
    assert_eq!(stage.faulty_callback("AZ-10", "own").await.get("iss").unwrap(), own);
    assert_ne!(stage.faulty_callback("AZ-10", "other_provider").await.get("iss").unwrap(), own);
}

#[tokio::test]
async fn az_11_the_callback_is_bare() {
    let stage = Stage::at(Twin::Chaster).await;
    let response = stage.faulty_authorization("AZ-11", "").await;
    assert_eq!(location(&response), browser::CALLBACK);
}

#[tokio::test]
async fn az_12_to_14_the_code_is_empty_there_twice_or_beside_an_error() {
    let stage = Stage::at(Twin::Chattz).await;
    assert_eq!(stage.faulty_callback("AZ-12", "empty").await.code(), "");
    assert_eq!(stage.faulty_callback("AZ-12", "whitespace").await.code(), "  ");
    let without = stage.faulty_callback("AZ-12", "missing").await;
    assert_eq!((without.get("code"), without.get("state").as_deref()), (None, Some(STATE)));
    for variant in ["right_wrong", "wrong_right", "same"] {
        let codes = values(&stage.faulty_callback("AZ-13", variant).await, "code");
        assert_eq!((codes.len(), codes[0] == codes[1]), (2, variant == "same"), "{variant}");
    }
    let both = stage.faulty_callback("AZ-14", "").await;
    assert_eq!((both.code().len(), both.get("error").as_deref()), (40, Some("access_denied")));
}

#[tokio::test]
async fn az_15_the_parameters_stand_behind_the_hash() {
    let callback = Stage::at(Twin::Chattz).await.faulty_callback("AZ-15", "").await;
    assert_eq!(callback.0.query(), None);
    assert!(callback.0.fragment().unwrap().contains("code=") && callback.0.fragment().unwrap().contains(STATE));
}

#[tokio::test]
async fn az_16_a_token_comes_along() {
    let stage = Stage::at(Twin::Chattz).await;
    assert_eq!(stage.faulty_callback("AZ-16", "access_token").await.get("access_token").unwrap().len(), 40);
    let id_token = stage.faulty_callback("AZ-16", "id_token").await.get("id_token").unwrap();
    assert_eq!(id_token.split('.').count(), 3);
}

#[tokio::test]
async fn az_17_access_is_denied_with_and_without_state() {
    let stage = Stage::at(Twin::Chattz).await;
    let with = stage.faulty_callback("AZ-17", "with_state").await;
    assert_eq!(pairs(&with), [("state".into(), STATE.into()), ("error".into(), "access_denied".to_owned())]);
    let without = stage.faulty_callback("AZ-17", "without_state").await;
    assert_eq!(pairs(&without), [("error".to_owned(), "access_denied".to_owned())]);
}

#[tokio::test]
async fn an_issuer_that_names_itself_names_itself_in_a_made_up_error_too() {
    let stage = Stage::at(Twin::Chaster).await;
    let issuer = stage.login.at("/chaster/auth/realms/app");
    for (fault, variant) in
        [("AZ-17", "with_state"), ("AZ-17", "without_state"), ("AZ-18", "html"), ("AZ-19", "unknown")]
    {
        let callback = stage.faulty_callback(fault, variant).await;
        assert_eq!(callback.get("iss").as_ref(), Some(&issuer), "{fault}:{variant}");
        assert_eq!(callback.get("code"), None, "{fault}:{variant}");
    }
}

#[tokio::test]
async fn az_18_the_description_is_hostile() {
    let stage = Stage::at(Twin::Chattz).await;
    for (variant, part) in [
        ("html", "<script>"),
        ("ansi", "\u{1b}[2J"),
        ("osc8", "\u{1b}]8;;"),
        ("bidi", "\u{202e}"),
        ("crlf", "\r\nSet-Cookie:"),
        ("nul", "\0"),
        ("long", "long long"),
    ] {
        let callback = stage.faulty_callback("AZ-18", variant).await;
        let description = callback.get("error_description").unwrap();
        assert!(description.contains(part), "{variant}: {description:?}");
        assert!(variant != "long" || description.len() >= 64 * 1024);
        assert_eq!(callback.get("state").unwrap(), STATE);
    }
    let callback = stage.faulty_callback("AZ-18", "uri").await;
    assert!(callback.get("error_uri").unwrap().starts_with("javascript:"));
}

#[tokio::test]
async fn az_19_the_error_is_unknown_or_empty() {
    let stage = Stage::at(Twin::Chattz).await;
    for (variant, error) in [("unknown", "../../x"), ("empty", "")] {
        let callback = stage.faulty_callback("AZ-19", variant).await;
        assert_eq!((callback.get("error").as_deref(), callback.get("code")), (Some(error), None));
    }
}

#[tokio::test]
async fn az_20_the_code_is_odd_and_the_one_of_8_kib_works() {
    let stage = Stage::at(Twin::Gitter).await;
    let long = stage.faulty_callback("AZ-20", "8_kib").await.code();
    assert_eq!(long.len(), 8192);
    stage.login.sandbox.clear_faults();
    assert_eq!(stage.token_request(&long).send().await.unwrap().status(), 200);
    assert_eq!(stage.faulty_callback("AZ-20", "100_kib").await.code().len(), 100 * 1024);
    assert!(!stage.faulty_callback("AZ-20", "non_ascii").await.code().is_ascii());
    for (variant, raw) in [("bad_percent", "code=%zz"), ("bad_utf8", "code=%ff")] {
        let response = stage.faulty_authorization("AZ-20", variant).await;
        assert!(location(&response).contains(raw), "{}", location(&response));
    }
}

#[tokio::test]
async fn az_21_and_30_the_address_is_almost_the_redirect_uri() {
    let stage = Stage::at(Twin::Chattz).await;
    for (variant, expected) in [
        ("path", "http://127.0.0.1:9/callback/other?code="),
        ("host", "http://localhost:9/callback?code="),
        ("port", "http://127.0.0.1:10/callback?code="),
        ("scheme", "https://127.0.0.1:9/callback?code="),
        ("trailing_slash", "http://127.0.0.1:9/callback/?code="),
        ("userinfo", "http://sandbox:sandbox@127.0.0.1:9/callback?code="),
    ] {
        let response = stage.faulty_authorization("AZ-21", variant).await;
        assert!(location(&response).starts_with(expected), "{variant}: {}", location(&response));
    }
    let response = stage.faulty_authorization("AZ-30", "").await;
    assert!(location(&response).starts_with("http://sandbox:sandbox@127.0.0.1:9/callback?code="));
}

#[tokio::test]
async fn az_22_parameters_come_that_were_not_asked_for() {
    let stage = Stage::at(Twin::Chattz).await;
    let extra = stage.faulty_callback("AZ-22", "extra").await;
    assert_eq!((extra.code().len(), extra.get("sandbox_extra").as_deref()), (40, Some("1")));
    let jarm = stage.faulty_callback("AZ-22", "jarm").await;
    assert_eq!(pairs(&jarm).len(), 1);
    assert_eq!(jarm.get("response").unwrap().split('.').count(), 3);
}

#[tokio::test]
async fn az_29_the_browser_is_sent_where_no_redirect_may_lead() {
    let stage = Stage::at(Twin::Chattz).await;
    for (variant, scheme) in [
        ("file", "file:///"),
        ("data", "data:text/html,"),
        ("javascript", "javascript:"),
        ("custom_scheme", "sandbox-app://"),
        ("app_origin", "tauri://localhost/"),
        ("other_port", "http://127.0.0.1:9/?"),
    ] {
        let response = stage.faulty_authorization("AZ-29", variant).await;
        assert!(location(&response).starts_with(scheme), "{variant}: {}", location(&response));
    }
}

#[tokio::test]
async fn az_32_another_providers_code_comes_back() {
    let stage = Stage::at(Twin::Chattz).await;
    let chaster = browser::app(&stage.login.sandbox, Twin::Chaster).await;
    let response = stage.faulty_authorization("AZ-32", "any").await;
    let onward = stage.login.at(location(&response));
    assert!(onward.contains(Twin::Chaster.authorization_path()), "{onward}");
    assert!(onward.contains(&chaster.app.client_id.to_string()));
    let callback = browser::wire().get(onward).send().await.unwrap();
    let callback = Callback(location(&callback).parse().unwrap());
    assert_eq!(callback.get("state").unwrap(), STATE);
    assert!(callback.get("iss").unwrap().ends_with("/chaster/auth/realms/app"));
}

#[tokio::test]
async fn az_33_the_redirect_waits_as_long_as_the_rule_says() {
    let stage = Stage::at(Twin::Chattz).await;
    stage.set_rule(gatewright_sandbox::FaultRule { delay_ms: Some(150), ..stage.rule("AZ-33", "") });
    let began = std::time::Instant::now();
    let response = stage.authorize().await;
    assert!(began.elapsed() >= std::time::Duration::from_millis(150));
    assert!(location(&response).contains(STATE));
    assert_eq!(stage.injected(), ["AZ-33:"]);
}
