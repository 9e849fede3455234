//! Logging the person out at the provider (OpenID Connect RP-Initiated Logout 1.0).

use std::sync::Arc;

use gatewright_model::exchange::{Exchange, ExchangePurpose};
use gatewright_model::provider::Endpoint;
use gatewright_model::run::StepKind;
use gatewright_protocol::RedirectUri;
use gatewright_protocol::logout::{LogoutCallback, LogoutDoubt, LogoutRequest};
use gatewright_protocol::state::State;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::{Errand, GrantEnd, GrantError, LogoutPlan};
use crate::exchange::{record_callback, record_visit};
use crate::finding;
use crate::ports::{Arrival, Judgement, Ports, Visit, VisitError};
use crate::registered::PlanError;
use crate::sightings::{Sighting, Sightings};
use crate::words::in_words;

/// How a logout ended. On our side the session is over in every case: a logout must not depend on who writes the callback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogoutOutcome {
    /// The provider came back with our state.
    Confirmed,
    /// Somebody came back, but nothing shows that it was the provider.
    Unverified(LogoutDoubt),
    /// Nobody came back in time. The session at the provider may go on.
    NeverReturned,
    /// The browser could not get there.
    NotReached(VisitError),
    /// The user stopped it.
    Stopped,
}

/// Sends the person to the end session endpoint and waits for the way back.
///
/// # Errors
/// See [`GrantError`]; [`PlanError::NoPostLogoutRedirectUri`] when there is no way back to wait for.
pub async fn log_out(
    plan: &LogoutPlan,
    ports: &Ports,
    cancel: &CancellationToken,
) -> Result<GrantEnd<LogoutOutcome>, GrantError> {
    let mut errand = Errand::begin(&plan.client, StepKind::Logout, ports, cancel)?;
    let redirect_uri = plan.client.settings.post_logout_redirect_uri.as_deref();
    let redirect_uri = redirect_uri.and_then(|text| RedirectUri::parse(text).ok());
    let redirect_uri = redirect_uri.ok_or(PlanError::NoPostLogoutRedirectUri)?;
    let state = State::from_random(errand.wire.random()?);
    let request = errand.logout_request(plan, &redirect_uri, &state)?;
    let exchange =
        record_visit(ExchangePurpose::Logout, request.endpoint(), request.parameters(), &mut errand.wire.secrets);
    let arrived = errand.visit(request.url(), &redirect_uri, plan).await;
    Ok(match arrived {
        Ok(callback) => {
            errand.step.exchange(record_callback(&exchange, &Arrival::at(callback.clone()), &mut errand.wire.secrets));
            errand.judge(LogoutCallback::read(&callback, &redirect_uri, &state))
        }
        Err(outcome) => errand.without_callback(exchange, outcome, plan),
    })
}

impl Errand<'_> {
    fn logout_request(
        &mut self,
        plan: &LogoutPlan,
        redirect_uri: &RedirectUri,
        state: &State,
    ) -> Result<LogoutRequest, PlanError> {
        let mut request = LogoutRequest::new(self.client.address(Endpoint::EndSession)?);
        if let Some(id_token) = &plan.id_token {
            let reference = self.wire.secrets.reference_for("id_token", id_token.expose());
            request = request.id_token_hint(id_token, reference);
        }
        Ok(request.client_id(self.client.client_id).post_logout_redirect_uri(redirect_uri).state(state))
    }

    async fn visit(
        &mut self,
        address: Url,
        redirect_uri: &RedirectUri,
        plan: &LogoutPlan,
    ) -> Result<Url, LogoutOutcome> {
        let (sightings, mut seen) = Sightings::channel();
        let cancel = self.wire.cancel.child_token();
        let visit = Visit {
            authorization_url: address,
            redirect_uri: redirect_uri.clone(),
            // Whoever calls ends the wait and nothing else: what is wrong with the callback is told.
            judge: Arc::new(|_| Judgement::Accept),
            judge_form: None,
            sightings,
            cancel: cancel.clone(),
        };
        // Whatever ends the visit, the user agent learns it and closes what it has opened.
        let _closes = cancel.drop_guard();
        let mut walking = self.wire.ports.user_agent.visit(visit);
        let mut time_is_up = self.wire.ports.clock.sleep(plan.time_limit);
        loop {
            tokio::select! {
                biased;
                () = self.wire.cancel.cancelled() => return Err(LogoutOutcome::Stopped),
                Some(sighting) = seen.recv() => if let Sighting::Page(page) = sighting { self.step.page(page) },
                arrival = &mut walking => return match arrival {
                    Ok(Arrival { callback, .. }) => Ok(callback),
                    Err(VisitError::Cancelled) => Err(LogoutOutcome::Stopped),
                    Err(error) => Err(LogoutOutcome::NotReached(error)),
                },
                () = &mut time_is_up => return Err(LogoutOutcome::NeverReturned),
            }
        }
    }

    fn judge(mut self, callback: LogoutCallback) -> GrantEnd<LogoutOutcome> {
        let doubt = match callback {
            LogoutCallback::Confirmed => {
                return self.pass("Logged out; the provider came back with our state", LogoutOutcome::Confirmed);
            }
            LogoutCallback::Unverified(doubt) => doubt,
            // A user agent hands over callbacks on the redirect URI only.
            LogoutCallback::Elsewhere => LogoutDoubt::StateMissing,
        };
        self.step.finding(finding::plain(
            doubt.code(),
            "state",
            crate::codes::says(doubt.code()).unwrap_or("The logout callback confirms nothing."),
            "Anybody may have written this callback. The session is over here, and may go on at the provider.",
            "the state that was sent (RP-Initiated Logout §3)",
            &doubt.to_string(),
        ));
        self.pass("Logged out here; nothing shows that the provider came back", LogoutOutcome::Unverified(doubt))
    }

    fn without_callback(
        mut self,
        exchange: Exchange,
        outcome: LogoutOutcome,
        plan: &LogoutPlan,
    ) -> GrantEnd<LogoutOutcome> {
        self.step.exchange(exchange);
        let sentence = match &outcome {
            LogoutOutcome::NotReached(error) => format!("Logged out here; the provider was not reached: {error}"),
            LogoutOutcome::NeverReturned => {
                let limit = in_words(plan.time_limit);
                self.step.finding(finding::plain(
                    "logout_not_returned",
                    "post_logout_redirect_uri",
                    "Nobody came back from the logout.",
                    "Is the address registered for logouts? The session is over here, and may go on at the provider.",
                    "the way back to the post-logout redirect URI (RP-Initiated Logout §3)",
                    &format!("nothing within {limit}"),
                ));
                format!("Logged out here; nobody came back within {limit}")
            }
            _ => "Logged out here; you stopped waiting for the provider".to_owned(),
        };
        self.fail(&sentence, outcome)
    }
}
