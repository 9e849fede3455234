use super::*;

fn read(status: u16, body: &Value, step: RegistrationStep) -> RegistrationResponse {
    RegistrationResponse::read(&answer(status, body), step, Some("7"))
}

fn registered(status: u16, body: &Value, step: RegistrationStep) -> Registration {
    match read(status, body, step) {
        RegistrationResponse::Registered(registration) => *registration,
        other => panic!("{other:?}"),
    }
}

fn whole() -> Value {
    json!({
        "client_id": "7", "client_secret": "canary-secret", "client_id_issued_at": 1_700_000_000,
        "client_secret_expires_at": 0, "registration_access_token": "canary-token",
        "registration_client_uri": "https://id.example/reg/7", "client_name": "Shop", "x": [1]
    })
}

#[test]
fn a_registration_is_taken_apart_into_what_was_issued_and_what_was_said() {
    let found = registered(201, &whole(), RegistrationStep::Register);
    assert_eq!((found.client_id.as_str(), found.client_id_issued_at), ("7", Some(1_700_000_000)));
    assert_eq!(text(found.issued.client_secret.as_ref()), Some("canary-secret"));
    assert_eq!(found.issued.client_secret_expires_at, SecretExpiry::Never);
    assert_eq!(text(found.issued.registration_access_token.as_ref()), Some("canary-token"));
    assert_eq!(found.metadata.to_text(), r#"{"client_name":"Shop","x":[1]}"#);
    assert_eq!(found.oddities, []);
    assert!(!format!("{found:?}").contains("canary"));
}

#[test]
fn what_is_unusual_about_an_answer_is_told_and_put_up_with() {
    for (status, step, change, expected) in [
        (200, RegistrationStep::Register, json!({}), RegistrationOddity::Status { expected: 201, received: 200 }),
        (201, RegistrationStep::Update, json!({}), RegistrationOddity::Status { expected: 200, received: 201 }),
        (201, RegistrationStep::Register, json!({"client_secret_expires_at": null}), RegistrationOddity::ExpiryMissing),
        (201, RegistrationStep::Register, json!({"registration_client_uri": null}), RegistrationOddity::HalfManaged),
        (
            201,
            RegistrationStep::Register,
            json!({"token_endpoint_auth_method": "none"}),
            RegistrationOddity::SecretForPublicClient,
        ),
    ] {
        let mut body = whole();
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        assert_eq!(registered(status, &body, step).oddities, [expected]);
    }
}

#[test]
fn an_answer_that_repeats_nothing_it_has_issued_is_a_good_answer_to_reading() {
    let found = registered(200, &json!({"client_id": "7", "client_name": "Shop"}), RegistrationStep::Read);
    assert!(!found.issued.holds_secrets());
    assert_eq!(found.oddities, []);
}

#[test]
fn an_answer_about_another_client_or_about_none_is_malformed() {
    let defect = |body: &Value| match read(200, body, RegistrationStep::Read) {
        RegistrationResponse::Malformed(defect) => defect,
        other => panic!("{other:?}"),
    };
    assert_eq!(defect(&json!({"client_id": "8"})), RegistrationDefect::OtherClient("8".into()));
    assert_eq!(defect(&json!({"client_id": 7})), RegistrationDefect::ClientIdMissing);
    assert_eq!(defect(&json!({})), RegistrationDefect::ClientIdMissing);
    assert_eq!(defect(&json!([])), RegistrationDefect::Answer(AnswerDefect::NotAnObject));
    assert_eq!(defect(&json!({"client_id": "7", "client_secret": "ä"})), RegistrationDefect::SecretMalformed);
    assert_eq!(defect(&json!({"client_id": "7", "client_secret": ["x"]})), RegistrationDefect::SecretMalformed);
}

#[test]
fn a_refusal_is_one_with_any_status_of_4xx_and_as_an_error_in_a_success() {
    for status in [400, 401, 403, 200] {
        let body = json!({"error": "invalid_client_metadata", "error_description": "no such scope"});
        let RegistrationResponse::Refused(refusal) = read(status, &body, RegistrationStep::Register) else { panic!() };
        assert_eq!(refusal.error.error.as_deref(), Some("invalid_client_metadata"));
    }
}

#[test]
fn a_deletion_that_may_have_happened_is_told_from_one_that_has() {
    let judged = |status| DeletionResponse::read(&answer(status, &json!({"error": "invalid_token"})));
    assert!(matches!(judged(204), DeletionResponse::Deleted));
    assert!(matches!(judged(200), DeletionResponse::Deleted));
    assert!(matches!(judged(405), DeletionResponse::NotOffered));
    assert!(matches!(judged(401), DeletionResponse::NotKnown(_)));
    assert!(matches!(judged(404), DeletionResponse::NotKnown(_)));
    assert!(matches!(judged(403), DeletionResponse::Refused(_)));
    assert!(matches!(judged(500), DeletionResponse::Malformed(AnswerDefect::ServerFailed { .. })));
    assert!(matches!(judged(302), DeletionResponse::Malformed(AnswerDefect::Redirected { .. })));
}

#[test]
fn a_secret_in_a_form_is_found_although_it_has_no_business_there() {
    for label in ["application/x-www-form-urlencoded", "application/json", ""] {
        let headers = vec![("content-type".to_owned(), label.to_owned())];
        let body = b"client_id=7&client_secret=a%2Bb&error=none".to_vec();
        let response = HttpResponse { status: 200, headers, body, cut: false };
        let found = IssuedCredentials::find(&response);
        assert_eq!(text(found.client_secret.as_ref()), Some("a+b"));
        if let RegistrationResponse::Registered(registration) =
            RegistrationResponse::read(&response, RegistrationStep::Read, None)
        {
            assert_eq!(text(registration.issued.client_secret.as_ref()), Some("a+b"));
        }
    }
}

#[test]
fn a_value_that_is_not_repeated_stays_known() {
    let known = IssuedCredentials::find(&answer(201, &whole()));
    let read = IssuedCredentials::find(&answer(200, &json!({"client_id": "7", "registration_access_token": "new"})));
    let merged = known.clone().merged_with(read);
    assert_eq!(text(merged.client_secret.as_ref()), Some("canary-secret"));
    assert_eq!(merged.client_secret_expires_at, SecretExpiry::Never);
    assert_eq!(text(merged.registration_access_token.as_ref()), Some("new"));
    assert_eq!(merged.registration_client_uri.as_deref(), Some("https://id.example/reg/7"));
    for nothing in [json!({"client_secret": ""}), json!({"client_secret": null}), json!({"client_secret": 7})] {
        let merged = known.clone().merged_with(IssuedCredentials::find(&answer(200, &nothing)));
        assert_eq!(text(merged.client_secret.as_ref()), Some("canary-secret"), "{nothing}");
    }
}

#[test]
fn a_new_secret_does_not_inherit_the_term_of_the_old_one() {
    let known = IssuedCredentials::find(&answer(201, &json!({"client_secret": "a", "client_secret_expires_at": 99})));
    let repeated = known.clone().merged_with(IssuedCredentials::find(&answer(200, &json!({"client_secret": "a"}))));
    assert_eq!(repeated.client_secret_expires_at, SecretExpiry::At(99));
    let replaced = known.merged_with(IssuedCredentials::find(&answer(200, &json!({"client_secret": "b"}))));
    assert_eq!(replaced.client_secret_expires_at, SecretExpiry::NotSaid);
}

#[test]
fn only_what_is_new_has_to_be_put_away() {
    let known = IssuedCredentials::find(&answer(201, &whole()));
    assert!(known.clone().beyond(&known).is_empty());
    let mut rotated = whole();
    rotated["registration_access_token"] = "other".into();
    let new = IssuedCredentials::find(&answer(200, &rotated)).beyond(&known);
    assert!(new.holds_secrets() && new.client_secret.is_none());
    assert_eq!(text(new.registration_access_token.as_ref()), Some("other"));
}

fn any_issued() -> impl Strategy<Value = (Option<String>, Option<String>)> {
    (prop::option::of("[a-z]{1,4}"), prop::option::of("[a-z]{1,4}"))
}

fn credentials((secret, token): (Option<String>, Option<String>)) -> IssuedCredentials {
    IssuedCredentials {
        client_secret: secret.map(Secret::new),
        registration_access_token: token.map(Secret::new),
        ..IssuedCredentials::default()
    }
}

proptest! {
    #[test]
    fn a_new_secret_or_token_is_found_in_any_answer(
        status in 100_u16..600,
        label in "[a-z/]{0,12}",
        secret in "\\PC{1,20}",
        token in "\\PC{1,20}",
        more in "\\PC{0,20}",
        client_id in prop::option::of(any::<u32>()),
    ) {
        let body = json!({
            "error": more, "client_id": client_id, "client_secret": secret,
            "nested": {"client_secret": "of somebody else"}, "registration_access_token": token,
        });
        let headers = vec![("content-type".to_owned(), label)];
        let response = HttpResponse { status, headers, body: body.to_string().into_bytes(), cut: false };
        let found = IssuedCredentials::find(&response);
        prop_assert_eq!(text(found.client_secret.as_ref()), Some(secret.as_str()));
        prop_assert_eq!(text(found.registration_access_token.as_ref()), Some(token.as_str()));
    }

    #[test]
    fn no_answer_makes_the_readers_panic(status in any::<u16>(), body in "\\PC*") {
        let response = HttpResponse { status, headers: Vec::new(), body: body.into_bytes(), cut: false };
        let _ = IssuedCredentials::find(&response);
        let _ = DeletionResponse::read(&response);
        for step in [RegistrationStep::Register, RegistrationStep::Read, RegistrationStep::Update] {
            let _ = RegistrationResponse::read(&response, step, None);
        }
    }

    #[test]
    fn nothing_known_is_ever_lost_by_an_answer(known in any_issued(), newer in any_issued()) {
        let merged = credentials(known.clone()).merged_with(credentials(newer.clone()));
        prop_assert_eq!(text(merged.client_secret.as_ref()).map(str::to_owned), newer.0.or(known.0));
        prop_assert_eq!(text(merged.registration_access_token.as_ref()).map(str::to_owned), newer.1.or(known.1));
    }
}
