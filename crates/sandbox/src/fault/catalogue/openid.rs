//! JK, DI, UI, RF, RV, LO: keys, metadata, userinfo, refresh, revocation, introspection, logout.

use super::{Family, FaultDefinition, FaultEndpoint, Opportunity, fault};
use crate::Twin;

/// The twins that turn an access token into an identity.
const WITH_IDENTITY: &[Twin] = &[Twin::Chaster, Twin::Chattz, Twin::Gitter, Twin::ContentDb];

const fn row(
    endpoint: FaultEndpoint,
    opportunity: Opportunity,
    id: &'static str,
    sentence: &'static str,
) -> FaultDefinition {
    fault(Family::OpenId, id, endpoint, opportunity, sentence).at(&[Twin::Chaster])
}

const fn keys(id: &'static str, sentence: &'static str) -> FaultDefinition {
    row(FaultEndpoint::Jwks, Opportunity::Success, id, sentence)
}

const fn metadata(id: &'static str, sentence: &'static str) -> FaultDefinition {
    row(FaultEndpoint::Discovery, Opportunity::Success, id, sentence)
}

const fn identity(id: &'static str, sentence: &'static str) -> FaultDefinition {
    row(FaultEndpoint::Userinfo, Opportunity::Success, id, sentence)
}

const fn refresh(id: &'static str, sentence: &'static str) -> FaultDefinition {
    row(FaultEndpoint::Refresh, Opportunity::Tokens, id, sentence)
}

const fn logout(id: &'static str, sentence: &'static str) -> FaultDefinition {
    row(FaultEndpoint::Logout, Opportunity::LoggedOut, id, sentence)
}

pub(super) static FAULTS: &[FaultDefinition] = &[
    keys("JK-01", "There is no key set.").ways(&["not_found", "server_error", "hang", "html"]),
    keys("JK-02", "The key set holds no keys.").ways(&["empty", "not_an_array"]),
    keys("JK-03", "The keys have private members."),
    keys("JK-04", "Two keys have the same name.").ways(&["same_use", "other_use"]),
    keys("JK-05", "The keys are for something else.").ways(&["encryption", "other_algorithm", "no_verify"]),
    keys("JK-06", "The keys are symmetric ones."),
    keys("JK-07", "Entries nobody knows stand before the good ones."),
    keys("JK-08", "The key set is far too large.").ways(&["many_keys", "many_bytes"]),
    keys("JK-09", "Every answer has other keys."),
    keys("JK-10", "The key set is elsewhere.").ways(&["other_host", "http"]),
    keys("JK-11", "The key set may be kept for no time, or for a year.").ways(&["no_time", "one_year"]),
    keys("JK-12", "An entry that cannot be a key stands before the good ones.").ways(&["bad_base64", "wrong_point"]),
    metadata("DI-01", "The issuer is not the one asked.").ways(&["suffix", "slash", "case"]),
    metadata("DI-02", "The endpoints are reached without TLS, away from this computer."),
    metadata("DI-03", "The token endpoint is where no secret may go.").ways(&[
        "other_host",
        "loopback",
        "link_local",
        "loopback_v6",
        "file",
        "userinfo",
        "port_0",
    ]),
    metadata("DI-04", "A member that must be there is missing, or has the wrong type.").ways(&[
        "no_issuer",
        "no_authorization_endpoint",
        "no_token_endpoint",
        "no_jwks_uri",
        "no_response_types_supported",
        "number",
        "array",
        "text",
    ]),
    metadata("DI-05", "The metadata are elsewhere."),
    metadata("DI-06", "Of the two well-known addresses one has no metadata, none has, or they contradict each other.")
        .ways(&["oauth_only", "openid_only", "neither", "conflicting"]),
    metadata("DI-07", "The metadata are no JSON, broken off, far too large, or slow.")
        .ways(&["html", "truncated", "many_bytes", "slow"])
        .waiting(20_000),
    metadata("DI-08", "The metadata differ from one answer to the next."),
    metadata("DI-09", "A member is there twice."),
    metadata("DI-10", "There are endpoints for clients with a certificate."),
    metadata("DI-11", "The address of the key set is another each time."),
    metadata("DI-13", "The endpoints' host only looks like the provider's."),
    identity("UI-01", "The subject is another one."),
    identity("UI-02", "There is no subject.").at(WITH_IDENTITY),
    identity("UI-03", "The identity is a signed JWT."),
    identity(
        "UI-04",
        "The signed identity is not to be believed, or not signed although the app is registered for it.",
    )
    .ways(&["bad_signature", "alg_none", "iss", "aud", "plain_json"]),
    identity("UI-05", "The token is refused, or nobody is signed in and the status is 200 all the same.")
        .at(WITH_IDENTITY)
        .ways(&["unauthorized", "insufficient_scope", "not_authenticated"]),
    identity("UI-06", "A page comes instead of an identity.").at(WITH_IDENTITY).ways(&["html", "redirect"]),
    identity("UI-07", "The identity stands in a list: alone, twice, or not at all.")
        .at(WITH_IDENTITY)
        .ways(&["one", "two", "none"]),
    identity("UI-08", "The person's name or picture is hostile.").at(WITH_IDENTITY).ways(&[
        "html",
        "formula",
        "bidi",
        "ansi",
        "javascript_avatar",
        "megabyte",
    ]),
    identity("UI-09", "Some claims are another party's, or are to be fetched elsewhere.").ways(&[
        "aggregated",
        "distributed_loopback",
        "distributed_attacker",
    ]),
    identity("UI-10", "A redirect carries the access token away.").at(WITH_IDENTITY),
    identity("UI-11", "The subject is another at each call.").at(WITH_IDENTITY),
    identity("UI-12", "The subject is a number, a text of digits, or a number beyond 2^53.")
        .at(WITH_IDENTITY)
        .ways(&["number", "text", "large"]),
    refresh("RF-01", "The refresh token can be used once; a new one comes with the answer."),
    refresh("RF-02", "The same refresh token comes back."),
    refresh("RF-03", "No refresh token comes back."),
    refresh("RF-04", "The refresh token is used up, and the answer is lost.").ways(&["reset", "closed"]).on_the_wire(),
    row(FaultEndpoint::Refresh, Opportunity::Request, "RF-05", "The refresh token is refused."),
    refresh("RF-06", "The scope is wider than what was granted."),
    row(
        FaultEndpoint::Refresh,
        Opportunity::IdToken,
        "RF-07",
        "The refreshed ID token is about somebody else, or from another issuer.",
    )
    .ways(&["sub", "iss"]),
    refresh("RF-08", "The refresh token is used up, and the answer is an error 500."),
    refresh("RF-11", "The new access token expires at once.").ways(&["zero", "one"]),
    row(FaultEndpoint::Revocation, Opportunity::Request, "RV-01", "The answer is 200, and nothing is revoked.")
        .at(&[Twin::Chaster, Twin::ContentDb]),
    row(FaultEndpoint::Revocation, Opportunity::Request, "RV-02", "The endpoint is busy and says when to come back.")
        .at(&[Twin::Chaster, Twin::ContentDb]),
    row(FaultEndpoint::Revocation, Opportunity::Request, "RV-03", "This type of token cannot be revoked."),
    row(
        FaultEndpoint::Revocation,
        Opportunity::Success,
        "RV-04",
        "The token is revoked, and the body says nothing sensible.",
    )
    .at(&[Twin::Chaster, Twin::ContentDb])
    .ways(&["html", "empty"]),
    row(
        FaultEndpoint::Introspection,
        Opportunity::Success,
        "RV-05",
        "Whether the token is active is not said in JSON's own words.",
    )
    .ways(&["text", "missing", "number"]),
    row(
        FaultEndpoint::Revocation,
        Opportunity::Answer,
        "RV-06",
        "Deleting a token answers 200, or 404, whatever has happened.",
    )
    .at(&[Twin::ContentDb])
    .ways(&["ok", "not_found"]),
    // Ours: the design's catalogue ends above, and had no fault for codes that an errand can find.
    row(
        FaultEndpoint::Revocation,
        Opportunity::Request,
        "RV-07",
        "The answer is 200 and holds an error; nothing is revoked.",
    )
    .at(&[Twin::Chaster, Twin::ContentDb]),
    row(
        FaultEndpoint::Introspection,
        Opportunity::Request,
        "RV-08",
        "The endpoint tells this client nothing of any token.",
    )
    .ways(&["unauthorized", "forbidden"]),
    logout("LO-01", "The redirect after the logout has no state."),
    logout("LO-02", "The redirect after the logout has another state, or its state twice.").ways(&["other", "twice"]),
    logout("LO-03", "There is no redirect after the logout."),
];
