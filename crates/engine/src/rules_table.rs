//! The rules by which logins are judged, and the codes with which each is told to be broken. From this table the document on coverage is
//! made, beside the tests that prove each rule.

/// One rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name in the design: `V-04`.
    pub id: &'static str,
    /// What it says, in one sentence.
    pub says: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// The codes of [`crate::codes::CODES`] that tell of its breach; empty where a breach cannot happen, because we do not do what would
    /// be one.
    pub codes: &'static [&'static str],
}

const fn rule(id: &'static str, source: &'static str, says: &'static str, codes: &'static [&'static str]) -> Rule {
    Rule { id, says, source, codes }
}

/// All of them, in the order in which a login meets them.
pub const RULES: &[Rule] = &[
    rule(
        "V-01",
        "RFC 9700 §4.1",
        "A callback counts only at the redirect URI, exact in scheme, host, port and path; only then it is parsed.",
        &[
            "callback_elsewhere",
            "in_fragment",
            "in_query",
            "form_unasked",
            "form_mislabelled",
            "form_not_utf8",
            "form_too_long",
        ],
    ),
    rule("V-02", "RFC 6749 §3.1", "Each parameter of a callback is there at most once.", &["parameter_twice"]),
    rule(
        "V-03",
        "OAuth 2.0 Multiple Response Types §3, JARM §2.3",
        "A callback to a code request holds no token and no signed response.",
        &["parameter_foreign", "jarm_unsupported"],
    ),
    rule(
        "V-04",
        "RFC 6749 §10.12, RFC 9700 §4.7",
        "The state is there, equal in constant time and unspent, before a code or an error is believed.",
        &["state_missing", "state_mismatch", "state_spent", "state_unasked"],
    ),
    rule(
        "V-05",
        "RFC 9207 §2.4",
        "A callback names its issuer when the metadata promise it, and never another one.",
        &["issuer_missing", "issuer_mismatch"],
    ),
    rule(
        "V-06",
        "RFC 6749 §4.1.2",
        "A callback holds either a code or an error.",
        &["code_and_error", "neither_code_nor_error", "error_empty"],
    ),
    rule(
        "V-07",
        "RFC 6749 Appendix A.11",
        "A code is 1 to 8,192 printable ASCII characters.",
        &["code_empty", "code_malformed"],
    ),
    rule(
        "V-08",
        "RFC 9700 §4.8.2, RFC 7636 §4.5",
        "A code is sent once, by POST, without following redirects; a verifier only where a challenge was sent.",
        &["answer_redirected"],
    ),
    rule(
        "V-09",
        "RFC 6749 §5.1",
        "An answer with tokens is 200 with a JSON object, whole, in time, and no member is there twice.",
        &[
            "answer_empty",
            "answer_form_encoded",
            "answer_html",
            "answer_not_an_object",
            "answer_not_readable",
            "answer_not_utf8",
            "answer_packed",
            "answer_too_large",
            "byte_order_mark",
            "cache_allowed",
            "content_type_odd",
            "form_labelled_json",
            "member_twice",
            "provider_unreachable",
            "status_unexpected",
            "success_sign_missing",
        ],
    ),
    rule(
        "V-10",
        "RFC 6750 §3, RFC 6749 §5.2",
        "An error is read from the challenge first, then from JSON; a status of 5xx is never read as an OAuth error.",
        &[
            "authorization_refused",
            "dpop_unsupported",
            "introspection_refused",
            "revocation_refused",
            "server_failed",
            "token_refused",
            "userinfo_refused",
        ],
    ),
    rule(
        "V-11",
        "RFC 6749 §5.1, §7.1",
        "The access token fits into a header, its type is Bearer, and its lifetime and scope make sense.",
        &[
            "access_token_malformed",
            "access_token_missing",
            "lifetime_as_text",
            "lifetime_differs",
            "lifetime_ignored",
            "refresh_token_missing",
            "scope_differs",
            "scope_not_text",
            "token_and_error",
            "token_ignored",
            "token_never_expires",
            "token_type_missing",
            "token_type_unknown",
        ],
    ),
    rule(
        "V-12",
        "OpenID Connect Core §3.1.3.3",
        "Who asks for openid gets an ID token.",
        &["id_token_missing", "id_token_unasked", "id_token_unverified"],
    ),
    rule(
        "V-13",
        "OpenID Connect Core §3.1.3.7 (6-8), RFC 8725 §3",
        "A token is a JWS of three parts by an algorithm that was agreed on; HMAC only by explicit setting, and never none.",
        &[
            "jwe_unsupported",
            "jws_alg",
            "jws_b64",
            "jws_crit",
            "jws_encoding",
            "jws_header",
            "jws_header_twice",
            "jws_parts",
            "jws_payload",
            "jws_payload_twice",
            "jws_secret_missing",
            "jws_secret_short",
            "jws_too_large",
            "jws_typ",
        ],
    ),
    rule(
        "V-14",
        "OpenID Connect Core §10.1",
        "Exactly one published key fits; keys are fetched once more when the one named is not known, and never from where a token says.",
        &[
            "jwks_entry_skipped",
            "jwks_private_members",
            "jwks_too_large",
            "jwks_unusable",
            "jws_key_in_header",
            "key_ambiguous",
            "key_missing",
            "key_not_for_this",
            "key_set_missing",
            "key_unknown",
            "key_unusable",
            "key_weak",
        ],
    ),
    rule(
        "V-15",
        "OpenID Connect Core §3.1.3.7 (6), stricter",
        "The signature is verified in a code login too, and told apart from the claims.",
        &["jws_signature"],
    ),
    rule(
        "V-16",
        "OpenID Connect Core §3.1.3.7 (2-5)",
        "The token comes from this issuer, for this client, and for nobody who is not trusted.",
        &["claim_audience", "claim_authorized_party", "claim_issuer"],
    ),
    rule(
        "V-17",
        "OpenID Connect Core §3.1.3.7 (9, 10)",
        "The token is valid now and was issued just now, give or take 30 seconds.",
        &[
            "claim_expiry",
            "claim_in_milliseconds",
            "claim_issued_at",
            "claim_lifetime_long",
            "claim_not_before",
            "clock_differs",
        ],
    ),
    rule("V-18", "OpenID Connect Core §3.1.3.7 (11)", "The nonce is the one that was sent.", &["claim_nonce"]),
    rule(
        "V-19",
        "OpenID Connect Core §3.1.3.8, §3.3.2.11",
        "The hashes of access token, code and state are verified whenever they are there.",
        &["claim_access_token_hash", "claim_code_hash", "claim_state_hash"],
    ),
    rule(
        "V-20",
        "OpenID Connect Core §3.1.3.7 (12, 13)",
        "The person signed in as recently as max_age and as strongly as an essential acr demand.",
        &["claim_authentication_context", "claim_authentication_time"],
    ),
    rule(
        "V-21",
        "OpenID Connect Core §2, §12.2",
        "sub is 1 to 255 ASCII characters, and a refreshed ID token speaks of the same person, client and login.",
        &[
            "claim_subject",
            "refreshed_audience",
            "refreshed_authentication_time",
            "refreshed_authorized_party",
            "refreshed_issuer",
            "refreshed_nonce",
            "refreshed_subject",
        ],
    ),
    rule(
        "V-22",
        "OpenID Connect Core §5.3.2, §5.3.4",
        "Userinfo speaks of the person of the ID token, signed where that was agreed on, before any claim is shown.",
        &[
            "claims_elsewhere",
            "identity_changed",
            "nobody_signed_in",
            "not_one_person",
            "subject_missing",
            "userinfo_not_signed",
            "userinfo_subject_malformed",
            "userinfo_subject_mismatch",
            "userinfo_subject_missing",
        ],
    ),
    rule(
        "V-23",
        "RFC 8414 §3.3",
        "Metadata name their issuer byte by byte, and no address that may not be used or that nobody has looked at.",
        &[
            "endpoint_changed",
            "endpoint_host_foreign",
            "endpoint_host_international",
            "host_too_near",
            "metadata_absent",
            "metadata_conflict",
            "metadata_endpoint",
            "metadata_issuer_mismatch",
            "metadata_member_absent",
            "metadata_member_missing",
            "metadata_member_type",
            "metadata_unusable",
        ],
    ),
    rule(
        "V-24",
        "RFC 6749 §6",
        "A refresh keeps the old refresh token where none comes, gets no wider scope, and is stored before it is used.",
        &["refresh_refused", "refresh_scope_wider"],
    ),
    rule(
        "V-25",
        "engine.md",
        "Every failure has a stable code, the offending field, and expected against received.",
        &[],
    ),
    rule(
        "RV",
        "RFC 7009 §2.2, RFC 7662 §2.2",
        "A revocation is the server's word, and whether a token is active is true or false and nothing else.",
        &["introspection_active_missing", "introspection_active_not_boolean", "revocation_error_in_success"],
    ),
    rule(
        "LO",
        "RP-Initiated Logout §3, Back-Channel Logout §2.6",
        "Only our own state confirms a logout; the session is over on our side in any case.",
        &[
            "logout_not_returned",
            "logout_state_mismatch",
            "logout_state_missing",
            "logout_state_twice",
            "logout_token_events",
            "logout_token_id",
            "logout_token_nonce",
            "logout_token_subject",
        ],
    ),
    rule(
        "TU",
        "Gatewright, test users",
        "A login that was started for one person ends where the provider says another, and says who it was.",
        &["person_not_told", "wrong_person"],
    ),
    rule(
        "RG",
        "RFC 7591 §3.2.1, RFC 7592 §3",
        "What a server issues to a client is put away before its answer is judged, and its token goes to a confirmed place only.",
        &[
            "credentials_not_kept",
            "registration_address",
            "registration_client_id_missing",
            "registration_differs",
            "registration_expiry_missing",
            "registration_half_managed",
            "registration_other_client",
            "registration_refused",
            "registration_secret_malformed",
            "registration_secret_unasked",
            "registration_status",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::codes::CODES;

    #[test]
    fn every_code_tells_of_exactly_one_rule_and_every_rule_names_codes_that_exist() {
        let mut rules_of: BTreeMap<&str, Vec<&str>> = CODES.iter().map(|code| (code.name, Vec::new())).collect();
        for rule in RULES {
            for code in rule.codes {
                let rules =
                    rules_of.get_mut(code).unwrap_or_else(|| panic!("{} names {code}, which does not exist", rule.id));
                rules.push(rule.id);
            }
        }
        for (code, rules) in rules_of {
            assert_eq!(rules.len(), 1, "{code} tells of {rules:?}");
        }
    }

    #[test]
    fn the_rules_of_a_login_are_numbered_without_a_gap() {
        let numbered: Vec<_> = RULES.iter().map(|rule| rule.id).take(25).collect();
        let expected: Vec<_> = (1..=25).map(|number| format!("V-{number:02}")).collect();
        assert_eq!(numbered, expected);
    }
}
