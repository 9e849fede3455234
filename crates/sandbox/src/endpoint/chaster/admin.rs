//! Keycloak's admin REST as far as client secrets go. A person's management key stands for the administrator's token, and sees that person's
//! clients only.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use gatewright_protocol::Secret;
use serde::Serialize;
use serde_json::{Value, json};

use super::super::answer::{self, Noted as _, Refused};
use super::super::control::{Host, Reply};
use super::super::inbound::Inbound;
use super::endpoint::ADMIN;
use crate::app::{App, ClientSecret, OwnedApp};
use crate::entropy::uuid_of;
use crate::sandbox::on_disk;
use crate::server::Server;
use crate::user::SandboxUser;
use crate::{AppRefusalCode, Twin};

/// The one realm.
const REALM_NAME: &str = "app";
const NO_ROTATED: &str = "Client does not have a rotated secret";

pub(super) fn routes() -> Router<Arc<Server>> {
    let client = format!("{ADMIN}/clients/{{uuid}}");
    Router::new()
        .route(&format!("{ADMIN}/clients"), get(find))
        .route(&client, get(show))
        .route(&format!("{client}/client-secret"), get(secret).post(rotate))
        .route(&format!("{client}/client-secret/rotated"), get(rotated).delete(end_rotated))
}

/// Keycloak's `CredentialRepresentation`.
#[derive(Serialize)]
struct Credential<'a> {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
}

impl<'a> Credential<'a> {
    fn of(value: Option<&'a str>) -> Self {
        Self { r#type: "secret", value }
    }
}

/// A client that an administrator asks about.
struct Asked {
    administrator: &'static SandboxUser,
    app: Arc<App>,
}

impl Asked {
    fn owned(&self) -> OwnedApp<'_> {
        OwnedApp { twin: Twin::Chaster, acting_user: self.administrator.username, client_id: &self.app.key }
    }
}

/// The UUID under which the administration knows a client.
fn uuid(app: &App) -> String {
    uuid_of(&app.key)
}

fn error(status: StatusCode, error: &str) -> Refused {
    answer::no_store(answer::json(status, &json!({ "error": error }))).noted(error.to_owned()).into()
}

fn administrator(server: &Server, inbound: &Inbound, realm: &str) -> Result<&'static SandboxUser, Refused> {
    let administrator = inbound.bearer().and_then(|key| server.access.manager(key));
    let administrator = administrator.ok_or_else(|| error(StatusCode::UNAUTHORIZED, "HTTP 401 Unauthorized"))?;
    if realm == REALM_NAME { Ok(administrator) } else { Err(error(StatusCode::NOT_FOUND, "Realm not found.")) }
}

fn owned_apps(server: &Server, administrator: &SandboxUser) -> impl Iterator<Item = Arc<App>> {
    let apps = server.apps.list_owned(Twin::Chaster, administrator.username).into_iter();
    apps.filter_map(|app| server.apps.find(Twin::Chaster, &app.client_id.to_string()))
}

fn asked(server: &Server, inbound: &Inbound, realm: &str, id: &str) -> Result<Asked, Refused> {
    let administrator = administrator(server, inbound, realm)?;
    let app = owned_apps(server, administrator).find(|app| uuid(app) == id);
    let app = app.ok_or_else(|| error(StatusCode::NOT_FOUND, "Could not find client"))?;
    Ok(Asked { administrator, app })
}

fn done(body: &impl Serialize, note: &'static str) -> Response {
    answer::no_store(answer::json(StatusCode::OK, body)).noted(note)
}

/// The secret that was replaced and still works.
fn earlier<'a>(server: &Server, app: &'a App) -> Option<&'a ClientSecret> {
    app.secrets.working(server.now()).nth(1)
}

/// Keycloak's `ClientRepresentation`, without what has no meaning here.
fn representation(server: &Server, app: &App) -> Value {
    let mut attributes = serde_json::Map::new();
    let mut seconds = |name: &str, time: Option<jiff::Timestamp>| {
        attributes.extend(time.map(|time| (name.to_owned(), json!(time.as_second().to_string()))));
    };
    seconds("client.secret.creation.time", app.secrets.current().map(ClientSecret::created_at));
    let rotated = earlier(server, app);
    seconds("client.secret.rotated.creation.time", rotated.map(ClientSecret::created_at));
    seconds("client.secret.rotated.expiration.time", rotated.and_then(ClientSecret::expires_at));
    json!({
        "id": uuid(app),
        "clientId": &*app.key,
        "name": app.name,
        "enabled": true,
        "protocol": "openid-connect",
        "publicClient": app.is_public(),
        "clientAuthenticatorType": "client-secret",
        "redirectUris": app.redirect_uris,
        "attributes": attributes,
    })
}

async fn find(State(server): Host, Path(realm): Path<String>, inbound: Inbound) -> Reply {
    let administrator = administrator(&server, &inbound, &realm)?;
    let query = inbound.query();
    let wanted = query.filled("clientId");
    let found = owned_apps(&server, administrator).filter(|app| wanted.is_none_or(|wanted| wanted == &*app.key));
    let found: Vec<_> = found.map(|app| representation(&server, &app)).collect();
    Ok(done(&found, "clients listed"))
}

async fn show(State(server): Host, Path((realm, id)): Path<(String, String)>, inbound: Inbound) -> Reply {
    let asked = asked(&server, &inbound, &realm, &id)?;
    Ok(done(&representation(&server, &asked.app), "client shown"))
}

async fn secret(State(server): Host, Path((realm, id)): Path<(String, String)>, inbound: Inbound) -> Reply {
    let asked = asked(&server, &inbound, &realm, &id)?;
    let value = asked.app.secrets.text().map(Secret::expose);
    Ok(done(&Credential::of(value), "client secret given"))
}

async fn rotate(State(server): Host, Path((realm, id)): Path<(String, String)>, inbound: Inbound) -> Reply {
    let asked = asked(&server, &inbound, &realm, &id)?;
    let rotated = on_disk(Arc::clone(&server), move |server| {
        server.apps.rotate_secret(asked.owned(), server.rotated_secret_seconds, &server.entropy, server.now())
    });
    let created = rotated.await.map_err(|refusal| {
        let status = match refusal.code {
            AppRefusalCode::NotFound => StatusCode::NOT_FOUND,
            AppRefusalCode::NotSaved => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        error(status, &refusal.sentence)
    })?;
    Ok(done(&Credential::of(Some(created.value.expose())), "client secret replaced"))
}

async fn rotated(State(server): Host, Path((realm, id)): Path<(String, String)>, inbound: Inbound) -> Reply {
    let asked = asked(&server, &inbound, &realm, &id)?;
    let earlier = earlier(&server, &asked.app).ok_or_else(|| error(StatusCode::NOT_FOUND, NO_ROTATED))?;
    let value = earlier.text().map(Secret::expose);
    Ok(done(&Credential::of(value), "rotated secret given"))
}

async fn end_rotated(State(server): Host, Path((realm, id)): Path<(String, String)>, inbound: Inbound) -> Reply {
    let asked = asked(&server, &inbound, &realm, &id)?;
    let earlier = earlier(&server, &asked.app).ok_or_else(|| error(StatusCode::NOT_FOUND, NO_ROTATED))?;
    let secret_id = earlier.id().to_owned();
    let retired =
        on_disk(Arc::clone(&server), move |server| server.apps.retire_secret(asked.owned(), &secret_id, server.now()));
    retired.await.map_err(|refusal| error(StatusCode::INTERNAL_SERVER_ERROR, &refusal.sentence))?;
    Ok(answer::empty(StatusCode::NO_CONTENT).noted("rotated secret ended"))
}
