//! A sandbox that misbehaves, an app at one of its twins, and the engine that logs in there.

use std::cell::RefCell;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use gatewright_engine::issuers::IssuerDirectory;
use gatewright_engine::log_in;
use gatewright_engine::login::{ClientSecret, LoginPlan, TIME_LIMIT};
use gatewright_engine::ports::{Ports, UserAgent};
use gatewright_engine::progress::Progress;
use gatewright_engine::spent_states::SpentStates;
use gatewright_engine::system::SystemEntropy;
use gatewright_engine::transport::{HttpTransport, Limits, NearbyHosts};
use gatewright_loopback::Listener;
use gatewright_model::run::Browser as BrowserMode;
use gatewright_model::{Environment, ProtocolSettings, Provider};
use gatewright_protocol::{ClientId, RedirectUri, Secret};
use gatewright_sandbox::{AppForm, FaultRule, FaultTiming, Sandbox, SandboxHandle, SandboxOptions, Twin};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::always::Debts;
use crate::browser::Browser;
use crate::clock::SharedClock;
use crate::person::{LoginView, OwnBrowser};
use crate::proof::Proof;
use crate::witness::{Log, Secrets, Witness};

/// The person of every login: the owner of the app, so that ContentDB lets her in without the staff's approval.
const PERSON: &str = "olivia";

/// Longer than a busy machine takes for an answer, and short enough to wait for one that does not come.
pub(crate) const LITTLE_PATIENCE: Duration = Duration::from_secs(2);

/// Where a login view catches callbacks. Nothing listens there, and nothing is ever sent there.
const CAUGHT_AT: &str = "http://127.0.0.1:9/callback";

/// Everything one proof is made of. Its fields are free to be changed before a login.
pub(crate) struct Stage {
    pub(crate) sandbox: SandboxHandle,
    pub(crate) twin: Twin,
    pub(crate) plan: LoginPlan,
    pub(crate) clock: SharedClock,
    cancel: RefCell<CancellationToken>,
    pub(crate) limits: Limits,
    pub(crate) issuers: Arc<IssuerDirectory>,
    pub(crate) spent_states: Arc<SpentStates>,
    pub(crate) browser: Arc<Browser>,
    /// How often a person with a browser of their own begins anew.
    pub(crate) tries: usize,
    pub(crate) secrets: Secrets,
    /// What has to be looked at before the proof is over.
    pub(crate) debts: Debts,
    listener: Mutex<Option<Listener>>,
    log: Log,
    _logging: tracing::subscriber::DefaultGuard,
}

impl Stage {
    /// A login view at a twin.
    pub(crate) async fn at(twin: Twin) -> Self {
        Self::with(twin, RedirectUri::parse(CAUGHT_AT).unwrap(), None).await
    }

    /// A browser of the person's own, and a listener for the callback.
    pub(crate) async fn listening_at(twin: Twin) -> Self {
        let listener = Listener::bind_any_port(&RedirectUri::parse("http://127.0.0.1:1/callback").unwrap()).unwrap();
        let redirect_uri = listener.redirect_uri().clone();
        Self::with(twin, redirect_uri, Some(listener)).await
    }

    async fn with(twin: Twin, redirect_uri: RedirectUri, listener: Option<Listener>) -> Self {
        let log = Log::default();
        let logging =
            tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false).with_writer(log.clone());
        let logging = logging.finish().set_default();
        let clock = SharedClock::default();
        let options = SandboxOptions { clock: Arc::new(clock.clone()), ..SandboxOptions::default() };
        let sandbox = Sandbox::start(options).await.unwrap();
        let secrets = Secrets::default();
        let plan = plan(&sandbox, twin, redirect_uri, &secrets).await;
        Self {
            sandbox,
            twin,
            plan,
            clock,
            cancel: RefCell::default(),
            limits: Limits::default(),
            issuers: Arc::default(),
            spent_states: Arc::default(),
            browser: Arc::new(Browser::of(PERSON, &secrets)),
            tries: 1,
            secrets,
            debts: Debts::default(),
            listener: Mutex::new(listener),
            log,
            _logging: logging,
        }
    }

    /// Puts a fault in force: "AZ-02", or "AZ-03:same" with a variant.
    pub(crate) fn fault(self, fault: &str) -> Self {
        let rule = rule(self.twin, fault);
        self.rule(rule)
    }

    /// Puts a fault in force for its first opportunity only.
    pub(crate) fn fault_once(self, fault: &str) -> Self {
        let rule = FaultRule { when: FaultTiming::First(1), ..rule(self.twin, fault) };
        self.rule(rule)
    }

    /// Puts a rule in force.
    pub(crate) fn rule(self, rule: FaultRule) -> Self {
        self.put_in_force(rule);
        self
    }

    /// The same, on the way.
    pub(crate) fn put_in_force(&self, rule: FaultRule) {
        self.debts.expect(&rule);
        self.sandbox.set_faults(vec![rule]).unwrap();
    }

    /// Registers an app with the same redirect URI at another twin as well.
    pub(crate) async fn register_an_app_at(&self, twin: Twin) {
        self.register_an_app_with(twin, self.plan.redirect_uri.clone()).await;
    }

    /// The same with a redirect URI of its own.
    pub(crate) async fn register_an_app_with(&self, twin: Twin, redirect_uri: RedirectUri) {
        plan(&self.sandbox, twin, redirect_uri, &self.secrets).await;
    }

    /// Lets the engine wait this long for a server and no longer: [`LITTLE_PATIENCE`] where the server never answers anyway.
    pub(crate) fn patience(mut self, total: Duration) -> Self {
        self.limits = Limits { total, head: total, ..Limits::default() };
        self
    }

    /// Walks a login to its end.
    pub(crate) async fn log_in(&self) -> Proof<'_> {
        let listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(listener) = listener else {
            return self.log_in_through(Arc::new(LoginView(Arc::clone(&self.browser)))).await;
        };
        let own = Arc::new(OwnBrowser::new(Arc::clone(&self.browser), self.clock.clone(), self.tries, listener));
        let proof = self.log_in_through(Arc::clone(&own) as _).await;
        own.is_done().await;
        proof.with_everything_since()
    }

    /// Walks a login with this user agent.
    pub(crate) async fn log_in_through(&self, user_agent: Arc<dyn UserAgent>) -> Proof<'_> {
        let began = self.sandbox.recent_requests().last().map_or(0, |entry| entry.sequence);
        let injected = self.sandbox.injections().last().map_or(0, |injection| injection.sequence);
        let (progress, mut reports) = Progress::channel();
        let recording = tokio::spawn(async move {
            let mut events = Vec::new();
            while let Some(report) = reports.recv().await {
                events.push(report.event.clone());
                report.acknowledge();
            }
            events
        });
        // In boxes, because every test holds this future several times.
        let plan = Box::new(self.plan_of_now());
        let end = Box::pin(log_in(&plan, &self.ports(user_agent), &progress, &self.cancel())).await.unwrap();
        drop(progress);
        let events = recording.await.unwrap();
        Proof::new(self, end, events, began, injected)
    }

    /// The plan with the token endpoint where the sandbox has it now: a fault of its certificate puts it elsewhere.
    pub(crate) fn plan_of_now(&self) -> LoginPlan {
        let mut plan = self.plan.clone();
        let token = self.sandbox.token_origin(self.twin);
        plan.bases.token = token.map(|origin| plan.provider.bases(Environment::Sandbox, Some(&origin)).authorization);
        plan
    }

    /// The engine's ports on this stage, for a login or for what is done with its tokens.
    pub(crate) fn ports(&self, user_agent: Arc<dyn UserAgent>) -> Ports {
        let transport = HttpTransport::new(self.limits, NearbyHosts::default());
        Ports {
            transport: Arc::new(Witness { transport, secrets: self.secrets.clone() }),
            user_agent,
            clock: Arc::new(self.clock.clone()),
            entropy: Arc::new(SystemEntropy),
            issuers: Arc::clone(&self.issuers),
            spent_states: Arc::clone(&self.spent_states),
        }
    }

    /// Once the faults are over and the plan is mended, the app logs in. In a box, because a stage is large.
    pub(crate) fn works_with(mut self, mend: fn(&mut LoginPlan)) -> Pin<Box<dyn Future<Output = ()>>> {
        mend(&mut self.plan);
        self.sandbox.clear_faults();
        Box::pin(async move { _ = self.log_in().await.logs_in().requests_of("token", 1).leaks_nothing() })
    }

    /// Stops what is under way.
    pub(crate) fn stop(&self) {
        self.cancel().cancel();
    }

    /// What is stopped is over; what comes next goes on.
    pub(crate) fn go_on(&self) {
        self.cancel.replace(CancellationToken::new());
    }

    /// By what the person stops what is under way.
    pub(crate) fn cancel(&self) -> CancellationToken {
        self.cancel.borrow().clone()
    }

    /// Waits until a fault has happened.
    pub(crate) async fn until_fired(&self) {
        while self.sandbox.injections().is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Everything that was logged so far.
    pub(crate) fn log(&self) -> String {
        self.log.text()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.debts.are_paid(&self.sandbox.injections());
        }
    }
}

/// The rule for a fault at each opportunity.
pub(crate) fn rule(twin: Twin, fault: &str) -> FaultRule {
    match fault.split_once(':') {
        Some((fault, variant)) => FaultRule::always(fault, twin).with_variant(variant),
        None => FaultRule::always(fault, twin),
    }
}

/// Registers an app and plans a login by its built-in profile.
async fn plan(sandbox: &SandboxHandle, twin: Twin, redirect_uri: RedirectUri, secrets: &Secrets) -> LoginPlan {
    let form = AppForm { name: "Proof".to_owned(), redirect_uris: vec![redirect_uri.as_str().to_owned()] };
    let created = sandbox.create_app(twin, PERSON, form).await.unwrap();
    secrets.add(created.secret.expose());
    plan_at(sandbox.origin(), twin, created.app.client_id, created.secret, redirect_uri)
}

/// A login with a client that is registered at a twin of the sandbox at this address.
pub(crate) fn plan_at(origin: &str, twin: Twin, id: ClientId, secret: Secret, redirect_uri: RedirectUri) -> LoginPlan {
    let provider = Provider::built_in().into_iter().find(|known| known.id.as_str() == twin.id()).unwrap();
    LoginPlan {
        bases: provider.bases(Environment::Sandbox, Some(origin)),
        client_id: id,
        client_secret: Some(ClientSecret { value: secret, version: 1 }),
        settings: ProtocolSettings::default(),
        redirect_uri,
        scopes: provider.dialect.authorization.default_scopes.value.clone(),
        browser: BrowserMode::Embedded,
        time_limit: TIME_LIMIT,
        expected_person: None,
        provider,
    }
}
