//! What a request is, as far as faults care: where it goes and who sends it.

use axum::http::Method;
use serde_json::Value;

use super::catalogue::{FaultDefinition, FaultEndpoint};
use super::rule::ActiveRule;
use crate::Twin;
use crate::endpoint::inbound::{Fields, Inbound};
use crate::server::Server;
use crate::session::Session;

/// A request to an endpoint that can misbehave.
pub(crate) struct Occasion {
    pub(crate) twin: Twin,
    pub(crate) endpoint: FaultEndpoint,
    pub(crate) method: Method,
    /// The path and query as they came.
    pub(crate) target: String,
    pub(crate) query: Fields,
    /// The fields of the body, however it is encoded.
    pub(crate) body: Fields,
    /// The client that asks, where the request says so.
    pub(crate) client_id: Option<String>,
    /// The access token the request carries in its header.
    pub(crate) bearer: Option<String>,
    /// Who is signed in.
    pub(crate) session: Option<Session>,
}

impl Occasion {
    pub(crate) async fn read(server: &Server, twin: Twin, endpoint: FaultEndpoint, inbound: &Inbound) -> Self {
        let query = inbound.query();
        let body = match inbound.json() {
            Some(members) => members,
            None => inbound.clone().form_or_multipart().await,
        };
        let named = |fields: &Fields| match fields.value("client_id")? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let client_id = named(&query)
            .or_else(|| named(&body))
            .or_else(|| inbound.basic().map(|(id, _)| id))
            .or_else(|| bearer_client(server, twin, inbound));
        let target = inbound.parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
        let bearer = inbound.bearer().map(str::to_owned);
        let session = server.session(twin, inbound.headers());
        Self { twin, endpoint, method: inbound.parts.method.clone(), target, query, body, client_id, bearer, session }
    }

    /// Whether a refresh token is presented (RFC 6749 §6).
    pub(crate) fn is_refresh(&self) -> bool {
        self.endpoint == FaultEndpoint::Token && self.body.text("grant_type") == Some("refresh_token")
    }

    /// Whether a rule speaks of such a request.
    pub(crate) fn concerns(&self, active: &ActiveRule) -> bool {
        let wanted = active.definition.endpoint;
        let also = active.definition.also == Some(self.endpoint);
        (wanted == self.endpoint || also || wanted == FaultEndpoint::Refresh && self.is_refresh())
            && active.rule.twin == self.twin
            && active.rule.client_id.as_ref().is_none_or(|client| Some(client) == self.client_id.as_ref())
    }

    /// The endpoint at which such a fault happens to this request.
    pub(crate) fn endpoint_of(&self, definition: &FaultDefinition) -> FaultEndpoint {
        if definition.also == Some(self.endpoint) { self.endpoint } else { definition.endpoint }
    }

    /// Whether this is an authorization request as the app sent it, not the decision of a person.
    pub(crate) fn is_authorization_request(&self) -> bool {
        self.endpoint == FaultEndpoint::Authorization && self.method == Method::GET
    }
}

/// The client an access token was given to.
fn bearer_client(server: &Server, twin: Twin, inbound: &Inbound) -> Option<String> {
    let grant = server.grants(twin).access(inbound.bearer()?, server.now())?;
    Some(grant.client.to_string())
}
