//! Dynamic client registration (RFC 7591, OpenID Connect Registration) and its management (RFC 7592), as Keycloak does them.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{LOCATION, WWW_AUTHENTICATE};
use axum::response::Response;
use axum::routing::{get, post};
use gatewright_protocol::Secret;
use gatewright_protocol::http::BodyEncoding;
use serde_json::{Map, Value, json};

use super::super::answer::{self, Noted as _, Refused};
use super::super::control::{Host, Reply};
use super::super::inbound::Inbound;
use super::{Endpoint, SCOPES};
use crate::app::client_metadata::{ClientRequest, Members, MetadataRefusal};
use crate::app::{App, ClientSecret, ManagementRefusal, Registered, Update};
use crate::sandbox::on_disk;
use crate::server::Server;
use crate::{AppRefusal, ClientAuthMethod, RegistrationMode, Twin};

/// What a client reads of itself and must not send (RFC 7592 §2.2).
const NOT_TO_BE_SENT: [&str; 4] =
    ["registration_access_token", "registration_client_uri", "client_id_issued_at", "client_secret_expires_at"];

/// The registration endpoint, and one configuration endpoint for each client below it.
pub(super) fn routes() -> Router<Arc<Server>> {
    let endpoint = Endpoint::Registration.path();
    Router::new()
        .route(endpoint, post(register))
        .route(&format!("{endpoint}/{{client_id}}"), get(read).put(update).delete(delete))
}

/// The address at which this client is managed.
fn client_address(server: &Server, app: &App) -> String {
    format!("{}/{}", Endpoint::Registration.address(server), app.key)
}

async fn register(State(server): Host, inbound: Inbound) -> Reply {
    let owner = registrar(&server, &inbound)?;
    let request = client_request(&members(&inbound)?).map_err(|refusal| refused(&refusal))?;
    let registered =
        on_disk(Arc::clone(&server), move |server| server.apps.register(request, owner, &server.entropy, server.now()));
    let Registered { app, token } = registered.await.map_err(|refusal| not_saved(&refusal))?;
    let response = information(&server, StatusCode::CREATED, &app, token.expose());
    Ok(answer::with_header(response, LOCATION, &client_address(&server, &app)).noted("client registered"))
}

/// Who registers (RFC 7591 §3); the empty name is nobody's.
fn registrar(server: &Server, inbound: &Inbound) -> Result<&'static str, Refused> {
    if server.registration == RegistrationMode::Off {
        return Err(answer::empty(StatusCode::NOT_FOUND).noted("refused: registration is off").into());
    }
    match (inbound.bearer(), server.registration) {
        (Some(token), _) => server.access.registrar(token).map(|user| user.username).ok_or_else(invalid_token),
        (None, RegistrationMode::Open) => Ok(""),
        (None, _) => {
            let sentence = "Registering a client here needs an initial access token.";
            Err(answer::oauth_error(StatusCode::FORBIDDEN, "insufficient_scope", sentence).into())
        }
    }
}

async fn read(State(server): Host, Path(client_id): Path<String>, inbound: Inbound) -> Reply {
    let token = presented(&inbound)?;
    let app = server.apps.find_registered(&client_id, token).map_err(|refusal| not_managed(&refusal))?;
    Ok(information(&server, StatusCode::OK, &app, token).noted("client shown"))
}

async fn update(State(server): Host, Path(client_id): Path<String>, inbound: Inbound) -> Reply {
    let token = Secret::new(presented(&inbound)?);
    server.apps.find_registered(&client_id, token.expose()).map_err(|refusal| not_managed(&refusal))?;
    let members = members(&inbound)?;
    let request = updated_request(&members, &client_id).map_err(|refusal| refused(&refusal))?;
    let updated = on_disk(Arc::clone(&server), move |server| {
        let update = Update {
            request,
            presented_secret: members.get("client_secret").and_then(Value::as_str),
            rotation: server.rotate_secret_on_update.then_some(server.rotated_secret_seconds),
        };
        server.apps.update_registered(&client_id, token.expose(), update, &server.entropy, server.now())
    });
    let Registered { app, token } = updated.await.map_err(|refusal| not_managed(&refusal))?;
    Ok(information(&server, StatusCode::OK, &app, token.expose()).noted("client updated, registration token replaced"))
}

async fn delete(State(server): Host, Path(client_id): Path<String>, inbound: Inbound) -> Reply {
    let token = Secret::new(presented(&inbound)?);
    let deleted = on_disk(Arc::clone(&server), move |server| -> Result<(), ManagementRefusal> {
        server.apps.delete_registered(&client_id, token.expose())?;
        server.grants(Twin::Chaster).forget_client(&client_id);
        Ok(())
    });
    deleted.await.map_err(|refusal| not_managed(&refusal))?;
    Ok(answer::no_store(answer::empty(StatusCode::NO_CONTENT)).noted("client deleted"))
}

fn presented(inbound: &Inbound) -> Result<&str, Refused> {
    inbound.bearer().ok_or_else(invalid_token)
}

fn members(inbound: &Inbound) -> Result<Members, Refused> {
    let object = match inbound.encoding() {
        Some(BodyEncoding::Json) => serde_json::from_slice(&inbound.body).ok(),
        _ => None,
    };
    object.ok_or_else(|| refused(&MetadataRefusal::metadata("Send a JSON object with Content-Type application/json.")))
}

fn client_request(members: &Members) -> Result<ClientRequest, MetadataRefusal> {
    ClientRequest::read(members, &SCOPES)
}

/// RFC 7592 §2.2: the client names itself and leaves out what is the server's to say.
fn updated_request(members: &Members, client_id: &str) -> Result<ClientRequest, MetadataRefusal> {
    if members.get("client_id").and_then(Value::as_str) != Some(client_id) {
        return Err(MetadataRefusal::metadata("client_id: send the ID of this client; it cannot be changed."));
    }
    match NOT_TO_BE_SENT.into_iter().find(|name| members.contains_key(*name)) {
        Some(name) => Err(MetadataRefusal::metadata(format!("{name}: this is the server's to say; leave it out."))),
        None => client_request(members),
    }
}

/// The client information response (RFC 7591 §3.2.1, RFC 7592 §3). A secret of which only the digest is known is left out.
fn information(server: &Server, status: StatusCode, app: &App, token: &str) -> Response {
    let mut body = Map::new();
    let mut tell = |name: &str, value: Value| {
        if !value.is_null() {
            body.insert(name.to_owned(), value);
        }
    };
    tell("client_id", json!(&*app.key));
    tell("client_id_issued_at", json!(app.created_at.as_second()));
    if let Some(secret) = app.secrets.current().and_then(ClientSecret::text) {
        tell("client_secret", json!(secret.expose()));
        tell("client_secret_expires_at", json!(0));
    }
    tell("registration_client_uri", json!(client_address(server, app)));
    tell("registration_access_token", json!(token));
    // An app that has not named itself goes by its ID.
    tell("client_name", json!((app.name != *app.key).then_some(&app.name)));
    tell("redirect_uris", json!(app.redirect_uris));
    let method = app.openid.token_endpoint_auth_method.unwrap_or(ClientAuthMethod::ClientSecretBasic);
    tell("token_endpoint_auth_method", json!(method));
    let mut more = [json!(app.openid), json!(app.registration.as_ref().map(|registration| &registration.metadata))];
    for members in more.iter_mut().filter_map(Value::as_object_mut) {
        members.remove("revoke_refresh_token");
        body.append(members);
    }
    answer::no_store(answer::json(status, &body))
}

fn refused(refusal: &MetadataRefusal) -> Refused {
    answer::oauth_error(StatusCode::BAD_REQUEST, refusal.error, &refusal.description).into()
}

fn not_managed(refusal: &ManagementRefusal) -> Refused {
    match refusal {
        ManagementRefusal::Token => invalid_token(),
        ManagementRefusal::Metadata(refusal) => refused(refusal),
        ManagementRefusal::App(refusal) => not_saved(refusal),
    }
}

fn not_saved(refusal: &AppRefusal) -> Refused {
    answer::oauth_error(StatusCode::INTERNAL_SERVER_ERROR, "server_error", &refusal.sentence).into()
}

/// RFC 6750 §3.1. An unknown client, a deleted one and a wrong token look the same.
fn invalid_token() -> Refused {
    let response = answer::oauth_error(StatusCode::UNAUTHORIZED, "invalid_token", "The token opens no client here.");
    answer::with_header(response, WWW_AUTHENTICATE, "Bearer realm=\"app\", error=\"invalid_token\"").into()
}
