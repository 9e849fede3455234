//! Findings: what was off, expected against received.

use std::net::IpAddr;

use gatewright_model::Redacted;
use gatewright_model::run::Finding;
use gatewright_protocol::answer::{AnswerDefect, Refusal};
use gatewright_protocol::authorization::{Defect, ErrorResponse, StateCheck};
use gatewright_protocol::discrepancy::Discrepancy;
use gatewright_protocol::userinfo::{ClaimSource, ClaimsElsewhere};
use url::Url;

use crate::codes;
use crate::grant::NotStored;
use crate::login::ExpectedPerson;
use crate::ports::SendError;
use crate::sightings::without_query;
use crate::words::{in_its_words, refusal_words};

/// A finding whose two sides are plain text.
pub(crate) fn plain(code: &str, field: &str, title: &str, advice: &str, expected: &str, received: &str) -> Finding {
    Finding {
        code: code.to_owned(),
        title: title.to_owned(),
        advice: advice.to_owned(),
        field: field.to_owned(),
        expected: Redacted::text(expected),
        received: Redacted::text(received),
    }
}

/// Somebody else logged in than was meant. `received` is fit to be shown.
pub(crate) fn wrong_person(expected: &ExpectedPerson, received: &str, field: &str) -> Finding {
    plain(
        "wrong_person",
        field,
        &format!("This was not {}.", expected.name),
        "What this run shows is somebody else's. Most often the browser was still signed in as that person.",
        &expected.subject,
        received,
    )
}

/// Somebody was meant, and the provider does not say who it was.
pub(crate) fn person_not_told(expected: &ExpectedPerson) -> Finding {
    plain(
        "person_not_told",
        "identity",
        "Who logged in is not known.",
        "The provider gave tokens and no identity, so nobody can tell whether the right person logged in. Name its identity endpoint in the profile, or expect nobody.",
        &expected.subject,
        "nothing",
    )
}

/// What is off about a callback's state that was not refused for it.
pub(crate) fn of_state(check: StateCheck) -> Option<Finding> {
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
pub(crate) fn of_callback(defect: &Defect) -> Finding {
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
pub(crate) fn of_answer(defect: &AnswerDefect) -> Finding {
    let expected = "200 with a JSON object as the provider's profile describes it";
    let advice = "Nothing of this answer was used. The whole of it stands in the exchange.";
    plain(defect.code(), defect.field(), "The answer cannot be used.", advice, expected, &defect.to_string())
}

/// What a judgement of `protocol` found off.
pub(crate) fn of_discrepancy(found: &Discrepancy) -> Finding {
    let title = codes::says(found.code).unwrap_or("Something is off.");
    plain(found.code, &found.field, title, codes::advice(found.code), &found.expected, &found.received)
}

/// An address of the metadata that is not the one of the profile.
pub(crate) fn endpoint_changed(member: &str, pinned: &Url, fresh: &Url) -> Finding {
    plain(
        "endpoint_changed",
        member,
        "The metadata name another endpoint than the profile.",
        "Nothing is sent to an address that nobody has looked at.",
        &format!("{} as in the profile", without_query(pinned)),
        &without_query(fresh),
    )
}

/// Claims that other servers hold.
pub(crate) fn claims_elsewhere(elsewhere: &ClaimsElsewhere) -> Finding {
    let place = match &elsewhere.source {
        ClaimSource::Aggregated => "a JWT that came along, signed by somebody else".to_owned(),
        ClaimSource::Distributed(address) => address.clone(),
        ClaimSource::Unknown => "a source that the answer does not describe".to_owned(),
    };
    plain(
        "claims_elsewhere",
        &elsewhere.name,
        "Some claims are kept by another server, which was not asked.",
        "Whoever writes the answer would choose whom this computer calls, so the source is shown and never fetched.",
        "claims in the answer itself",
        &format!("{} at {place}", elsewhere.claims.join(", ")),
    )
}

/// An ID token that nobody asked for.
pub(crate) fn id_token_unasked() -> Finding {
    plain(
        "id_token_unasked",
        "id_token",
        "An ID token came although openid was not asked.",
        "It was looked at and not used.",
        "no ID token without the scope openid (OpenID Connect Core §3.1.2.1)",
        "an ID token",
    )
}

/// An ID token that came from a provider of whose OpenID Connect nothing is known.
pub(crate) fn id_token_unverified() -> Finding {
    plain(
        "id_token_unverified",
        "id_token",
        "The ID token was not verified.",
        "The profile says nothing of this provider's OpenID Connect, so there is nothing to judge it by. It was kept and not believed.",
        "a profile with a part for OpenID Connect",
        "an ID token",
    )
}

/// The identity endpoint says another person than at the login, where no ID token says who it has to be. Both are fit to be shown.
pub(crate) fn identity_changed(at_login: &str, now: &str) -> Finding {
    plain(
        "identity_changed",
        "subject",
        "The access token speaks of somebody else than at the login.",
        "An access token belongs to one person. An app that recognises people by this answer would let them into each other's accounts.",
        at_login,
        now,
    )
}

/// A success that says that nobody is signed in.
pub(crate) fn nobody_signed_in() -> Finding {
    plain(
        "nobody_signed_in",
        "body",
        "The server answered with success, but says that nobody is signed in.",
        "The token was not accepted. Do not judge this provider by its status codes.",
        "somebody who is signed in",
        "nobody",
    )
}

/// An error in place of a code that is no refusal by the person.
pub(crate) fn authorization_refused(error: &ErrorResponse) -> Finding {
    plain(
        "authorization_refused",
        "error",
        "The authorization request was refused.",
        "The server's own words stand on the right; the whole callback stands in the exchange.",
        "a code",
        &format!("{}{}", error.error.as_deref().unwrap_or_default(), in_its_words(error)),
    )
}

/// A request that got no answer.
pub(crate) fn unreachable(error: &SendError) -> Finding {
    if let SendError::TooNear { host, address } = error {
        return too_near(host, *address);
    }
    let advice = if error.may_have_arrived() {
        "What the server did with the request, if it arrived, is not known."
    } else {
        "The request did not arrive, so the server did nothing with it."
    };
    plain("provider_unreachable", "answer", "The request got no answer.", advice, "an answer", &error.to_string())
}

/// A name that leads nearer than it may. The host stands by itself, so that it can be offered for confirmation.
fn too_near(host: &str, address: IpAddr) -> Finding {
    plain(
        "host_too_near",
        "host",
        codes::says("host_too_near").unwrap_or_default(),
        &format!(
            "The name leads to {address}, so nothing was sent. If this server is your own, allow the host for this provider. If not, somebody wants this computer to talk to your network."
        ),
        "a host on the internet, or one that you have allowed",
        host,
    )
}

/// A refusal by the server.
pub(crate) fn refused(code: &str, refusal: &Refusal) -> Finding {
    plain(
        code,
        "error",
        codes::says(code).unwrap_or("The server refused."),
        "The server's own words stand on the right; the whole answer stands in the exchange.",
        "200",
        &refusal_words(refusal),
    )
}

/// Something that was issued and could not be put away.
pub(crate) fn not_kept(why: &NotStored) -> Finding {
    plain(
        "credentials_not_kept",
        "client_secret",
        codes::says("credentials_not_kept").unwrap_or_default(),
        "It is in memory until Gatewright ends. Make room or unlock the keyring, and try to save it again before you close the window.",
        "new values in the keyring before anything else happens",
        &why.to_string(),
    )
}
