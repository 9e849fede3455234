use super::*;
use crate::exchange::{RecordedRequest, RecordedResponse};
use crate::run::StepStatus;
use crate::{ProviderId, Redacted};

fn provider(id: &str) -> Provider {
    Provider::find_built_in(&ProviderId::new(id)).unwrap()
}

fn field(name: &str, value: &str) -> RecordedField {
    RecordedField { name: name.to_owned(), value: Redacted::text(value) }
}

/// A token step with this answer, as it is recorded: a member of a secret's name is a reference.
fn token_step(status: u16, body: Redacted) -> Step {
    let exchange = Exchange {
        purpose: ExchangePurpose::Token,
        request: RecordedRequest {
            method: "POST".to_owned(),
            url: "https://chattz.example/oauth/token".to_owned(),
            query: Vec::new(),
            headers: vec![field("accept", "application/json")],
            encoding: "form".to_owned(),
            fields: ["grant_type", "redirect_uri", "client_secret"].map(|name| field(name, "…")).to_vec(),
        },
        response: Some(RecordedResponse {
            status,
            headers: vec![field("content-type", "application/json")],
            body,
            bytes: 0,
            cut: false,
        }),
        duration_us: 0,
        failure: None,
    };
    Step {
        kind: StepKind::TokenRequest,
        status: StepStatus::Passed,
        sentence: String::new(),
        duration_us: None,
        waited_for_person: false,
        findings: Vec::new(),
        exchanges: vec![exchange],
        pages: Vec::new(),
    }
}

fn answer(rest: &str) -> Redacted {
    let mut body = Redacted::text("{\n  \"access_token\": ");
    body.push_reference(&"token#1");
    body.push_text(&format!(",\n  {rest}\n}}"));
    body
}

fn said<'a>(observations: &'a [Observation], statement: &str) -> Option<(Agreement, &'a str)> {
    let found = observations.iter().find(|observation| observation.statement == statement)?;
    Some((found.agreement, &found.saw))
}

#[test]
fn an_answer_as_documented_confirms_what_it_shows_and_nothing_else() {
    let step = token_step(200, answer(r#""token_type": "Bearer", "expires_in": 3600"#));
    let seen = observe(&provider("chattz"), &[step]);
    assert!(seen.iter().all(|one| one.agreement == Agreement::Confirms), "{seen:#?}");
    for statement in ["token_type", "fields", "success", "encoding"] {
        assert!(said(&seen, &format!("dialect.token_response.{statement}")).is_some(), "{statement}");
    }
    assert!(said(&seen, "dialect.token_request.grant_type").is_none(), "that it is required was not tried");
    assert!(said(&seen, "dialect.identity.subject").is_none());
}

#[test]
fn another_letter_case_contradicts_the_token_type_alone() {
    let step = token_step(200, answer(r#""token_type": "BEARER", "expires_in": 3600"#));
    let seen = observe(&provider("chattz"), &[step]);
    let against: Vec<_> = seen.iter().filter(|one| one.agreement == Agreement::Contradicts).collect();
    assert_eq!(against.len(), 1, "{against:#?}");
    assert_eq!(
        said(&seen, "dialect.token_response.token_type"),
        Some((Agreement::Contradicts, "token_type was “BEARER”."))
    );
}

#[test]
fn a_missing_member_and_one_of_another_type_contradict_the_list_of_fields() {
    let against = |rest| {
        let seen = observe(&provider("chattz"), &[token_step(200, answer(rest))]);
        let only: Vec<_> = seen.into_iter().filter(|one| one.agreement == Agreement::Contradicts).collect();
        let [one] = only.as_slice() else { panic!("{only:#?}") };
        (one.statement, one.saw.clone())
    };
    let fields = "dialect.token_response.fields";
    assert_eq!(against(r#""token_type": "Bearer""#), (fields, "expires_in is missing.".to_owned()));
    assert_eq!(
        against(r#""token_type": "Bearer", "expires_in": "3600""#),
        (fields, "expires_in is a string and not a number.".to_owned())
    );
    assert_eq!(against(r#""expires_in": 3600"#), (fields, "token_type is missing.".to_owned()));
}

#[test]
fn a_redirecting_token_endpoint_is_not_where_it_is_said_to_be_and_one_in_trouble_says_nothing() {
    let of = |status| observe(&provider("chattz"), &[token_step(status, Redacted::text("{}"))]);
    assert_eq!(said(&of(308), "endpoints.token").unwrap().0, Agreement::Contradicts);
    assert_eq!(of(503), []);
}

#[test]
fn every_observed_statement_is_a_field_of_a_profile() {
    let chaster = provider("chaster");
    let step = token_step(200, answer(r#""token_type": "bearer", "expires_in": 300"#));
    for seen in observe(&chaster, &[step]) {
        assert!(Stated::by(&chaster).value(seen.statement).is_some(), "{}", seen.statement);
    }
    assert_eq!(Stated::by(&chaster).value("dialect.tokens.access_token_seconds").as_deref(), Some("300"));
    assert_eq!(Stated::by(&chaster).value("dialect.identity.signed_in_flag"), None);
}
