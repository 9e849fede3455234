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
use gatewright_protocol::{ClientId, RedirectUri, Secret};
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
    let is_code_there =
        form_urlencoded::parse(query.as_bytes()).any(|pair| pair == ("code".into(), secrets.code.as_str().into()));
    let (end, events) = walk(&plan, transport, query);
    let printed = serde_json::to_string(&end.steps).unwrap();
    let read: Vec<Step> = serde_json::from_str(&printed).unwrap();
    assert_eq!(read, end.steps, "the record came back otherwise");
    let recorded = serde_json::to_string(&(&end.steps, &end.outcome, &end.identity, &end.tokens)).unwrap();
    let mut there = vec![&secrets.client_secret];
    // Until they are taken as what they are they are texts like any other.
    there.extend(is_code_there.then_some(&secrets.code));
    there.extend(secrets.is_token_of(&end).then_some(&secrets.token));
    for secret in there {
        is_not_in(secret, &recorded);
        is_not_in(secret, &format!("{end:?} {events:?}"));
    }
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
        query.replace("{code}", &in_url(&self.code)).replace("{secret}", &in_url(&self.client_secret))
    }

    fn put_into_answer(&self, answer: HttpResponse) -> HttpResponse {
        let headers = answer.headers.into_iter().map(|(name, value)| (name, self.put_into(&value))).collect();
        HttpResponse { headers, body: self.put_into(&String::from_utf8_lossy(&answer.body)).into_bytes(), ..answer }
    }

    fn is_token_of(&self, end: &LoginEnd) -> bool {
        let is_it =
            |(kind, token): &(TokenKind, _)| *kind == TokenKind::Access && Secret::matches(token, self.token.as_str());
        end.to_seal.iter().any(is_it)
    }
}

fn in_url(secret: &Canary) -> String {
    form_urlencoded::byte_serialize(secret.as_str().as_bytes()).collect()
}

#[track_caller]
fn is_not_in(secret: &Canary, record: &str) {
    // As it is and as it stands in a URL; nothing in this target packs it otherwise.
    assert!(
        !record.contains(secret.as_str()) && !record.contains(&in_url(secret)),
        "{} stands in {record}",
        secret.as_str()
    );
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
        expected_person: None,
        provider,
    }
}
