//! A login at Chaster's twin with an RS256 ID token, every rule on, beside the same three requests and one signature verified.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use gatewright_benches::visit::ask;
use gatewright_benches::{Goal, Measurement, in_turns, milliseconds_since};
use gatewright_engine::log_in;
use gatewright_engine::login::{ClientSecret, LoginPlan, TIME_LIMIT};
use gatewright_engine::ports::{Arrival, PortFuture, Ports, UserAgent, Visit, VisitError};
use gatewright_engine::progress::Progress;
use gatewright_engine::system::{SystemClock, SystemEntropy};
use gatewright_engine::transport::{HttpTransport, Limits, NearbyHosts};
use gatewright_model::run::Browser;
use gatewright_model::{Environment, Outcome, ProtocolSettings, Provider};
use gatewright_protocol::RedirectUri;
use gatewright_sandbox::{AppForm, Sandbox, SandboxHandle, SandboxOptions, Twin};
use tokio_util::sync::CancellationToken;

use crate::floor::Floor;

/// Logins of each side before it counts; the first also fetches metadata and keys.
const WARM_UP: usize = 20;
const REDIRECT_URI: &str = "https://app.example.org/callback";

/// Measures the logins of both sides in turns.
pub(crate) async fn measure(count: usize) -> Result<()> {
    let options = SandboxOptions { auto_approve: Some("theo".to_owned()), ..SandboxOptions::default() };
    let sandbox = Sandbox::start(options).await?;
    let plan = plan(&sandbox).await?;
    let ports = ports(Arc::new(Quick));
    let floor = Floor::new(&sandbox, &plan).await?;
    let mut sample = async |is_ours| {
        let start = Instant::now();
        if is_ours {
            walk(&plan, &ports).await?;
        } else {
            floor.log_in().await?;
        }
        Ok(milliseconds_since(start))
    };
    in_turns(WARM_UP, &mut sample).await?;
    let samples = in_turns(count, &mut sample).await?;
    sandbox.stop().await;
    Measurement::of_medians("engine.openid", "ms", Goal::RatioAtMost(1.3), samples).print()
}

/// A client of Chaster's twin that asks for an ID token.
async fn plan(sandbox: &SandboxHandle) -> Result<LoginPlan> {
    let form = AppForm { name: "Measured login".to_owned(), redirect_uris: vec![REDIRECT_URI.to_owned()] };
    let created = sandbox.create_app(Twin::Chaster, "olivia", form).await?;
    let provider = Provider::built_in().into_iter().find(|one| one.id.as_str() == "chaster").context("no Chaster")?;
    Ok(LoginPlan {
        bases: provider.bases(Environment::Sandbox, Some(sandbox.origin())),
        client_id: created.app.client_id,
        client_secret: Some(ClientSecret { value: created.secret, version: 1 }),
        settings: ProtocolSettings::default(),
        redirect_uri: RedirectUri::parse(REDIRECT_URI)?,
        scopes: vec!["openid".to_owned(), "profile".to_owned()],
        browser: Browser::Embedded,
        time_limit: TIME_LIMIT,
        expected_person: None,
        provider,
    })
}

/// The engine's ports, with real HTTP.
pub(crate) fn ports(user_agent: Arc<dyn UserAgent>) -> Ports {
    Ports {
        transport: Arc::new(HttpTransport::new(Limits::default(), NearbyHosts::default())),
        user_agent,
        clock: Arc::new(SystemClock::default()),
        entropy: Arc::new(SystemEntropy),
        issuers: Arc::default(),
        spent_states: Arc::default(),
    }
}

async fn walk(plan: &LoginPlan, ports: &Ports) -> Result<()> {
    let (progress, mut reports) = Progress::channel();
    let recording = async {
        while let Some(report) = reports.recv().await {
            report.acknowledge();
        }
    };
    let login = async {
        let end = log_in(plan, ports, &progress, &CancellationToken::new()).await;
        drop(progress);
        end
    };
    let (end, ()) = tokio::join!(login, recording);
    let end = end?;
    ensure!(matches!(end.outcome, Outcome::LoggedIn { .. }), "the login ended as {:?}", end.outcome);
    ensure!(
        end.steps.iter().any(|step| step.kind == gatewright_model::run::StepKind::IdToken),
        "no ID token was judged"
    );
    Ok(())
}

/// The person is signed in and has agreed: the first answer is the callback.
struct Quick;

impl UserAgent for Quick {
    fn visit(&self, visit: Visit) -> PortFuture<'_, Result<Arrival, VisitError>> {
        Box::pin(async move {
            let unreachable = |why: anyhow::Error| VisitError::PageUnreachable {
                host: "the sandbox".to_owned(),
                why: why.to_string(),
            };
            ask(&visit.authorization_url).await.map(Arrival::at).map_err(unreachable)
        })
    }
}
