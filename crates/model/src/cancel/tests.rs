use super::*;
use crate::Redacted;
use crate::exchange::{Exchange, ExchangePurpose, RecordedRequest, RecordedResponse};
use crate::run::{Ending, Finding, StepStatus};

fn step(kind: StepKind) -> Step {
    Step {
        kind,
        status: StepStatus::Failed,
        sentence: String::new(),
        duration_us: None,
        waited_for_person: false,
        findings: Vec::new(),
        exchanges: Vec::new(),
        pages: Vec::new(),
    }
}

fn callback(query: &str, finding: Option<&str>) -> Step {
    let request = RecordedRequest {
        method: "GET".to_owned(),
        url: "https://id.example.net/authorize".to_owned(),
        query: Vec::new(),
        headers: Vec::new(),
        encoding: String::new(),
        fields: Vec::new(),
    };
    let body = Redacted::text(format!("https://app.example.org/callback{query}"));
    let response = RecordedResponse { status: 0, headers: Vec::new(), body, bytes: 0, cut: false };
    let exchange = Exchange {
        purpose: ExchangePurpose::Authorization,
        request,
        response: Some(response),
        duration_us: 0,
        failure: None,
    };
    let findings = finding.map(|code| Finding {
        code: code.to_owned(),
        title: String::new(),
        advice: String::new(),
        field: String::new(),
        expected: Redacted::default(),
        received: Redacted::default(),
    });
    Step { exchanges: vec![exchange], findings: findings.into_iter().collect(), ..step(StepKind::Callback) }
}

fn seen(reason: EndReason, steps: &[Step]) -> Option<CancelSeen> {
    let outcome = Outcome::Ended(Ending { reason, sentence: String::new(), next: String::new() });
    CancelSeen::of(&outcome, steps, &"https://id.example.net/authorize".parse().unwrap())
}

fn signal(reason: EndReason, steps: &[Step]) -> Option<CancelSignal> {
    seen(reason, steps).map(|seen| seen.signal)
}

fn pages(pages: &[&str]) -> Vec<Step> {
    vec![Step { pages: pages.iter().map(|page| (*page).to_owned()).collect(), ..step(StepKind::Pages) }]
}

#[test]
fn a_callback_is_told_by_its_parameters() {
    for (query, finding, expected) in [
        ("?error=access_denied&state=‹state#1›", None, CancelSignal::AccessDenied),
        ("?error=access_denied&state=x", Some("state_mismatch"), CancelSignal::ForeignState),
        ("?error=access_denied", Some("state_missing"), CancelSignal::ErrorWithoutState),
        ("?error=consent_required&state=‹state#1›", None, CancelSignal::OtherError),
        ("?state=‹state#1›", None, CancelSignal::OtherError),
        ("", None, CancelSignal::BareRedirect),
        ("#error=access_denied&state=‹state#1›", None, CancelSignal::AccessDenied),
    ] {
        assert_eq!(signal(EndReason::CallbackRejected, &[callback(query, finding)]), Some(expected), "{query}");
    }
}

#[test]
fn a_parameter_of_the_redirect_uri_itself_is_no_answer() {
    let seen = seen(EndReason::Denied, &[callback("?tenant=error&error=access_denied&state=x", None)]).unwrap();
    assert_eq!((seen.signal, seen.error.as_deref()), (CancelSignal::AccessDenied, Some("access_denied")));
}

#[test]
fn a_person_who_approved_has_not_cancelled() {
    assert_eq!(seen(EndReason::TokenRefused, &[callback("?code=‹code#1›&state=‹state#1›", None)]), None);
    assert_eq!(CancelSeen::of(&Outcome::LoggedIn { findings: 0 }, &[], &"https://a.b/c".parse().unwrap()), None);
    assert_eq!(seen(EndReason::ListenerFailed, &[]), None);
}

#[test]
fn without_a_callback_the_last_page_counts() {
    let asked = pages(&["https://id.example.net/login", "https://id.example.net/authorize"]);
    assert_eq!(signal(EndReason::WindowClosed, &asked), Some(CancelSignal::WindowClosed));
    assert_eq!(signal(EndReason::TimedOut, &asked), Some(CancelSignal::Nothing));
    assert_eq!(signal(EndReason::Stopped, &asked), Some(CancelSignal::Nothing));
    for last in ["https://id.example.net/", "https://www.example.net/goodbye"] {
        let elsewhere = pages(&["https://id.example.net/authorize", last]);
        for (reason, expected) in [
            (EndReason::Stopped, CancelSignal::OtherPage),
            (EndReason::TimedOut, CancelSignal::OtherPage),
            // Perhaps on the way to sign in: only the person knows whether it was after a cancel.
            (EndReason::WindowClosed, CancelSignal::WindowClosed),
        ] {
            let seen = seen(reason, &elsewhere).unwrap();
            assert_eq!((seen.signal, seen.page.as_deref()), (expected, Some(last)), "{reason:?}");
        }
    }
    assert_eq!(signal(EndReason::PageUnreachable, &asked), Some(CancelSignal::OtherPage));
    assert_eq!(signal(EndReason::PageUnreachable, &[]), None);
}

#[test]
fn a_bare_callback_at_a_listener_ends_as_a_cancel_without_a_callback_step() {
    assert_eq!(signal(EndReason::Cancelled, &pages(&[])), Some(CancelSignal::BareRedirect));
}

#[test]
fn an_observation_confirms_contradicts_or_is_new() {
    assert_eq!(CancelSignal::BareRedirect.against(RefusalSignal::BareRedirect), Agreement::Confirmed);
    assert_eq!(CancelSignal::AccessDenied.against(RefusalSignal::AccessDenied), Agreement::Confirmed);
    assert_eq!(CancelSignal::ErrorWithoutState.against(RefusalSignal::AccessDenied), Agreement::Contradicted);
    assert_eq!(CancelSignal::Nothing.against(RefusalSignal::Unknown), Agreement::New);
    for said in [RefusalSignal::AccessDenied, RefusalSignal::BareRedirect, RefusalSignal::Unknown] {
        assert_eq!(CancelSignal::WindowClosed.against(said), Agreement::Unclear, "closing is not the provider's doing");
    }
}
