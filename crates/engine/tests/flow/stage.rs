//! The stage of these tests: a scripted provider, a scripted browser, a clock turned by hand.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use gatewright_engine::grant::GrantPlan;
use gatewright_engine::issuers::IssuerDirectory;
use gatewright_engine::log_in;
use gatewright_engine::login::{ClientSecret, LoginEnd, LoginError, LoginPlan, TIME_LIMIT};
use gatewright_engine::ports::{Arrival, PortFuture, Ports, UserAgent, Visit, VisitError};
use gatewright_engine::progress::{Event, Progress};
use gatewright_engine::spent_states::SpentStates;
use gatewright_engine::transport::{HttpTransport, Limits, Lookup, NearbyHosts};
use gatewright_model::run::{Browser, Ending, StepKind};
use gatewright_model::{Environment, Outcome, ProtocolSettings, Provider, Step};
use gatewright_protocol::{ClientId, RedirectUri, Secret};
use gatewright_testkit::{Answer, Canary, FakeClock, RawServer, ReceivedRequest, SeededEntropy};
use tokio_util::sync::CancellationToken;
use url::Url;

pub(crate) const REDIRECT_URI: &str = "https://app.example/callback";

type Walk = dyn Fn(Visit) -> PortFuture<'static, Result<Arrival, VisitError>> + Send + Sync;

/// A browser that does what a test says.
pub(crate) struct ScriptedBrowser(Box<Walk>);

impl UserAgent for ScriptedBrowser {
    fn visit(&self, visit: Visit) -> PortFuture<'_, Result<Arrival, VisitError>> {
        (self.0)(visit)
    }
}

/// A browser whose visits end as the closure says.
pub(crate) fn browser<F>(walk: impl Fn(Visit) -> F + Send + Sync + 'static) -> ScriptedBrowser
where
    F: Future<Output = Result<Arrival, VisitError>> + Send + 'static,
{
    ScriptedBrowser(Box::new(move |visit| Box::pin(walk(visit))))
}

/// A browser that comes back with this query; `{state}` stands for the state that was sent.
pub(crate) fn comes_back_with(query: &str) -> ScriptedBrowser {
    let query = query.to_owned();
    browser(move |visit| {
        let query = query.replace("{state}", &sent(&visit, "state").unwrap_or_default());
        async move { Ok(Arrival::at(Url::parse(&format!("{REDIRECT_URI}{query}")).unwrap())) }
    })
}

/// A parameter of the authorization request.
pub(crate) fn sent(visit: &Visit, name: &str) -> Option<String> {
    visit.authorization_url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// Everything one login of a test is made of.
pub(crate) struct Stage {
    pub(crate) server: RawServer,
    pub(crate) plan: LoginPlan,
    pub(crate) clock: FakeClock,
    pub(crate) cancel: CancellationToken,
    pub(crate) secret: Canary,
    pub(crate) limits: Limits,
    pub(crate) issuers: Arc<IssuerDirectory>,
    pub(crate) spent_states: Arc<SpentStates>,
    pub(crate) lookup: Option<Lookup>,
    /// No two logins have the same state.
    seed: AtomicU64,
}

/// What a login did, and what it told on the way.
pub(crate) struct Walked {
    pub(crate) end: LoginEnd,
    pub(crate) events: Vec<Event>,
}

impl Stage {
    /// A stage for a login at one of the five, answered by `script`.
    pub(crate) async fn at(
        provider: &str,
        script: impl Fn(&ReceivedRequest) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let server = RawServer::start(script).await;
        let provider = Provider::built_in().into_iter().find(|known| known.id.as_str() == provider).unwrap();
        let secret = Canary::new("secret");
        let plan = LoginPlan {
            bases: provider.bases(Environment::Sandbox, Some(&server.origin())),
            client_id: ClientId::parse("7", provider.client_form.client_id.value).unwrap(),
            client_secret: Some(ClientSecret { value: secret.secret(), version: 3 }),
            settings: ProtocolSettings::default(),
            redirect_uri: RedirectUri::parse(REDIRECT_URI).unwrap(),
            scopes: provider.dialect.authorization.default_scopes.value.clone(),
            browser: Browser::Embedded,
            time_limit: TIME_LIMIT,
            expected_person: None,
            provider,
        };
        let (clock, cancel) = (FakeClock::default(), CancellationToken::new());
        Self {
            server,
            plan,
            clock,
            cancel,
            secret,
            limits: Limits::default(),
            issuers: Arc::default(),
            spent_states: Arc::default(),
            lookup: None,
            seed: AtomicU64::new(7),
        }
    }

    pub(crate) fn ports(&self, browser: ScriptedBrowser) -> Ports {
        Ports {
            transport: Arc::new(match &self.lookup {
                Some(lookup) => HttpTransport::looking_up(self.limits, NearbyHosts::default(), Arc::clone(lookup)),
                None => HttpTransport::new(self.limits, NearbyHosts::default()),
            }),
            user_agent: Arc::new(browser),
            clock: Arc::new(self.clock.clone()),
            entropy: Arc::new(SeededEntropy::new(self.seed.fetch_add(1, Ordering::Relaxed))),
            issuers: Arc::clone(&self.issuers),
            spent_states: Arc::clone(&self.spent_states),
        }
    }

    /// What operations on the tokens of this login need.
    pub(crate) fn grant(&self) -> GrantPlan {
        GrantPlan::from(&self.plan)
    }

    /// Walks the login and takes note of everything it tells; `watch` sees each event before it is acknowledged.
    pub(crate) async fn try_walk(
        &self,
        browser: ScriptedBrowser,
        watch: impl Fn(&Event) + Send + 'static,
    ) -> Result<Walked, LoginError> {
        let ports = self.ports(browser);
        let (progress, mut reports) = Progress::channel();
        let events = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&events);
        let listening = tokio::spawn(async move {
            while let Some(report) = reports.recv().await {
                watch(&report.event);
                noted.lock().unwrap().push(report.event.clone());
                report.acknowledge();
            }
        });
        let end = log_in(&self.plan, &ports, &progress, &self.cancel).await;
        drop(progress);
        listening.await.unwrap();
        let events = std::mem::take(&mut *events.lock().unwrap());
        Ok(Walked { end: end?, events })
    }

    pub(crate) async fn walk(&self, browser: ScriptedBrowser) -> Walked {
        self.try_walk(browser, |_| {}).await.unwrap()
    }
}

impl Walked {
    pub(crate) fn step(&self, kind: StepKind) -> &Step {
        self.end.steps.iter().find(|step| step.kind == kind).unwrap()
    }

    pub(crate) fn ending(&self) -> &Ending {
        match &self.end.outcome {
            Outcome::Ended(ending) => ending,
            other => panic!("it ended with {other:?}"),
        }
    }

    pub(crate) fn subject(&self) -> &str {
        &self.end.identity.as_ref().unwrap_or_else(|| panic!("no identity: {:?}", self.end.outcome)).subject
    }

    /// Codes of every finding, in order.
    pub(crate) fn findings(&self) -> Vec<&str> {
        self.end.steps.iter().flat_map(|step| &step.findings).map(|finding| finding.code.as_str()).collect()
    }

    /// Everything that would be recorded, as JSON.
    pub(crate) fn record(&self) -> String {
        serde_json::to_string(&(&self.end.steps, &self.end.outcome, &self.end.identity, &self.end.tokens)).unwrap()
    }
}

/// A secret to reckon with in every answer of the server.
pub(crate) fn token() -> Canary {
    Canary::new("token")
}

/// A JSON token response as most providers send it.
pub(crate) fn tokens() -> Answer {
    let body = serde_json::json!({"access_token": token().as_str(), "token_type": "Bearer", "expires_in": 3600});
    Answer::json(200, body.to_string())
}

/// A whole, well-behaved Chattz.
pub(crate) fn chattz(request: &ReceivedRequest) -> Answer {
    match request.target.as_str() {
        "/chattz/oauth/token" => tokens(),
        "/chattz/oauth/userinfo" => Answer::json(200, r#"{"id":123,"username":"ada","email":"ada@example.com"}"#),
        other => Answer::labelled(404, "text/html", format!("<h1>No {other}</h1>")),
    }
}

/// The value of a form field in a request body.
pub(crate) fn field(request: &ReceivedRequest, name: &str) -> Option<String> {
    url::form_urlencoded::parse(request.body.as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// A secret's text, for a comparison in a test.
pub(crate) fn text(secret: &Secret) -> String {
    secret.expose().to_owned()
}
