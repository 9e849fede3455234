//! A server of somebody else, and our engine in front of it.

use std::sync::Arc;
use std::time::Duration;

use gatewright_engine::discovery::{Discovery, discover};
use gatewright_engine::issuers::IssuerDirectory;
use gatewright_engine::log_in;
use gatewright_engine::login::{ClientSecret, LoginEnd, LoginPlan};
use gatewright_engine::ports::{Ports, Transport as _};
use gatewright_engine::progress::Progress;
use gatewright_engine::system::{SystemClock, SystemEntropy};
use gatewright_engine::transport::HttpTransport;
use gatewright_model::dialect::ClientAuthentication;
use gatewright_model::run::{Browser, EndReason, Outcome};
use gatewright_model::{Environment, ProtocolSettings, Provider, ProviderId};
use gatewright_protocol::http::{HttpRequest, HttpResponse, Method};
use gatewright_protocol::metadata::Issuer;
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

/// A peer, what the engine has discovered of it, and everything a login there needs.
pub(crate) struct Stage {
    pub(crate) peer: Peer,
    /// Made of the peer's own documents, as a user's provider is.
    pub(crate) provider: Provider,
    pub(crate) discovery: Discovery,
    transport: Arc<HttpTransport>,
    issuers: Arc<IssuerDirectory>,
}

impl Stage {
    /// A stage with oidc-provider.
    pub(crate) async fn oidc_provider() -> Self {
        Self::with(Peer::oidc_provider().await.unwrap()).await
    }

    /// A stage with django-oauth-toolkit.
    pub(crate) async fn django_toolkit() -> Self {
        Self::with(Peer::django_toolkit().await.unwrap()).await
    }

    async fn with(peer: Peer) -> Self {
        let (transport, issuers) = (Arc::default(), Arc::default());
        let nobody = Arc::new(Person::new(peer.account(), Decision::Decline));
        let ports = ports(&transport, &issuers, nobody);
        let issuer = Issuer::parse(peer.issuer()).unwrap();
        let discovery = discover(&issuer, &ports, &CancellationToken::new()).await;
        let metadata = &discovery.result.as_ref().unwrap().metadata;
        let provider = Provider::discovered(ProviderId::new("peer"), "Peer", metadata);
        Self { peer, provider, discovery, transport, issuers }
    }

    /// Somebody with an account there.
    pub(crate) fn person(&self, decision: Decision) -> Arc<Person> {
        Arc::new(Person::new(self.peer.account(), decision))
    }

    /// The engine's ports, with this person at the browser.
    pub(crate) fn ports(&self, person: Arc<Person>) -> Ports {
        ports(&self.transport, &self.issuers, person)
    }

    /// The plan of a login by a client of the peer.
    pub(crate) fn plan(&self, client: &str, authentication: ClientAuthentication) -> LoginPlan {
        let client = self.peer.client(client);
        let secret = match authentication {
            ClientAuthentication::PrivateKeyJwt => self.peer.assertion_key(),
            _ => client.secret.as_deref(),
        };
        LoginPlan {
            provider: self.provider.clone(),
            bases: self.provider.bases(Environment::Production, None),
            client_id: ClientId::parse(&client.id, ClientIdKind::Text).unwrap(),
            client_secret: secret.map(|secret| ClientSecret { value: Secret::new(secret), version: 1 }),
            settings: ProtocolSettings {
                client_authentication: Some(authentication),
                post_logout_redirect_uri: Some(POST_LOGOUT_REDIRECT_URI.to_owned()),
                ..ProtocolSettings::default()
            },
            redirect_uri: RedirectUri::parse(REDIRECT_URI).unwrap(),
            scopes: ["openid", "profile", "email"].map(str::to_owned).to_vec(),
            browser: Browser::Embedded,
            time_limit: Duration::from_mins(1),
            expected_person: None,
        }
    }

    /// The plan of a login by a client that proves itself by HTTP Basic, whoever has registered it.
    pub(crate) fn plan_of(&self, client_id: &str, secret: Option<ClientSecret>) -> LoginPlan {
        let known = if self.peer.issuer().ends_with("/o") { "confidential" } else { "basic" };
        LoginPlan {
            client_id: ClientId::parse(client_id, ClientIdKind::Text).unwrap(),
            client_secret: secret,
            ..self.plan(known, ClientAuthentication::Basic)
        }
    }

    /// Walks a login with the engine.
    pub(crate) async fn log_in(&self, plan: &LoginPlan, person: Arc<Person>) -> LoginEnd {
        let ports = self.ports(person);
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

fn ports(transport: &Arc<HttpTransport>, issuers: &Arc<IssuerDirectory>, person: Arc<Person>) -> Ports {
    Ports {
        transport: Arc::clone(transport) as _,
        user_agent: person,
        clock: Arc::new(SystemClock::default()),
        entropy: Arc::new(SystemEntropy),
        issuers: Arc::clone(issuers),
        spent_states: Arc::default(),
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
