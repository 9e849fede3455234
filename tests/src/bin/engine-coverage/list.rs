//! Other people's lists of what a client has to withstand: the OpenID Foundation's tests for relying parties, and the client modules of
//! FAPI 1.0 and 2.0 that say something about a plain code login. They are written down here, so that a row without a test is missed.

/// One row of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    /// The list and the row's own name: `rp/invalid-iss` for `oidcc-client-test-invalid-iss`.
    pub(crate) name: &'static str,
    /// The faults its server injects; at least one variant of each has to be in its tests. Empty where nothing of it is a fault of the
    /// sandbox's answers, as in a login that goes well.
    pub(crate) faults: &'static [&'static str],
}

const fn row(name: &'static str, faults: &'static [&'static str]) -> Row {
    Row { name, faults }
}

/// Every row, as the lists have them.
pub(crate) const ROWS: &[Row] = &[
    row("rp/happy", &[]),
    row("rp/invalid-iss", &["ID-10"]),
    row("rp/missing-sub", &["ID-13"]),
    row("rp/invalid-aud", &["ID-11"]),
    row("rp/missing-aud", &["ID-11"]),
    row("rp/missing-iat", &["ID-14"]),
    row("rp/kid-absent-single-jwks", &["ID-26"]),
    row("rp/kid-absent-multiple-jwks", &["ID-26"]),
    row("rp/idtoken-sig-rs256", &[]),
    row("rp/idtoken-sig-none", &["ID-04"]),
    row("rp/invalid-sig-rs256", &["ID-01"]),
    row("rp/invalid-sig-es256", &["ID-02"]),
    row("rp/invalid-sig-hs256", &["ID-03"]),
    row("rp/userinfo-invalid-sub", &["UI-01"]),
    row("rp/nonce-invalid", &["ID-17"]),
    row("rp/nonce-unless-code-flow", &[]),
    row("rp/scope-userinfo-claims", &[]),
    row("rp/client-secret-basic", &[]),
    row("rp/userinfo-bearer-header", &[]),
    row("rp/userinfo-bearer-body", &[]),
    row("rp/invalid-athash", &["ID-18"]),
    row("rp/missing-athash", &["ID-18"]),
    row("rp/invalid-chash", &["ID-19"]),
    // In a code login the hash may be missing, which is how every login of the sandbox is.
    row("rp/missing-chash", &[]),
    row("rp/form-post-error", &["AZ-25"]),
    row("rp/discovery-openid-config", &[]),
    row("rp/discovery-jwks-uri-keys", &["DI-11"]),
    row("rp/discovery-issuer-mismatch", &["DI-01"]),
    row("rp/signing-key-rotation-just-before-signing", &["ID-27"]),
    row("rp/signing-key-rotation", &["ID-27"]),
    row("rp/discovery-webfinger-acct", &["DI-12"]),
    row("rp/discovery-webfinger-url", &["DI-12"]),
    row("rp/dynamic-registration", &[]),
    row("rp/request-uri-signed-rs256", &[]),
    row("rp/request-uri-signed-none", &[]),
    row("rp/userinfo-signed", &["UI-03", "UI-04"]),
    row("rp/aggregated-claims", &["UI-09"]),
    row("rp/distributed-claims", &["UI-09"]),
    row("rp/mtls-endpoint-aliases", &["DI-10"]),
    row("rp/refresh-token", &["RF-01"]),
    row("rp/refresh-token-invalid-issuer", &["RF-07"]),
    row("rp/refresh-token-invalid-sub", &["RF-07"]),
    row("rp/3rd-party-init-login", &[]),
    row("rp/rp-init-logout", &[]),
    row("rp/rp-init-logout-no-state", &["LO-01"]),
    row("rp/rp-init-logout-other-state", &["LO-02"]),
    row("rp/rp-backchannel-rpinitlogout", &[]),
    row("rp/rp-backchannel-rpinitlogout-alg-none", &["LO-04"]),
    row("rp/rp-backchannel-rpinitlogout-no-event", &["LO-05"]),
    row("rp/rp-backchannel-rpinitlogout-with-nonce", &["LO-06"]),
    row("rp/rp-backchannel-rpinitlogout-wrong-alg", &["LO-07"]),
    row("rp/rp-backchannel-rpinitlogout-wrong-aud", &["LO-08"]),
    row("rp/rp-backchannel-rpinitlogout-wrong-event", &["LO-09"]),
    row("rp/rp-backchannel-rpinitlogout-wrong-iss", &["LO-10"]),
    row("rp/rp-frontchannel-rpinitlogout", &["LO-12"]),
    row("rp/rp-frontchannel-opinitlogout", &["LO-12"]),
    row("rp/session-management", &["LO-11"]),
    row("fapi/ensure-authorization-response-with-invalid-state-fails", &["AZ-02"]),
    row("fapi/ensure-authorization-response-with-invalid-missing-state-fails", &["AZ-01"]),
    row("fapi/invalid-authorization-response-iss", &["AZ-08"]),
    row("fapi/remove-authorization-response-iss", &["AZ-07"]),
    row("fapi/discovery-issuer-mismatch", &["DI-01"]),
    row("fapi/invalid-expired-exp", &["ID-15"]),
    row("fapi/invalid-missing-exp", &["ID-15"]),
    row("fapi/invalid-missing-iss", &["ID-10"]),
    row("fapi/invalid-missing-nonce", &["ID-17"]),
    row("fapi/invalid-secondary-aud", &["ID-11"]),
    row("fapi/valid-aud-as-array", &["ID-11"]),
    row("fapi/invalid-alternate-alg", &["ID-06"]),
    row("fapi/invalid-null-alg", &["ID-04"]),
    row("fapi/iat-is-week-in-past", &["ID-14"]),
    row("fapi/invalid-shash", &["ID-19"]),
    // No profile of ours demands the hash, and every login of the sandbox is without it.
    row("fapi/invalid-missing-shash", &[]),
    row("fapi/no-scope-in-token-endpoint-response", &["TK-17", "TK-18"]),
    row("fapi/token-endpoint-response-without-expires_in", &["TK-17"]),
    row("fapi/token-type-case-insensitivity", &["TK-16"]),
    row("fapi/ensure-jarm", &["AZ-22"]),
    row("fapi/happy-path-no-dpop-nonce", &["TK-43"]),
    // A token of a kind that is not ours, whatever its letter case.
    row("fapi/rs-dpop-auth-scheme-case-insensitivity", &["TK-16"]),
];

/// The row with this name.
pub(crate) fn find(name: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.name == name)
}
