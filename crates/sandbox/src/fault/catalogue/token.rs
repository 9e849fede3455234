//! TK: the token endpoint's answers, and the certificate it has while it is reached by https.

use super::Opportunity::{Answer, Handshake, Request, Success, Tokens};
use super::{Family, FaultDefinition, FaultEndpoint, Opportunity, fault};
use crate::Twin;

/// Those whose token answer is a token; Chattr's is a person.
const WITH_TOKENS: &[Twin] = &[Twin::Chattz, Twin::Chaster, Twin::Gitter, Twin::ContentDb];
/// Those that answer in JSON; Gitter's document says form-encoded.
const IN_JSON: &[Twin] = &[Twin::Chattr, Twin::Chattz, Twin::Chaster, Twin::ContentDb];
/// Those with ID tokens.
const OPENID: &[Twin] = &[Twin::Chaster];

const fn row(id: &'static str, opportunity: Opportunity, sentence: &'static str) -> FaultDefinition {
    fault(Family::Token, id, FaultEndpoint::Token, opportunity, sentence)
}

pub(super) static FAULTS: &[FaultDefinition] = &[
    row("TK-01", Request, "The endpoint is broken or overloaded; nothing is exchanged.").ways(&[
        "500",
        "502",
        "503_retry_after",
    ]),
    row("TK-02", Request, "The endpoint says that there were too many requests; nothing is exchanged.")
        .ways(&["seconds", "date", "garbage"]),
    row("TK-03", Request, "A page comes with status 200 instead of a token answer.").ways(&["login_page", "firewall"]),
    row("TK-04", Request, "A page comes with status 500."),
    row("TK-05", Success, "The answer is form-encoded instead of JSON, and says so.").at(IN_JSON),
    row("TK-06", Success, "The answer is form-encoded and calls itself JSON."),
    row("TK-07", Success, "The answer is JSON and calls itself something else.").ways(&[
        "text_html",
        "text_plain",
        "no_type",
        "utf_16",
    ]),
    row("TK-08", Success, "The JSON ends in the middle."),
    row("TK-09", Success, "The JSON is not in plain UTF-8.").ways(&["bom", "utf_16", "invalid_utf_8"]),
    row("TK-10", Tokens, "The access token comes twice.").at(WITH_TOKENS).ways(&["different", "same"]),
    row("TK-11", Success, "The body is far too large.").ways(&["100_mib", "endless"]),
    row("TK-12", Success, "The body is small and unpacks to something far too large.").ways(&["gzip", "br", "zstd"]),
    row("TK-13", Success, "The JSON is nested 100,000 levels deep."),
    row("TK-14", Success, "The JSON is no object, or there is none.")
        .ways(&["array", "string", "null", "number", "nothing"]),
    row("TK-15", Tokens, "The access token is missing or is no text.")
        .at(WITH_TOKENS)
        .ways(&["missing", "empty", "number", "object", "null"]),
    row("TK-16", Tokens, "The token_type is missing or unusual.").at(WITH_TOKENS).ways(&[
        "missing",
        "unknown",
        "upper_case",
        "mixed_case",
        "number",
    ]),
    row("TK-17", Tokens, "The expires_in is missing or unusual.").at(WITH_TOKENS).ways(&[
        "missing",
        "string",
        "negative",
        "zero",
        "fraction",
        "1e400",
        "null",
        "two_to_63",
    ]),
    row("TK-18", Tokens, "The scope is missing or no list separated by spaces.")
        .at(WITH_TOKENS)
        .ways(&["missing", "commas", "array", "number"]),
    row("TK-19", Tokens, "The refresh token is empty, no text, or not there.")
        .at(WITH_TOKENS)
        .ways(&["empty", "number", "missing"]),
    row("TK-20", Request, "An error comes with status 200."),
    row("TK-21", Request, "The error is a sentence, with success: false beside it."),
    row("TK-22", Request, "The refusal has no body."),
    row("TK-23", Request, "The refusal has WWW-Authenticate headers.").ways(&["one", "several", "malformed"]),
    row("TK-24", Request, "The endpoint redirects; nothing is exchanged.").ways(&[
        "301",
        "302",
        "303",
        "307",
        "308",
        "other_origin",
        "other_host",
        "loop",
    ]),
    row("TK-25", Answer, "Something with a status below 200 comes before the answer.")
        .ways(&["continue", "early_hints", "switching_protocols"])
        .on_the_wire(),
    row("TK-26", Success, "The tokens come with another status than 200.").ways(&["201", "202", "204", "206"]),
    row("TK-27", Answer, "The connection ends too early.")
        .ways(&["before_headers", "after_headers", "mid_body", "reset"])
        .on_the_wire(),
    row("TK-28", Answer, "The length of the body is given wrongly.")
        .ways(&["too_long", "too_short", "negative", "two_values", "with_chunks"])
        .on_the_wire(),
    row("TK-29", Answer, "The body has no length and ends where the connection does.")
        .ways(&["http_1_0", "connection_close", "no_length"])
        .on_the_wire(),
    row("TK-30", Answer, "The chunks of the body are unusual.").ways(&["bad_chunk_size", "trailers"]).on_the_wire(),
    row("TK-31", Answer, "The answer comes one byte at a time, or never.")
        .ways(&["slow_headers", "slow_body", "hang"])
        .on_the_wire()
        .waiting(1000),
    row("TK-32", Answer, "The answer has more headers than anybody reads, or folded ones.")
        .ways(&["huge_header", "many_headers", "folded_header"])
        .on_the_wire(),
    row("TK-33", Tokens, "The ID token is missing, although openid was granted.").at(OPENID),
    row("TK-34", Tokens, "A valid ID token comes, although openid was not asked for.").at(OPENID),
    row("TK-35", Tokens, "A person comes instead of a token.").at(WITH_TOKENS),
    row("TK-36", Tokens, "The access token has characters that cannot stand in a header.").at(WITH_TOKENS).ways(&[
        "carriage_return",
        "line_feed",
        "space",
        "non_ascii",
    ]),
    row("TK-37", Success, "The code is spent, and the answer is lost on its way.")
        .ways(&["closed", "reset"])
        .on_the_wire(),
    row("TK-38", Tokens, "An access token and an error come together.").at(WITH_TOKENS),
    row("TK-39", Success, "The body is packed in a way nobody asked for, or says so wrongly.").ways(&[
        "unrequested",
        "not_packed",
        "unknown",
    ]),
    row("TK-40", Handshake, "The token endpoint is reached by https, and its certificate is none to accept.")
        .ways(&["self_signed", "expired", "wrong_name", "changing"])
        .on_the_wire(),
    row("TK-41", Answer, "The server's clock is a day off.").ways(&["behind", "ahead"]),
    row("TK-42", Answer, "The answer sets a cookie."),
    row("TK-43", Request, "The endpoint demands a DPoP nonce (RFC 9449 §8); nothing is exchanged."),
    // Ours: the design's catalogue ends above, and had no fault for a code that a login can find.
    row("TK-44", Tokens, "Caches on the way may keep the answer with the tokens.")
        .at(WITH_TOKENS)
        .ways(&["no_header", "max_age"]),
];
