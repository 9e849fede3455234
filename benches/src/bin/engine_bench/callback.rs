//! From the browser's request to the listener until the token request leaves.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use gatewright_benches::load::Connection;
use gatewright_benches::{Goal, Measurement, Point, in_turns, milliseconds_since};
use gatewright_engine::log_in;
use gatewright_engine::login::{ClientSecret, LoginPlan, TIME_LIMIT};
use gatewright_engine::ports::{
    Arrival, Judgement, PortFuture, Ports, SendError, Transport, UserAgent, Visit, VisitError,
};
use gatewright_engine::progress::Progress;
use gatewright_loopback::Listener;
use gatewright_model::run::Browser;
use gatewright_model::{Environment, ProtocolSettings, Provider};
use gatewright_protocol::http::{HttpRequest, HttpResponse};
use gatewright_protocol::{ClientId, RedirectUri, Secret};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::{Position, Url};

use crate::openid::ports;

/// Measures the way of `count` callbacks, each in a login of its own.
pub(crate) async fn measure(count: usize) -> Result<()> {
    let samples = in_turns(count, async |is_ours| if is_ours { one_callback().await } else { one_request().await });
    let (ours, floor) = samples.await?;
    let measured = Measurement {
        name: "engine.callback",
        unit: "ms",
        ours,
        floor,
        goal: Goal::AtMost(5.0),
        points: &[Point::P99],
    };
    measured.print()
}

/// The floor: from a browser's request until somebody has read it who believes everything.
async fn one_request() -> Result<f64> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let callback = Url::parse(&format!("http://{}/callback?code=a-code&state=a-state", listener.local_addr()?))?;
    let times = Arc::new(Times::default());
    let sending = Arc::clone(&times);
    let browser = tokio::spawn(async move { deliver(&callback, &sending).await });
    let (mut stream, _) = listener.accept().await?;
    let mut request = vec![0; 4096];
    let read = stream.read(&mut request).await?;
    ensure!(request.starts_with(b"GET /callback?") && read > 0, "something else came");
    times.arrived();
    drop(stream);
    // Nobody answers it.
    let _unanswered = browser.await?;
    times.between()
}

async fn one_callback() -> Result<f64> {
    let listener = Listener::bind_any_port(&RedirectUri::parse("http://127.0.0.1:1/callback")?)?;
    let redirect_uri = listener.redirect_uri().clone();
    let times = Arc::new(Times::default());
    let browser = OwnBrowser { listener: Mutex::new(Some(listener)), times: Arc::clone(&times) };
    let ports = Ports { transport: Arc::new(Leaving(Arc::clone(&times))), ..ports(Arc::new(browser)) };
    let (progress, mut reports) = Progress::channel();
    let recording = tokio::spawn(async move {
        while let Some(report) = reports.recv().await {
            report.acknowledge();
        }
    });
    // The token request never arrives: how the login ends does not matter.
    log_in(&plan(redirect_uri)?, &ports, &progress, &CancellationToken::new()).await?;
    drop(progress);
    recording.await?;
    times.between()
}

/// A client of Chattz that comes back to that listener.
fn plan(redirect_uri: RedirectUri) -> Result<LoginPlan> {
    let provider = Provider::built_in().into_iter().find(|one| one.id.as_str() == "chattz").context("no Chattz")?;
    Ok(LoginPlan {
        bases: provider.bases(Environment::Sandbox, Some("http://127.0.0.1:9")),
        client_id: ClientId::Text("measured".to_owned()),
        client_secret: Some(ClientSecret { value: Secret::new("a secret that goes nowhere"), version: 1 }),
        settings: ProtocolSettings::default(),
        redirect_uri,
        scopes: Vec::new(),
        browser: Browser::System,
        time_limit: TIME_LIMIT,
        expected_person: None,
        provider,
    })
}

/// When the browser sent its request, and when the engine sent its own.
#[derive(Default)]
struct Times {
    sent: Mutex<Option<Instant>>,
    milliseconds: Mutex<Option<f64>>,
}

impl Times {
    fn arrived(&self) {
        let sent = *self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        *self.milliseconds.lock().unwrap_or_else(PoisonError::into_inner) = sent.map(milliseconds_since);
    }

    fn between(&self) -> Result<f64> {
        self.milliseconds.lock().unwrap_or_else(PoisonError::into_inner).context("no token request left")
    }
}

/// A transport that notes the time and lets nothing out.
struct Leaving(Arc<Times>);

impl Transport for Leaving {
    fn send<'a>(&'a self, _: &'a HttpRequest) -> PortFuture<'a, Result<HttpResponse, SendError>> {
        self.0.arrived();
        Box::pin(async { Err(SendError::ConnectionRefused { host: "127.0.0.1:9".to_owned() }) })
    }
}

/// A browser that was sent back at once.
struct OwnBrowser {
    listener: Mutex<Option<Listener>>,
    times: Arc<Times>,
}

impl UserAgent for OwnBrowser {
    fn visit(&self, visit: Visit) -> PortFuture<'_, Result<Arrival, VisitError>> {
        Box::pin(async move {
            let failed = |why: String| VisitError::ListenerFailed { why };
            let listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner).take();
            let mut listener = listener.ok_or_else(|| failed("there was a visit already".to_owned()))?;
            let address = callback_of(&visit).map_err(|cause| failed(cause.to_string()))?;
            let times = Arc::clone(&self.times);
            let browser = tokio::spawn(async move { deliver(&address, &times).await });
            let callback = listener.next_callback().await.ok_or_else(|| failed("the port broke".to_owned()))?;
            let arrived = match (visit.judge)(callback.url()) {
                Judgement::Accept => Arrival::at(callback.accept()),
                Judgement::Ignore | Judgement::Doubtful => {
                    return Err(failed("the callback was not believed".to_owned()));
                }
            };
            // The browser reads its page by itself.
            drop(browser);
            Ok(arrived)
        })
    }
}

/// The callback that a server would send this visit's browser to.
fn callback_of(visit: &Visit) -> Result<Url> {
    let state = visit.authorization_url.query_pairs().find(|(name, _)| name == "state").context("no state was sent")?;
    let mut callback = Url::parse(visit.redirect_uri.as_str())?;
    callback.query_pairs_mut().append_pair("code", "a-code-that-is-never-redeemed").append_pair("state", &state.1);
    Ok(callback)
}

async fn deliver(callback: &Url, times: &Times) -> Result<()> {
    let address: SocketAddr = callback.socket_addrs(|| None)?.first().copied().context("no address")?;
    let mut connection = Connection::open(address).await?;
    *times.sent.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    let answer = connection.get(&callback[Position::BeforePath..], None).await?;
    ensure!(answer.expect(303).is_ok(), "the listener did not take the callback");
    Ok(())
}
