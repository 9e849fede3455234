use super::*;
use crate::metadata::AddressDefect;

fn beside(confirmed: &str, text: &str) -> Result<ManagementAddress, ManagementAddressDefect> {
    ManagementAddress::beside(&Url::parse(confirmed).unwrap(), text)
}

#[test]
fn an_address_beside_a_confirmed_endpoint_may_get_a_token() {
    assert!(beside("https://id.example/reg", "https://id.example/clients/7?x=1").is_ok());
    assert!(beside("https://id.example/reg", "https://ID.example:443/clients/7").is_ok());
    assert!(beside("http://127.0.0.1:8080/reg", "http://127.0.0.1:8080/reg/7").is_ok());
}

#[test]
fn another_host_port_or_scheme_gets_nothing() {
    for text in ["https://evil.example/reg/7", "https://id.example:8443/reg/7", "https://id.example.evil.example/"] {
        assert!(
            matches!(beside("https://id.example/reg", text), Err(ManagementAddressDefect::Elsewhere { .. })),
            "{text}"
        );
    }
    assert_eq!(
        beside("http://127.0.0.1:8080/reg", "http://127.0.0.1:9090/reg/7").unwrap_err().to_string(),
        "the management address is at http://127.0.0.1:9090, and only http://127.0.0.1:8080 is confirmed"
    );
}

#[test]
fn plain_http_beyond_this_computer_and_addresses_that_hide_something_are_refused() {
    for (text, defect) in [
        ("http://id.example/reg/7", AddressDefect::PlainHttp),
        ("https://id.example@evil.example/", AddressDefect::UserInfo),
        ("https://id.example/#x", AddressDefect::Fragment),
        ("//id.example/reg", AddressDefect::NotAnAddress),
        ("http://127.0.0.1/reg", AddressDefect::TooNear("127.0.0.1".into())),
    ] {
        assert_eq!(beside("https://id.example/reg", text), Err(ManagementAddressDefect::Address(defect)), "{text}");
    }
}

#[test]
fn a_person_agrees_to_one_place_and_no_other() {
    let found = match beside("https://id.example/reg", "https://admin.example/7") {
        Err(ManagementAddressDefect::Elsewhere { found, .. }) => found,
        other => panic!("{other:?}"),
    };
    let agreed = ManagementAddress::agreed_to(&found, "https://admin.example/7").unwrap();
    assert_eq!((agreed.place(), agreed.url().path()), (found.clone(), "/7"));
    assert!(ManagementAddress::agreed_to(&found, "https://evil.example/7").is_err());
    assert!(ManagementAddress::agreed_to("http://id.example", "http://id.example/7").is_err());
}
