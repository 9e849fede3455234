//! Logging out because an app asks for it (OpenID Connect RP-Initiated Logout 1.0).

use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse as _, Response};

use super::super::answer::{self, Noted as _, Refused};
use super::super::inbound::{Fields, Inbound};
use super::super::{callback, sign_in};
use super::Endpoint;
use crate::Twin;
use crate::page::LogOutPage;
use crate::server::Server;
use crate::signing::Jwt;

/// What an app may ask with a logout; the confirmation page sends the same again.
const PARAMETERS: [&str; 3] = ["client_id", "post_logout_redirect_uri", "state"];

/// A logout request that is in order.
struct Asked {
    /// The session the hint names; none without a hint.
    session: Option<String>,
    /// Where to go afterwards, `state` included.
    destination: Option<String>,
}

/// `GET` or `POST …/logout`. With an ID token of ours as the hint the session ends at once, whoever sends it; without one the person is asked.
pub(crate) fn log_out(server: &Server, inbound: &Inbound) -> Response {
    let parameters = if inbound.body.is_empty() { inbound.query() } else { inbound.form() };
    let asked = match check(server, &parameters) {
        Ok(asked) => asked,
        Err(refusal) => return refusal.into_response(),
    };
    let here = server.session(Twin::Chaster, inbound.headers());
    match (&asked.session, &here) {
        (Some(named), _) => end(server, named),
        (None, Some(session)) if sign_in::is_ours(session, &parameters) => end(server, &session.state),
        (None, Some(session)) => {
            let kept = PARAMETERS.into_iter().filter_map(|name| Some((name, parameters.filled(name)?))).collect();
            let page = LogOutPage {
                twin: Twin::Chaster,
                action: Endpoint::Logout.path(),
                csrf_token: &session.csrf_token,
                kept,
                user: session.user,
            };
            return answer::page(StatusCode::OK, &page).noted("logout page shown");
        }
        // Nobody is signed in here: there is nothing to end.
        (None, None) => {}
    }
    let response = match &asked.destination {
        Some(destination) => answer::redirect(destination),
        None => answer::notice(Twin::Chaster, StatusCode::OK, "You are logged out", "Your session has ended.", None),
    };
    // Another person's session in this browser is not the app's to end.
    let is_over = here.is_some_and(|here| asked.session.is_none_or(|named| named == *here.state));
    if !is_over {
        return response.noted("logged out");
    }
    let cookie = server.sessions.end(Twin::Chaster, inbound.headers());
    answer::with_header(response, SET_COOKIE, &cookie).noted("logged out")
}

/// Ends a sign-in and everything that was approved in it.
fn end(server: &Server, session_state: &str) {
    server.sessions.end_named(Twin::Chaster, session_state);
    server.grants(Twin::Chaster).end_session(session_state);
}

fn check(server: &Server, parameters: &Fields) -> Result<Asked, Refused> {
    let hint = match parameters.filled("id_token_hint") {
        Some(text) => Some(hinted(server, text).ok_or_else(|| refusal("Invalid parameter: id_token_hint"))?),
        None => None,
    };
    let named = parameters.filled("client_id");
    if let (Some(named), Some((client, _))) = (named, &hint)
        && named != client
    {
        return Err(refusal("Invalid parameter: client_id"));
    }
    let client = hint.as_ref().map(|(client, _)| client.as_str()).or(named);
    let destination = match parameters.filled("post_logout_redirect_uri") {
        None => None,
        Some(uri) => {
            let app = client.ok_or_else(|| {
                refusal("Either the parameter 'client_id' or the parameter 'id_token_hint' is required.")
            })?;
            let app = server.apps.find(Twin::Chaster, app);
            if !app.is_some_and(|app| app.has_post_logout_redirect_uri(uri)) {
                return Err(refusal("Invalid redirect uri"));
            }
            let state: Vec<_> = parameters.text("state").map(|state| ("state", state)).into_iter().collect();
            Some(if state.is_empty() { uri.to_owned() } else { callback::with_parameters(uri, &state) })
        }
    };
    Ok(Asked { session: hint.map(|(_, session)| session), destination })
}

/// The client and session of an ID token of ours. An expired one is as good (RP-Initiated Logout §4).
fn hinted(server: &Server, text: &str) -> Option<(String, String)> {
    let token = Jwt::parse(text)?;
    let client = token.text("azp")?;
    let is_ours = if token.algorithm()?.is_keyed_by_secret() {
        let app = server.apps.find(Twin::Chaster, client)?;
        app.secrets.texts(server.now()).any(|secret| token.is_keyed_by(secret.expose()))
    } else {
        token.is_signed_by(server.keys.named(token.kid()?)?.public())
    };
    let is_about_us = token.text("iss") == Some(&*super::issuer(server)) && token.text("typ") == Some("ID");
    (is_ours && is_about_us).then_some((client.to_owned(), token.text("sid")?.to_owned()))
}

fn refusal(sentence: &str) -> Refused {
    answer::notice(Twin::Chaster, StatusCode::BAD_REQUEST, "We are sorry…", sentence, None)
        .noted("refused: logout request")
        .into()
}
