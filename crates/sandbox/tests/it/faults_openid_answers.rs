//! UI, RF, RV, LO: what is on the wire when what comes after the login goes wrong.

use gatewright_sandbox::{OpenIdSettings, SignatureAlgorithm, Twin};
use serde_json::{Value, json};

use crate::browser::{CALLBACK, claims_of, wire};
use crate::openid_rig::{Answer, PROTOCOL, Rig};

type Row = (&'static str, &'static str, fn(&Answer, &Value) -> bool);

/// The fault, its variant, and what must be true of the bent and the right identity at Chaster.
const IDENTITY: &[Row] = &[
    ("UI-01", "", |answer, right| answer.json()["sub"] == format!("{}invalid", right["sub"].as_str().unwrap())),
    ("UI-02", "", |answer, _| answer.json()["name"].is_string() && answer.json().get("sub").is_none()),
    ("UI-03", "", |answer, right| {
        answer.header("content-type") == "application/jwt" && claims(answer)["sub"] == right["sub"]
    }),
    ("UI-04", "bad_signature", |answer, right| claims(answer)["sub"] == right["sub"]),
    ("UI-04", "alg_none", |answer, _| answer.text.ends_with('.') && answer.text.starts_with("eyJhbGciOiJub25lIn0.")),
    ("UI-04", "iss", |answer, _| claims(answer)["iss"].as_str().unwrap().ends_with("/realms/app1")),
    ("UI-04", "aud", |answer, _| claims(answer)["aud"] == "another-client"),
    ("UI-05", "unauthorized", |answer, _| {
        answer.status == 401 && answer.header("www-authenticate").contains("invalid_token")
    }),
    ("UI-05", "insufficient_scope", |answer, _| {
        answer.status == 403 && answer.header("www-authenticate").contains("Missing openid scope")
    }),
    ("UI-05", "not_authenticated", |answer, _| answer.status == 200 && answer.json()["is_authenticated"] == false),
    ("UI-06", "html", |answer, _| answer.status == 200 && answer.text.contains("<h1>Sign in</h1>")),
    ("UI-06", "redirect", |answer, _| answer.status == 302 && answer.header("location").contains("/login-actions/")),
    ("UI-07", "one", |answer, right| answer.json() == json!([right])),
    ("UI-07", "two", |answer, right| answer.json() == json!([right, right])),
    ("UI-07", "none", |answer, _| answer.json() == json!([])),
    ("UI-08", "html", |answer, _| shown(answer).contains("<script>")),
    ("UI-08", "formula", |answer, _| shown(answer).starts_with("=HYPERLINK(")),
    ("UI-08", "bidi", |answer, _| shown(answer).contains('\u{202e}')),
    ("UI-08", "ansi", |answer, _| shown(answer).contains("\u{1b}]8;;")),
    ("UI-08", "javascript_avatar", |answer, _| answer.json()["picture"].as_str().unwrap().starts_with("javascript:")),
    ("UI-08", "megabyte", |answer, _| shown(answer).len() == 1 << 20),
    ("UI-09", "aggregated", |answer, _| source(answer)["JWT"].is_string()),
    ("UI-09", "distributed_loopback", |answer, _| {
        source(answer)["endpoint"].as_str().unwrap().starts_with("http://127.0.0.1:")
    }),
    ("UI-09", "distributed_attacker", |answer, _| {
        source(answer)["endpoint"].as_str().unwrap().starts_with("http://localhost:")
    }),
    ("UI-10", "", |answer, _| answer.status == 302 && answer.header("location").contains("?access_token=")),
    ("UI-11", "", |answer, right| answer.json()["sub"] != right["sub"]),
    ("UI-12", "number", |answer, _| answer.json()["sub"] == 42),
    ("UI-12", "text", |answer, _| answer.json()["sub"] == "42"),
    ("UI-12", "large", |answer, _| answer.text.contains("\"sub\":9007199254740993")),
];

fn claims(answer: &Answer) -> Value {
    claims_of(&json!(answer.text))
}

fn shown(answer: &Answer) -> String {
    answer.json()["name"].as_str().unwrap().to_owned()
}

fn source(answer: &Answer) -> Value {
    let body = answer.json();
    body["_claim_sources"][body["_claim_names"]["payment_info"].as_str().unwrap()].clone()
}

#[tokio::test]
async fn each_wrong_identity_is_on_the_wire() {
    let rig = Rig::at(Twin::Chaster).await;
    let tokens = rig.tokens(&[]).await.json();
    let access_token = tokens["access_token"].as_str().unwrap();
    let right = rig.identity(access_token).await.json();
    for (fault, variant, is_on_the_wire) in IDENTITY {
        rig.inject(fault, variant);
        let answer = rig.identity(access_token).await;
        rig.assert_injected(fault, variant, &answer);
        let shown: String = answer.text.chars().take(400).collect();
        assert!(is_on_the_wire(&answer, &right), "{fault} {variant}: {} {shown}", answer.status);
    }
}

#[tokio::test]
async fn an_app_registered_for_signed_userinfo_gets_plain_json() {
    let rig = Rig::at(Twin::Chaster).await;
    let signed =
        OpenIdSettings { userinfo_signed_response_alg: Some(SignatureAlgorithm::Rs256), ..OpenIdSettings::default() };
    rig.login.sandbox.set_openid_settings(&rig.login.id(), signed).await.unwrap();
    let tokens = rig.tokens(&[]).await.json();
    rig.inject("UI-04", "plain_json");
    let answer = rig.identity(tokens["access_token"].as_str().unwrap()).await;
    rig.assert_injected("UI-04", "plain_json", &answer);
    assert_eq!(
        (answer.header("content-type"), &answer.json()["preferred_username"]),
        ("application/json", &json!("theo"))
    );
}

#[tokio::test]
async fn a_signed_identity_holds_and_a_broken_one_does_not() {
    let rig = Rig::at(Twin::Chaster).await;
    let tokens = rig.tokens(&[]).await.json();
    for (fault, variant, holds) in [("UI-03", "", true), ("UI-04", "bad_signature", false)] {
        rig.inject(fault, variant);
        let jwt = rig.identity(tokens["access_token"].as_str().unwrap()).await.text;
        let body = json!({"id_token": jwt, "access_token": ""}).to_string();
        let answer = Answer { status: 200, headers: reqwest::header::HeaderMap::new(), text: body };
        assert_eq!(crate::openid_rig::Seen::of(&rig, &answer).await.holds(), holds, "{fault}");
    }
}

#[tokio::test]
async fn the_other_twins_identities_go_wrong_in_their_own_members() {
    for (twin, subject) in [(Twin::Chattz, "id"), (Twin::Gitter, "id"), (Twin::ContentDb, "username")] {
        let rig = Rig::at(twin).await;
        let (status, tokens) = rig.login.exchange(&rig.code(&[]).await, &[]).await;
        assert_eq!(status, 200);
        // Gitter answers form-encoded; the token stands between the first two signs.
        let access_token = match &tokens {
            Value::String(form) => form.split(['=', '&']).nth(1).unwrap().to_owned(),
            json => json["access_token"].as_str().unwrap().to_owned(),
        };
        let right = rig.identity(&access_token).await.json();
        rig.inject("UI-12", "number");
        assert_eq!(rig.identity(&access_token).await.json()[subject], 42, "{twin:?}");
        rig.inject("UI-02", "");
        assert!(rig.identity(&access_token).await.json().get(subject).is_none(), "{twin:?}");
        rig.inject("UI-07", "one");
        assert_eq!(rig.identity(&access_token).await.json(), json!([right]), "{twin:?}");
        rig.inject("UI-11", "");
        let (first, second) = (rig.identity(&access_token).await.json(), rig.identity(&access_token).await.json());
        assert_ne!(first[subject], second[subject], "{twin:?}");
    }
}

#[tokio::test]
async fn each_wrong_refresh_is_on_the_wire() {
    const ROWS: &[Row] = &[
        ("RF-01", "", |answer, first| answer.json()["refresh_token"] != first["refresh_token"]),
        ("RF-02", "", |answer, first| answer.json()["refresh_token"] == first["refresh_token"]),
        ("RF-03", "", |answer, _| {
            answer.json()["access_token"].is_string() && answer.json().get("refresh_token").is_none()
        }),
        ("RF-05", "", |answer, _| answer.status == 400 && answer.json()["error"] == "invalid_grant"),
        ("RF-06", "", |answer, first| answer.json()["scope"] == format!("{} admin", first["scope"].as_str().unwrap())),
        ("RF-08", "", |answer, _| answer.status == 500),
        ("RF-11", "zero", |answer, _| answer.json()["expires_in"] == 0),
        ("RF-11", "one", |answer, _| answer.json()["expires_in"] == 1),
    ];
    let rig = Rig::at(Twin::Chaster).await;
    for (fault, variant, is_on_the_wire) in ROWS {
        let first = rig.tokens(&[]).await.json();
        rig.inject(fault, variant);
        let answer = rig.refresh(&first).await;
        rig.assert_injected(fault, variant, &answer);
        assert!(is_on_the_wire(&answer, &first), "{fault} {variant}: {} {}", answer.status, answer.text);
        rig.login.sandbox.clear_faults();
        let works_on = rig.refresh(&first).await.status == 200;
        assert_eq!(works_on, !matches!(*fault, "RF-01" | "RF-08"), "{fault}: the old refresh token");
    }
}

#[tokio::test]
async fn a_refresh_whose_answer_is_lost_has_used_the_token_up() {
    let rig = Rig::at(Twin::Chaster).await;
    for variant in ["reset", "closed"] {
        let first = rig.tokens(&[]).await.json();
        rig.inject("RF-04", variant);
        let fields = [("grant_type", "refresh_token"), ("refresh_token", first["refresh_token"].as_str().unwrap())];
        assert!(rig.request("token", &fields).send().await.is_err(), "{variant}: an answer came");
        let injection = rig.last_injection();
        assert_eq!((injection.fault, injection.variant), ("RF-04", Some(variant)));
        rig.login.sandbox.clear_faults();
        assert_eq!(rig.refresh(&first).await.json()["error"], "invalid_grant", "{variant}");
    }
}

#[tokio::test]
async fn each_wrong_revocation_is_on_the_wire() {
    const ROWS: &[Row] = &[
        ("RV-01", "", |answer, alive| answer.status == 200 && *alive == true),
        ("RV-02", "", |answer, alive| answer.status == 503 && answer.header("retry-after") == "1" && *alive == true),
        ("RV-03", "", |answer, alive| answer.json()["error"] == "unsupported_token_type" && *alive == true),
        ("RV-07", "", |answer, alive| answer.status == 200 && answer.json()["error"].is_string() && *alive == true),
        ("RV-04", "html", |answer, alive| answer.text.starts_with("<!doctype") && *alive == false),
        ("RV-04", "empty", |answer, alive| answer.text.is_empty() && *alive == false),
    ];
    let rig = Rig::at(Twin::Chaster).await;
    for (fault, variant, is_on_the_wire) in ROWS {
        let tokens = rig.tokens(&[]).await.json();
        let access_token = tokens["access_token"].as_str().unwrap();
        rig.inject(fault, variant);
        let answer = rig.post("revoke", &[("token", access_token)]).await;
        rig.assert_injected(fault, variant, &answer);
        let alive = json!(rig.identity(access_token).await.status == 200);
        assert!(is_on_the_wire(&answer, &alive), "{fault} {variant}: {} {} {alive}", answer.status, answer.text);
    }
}

#[tokio::test]
async fn contentdb_deletes_a_token_and_says_something_else() {
    let rig = Rig::at(Twin::ContentDb).await;
    for (fault, variant, status, deleted) in [
        ("RV-01", "", 200, false),
        ("RV-02", "", 503, false),
        ("RV-06", "ok", 200, true),
        ("RV-06", "not_found", 404, true),
        ("RV-07", "", 200, false),
    ] {
        let tokens = rig.login.exchange(&rig.code(&[]).await, &[]).await.1;
        let access_token = tokens["access_token"].as_str().unwrap();
        rig.inject(fault, variant);
        let request = wire().delete(rig.login.at("/contentdb/api/delete-token/")).bearer_auth(access_token);
        let answer = Answer::of(request.send().await.unwrap()).await;
        rig.assert_injected(fault, variant, &answer);
        assert_eq!(answer.status, status, "{fault} {variant}");
        assert_eq!(rig.identity(access_token).await.status != 200, deleted, "{fault} {variant}");
    }
    rig.inject("RV-06", "ok");
    let again = wire().delete(rig.login.at("/contentdb/api/delete-token/")).bearer_auth("a-token-nobody-knows");
    assert_eq!(Answer::of(again.send().await.unwrap()).await.json(), json!({"success": true}));
}

#[tokio::test]
async fn introspection_says_active_in_words_of_its_own() {
    let rig = Rig::at(Twin::Chaster).await;
    let tokens = rig.tokens(&[]).await.json();
    for (variant, active) in [("text", Some(json!("true"))), ("missing", None), ("number", Some(json!(1)))] {
        rig.inject("RV-05", variant);
        let answer = rig.post("token/introspect", &[("token", tokens["access_token"].as_str().unwrap())]).await;
        rig.assert_injected("RV-05", variant, &answer);
        assert_eq!(answer.json().get("active"), active.as_ref(), "{variant}");
        assert_eq!(answer.json()["client_id"], rig.login.id());
    }
}

#[tokio::test]
async fn introspection_is_closed_to_the_client() {
    let rig = Rig::at(Twin::Chaster).await;
    let tokens = rig.tokens(&[]).await.json();
    for (variant, status, error) in [("unauthorized", 401, "invalid_client"), ("forbidden", 403, "access_denied")] {
        rig.inject("RV-08", variant);
        let answer = rig.post("token/introspect", &[("token", tokens["access_token"].as_str().unwrap())]).await;
        rig.assert_injected("RV-08", variant, &answer);
        assert_eq!((answer.status, &answer.json()["error"]), (status, &json!(error)), "{variant}");
    }
}

#[tokio::test]
async fn the_way_back_from_a_logout_loses_or_changes_the_state() {
    let rig = Rig::at(Twin::Chaster).await;
    let (other, twice) = (format!("{CALLBACK}?state=another-state"), format!("{CALLBACK}?state=bye&state=bye"));
    for (fault, variant, status, location) in [
        ("LO-01", "", 302, CALLBACK),
        ("LO-02", "other", 302, &*other),
        ("LO-02", "twice", 302, &*twice),
        ("LO-03", "", 200, ""),
    ] {
        let tokens = rig.tokens(&[]).await.json();
        rig.inject(fault, variant);
        let fields = [
            ("id_token_hint", tokens["id_token"].as_str().unwrap()),
            ("post_logout_redirect_uri", CALLBACK),
            ("state", "bye"),
        ];
        let url = rig.login.at(&format!("{PROTOCOL}/logout"));
        let answer = Answer::of(wire().post(url).form(&fields).send().await.unwrap()).await;
        rig.assert_injected(fault, variant, &answer);
        assert_eq!((answer.status, answer.header("location")), (status, location), "{fault} {variant}");
        rig.login.sandbox.clear_faults();
        assert_eq!(rig.refresh(&tokens).await.status, 400, "{fault}: the session is over all the same");
    }
}

#[test]
fn every_variant_of_the_faults_after_the_login_is_looked_at() {
    // Those not in a table of their own, by the tests above.
    let elsewhere = "UI-04 plain_json, RF-01, RF-02, RF-03, RF-04 reset, RF-04 closed, RF-05, RF-06, RF-07 sub, RF-07 iss, RF-08, \
                     RF-11 zero, RF-11 one, RV-01, RV-02, RV-03, RV-04 html, RV-04 empty, RV-05 text, RV-05 missing, RV-05 number, \
                     RV-06 ok, RV-06 not_found, RV-07, RV-08 unauthorized, RV-08 forbidden, LO-01, LO-02 other, LO-02 twice, LO-03";
    let mut tested: Vec<_> = elsewhere.split(", ").map(str::to_owned).collect();
    tested.extend(IDENTITY.iter().map(|(fault, variant, _)| format!("{fault} {variant}").trim().to_owned()));
    for definition in gatewright_sandbox::fault_catalogue() {
        if !["UI", "RF", "RV", "LO"].contains(&&definition.id[..2]) {
            continue;
        }
        let only = [""];
        for variant in if definition.variants.is_empty() { &only[..] } else { definition.variants } {
            let name = format!("{} {variant}", definition.id);
            assert!(tested.iter().any(|tested| tested == name.trim()), "{name} is not looked at");
        }
    }
}
