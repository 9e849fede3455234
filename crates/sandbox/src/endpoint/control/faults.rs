//! The control API's part for faults: which there are, which are in force, what they have done.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::get;
use serde::Serialize;

use super::super::answer::{self, Noted as _};
use super::super::inbound::Inbound;
use super::{Arc, Host, Refused, Reply, Server, body, done, open};
use crate::fault::catalogue::fault_catalogue;
use crate::fault::rule::{FaultRule, FaultRuleError};

/// `/_control/faults`, `/_control/injections`, and the authority for whoever wants to see what is wrong with a certificate (TK-40).
pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/_control/faults", get(in_force).put(set).delete(clear))
        .route("/_control/faults/catalogue", get(catalogue))
        .route("/_control/injections", get(injections))
        .route("/_control/certificate-authority", get(certificate_authority))
}

async fn in_force(State(server): Host, headers: HeaderMap) -> Reply {
    open(&server, &headers)?;
    Ok(done(StatusCode::OK, &server.faults.list(), "fault rules listed"))
}

/// Replaces all rules by those of the body, a JSON array.
async fn set(State(server): Host, inbound: Inbound) -> Reply {
    open(&server, inbound.headers())?;
    let rules = body::<Vec<FaultRule>>(&inbound)?;
    server.faults.set(rules, &server.twins).map_err(|error| refused(&error))?;
    Ok(done(StatusCode::OK, &server.faults.list(), "fault rules set"))
}

async fn clear(State(server): Host, headers: HeaderMap) -> Reply {
    open(&server, &headers)?;
    server.faults.clear();
    Ok(answer::empty(StatusCode::NO_CONTENT).noted("fault rules ended"))
}

async fn catalogue(State(server): Host, headers: HeaderMap) -> Reply {
    open(&server, &headers)?;
    Ok(done(StatusCode::OK, &fault_catalogue().collect::<Vec<_>>(), "faults listed"))
}

async fn injections(State(server): Host, headers: HeaderMap) -> Reply {
    open(&server, &headers)?;
    Ok(done(StatusCode::OK, &server.faults.injections(), "injections listed"))
}

async fn certificate_authority(State(server): Host, headers: HeaderMap) -> Reply {
    open(&server, &headers)?;
    Ok(match server.authority.certificate() {
        Some(certificate) => answer::text(StatusCode::OK, certificate).noted("certificate of the authority given"),
        None => answer::empty(StatusCode::INTERNAL_SERVER_ERROR).noted("no authority could be made"),
    })
}

/// Names the rule by its position and its field: `0.variant`.
fn refused(error: &FaultRuleError) -> Refused {
    #[derive(Serialize)]
    struct Body {
        code: &'static str,
        field: String,
        sentence: String,
    }
    let field = format!("{}.{}", error.place, error.mistake.field());
    let body = Body { code: "invalid_fault", field, sentence: format!("{error}.") };
    let response: Response = answer::json(StatusCode::UNPROCESSABLE_ENTITY, &body);
    answer::no_store(response).noted("fault rules refused").into()
}
