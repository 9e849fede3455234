//! Signing in and out at a twin.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use subtle::ConstantTimeEq;

use super::answer::{self, Noted as _};
use super::app_pages::rules::is_page;
use super::inbound::{Fields, Inbound};
use crate::Twin;
use crate::page::SignInPage;
use crate::server::Server;
use crate::session::Session;
use crate::user::{self, USERS};

/// The sign-in page, at whatever address the person is.
pub(crate) fn page(twin: Twin, app: Option<&str>, next: &str) -> Response {
    answer::page(StatusCode::OK, &SignInPage { twin, app, problem: None, username: "", next, users: &USERS })
}

/// Sends a person to the sign-in page's own address, as ContentDB does.
pub(crate) fn redirect_to(twin: Twin, next: &str) -> Response {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
    answer::redirect(&format!("{}?{query}", twin.sign_in_path())).noted("sent to the sign-in page")
}

/// `GET` on the sign-in page's own address.
pub(crate) fn show(twin: Twin, inbound: &Inbound) -> Response {
    let query = inbound.query();
    page(twin, None, next_of(twin, &query).unwrap_or_default()).noted("sign-in page shown")
}

/// `POST` of the sign-in form.
pub(crate) fn submit(server: &Server, twin: Twin, inbound: &Inbound) -> Response {
    let form = inbound.form();
    let username = form.text("username").unwrap_or_default();
    let next = next_of(twin, &form);
    let Some(user) = user::sign_in(username, form.text("password").unwrap_or_default()) else {
        let problem = Some("No person of the sandbox has this username and password. They are listed below.");
        let page = SignInPage { twin, app: None, problem, username, next: next.unwrap_or_default(), users: &USERS };
        return answer::page(StatusCode::OK, &page).noted("wrong username or password");
    };
    let cookie = server.sessions.begin(twin, user, inbound.headers(), &server.entropy, server.now());
    let response = match next {
        Some(next) => answer::redirect(next),
        None => answer::notice(
            twin,
            StatusCode::OK,
            "You are signed in",
            "Go back to your app and start the login there.",
            None,
        ),
    };
    answer::with_header(response, SET_COOKIE, &cookie).noted(format!("{} signed in", user.username))
}

/// `POST` of the "use another account" form.
pub(crate) fn sign_out(server: &Server, twin: Twin, inbound: &Inbound) -> Response {
    let form = inbound.form();
    match server.session(twin, inbound.headers()) {
        Some(session) if !is_ours(&session, &form) => return stale_form(twin),
        _ => {}
    }
    let cookie = server.sessions.end(twin, inbound.headers());
    let next = next_of(twin, &form).unwrap_or_else(|| twin.sign_in_path());
    answer::with_header(answer::redirect(next), SET_COOKIE, &cookie).noted("signed out")
}

/// Whether a form was rendered for this very sign-in.
pub(crate) fn is_ours(session: &Session, form: &Fields) -> bool {
    let given = form.text("csrf_token").unwrap_or_default();
    given.as_bytes().ct_eq(Arc::as_ref(&session.csrf_token).as_bytes()).into()
}

/// What somebody sees who sends a form that belongs to another sign-in, or to none.
pub(crate) fn stale_form(twin: Twin) -> Response {
    let hint = Some("Go back to your app and start the login again.");
    answer::notice(
        twin,
        StatusCode::BAD_REQUEST,
        "This page is out of date",
        "Nothing was decided: the form belongs to an earlier sign-in.",
        hint,
    )
    .noted("refused: form of another sign-in")
}

/// Where to go after signing in: an authorization request at this twin or one of its pages for apps, and nothing else, so that nobody can
/// be sent elsewhere from here.
fn next_of(twin: Twin, fields: &Fields) -> Option<&str> {
    let next = fields.filled("next")?;
    let is_request = next
        .strip_prefix(twin.authorization_path())
        .is_some_and(|rest| rest.starts_with('?') && next.bytes().all(|byte| (0x21..=0x7e).contains(&byte)));
    (is_request || is_page(twin, next)).then_some(next)
}
