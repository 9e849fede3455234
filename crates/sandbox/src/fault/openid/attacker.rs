//! Somebody who is not Chaster: a key of their own, and addresses where a careless client would fetch it. Who goes there stands in the log.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{any, get};
use tokio::sync::OnceCell;

use super::certificate;
use crate::endpoint::answer::{self, Noted as _};
use crate::server::Server;
use crate::signing::{JwkSet, SignatureAlgorithm, SigningKey};

/// Where everything of the attacker stands on the sandbox's origin.
const PREFIX: &str = "/chaster/attacker";

static KEY: OnceCell<Arc<SigningKey>> = OnceCell::const_new();

/// The attacker's RS256 key; none when the cryptographic library made none.
pub(super) async fn key() -> Option<Arc<SigningKey>> {
    let make = || async { tokio::task::spawn_blocking(|| SigningKey::generate(SignatureAlgorithm::Rs256)).await };
    let key = KEY.get_or_try_init(|| async {
        match make().await {
            Ok(Ok(key)) => Ok(Arc::new(key)),
            _ => Err(()),
        }
    });
    key.await.ok().cloned()
}

/// The attacker's address under another name of this computer: another origin than the twin's.
pub(super) fn address(server: &Server, path: &str) -> String {
    format!("{}{PREFIX}/{path}", server.origin.replace("127.0.0.1", "localhost"))
}

/// What stands at the attacker's addresses.
pub(crate) fn attacker_routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/chaster/attacker/keys", get(keys))
        .route("/chaster/attacker/certificate", get(chain))
        .route("/chaster/attacker/{*rest}", any(nothing))
}

async fn keys() -> Response {
    match key().await {
        Some(key) => {
            let keys = JwkSet { keys: vec![key.public().clone()] };
            answer::json(StatusCode::OK, &keys).noted("the attacker's keys were fetched")
        }
        None => nothing().await,
    }
}

async fn chain() -> Response {
    match key().await.and_then(|key| certificate::of(&key)) {
        Some(der) => answer::text(StatusCode::OK, certificate::pem("CERTIFICATE", &der))
            .noted("the attacker's certificate was fetched"),
        None => nothing().await,
    }
}

async fn nothing() -> Response {
    answer::text(StatusCode::NOT_FOUND, "Nobody should come here.\n").noted("the attacker was asked")
}
