//! What is off about a registration.

use gatewright_model::run::Finding;
use gatewright_protocol::registration::{
    ClientMetadata, ManagementAddress, ManagementAddressDefect, Registration, RegistrationDefect, RegistrationOddity,
    diff,
};

use crate::codes;
use crate::finding::{of_answer, plain};

/// Everything off about an answer that was understood. `wanted` is what the client was to be.
pub(super) fn of_registration(
    registration: &Registration,
    wanted: &ClientMetadata,
    address: Option<&Result<ManagementAddress, ManagementAddressDefect>>,
) -> Vec<Finding> {
    let elsewhere = address.and_then(|address| address.as_ref().err());
    registration
        .oddities
        .iter()
        .map(of_oddity)
        .chain(elsewhere.map(of_address))
        .chain(replaced(registration, wanted))
        .collect()
}

fn of_oddity(oddity: &RegistrationOddity) -> Finding {
    match oddity {
        RegistrationOddity::Status { expected, received } => told(
            "registration_status",
            "status",
            "The rest of the answer was understood all the same.",
            &expected.to_string(),
            &received.to_string(),
        ),
        RegistrationOddity::ExpiryMissing => told(
            "registration_expiry_missing",
            "client_secret_expires_at",
            "Nobody can tell when this secret stops working. Find it out, and note a due date.",
            "a time, or 0 for never (RFC 7591 §3.2.1)",
            "nothing",
        ),
        RegistrationOddity::HalfManaged => told(
            "registration_half_managed",
            "registration_access_token",
            "One is of no use without the other: this client can be changed at the provider's own page only.",
            "both registration_access_token and registration_client_uri (RFC 7592 §3), or neither",
            "one of them",
        ),
        RegistrationOddity::SecretForPublicClient => told(
            "registration_secret_unasked",
            "client_secret",
            "A public client cannot keep a secret. It was kept, and is not needed.",
            "no secret with token_endpoint_auth_method none",
            "a secret",
        ),
    }
}

fn of_address(defect: &ManagementAddressDefect) -> Finding {
    told(
        "registration_address",
        "registration_client_uri",
        "Whoever gets the registration access token can change this client, so it is sent nowhere before you agree to the place.",
        "an address beside the provider's own endpoints",
        &defect.to_string(),
    )
}

/// What the server has made of members that it was sent (RFC 7591 §3.2.1 lets it). What it has added says nothing against it.
fn replaced<'a>(registration: &'a Registration, wanted: &'a ClientMetadata) -> impl Iterator<Item = Finding> + 'a {
    diff(wanted, &registration.metadata).into_iter().filter_map(|found| {
        let expected = found.here?;
        let received = found.there.as_deref().unwrap_or("nothing");
        let advice = "A server may replace what it is sent. Look whether the client still does what you need.";
        Some(plain("registration_differs", &found.member, says("registration_differs"), advice, &expected, received))
    })
}

/// What is wrong with an answer that cannot be used.
pub(crate) fn of_defect(defect: &RegistrationDefect) -> Finding {
    match defect {
        RegistrationDefect::Answer(defect) => of_answer(defect),
        other => told(
            other.code(),
            other.field(),
            "What was issued with it was kept. The whole of it stands in the exchange.",
            "the client as RFC 7591 §3.2.1 describes it",
            &other.to_string(),
        ),
    }
}

fn told(code: &str, field: &str, advice: &str, expected: &str, received: &str) -> Finding {
    plain(code, field, says(code), advice, expected, received)
}

fn says(code: &str) -> &'static str {
    codes::says(code).unwrap_or("Something is off.")
}
