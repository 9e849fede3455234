//! Tests of reading and comparing metadata.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::answer::AnswerDefect;
use crate::http::HttpResponse;

const ISSUER: &str = "https://op.example/realms/one";

fn issuer() -> Issuer {
    Issuer::parse(ISSUER).unwrap()
}

fn good() -> Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://op.example/authorize",
        "token_endpoint": "https://op.example/token",
        "jwks_uri": "https://op.example/keys",
        "response_types_supported": ["code"],
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut document = good();
    document[name] = value;
    document
}

fn answer(status: u16, body: &str) -> HttpResponse {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    HttpResponse { status, headers, body: body.as_bytes().to_vec(), cut: false }
}

fn read(document: &Value) -> Result<Metadata, MetadataDefect> {
    Metadata::read(&answer(200, &document.to_string()), &issuer(), DocumentKind::OpenId)
}

fn codes(read: Result<Metadata, MetadataDefect>) -> Vec<(&'static str, String)> {
    read.unwrap_err().discrepancies().into_iter().map(|found| (found.code, found.field)).collect()
}

#[test]
fn the_documents_stand_behind_the_path_and_before_it() {
    for (text, openid, oauth) in [
        (
            ISSUER,
            "https://op.example/realms/one/.well-known/openid-configuration",
            "https://op.example/.well-known/oauth-authorization-server/realms/one",
        ),
        (
            "https://op.example/",
            "https://op.example/.well-known/openid-configuration",
            "https://op.example/.well-known/oauth-authorization-server",
        ),
        (
            "http://127.0.0.1:4000/a/",
            "http://127.0.0.1:4000/a/.well-known/openid-configuration",
            "http://127.0.0.1:4000/.well-known/oauth-authorization-server/a",
        ),
    ] {
        let well_known = Issuer::parse(text).unwrap().well_known();
        assert_eq!((well_known.openid.as_str(), well_known.oauth.as_str()), (openid, oauth));
    }
}

#[test]
fn an_issuer_is_an_address_without_query_and_not_that_of_a_document() {
    assert_eq!(Issuer::parse("https://op.example/?a=b"), Err(IssuerError::Query));
    assert_eq!(Issuer::parse("http://op.example"), Err(IssuerError::Address(AddressDefect::PlainHttp)));
    assert_eq!(Issuer::parse("op.example"), Err(IssuerError::Address(AddressDefect::NotAnAddress)));
    let suggested = |text| Issuer::parse(text).unwrap_err();
    let is_probably = |issuer: &str| IssuerError::WellKnown(issuer.to_owned());
    assert_eq!(suggested("https://op.example/realms/one/.well-known/openid-configuration"), is_probably(ISSUER));
    assert_eq!(suggested("https://op.example/.well-known/oauth-authorization-server/realms/one"), is_probably(ISSUER));
    assert_eq!(issuer().as_str(), ISSUER);
}

#[test]
fn a_good_document_is_read() {
    let mut document = with("authorization_response_iss_parameter_supported", json!(true));
    document["scopes_supported"] = json!(["openid", "email"]);
    document["unknown"] = json!({ "a": 1 });
    document["mtls_endpoint_aliases"] = json!({ "token_endpoint": "https://mtls.op.example/token" });
    let metadata = read(&document).unwrap();
    assert_eq!(metadata.issuer(), ISSUER);
    assert_eq!(metadata.endpoint(Endpoint::Token).unwrap().as_str(), "https://op.example/token");
    assert_eq!(metadata.endpoint(Endpoint::Revocation), None);
    assert_eq!(metadata.scopes().unwrap(), ["openid", "email"]);
    assert_eq!(metadata.code_challenge_methods(), None);
    assert!(metadata.returns_issuer());
    assert_eq!(
        metadata.missing(DocumentKind::OpenId),
        ["subject_types_supported", "id_token_signing_alg_values_supported"]
    );
    let kept = Value::Object(metadata.members().clone()).to_string();
    assert_eq!(Metadata::parse(&kept, &issuer(), DocumentKind::OAuth).unwrap(), metadata);
}

#[test]
fn a_document_of_another_issuer_is_refused() {
    let near_miss = |other: Value| match read(&with("issuer", other.clone())) {
        Err(MetadataDefect::OtherIssuer { near_miss, .. }) => near_miss,
        other => panic!("{other:?}"),
    };
    assert_eq!(near_miss(json!(format!("{ISSUER}INVALID"))), None);
    assert_eq!(near_miss(json!(format!("{ISSUER}/"))), Some(NearMiss::Spelling));
    assert_eq!(near_miss(json!("https://OP.example/realms/One")), Some(NearMiss::Spelling));
    assert_eq!(near_miss(json!("https://op.example/{tenantid}/v2.0")), Some(NearMiss::Template));
    assert_eq!(near_miss(json!(null)), None);
    assert_eq!(near_miss(json!([ISSUER])), None);
    assert_eq!(codes(read(&with("issuer", json!("x"))))[0].0, "metadata_issuer_mismatch");
}

#[test]
fn an_answer_that_is_no_document_is_refused() {
    let read = |status, body| Metadata::read(&answer(status, body), &issuer(), DocumentKind::OAuth).unwrap_err();
    assert_eq!(read(404, "{}"), MetadataDefect::Absent(404));
    assert_eq!(read(200, "[]"), MetadataDefect::NotAnObject);
    assert!(matches!(read(200, "<html>"), MetadataDefect::Answer(AnswerDefect::Html { .. })));
    assert!(matches!(read(302, ""), MetadataDefect::Answer(AnswerDefect::Redirected { .. })));
    assert!(matches!(read(500, ""), MetadataDefect::Answer(AnswerDefect::ServerFailed { .. })));
    assert!(matches!(read(200, r#"{"issuer":"#), MetadataDefect::Answer(_)));
    let twice = good().to_string().replacen('{', r#"{"token_endpoint":"https://evil.example","#, 1);
    assert_eq!(read(200, &twice), MetadataDefect::Answer(AnswerDefect::Twice("token_endpoint".into())));
    assert!(matches!(Metadata::parse(&twice, &issuer(), DocumentKind::OAuth), Err(MetadataDefect::Answer(_))));
}

#[test]
fn every_member_that_cannot_be_used_is_told() {
    let mut document = good();
    document.as_object_mut().unwrap().remove("authorization_endpoint");
    document["token_endpoint"] = json!(7);
    document["jwks_uri"] = json!("http://op.example/keys");
    document["scopes_supported"] = json!("openid");
    document["response_types_supported"] = json!(["code", 7]);
    document["authorization_response_iss_parameter_supported"] = json!("true");
    let found = codes(read(&document));
    let found: Vec<_> = found.iter().map(|(code, field)| (*code, field.as_str())).collect();
    assert_eq!(
        found,
        [
            ("metadata_member_missing", "authorization_endpoint"),
            ("metadata_member_type", "token_endpoint"),
            ("metadata_endpoint", "jwks_uri"),
            ("metadata_member_type", "scopes_supported"),
            ("metadata_member_type", "response_types_supported"),
            ("metadata_member_type", "authorization_response_iss_parameter_supported"),
        ]
    );
}

#[test]
fn an_oauth_document_needs_no_keys_and_an_openid_document_does() {
    let mut document = good();
    document.as_object_mut().unwrap().remove("jwks_uri");
    assert_eq!(codes(read(&document)), [("metadata_member_missing", "jwks_uri".to_owned())]);
    assert!(Metadata::parse(&document.to_string(), &issuer(), DocumentKind::OAuth).is_ok());
}

#[test]
fn an_address_that_may_not_be_used_is_told_with_its_reason() {
    let defect = |text| check_address(text, Reach::Internet).unwrap_err();
    assert_eq!(defect("http://op.example/token"), AddressDefect::PlainHttp);
    assert_eq!(defect("file:///etc/passwd"), AddressDefect::OtherScheme("file".into()));
    assert_eq!(defect("javascript:alert(1)"), AddressDefect::OtherScheme("javascript".into()));
    assert_eq!(defect("https://user:pass@op.example/"), AddressDefect::UserInfo);
    assert_eq!(defect("https://@op.example/"), AddressDefect::UserInfo);
    assert_eq!(defect("https://op.example/#x"), AddressDefect::Fragment);
    assert_eq!(defect("https://op.example:0/"), AddressDefect::PortZero);
    assert_eq!(defect("https://op.example/a b"), AddressDefect::Unprintable);
    assert_eq!(defect("https://op.example\\@evil.example/"), AddressDefect::Unprintable);
    for text in ["/token", "", "https:", "https:op.example", "https:///op.example", "https://"] {
        assert_eq!(defect(text), AddressDefect::NotAnAddress, "{text}");
    }
}

#[test]
fn an_issuer_on_the_internet_names_no_address_nearer_than_itself() {
    for host in [
        "127.0.0.1",
        "localhost",
        "a.localhost",
        "localhost.",
        "[::1]",
        "2130706433",
        "0x7f.1",
        "[::ffff:127.0.0.1]",
        "169.254.169.254",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "0.0.0.0",
        "[fd00::1]",
        "[fe80::1]",
        "[::]",
    ] {
        let found = check_address(&format!("https://{host}/token"), Reach::Internet);
        assert!(matches!(found, Err(AddressDefect::TooNear(_))), "{host}: {found:?}");
    }
    assert!(check_address("https://8.8.8.8/token?tenant=1", Reach::Internet).is_ok());
    assert!(check_address("https://192.168.1.1/token", Reach::NearbyNetwork).is_ok());
    assert!(check_address("https://127.0.0.1/token", Reach::NearbyNetwork).is_err());
    assert!(check_address("http://[::1]:4000/token", Reach::ThisComputer).is_ok());
    assert_eq!(check_address("http://192.168.1.1/", Reach::ThisComputer), Err(AddressDefect::PlainHttp));
}

#[test]
fn a_foreign_host_and_letters_beyond_ascii_are_pointed_out() {
    let mut document = with("token_endpoint", json!("https://оp.example/token"));
    document["userinfo_endpoint"] = json!("https://api.example/me");
    let hosts = read(&document).unwrap().hosts();
    let host = |endpoint| hosts.iter().find(|host| host.endpoint == endpoint).unwrap();
    assert!(!host(Endpoint::Authorization).is_foreign);
    assert!(host(Endpoint::Token).is_internationalised && host(Endpoint::Token).is_foreign);
    assert!(host(Endpoint::Token).host.starts_with("xn--"), "{:?}", host(Endpoint::Token));
    assert!(!host(Endpoint::UserInfo).is_internationalised && host(Endpoint::UserInfo).is_foreign);
}

#[test]
fn where_the_two_documents_disagree_openid_counts_and_the_conflict_is_told() {
    let openid = read(&with("scopes_supported", json!(["a", "b"]))).unwrap();
    let mut document = with("token_endpoint", json!("https://op.example/other"));
    document["scopes_supported"] = json!(["b", "a"]);
    document["revocation_endpoint"] = json!("https://op.example/revoke");
    let oauth = read(&document).unwrap();
    let merged = Merged::of(&openid, &oauth);
    assert_eq!(merged.metadata.endpoint(Endpoint::Token), openid.endpoint(Endpoint::Token));
    assert_eq!(merged.metadata.endpoint(Endpoint::Revocation), oauth.endpoint(Endpoint::Revocation));
    assert_eq!(merged.conflicts.len(), 1);
    let conflict = &merged.conflicts[0];
    assert_eq!((conflict.member.as_str(), conflict.weight), ("token_endpoint", Weight::Secret));
    assert_eq!(conflict.discrepancy().code, "metadata_conflict");
    assert_eq!(
        (conflict.openid.as_str(), conflict.oauth.as_str()),
        ("https://op.example/token", "https://op.example/other")
    );
}

#[test]
fn a_change_says_what_hangs_on_it() {
    let old = read(&with("scopes_supported", json!(["a", "b"]))).unwrap();
    let mut document = with("scopes_supported", json!(["b", "a"]));
    document["token_endpoint"] = json!("https://evil.example/token");
    document["jwks_uri"] = json!("https://op.example/keys/2");
    document["x"] = json!("\u{1b}[31m");
    document.as_object_mut().unwrap().remove("response_types_supported");
    let changes = diff(&old, &read(&document).unwrap());
    let told: Vec<_> = changes.iter().map(|change| (change.member.as_str(), change.weight)).collect();
    let expected = [
        ("token_endpoint", Weight::Secret),
        ("jwks_uri", Weight::Trust),
        ("response_types_supported", Weight::Other),
        ("x", Weight::Other),
    ];
    assert_eq!(told, expected);
    assert_eq!(changes[2].after, None);
    assert_eq!((changes[3].before.as_deref(), changes[3].after.as_deref()), (None, Some("\\u{1b}[31m")));
    assert!(diff(&old, &old).is_empty());
}

proptest! {
    #[test]
    fn no_text_makes_a_reader_panic(text in "\\PC{0,80}|https?://[a-z0-9.:@/?#\\[\\]-]{0,40}") {
        if let Ok(issuer) = Issuer::parse(&text) {
            let _ = issuer.well_known();
        }
        let _ = NearMiss::between(ISSUER, &text);
        let _ = Metadata::parse(&text, &issuer(), DocumentKind::OAuth);
        if let Ok(url) = check_address(&text, Reach::Internet) {
            prop_assert!(url.scheme() == "https" && url.username().is_empty() && Reach::of(&url) == Reach::Internet);
        }
    }

    #[test]
    fn no_member_makes_the_reader_panic(index in 0usize..10, text in "\\PC{0,40}", number: i64) {
        let name = Endpoint::ALL[index].member();
        for value in [json!(text), json!(number), json!([text]), json!(null)] {
            let _ = read(&with(name, value));
        }
    }
}
