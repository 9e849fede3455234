use proptest::prelude::*;

use super::*;
use crate::answer::RetryAfter;

fn answer(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> HttpResponse {
    let headers = vec![("content-type".to_owned(), content_type.to_owned())];
    HttpResponse { status, headers, body: body.into(), cut: false }
}

fn json(status: u16, body: &str) -> HttpResponse {
    answer(status, "application/json", body)
}

fn plain_rules() -> TokenRules {
    TokenRules { success: SuccessRule::AccessToken, errors: ErrorStyle::Code }
}

fn contentdb_rules() -> TokenRules {
    TokenRules { success: SuccessRule::FlagAndAccessToken("/success".into()), errors: ErrorStyle::Sentence }
}

fn tokens(response: &HttpResponse) -> IssuedTokens {
    match TokenResponse::read(response, &plain_rules()) {
        TokenResponse::Issued(tokens) => tokens,
        other => panic!("taken for {other:?}"),
    }
}

fn defect(response: &HttpResponse) -> AnswerDefect {
    match TokenResponse::read(response, &plain_rules()) {
        TokenResponse::Malformed(defect) => defect,
        other => panic!("taken for {other:?}"),
    }
}

fn refused(response: &HttpResponse, rules: &TokenRules) -> Refusal {
    match TokenResponse::read(response, rules) {
        TokenResponse::Refused(refusal) => refusal,
        other => panic!("taken for {other:?}"),
    }
}

#[test]
fn the_answer_of_keycloak_is_read_whole() {
    let tokens = tokens(&json(
        200,
        r#"{"access_token":"a.b","expires_in":300,"refresh_expires_in":0,"refresh_token":"r","token_type":"bearer",
            "not-before-policy":0,"session_state":"x","scope":"profile email","id_token":"c.d.e"}"#,
    ));
    assert_eq!(tokens.access_token.expose(), "a.b");
    assert_eq!(tokens.refresh_token.unwrap().expose(), "r");
    assert_eq!(tokens.id_token.unwrap().expose(), "c.d.e");
    assert_eq!((tokens.expires_in, tokens.refresh_expires_in), (Some(300), Some(0)));
    assert_eq!(tokens.token_type.as_deref(), Some("bearer"));
    assert_eq!(tokens.oddities, []);
}

#[test]
fn a_form_encoded_answer_is_read_by_its_label_and_by_its_look() {
    let body = "access_token=abc&scope=flow%2Cprivate&token_type=bearer&expires_in=60";
    let labelled = tokens(&answer(200, "application/x-www-form-urlencoded; charset=utf-8", body));
    assert_eq!((labelled.scope.as_deref(), labelled.expires_in), (Some("flow,private"), Some(60)));
    assert_eq!(labelled.oddities, [Oddity::FormEncoded]);
    let mislabelled = tokens(&answer(200, "text/plain", body));
    assert_eq!(mislabelled.oddities, [Oddity::FormEncoded, Oddity::Mislabelled("text/plain".into())]);
}

#[test]
fn a_form_that_says_it_is_json_is_malformed() {
    assert_eq!(defect(&json(200, "access_token=abc&token_type=bearer")), AnswerDefect::FormLabelledJson);
}

#[test]
fn json_under_another_label_is_read_and_told() {
    let tokens = tokens(&answer(200, "text/html", r#"{"access_token":"a","token_type":"Bearer"}"#));
    assert_eq!(tokens.oddities, [Oddity::Mislabelled("text/html".into())]);
}

#[test]
fn json_in_utf_8_that_says_it_is_in_another_encoding_is_read_and_told() {
    let body = r#"{"access_token":"a","token_type":"Bearer"}"#;
    let told = tokens(&answer(200, "application/json; charset=UTF-16", body)).oddities;
    assert_eq!(told, [Oddity::Mislabelled("application/json; charset=UTF-16".into())]);
    assert_eq!(tokens(&answer(200, "application/json;charset=\"UTF-8\"", body)).oddities, []);
}

#[test]
fn an_answer_that_is_the_identity_needs_no_token() {
    let rules = TokenRules { success: SuccessRule::Present("/chattr_user_id".into()), errors: ErrorStyle::Either };
    let response = json(200, r#"{"chattr_user_id":42,"nickname":"ada"}"#);
    let TokenResponse::Identity(value, _) = TokenResponse::read(&response, &rules) else { panic!() };
    assert_eq!(value["chattr_user_id"], 42);
    let response = json(200, r#"{"nickname":"ada"}"#);
    let TokenResponse::Malformed(defect) = TokenResponse::read(&response, &rules) else { panic!() };
    assert_eq!(defect, AnswerDefect::NoSuccessSign("/chattr_user_id".into()));
}

#[test]
fn a_refusal_is_a_result_in_every_shape() {
    let standard = json(400, r#"{"error":"invalid_grant","error_description":"Code not valid"}"#);
    let refusal = refused(&standard, &plain_rules());
    assert_eq!(refusal.error.error.as_deref(), Some("invalid_grant"));
    assert_eq!(refusal.error.description.as_deref(), Some("Code not valid"));

    let sentence = json(400, r#"{"success":false,"error":"Incorrect code. It may have already been redeemed"}"#);
    let refusal = refused(&sentence, &contentdb_rules());
    assert_eq!(refusal.error.error, None);
    assert_eq!(refusal.error.description.as_deref(), Some("Incorrect code. It may have already been redeemed"));

    assert_eq!(refused(&json(400, ""), &plain_rules()).error, ErrorResponse::default());
    let flag_only = refused(&json(200, r#"{"success":false}"#), &contentdb_rules());
    assert_eq!((flag_only.status, flag_only.error), (200, ErrorResponse::default()));
}

#[test]
fn an_error_with_status_200_is_a_refusal() {
    let refusal = refused(&json(200, r#"{"error":"bad_verification_code"}"#), &plain_rules());
    assert_eq!((refusal.status, refusal.error.error.as_deref()), (200, Some("bad_verification_code")));
}

#[test]
fn the_challenge_speaks_before_the_body() {
    let mut response = json(401, r#"{"error":"other"}"#);
    response.headers.push(("www-authenticate".into(), r#"Bearer error="invalid_client""#.into()));
    assert_eq!(refused(&response, &plain_rules()).error.error.as_deref(), Some("invalid_client"));
}

#[test]
fn what_cannot_be_used_is_malformed_and_says_why() {
    assert_eq!(defect(&answer(200, "text/html", "<!doctype html><p>log in")), AnswerDefect::Html { status: 200 });
    assert_eq!(defect(&answer(404, "text/html", "<h1>not here")), AnswerDefect::Html { status: 404 });
    assert_eq!(
        defect(&json(502, r#"{"error":"invalid_grant"}"#)),
        AnswerDefect::ServerFailed { status: 502, retry_after: None }
    );
    for status in [101, 201, 202, 204, 206] {
        let defect = defect(&json(status, r#"{"access_token":"a","token_type":"Bearer"}"#));
        assert_eq!(defect, AnswerDefect::UnexpectedStatus { status });
    }
    assert_eq!(defect(&json(200, "")), AnswerDefect::Empty);
    assert_eq!(defect(&json(200, "[]")), AnswerDefect::NotAnObject);
    assert_eq!(defect(&json(200, r#"{"access_token":"abc"#)), AnswerDefect::NotReadable);
    assert_eq!(defect(&json(200, "ok")), AnswerDefect::NotReadable);
    assert_eq!(defect(&json(200, &"[".repeat(100_000))), AnswerDefect::NotReadable);
    assert_eq!(defect(&answer(200, "application/json", [b'{', 0xff])), AnswerDefect::NotUtf8);
    assert_eq!(defect(&json(200, r#"{"expires_in":1}"#)), AnswerDefect::NoAccessToken);
    assert_eq!(defect(&json(200, r#"{"access_token":"a","error":"b"}"#)), AnswerDefect::TokenAndError);
    assert_eq!(
        defect(&json(200, r#"{"access_token":"a","access_token":"b"}"#)),
        AnswerDefect::Twice("access_token".into())
    );
    assert_eq!(
        defect(&json(200, r#"{"access_token":"a","token_type":"mac"}"#)),
        AnswerDefect::UnknownTokenType("mac".into())
    );
    assert_eq!(
        defect(&json(200, r#"{"access_token":"a","token_type":1}"#)),
        AnswerDefect::UnknownTokenType("1".into())
    );
}

#[test]
fn text_in_utf_16_is_told_from_broken_json_with_and_without_its_mark() {
    let text = r#"{"access_token":"a"}"#;
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let marked = [&[0xff, 0xfe], &little[..]].concat();
    for body in [little, big, marked] {
        assert_eq!(defect(&answer(200, "application/json", body)), AnswerDefect::NotUtf8);
    }
    let marked = tokens(&json(200, "\u{feff}{\"access_token\":\"a\",\"token_type\":\"Bearer\"}"));
    assert_eq!(marked.oddities, [Oddity::ByteOrderMark]);
}

#[test]
fn a_packed_answer_is_not_read_whatever_it_is_packed_with() {
    let mut response = json(200, r#"{"access_token":"a","token_type":"Bearer"}"#);
    response.headers.push(("content-encoding".into(), "br".into()));
    assert_eq!(defect(&response), AnswerDefect::Packed("br".into()));
}

#[test]
fn a_server_that_was_asked_too_often_says_when_to_come_back() {
    let mut response = json(429, r#"{"error":"slow_down"}"#);
    response.headers.push(("retry-after".into(), "7".into()));
    let refusal = refused(&response, &plain_rules());
    assert!(refusal.is_rate_limit());
    assert_eq!(refusal.retry_after, Some(RetryAfter::Seconds(7)));
    response.status = 503;
    let expected = AnswerDefect::ServerFailed { status: 503, retry_after: Some(RetryAfter::Seconds(7)) };
    assert_eq!(defect(&response), expected);
}

#[test]
fn a_demand_for_dpop_is_told_from_a_refusal_in_body_and_header() {
    assert_eq!(defect(&json(400, r#"{"error":"use_dpop_nonce"}"#)), AnswerDefect::DpopDemanded);
    let mut response = json(401, "");
    response.headers.push(("www-authenticate".into(), r#"DPoP error="use_dpop_nonce""#.into()));
    assert_eq!(defect(&response), AnswerDefect::DpopDemanded);
}

#[test]
fn a_scope_that_is_no_text_is_ignored_and_a_missing_one_means_what_was_asked_for() {
    let with = |scope: &str| {
        let members = format!(r#""access_token":"a","token_type":"bEaReR"{scope}"#);
        tokens(&json(200, &format!("{{{members}}}")))
    };
    let asked = ["openid".to_owned(), "email".to_owned()];
    let none = with("");
    assert_eq!((none.granted_scopes(' ', &asked), none.oddities), (asked.to_vec(), vec![]));
    assert_eq!(with(r#","scope":"a,b""#).granted_scopes(',', &asked), ["a", "b"]);
    assert_eq!(with(r#","scope":" a  b ""#).granted_scopes(' ', &asked), ["a", "b"]);
    for odd in ["[\"a\"]", "7"] {
        assert_eq!(with(&format!(r#","scope":{odd}"#)).oddities, [Oddity::ScopeNotText]);
    }
}

#[test]
fn a_refresh_token_that_is_empty_or_no_text_is_ignored_and_told() {
    for odd in [r#""""#, "7", r#""a\nb""#] {
        let body = format!(r#"{{"access_token":"a","token_type":"Bearer","refresh_token":{odd}}}"#);
        let tokens = tokens(&json(200, &body));
        assert!(tokens.refresh_token.is_none());
        assert_eq!(tokens.oddities, [Oddity::TokenIgnored("refresh_token".into())]);
    }
}

#[test]
fn a_redirect_is_never_read_and_its_target_is_shown_without_query() {
    let mut response = json(308, "");
    response.headers.push(("location".into(), "https://id.example/token/?code=1".into()));
    let expected = AnswerDefect::Redirected { status: 308, target: "https://id.example/token/".into() };
    assert_eq!(defect(&response), expected);
}

#[test]
fn an_answer_cut_at_the_limit_is_not_read() {
    let mut response = json(200, r#"{"access_token":"a","token_type":"Bearer"}"#);
    response.cut = true;
    assert_eq!(defect(&response), AnswerDefect::TooLarge);
}

#[test]
fn a_token_that_could_break_out_of_a_header_is_refused() {
    for token in ["a\\r\\nb", "ä", " ", "a b", "a\\u0000"] {
        let response = json(200, &format!(r#"{{"access_token":"{token}","token_type":"Bearer"}}"#));
        assert_eq!(defect(&response), AnswerDefect::AccessTokenMalformed, "{token}");
    }
}

#[test]
fn an_access_token_that_is_empty_or_no_text_is_none() {
    for token in [r#""""#, "7", "{}", "null"] {
        let response = json(200, &format!(r#"{{"access_token":{token},"token_type":"Bearer"}}"#));
        assert_eq!(defect(&response), AnswerDefect::NoAccessToken, "{token}");
    }
}

#[test]
fn a_lifetime_is_believed_only_when_it_can_be_meant() {
    let lifetime = |text: &str| {
        let tokens =
            tokens(&json(200, &format!(r#"{{"access_token":"a","token_type":"Bearer","expires_in":{text}}}"#)));
        (tokens.expires_in, tokens.oddities)
    };
    assert_eq!(lifetime("3600"), (Some(3600), vec![]));
    assert_eq!(lifetime(r#""3600""#), (Some(3600), vec![Oddity::LifetimeAsText("3600".into())]));
    for odd in ["-1", "0", "1.5", "9223372036854775808", "null", "1e300", "1e400"] {
        let (seconds, oddities) = lifetime(odd);
        assert_eq!(seconds, None, "{odd}");
        assert!(
            matches!(&oddities[..], [Oddity::LifetimeIgnored(name, _)] if name == "expires_in"),
            "{odd}: {oddities:?}"
        );
    }
}

proptest! {
    #[test]
    fn any_token_comes_back_as_it_was_issued(token in "[!-~]{1,300}") {
        let body = serde_json::json!({"access_token": token, "token_type": "BEARER"}).to_string();
        let issued = tokens(&json(200, &body));
        prop_assert_eq!(issued.access_token.expose(), token.as_str());
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("access_token", &token).append_pair("token_type", "bearer").finish();
        let issued = tokens(&answer(200, "application/x-www-form-urlencoded", form));
        prop_assert_eq!(issued.access_token.expose(), token.as_str());
    }

    #[test]
    fn every_json_answer_has_a_judgement(members in "[a-z_\",:{}0-9\\[\\]]{0,60}") {
        let body = format!(r#"{{"access_token":"a","expires_in":{members}}}"#);
        let _ = TokenResponse::read(&json(200, &body), &plain_rules());
    }

    #[test]
    fn every_answer_has_a_judgement(status in 100_u16..600, label in "[ -~]{0,30}", body: Vec<u8>) {
        let _ = TokenResponse::read(&answer(status, &label, body), &contentdb_rules());
    }
}
