//! Answers that are no identity: refusals, pages, redirects.

use gatewright_model::run::EndReason::{IdentityMalformed, IdentityRefused};
use gatewright_sandbox::Twin::{Chaster, Chattz, ContentDb, Gitter};

use crate::openid::refuses_the_identity;

/// Proves: V-10 by UI-05:unauthorized.
#[tokio::test]
async fn a_token_that_is_not_accepted_is_told() {
    refuses_the_identity(Chaster, "UI-05:unauthorized", IdentityRefused, &["userinfo_refused"]).await;
}

/// Proves: V-10 by UI-05:insufficient_scope.
#[tokio::test]
async fn a_token_without_openid_is_told() {
    refuses_the_identity(Chaster, "UI-05:insufficient_scope", IdentityRefused, &["userinfo_refused"]).await;
}

/// Proves: V-22 by UI-05:not_authenticated.
#[tokio::test]
async fn nobody_signed_in_with_status_200_is_no_userinfo_answer() {
    refuses_the_identity(Chaster, "UI-05:not_authenticated", IdentityMalformed, &["userinfo_subject_missing"]).await;
}

/// Proves: V-10 by UI-05:unauthorized.
#[tokio::test]
async fn a_token_that_chattz_does_not_accept_is_told() {
    refuses_the_identity(Chattz, "UI-05:unauthorized", IdentityRefused, &["userinfo_refused"]).await;
}

/// Proves: V-10 by UI-05:not_authenticated.
#[tokio::test]
async fn contentdb_says_that_nobody_is_signed_in_with_status_200() {
    refuses_the_identity(ContentDb, "UI-05:not_authenticated", IdentityRefused, &["nobody_signed_in"]).await;
}

/// Proves: V-09 by UI-06:html.
#[tokio::test]
async fn a_page_instead_of_claims_is_refused() {
    refuses_the_identity(Chaster, "UI-06:html", IdentityMalformed, &["answer_html"]).await;
}

/// Proves: V-09 by UI-06:html.
#[tokio::test]
async fn a_page_instead_of_a_person_is_refused() {
    refuses_the_identity(Gitter, "UI-06:html", IdentityMalformed, &["answer_html"]).await;
}

/// Proves: V-08 by UI-06:redirect.
#[tokio::test]
async fn a_redirect_to_a_page_to_sign_in_is_not_followed() {
    refuses_the_identity(Chaster, "UI-06:redirect", IdentityMalformed, &["answer_redirected"]).await;
}

/// Proves: V-08 by UI-10.
#[tokio::test]
async fn a_redirect_with_the_access_token_is_not_followed() {
    refuses_the_identity(Chaster, "UI-10", IdentityMalformed, &["answer_redirected"]).await;
}

/// Proves: V-08 by UI-10.
#[tokio::test]
async fn a_redirect_with_the_access_token_of_chattz_is_not_followed() {
    refuses_the_identity(Chattz, "UI-10", IdentityMalformed, &["answer_redirected"]).await;
}
