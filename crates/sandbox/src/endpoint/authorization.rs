//! The authorization endpoint (RFC 6749 §3.1): one conversation for all twins. What differs is each twin's [`AuthorizationRules`].

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;

use super::answer::{self, Noted as _, Refused};
use super::inbound::{Fields, Inbound};
use super::sign_in;
use crate::Twin;
use crate::app::App;
use crate::grants::Challenge;
use crate::page::{ConsentPage, Decision};
use crate::server::Server;
use crate::session::Session;
use crate::user::SandboxUser;

/// An authorization request that its twin has accepted: the redirect URI is a registered one.
pub(crate) struct Asked {
    pub(crate) app: Arc<App>,
    pub(crate) redirect_uri: String,
    pub(crate) state: Option<String>,
    pub(crate) scope: String,
    pub(crate) nonce: Option<String>,
    pub(crate) challenge: Option<Challenge>,
    pub(crate) prompt: Prompt,
    /// OpenID Connect's `max_age`: how many seconds ago the sign-in may be.
    pub(crate) max_age: Option<u32>,
}

/// OpenID Connect's `prompt`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Prompt {
    /// Ask what is needed.
    #[default]
    AsNeeded,
    /// Show nothing; answer with an error instead.
    None,
    /// Ask who it is, even of somebody signed in.
    Login,
    /// Ask for consent, even if it was given before.
    Consent,
}

/// Who is deciding, and in which sign-in session.
pub(crate) struct Person {
    pub(crate) user: &'static SandboxUser,
    pub(crate) session_state: Arc<str>,
    /// When they proved who they are.
    pub(crate) authenticated_at: Timestamp,
}

/// How one twin's authorization endpoint differs.
pub(crate) trait AuthorizationRules: Sync {
    fn twin(&self) -> Twin;

    /// Whether the person has to sign in before the request is even looked at.
    fn signs_in_first(&self) -> bool {
        false
    }

    /// The request when it is in order, or the twin's way of saying that it is not.
    fn check(&self, server: &Server, query: &Fields, user: Option<&SandboxUser>) -> Result<Asked, Refused>;

    /// Whether this person need not be asked again.
    fn remembers(&self, _server: &Server, _asked: &Asked, _user: &SandboxUser) -> bool {
        false
    }

    /// The buttons of the consent page.
    fn decisions(&self) -> &'static [Decision] {
        &[Decision::Approve, Decision::Deny, Decision::Cancel]
    }

    /// What the app will learn, one line each.
    fn shared(&self, asked: &Asked) -> Vec<&'static str>;

    /// Issues a code; gives the address to send the person back to.
    fn approve(&self, server: &Server, asked: &Asked, person: &Person) -> String;

    /// The address that tells the app of a refusal or a cancel.
    fn refuse(&self, server: &Server, asked: &Asked, decision: Decision) -> String;

    /// The address that tells the app why nobody could be asked (`prompt=none`).
    fn cannot_ask(&self, _server: &Server, asked: &Asked, error: &'static str) -> String {
        super::callback::with_parameters(&asked.redirect_uri, &[("error", error)])
    }
}

/// Answers `GET` (the request) and `POST` (the decision on the consent page, sent to the request's own address).
pub(crate) fn handle(server: &Server, rules: &dyn AuthorizationRules, inbound: &Inbound) -> Response {
    let twin = rules.twin();
    let session = server.session(twin, inbound.headers());
    let user = server.auto_approve.or(session.as_ref().map(|session| session.user));
    let this_request = format!("{}?{}", twin.authorization_path(), inbound.raw_query());
    if rules.signs_in_first() && user.is_none() {
        return sign_in::redirect_to(twin, &this_request);
    }
    let query = inbound.query();
    let asked = match rules.check(server, &query, user) {
        Ok(asked) => asked,
        Err(refusal) => return refusal.into_response(),
    };
    if let Some(user) = server.auto_approve {
        let person = Person { user, session_state: server.entropy.uuid().into(), authenticated_at: server.now() };
        return answer::redirect(&rules.approve(server, &asked, &person)).noted("approved automatically, code issued");
    }
    let Some(session) = session else {
        return match asked.prompt {
            Prompt::None => not_asking(server, rules, &asked, "login_required"),
            _ => sign_in::page(twin, Some(&asked.app.name), &this_request).noted("sign-in page shown"),
        };
    };
    if inbound.parts.method == Method::POST {
        return decide(server, rules, &asked, &session, &inbound.form());
    }
    let too_old = asked.max_age.is_some_and(|max_age| max_age == 0 || session.age(server.now()) > max_age.into());
    if too_old && asked.prompt == Prompt::None {
        return not_asking(server, rules, &asked, "login_required");
    }
    if too_old || asked.prompt == Prompt::Login {
        return sign_in::page(twin, Some(&asked.app.name), &without_demand(&this_request))
            .noted("sign-in page shown again");
    }
    if asked.prompt != Prompt::Consent && rules.remembers(server, &asked, session.user) {
        return answer::redirect(&rules.approve(server, &asked, &session.person()))
            .noted("consent remembered, code issued");
    }
    if asked.prompt == Prompt::None {
        return not_asking(server, rules, &asked, "interaction_required");
    }
    consent_page(rules, &asked, &session, &this_request)
}

impl Session {
    fn person(&self) -> Person {
        Person { user: self.user, session_state: Arc::clone(&self.state), authenticated_at: self.began }
    }
}

fn consent_page(rules: &dyn AuthorizationRules, asked: &Asked, session: &Session, action: &str) -> Response {
    let twin = rules.twin();
    let page = ConsentPage {
        twin,
        app: &asked.app.name,
        shared: rules.shared(asked),
        approved: asked.app.approved,
        action,
        csrf_token: &session.csrf_token,
        buttons: rules.decisions().iter().map(|decision| (decision.value(), decision.label(twin))).collect(),
        destination: &asked.redirect_uri,
        user: session.user,
    };
    answer::page(StatusCode::OK, &page).noted("consent page shown")
}

fn decide(
    server: &Server,
    rules: &dyn AuthorizationRules,
    asked: &Asked,
    session: &Session,
    form: &Fields,
) -> Response {
    if !sign_in::is_ours(session, form) {
        return sign_in::stale_form(rules.twin());
    }
    let chosen = form.text("decision").unwrap_or_default();
    match rules.decisions().iter().find(|decision| decision.value() == chosen) {
        Some(Decision::Approve) => {
            answer::redirect(&rules.approve(server, asked, &session.person())).noted("approved, code issued")
        }
        Some(decision @ Decision::Deny) => answer::redirect(&rules.refuse(server, asked, *decision)).noted("denied"),
        Some(decision @ Decision::Cancel) => {
            answer::redirect(&rules.refuse(server, asked, *decision)).noted("cancelled")
        }
        None => sign_in::stale_form(rules.twin()),
    }
}

fn not_asking(server: &Server, rules: &dyn AuthorizationRules, asked: &Asked, error: &'static str) -> Response {
    answer::redirect(&rules.cannot_ask(server, asked, error)).noted(error)
}

/// The request without `prompt` and `max_age`: somebody who has just signed in again is not asked a third time.
fn without_demand(request: &str) -> String {
    let (path, query) = request.split_once('?').unwrap_or((request, ""));
    let kept: Vec<&str> =
        query.split('&').filter(|pair| !pair.starts_with("prompt=") && !pair.starts_with("max_age=")).collect();
    format!("{path}?{}", kept.join("&"))
}

/// RFC 6749 §4.1.2.1, which twins of silent providers follow: `access_denied` with `state`. The description tells a deny from a cancel.
pub(crate) fn access_denied(asked: &Asked, decision: Decision) -> String {
    let description = match decision {
        Decision::Cancel => "The person cancelled.",
        Decision::Approve | Decision::Deny => "The person denied access.",
    };
    let mut parameters = vec![("error", "access_denied"), ("error_description", description)];
    parameters.extend(asked.state.as_deref().map(|state| ("state", state)));
    super::callback::with_parameters(&asked.redirect_uri, &parameters)
}

/// `code` and, when there was one, `state` (RFC 6749 §4.1.2).
pub(crate) fn code_and_state(asked: &Asked, code: &str) -> String {
    let mut parameters = vec![("code", code)];
    parameters.extend(asked.state.as_deref().map(|state| ("state", state)));
    super::callback::with_parameters(&asked.redirect_uri, &parameters)
}
