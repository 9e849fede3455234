//! Logging the person out at the provider, in the browser of the login.

use std::time::Duration;

use gatewright_contract::run::{RunDetail, RunRef};
use gatewright_contract::token::TokenActionKind;
use gatewright_contract::{Event, Failure};
use gatewright_engine::grant::{GrantEnd, GrantError, LogoutOutcome, LogoutPlan, log_out};
use gatewright_model::run::{Browser, StepKind};
use gatewright_model::{GrantId, RunId};
use gatewright_protocol::Secret;
use tokio_util::sync::CancellationToken;

use super::Holder;
use crate::live::LiveRun;
use crate::login::PasteAgent;
use crate::recorder::started;
use crate::show::run::LiveStanding;
use crate::{App, failure};

impl App {
    /// Sends the person to the provider's logout and returns as soon as that is under way. Until it is over the run counts as going on.
    pub(crate) async fn begin_logout(&self, request: RunRef) -> Result<RunDetail, Failure> {
        let holder = self.holder(&request.run).await?;
        holder.refuse_unless(TokenActionKind::LogOut, None)?;
        let back = holder.client.protocol_settings.post_logout_redirect_uri.clone().ok_or_else(no_way_back)?;
        let plan = LogoutPlan {
            client: self.plan_of(&holder).await?,
            id_token: self.id_token_hint(&holder).await?,
            time_limit: Duration::from_secs(u64::from(self.0.settings.get().login_minutes) * 60),
        };
        let Holder { run, mut steps, provider, grant, .. } = holder;
        let id = run.id.clone();
        let paste = (run.browser == Browser::Paste).then(PasteAgent::default);
        let agent = self.user_agent(&run, &provider.name, self.storage_of_run(&run).await, paste.clone());
        steps.push(started(StepKind::Logout));
        let cancel = CancellationToken::new();
        self.0.live.put(LiveRun {
            cancel: cancel.clone(),
            address: None,
            standing: LiveStanding { awaits_paste: paste.is_some(), redirect_uri: Some(back) },
            paste,
            run,
            recorded: steps.len().saturating_sub(1),
            steps,
        });
        let ports = self.ports_to(&provider.id, agent);
        let (app, leaving) = (self.clone(), id.clone());
        self.0.tasks.spawn(async move {
            let end = log_out(&plan, &ports, &cancel).await;
            app.record_logout(leaving, end, grant.map(|grant| grant.id)).await;
        });
        self.tell_progress(&id);
        self.run_detail(&request).await
    }

    /// The ID token by which the provider knows whose session is to end.
    async fn id_token_hint(&self, holder: &Holder) -> Result<Option<Secret>, Failure> {
        if holder.names.iter().any(|name| name == "id_token") {
            self.token_to_send(holder, "id_token").await.map(Some)
        } else {
            Ok(None)
        }
    }

    /// Whatever came of it, on our side the session is over.
    async fn record_logout(
        &self,
        run: RunId,
        end: Result<GrantEnd<LogoutOutcome>, GrantError>,
        grant: Option<GrantId>,
    ) {
        self.0.live.take(&run);
        let recorded = match end {
            Ok(end) => self.append_step(&run, end.step, grant).await.map(drop),
            Err(cause) => Err(failure::of_grant(&cause)),
        };
        if let Err(cause) = recorded {
            tracing::error!(%run, message = cause.message, "a logout was not recorded");
            self.notice(format!("A logout could not be carried out or saved: {}", cause.message), cause.hint);
            self.tell(Event::RunsChanged);
        }
    }
}

fn no_way_back() -> Failure {
    failure::invalid(
        "protocol.postLogoutRedirectUri",
        "This client does not say where the person comes back after a logout.",
    )
    .hint("Fill the post-logout redirect URI in, as it is registered at the provider.")
}
