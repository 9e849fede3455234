//! ID: the ID token. All of them live at Chaster's twin, the only one that speaks OpenID Connect.

use super::{Family, FaultDefinition, FaultEndpoint, Opportunity, fault};
use crate::Twin;

const fn row(id: &'static str, sentence: &'static str) -> FaultDefinition {
    fault(Family::OpenId, id, FaultEndpoint::Token, Opportunity::IdToken, sentence).at(&[Twin::Chaster])
}

/// A fault of the ID token and the key set together.
const fn row_with_keys(id: &'static str, sentence: &'static str) -> FaultDefinition {
    let row = fault(Family::OpenId, id, FaultEndpoint::Token, Opportunity::IdTokenOrKeys, sentence);
    row.at(&[Twin::Chaster]).with(FaultEndpoint::Jwks)
}

pub(super) static FAULTS: &[FaultDefinition] = &[
    row("ID-01", "The RS256 signature has one bit flipped."),
    row("ID-02", "The ES256 signature is broken.").ways(&["bit_flip", "der", "zeros"]),
    row("ID-03", "HMAC signs: with a broken value, or rightly although the app may be a public one.")
        .ways(&["bad_mac", "public_client"]),
    row("ID-04", "The ID token is not signed, and its alg says so in one way or another.").ways(&[
        "none",
        "mixed_case",
        "empty",
        "missing",
        "null",
        "array",
    ]),
    row("ID-05", "HS256 is keyed with the public RSA key, which everybody knows.").ways(&["pem", "der", "jwk"]),
    row("ID-06", "The signature is right, by an algorithm the app is not registered for.")
        .ways(&["rs384", "ps256", "es384"]),
    fault(
        Family::OpenId,
        "ID-07",
        FaultEndpoint::Jwks,
        Opportunity::Success,
        "Another key is published under the name of the one that signs.",
    )
    .at(&[Twin::Chaster]),
    row("ID-08", "An attacker's key signs, and the header brings or names that key.")
        .ways(&["jwk", "jku", "x5u", "x5c"]),
    row("ID-09", "The header says that an extension must be understood.").ways(&["unknown", "b64"]),
    row("ID-10", "The issuer is wrong.").ways(&["other", "suffix", "slash", "case", "missing", "number"]),
    row("ID-11", "The audience is not simply the client.").ways(&[
        "other",
        "suffix",
        "missing",
        "array",
        "array_with_other",
        "empty_array",
        "number",
    ]),
    row("ID-12", "The authorized party is another, or missing beside several audiences.")
        .ways(&["other", "missing_for_several"]),
    row("ID-13", "The subject is none.").ways(&["missing", "empty", "number", "too_long", "not_ascii"]),
    row("ID-14", "The time of issue is none, or far away.").ways(&["missing", "text", "future", "week_old"]),
    row("ID-15", "The expiry is none, or the token has expired.").ways(&[
        "six_minutes_ago",
        "twenty_seconds_ago",
        "missing",
        "text",
        "milliseconds",
        "huge",
    ]),
    row("ID-16", "The token is not valid before some time in the future.").ways(&["ten_minutes", "twenty_seconds"]),
    row("ID-17", "The nonce is wrong, missing, there although none was sent, or there twice.").ways(&[
        "wrong",
        "missing",
        "unexpected",
        "twice",
    ]),
    row("ID-18", "The hash of the access token is wrong or missing.").ways(&["wrong", "other_hash", "missing"]),
    row("ID-19", "A hash of the code or of the state is there, and wrong.").ways(&["c_hash", "s_hash"]),
    row("ID-20", "The time of the sign-in is missing, or a day older.").ways(&["missing", "too_old"]),
    row("ID-21", "The authentication context is not the one asked for."),
    row("ID-22", "The token is not written as a compact JWS.").ways(&[
        "two_parts",
        "four_parts",
        "five_parts",
        "padding",
        "whitespace",
        "standard_base64",
    ]),
    row("ID-23", "The claims are no JSON object, or name one thing twice.").ways(&["not_json", "array", "twice"]),
    row("ID-24", "The typ is that of another kind of token.").ways(&["at_jwt", "logout_jwt", "dpop_jwt"]),
    row("ID-25", "The token has more than ten million bytes."),
    row_with_keys("ID-26", "No key has a name, and the token names none.").ways(&["one_key", "several_keys"]),
    row("ID-27", "The keys are replaced just before signing, or between this login and the next.")
        .ways(&["before_signing", "between_logins"]),
    fault(
        Family::OpenId,
        "ID-28",
        FaultEndpoint::Refresh,
        Opportunity::IdToken,
        "The refreshed ID token differs where it must not.",
    )
    .at(&[Twin::Chaster])
    .ways(&["iss", "sub", "aud", "azp", "auth_time", "nonce"]),
    row_with_keys("ID-29", "A key signs that is too weak, and is published.").ways(&["rsa_512", "rsa_1024", "p_192"]),
    row("ID-30", "The issuer is a template."),
    // Ours: the design's catalogue ends above, and had no fault for codes that a login can find.
    row("ID-31", "The token is good for a month."),
    row("ID-32", "The header is no JSON object, or names one thing twice.").ways(&["not_json", "array", "twice"]),
];
