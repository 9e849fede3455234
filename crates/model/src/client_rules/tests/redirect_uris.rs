use super::{Code, DraftField, Finding, FindingLevel, find, only, provider};
use crate::Environment;
use crate::client_rules::{ClientDraft, SharedRedirectUri, check_draft};

fn find_uris(name: &str, texts: &[&str]) -> Vec<Finding> {
    find(name, |draft| draft.redirect_uris = texts.iter().map(|text| (*text).to_owned()).collect())
}

fn find_uri(text: &str) -> Finding {
    only(find_uris("Gitter", &[text]))
}

#[track_caller]
fn assert_error(text: &str, code: Code, fix: Option<&str>) {
    let finding = find_uri(text);
    assert_eq!((finding.code, finding.level, finding.fix.as_deref()), (code, FindingLevel::Error, fix), "{text:?}");
}

#[track_caller]
fn assert_warning(text: &str, code: Code, fix: Option<&str>) {
    let finding = find_uri(text);
    assert_eq!((finding.code, finding.level, finding.fix.as_deref()), (code, FindingLevel::Warning, fix), "{text:?}");
}

#[test]
fn a_client_needs_a_redirect_uri() {
    assert_eq!(only(find_uris("Gitter", &[])).code, Code::RedirectUriMissing);
    assert_eq!(only(find_uris("Gitter", &[" "])).code, Code::RedirectUriMissing);
}

#[test]
fn an_empty_line_among_redirect_uris_is_named_by_its_place() {
    let finding = only(find_uris("Chaster", &["https://app.test/callback", ""]));
    assert_eq!((finding.field, finding.code), (DraftField::RedirectUri(1), Code::RedirectUriMissing));
}

#[test]
fn more_redirect_uris_than_the_form_takes_are_refused() {
    let two = ["https://app.test/a", "https://app.test/b"];
    assert_eq!(only(find_uris("Gitter", &two)).code, Code::RedirectUriTooMany);
    assert_eq!(find_uris("Chaster", &two), []);
}

#[test]
fn a_redirect_uri_given_twice_is_noticed() {
    assert_eq!(
        only(find_uris("Chaster", &["https://app.test/a", "https://app.test/a"])).code,
        Code::RedirectUriRepeated
    );
}

#[test]
fn a_redirect_uri_keeps_the_lengths_of_the_providers_form() {
    let long = format!("https://app.test/{}", "a".repeat(107));
    assert_eq!(only(find_uris("ContentDB", &[&long])).code, Code::RedirectUriTooLong);
    assert_eq!(find_uris("ContentDB", &[&long[..123]]), []);
    assert!(find_uris("ContentDB", &["a:/b"]).iter().any(|finding| finding.code == Code::RedirectUriTooShort));
}

#[test]
fn whitespace_in_a_redirect_uri_is_refused_and_corrected() {
    assert_error("https://app.test/callback\n", Code::RedirectUriWhitespace, Some("https://app.test/callback"));
    assert_error(" https://app.test/callback", Code::RedirectUriWhitespace, Some("https://app.test/callback"));
    assert_error("https://app.test/call\nback", Code::RedirectUriWhitespace, Some("https://app.test/callback"));
    assert_error("https://app.test/call back", Code::RedirectUriWhitespace, Some("https://app.test/call%20back"));
}

#[test]
fn a_redirect_uri_without_scheme_is_refused_and_completed() {
    assert_error("app.test/callback", Code::RedirectUriNotAbsolute, Some("https://app.test/callback"));
    assert_error("localhost:8080/callback", Code::RedirectUriNotAbsolute, Some("http://localhost:8080/callback"));
    assert_error("https:/app.test/callback", Code::RedirectUriNotAbsolute, Some("https://app.test/callback"));
    assert_error("https%3A%2F%2Fapp.test%2Fcallback", Code::RedirectUriNotAbsolute, Some("https://app.test/callback"));
    assert_error("/callback", Code::RedirectUriNotAbsolute, None);
    assert_error("callback", Code::RedirectUriNotAbsolute, None);
}

#[test]
fn a_fragment_is_cut_off_with_one_click() {
    assert_error("https://app.test/cb#done", Code::RedirectUriFragment, Some("https://app.test/cb"));
}

#[test]
fn plain_http_is_for_this_machine() {
    assert_error("http://app.test/cb", Code::RedirectUriPlainHttp, Some("https://app.test/cb"));
    assert_eq!(find_uris("Gitter", &["http://127.0.0.1:8400/cb"]), []);
    assert_eq!(find_uris("Gitter", &["http://[::1]:8400/cb"]), []);
}

#[test]
fn addresses_that_cannot_receive_a_callback_are_refused() {
    assert_error("javascript:alert(1)", Code::RedirectUriUnusableScheme, None);
    assert_error("https://me@app.test/cb", Code::RedirectUriUserInfo, None);
    assert_error("https://app.test\\cb", Code::RedirectUriBackslash, Some("https://app.test/cb"));
    assert_error("https://app.test:99999/cb", Code::RedirectUriMalformed, None);
}

#[test]
fn a_stand_in_of_a_document_is_refused_as_redirect_uri() {
    for text in ["{redirect_uri}", "YOUR_REDIRECT_URL", "https://{host}/cb", "<your_redirect_uri>", "CALLBACK_URL"] {
        assert_error(text, Code::RedirectUriPlaceholder, None);
    }
}

#[test]
fn a_missing_slash_after_the_host_is_added_with_one_click() {
    assert_warning("https://app.test", Code::MissingSlash, Some("https://app.test/"));
    assert_warning("https://app.test?x=1", Code::MissingSlash, Some("https://app.test/?x=1"));
}

#[test]
fn capital_letters_in_a_host_are_made_small_with_one_click() {
    assert_warning("https://App.test/cb", Code::UpperCaseHost, Some("https://app.test/cb"));
    assert_warning("HTTPS://app.test/cb", Code::UpperCaseHost, Some("https://app.test/cb"));
}

#[test]
fn capital_letters_in_a_path_are_noticed_and_left_alone() {
    assert_warning("https://app.test/CallBack", Code::UpperCasePath, None);
    assert_eq!(find_uris("Gitter", &["https://app.test/a%2Fb"]), []);
}

#[test]
fn an_ampersand_outside_a_query_is_noticed() {
    assert_warning("https://app.test/cb&state=xyz", Code::UnencodedAmpersand, Some("https://app.test/cb"));
    assert_warning("https://app.test/a&b", Code::UnencodedAmpersand, Some("https://app.test/a%26b"));
    assert_warning("https://app.test/cb?a=1&b=2", Code::UnencodedAmpersand, None);
}

#[test]
fn letters_outside_ascii_are_encoded_with_one_click() {
    assert_warning("https://app.test/café", Code::NonAscii, Some("https://app.test/caf%C3%A9"));
    assert_warning("https://münchen.test/cb", Code::NonAscii, Some("https://xn--mnchen-3ya.test/cb"));
}

#[test]
fn localhost_is_replaced_by_its_number_with_one_click() {
    assert_warning("http://localhost:8400/cb", Code::LocalhostName, Some("http://127.0.0.1:8400/cb"));
}

#[test]
fn a_default_port_is_taken_away_with_one_click() {
    assert_warning("https://app.test:443/cb", Code::DefaultPort, Some("https://app.test/cb"));
    assert_warning("https://[2001:db8::1]:443/cb", Code::DefaultPort, Some("https://[2001:db8::1]/cb"));
    assert_warning("https://app.test:/cb", Code::DefaultPort, Some("https://app.test/cb"));
    assert_eq!(find_uris("Gitter", &["https://app.test:8443/cb",]), []);
}

#[test]
fn a_port_reserved_for_the_system_is_noticed() {
    assert_warning("http://127.0.0.1/cb", Code::PrivilegedPort, Some("http://127.0.0.1:8400/cb"));
    assert_warning("http://[::1]:81/cb", Code::PrivilegedPort, Some("http://[::1]:8400/cb"));
}

#[test]
fn a_pasted_callback_loses_its_answer_with_one_click() {
    let finding = find_uri("https://app.test/cb?code=SplxlOBeZQQYbYS6WxSbIA");
    assert_eq!((finding.code, finding.fix.as_deref()), (Code::RedirectUriIsCallback, Some("https://app.test/cb")));
    assert!(!finding.message.contains("Splxl") && !finding.hint.contains("Splxl"));
}

#[test]
fn dots_wildcards_and_short_schemes_are_noticed() {
    assert_warning("https://app.test/a/../b", Code::DotSegments, None);
    assert_warning("https://app.test/cb/*", Code::Wildcard, None);
    assert_warning("myapp://callback", Code::SchemeWithoutDomain, None);
    assert_eq!(find_uris("Gitter", &["com.example.app:/callback"]), []);
}

#[test]
fn a_fix_silences_the_rule_that_offered_it() {
    let texts = [
        "https://app.test/call back\n",
        "app.test",
        "localhost:80/",
        "https://app.test/#x",
        "http://App.test",
        "https://app.test",
        "https://APP.test:443",
        "https://app.test/cb&state=1",
        "https://café.test/é",
        "http://localhost",
        "http://localhost:80",
        "https://app.test?code=1&state=2",
        "https%3A%2F%2Fapp.test",
        "https://app.test\\x",
        "https://app.test:/",
    ];
    for text in texts {
        for finding in find_uris("Gitter", &[text]) {
            let Some(fix) = &finding.fix else { continue };
            let after = find_uris("Gitter", &[fix]);
            assert!(after.iter().all(|other| other.code != finding.code), "{text} -> {fix}: {after:?}");
        }
    }
}

#[test]
fn a_draft_for_the_twin_needs_neither_id_nor_secret() {
    let draft = ClientDraft {
        name: "My login".to_owned(),
        redirect_uris: vec!["http://127.0.0.1:8400/callback".to_owned()],
        ..ClientDraft::new(Environment::Sandbox)
    };
    assert_eq!(check_draft(&provider("Chattr"), &draft), []);
}

#[test]
fn an_address_that_another_provider_answers_at_is_told_with_one_of_its_own() {
    let shared = |uri: &str, query: &str| {
        let uri = format!("{uri}{query}");
        let other = SharedRedirectUri { uri: uri.clone(), provider: "Gitter".to_owned(), client: "Website".to_owned() };
        only(find("Chattz", |draft| {
            draft.redirect_uris = vec![uri];
            draft.shared_redirect_uris = vec![other];
        }))
    };
    let found = shared("http://127.0.0.1:8400/cb", "");
    assert_eq!((found.code, found.level), (Code::RedirectUriShared, FindingLevel::Warning));
    assert!(found.message.contains("Gitter") && found.message.contains("Website"), "{}", found.message);
    assert_eq!(found.fix.as_deref(), Some("http://127.0.0.1:8400/cb/chattz"));
    assert_eq!(shared("http://127.0.0.1:8400/cb", "?a=b").fix, None);
    assert_eq!(shared("https://app.test/callback", "").fix, None, "the app decides where it takes callbacks");
}

#[test]
fn an_address_of_its_own_is_nobody_elses() {
    let other = SharedRedirectUri {
        uri: "http://127.0.0.1:8400/cb/gitter".to_owned(),
        provider: "Gitter".to_owned(),
        client: "Website".to_owned(),
    };
    let found = find("Chattz", |draft| {
        draft.redirect_uris = vec!["http://127.0.0.1:8400/cb/chattz".to_owned()];
        draft.shared_redirect_uris = vec![other];
    });
    assert_eq!(found, []);
}
