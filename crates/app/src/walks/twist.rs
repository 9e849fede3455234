//! What Gatewright does to a login for a scenario: it stands between the login engine and the ways to the browser and the provider, and
//! is nothing at all for a login that nobody walks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use gatewright_contract::Event;
use gatewright_engine::ports::{
    Arrival, PortFuture, PostedCallback, SendError, Transport, UserAgent, Visit, VisitError,
};
use gatewright_model::RunId;
use gatewright_protocol::http::{HttpRequest, HttpResponse};
use jiff::{SignedDuration, Timestamp};
use url::form_urlencoded;

use super::ScenarioKey;
use crate::App;

/// What is done to one login.
#[derive(Clone, Debug, Default)]
pub(crate) struct Twist {
    /// The scenario that the login belongs to; none when it was started by itself.
    pub(crate) scenario: Option<ScenarioKey>,
    /// The login view keeps nothing of this login, whoever it is for.
    pub(crate) forgets: bool,
    /// The state of the callback is changed.
    pub(crate) changes_state: bool,
    /// The callback is held back for so long.
    pub(crate) hold: Duration,
    /// What becomes of Gatewright's own requests.
    pub(crate) network: Network,
    /// A second login of the same scenario, which was begun at this moment, starts as soon as this one is open.
    pub(crate) starts_second: Option<Timestamp>,
    /// Whether the callback is there.
    pub(super) has_arrived: Arc<AtomicBool>,
}

/// What becomes of Gatewright's own requests. The browser's are never touched; a twin's pages can be slow by themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Network {
    /// They go out as always.
    #[default]
    AsEver,
    /// Each is held back for so long.
    Slow(Duration),
    /// None gets through, once the callback is there.
    DownAfterCallback,
}

impl Twist {
    /// The way to the browser with this twist in it.
    pub(crate) fn around(&self, app: &App, run: &RunId, inner: Arc<dyn UserAgent>) -> Arc<dyn UserAgent> {
        match &self.scenario {
            None => inner,
            Some(key) => {
                let (app, run, key) = (app.clone(), run.clone(), key.clone());
                Arc::new(TwistedAgent { inner, app, run, key, twist: self.clone() })
            }
        }
    }

    /// The way to the provider with this twist in it.
    pub(crate) fn over(&self, app: &App, inner: Arc<dyn Transport>) -> Arc<dyn Transport> {
        if self.network == Network::AsEver {
            return inner;
        }
        Arc::new(TwistedTransport { inner, app: app.clone(), twist: self.clone() })
    }
}

struct TwistedAgent {
    inner: Arc<dyn UserAgent>,
    app: App,
    run: RunId,
    key: ScenarioKey,
    twist: Twist,
}

impl TwistedAgent {
    async fn walk(&self, visit: Visit) -> Result<Arrival, VisitError> {
        self.tell();
        if let Some(begun) = self.twist.starts_second {
            let (app, key) = (self.app.clone(), self.key.clone());
            self.app.0.tasks.spawn(async move { app.start_second_login(&key, begun).await });
        }
        let cancel = visit.cancel.clone();
        let arrived = self.inner.visit(visit).await;
        self.twist.has_arrived.store(true, Ordering::Relaxed);
        self.tell();
        let arrival = arrived?;
        if !self.twist.hold.is_zero() {
            let until = SignedDuration::try_from(self.twist.hold).unwrap_or_default();
            self.app.0.walks.hold(&self.run, self.app.now().saturating_add(until).unwrap_or_default());
            self.tell();
            let held = tokio::select! {
                () = cancel.cancelled() => Err(VisitError::Cancelled),
                () = self.app.0.clock.sleep(self.twist.hold) => Ok(()),
            };
            self.app.0.walks.let_go(&self.run);
            self.tell();
            held?;
        }
        Ok(if self.twist.changes_state { with_another_state(arrival) } else { arrival })
    }

    fn tell(&self) {
        self.app.tell(Event::WalksChanged(Some(self.key.walk.to_string())));
    }
}

impl UserAgent for TwistedAgent {
    fn visit(&self, visit: Visit) -> PortFuture<'_, Result<Arrival, VisitError>> {
        Box::pin(self.walk(visit))
    }
}

struct TwistedTransport {
    inner: Arc<dyn Transport>,
    app: App,
    twist: Twist,
}

impl Transport for TwistedTransport {
    fn send<'a>(&'a self, request: &'a HttpRequest) -> PortFuture<'a, Result<HttpResponse, SendError>> {
        Box::pin(async move {
            match self.twist.network {
                Network::DownAfterCallback if self.twist.has_arrived.load(Ordering::Relaxed) => {
                    let host = request.url.host_str().unwrap_or_default().to_owned();
                    let why = "for this scenario Gatewright lets nothing through".to_owned();
                    return Err(SendError::Unreachable { host, why });
                }
                Network::Slow(delay) => self.app.0.clock.sleep(delay).await,
                Network::AsEver | Network::DownAfterCallback => {}
            }
            self.inner.send(request).await
        })
    }
}

/// The same callback with a state that was never sent, wherever its parameters stand. One without a state stays as it is.
fn with_another_state(arrival: Arrival) -> Arrival {
    let Arrival { mut callback, form } = arrival;
    let query = callback.query().map(changed);
    callback.set_query(query.as_deref());
    let fragment = callback.fragment().map(changed);
    callback.set_fragment(fragment.as_deref());
    let form = form.map(|form| PostedCallback { body: changed_bytes(&form.body).into_bytes(), ..form });
    Arrival { callback, form }
}

fn changed(parameters: &str) -> String {
    changed_bytes(parameters.as_bytes())
}

fn changed_bytes(parameters: &[u8]) -> String {
    let mut written = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(parameters) {
        if name == "state" {
            written.append_pair(&name, &value.chars().rev().collect::<String>());
        } else {
            written.append_pair(&name, &value);
        }
    }
    written.finish()
}

#[cfg(test)]
mod tests {
    use gatewright_engine::ports::{Arrival, PostedCallback};

    use super::with_another_state;

    fn arrived_at(address: &str) -> Arrival {
        Arrival::at(address.parse().unwrap())
    }

    #[test]
    fn only_the_state_is_another() {
        let changed = with_another_state(arrived_at("https://app.example.org/callback?code=a%2Bb&state=xyz"));
        assert_eq!(changed.callback.as_str(), "https://app.example.org/callback?code=a%2Bb&state=zyx");
    }

    #[test]
    fn it_is_changed_behind_the_hash_and_in_a_posted_form_too() {
        let changed = with_another_state(arrived_at("https://app.example.org/callback#state=xyz&code=a"));
        assert_eq!(changed.callback.as_str(), "https://app.example.org/callback#state=zyx&code=a");
        let form = PostedCallback { content_type: None, body: b"state=xyz&code=a".to_vec() };
        let posted = Arrival::posted("https://app.example.org/callback".parse().unwrap(), form);
        assert_eq!(with_another_state(posted).form.unwrap().body, b"state=zyx&code=a");
    }

    #[test]
    fn a_callback_without_a_state_stays_as_it_is() {
        let bare = with_another_state(arrived_at("https://app.example.org/callback/"));
        assert_eq!(bare.callback.as_str(), "https://app.example.org/callback/");
    }
}
