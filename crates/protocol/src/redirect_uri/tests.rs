use proptest::prelude::*;
use url::Url;

use super::{RedirectUri, RedirectUriError};

fn registered(text: &str) -> RedirectUri {
    RedirectUri::parse(text).unwrap()
}

fn is_caught(uri: &str, url: &str) -> bool {
    registered(uri).caught_by(&Url::parse(url).unwrap())
}

#[track_caller]
fn assert_refused(texts: &[&str], reason: RedirectUriError) {
    for text in texts {
        assert_eq!(RedirectUri::parse(text), Err(reason), "{text:?}");
    }
}

#[test]
fn a_redirect_uri_stays_letter_by_letter_as_registered() {
    for text in ["https://Example.COM", "https://example.com:443/a/../b", "http://127.0.0.1:8080/cb?x=%7e"] {
        assert_eq!(registered(text).as_str(), text);
    }
}

#[test]
fn what_is_not_absolute_is_refused() {
    let texts = [
        "callback",
        "/callback",
        "//example.com/",
        "example.com/callback",
        "https:/example.com",
        "https:",
        "1a://x",
        "https:///x",
    ];
    assert_refused(&texts, RedirectUriError::NotAbsolute);
}

#[test]
fn a_host_with_port_is_not_taken_for_a_scheme() {
    assert_refused(&["localhost:8080/callback", "example.com:443", "127.0.0.1:80/"], RedirectUriError::NotAbsolute);
}

#[test]
fn a_fragment_is_refused_even_when_empty() {
    assert_refused(&["https://example.com/#", "https://example.com/cb#token"], RedirectUriError::Fragment);
}

#[test]
fn http_is_for_loopback_only() {
    let texts = [
        "http://example.com/",
        "http://localhost.evil.test/",
        "http://127.0.0.1.evil.test/",
        "http://127.0.0.2/",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
        "HTTP://example.com/",
    ];
    assert_refused(&texts, RedirectUriError::PlainHttp);
    for text in ["http://127.0.0.1/cb", "http://[::1]:7/", "http://localhost:8080/", "http://LOCALHOST/"] {
        assert!(registered(text).is_loopback(), "{text}");
    }
}

#[test]
fn whitespace_and_control_characters_are_refused_where_a_browser_drops_them() {
    let texts =
        [" https://example.com/", "https://example.com/\n", "https://exa\tmple.com/", "https://example.com/\u{a0}"];
    assert_refused(&texts, RedirectUriError::Whitespace);
    assert_refused(&[""], RedirectUriError::Empty);
}

#[test]
fn user_names_backslashes_and_script_schemes_are_refused() {
    assert_refused(
        &["https://me@example.com/", "https://:pw@example.com/", "https://@example.com/"],
        RedirectUriError::UserInfo,
    );
    assert_refused(&["https://example.com\\cb"], RedirectUriError::Backslash);
    assert_refused(
        &["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "blob:x"],
        RedirectUriError::UnusableScheme,
    );
}

#[test]
fn an_at_sign_in_the_path_is_no_user_name() {
    assert!(RedirectUri::parse("https://example.com/@me?to=a@b").is_ok());
}

#[test]
fn an_own_scheme_is_allowed_and_one_without_a_domain_is_told_apart() {
    assert!(registered("com.example.app:/callback").has_owned_scheme());
    assert!(!registered("myapp://callback").has_owned_scheme());
    assert!(registered("https://example.com/").has_owned_scheme());
}

#[test]
fn the_callback_is_caught_with_whatever_query_and_fragment_it_brings() {
    for url in ["https://example.com/cb", "https://example.com/cb?code=1&state=2", "https://example.com/cb?error=x#_=_"]
    {
        assert!(is_caught("https://example.com/cb", url), "{url}");
    }
}

#[test]
fn default_ports_and_host_case_do_not_matter() {
    assert!(is_caught("https://example.com/cb", "https://EXAMPLE.com:443/cb?code=1"));
    assert!(is_caught("http://localhost:80/", "http://localhost/?code=1"));
    assert!(is_caught("https://example.com", "https://example.com/?code=1"));
    assert!(is_caught("myapp://Callback/x", "myapp://callback/x?code=1"));
}

#[test]
fn lookalikes_are_not_caught() {
    let lookalikes = [
        "https://example.com@evil.test/cb?code=1",
        "https://example.com:443@evil.test/cb?code=1",
        "https://user@example.com/cb?code=1",
        "https://example.com.evil.test/cb?code=1",
        "https://evilexample.com/cb?code=1",
        "https://evil.test/https://example.com/cb?code=1",
        "https://evil.test/?to=https://example.com/cb",
        "https://evil.test/#https://example.com/cb",
        "https://example.com./cb?code=1",
        "https://example.com:8443/cb?code=1",
        "http://example.com/cb?code=1",
        "https://example.com/cb/?code=1",
        "https://example.com/cb2?code=1",
        "https://example.com/cb/../cb2?code=1",
        "https://example.com/CB?code=1",
        "https://example.com/c%62?code=1",
        "https://example.com//cb?code=1",
        "https://example.com/cb;x?code=1",
        "https://example.com/cb%3Fcode=1",
        "https://xn--exmple-cua.com/cb?code=1",
    ];
    for url in lookalikes {
        assert!(!is_caught("https://example.com/cb", url), "{url}");
    }
}

#[test]
fn a_trailing_slash_and_the_case_of_percent_encoding_count() {
    assert!(!is_caught("https://example.com/cb/", "https://example.com/cb?code=1"));
    assert!(!is_caught("https://example.com/a%2fb", "https://example.com/a%2Fb?code=1"));
    assert!(!is_caught("https://example.com/a%2fb", "https://example.com/a/b?code=1"));
}

#[test]
fn loopback_addresses_are_not_the_same_as_each_other() {
    assert!(!is_caught("http://127.0.0.1:8080/", "http://localhost:8080/?code=1"));
    assert!(!is_caught("http://127.0.0.1:8080/", "http://[::1]:8080/?code=1"));
    assert!(!is_caught("http://127.0.0.1:8080/", "http://127.0.0.1:8081/?code=1"));
}

#[test]
fn a_registered_query_has_to_be_there_and_may_be_written_anew() {
    let uri = "https://example.com/cb?tenant=a%20b&empty=";
    assert!(is_caught(uri, "https://example.com/cb?tenant=a%20b&empty=&code=1"));
    assert!(is_caught(uri, "https://example.com/cb?code=1&tenant=a+b"));
    assert!(!is_caught(uri, "https://example.com/cb?code=1"));
    assert!(!is_caught(uri, "https://example.com/cb?tenant=other&code=1"));
}

#[test]
fn a_loopback_address_names_its_port() {
    assert_eq!(registered("http://127.0.0.1:4711/cb").loopback_port(), Some(4711));
    assert_eq!(registered("http://[::1]/cb").loopback_port(), Some(80));
    assert_eq!(registered("https://127.0.0.1:4711/cb").loopback_port(), None);
    assert_eq!(registered("https://example.com/").loopback_port(), None);
}

proptest! {
    #[test]
    fn every_redirect_uri_is_caught_by_itself_with_a_code_added(
        host in "[a-z]{1,8}\\.(test|example)", port in proptest::option::of(1_u16..), path in "(/[a-zA-Z0-9%._~-]{0,6}){0,3}",
        code in "[a-zA-Z0-9]{1,20}",
    ) {
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        let text = format!("https://{host}{port}{path}");
        let callback = Url::parse(&format!("{text}?code={code}&state=s")).unwrap();
        prop_assert!(registered(&text).caught_by(&callback));
    }

    #[test]
    fn a_longer_path_host_or_scheme_is_never_caught(more in "[a-z0-9]{1,6}") {
        let uri = registered("https://example.com/cb");
        for text in [
            format!("https://example.com/cb{more}?code=1"),
            format!("https://example.com/cb/{more}?code=1"),
            format!("https://example.com.{more}/cb?code=1"),
            format!("https://{more}example.com/cb?code=1"),
            format!("https://{more}.example.com/cb?code=1"),
            format!("https{more}://example.com/cb?code=1"),
        ] {
            if let Ok(url) = Url::parse(&text) {
                prop_assert!(!uri.caught_by(&url), "{}", text);
            }
        }
    }

    #[test]
    fn reading_any_text_never_panics_and_keeps_what_it_takes(text in ".{0,60}") {
        if let Ok(uri) = RedirectUri::parse(&text) {
            prop_assert_eq!(uri.as_str(), text.as_str());
            prop_assert!(uri.caught_by(uri.url()));
        }
    }
}
