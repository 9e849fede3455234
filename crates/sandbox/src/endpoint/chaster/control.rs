//! What the realm's administrator does, over the control API: how apps are registered for OpenID Connect, and new signing keys.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{post, put};
use serde::Deserialize;

use super::super::answer::{self, Noted as _};
use super::super::control::{self, Host, Reply};
use super::super::inbound::Inbound;
use crate::Twin;
use crate::app::OpenIdSettings;
use crate::sandbox::on_disk;
use crate::server::Server;

/// `/_control/chaster/…`
pub(crate) fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/_control/chaster/apps/{client_id}/openid", put(set_openid))
        .route("/_control/chaster/keys/rotation", post(rotate))
}

async fn set_openid(State(server): Host, Path(client_id): Path<String>, inbound: Inbound) -> Reply {
    control::open(&server, inbound.headers())?;
    let settings = control::body::<OpenIdSettings>(&inbound)?;
    let changed = on_disk(server, move |server| server.apps.set_openid(Twin::Chaster, &client_id, settings)).await;
    control::app(changed, "OpenID settings changed")
}

/// New keys for everything that was signed so far. Without a body the old ones are published no more.
async fn rotate(State(server): Host, inbound: Inbound) -> Reply {
    #[derive(Default, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Rotation {
        #[serde(default)]
        keep_old: bool,
    }
    control::open(&server, inbound.headers())?;
    let rotation = if inbound.body.is_empty() { Rotation::default() } else { control::body(&inbound)? };
    match server.keys.rotate(rotation.keep_old).await {
        Ok(()) => Ok(answer::empty(StatusCode::NO_CONTENT).noted("signing keys replaced")),
        Err(error) => Err(control::refusal(StatusCode::INTERNAL_SERVER_ERROR, "no_key", &format!("Failed: {error}."))),
    }
}
