//! TK: refusals, and the members of token answers.

use gatewright_sandbox::Twin;
use serde_json::{Value, json};

use super::stage::{Stage, location};
use crate::browser::Callback;

#[tokio::test]
async fn tk_01_to_04_the_endpoint_is_broken_busy_or_a_page_and_the_code_stays_good() {
    let stage = Stage::at(Twin::Chattz).await;
    let code = stage.code().await;
    for (fault, variant, status, header, value) in [
        ("TK-01", "500", 500, "content-type", "application/json"),
        ("TK-01", "502", 502, "content-type", "text/html"),
        ("TK-01", "503_retry_after", 503, "retry-after", "2"),
        ("TK-02", "seconds", 429, "retry-after", "2"),
        ("TK-02", "date", 429, "retry-after", " GMT"),
        ("TK-02", "garbage", 429, "retry-after", "soon"),
        ("TK-03", "login_page", 200, "content-type", "text/html"),
        ("TK-03", "firewall", 200, "content-type", "text/html"),
        ("TK-04", "", 500, "content-type", "text/html"),
    ] {
        stage.set(fault, variant);
        let response = stage.token_request(&code).send().await.unwrap();
        assert_eq!(response.status(), status, "{fault}:{variant}");
        assert!(response.headers()[header].to_str().unwrap().contains(value), "{fault}:{variant}");
    }
    assert_eq!(stage.injected().len(), 9);
    stage.login.sandbox.clear_faults();
    assert_eq!(stage.token_request(&code).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn tk_10_the_access_token_comes_twice() {
    let stage = Stage::at(Twin::Chattz).await;
    for variant in ["same", "different"] {
        let text = stage.faulty_token("TK-10", variant).await.text().await.unwrap();
        let tokens: Vec<_> = text.split("\"access_token\":\"").skip(1).map(|rest| &rest[..40]).collect();
        assert_eq!((tokens.len(), tokens[0] == tokens[1]), (2, variant == "same"), "{text}");
    }
    let stage = Stage::at(Twin::Gitter).await;
    let form = stage.faulty_token("TK-10", "different").await.text().await.unwrap();
    assert_eq!(form.matches("access_token=").count(), 2, "{form}");
}

#[tokio::test]
async fn tk_15_the_access_token_is_missing_or_no_text() {
    let stage = Stage::at(Twin::ContentDb).await;
    for (variant, expected) in [
        ("missing", None),
        ("empty", Some(json!(""))),
        ("number", Some(json!(42))),
        ("object", Some(json!({"value": "x"}))),
        ("null", Some(Value::Null)),
    ] {
        let (_, members) = stage.faulty_json("TK-15", variant).await;
        assert_eq!(members.get("access_token"), expected.as_ref(), "{variant}");
        assert_eq!(members["token_type"], "Bearer", "the rest stays");
    }
}

#[tokio::test]
async fn tk_16_the_token_type_is_missing_or_unusual() {
    let stage = Stage::at(Twin::Chattz).await;
    for (variant, expected) in [
        ("missing", None),
        ("unknown", Some(json!("mac"))),
        ("upper_case", Some(json!("BEARER"))),
        ("mixed_case", Some(json!("bEaReR"))),
        ("number", Some(json!(42))),
    ] {
        assert_eq!(stage.faulty_json("TK-16", variant).await.1.get("token_type"), expected.as_ref(), "{variant}");
    }
}

#[tokio::test]
async fn tk_17_the_lifetime_is_missing_or_unusual() {
    let stage = Stage::at(Twin::Chattz).await;
    for (variant, expected) in [
        ("string", "\"expires_in\":\"3600\""),
        ("negative", "\"expires_in\":-1}"),
        ("zero", "\"expires_in\":0}"),
        ("fraction", "\"expires_in\":1.5}"),
        ("1e400", "\"expires_in\":1e400}"),
        ("null", "\"expires_in\":null}"),
        ("two_to_63", "\"expires_in\":9223372036854775808}"),
    ] {
        let text = stage.faulty_token("TK-17", variant).await.text().await.unwrap();
        assert!(text.contains(expected), "{variant}: {text}");
    }
    assert_eq!(stage.faulty_json("TK-17", "missing").await.1.get("expires_in"), None);
}

#[tokio::test]
async fn tk_18_and_19_scope_and_refresh_token_are_missing_or_unusual() {
    let stage = Stage::at(Twin::Chaster).await;
    for (fault, variant, member, expected) in [
        ("TK-18", "missing", "scope", None),
        ("TK-18", "commas", "scope", Some(json!("public,profile"))),
        ("TK-18", "array", "scope", Some(json!(["public", "profile"]))),
        ("TK-18", "number", "scope", Some(json!(42))),
        ("TK-19", "empty", "refresh_token", Some(json!(""))),
        ("TK-19", "number", "refresh_token", Some(json!(42))),
    ] {
        assert_eq!(stage.faulty_json(fault, variant).await.1.get(member), expected.as_ref(), "{fault}:{variant}");
    }
}

#[tokio::test]
async fn tk_20_to_22_refusals_come_in_other_shapes() {
    let stage = Stage::at(Twin::Gitter).await;
    let (status, body) = stage.faulty_json("TK-20", "").await;
    assert_eq!((status.as_u16(), &body["error"]), (200, &json!("bad_verification_code")));
    let (status, body) = stage.faulty_json("TK-21", "").await;
    assert_eq!((status.as_u16(), &body["success"]), (400, &json!(false)));
    assert!(body["error"].as_str().unwrap().contains(' '));
    let empty = stage.faulty_token("TK-22", "").await;
    assert_eq!((empty.status().as_u16(), &*empty.text().await.unwrap()), (400, ""));
}

#[tokio::test]
async fn tk_23_the_refusal_has_challenges() {
    let stage = Stage::at(Twin::Chattz).await;
    for (variant, count) in [("one", 1), ("several", 2), ("malformed", 1)] {
        let response = stage.faulty_token("TK-23", variant).await;
        assert_eq!(response.status(), 401);
        assert_eq!(response.headers().get_all("www-authenticate").iter().count(), count, "{variant}");
    }
}

#[tokio::test]
async fn tk_24_the_endpoint_redirects_and_its_log_shows_who_follows() {
    let stage = Stage::at(Twin::Chattz).await;
    for (variant, status, target) in [
        ("301", 301, "/chattz/sandbox-fault/elsewhere"),
        ("302", 302, "/chattz/sandbox-fault/elsewhere"),
        ("303", 303, "/chattz/sandbox-fault/elsewhere"),
        ("307", 307, "/chattz/sandbox-fault/elsewhere"),
        ("308", 308, "/chattz/sandbox-fault/elsewhere"),
        ("other_origin", 307, "http://localhost:"),
        ("other_host", 307, "http://elsewhere.sandbox.invalid/"),
        ("loop", 307, "/chattz/oauth/token"),
    ] {
        let response = stage.faulty_token("TK-24", variant).await;
        assert_eq!(response.status(), status, "{variant}");
        assert!(location(&response).starts_with(target), "{variant}: {}", location(&response));
    }
    let log = stage.login.sandbox.recent_requests();
    assert!(log.iter().all(|entry| !entry.path.contains("elsewhere")));
}

#[tokio::test]
async fn tk_26_the_tokens_come_with_another_status() {
    let stage = Stage::at(Twin::Chattz).await;
    for status in ["201", "202", "204", "206"] {
        let response = stage.faulty_token("TK-26", status).await;
        assert_eq!(response.status().as_str(), status);
        assert_eq!(response.text().await.unwrap().contains("access_token"), status != "204");
    }
}

#[tokio::test]
async fn tk_33_the_id_token_is_missing_although_openid_was_granted() {
    let stage = Stage::at(Twin::Chaster).await;
    let openid = stage.login.authorize(&[("scope", "openid")]);
    let response = crate::browser::wire().get(openid).send().await.unwrap();
    let code = Callback(location(&response).parse().unwrap()).code();
    stage.set("TK-33", "");
    let members: Value = stage.token_request(&code).send().await.unwrap().json().await.unwrap();
    assert_eq!((members.get("id_token"), &members["scope"]), (None, &json!("openid")));
    assert_eq!(stage.injected(), ["TK-33:"]);
}

#[tokio::test]
async fn tk_34_an_id_token_comes_although_openid_was_not_asked_for() {
    let (_, members) = Stage::at(Twin::Chaster).await.faulty_json("TK-34", "").await;
    assert_eq!((members["id_token"].as_str().unwrap().split('.').count(), &members["scope"]), (3, &json!("profile")));
}

#[tokio::test]
async fn tk_35_a_person_comes_instead_of_a_token() {
    let (status, members) = Stage::at(Twin::Chattz).await.faulty_json("TK-35", "").await;
    assert_eq!((status.as_u16(), members.get("access_token"), &members["id"]), (200, None, &json!(42)));
}

#[tokio::test]
async fn tk_36_the_access_token_cannot_stand_in_a_header() {
    let stage = Stage::at(Twin::Chattz).await;
    for (variant, part) in
        [("carriage_return", "\r"), ("line_feed", "\nX-Sandbox: 1"), ("space", " "), ("non_ascii", "✓")]
    {
        let (_, members) = stage.faulty_json("TK-36", variant).await;
        assert!(members["access_token"].as_str().unwrap().contains(part), "{variant}: {members}");
    }
}

#[tokio::test]
async fn tk_38_an_access_token_and_an_error_come_together() {
    let (_, members) = Stage::at(Twin::Chaster).await.faulty_json("TK-38", "").await;
    assert!(members["access_token"].is_string() && members["error"].is_string());
}

#[tokio::test]
async fn tk_41_and_42_the_date_is_wrong_and_a_cookie_is_set() {
    let stage = Stage::at(Twin::Chattr).await;
    let today = stage.token_request("any").send().await.unwrap().headers()["date"].clone();
    for variant in ["behind", "ahead"] {
        assert_ne!(
            stage.faulty_token("TK-41", variant).await.headers()["date"].as_bytes()[..16],
            today.as_bytes()[..16]
        );
    }
    assert!(stage.faulty_token("TK-42", "").await.headers().contains_key("set-cookie"));
}

#[tokio::test]
async fn tk_44_caches_may_keep_the_answer() {
    let stage = Stage::at(Twin::Chattz).await;
    let code = stage.code().await;
    let right = stage.token_request(&code).send().await.unwrap();
    assert_eq!(right.headers()["cache-control"], "no-store");
    assert!(!stage.faulty_token("TK-44", "no_header").await.headers().contains_key("cache-control"));
    assert_eq!(stage.faulty_token("TK-44", "max_age").await.headers()["cache-control"], "private, max-age=3600");
}

#[tokio::test]
async fn tk_43_the_endpoint_demands_a_dpop_nonce() {
    let response = Stage::at(Twin::Chattz).await.faulty_token("TK-43", "").await;
    assert_eq!((response.status().as_u16(), response.headers()["dpop-nonce"].len()), (400, 32));
    assert_eq!(response.json::<Value>().await.unwrap()["error"], "use_dpop_nonce");
}
