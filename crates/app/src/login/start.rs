//! Starting a login: what it needs is looked up first, so that what cannot work is refused before anything is recorded.

use std::sync::Arc;
use std::time::Duration;

use gatewright_contract::login::LoginStart;
use gatewright_contract::run::RunRef;
use gatewright_contract::{Failure, FailureCode};
use gatewright_engine::grant::GrantPlan;
use gatewright_engine::login::{ExpectedPerson, LoginError, LoginPlan, log_in};
use gatewright_engine::ports::{Ports, UserAgent};
use gatewright_engine::progress::Progress;
use gatewright_language::Language;
use gatewright_model::client::SecretDestination;
use gatewright_model::run::{Browser, EndReason, Ending};
use gatewright_model::{Client, Outcome, Provider, Run, RunId, SecretVersion, TestUser};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::agents::{Announcing, PasteAgent};
use super::listening::{LoginView, SystemBrowser};
use super::redirect::redirect_uri;
use crate::App;
use crate::desktop::{ViewStorage, ViewTitle};
use crate::live::LiveRun;
use crate::recorder::stand_back;
use crate::runs::model_browser;
use crate::show::run::LiveStanding;
use crate::walks::Twist;

impl App {
    /// Starts a login and returns as soon as it is recorded; the rest goes on by itself.
    pub(crate) async fn start_login(&self, request: LoginStart) -> Result<RunRef, Failure> {
        let (client, provider, version) = self.client_with_version(&request.client).await?;
        Box::pin(self.start_login_with(client, &provider, version, request, Twist::default())).await
    }

    /// Starts a login for a scenario of a consent walk, with whatever is done to it there.
    pub(crate) async fn start_twisted_login(&self, request: LoginStart, twist: Twist) -> Result<RunRef, Failure> {
        let (client, provider, version) = self.client_with_version(&request.client).await?;
        Box::pin(self.start_login_with(client, &provider, version, request, twist)).await
    }

    /// Starts a login with a version of a client's secret that is to be proved.
    pub(crate) async fn start_login_as(
        &self,
        client: Client,
        provider: &Arc<Provider>,
        version: u32,
        request: LoginStart,
    ) -> Result<RunRef, Failure> {
        let version = Some(self.version_row(&client, version).await?);
        Box::pin(self.start_login_with(client, provider, version, request, Twist::default())).await
    }

    async fn start_login_with(
        &self,
        client: Client,
        provider: &Arc<Provider>,
        version: Option<SecretVersion>,
        request: LoginStart,
        twist: Twist,
    ) -> Result<RunRef, Failure> {
        let browser = model_browser(request.browser);
        let meant = self.test_user_for(&client, request.test_user.as_deref()).await?;
        let plan = self.plan(&client, provider, version.as_ref(), browser, &request).await?;
        let expected_person = meant.as_ref().and_then(expected_person);
        let plan = LoginPlan { expected_person, time_limit: plan.time_limit + twist.hold, ..plan };
        let run = Run {
            id: RunId::new(self.new_id()?),
            client: client.id.clone(),
            client_name: client.name.clone(),
            provider: provider.id.clone(),
            environment: client.environment,
            browser,
            meant: meant.as_ref().map(TestUser::meant),
            started_at: self.now(),
            duration_ms: None,
            person_ms: None,
            outcome: Outcome::Running,
            identity: None,
            tokens: None,
        };
        let id = run.id.clone();
        let paste = (browser == Browser::Paste).then(PasteAgent::default);
        let live = LiveRun {
            cancel: CancellationToken::new(),
            paste: paste.clone(),
            address: None,
            standing: LiveStanding {
                awaits_paste: paste.is_some(),
                redirect_uri: Some(plan.redirect_uri.as_str().to_owned()),
            },
            run: run.clone(),
            steps: Vec::new(),
            recorded: 0,
        };
        let cancel = live.cancel.clone();
        let destination = self.destination(&client, provider);
        let storage = if twist.forgets { ViewStorage::ThrownAway } else { self.storage_of_run(&live.run).await };
        let agent = self.user_agent(&live.run, &provider.name, storage, paste);
        let ports = self.ports_to(&provider.id, twist.around(self, &id, agent));
        let ports = Ports { transport: twist.over(self, Arc::clone(&ports.transport)), ..ports };
        if let Some(scenario) = twist.scenario {
            self.0.walks.note(&id, scenario);
        }
        self.0.live.put(live);
        let (tell_started, started) = oneshot::channel();
        self.0.tasks.spawn(self.clone().walk(run, plan, ports, cancel, destination, tell_started));
        started.await.unwrap_or_else(|_| Err(ending_now()))?;
        self.tell(gatewright_contract::Event::RunsChanged);
        Ok(RunRef { run: id.to_string() })
    }

    async fn walk(
        self,
        run: Run,
        plan: LoginPlan,
        ports: Ports,
        cancel: CancellationToken,
        destination: SecretDestination,
        tell_started: oneshot::Sender<Result<(), Failure>>,
    ) {
        let id = run.id.clone();
        let sent = version_sent(&plan);
        let (progress, reports) = Progress::channel();
        let login = async {
            let end = log_in(&plan, &ports, &progress, &cancel).await;
            // Every report is written before the end is.
            drop(progress);
            end
        };
        // One task for both: they wait for each other, and waking another thread for each report takes longer than writing it. The start
        // is written while the browser opens; without it the login is stopped again.
        let record = async {
            // The browser's way is the longer one, so it goes first.
            stand_back().await;
            let started = self.record_start(&run).await;
            let is_recorded = started.is_ok();
            // Nobody waits any more when the window is gone.
            let _gone = tell_started.send(started);
            if is_recorded {
                self.clone().record_progress(id.clone(), reports).await;
            } else {
                cancel.cancel();
            }
            is_recorded
        };
        let (end, is_recorded) = tokio::join!(login, record);
        if !is_recorded {
            self.0.live.take(&id);
            self.0.walks.forget(&id);
            return;
        }
        let written = match end {
            Ok(end) => self.record_end(&id, end, &destination).await,
            Err(cause) => {
                tracing::error!(run = %id, %cause, "a login could not be carried out");
                self.record_ending(&id, Outcome::Ended(not_carried_out(&cause))).await
            }
        };
        if let Err(cause) = written {
            tracing::error!(run = %id, message = cause.message, "how the run ended was not recorded");
            self.notice("A login's result could not be saved.", cause.hint);
        }
        self.settle_login(&id, sent).await;
        self.settle_experiment(&id).await;
        self.go_on_with_walk(&id).await;
    }

    /// Everything the login is about, or why it cannot be started.
    async fn plan(
        &self,
        client: &Client,
        provider: &Provider,
        version: Option<&SecretVersion>,
        browser: Browser,
        request: &LoginStart,
    ) -> Result<LoginPlan, Failure> {
        let GrantPlan { provider, bases, client_id, client_secret, settings, .. } =
            self.grant_plan_with(client, provider, version).await?;
        let mode = settings.asked_response_mode(&provider).unwrap_or_default();
        Ok(LoginPlan {
            bases,
            client_id,
            client_secret,
            settings,
            redirect_uri: redirect_uri(client, browser, mode, request.redirect_uri.as_deref())?,
            scopes: request
                .scopes
                .clone()
                .unwrap_or_else(|| provider.dialect.authorization.default_scopes.value.clone()),
            browser,
            time_limit: Duration::from_secs(u64::from(self.0.settings.get().login_minutes) * 60),
            expected_person: None,
            provider,
        })
    }

    /// The way a person reaches the provider in a run.
    pub(crate) fn user_agent(
        &self,
        run: &Run,
        provider: &str,
        storage: ViewStorage,
        paste: Option<PasteAgent>,
    ) -> Arc<dyn UserAgent> {
        let desktop = &self.0.options.desktop;
        let inner: Arc<dyn UserAgent> = match (run.browser, paste) {
            (Browser::Paste, Some(paste)) => Arc::new(paste),
            (Browser::System | Browser::Paste, _) => Arc::new(SystemBrowser::new(Arc::clone(desktop), self.speaks())),
            (Browser::Embedded, _) => {
                let title = title_of(run, provider, self.speaks());
                let view = desktop.login_view(run.id.as_str(), &title, storage, self.pictures_of(&run.id));
                Arc::new(LoginView::new(view, self.speaks()))
            }
        };
        Arc::new(Announcing::new(inner, self.0.live.clone(), run.id.clone()))
    }
}

/// The version of the secret that a login with this plan sends: one that is stored beside a client that proves itself without is not sent.
fn version_sent(plan: &LoginPlan) -> Option<u32> {
    let sends = plan.settings.authentication(&plan.provider).needs_secret();
    plan.client_secret.as_ref().filter(|_| sends).map(|secret| secret.version)
}

/// What a login view is called: whose login it is, when that is known, and of which client.
fn title_of(run: &Run, provider: &str, language: Language) -> ViewTitle {
    let login = language.fill("{client} at {provider}", &[("client", &run.client_name), ("provider", provider)]);
    ViewTitle {
        login: match &run.meant {
            Some(meant) => format!("{}: {login}", meant.name),
            None => login,
        },
        kind: language.says("Gatewright login").into_owned(),
        not_encrypted: language.says("not encrypted").into_owned(),
    }
}

/// Who has to log in for a test user's run; none when anybody may, or the first login is to say it.
fn expected_person(user: &TestUser) -> Option<ExpectedPerson> {
    let subject = user.expected.subject()?.to_owned();
    Some(ExpectedPerson { name: user.name.clone(), subject })
}

/// The task of a login was dropped, as all are when Gatewright ends.
fn ending_now() -> Failure {
    Failure::new(FailureCode::RunEnded, "Gatewright is ending, so no login was started.")
}

/// How a run ends that we could not carry out.
fn not_carried_out(cause: &LoginError) -> Ending {
    Ending {
        reason: EndReason::Interrupted,
        sentence: format!("Gatewright could not carry the login out: {cause}."),
        next: "Start a new login; if it happens again, the log says more.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use gatewright_engine::login::ClientSecret;
    use gatewright_model::dialect::ClientAuthentication;
    use gatewright_model::{Environment, ProtocolSettings};
    use gatewright_protocol::{ClientId, RedirectUri, Secret};

    use super::*;

    fn plan(client_authentication: Option<ClientAuthentication>) -> LoginPlan {
        let chattz = Provider::built_in().into_iter().find(|provider| provider.id.as_str() == "chattz").unwrap();
        LoginPlan {
            bases: chattz.bases(Environment::Production, None),
            client_id: ClientId::Text("kittens".to_owned()),
            client_secret: Some(ClientSecret { value: Secret::new("s3cret"), version: 3 }),
            settings: ProtocolSettings { client_authentication, ..ProtocolSettings::default() },
            redirect_uri: RedirectUri::parse("https://app.example.org/callback").unwrap(),
            scopes: Vec::new(),
            browser: Browser::Embedded,
            time_limit: Duration::from_mins(1),
            expected_person: None,
            provider: chattz,
        }
    }

    #[test]
    fn a_login_proves_the_secret_only_where_the_client_sends_it() {
        assert_eq!(version_sent(&plan(None)), Some(3), "as the provider's clients usually do");
        assert_eq!(version_sent(&plan(Some(ClientAuthentication::None))), None, "it is stored, and nobody saw it");
    }
}
