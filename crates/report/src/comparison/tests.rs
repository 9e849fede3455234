//! Two logins that went alike have nothing to say, and two that did not say it in one place.

use gatewright_model::exchange::ExchangePurpose;
use gatewright_model::run::{Finding, Identity, StepKind, StepStatus, TokenSummary};
use gatewright_model::{Outcome, Redacted, Run, Step};

use super::{Compared, Group, compare};
use crate::diagram::tests::{callback, field, run, steps};

fn compared(before: (&Run, &[Step]), now: (&Run, &[Step])) -> Vec<Group> {
    compare(Compared { run: before.0, steps: before.1 }, Compared { run: now.0, steps: now.1 })
}

/// What is left when noise is folded: "Group / name: before → now".
fn told(groups: &[Group]) -> Vec<String> {
    let lines = groups.iter().flat_map(|group| group.differences.iter().map(move |difference| (group, difference)));
    lines
        .filter(|(_, difference)| difference.folded.is_none())
        .map(|(group, one)| {
            let side = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
            format!("{} / {}: {} → {}", group.title, one.name, side(&one.before), side(&one.now))
        })
        .collect()
}

fn folded(groups: &[Group]) -> Vec<&str> {
    let all = groups.iter().flat_map(|group| &group.differences);
    all.filter(|difference| difference.folded.is_some()).map(|difference| &*difference.name).collect()
}

#[test]
fn a_run_beside_itself_differs_in_nothing() {
    let (run, steps) = (run(Outcome::LoggedIn { findings: 1 }), steps());
    assert_eq!(compared((&run, &steps), (&run, &steps)), []);
}

#[test]
fn what_is_new_in_every_login_is_folded_with_a_reason() {
    let (run, before) = (run(Outcome::LoggedIn { findings: 1 }), steps());
    let mut now = before.clone();
    now[0].exchanges[0].request.query[3].value = Redacted::text("another state");
    now[1].duration_us = Some(9_000_000);
    now[2].exchanges = vec![callback("code=‹code#1›&state=‹state#2›")];
    now[3].duration_us = Some(41_000);
    now[3].exchanges[0].request.url = "http://127.0.0.1:40999/contentdb/oauth/token/".to_owned();
    now[3].exchanges[0].response.as_mut().unwrap().headers = vec![field("Date", "Thu, 01 Jan 2026 00:00:00 GMT")];
    let mut earlier = before;
    earlier[3].exchanges[0].response.as_mut().unwrap().headers = vec![field("date", "Wed, 31 Dec 2025 00:00:00 GMT")];
    let groups = compared((&run, &earlier), (&run, &now));
    assert_eq!(told(&groups), Vec::<String>::new());
    assert_eq!(
        folded(&groups),
        [
            "Parameter state",
            "Answer: state",
            "Request",
            "Answer's header date",
            "Login and consent pages",
            "Token request"
        ]
    );
}

#[test]
fn parameters_members_findings_and_times_that_changed_are_told() {
    let mut early = run(Outcome::LoggedIn { findings: 1 });
    early.identity = Some(Identity {
        subject: "7".to_owned(),
        display_name: None,
        fields: vec![("name".to_owned(), "qa".to_owned())],
    });
    early.tokens = Some(TokenSummary {
        issued: vec!["access_token".to_owned()],
        scope: Some("read write".to_owned()),
        ..TokenSummary::default()
    });
    let mut late = run(Outcome::LoggedIn { findings: 0 });
    late.tokens = Some(TokenSummary {
        issued: vec!["access_token".to_owned()],
        scope: Some("read".to_owned()),
        ..TokenSummary::default()
    });
    late.duration_ms = Some(9_000);
    let before = steps();
    let mut now = before.clone();
    now[0].exchanges[0].request.query.remove(3);
    now[3].status = StepStatus::Passed;
    now[3].findings = vec![Finding {
        code: "other".to_owned(),
        title: "Another finding.".to_owned(),
        ..before[3].findings[0].clone()
    }];
    now[3].exchanges[0].response.as_mut().unwrap().body =
        Redacted::text(r#"{"success": "true", "access_token": "‹token#1›", "extra": {"a": 1}}"#);
    now.truncate(4);
    insta::assert_snapshot!(told(&compared((&early, &before), (&late, &now))).join("\n"), @r#"
    Run / Outcome: Logged in, 1 finding → Logged in
    Run / Who: 7 → –
    Run / Identity: name: qa → –
    Run / Tokens: scope: read write → read
    Authorization request / Parameter state: … → –
    Token request / Finding other: – → Another finding.
    Token request / Finding token_never_expires: The access token has no lifetime. → –
    Token request / Answer: success: true → "true"
    Token request / Answer: extra.a: – → 1
    Token request / Answer: token_type: "Bearer" → –
    Identity / What happened: username = qa-two → –
    Identity / Request: GET http://127.0.0.1:40123/contentdb/api/whoami/ → –
    Times / Without the person: 600 ms → 7.80 s
    "#);
}

#[test]
fn an_age_a_state_and_the_code_of_an_error_are_told() {
    let person = |age: &str| Identity {
        subject: "7".to_owned(),
        display_name: None,
        fields: vec![("age".to_owned(), age.to_owned())],
    };
    let mut early = run(Outcome::LoggedIn { findings: 1 });
    let mut late = early.clone();
    early.identity = Some(person("17"));
    late.identity = Some(person("18"));
    let answering = |json: &str| {
        let mut steps = steps();
        steps[3].exchanges[0].response.as_mut().unwrap().body = Redacted::text(json);
        steps
    };
    let before = answering(r#"{"error": {"code": 1}, "address": {"state": "Texas"}, "expires": 1, "iat": 1}"#);
    let now = answering(r#"{"error": {"code": 2}, "address": {"state": "Ohio"}, "expires": 2, "iat": 2}"#);
    let groups = compared((&early, &before), (&late, &now));
    insta::assert_snapshot!(told(&groups).join("\n"), @r#"
    Run / Identity: age: 17 → 18
    Token request / Answer: error.code: 1 → 2
    Token request / Answer: address.state: "Texas" → "Ohio"
    Token request / Answer: expires: 1 → 2
    "#);
    assert_eq!(folded(&groups), ["Answer: iat"]);
}

#[test]
fn a_value_that_came_or_went_is_never_noise() {
    let (run, before) = (run(Outcome::LoggedIn { findings: 1 }), steps());
    let mut now = before.clone();
    now[2].exchanges = vec![callback("code=‹code#1›")];
    let groups = compared((&run, &before), (&run, &now));
    assert_eq!(told(&groups), ["Callback / Answer: state: ‹state#1› → –"]);
}

#[test]
fn the_second_step_of_a_kind_is_compared_with_the_second() {
    let (run, mut before) = (run(Outcome::LoggedIn { findings: 1 }), steps());
    let refresh =
        |sentence: &str| Step { kind: StepKind::Refresh, sentence: sentence.to_owned(), ..steps()[4].clone() };
    before.push(refresh("one"));
    before.push(refresh("two"));
    let mut now = before.clone();
    now[6].sentence = "three".to_owned();
    assert_eq!(told(&compared((&run, &before), (&run, &now))), ["Refresh 2 / What happened: two → three"]);
}

#[test]
fn metadata_that_were_still_known_are_no_difference() {
    let (run, mut before) = (run(Outcome::LoggedIn { findings: 1 }), steps());
    let mut asked = before[3].exchanges[0].clone();
    asked.purpose = ExchangePurpose::Metadata;
    before.insert(
        0,
        Step { kind: StepKind::Discovery, sentence: "Read.".to_owned(), exchanges: vec![asked], ..steps()[4].clone() },
    );
    let mut now = before.clone();
    now[0].sentence = "Known since 3 s ago.".to_owned();
    now[0].exchanges.clear();
    let groups = compared((&run, &before), (&run, &now));
    assert_eq!((told(&groups), folded(&groups)), (vec![], vec!["What happened", "Request"]));
}
