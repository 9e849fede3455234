//! AZ: the authorization endpoint and the redirect back to the app.
//!
//! Two rows of the design are no server's doing and have no fault: a callback when no login is under way, and one after the app has
//! given up (AZ-24, AZ-31; AZ-33 with a long delay makes the second). A request for a client certificate (AZ-28) would need TLS.

use super::Opportunity::{
    AuthorizationRequest, Callback, CallbackWithCode, CallbackWithIssuer, CallbackWithState, SignedInRequest,
};
use super::{Family, FaultDefinition, FaultEndpoint, Opportunity, fault};
use crate::Twin;

/// The order of a parameter that comes twice.
const TWICE: &[&str] = &["right_wrong", "wrong_right", "same"];
/// Only Chaster sends `iss` by itself.
const WITHOUT_ISSUER: &[Twin] = &[Twin::Chattr, Twin::Chattz, Twin::Gitter, Twin::ContentDb];
const WITH_ISSUER: &[Twin] = &[Twin::Chaster];
/// Gitter and ContentDB keep no time limit for codes.
const WITH_EXPIRY: &[Twin] = &[Twin::Chattr, Twin::Chattz, Twin::Chaster];
/// The others ask for consent at every login.
const WITH_MEMORY: &[Twin] = &[Twin::Chaster, Twin::ContentDb];

const fn row(id: &'static str, opportunity: Opportunity, sentence: &'static str) -> FaultDefinition {
    fault(Family::Authorization, id, FaultEndpoint::Authorization, opportunity, sentence)
}

pub(super) static FAULTS: &[FaultDefinition] = &[
    row("AZ-01", CallbackWithState, "The callback has no state."),
    row("AZ-02", CallbackWithState, "The callback has a state that was never sent."),
    row("AZ-03", CallbackWithState, "The callback has its state twice.").ways(TWICE),
    row("AZ-04", CallbackWithState, "The callback has the state almost as it was sent.").ways(&[
        "case",
        "truncated",
        "trailing_space",
        "encoded_twice",
    ]),
    row("AZ-05", CallbackWithState, "The callback has the state of an earlier login of the same client that is over."),
    row("AZ-06", CallbackWithState, "Two logins under way at once get each other's state."),
    row("AZ-07", CallbackWithIssuer, "The callback has no iss, although the metadata promises one.").at(WITH_ISSUER),
    row("AZ-08", CallbackWithIssuer, "The callback has the wrong iss.").at(WITH_ISSUER).ways(&[
        "suffix",
        "slash",
        "case",
        "other_provider",
    ]),
    row("AZ-09", CallbackWithIssuer, "The callback has iss twice.").at(WITH_ISSUER).ways(TWICE),
    row("AZ-10", Callback, "The callback has an iss that nothing has promised.")
        .at(WITHOUT_ISSUER)
        .ways(&["own", "other_provider"]),
    row("AZ-11", Callback, "The callback is the bare redirect URI: no code, no error, no state."),
    row("AZ-12", CallbackWithCode, "The callback has a code with nothing in it, or no code at all.").ways(&[
        "empty",
        "whitespace",
        "missing",
    ]),
    row("AZ-13", CallbackWithCode, "The callback has its code twice.").ways(TWICE),
    row("AZ-14", CallbackWithCode, "The callback has a code and an error."),
    row("AZ-15", CallbackWithCode, "The callback has its parameters behind # instead of ?."),
    row("AZ-16", CallbackWithCode, "The callback brings a token along with the code.")
        .ways(&["access_token", "id_token"]),
    row("AZ-17", Callback, "The callback says access_denied.").ways(&["with_state", "without_state"]),
    row("AZ-18", Callback, "The callback has an error whose description is meant to do harm.")
        .ways(&["html", "ansi", "osc8", "bidi", "crlf", "nul", "long", "uri"]),
    row("AZ-19", Callback, "The callback has an error code that nobody knows, ../../x, or one with nothing in it.")
        .ways(&["unknown", "empty"]),
    row("AZ-20", CallbackWithCode, "The callback has a code of unusual length or characters; the one of 8 KiB works.")
        .ways(&["8_kib", "100_kib", "non_ascii", "bad_percent", "bad_utf8"]),
    row("AZ-21", Callback, "The callback goes to an address that is almost the redirect URI.").ways(&[
        "path",
        "host",
        "port",
        "scheme",
        "trailing_slash",
        "userinfo",
    ]),
    row("AZ-22", CallbackWithCode, "The callback has parameters that were not asked for.").ways(&["extra", "jarm"]),
    row("AZ-23", CallbackWithCode, "The browser is made to open the callback several times.").ways(&[
        "twice",
        "thrice",
        "other_code",
    ]),
    row("AZ-25", CallbackWithCode, "The callback comes as a form that posts itself (response_mode form_post).")
        .ways(&["valid", "error", "code_in_query_too", "wrong_content_type", "huge_body", "duplicates"]),
    row("AZ-26", Callback, "The browser is sent to the callback in another way than by 302.").ways(&[
        "303",
        "307",
        "308",
        "meta_refresh",
        "script",
        "form_submit",
        "window_open",
        "target_blank",
        "iframe",
    ]),
    row("AZ-27", AuthorizationRequest, "The authorization endpoint redirects in circles.").ways(&[
        "itself",
        "ping_pong",
        "twenty_hops",
    ]),
    row("AZ-28", AuthorizationRequest, "The authorization endpoint answers with something that is no page.").ways(&[
        "server_error",
        "hang",
        "blank",
        "no_content",
        "download",
        "basic_challenge",
    ]),
    row("AZ-29", Callback, "The browser is sent where no redirect may lead.").ways(&[
        "file",
        "data",
        "javascript",
        "custom_scheme",
        "app_origin",
        "other_port",
    ]),
    row("AZ-30", Callback, "The callback's address has a name and a password in it."),
    row("AZ-32", AuthorizationRequest, "The request is passed on to another provider, whose code comes back (mix-up).")
        .ways(&["any", "chattr", "chattz", "chaster", "gitter", "contentdb"]),
    row("AZ-33", Callback, "The redirect back to the app takes long.").waiting(90_000),
    // Ours from here on: the design's catalogue ends above.
    row("AZ-34", CallbackWithCode, "The code never expires.").at(WITH_EXPIRY),
    row("AZ-35", SignedInRequest, "The consent that was given before is forgotten.").at(WITH_MEMORY),
    row("AZ-36", SignedInRequest, "Whoever is signed in is signed out again."),
    row("AZ-37", CallbackWithCode, "The code is the app owner's, whoever has approved."),
    row("AZ-38", CallbackWithCode, "The callback has a state although none was sent."),
];
