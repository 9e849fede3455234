use super::*;

fn request(endpoint: &str) -> AuthorizationRequest {
    AuthorizationRequest::new(Url::parse(endpoint).unwrap(), &ClientId::Integer(7))
}

#[test]
fn a_request_keeps_the_endpoints_query_and_writes_a_space_as_percent_20() {
    let request = request("https://id.example/authorize?tenant=7")
        .redirect_uri(&redirect_uri("https://app.example/cb?a=b&c=d%20e"))
        .scope(&["openid".into(), "profile".into()]);
    assert_eq!(
        request.url().as_str(),
        "https://id.example/authorize?tenant=7&client_id=7\
         &redirect_uri=https%3A%2F%2Fapp.example%2Fcb%3Fa%3Db%26c%3Dd%2520e&scope=openid%20profile"
    );
}

#[test]
fn a_debug_print_of_a_request_does_not_show_the_state() {
    let request = request("https://id.example/").state(&state());
    assert!(!format!("{request:?}").contains(&state().value().expose()));
}

#[test]
fn an_openid_request_says_what_it_wants_in_the_words_of_the_specification() {
    let request = request("https://id.example/a")
        .prompt(&[Prompt::Login, Prompt::SelectAccount])
        .max_age(0)
        .acr_values(&["urn:gold".into(), "urn:silver".into()])
        .login_hint("ada@example.org")
        .response_mode(ResponseMode::FormPost);
    assert_eq!(
        request.url().query(),
        Some(
            "client_id=7&prompt=login%20select_account&max_age=0&acr_values=urn%3Agold%20urn%3Asilver\
             &login_hint=ada%40example.org&response_mode=form_post"
        )
    );
}

#[test]
fn a_nonce_goes_into_the_address_and_into_no_debug_print() {
    let nonce = Nonce::from_random([9; 32]);
    let request = request("https://id.example/").nonce(&nonce);
    assert!(request.url().as_str().ends_with(&format!("&nonce={}", nonce.value().expose())));
    assert!(!format!("{request:?}").contains(&nonce.value().expose()));
}

#[test]
fn a_custom_parameter_is_sent_and_one_of_ours_is_refused() {
    let custom = |name: &str| [(name.to_owned(), "a b".to_owned())];
    let sent = request("https://id.example/").custom(&custom("kc_idp_hint")).unwrap();
    assert_eq!(sent.url().query(), Some("client_id=7&kc_idp_hint=a%20b"));
    let refused = request("https://id.example/").custom(&custom("nonce")).unwrap_err();
    assert_eq!(refused, CustomParameterError::SentByGatewright("nonce".into()));
}

proptest! {
    #[test]
    fn what_goes_into_a_request_comes_out_of_its_query(scope in "\\PC{1,40}") {
        let request = request("https://id.example/a").scope(std::slice::from_ref(&scope));
        let url = request.url();
        let found = url.query_pairs().find(|(name, _)| name == "scope").map(|(_, value)| value.into_owned());
        prop_assert_eq!(found, Some(scope));
    }
}
