//! The record of a login's requests and answers, which others get to read.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use gatewright_engine::log_in;
use gatewright_engine::login::{ClientSecret, LoginEnd, LoginPlan, TIME_LIMIT, TokenKind};
use gatewright_engine::ports::{Arrival, PortFuture, Ports, SendError, Transport, UserAgent, Visit, VisitError};
use gatewright_engine::progress::{Event, Progress};
use gatewright_model::run::{Browser, Step};
use gatewright_model::{Environment, ProtocolSettings, Provider};
use gatewright_protocol::http::{HttpRequest, HttpResponse};
use gatewright_protocol::{ClientId, RedirectUri};
use gatewright_testkit::{Canary, FakeClock, SeededEntropy};
use tokio::runtime::{Builder, Runtime};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::answer::answer;
use crate::input::Input;

const REDIRECT_URI: &str = "https://app.example/callback";

/// Providers with different ways to answer; none needs to be asked for its metadata first.
const PROVIDERS: [&str; 4] = ["chattz", "chattr", "gitter", "contentdb"];

/// What stands between the answer of the token endpoint and that of the identity endpoint.
const BETWEEN: &str = "\n===\n";

/// No secret of a login is in what is recorded of it, wherever the server repeats it, and the record comes back from JSON as it was.
///
/// The choice: the provider, then as for an answer. A line with the query of the callback, in which `{state}` and `{code}` stand for
/// the real ones, encoded; the answer of the token endpoint; `===`; the answer of the identity endpoint. In both `{code}`, `{state}`,
/// `{secret}` and `{token}` stand for secrets.
pub fn exchange_record(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let plan = input.choose(plans());
    let Some(query) = input.line() else { return };
    let secrets = Secrets::default();
    let query = secrets.put_into_query(query);
    let text = String::from_utf8_lossy(input.rest());
    let (token, identity) = text.split_once(BETWEEN).unwrap_or((&text, ""));
    let transport = Script {
        token: secrets.put_into_answer(answer(&mut Input::new(token.as_bytes()))),
        identity: secrets.put_into_answer(answer(&mut Input::new(identity.as_bytes()))),
        is_token_answered: AtomicBool::new(false),
    };
    let (end, events) = walk(&plan, transport, query);
    let printed = serde_json::to_string(&end.steps).unwrap();
    let read: Vec<Step> = serde_json::from_str(&printed).unwrap();
    assert_eq!(read, end.steps, "the record came back otherwise");
    let recorded = serde_json::to_string(&(&end.steps, &end.outcome, &end.identity, &end.tokens)).unwrap();
    secrets.are_not_in(&recorded, &end);
    secrets.are_not_in(&format!("{end:?} {events:?}"), &end);
}

/// What a server of this target may repeat.
struct Secrets {
    code: Canary,
    client_secret: Canary,
    token: Canary,
}

impl Default for Secrets {
    fn default() -> Self {
        Self { code: Canary::new("code"), client_secret: Canary::new("secret"), token: Canary::new("token") }
    }
}

impl Secrets {
    fn put_into(&self, text: &str) -> String {
        text.replace("{code}", self.code.as_str())
            .replace("{secret}", self.client_secret.as_str())
            .replace("{token}", self.token.as_str())
    }

    fn put_into_query(&self, query: &str) -> String {
        let encoded = |secret: &Canary| form_urlencoded::byte_serialize(secret.as_str().as_bytes()).collect::<String>();
        query.replace("{code}", &encoded(&self.code)).replace("{secret}", &encoded(&self.client_secret))
    }

    fn put_into_answer(&self, answer: HttpResponse) -> HttpResponse {
        let headers = answer.headers.into_iter().map(|(name, value)| (name, self.put_into(&value))).collect();
        HttpResponse { headers, body: self.put_into(&String::from_utf8_lossy(&answer.body)).into_bytes(), ..answer }
    }

    #[track_caller]
    fn are_not_in(&self, record: &str, end: &LoginEnd) {
        let mut secrets = vec![&self.code, &self.client_secret];
        // Until it is taken as a token it is a text like any other.
        if end.to_seal.iter().any(|(kind, token)| *kind == TokenKind::Access && token.matches(self.token.as_str())) {
            secrets.push(&self.token);
        }
        for secret in secrets {
            let traces = secret.traces_in(record.as_bytes());
            assert!(traces.is_empty(), "{} stands there {traces:?}: {record}", secret.as_str());
        }
    }
}

/// A server whose answers are ready.
struct Script {
    token: HttpResponse,
    identity: HttpResponse,
    is_token_answered: AtomicBool,
}

impl Transport for Script {
    fn send<'a>(&'a self, _: &'a HttpRequest) -> PortFuture<'a, Result<HttpResponse, SendError>> {
        let is_later = self.is_token_answered.swap(true, Ordering::Relaxed);
        let answer = if is_later { &self.identity } else { &self.token };
        Box::pin(std::future::ready(Ok(answer.clone())))
    }
}

/// A browser that comes back at once with this query.
struct ComesBack(String);

impl UserAgent for ComesBack {
    fn visit(&self, visit: Visit) -> PortFuture<'_, Result<Arrival, VisitError>> {
        let state = visit.authorization_url.query_pairs().find(|(name, _)| name == "state");
        let query = self.0.replace("{state}", state.as_ref().map_or("", |(_, value)| value));
        let callback = Url::parse(&format!("{REDIRECT_URI}?{query}")).unwrap();
        Box::pin(std::future::ready(Ok(Arrival::at(callback))))
    }
}

fn walk(plan: &LoginPlan, server: Script, query: String) -> (LoginEnd, Vec<Event>) {
    thread_local! {
        static RUNTIME: Runtime = Builder::new_current_thread().build().unwrap();
    }
    let ports = Ports {
        transport: Arc::new(server),
        user_agent: Arc::new(ComesBack(query)),
        clock: Arc::new(FakeClock::default()),
        entropy: Arc::new(SeededEntropy::new(7)),
        issuers: Arc::default(),
        spent_states: Arc::default(),
    };
    let (progress, mut reports) = Progress::channel();
    let login = async move {
        // Moved in, so that the reports end with the login.
        let progress = progress;
        log_in(plan, &ports, &progress, &CancellationToken::new()).await.unwrap()
    };
    let recording = async {
        let mut events = Vec::new();
        while let Some(report) = reports.recv().await {
            events.push(report.event.clone());
            report.acknowledge();
        }
        events
    };
    RUNTIME.with(|runtime| runtime.block_on(async { tokio::join!(login, recording) }))
}

fn plans() -> &'static [LoginPlan] {
    static PLANS: OnceLock<Vec<LoginPlan>> = OnceLock::new();
    PLANS.get_or_init(|| PROVIDERS.iter().map(|id| plan(id)).collect())
}

fn plan(id: &str) -> LoginPlan {
    let provider = Provider::built_in().into_iter().find(|known| known.id.as_str() == id).unwrap();
    LoginPlan {
        bases: provider.bases(Environment::Sandbox, Some("http://127.0.0.1:9")),
        client_id: ClientId::parse("7", provider.client_form.client_id.value).unwrap(),
        client_secret: Some(ClientSecret { value: Canary::new("secret").secret(), version: 1 }),
        settings: ProtocolSettings::default(),
        redirect_uri: RedirectUri::parse(REDIRECT_URI).unwrap(),
        scopes: provider.dialect.authorization.default_scopes.value.clone(),
        browser: Browser::Embedded,
        time_limit: TIME_LIMIT,
        provider,
    }
}
