//! The twins' own pages for apps: what an owner does by hand where the provider has no programming interface. HTML forms, protected by the
//! session's CSRF token; a change is answered by a redirect, so that a reload does nothing twice.

mod change;
pub(crate) mod rules;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use gatewright_protocol::Secret;

use super::answer::{self, Noted as _, Refused};
use super::inbound::{Fields, Inbound};
use super::sign_in;
use crate::app::{App, may_create};
use crate::page::apps::{AppPage, AppsPage, DeletePage, Filled, Frame, NewAppPage, in_words};
use crate::server::Server;
use crate::session::Session;
use crate::{AppRefusal, Twin};
use rules::{Action, AppPageRules};

/// What a request to these pages is about.
#[derive(Clone, Copy)]
enum Step {
    List,
    ShowForm,
    Create,
    Show,
    Save,
    AskBeforeDeleting,
    Delete,
    Regenerate,
    Revoke,
}

/// Every page for apps of a twin.
pub(super) fn routes(twin: Twin) -> Router<Arc<Server>> {
    const GET: MethodFilter = MethodFilter::GET;
    const POST: MethodFilter = MethodFilter::POST;
    let rules = AppPageRules::of(twin);
    let of_app = |rest: &[&str]| rules::path(twin, &[&["{client_id}"][..], rest].concat());
    let show = step(GET, twin, Step::Show);
    let mut routes = Router::new()
        .route(twin.apps_path(), step(GET, twin, Step::List))
        .route(&rules::path(twin, &["new"]), step(GET, twin, Step::ShowForm).merge(step(POST, twin, Step::Create)))
        .route(&of_app(&[]), if rules.can(Action::Edit) { show.merge(step(POST, twin, Step::Save)) } else { show })
        .route(&of_app(&["delete"]), step(GET, twin, Step::AskBeforeDeleting).merge(step(POST, twin, Step::Delete)));
    if rules.can(Action::Regenerate) {
        routes = routes.route(&of_app(&["secret"]), step(POST, twin, Step::Regenerate));
    }
    if rules.can(Action::Revoke) {
        routes = routes.route(&of_app(&["revoke"]), step(POST, twin, Step::Revoke));
    }
    routes
}

fn step(method: MethodFilter, twin: Twin, step: Step) -> MethodRouter<Arc<Server>> {
    let handler = move |State(server): State<Arc<Server>>, id: Option<Path<String>>, inbound: Inbound| async move {
        let client_id = id.map(|Path(id)| id).unwrap_or_default();
        match Visit::begin(server, twin, client_id, &inbound) {
            Ok(visit) => visit.answer(step).await.unwrap_or_else(Refused::into_response),
            Err(refused) => refused.into_response(),
        }
    };
    on(method, handler)
}

/// Somebody who is signed in, at one of the pages.
struct Visit {
    server: Arc<Server>,
    twin: Twin,
    rules: &'static AppPageRules,
    session: Session,
    /// The app the address names; empty on the list and the form.
    client_id: String,
    /// What was sent; nothing with `GET`.
    form: Fields,
}

impl Visit {
    /// Lets in whoever is signed in, and a form only when it was made for this very sign-in.
    fn begin(server: Arc<Server>, twin: Twin, client_id: String, inbound: &Inbound) -> Result<Self, Refused> {
        let path = inbound.parts.uri.path();
        let is_form = inbound.parts.method == Method::POST;
        let Some(session) = server.session(twin, inbound.headers()) else {
            let next = if is_form { twin.apps_path() } else { path };
            return Err(match twin {
                Twin::ContentDb => sign_in::redirect_to(twin, next),
                _ => sign_in::page(twin, None, next).noted("sign-in page shown"),
            }
            .into());
        };
        let form = inbound.form();
        if is_form && !sign_in::is_ours(&session, &form) {
            return Err(stale_form(twin).into());
        }
        Ok(Self { server, twin, rules: AppPageRules::of(twin), session, client_id, form })
    }

    async fn answer(&self, step: Step) -> Result<Response, Refused> {
        match step {
            Step::List => Ok(self.list(StatusCode::OK, &Filled::default()).noted("apps listed")),
            Step::ShowForm => Ok(self.show_form()),
            Step::Create => Ok(self.create().await),
            Step::Show => Ok(self.app_page(&*self.app()?, StatusCode::OK, None).noted("app shown")),
            Step::Save => self.save().await,
            Step::AskBeforeDeleting => Ok(self.ask_before_deleting(&*self.app()?)),
            Step::Delete => self.delete().await,
            Step::Regenerate => self.regenerate().await,
            Step::Revoke => self.revoke(),
        }
    }

    fn frame(&self) -> Frame<'_> {
        Frame {
            twin: self.twin,
            rules: self.rules,
            csrf_token: &self.session.csrf_token,
            user: self.session.user,
            next: self.twin.apps_path(),
        }
    }

    /// The address of a page of the app that this visit is about.
    fn path_of_app(&self, rest: &[&str]) -> String {
        rules::path(self.twin, &[&[self.client_id.as_str()][..], rest].concat())
    }

    /// The app, when it is this person's. Somebody else's and none at all look the same.
    fn app(&self) -> Result<Arc<App>, Refused> {
        let app = self.server.apps.find_owned(self.twin, self.session.user.username, &self.client_id);
        app.map_err(|refusal| self.not_found(&refusal))
    }

    fn not_found(&self, refusal: &AppRefusal) -> Refused {
        let page = answer::notice(self.twin, StatusCode::NOT_FOUND, "Page not found", &refusal.sentence, None);
        page.noted("refused: not this person's app").into()
    }

    fn list(&self, status: StatusCode, filled: &Filled) -> Response {
        let apps = self.server.apps.list_owned(self.twin, self.session.user.username);
        let link = |id: &str| rules::path(self.twin, &[id]);
        let page = AppsPage {
            frame: self.frame(),
            apps: apps.iter().map(|app| (link(&app.client_id.to_string()), app)).collect(),
            new_path: rules::path(self.twin, &["new"]),
            not_allowed: self.not_allowed(),
            filled,
        };
        answer::page(status, &page)
    }

    /// Why this person may not create apps here.
    fn not_allowed(&self) -> Option<String> {
        may_create(self.twin, self.session.user).err().map(|refusal| refusal.sentence)
    }

    fn show_form(&self) -> Response {
        if self.rules.form_on_list {
            return answer::redirect(self.twin.apps_path()).noted("sent to the list, where the form is");
        }
        self.form_page(StatusCode::OK, &Filled::default()).noted("form shown")
    }

    fn form_page(&self, status: StatusCode, filled: &Filled) -> Response {
        let new_path = rules::path(self.twin, &["new"]);
        answer::page(status, &NewAppPage { frame: self.frame(), new_path, not_allowed: self.not_allowed(), filled })
    }

    /// The page of one app. A secret that is shown once is shown here, to whoever has just made it, and forgotten.
    fn app_page(&self, app: &App, status: StatusCode, filled: Option<&Filled>) -> Response {
        let standing = Filled::of(app);
        let once = self.server.take_revealed(self.twin, &self.client_id, &self.session);
        let secret = if self.rules.secret_stays { app.secrets.text().cloned() } else { once };
        let page = AppPage {
            frame: self.frame(),
            app,
            secret: secret.as_ref().map(Secret::expose),
            path: self.path_of_app(&[]),
            delete_path: self.path_of_app(&["delete"]),
            secret_path: self.path_of_app(&["secret"]),
            revoke_path: self.path_of_app(&["revoke"]),
            kept_for: in_words(self.server.rotated_secret_seconds),
            filled: filled.unwrap_or(&standing),
        };
        answer::page(status, &page)
    }

    fn ask_before_deleting(&self, app: &App) -> Response {
        let (path, back) = (self.path_of_app(&["delete"]), self.path_of_app(&[]));
        answer::page(StatusCode::OK, &DeletePage { frame: self.frame(), app, path, back })
            .noted("asked before deleting")
    }
}

/// What somebody sees who sends a form that belongs to another sign-in.
fn stale_form(twin: Twin) -> Response {
    let sentence = "Nothing was changed: the form belongs to an earlier sign-in.";
    let hint = Some("Open the page again and fill the form anew.");
    answer::notice(twin, StatusCode::BAD_REQUEST, "This page is out of date", sentence, hint)
        .noted("refused: form of another sign-in")
}
