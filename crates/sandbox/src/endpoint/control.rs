//! The control API: what the desktop app does through `SandboxHandle`, for shells and scripts. No page in a browser can use it.

mod faults;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{get, post, put};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::answer::{self, Noted as _, Refused};
use super::inbound::Inbound;
use crate::sandbox::{create_app, delete_app, on_disk};
use crate::server::Server;
use crate::user::USERS;
use crate::{AppForm, AppRefusal, AppRefusalCode, CreatedApp, OpenIdSettings, RegisteredApp, Twin};

/// The header that carries the control token.
const CONTROL: &str = "x-sandbox-control";

pub(super) type Reply = Result<Response, Refused>;
pub(super) type Host = State<Arc<Server>>;

/// `/_control/…`. The acting user stands in the query: `?acting_user=olivia`.
pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/_control/users", get(users))
        .route("/_control/log", get(log))
        .route("/_control/{twin}/apps", get(list).post(create))
        .route("/_control/{twin}/apps/{client_id}", put(update).delete(delete))
        .route("/_control/{twin}/apps/{client_id}/restore", post(restore))
        .route("/_control/{twin}/apps/{client_id}/approval", put(approve))
        .merge(faults::routes())
}

/// An app on the wire.
#[derive(Serialize)]
struct AppBody {
    twin: Twin,
    client_id: serde_json::Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
    name: String,
    redirect_uris: Vec<String>,
    owner: String,
    approved: bool,
    created_at: Timestamp,
    /// How the app is registered for OpenID Connect, where the twin speaks it.
    #[serde(skip_serializing_if = "Option::is_none")]
    openid: Option<OpenIdSettings>,
}

impl From<RegisteredApp> for AppBody {
    fn from(app: RegisteredApp) -> Self {
        Self {
            twin: app.twin,
            client_id: app.client_id.to_json(),
            client_secret: None,
            name: app.name,
            redirect_uris: app.redirect_uris,
            owner: app.owner,
            approved: app.approved,
            created_at: app.created_at,
            openid: (app.twin == Twin::Chaster).then_some(app.openid),
        }
    }
}

impl From<CreatedApp> for AppBody {
    fn from(created: CreatedApp) -> Self {
        Self { client_secret: Some(created.secret.expose().to_owned()), ..created.app.into() }
    }
}

/// Browsers name the origin of what they send, or say that they are browsers; neither gets in, whatever token it has found.
pub(super) fn open(server: &Server, headers: &HeaderMap) -> Result<(), Refused> {
    if headers.contains_key(ORIGIN) || headers.contains_key("sec-fetch-site") {
        return Err(refusal(
            StatusCode::FORBIDDEN,
            "not_from_a_browser",
            "The control API does not answer pages in a browser.",
        ));
    }
    let given = headers.get(CONTROL).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if server.control_token.matches(given) {
        return Ok(());
    }
    let sentence = "Send the control token, which the sandbox prints when it starts, in the header x-sandbox-control.";
    Err(refusal(StatusCode::UNAUTHORIZED, "no_control_token", sentence))
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
        AppRefusalCode::NameTaken => StatusCode::CONFLICT,
        AppRefusalCode::NotSaved => StatusCode::INTERNAL_SERVER_ERROR,
    };
    answer::no_store(answer::json(status, refusal)).noted("app refused").into()
}

/// An app after a change, or why it was not changed.
pub(super) fn app(changed: Result<RegisteredApp, AppRefusal>, note: &'static str) -> Reply {
    Ok(done(StatusCode::OK, &AppBody::from(changed.map_err(|error| refused(&error))?), note))
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

fn acting_user(inbound: &Inbound) -> String {
    inbound.query().text("acting_user").unwrap_or_default().to_owned()
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

async fn list(State(server): Host, Path(id): Path<String>, headers: HeaderMap) -> Reply {
    open(&server, &headers)?;
    let apps: Vec<AppBody> = server.apps.list(twin(&id)?).into_iter().map(AppBody::from).collect();
    Ok(done(StatusCode::OK, &apps, "apps listed"))
}

async fn create(State(server): Host, Path(id): Path<String>, inbound: Inbound) -> Reply {
    open(&server, inbound.headers())?;
    let (twin, form, user) = (twin(&id)?, body::<AppForm>(&inbound)?, acting_user(&inbound));
    let created = on_disk(server, move |server| create_app(server, twin, &user, form)).await;
    Ok(done(StatusCode::CREATED, &AppBody::from(created.map_err(|error| refused(&error))?), "app created"))
}

async fn update(State(server): Host, Path((id, client_id)): Path<(String, String)>, inbound: Inbound) -> Reply {
    open(&server, inbound.headers())?;
    let (twin, form, user) = (twin(&id)?, body::<AppForm>(&inbound)?, acting_user(&inbound));
    let changed = on_disk(server, move |server| server.apps.update(twin, &user, &client_id, form)).await;
    app(changed, "app changed")
}

async fn delete(State(server): Host, Path((id, client_id)): Path<(String, String)>, inbound: Inbound) -> Reply {
    open(&server, inbound.headers())?;
    let (twin, user) = (twin(&id)?, acting_user(&inbound));
    let gone = on_disk(server, move |server| delete_app(server, twin, &user, &client_id)).await;
    gone.map_err(|error| refused(&error))?;
    Ok(answer::empty(StatusCode::NO_CONTENT).noted("app deleted"))
}

async fn restore(State(server): Host, Path((id, client_id)): Path<(String, String)>, inbound: Inbound) -> Reply {
    open(&server, inbound.headers())?;
    let (twin, user) = (twin(&id)?, acting_user(&inbound));
    let restored = on_disk(server, move |server| server.apps.restore(twin, &user, &client_id)).await;
    app(restored, "app restored")
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
