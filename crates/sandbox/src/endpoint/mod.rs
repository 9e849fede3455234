//! The paths of the five twins.

pub(crate) mod answer;
pub(crate) mod app_pages;
mod authorization;
mod avatar;
mod callback;
pub(crate) mod chaster;
mod chattr;
mod chattz;
mod contentdb;
mod control;
mod gitter;
pub(crate) mod inbound;
mod sign_in;

use std::future::{Ready, ready};
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{MethodRouter, any, delete, get, post};

use crate::Twin;
use crate::page::StartPage;
use crate::server::Server;
use authorization::AuthorizationRules;
use inbound::Inbound;

type Routes = Router<Arc<Server>>;

/// A router to the twins the server was started with.
pub(crate) fn router(server: Arc<Server>) -> Router {
    let mut router = Router::new().route("/", get(start)).merge(control::routes());
    for twin in Twin::ALL.into_iter().filter(|twin| server.twins.contains(twin)) {
        router = router.merge(sign_in_routes(twin)).merge(app_pages::routes(twin)).merge(match twin {
            Twin::Chattr => chattr_routes(),
            Twin::Chattz => chattz_routes(),
            Twin::Chaster => chaster::routes(),
            Twin::Gitter => gitter_routes(),
            Twin::ContentDb => contentdb_routes(),
        });
    }
    router.with_state(server)
}

fn sign_in_routes(twin: Twin) -> Routes {
    let show = move |inbound: Inbound| ready(sign_in::show(twin, &inbound));
    let submit =
        move |State(server): State<Arc<Server>>, inbound: Inbound| ready(sign_in::submit(&server, twin, &inbound));
    let leave =
        move |State(server): State<Arc<Server>>, inbound: Inbound| ready(sign_in::sign_out(&server, twin, &inbound));
    Router::new().route(twin.sign_in_path(), get(show).post(submit)).route(twin.sign_out_path(), post(leave))
}

fn chattr_routes() -> Routes {
    let twin = Twin::Chattr;
    Router::new()
        .route(twin.authorization_path(), authorization_route(&chattr::Chattr))
        .route(twin.token_path(), post(plainly(chattr::token)))
        .route("/chattr/avatars/{file}", get(avatar::show))
}

fn chattz_routes() -> Routes {
    let twin = Twin::Chattz;
    Router::new()
        .route(twin.authorization_path(), authorization_route(&chattz::Chattz))
        .route(twin.token_path(), post(plainly(chattz::token)))
        .route("/chattz/oauth/userinfo", get(plainly(chattz::userinfo)))
        .route("/chattz/avatars/{file}", get(avatar::show))
}

fn gitter_routes() -> Routes {
    let twin = Twin::Gitter;
    Router::new()
        .route(twin.authorization_path(), authorization_route(&gitter::Gitter))
        .route(twin.token_path(), post(plainly(gitter::token)))
        .route("/gitter/api/v1/user", get(plainly(gitter::user_list)))
        .route("/gitter/api/v1/user/me", get(plainly(gitter::user_me)))
        .route("/gitter/avatars/{file}", get(avatar::show))
}

/// Every path of ContentDB ends in a slash and is redirected to when it does not; a wrong method is a page that is not there.
fn contentdb_routes() -> Routes {
    let twin = Twin::ContentDb;
    let token =
        |State(server): State<Arc<Server>>, inbound: Inbound| async move { contentdb::token(&server, inbound).await };
    let absent = || ready(contentdb::not_found());
    let mut routes = Router::new()
        .route(twin.authorization_path(), authorization_route(&contentdb::ContentDb).fallback(absent))
        .route(twin.token_path(), post(token).fallback(absent))
        .route("/contentdb/api/whoami/", get(plainly(contentdb::whoami)).fallback(absent))
        .route("/contentdb/api/delete-token/", delete(plainly(contentdb::delete_token)).fallback(absent))
        .route("/contentdb/{*rest}", any(absent));
    for path in [
        "oauth/authorize",
        "oauth/token",
        "api/whoami",
        "api/delete-token",
        "user/sign-in",
        "user/apps",
        "user/apps/new",
    ] {
        routes =
            routes.route(&format!("/contentdb/{path}"), any(|inbound: Inbound| ready(contentdb::add_slash(&inbound))));
    }
    routes
}

/// `GET` and `POST` of an authorization endpoint.
fn authorization_route(rules: &'static dyn AuthorizationRules) -> MethodRouter<Arc<Server>> {
    let handler = move |State(server): State<Arc<Server>>, inbound: Inbound| async move {
        let delay = server.page_delay(rules.twin(), inbound.query().text("client_id").unwrap_or_default());
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        authorization::handle(&server, rules, &inbound)
    };
    get(handler).post(handler)
}

/// The handler of an endpoint that needs the server and the request and waits for nothing.
fn plainly(
    endpoint: fn(&Server, &Inbound) -> Response,
) -> impl Fn(State<Arc<Server>>, Inbound) -> Ready<Response> + Clone + Send + Sync + 'static {
    move |State(server), inbound| ready(endpoint(&server, &inbound))
}

/// `GET /`: which twins are here.
async fn start(State(server): State<Arc<Server>>) -> Response {
    answer::page(StatusCode::OK, &StartPage { twins: &server.twins })
}
