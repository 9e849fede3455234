//! Where requests meet the rules: around the router, so that no endpoint knows of faults.

use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::extract::FromRequest as _;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;

use super::answer::{Delivery, Finished, Pause};
use super::catalogue::{Family, FaultEndpoint, Opportunity};
use super::occasion::Occasion;
use super::rule::ActiveRule;
use super::wire::{Handover, Script};
use super::{Injection, authorization, certificate, openid, token};
use crate::Twin;
use crate::endpoint::inbound::Inbound;
use crate::guard::{Arrival, Note};
use crate::server::Server;

/// What a `bend` function is given besides the answer.
pub(crate) struct Context<'a> {
    pub(crate) server: &'a Server,
    pub(crate) occasion: &'a Occasion,
    /// The fault's name in the catalogue.
    pub(crate) fault: &'static str,
    /// The variant's name; empty for a fault that has none.
    pub(crate) variant: &'static str,
    /// How long to wait, in milliseconds, where the fault waits.
    pub(crate) delay_ms: u32,
}

/// Answers a request while rules are in force.
pub(crate) async fn answer(
    server: &Server,
    router: &TowerToHyperService<Router>,
    request: Request<Incoming>,
    arrival: &Arrival,
) -> Result<Response, Infallible> {
    let request = request.map(Body::new);
    let path = request.uri().path();
    let twin = Twin::of_path(path).filter(|twin| server.twins.contains(twin));
    let Some((twin, endpoint)) = twin.and_then(|twin| Some((twin, FaultEndpoint::of(twin, request.method(), path)?)))
    else {
        return router.call(request).await;
    };
    let inbound = match Inbound::from_request(request, &()).await {
        Ok(inbound) => inbound,
        Err(refusal) => return Ok(refusal),
    };
    let occasion = Occasion::read(server, twin, endpoint, &inbound).await;
    let rules = server.faults.rules();
    let mut turn = Turn { server, occasion: &occasion, rules: &rules, arrival, fired: Vec::new() };
    server.faults.states.note_request(&occasion);
    let mut finished = Finished::nothing();
    turn.beforehand(&mut finished).await;
    if !turn.instead(&mut finished).await {
        let request = Request::from_parts(inbound.parts, Body::from(inbound.body));
        finished = Finished::read(router.call(request).await?).await;
        certificate::announce(server, &occasion, &mut finished);
    }
    let is_callback = authorization::callback_of(&occasion, &finished).is_some();
    turn.after(&mut finished).await;
    if is_callback {
        server.faults.states.note_callback(&occasion);
    }
    Ok(noted(finished.into_response(), &turn.fired))
}

/// One request on its way past the rules.
struct Turn<'a> {
    server: &'a Server,
    occasion: &'a Occasion,
    rules: &'a [ActiveRule],
    arrival: &'a Arrival,
    /// The faults that happened, as the log names them.
    fired: Vec<String>,
}

impl Turn<'_> {
    /// Faults that change what the twin remembers, before its endpoint answers.
    async fn beforehand(&mut self, finished: &mut Finished) {
        let is_given = self.occasion.is_authorization_request() && self.occasion.session.is_some();
        for active in self.rules.iter().filter(|active| self.occasion.concerns(active)) {
            if is_given && active.definition.opportunity == Opportunity::SignedInRequest {
                self.take(active, finished).await;
            }
        }
    }

    /// Faults that answer instead of the endpoint; says whether one did.
    async fn instead(&mut self, finished: &mut Finished) -> bool {
        let before = self.fired.len();
        let asked = self.occasion.is_authorization_request();
        for active in self.rules.iter().filter(|active| self.occasion.concerns(active)) {
            let possible = match active.definition.opportunity {
                Opportunity::Request => true,
                Opportunity::AuthorizationRequest => asked,
                _ => false,
            };
            if possible {
                self.take(active, finished).await;
            }
        }
        self.fired.len() > before
    }

    /// Faults that bend what the endpoint has answered.
    async fn after(&mut self, finished: &mut Finished) {
        for active in self.rules.iter().filter(|active| self.occasion.concerns(active)) {
            if is_given(active.definition.opportunity, self.occasion, finished) {
                self.take(active, finished).await;
            }
        }
    }

    /// Lets the rule have its opportunity, and writes down what came of it.
    async fn take(&mut self, active: &ActiveRule, finished: &mut Finished) {
        if !active.takes_opportunity(&self.server.entropy) {
            return;
        }
        let context = Context {
            server: self.server,
            occasion: self.occasion,
            fault: active.definition.id,
            variant: active.variant,
            delay_ms: active.delay_ms(),
        };
        let happened = match active.definition.family {
            Family::Authorization => authorization::bend(&context, finished),
            Family::Token => token::bend(&context, finished).await,
            Family::OpenId => openid::bend(&context, finished).await,
        };
        if happened {
            self.record(active);
        }
    }

    fn record(&mut self, active: &ActiveRule) {
        let (fault, variant) = (active.definition.id, active.variant);
        self.fired.push(if variant.is_empty() { fault.to_owned() } else { format!("{fault}:{variant}") });
        self.server.faults.record(Injection {
            sequence: 0,
            request_id: self.arrival.request_id(),
            fault,
            variant: (!variant.is_empty()).then_some(variant),
            twin: self.occasion.twin,
            endpoint: self.occasion.endpoint_of(active.definition),
            client_id: self.occasion.client_id.clone(),
            time: self.server.now(),
        });
    }
}

/// Whether a finished answer is one at which such a fault can happen.
fn is_given(opportunity: Opportunity, occasion: &Occasion, finished: &Finished) -> bool {
    let callback_with = |name: &str| {
        authorization::callback_of(occasion, finished).is_some_and(|callback| callback.get(name).is_some())
    };
    match opportunity {
        Opportunity::Handshake
        | Opportunity::Request
        | Opportunity::AuthorizationRequest
        | Opportunity::SignedInRequest => false,
        Opportunity::Answer => true,
        Opportunity::Success => finished.status() == StatusCode::OK,
        Opportunity::Tokens => finished.status() == StatusCode::OK && token::holds_access_token(finished),
        Opportunity::IdToken => finished.status() == StatusCode::OK && token::holds_id_token(finished),
        Opportunity::IdTokenOrKeys => {
            finished.status() == StatusCode::OK
                && (occasion.endpoint != FaultEndpoint::Token || token::holds_id_token(finished))
        }
        Opportunity::LoggedOut => finished.status().is_redirection(),
        Opportunity::Callback => authorization::callback_of(occasion, finished).is_some(),
        Opportunity::CallbackWithState => callback_with("state"),
        Opportunity::CallbackWithCode => callback_with("code"),
        Opportunity::CallbackWithIssuer => callback_with("iss"),
    }
}

/// Adds the faults that happened to what the log says of the request.
fn noted(mut response: Response, fired: &[String]) -> Response {
    if !fired.is_empty() {
        let said = response.extensions_mut().remove::<Note>().map(|note| note.0);
        let faults = format!("fault {}", fired.join(", "));
        let note = match said {
            Some(said) => format!("{said}; {faults}"),
            None => faults,
        };
        response.extensions_mut().insert(Note(note.into()));
    }
    response
}

/// Sends a logged answer on its way: at once, later, never, or as bytes of our own.
pub(crate) async fn deliver(mut response: Response, connection: &Handover) -> Response {
    let Some(delivery) = response.extensions_mut().remove::<Delivery>() else { return response };
    match delivery.pause {
        Some(Pause::For(duration)) => tokio::time::sleep(duration).await,
        Some(Pause::Forever) => std::future::pending().await,
        None => {}
    }
    let Some(wire) = delivery.wire else { return response };
    connection.give(Script::of(wire, response).await);
    // The connection is taken from the library, which drops this future.
    std::future::pending().await
}
