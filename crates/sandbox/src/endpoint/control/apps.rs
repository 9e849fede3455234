//! The control API's part for apps.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use jiff::Timestamp;
use serde::Serialize;

use super::super::answer::{self, Noted as _};
use super::super::inbound::Inbound;
use super::{Arc, Host, Reply, Server, body, caller, done, refused, twin};
use crate::sandbox::{create_app, delete_app, on_disk};
use crate::{AppForm, AppRefusal, CreatedApp, OpenIdSettings, RegisteredApp, Twin};

/// `/_control/{twin}/apps…`
pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/_control/{twin}/apps", get(list).post(create))
        .route("/_control/{twin}/apps/{client_id}", get(read).put(update).delete(delete))
        .route("/_control/{twin}/apps/{client_id}/restore", post(restore))
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

/// An app after a change, or why it was not changed.
pub(crate) fn app(changed: Result<RegisteredApp, AppRefusal>, note: &'static str) -> Reply {
    Ok(done(StatusCode::OK, &AppBody::from(changed.map_err(|error| refused(&error))?), note))
}

async fn list(State(server): Host, Path(id): Path<String>, inbound: Inbound) -> Reply {
    let (caller, twin) = (caller(&server, &inbound)?, twin(&id)?);
    let apps =
        if caller.sees_everything { server.apps.list(twin) } else { server.apps.list_owned(twin, &caller.username) };
    let apps: Vec<_> = apps.into_iter().map(AppBody::from).collect();
    Ok(done(StatusCode::OK, &apps, "apps listed"))
}

async fn create(State(server): Host, Path(id): Path<String>, inbound: Inbound) -> Reply {
    let user = caller(&server, &inbound)?.username;
    let (twin, form) = (twin(&id)?, body::<AppForm>(&inbound)?);
    let created = on_disk(server, move |server| create_app(server, twin, &user, form)).await;
    Ok(done(StatusCode::CREATED, &AppBody::from(created.map_err(|error| refused(&error))?), "app created"))
}

async fn read(State(server): Host, Path((id, client_id)): Path<(String, String)>, inbound: Inbound) -> Reply {
    let user = caller(&server, &inbound)?.username;
    app(server.apps.find_owned(twin(&id)?, &user, &client_id).map(|app| app.shown()), "app shown")
}

async fn update(State(server): Host, Path((id, client_id)): Path<(String, String)>, inbound: Inbound) -> Reply {
    let user = caller(&server, &inbound)?.username;
    let (twin, form) = (twin(&id)?, body::<AppForm>(&inbound)?);
    let changed = on_disk(server, move |server| server.apps.update(twin, &user, &client_id, form)).await;
    app(changed, "app changed")
}

async fn delete(State(server): Host, Path((id, client_id)): Path<(String, String)>, inbound: Inbound) -> Reply {
    let user = caller(&server, &inbound)?.username;
    let twin = twin(&id)?;
    let gone = on_disk(server, move |server| delete_app(server, twin, &user, &client_id)).await;
    gone.map_err(|error| refused(&error))?;
    Ok(answer::empty(StatusCode::NO_CONTENT).noted("app deleted"))
}

async fn restore(State(server): Host, Path((id, client_id)): Path<(String, String)>, inbound: Inbound) -> Reply {
    let user = caller(&server, &inbound)?.username;
    let twin = twin(&id)?;
    let restored = on_disk(server, move |server| server.apps.restore(twin, &user, &client_id)).await;
    app(restored, "app restored")
}
