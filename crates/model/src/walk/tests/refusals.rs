//! Which refusals of a token request say something about an expired code.

use super::*;
use crate::exchange::{Exchange, ExchangePurpose, RecordedRequest, RecordedResponse};

/// Judges "Expired code" by a token request that ended so.
fn after(reason: EndReason, step: Step) -> MachineVerdict {
    judged(&scenario("expired_code"), &[(Part::Only, run(ended(reason), None), vec![step])], &[])
}

/// A token step whose answer was a page for people.
fn page(status: u16) -> Step {
    let response =
        RecordedResponse { status, headers: Vec::new(), body: Redacted::text("<html>"), bytes: 6, cut: false };
    let request = RecordedRequest {
        method: "POST".to_owned(),
        url: "https://id.example.org/token".to_owned(),
        query: Vec::new(),
        headers: Vec::new(),
        encoding: "form".to_owned(),
        fields: Vec::new(),
    };
    let exchange =
        Exchange { purpose: ExchangePurpose::Token, request, response: Some(response), duration_us: 0, failure: None };
    Step { kind: StepKind::TokenRequest, exchanges: vec![exchange], ..found("answer_html") }
}

#[test]
fn a_refusal_of_the_client_shows_nothing_about_an_expired_code() {
    let refused = |words: &str| {
        let mut step = Step { kind: StepKind::TokenRequest, ..found("token_refused") };
        step.findings[0].received = Redacted::text(words);
        after(EndReason::TokenRefused, step)
    };
    for words in ["400 invalid_grant", "400 invalid_grant, “Code expired, or of another client_id”", "400"] {
        assert_eq!(refused(words).verdict, Verdict::Pass, "{words}");
    }
    for words in ["401 invalid_client", "200 wrong, “The client_id or the client_secret is wrong”"] {
        assert_eq!(refused(words).sentence, "Ending: the client was refused, not the code.", "{words}");
        assert_eq!(refused(words).verdict.word(), VerdictWord::Inconclusive, "{words}");
    }
}

#[test]
fn a_server_that_has_had_enough_shows_nothing_about_an_expired_code_however_it_says_so() {
    for reason in [EndReason::TokenRefused, EndReason::TokenMalformed] {
        let limited = after(reason, page(429));
        assert_eq!(limited.verdict.word(), VerdictWord::Inconclusive, "{reason:?}");
        assert_eq!(limited.sentence, "Ending: too many requests were refused, not the code.");
    }
    assert_eq!(after(EndReason::TokenMalformed, page(400)).verdict, Verdict::Fail, "a page is no refusal of a code");
}
