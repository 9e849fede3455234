use gatewright_protocol::Secret;
use proptest::prelude::*;

use super::{
    ClientDraft, DraftField, Finding, FindingCode as Code, FindingLevel, ProviderHost, check_base_url, check_draft,
};
use crate::{Environment, Provider};

mod protocol_settings;
mod redirect_uris;

fn provider(name: &str) -> Provider {
    Provider::built_in().into_iter().find(|provider| provider.name == name).unwrap()
}

/// A draft nothing is wrong with.
fn good_draft(provider: &Provider) -> ClientDraft {
    ClientDraft {
        name: "My login".to_owned(),
        client_id: Some(if provider.name == "Chattr" { "7" } else { "abc123" }.to_owned()),
        secret: Some(Secret::new("k3yS4ltPepp3rMint0000")),
        redirect_uris: vec!["https://app.test/callback".to_owned()],
        ..ClientDraft::new(Environment::Production)
    }
}

/// What the rules find when `change` is made to a good draft.
fn find(name: &str, change: impl FnOnce(&mut ClientDraft)) -> Vec<Finding> {
    let provider = provider(name);
    let mut draft = good_draft(&provider);
    change(&mut draft);
    check_draft(&provider, &draft)
}

#[track_caller]
fn only(findings: Vec<Finding>) -> Finding {
    let [finding] = <[Finding; 1]>::try_from(findings).unwrap();
    assert!(finding.message.ends_with('.') && finding.hint.ends_with('.'), "{finding:?}");
    finding
}

fn find_name(name: &str) -> Finding {
    only(find("ContentDB", |draft| name.clone_into(&mut draft.name)))
}

fn find_id(provider: &str, id: &str) -> Finding {
    only(find(provider, |draft| draft.client_id = Some(id.to_owned())))
}

fn find_secret(secret: &str) -> Finding {
    let finding = only(find("Chaster", |draft| draft.secret = Some(Secret::new(secret))));
    assert_eq!((finding.field, &finding.fix), (DraftField::Secret, &None));
    finding
}

#[test]
fn a_good_draft_has_no_findings_at_any_provider() {
    for provider in Provider::built_in() {
        assert_eq!(check_draft(&provider, &good_draft(&provider)), [], "{}", provider.name);
    }
}

#[test]
fn a_name_has_to_be_there() {
    assert_eq!(find_name("").code, Code::NameEmpty);
    assert_eq!(find_name("  ").code, Code::NameEmpty);
}

#[test]
fn a_name_keeps_the_lengths_of_the_providers_form() {
    assert_eq!(find_name("abcd").code, Code::NameTooShort);
    assert_eq!(find_name(&"ä".repeat(31)).code, Code::NameTooLong);
    assert_eq!(find("ContentDB", |draft| draft.name = "ä".repeat(30)), []);
}

#[test]
fn a_name_with_a_space_at_its_end_can_be_fixed_with_one_click() {
    let finding = find_name("My login ");
    assert_eq!((finding.code, finding.fix.as_deref()), (Code::NameEdgeSpace, Some("My login")));
}

#[test]
fn a_limit_nobody_knows_warns_at_the_real_provider_and_holds_at_the_twin() {
    let mut draft = good_draft(&provider("Chattr"));
    draft.name = "a".repeat(101);
    let level = |draft: &ClientDraft| only(check_draft(&provider("Chattr"), draft)).level;
    assert_eq!(level(&draft), FindingLevel::Warning);
    draft.environment = Environment::Sandbox;
    assert_eq!(level(&draft), FindingLevel::Error);
}

#[test]
fn a_client_id_that_the_provider_will_give_is_not_asked_for() {
    assert_eq!(find("Chattr", |draft| draft.client_id = None), []);
    assert_eq!(find_id("Chaster", " ").code, Code::ClientIdEmpty);
}

#[test]
fn space_and_line_breaks_around_a_client_id_are_taken_away_with_one_click() {
    let finding = find_id("Chaster", "abc123\n");
    assert_eq!((finding.code, finding.fix.as_deref()), (Code::ClientIdWhitespace, Some("abc123")));
    assert_eq!(find_id("Chaster", "abc 123").fix, None);
}

#[test]
fn quotes_around_a_client_id_are_taken_away_with_one_click() {
    for text in ["\"abc123\"", "'abc123'", "abc123,", "“abc123”"] {
        let finding = find_id("Chaster", text);
        assert_eq!((finding.code, finding.fix.as_deref()), (Code::ClientIdQuoted, Some("abc123")), "{text}");
    }
}

#[test]
fn a_stand_in_is_not_taken_for_a_client_id() {
    for text in ["YOUR_CLIENT_ID", "{client_id}", "APP_ID"] {
        assert!(
            find("Gitter", |draft| draft.client_id = Some(text.to_owned()))
                .iter()
                .any(|finding| finding.code == Code::ClientIdPlaceholder)
        );
    }
}

#[test]
fn a_client_id_with_an_invisible_character_is_refused() {
    assert_eq!(find_id("Chaster", "abc\u{200b}123").code, Code::ClientIdNotPrintable);
}

#[test]
fn a_client_id_at_chattr_is_a_whole_number() {
    assert_eq!(find("Chattr", |draft| draft.client_id = Some("42".to_owned())), []);
    for text in ["4.2", "-7", "99999999999999999999"] {
        let findings = find("Chattr", |draft| draft.client_id = Some(text.to_owned()));
        assert!(findings.iter().any(|finding| finding.code == Code::ClientIdNotANumber), "{text}");
    }
}

#[test]
fn a_number_with_a_plus_sign_or_leading_zero_is_rewritten_with_one_click() {
    for text in ["+7", "007"] {
        let finding = find_id("Chattr", text);
        assert_eq!((finding.code, finding.fix.as_deref()), (Code::ClientIdNotCanonical, Some("7")));
    }
}

#[test]
fn a_secret_has_to_hold_something() {
    assert_eq!(find_secret("").code, Code::SecretEmpty);
    assert_eq!(find_secret(" \n").code, Code::SecretEmpty);
    assert_eq!(find("Chaster", |draft| draft.secret = None), []);
}

#[test]
fn a_line_break_in_a_secret_is_an_error() {
    for text in ["k3yS4ltPepp3rMint\n", "k3yS4lt\r\nPepp3rMint"] {
        let finding = find_secret(text);
        assert_eq!((finding.code, finding.level), (Code::SecretLineBreak, FindingLevel::Error));
    }
}

#[test]
fn a_space_at_the_end_of_a_secret_is_an_error_and_one_inside_a_warning() {
    assert_eq!(find_secret("k3yS4ltPepp3rMint ").code, Code::SecretEdgeWhitespace);
    assert_eq!(find_secret("\tk3yS4ltPepp3rMint").code, Code::SecretEdgeWhitespace);
    let inside = find_secret("k3yS4lt Pepp3rMint");
    assert_eq!((inside.code, inside.level), (Code::SecretInnerSpace, FindingLevel::Warning));
}

#[test]
fn an_invisible_character_in_a_secret_is_an_error() {
    assert_eq!(find_secret("k3yS4lt\u{200b}Pepp3rMint").code, Code::SecretNotPrintable);
    assert_eq!(find_secret("k3yS4lt\tPepp3rMint").code, Code::SecretNotPrintable);
}

#[test]
fn a_secret_in_quotes_is_noticed() {
    assert_eq!(find_secret("\"k3yS4ltPepp3rMint\"").code, Code::SecretQuoted);
    assert_eq!(find_secret("'k3yS4ltPepp3rMint'").code, Code::SecretQuoted);
}

#[test]
fn the_stand_in_of_a_document_is_not_taken_for_a_secret() {
    for text in ["YOUR_CLIENT_SECRET", "<client_secret>", "client_secret", "${SECRET}"] {
        assert_eq!(find_secret(text).code, Code::SecretPlaceholder, "{text}");
    }
}

#[test]
fn the_dots_of_a_page_are_not_taken_for_a_secret() {
    assert_eq!(find_secret("••••••••••••").code, Code::SecretMasked);
    assert_eq!(find_secret("************").code, Code::SecretMasked);
}

#[test]
fn the_client_id_pasted_twice_is_noticed() {
    assert_eq!(find_secret("abc123").code, Code::SecretIsClientId);
}

#[test]
fn a_token_pasted_as_a_secret_is_noticed() {
    for text in ["eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "gho_16C7e42F292c6912E7710c838347Ae178B4a"] {
        assert_eq!(find_secret(text).code, Code::SecretLooksLikeToken, "{text}");
    }
    let findings = find("Chaster", |draft| draft.secret = Some(Secret::new("Bearer abcdef0123456789")));
    assert!(findings.iter().any(|finding| finding.code == Code::SecretLooksLikeToken));
}

#[test]
fn an_address_pasted_as_a_secret_is_noticed() {
    assert_eq!(find_secret("https://app.test/callback").code, Code::SecretLooksLikeUrl);
}

#[test]
fn a_client_id_of_the_wrong_twin_by_name_is_noticed() {
    assert_eq!(find_id("Chattz", "7").code, Code::ProviderMixUp);
    let codes: Vec<_> = find("Chattr", |draft| draft.client_id = Some("abc123".to_owned()))
        .into_iter()
        .map(|finding| finding.code)
        .collect();
    assert_eq!(codes, [Code::ClientIdNotANumber, Code::ProviderMixUp]);
    assert_eq!(find("Gitter", |draft| draft.client_id = Some("7".to_owned())), []);
}

#[test]
fn the_other_ones_name_in_a_redirect_uri_or_name_is_noticed() {
    let finding =
        only(find("Chattr", |draft| draft.redirect_uris = vec!["https://app.test/chattz-callback".to_owned()]));
    assert_eq!((finding.field, finding.code), (DraftField::RedirectUri(0), Code::ProviderMixUp));
    assert_eq!(only(find("Chattz", |draft| draft.name = "Chattr login".to_owned())).field, DraftField::Name);
    assert_eq!(find("Chattz", |draft| draft.name = "Chattz, once Chattr".to_owned()), []);
}

#[test]
fn a_redirect_uri_that_leads_to_a_provider_is_noticed() {
    let at = |provider, text: &str| only(find(provider, |draft| draft.redirect_uris = vec![text.to_owned()])).code;
    assert_eq!(at("Chattz", "https://chattz.net/oauth/authorize"), Code::RedirectUriAtProvider);
    assert_eq!(at("Chattr", "https://chattz.net/cb"), Code::ProviderMixUp);
    assert_eq!(at("Chattz", "https://gitter.im/cb"), Code::ProviderMixUp);
}

#[test]
fn the_hosts_of_a_users_own_providers_are_known_when_given() {
    let findings = find("Gitter", |draft| {
        draft.redirect_uris = vec!["https://chat.school.test/cb".to_owned()];
        draft.other_provider_hosts =
            vec![ProviderHost { provider: "School".to_owned(), host: "chat.school.test".to_owned() }];
    });
    assert_eq!(only(findings).code, Code::ProviderMixUp);
}

#[test]
fn a_base_url_is_scheme_and_host_without_a_slash() {
    let find = |text: &str| check_base_url(&provider("Chattr"), text);
    assert_eq!(find("https://chat.school.test"), []);
    assert_eq!(find("http://127.0.0.1:8080/realm"), []);
    for (text, code, fix) in [
        ("", Code::BaseUrlEmpty, None),
        (" https://chat.school.test", Code::BaseUrlWhitespace, Some("https://chat.school.test")),
        ("chat.school.test", Code::BaseUrlNotAbsolute, None),
        ("com.example.app:/x", Code::BaseUrlNotAbsolute, None),
        ("http://chat.school.test", Code::BaseUrlPlainHttp, Some("https://chat.school.test")),
        ("https://chat.school.test/", Code::BaseUrlTrailingSlash, Some("https://chat.school.test")),
        ("https://me@chat.school.test", Code::BaseUrlTooMuch, None),
        ("https://chat.school.test?x=1", Code::BaseUrlTooMuch, None),
        ("https://chat.school.test/oauth/authorize", Code::BaseUrlIsEndpoint, Some("https://chat.school.test")),
    ] {
        let finding = only(find(text));
        assert_eq!((finding.code, finding.fix.as_deref()), (code, fix), "{text}");
        assert_eq!((finding.field, finding.level), (DraftField::BaseUrl, FindingLevel::Error));
    }
}

#[test]
fn the_stand_in_host_of_a_document_is_refused_as_a_base_url() {
    for text in ["https://chattr.example.com", "https://example.com", "https://chattr.example"] {
        assert_eq!(only(check_base_url(&provider("Chattr"), text)).code, Code::BaseUrlPlaceholder, "{text}");
    }
    assert_eq!(check_base_url(&provider("Chattr"), "https://myexample.com"), []);
}

#[test]
fn a_base_url_of_another_provider_is_noticed() {
    for (name, text) in [
        ("Chattr", "https://chattz.net"),
        ("Chattz", "https://chattr.school.test"),
        ("Chaster", "https://api.gitter.im"),
    ] {
        assert_eq!(only(check_base_url(&provider(name), text)).code, Code::ProviderMixUp, "{text}");
    }
}

/// A secret with everything wrong around it, so that every rule for secrets is met.
fn troubled_secret() -> impl Strategy<Value = (String, String)> {
    let before =
        prop::sample::select(vec!["", " ", "\"", "'", "Bearer ", "https://", "eyJ.", "gho_", "<", "YOUR_", "\u{200b}"]);
    let after = prop::sample::select(vec!["", " ", "\n", "\"", "'", ".a.b", ">", " x", "\u{200b}"]);
    (before, "[A-Za-z0-9]{12,40}", after).prop_map(|(before, core, after)| (format!("{before}{core}{after}"), core))
}

proptest! {
    #[test]
    fn no_finding_holds_the_secret_or_offers_another((secret, core) in troubled_secret(), twice in any::<bool>()) {
        let provider = provider("Chattz");
        let mut draft = good_draft(&provider);
        draft.secret = Some(Secret::new(secret));
        // Pasted into both fields: the client ID is not secret, its findings may show it, those of the secret may not.
        draft.client_id = twice.then(|| core.clone());
        for finding in check_draft(&provider, &draft) {
            if finding.field == DraftField::Secret {
                prop_assert!(!serde_json::to_string(&finding).unwrap().contains(&core));
                prop_assert_eq!(finding.fix, None);
            }
        }
    }

    #[test]
    fn checking_any_text_never_panics(text in ".{0,40}") {
        let provider = provider("Chattr");
        let draft = ClientDraft {
            name: text.clone(), client_id: Some(text.clone()), secret: Some(Secret::new(text.clone())),
            redirect_uris: vec![text.clone(), format!("https://{text}")], ..ClientDraft::new(Environment::Production)
        };
        check_draft(&provider, &draft);
        check_base_url(&provider, &text);
    }
}
