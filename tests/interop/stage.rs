//! A server of somebody else, and our engine in front of it.

use std::sync::Arc;
use std::time::Duration;

use gatewright_engine::log_in;
use gatewright_engine::login::{ClientSecret, LoginEnd, LoginPlan};
use gatewright_engine::ports::{Ports, Transport as _};
use gatewright_engine::progress::Progress;
use gatewright_engine::system::{SystemClock, SystemEntropy};
use gatewright_engine::transport::HttpTransport;
use gatewright_model::dialect::ClientAuthentication;
use gatewright_model::run::{Browser, EndReason, Outcome};
use gatewright_model::{Environment, ProtocolSettings, Provider};
use gatewright_protocol::http::{HttpRequest, HttpResponse, Method};
use gatewright_protocol::{ClientId, ClientIdKind, RedirectUri, Secret};
use gatewright_tests::peer::Peer;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::person::{Decision, Person};

/// Registered as `http://127.0.0.1/callback`: a native client chooses its port (RFC 8252 §7.3). Nothing listens there.
pub(crate) const REDIRECT_URI: &str = "http://127.0.0.1:8914/callback";

/// Where a person comes back after a logout, registered likewise.
pub(crate) const POST_LOGOUT_REDIRECT_URI: &str = "http://127.0.0.1:8914/signed-out";

/// Where a peer keeps its endpoints below its issuer.
struct Paths {
    authorization: &'static str,
    token: &'static str,
    userinfo: &'static str,
}

/// A peer and everything a login there needs.
pub(crate) struct Stage {
    pub(crate) peer: Peer,
    paths: Paths,
    transport: Arc<HttpTransport>,
}

impl Stage {
    /// A stage with oidc-provider.
    pub(crate) async fn oidc_provider() -> Self {
        let peer = Peer::oidc_provider().await.unwrap();
        Self::with(peer, Paths { authorization: "/auth", token: "/token", userinfo: "/me" })
    }

    /// A stage with django-oauth-toolkit, all of whose endpoints end in a slash.
    pub(crate) async fn django_toolkit() -> Self {
        let peer = Peer::django_toolkit().await.unwrap();
        Self::with(peer, Paths { authorization: "/authorize/", token: "/token/", userinfo: "/userinfo/" })
    }

    fn with(peer: Peer, paths: Paths) -> Self {
        Self { peer, paths, transport: Arc::default() }
    }

    /// Somebody with an account there.
    pub(crate) fn person(&self, decision: Decision) -> Arc<Person> {
        Arc::new(Person::new(self.peer.account(), decision))
    }

    /// A profile by hand: a server that keeps to the standards, with its endpoints where the peer has them.
    pub(crate) fn provider(&self, authentication: ClientAuthentication) -> Provider {
        let mut provider = Provider::built_in().into_iter().find(|known| known.id.as_str() == "chaster").unwrap();
        provider.environments.production.authorization = self.peer.issuer().into();
        provider.endpoints.authorization.value = self.paths.authorization.into();
        provider.endpoints.token.value = self.paths.token.into();
        provider.endpoints.identity.as_mut().unwrap().value = self.paths.userinfo.into();
        provider.dialect.token_request.client_authentication.value = authentication;
        // No document promises anything about tokens here, so nothing can differ from it.
        provider.dialect.tokens.access_token_seconds = None;
        provider.dialect.tokens.refresh.value = false;
        provider
    }

    /// The plan of a login by a client of the peer.
    pub(crate) fn plan(&self, client: &str, authentication: ClientAuthentication) -> LoginPlan {
        let provider = self.provider(authentication);
        let client = self.peer.client(client);
        let secret = client.secret.as_deref().map(|secret| ClientSecret { value: Secret::new(secret), version: 1 });
        LoginPlan {
            bases: provider.bases(Environment::Production, None),
            client_id: ClientId::parse(&client.id, ClientIdKind::Text).unwrap(),
            client_secret: secret,
            settings: ProtocolSettings::default(),
            redirect_uri: RedirectUri::parse(REDIRECT_URI).unwrap(),
            scopes: ["openid", "profile", "email"].map(str::to_owned).to_vec(),
            browser: Browser::Embedded,
            time_limit: Duration::from_mins(1),
            provider,
        }
    }

    /// Walks a login with the engine.
    pub(crate) async fn log_in(&self, plan: &LoginPlan, person: Arc<Person>) -> LoginEnd {
        let ports = Ports {
            transport: Arc::clone(&self.transport) as _,
            user_agent: person,
            clock: Arc::new(SystemClock::default()),
            entropy: Arc::new(SystemEntropy),
            issuers: Arc::default(),
        };
        let (progress, mut reports) = Progress::channel();
        let recording = tokio::spawn(async move {
            while let Some(report) = reports.recv().await {
                report.acknowledge();
            }
        });
        let end = log_in(plan, &ports, &progress, &CancellationToken::new()).await.unwrap();
        drop(progress);
        recording.await.unwrap();
        end
    }

    /// An address below the issuer.
    pub(crate) fn at(&self, path: &str) -> Url {
        Url::parse(&format!("{}{path}", self.peer.issuer())).unwrap()
    }

    /// Waits until the peer's own clock shows more than so many seconds later than now.
    pub(crate) async fn until_the_peers_clock_is_past(&self, seconds: i64) {
        let start = self.peers_clock().await;
        while self.peers_clock().await <= start + SignedDuration::from_secs(seconds) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What time the peer says it is (`Date`, RFC 9110 §6.6.1), to the second.
    async fn peers_clock(&self) -> Timestamp {
        let url = self.at("/.well-known/openid-configuration");
        let answer = self.send(&HttpRequest { method: Method::Get, url, headers: Vec::new(), body: None }).await;
        DateTimeParser::new().parse_timestamp(answer.header("date").unwrap()).unwrap()
    }

    /// Sends a request as the engine does.
    pub(crate) async fn send(&self, request: &HttpRequest) -> HttpResponse {
        self.transport.send(request).await.unwrap()
    }
}

/// Fails unless the login ended with the identity of this person and without findings.
#[track_caller]
pub(crate) fn assert_logged_in(end: &LoginEnd, subject: &str) {
    let findings: Vec<_> = end.steps.iter().flat_map(|step| &step.findings).collect();
    assert_eq!(end.outcome, Outcome::LoggedIn { findings: 0 }, "{findings:#?}");
    assert_eq!(end.identity.as_ref().unwrap().subject, subject);
}

/// The stable names of everything that was off.
pub(crate) fn finding_codes(end: &LoginEnd) -> Vec<&str> {
    end.steps.iter().flat_map(|step| &step.findings).map(|finding| finding.code.as_str()).collect()
}

/// Why a login ended otherwise, and in which words.
#[track_caller]
pub(crate) fn ending(end: &LoginEnd) -> (EndReason, &str) {
    match &end.outcome {
        Outcome::Ended(ending) => (ending.reason, &ending.sentence),
        other => panic!("it ended with {other:?}"),
    }
}
