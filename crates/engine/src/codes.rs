//! Every stable code that a finding can carry (V-25), with the sentence a person reads.
//!
//! Checks, tests and screens go by the codes, never by the sentences. A code is never given another meaning.

/// One code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// Stable, in snake case.
    pub name: &'static str,
    /// What it says, in one sentence.
    pub says: &'static str,
}

const fn code(name: &'static str, says: &'static str) -> Code {
    Code { name, says }
}

/// All of them, in alphabetical order.
pub const CODES: &[Code] = &[
    code("access_token_malformed", "The access token holds characters that may not go into a header."),
    code("access_token_missing", "There is no access token."),
    code("answer_empty", "The answer has no body."),
    code("answer_form_encoded", "The answer is form-encoded."),
    code("answer_html", "The answer is a page for people."),
    code("answer_not_an_object", "The answer is JSON, but not an object."),
    code("answer_not_readable", "The answer is neither JSON nor form-encoded."),
    code("answer_not_utf8", "The answer is not written in UTF-8."),
    code("answer_packed", "The answer is packed although nobody asked for that."),
    code("answer_redirected", "The server redirects, which is never followed."),
    code("answer_too_large", "The answer is longer than 1 MiB."),
    code("authorization_refused", "The authorization request was refused."),
    code("byte_order_mark", "The answer begins with a byte order mark."),
    code("cache_allowed", "The answer with the tokens may be stored by caches."),
    code("callback_elsewhere", "The callback did not arrive at the redirect URI."),
    code("claim_access_token_hash", "The ID token belongs to another access token."),
    code("claim_audience", "The token is not for this client, or not for it alone."),
    code("claim_authentication_context", "The person did not sign in as strongly as was demanded."),
    code("claim_authentication_time", "The person signed in too long ago, or the token does not say when."),
    code("claim_authorized_party", "The token was issued to another client."),
    code("claim_code_hash", "The ID token belongs to another code."),
    code("claim_expiry", "The token has expired, or does not say when it does."),
    code("claim_in_milliseconds", "A time is written in milliseconds instead of seconds."),
    code("claim_issued_at", "The token was not issued just now."),
    code("claim_issuer", "The token names another issuer."),
    code("claim_lifetime_long", "The ID token lives for more than a day."),
    code("claim_nonce", "The ID token was made for another login."),
    code("claim_not_before", "The token is not valid yet."),
    code("claim_state_hash", "The ID token belongs to another state."),
    code("claim_subject", "The token does not say who logged in."),
    code("claims_elsewhere", "Some claims are kept by another server, which was not asked."),
    code("clock_differs", "The server's clock differs from this computer's."),
    code("code_and_error", "The callback holds both a code and an error."),
    code("code_empty", "The code is empty."),
    code("code_malformed", "The code is too long or holds characters that a code may not hold."),
    code("content_type_odd", "The answer's label does not fit what it holds."),
    code("credentials_not_kept", "What the provider has issued could not be saved."),
    code("dpop_unsupported", "The server demands DPoP proofs, which Gatewright cannot make."),
    code("endpoint_changed", "An endpoint is not where the profile says."),
    code("endpoint_host_foreign", "An endpoint is on another host than the issuer."),
    code("endpoint_host_international", "A host name has letters beyond ASCII."),
    code("error_empty", "The error is empty."),
    code("form_labelled_json", "The answer is form-encoded although it is labelled as JSON."),
    code("form_mislabelled", "What was posted to the redirect URI is labelled as something else."),
    code("form_not_utf8", "The posted form is not written in UTF-8."),
    code("form_too_long", "The posted form is longer than 64 KiB."),
    code("form_unasked", "A form was posted although nobody asked for that."),
    code("host_too_near", "The host's name leads to this computer or into the network at hand."),
    code("id_token_missing", "There is no ID token although openid was asked."),
    code("id_token_unasked", "An ID token came although openid was not asked."),
    code("id_token_unverified", "The ID token was not verified."),
    code("identity_changed", "The access token speaks of somebody else than at the login."),
    code("in_fragment", "The parameters of the callback stand after # instead of after ?."),
    code("in_query", "The parameters of the callback stand after ? although another response mode was asked for."),
    code("introspection_active_missing", "The answer does not say whether the token is active."),
    code("introspection_active_not_boolean", "The answer says neither true nor false about the token."),
    code("introspection_refused", "The server does not tell this client about tokens."),
    code("issuer_mismatch", "The callback comes from another authorization server."),
    code("issuer_missing", "The callback does not name its issuer although the metadata promise it."),
    code("jarm_unsupported", "The callback is signed (JARM), which Gatewright does not read."),
    code("jwe_unsupported", "The token is encrypted, which is not supported."),
    code("jwks_entry_skipped", "A published key cannot be used."),
    code("jwks_private_members", "The provider publishes a private key."),
    code("jwks_too_large", "The provider's document of keys is too large."),
    code("jwks_unusable", "The provider's document of keys cannot be used."),
    code("jws_alg", "The token is signed by another algorithm than expected, or not at all."),
    code("jws_b64", "The token says that its payload is not encoded."),
    code("jws_crit", "The token demands extensions that nobody here understands."),
    code("jws_encoding", "The token is not encoded as a JWT has to be."),
    code("jws_header", "The token's header is no JSON object."),
    code("jws_header_twice", "A header parameter of the token is there twice."),
    code("jws_key_in_header", "The token brings or names a key of its own."),
    code("jws_parts", "The token has not three parts."),
    code("jws_payload", "The token's claims are no JSON object."),
    code("jws_payload_twice", "A claim of the token is there twice."),
    code("jws_secret_missing", "The token is signed with a client secret, and there is none to check it with."),
    code("jws_secret_short", "The client secret is too short to sign with."),
    code("jws_signature", "The signature is not valid."),
    code("jws_too_large", "The token is longer than 1 MiB."),
    code("jws_typ", "The token is of another kind."),
    code("key_ambiguous", "Several published keys fit, and the token does not say which one is meant."),
    code("key_missing", "The provider publishes no key for this algorithm."),
    code("key_not_for_this", "The named key is not for this signature."),
    code("key_set_missing", "The provider's keys could not be had."),
    code("key_unknown", "The token names a key that the provider does not publish."),
    code("key_unusable", "The named key cannot be used."),
    code("key_weak", "The named key is too weak."),
    code("lifetime_as_text", "The lifetime is written as text."),
    code("lifetime_differs", "The access token lives for another time than the document says."),
    code("lifetime_ignored", "The lifetime makes no sense and was ignored."),
    code("logout_not_returned", "Nobody came back from the logout."),
    code("logout_state_mismatch", "Another state came back from the logout."),
    code("logout_state_missing", "The state did not come back from the logout."),
    code("logout_state_twice", "The state came back from the logout more than once."),
    code("logout_token_events", "The logout token does not speak of a logout."),
    code("logout_token_id", "The logout token has no identifier."),
    code("logout_token_nonce", "The logout token has a nonce, as only ID tokens have."),
    code("logout_token_subject", "The logout token does not say whose session is over."),
    code("member_twice", "A member of the answer is there twice."),
    code("metadata_absent", "The issuer has no metadata document where it should be."),
    code("metadata_conflict", "The two metadata documents of the issuer disagree."),
    code("metadata_endpoint", "The metadata name an address that may not be used."),
    code("metadata_issuer_mismatch", "The metadata name another issuer."),
    code("metadata_member_absent", "A member is missing that a standard requires."),
    code("metadata_member_missing", "A member is missing without which no login is possible."),
    code("metadata_member_type", "A member of the metadata has the wrong type."),
    code("metadata_unusable", "The metadata document cannot be used."),
    code("neither_code_nor_error", "The callback holds neither a code nor an error."),
    code("nobody_signed_in", "The server answered with success, but says that nobody is signed in."),
    code("not_one_person", "The answer is a list without exactly one person."),
    code("parameter_foreign", "The callback holds a token, which has no place there."),
    code("parameter_twice", "A parameter of the callback is there more than once."),
    code("person_not_told", "A test user was meant, and the provider does not say who logged in."),
    code("provider_unreachable", "The request got no answer."),
    code("refresh_refused", "The refresh was refused."),
    code("refresh_scope_wider", "The new access token may do more than was granted."),
    code("refresh_token_missing", "There is no refresh token."),
    code("refreshed_audience", "The new ID token is for somebody else."),
    code("refreshed_authentication_time", "The new ID token tells another time of the login."),
    code("refreshed_authorized_party", "The new ID token was issued to another client."),
    code("refreshed_issuer", "The new ID token names another issuer."),
    code("refreshed_nonce", "The new ID token belongs to another login."),
    code("refreshed_subject", "The new ID token speaks of another person."),
    code("registration_address", "The client would be managed at a place that nobody has confirmed."),
    code("registration_client_id_missing", "The answer does not say which client it is about."),
    code("registration_differs", "The provider has made something else of what the client was to be."),
    code("registration_expiry_missing", "The answer does not say when the secret stops working."),
    code("registration_half_managed", "Half of what managing the client takes is missing."),
    code("registration_other_client", "The answer speaks of another client."),
    code("registration_refused", "The provider refused."),
    code("registration_secret_malformed", "The client secret holds characters that no request could carry."),
    code("registration_secret_unasked", "A public client got a secret."),
    code("registration_status", "The status is another success than the standard says."),
    code("revocation_error_in_success", "The server reports success and an error at once."),
    code("revocation_refused", "The token was not revoked."),
    code("scope_differs", "Not every scope that was asked for was granted."),
    code("scope_not_text", "The scope is not written as text and was ignored."),
    code("server_failed", "The server failed."),
    code("state_mismatch", "The state is not the one that was sent."),
    code("state_missing", "The state did not come back."),
    code("state_spent", "The state belongs to a login that is over."),
    code("state_unasked", "A state came back although none was sent."),
    code("status_unexpected", "The status is neither success nor refusal."),
    code("subject_missing", "The answer does not say who logged in."),
    code("success_sign_missing", "The sign by which this provider shows success is missing."),
    code("token_and_error", "The answer holds both a token and an error."),
    code("token_ignored", "A token of the answer cannot be used and was ignored."),
    code("token_never_expires", "The access token has no lifetime."),
    code("token_refused", "The token request was refused."),
    code("token_type_missing", "The answer does not say what kind of token this is."),
    code("token_type_unknown", "The token is of a kind that Gatewright cannot use."),
    code("userinfo_not_signed", "The userinfo answer is not signed although it has to be."),
    code("userinfo_refused", "The userinfo endpoint refused the access token."),
    code("userinfo_subject_malformed", "The userinfo answer names its person in a form that cannot be used."),
    code("userinfo_subject_mismatch", "The userinfo answer speaks of another person than the ID token."),
    code("userinfo_subject_missing", "The userinfo answer does not say who it speaks of."),
    code("wrong_person", "Somebody else logged in than the test user who was meant."),
];

/// What a code says; none for one that does not exist.
pub fn says(name: &str) -> Option<&'static str> {
    let place = CODES.binary_search_by(|known| known.name.cmp(name)).ok()?;
    CODES.get(place).map(|known| known.says)
}

/// Whether there is such a code.
pub(crate) fn is_known(name: &str) -> bool {
    says(name).is_some()
}

/// Why a failure with this code matters and what to do, where nothing more fitting is known.
pub(crate) fn advice(name: &str) -> &'static str {
    const FAMILIES: [(&str, &str); 12] = [
        (
            "jwks_private",
            "Whoever has read that document can sign in the provider's name. Tell its owner at once; until the key is changed, no signature of this provider proves anything.",
        ),
        ("jwks_entry", "The other keys are used. Libraries that are less patient may refuse the whole document."),
        ("jwks_", "Without keys no signature can be checked, and nothing of the token was believed."),
        ("jws_key_in_header", "It was not used: whoever makes a token could put a key of their own into it."),
        ("jws_", "Nobody can tell who wrote this token, so nothing in it was believed."),
        ("jwe_", "Ask the provider for signed tokens; encryption protects them from the browser only."),
        ("key_", "The signature could not be checked, so nothing in the token was believed."),
        ("claim_lifetime_long", "Whoever finds it can use it for that long. This is the provider's to shorten."),
        ("claim_", "The token was made by, for or at something else than this login, so nothing in it was believed."),
        ("metadata_", "Compare the document with the provider's profile, and tell whoever runs the provider."),
        ("refreshed_", "The new tokens were not handed out. Log in again, and tell whoever runs the provider."),
        ("userinfo_", "Nothing of this answer is shown or kept."),
    ];
    let family = FAMILIES.iter().find(|(start, _)| name.starts_with(start));
    family.map_or("Nothing of it was used. The whole of it stands in the exchange.", |(_, advice)| advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_stand_in_alphabetical_order_each_once() {
        for pair in CODES.windows(2) {
            assert!(pair[0].name < pair[1].name, "{} before {}", pair[0].name, pair[1].name);
        }
        assert_eq!(says("jws_signature"), Some("The signature is not valid."));
        assert_eq!(says("jws"), None);
    }

    #[test]
    fn a_code_is_words_in_snake_case_and_says_one_sentence() {
        for code in CODES {
            assert!(code.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_' || byte.is_ascii_digit()));
            assert!(code.says.ends_with('.') && !code.says.contains(". "), "{}", code.says);
        }
    }

    #[test]
    fn the_nearest_family_gives_the_advice() {
        assert!(advice("jwks_private_members").contains("at once"));
        assert!(advice("jws_signature").contains("who wrote"));
        assert!(advice("parameter_twice").contains("Nothing"));
    }
}
