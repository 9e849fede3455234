//! A look at the authorization endpoint before anybody is sent there.
//!
//! It is the request that a login begins with, sent without a cookie: nobody is signed in, so there is nobody who could consent, and no
//! server has a reason to issue or replace anything. Its state, nonce and challenge are random and forgotten at once; no login uses them.

use std::time::Duration;

use gatewright_model::provider::Endpoint;
use gatewright_protocol::http::{HttpRequest, HttpResponse, Method, Value};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::code::Bindings;
use super::plan::LoginPlan;
use super::rules;
use crate::ports::{NoEntropy, Ports, SendError};
use crate::registered::PlanError;
use crate::wire::Wire;

/// What a look at the authorization endpoint brought. Nothing of it is recorded.
#[derive(Debug)]
pub struct Look {
    /// Where it is.
    pub endpoint: Url,
    /// The first answer, or why there is none. A redirect is an answer and was not followed.
    pub answer: Result<HttpResponse, SendError>,
    /// When the answer was there by our clock.
    pub at: Timestamp,
}

/// Why *we* could not look. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LookError {
    /// The plan cannot be carried out.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// No random numbers.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
}

/// Asks the authorization endpoint once, and waits for `limit` at most. The client's secret has no part in it and may be missing.
///
/// # Errors
/// See [`LookError`].
pub async fn look(plan: &LoginPlan, ports: &Ports, limit: Duration) -> Result<Look, LookError> {
    let endpoint = plan.registered().address(Endpoint::Authorization)?;
    let cancel = CancellationToken::new();
    let bindings = Bindings::random(plan, &Wire::new(ports, &cancel))?;
    let address = rules::authorization_request(plan, &endpoint, &bindings)?.url();
    let headers = vec![("accept".to_owned(), Value::from("text/html,*/*;q=0.8"))];
    let request = HttpRequest { method: Method::Get, url: address, headers, body: None };
    let answer = tokio::select! {
        answer = ports.transport.send(&request) => answer,
        () = ports.clock.sleep(limit) => {
            let host = endpoint.host_str().unwrap_or_default().to_owned();
            Err(SendError::TimedOut { host, after: limit })
        }
    };
    Ok(Look { endpoint, answer, at: ports.clock.now() })
}
