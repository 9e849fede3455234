//! Findings: what was off, expected against received.

use gatewright_model::Redacted;
use gatewright_model::run::Finding;
use gatewright_protocol::answer::AnswerDefect;
use gatewright_protocol::authorization::{Defect, StateCheck};

/// A finding whose two sides are plain text.
pub(super) fn plain(code: &str, field: &str, title: &str, advice: &str, expected: &str, received: &str) -> Finding {
    Finding {
        code: code.to_owned(),
        title: title.to_owned(),
        advice: advice.to_owned(),
        field: field.to_owned(),
        expected: Redacted::text(expected),
        received: Redacted::text(received),
    }
}

/// What is off about a callback's state that was not refused for it.
pub(super) fn of_state(check: StateCheck) -> Option<Finding> {
    match check {
        StateCheck::Matched | StateCheck::NotSent => None,
        StateCheck::NotReturned => Some(Finding {
            code: "state_missing".to_owned(),
            title: "The state did not come back.".to_owned(),
            advice: "Nobody can tell that this callback belongs to this login: an app at this provider can be made to log a person into somebody else's account.".to_owned(),
            field: "state".to_owned(),
            expected: Redacted::reference(&"state#1"),
            received: Redacted::text("nothing"),
        }),
        StateCheck::Unasked => Some(plain(
            "state_unasked",
            "state",
            "A state came back although none was sent.",
            "It was ignored; there is nothing to compare it with.",
            "no state",
            "a state",
        )),
    }
}

/// What is wrong with a callback that was refused.
pub(super) fn of_callback(defect: &Defect) -> Finding {
    let expected = match defect {
        Defect::NotTheRedirectUri => "the redirect URI",
        Defect::Twice(_) => "once",
        Defect::Foreign(_) | Defect::SignedResponse => "not in the answer to a code request",
        Defect::InFragment => "in the query, after ?",
        Defect::InQuery | Defect::FormUnasked => "where the request asked for it (response_mode)",
        Defect::FormTooLong => "at most 64 KiB",
        Defect::FormMislabelled(_) => "application/x-www-form-urlencoded",
        Defect::FormNotUtf8 => "text in UTF-8",
        Defect::StateMissing | Defect::StateMismatch | Defect::StateSpent => "the state that was sent",
        Defect::IssuerMissing { expected } | Defect::OtherIssuer { expected, .. } => expected,
        Defect::CodeAndError | Defect::NeitherCodeNorError => "either code or error (RFC 6749 §4.1.2)",
        Defect::ErrorEmpty => "an error code (RFC 6749 §4.1.2.1)",
        Defect::CodeEmpty => "a code",
        Defect::CodeMalformed => "at most 8,192 printable ASCII characters",
    };
    let received = match defect {
        Defect::StateMissing | Defect::IssuerMissing { .. } => "nothing".to_owned(),
        Defect::StateMismatch => "another state".to_owned(),
        Defect::OtherIssuer { received, .. } => received.clone(),
        other => other.to_string(),
    };
    let advice = "Nothing of this callback was used, and no code was sent anywhere.";
    plain(defect.code(), defect.field(), "The callback was not believed.", advice, expected, &received)
}

/// What is wrong with an answer that cannot be used.
pub(super) fn of_answer(defect: &AnswerDefect) -> Finding {
    let expected = "200 with a JSON object as the provider's profile describes it";
    let advice = "Nothing of this answer was used. The whole of it stands in the exchange.";
    plain("answer_unusable", "body", "The answer cannot be used.", advice, expected, &defect.to_string())
}
