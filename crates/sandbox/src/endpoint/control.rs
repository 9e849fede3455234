#![doc = include_str!("../../MANAGEMENT.md")]

mod apps;
mod faults;
mod secrets;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{AUTHORIZATION, ORIGIN, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, put};
use serde::{Deserialize, Serialize};

use super::answer::{self, Noted as _, Refused};
use super::inbound::Inbound;
use crate::sandbox::on_disk;
use crate::server::Server;
use crate::user::USERS;
use crate::{AppRefusal, AppRefusalCode, Twin};
pub(super) use apps::app;

/// The header that carries the control token.
const CONTROL: &str = "x-sandbox-control";

pub(super) type Reply = Result<Response, Refused>;
pub(super) type Host = State<Arc<Server>>;

/// `/_control/…`: what the desktop app does through `SandboxHandle`, for shells, scripts, and programs that manage clients.
pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/_control/users", get(users))
        .route("/_control/log", get(log))
        .route("/_control/{twin}/apps/{client_id}/approval", put(approve))
        .merge(apps::routes())
        .merge(secrets::routes())
        .merge(faults::routes())
}

/// In whose name apps are managed.
struct Caller {
    username: String,
    /// Whether other people's apps are listed, too.
    sees_everything: bool,
}

/// Lets a person's management key or the control token in, and says who acts.
fn caller(server: &Server, inbound: &Inbound) -> Result<Caller, Refused> {
    let Some(key) = inbound.bearer() else {
        open(server, inbound.headers())?;
        let username = inbound.query().text("acting_user").unwrap_or_default().to_owned();
        return Ok(Caller { username, sees_everything: true });
    };
    refuse_browsers(inbound.headers())?;
    match server.access.manager(key) {
        Some(user) => Ok(Caller { username: user.username.to_owned(), sees_everything: false }),
        None => Err(no_key("This management key opens nothing. Keys change when the sandbox is started.")),
    }
}

/// Lets the control token in, and nothing else.
pub(super) fn open(server: &Server, headers: &HeaderMap) -> Result<(), Refused> {
    refuse_browsers(headers)?;
    let given = headers.get(CONTROL).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if server.control_token.matches(given) {
        return Ok(());
    }
    if headers.contains_key(AUTHORIZATION) {
        let sentence = "A management key opens the apps of one person. For this, send the control token in the header x-sandbox-control.";
        return Err(refusal(StatusCode::FORBIDDEN, "control_token_only", sentence));
    }
    Err(no_key("Send the control token, which the sandbox prints when it starts, in the header x-sandbox-control."))
}

/// Browsers name the origin of what they send, or say that they are browsers; neither gets in, whatever token it has found.
fn refuse_browsers(headers: &HeaderMap) -> Result<(), Refused> {
    if headers.contains_key(ORIGIN) || headers.contains_key("sec-fetch-site") {
        return Err(refusal(
            StatusCode::FORBIDDEN,
            "not_from_a_browser",
            "The control API does not answer pages in a browser.",
        ));
    }
    Ok(())
}

fn no_key(sentence: &str) -> Refused {
    let refused = refusal(StatusCode::UNAUTHORIZED, "no_control_token", sentence);
    answer::with_header(refused.into_response(), WWW_AUTHENTICATE, "Bearer").into()
}

pub(super) fn refusal(status: StatusCode, code: &'static str, sentence: &str) -> Refused {
    #[derive(Serialize)]
    struct Body<'a> {
        code: &'a str,
        sentence: &'a str,
    }
    answer::no_store(answer::json(status, &Body { code, sentence })).noted(code).into()
}

fn done(status: StatusCode, body: &impl Serialize, note: &'static str) -> Response {
    answer::no_store(answer::json(status, body)).noted(note)
}

fn refused(refusal: &AppRefusal) -> Refused {
    let status = match refusal.code {
        AppRefusalCode::UnknownUser => StatusCode::BAD_REQUEST,
        AppRefusalCode::NotAllowed => StatusCode::FORBIDDEN,
        AppRefusalCode::NotFound | AppRefusalCode::TwinOff => StatusCode::NOT_FOUND,
        AppRefusalCode::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        AppRefusalCode::NameTaken
        | AppRefusalCode::NoSecondSecret
        | AppRefusalCode::TooManySecrets
        | AppRefusalCode::LastSecret => StatusCode::CONFLICT,
        AppRefusalCode::NotSaved => StatusCode::INTERNAL_SERVER_ERROR,
    };
    answer::no_store(answer::json(status, refusal)).noted("app refused").into()
}

fn twin(id: &str) -> Result<Twin, Refused> {
    Twin::from_id(id).ok_or_else(|| refusal(StatusCode::NOT_FOUND, "no_such_twin", "There is no twin with this name."))
}

pub(super) fn body<'a, T: Deserialize<'a>>(inbound: &'a Inbound) -> Result<T, Refused> {
    serde_json::from_slice(&inbound.body).map_err(|error| {
        let sentence = format!("The body is not the JSON expected here: {error}.");
        refusal(StatusCode::BAD_REQUEST, "not_understood", &sentence)
    })
}

async fn users(State(server): Host, headers: HeaderMap) -> Reply {
    open(&server, &headers)?;
    Ok(done(StatusCode::OK, &USERS, "people listed"))
}

async fn log(State(server): Host, headers: HeaderMap) -> Reply {
    open(&server, &headers)?;
    let entries = server.log.kept();
    let entries: Vec<_> = entries.iter().map(AsRef::as_ref).collect();
    Ok(done(StatusCode::OK, &entries, "log given"))
}

async fn approve(State(server): Host, Path((id, client_id)): Path<(String, String)>, inbound: Inbound) -> Reply {
    #[derive(Deserialize)]
    struct Approval {
        approved: bool,
    }
    open(&server, inbound.headers())?;
    let (twin, Approval { approved }) = (twin(&id)?, body(&inbound)?);
    let changed = on_disk(server, move |server| server.apps.set_approved(twin, &client_id, approved)).await;
    app(changed, "approval changed")
}
