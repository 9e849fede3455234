//! The control API's part for secrets: a second one at once, or staged and activated later, and the end of the first.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{delete, get, post};
use serde::{Deserialize, Serialize};

use super::super::answer::{self, Noted as _};
use super::super::inbound::Inbound;
use super::{Arc, Host, Reply, Server, body, caller, done, refused, twin};
use crate::RegisteredSecret;
use crate::app::OwnedApp;
use crate::sandbox::on_disk;

/// `/_control/{twin}/apps/{client_id}/secrets…`
pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/_control/{twin}/apps/{client_id}/secrets", get(list).post(create))
        .route("/_control/{twin}/apps/{client_id}/secrets/{secret_id}", delete(retire))
        .route("/_control/{twin}/apps/{client_id}/secrets/{secret_id}/activate", post(activate))
}

async fn list(State(server): Host, Path((id, client_id)): Path<(String, String)>, inbound: Inbound) -> Reply {
    let acting_user = &caller(&server, &inbound)?.username;
    let of = OwnedApp { twin: twin(&id)?, acting_user, client_id: &client_id };
    let secrets = server.apps.secrets(of, server.now()).map_err(|error| refused(&error))?;
    Ok(done(StatusCode::OK, &secrets, "secrets listed"))
}

async fn create(State(server): Host, Path((id, client_id)): Path<(String, String)>, inbound: Inbound) -> Reply {
    #[derive(Default, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wanted {
        #[serde(default)]
        others_expire_in: Option<u32>,
        #[serde(default)]
        staged: bool,
    }
    #[derive(Serialize)]
    struct Created<'a> {
        #[serde(flatten)]
        secret: &'a RegisteredSecret,
        client_secret: &'a str,
    }
    let acting_user = caller(&server, &inbound)?.username;
    let twin = twin(&id)?;
    let Wanted { others_expire_in, staged } = if inbound.body.is_empty() { Wanted::default() } else { body(&inbound)? };
    let added = on_disk(server, move |server| {
        let of = OwnedApp { twin, acting_user: &acting_user, client_id: &client_id };
        if staged {
            return server.apps.stage_secret(of, &server.entropy, server.now());
        }
        server.apps.add_secret(of, others_expire_in, &server.entropy, server.now())
    });
    let added = added.await.map_err(|error| refused(&error))?;
    let created = Created { secret: &added.shown, client_secret: added.value.expose() };
    Ok(done(StatusCode::CREATED, &created, "further secret given"))
}

async fn activate(
    State(server): Host,
    Path((id, client_id, secret_id)): Path<(String, String, String)>,
    inbound: Inbound,
) -> Reply {
    let acting_user = caller(&server, &inbound)?.username;
    let twin = twin(&id)?;
    let activated = on_disk(server, move |server| {
        let of = OwnedApp { twin, acting_user: &acting_user, client_id: &client_id };
        server.apps.activate_secret(of, &secret_id, server.now())
    });
    let activated = activated.await.map_err(|error| refused(&error))?;
    Ok(done(StatusCode::OK, &activated, "staged secret activated"))
}

async fn retire(
    State(server): Host,
    Path((id, client_id, secret_id)): Path<(String, String, String)>,
    inbound: Inbound,
) -> Reply {
    let acting_user = caller(&server, &inbound)?.username;
    let twin = twin(&id)?;
    let retired = on_disk(server, move |server| {
        let of = OwnedApp { twin, acting_user: &acting_user, client_id: &client_id };
        server.apps.retire_secret(of, &secret_id, server.now())
    });
    retired.await.map_err(|error| refused(&error))?;
    Ok(answer::empty(StatusCode::NO_CONTENT).noted("secret retired"))
}
