//! What is done with the tokens of a login that is over: refreshed, revoked, asked about, used, looked into, and the person logged out.

mod ask;
mod at_login;
mod decode;
mod kept;
mod ledger;
mod log_out;
mod refresh;
mod unstored;

use std::sync::Arc;

use gatewright_contract::run::{RunDetail, RunRef};
use gatewright_contract::token::TokenActionKind;
use gatewright_contract::{Event, Failure, FailureCode};
use gatewright_engine::grant::GrantPlan;
use gatewright_engine::login::TokenKind;
use gatewright_model::{Client, Grant, GrantId, Outcome, Provider, Run, RunId, Step};
use gatewright_store::{StoreError, grant, run, step};

pub(crate) use self::at_login::LoginTokens;
pub(crate) use self::kept::names;
pub(crate) use self::unstored::Unstored;
use crate::show::token as show;
use crate::{App, failure};

/// A run that is over, and whose tokens it has.
pub(crate) struct Holder {
    run: Run,
    /// Everything that was done, the login first.
    steps: Vec<Step>,
    client: Client,
    provider: Arc<Provider>,
    /// The version of the client's secret that requests use; none for a public client.
    secret_version: Option<u32>,
    grant: Option<Grant>,
    /// The tokens that are kept.
    names: Vec<String>,
}

impl Holder {
    fn can(&self, kind: TokenActionKind, token: Option<&str>) -> bool {
        let actions = show::actions(&show::Held {
            names: &self.names,
            grant: self.grant.as_ref(),
            provider: Some(&self.provider),
            logged_in: matches!(self.run.outcome, Outcome::LoggedIn { .. }),
        });
        actions.iter().any(|action| action.kind == kind && action.token.as_deref() == token)
    }

    /// Refuses what is not in the list that the window was given.
    fn refuse_unless(&self, kind: TokenActionKind, token: Option<&str>) -> Result<(), Failure> {
        if self.can(kind, token) {
            return Ok(());
        }
        let message = match token {
            Some(_) => format!("This cannot be done with this token at {}.", self.provider.name),
            None => format!("This cannot be done after this login at {}.", self.provider.name),
        };
        Err(failure::invalid("token", message).hint("Open the run again to see what can be done now."))
    }
}

impl App {
    /// Looks up everything that the tokens of a run need.
    async fn holder(&self, run: &str) -> Result<Holder, Failure> {
        let id = RunId::new(run);
        if self.0.live.get(&id).is_some() {
            return Err(failure::of_store(StoreError::RunIsGoingOn(id)));
        }
        let read = move |db: &gatewright_store::Connection| {
            let grant = grant::find_by_run(db, &id)?;
            Ok((run::open(db, &id)?, names(db, &id, grant.as_ref())?, grant))
        };
        let (run::OpenedRun { run, steps, .. }, names, grant) =
            self.store()?.read(read).await.map_err(failure::of_store)?;
        let (client, provider, version) = self.client_with_version(run.client.as_str()).await?;
        let secret_version = version.map(|version| version.version);
        Ok(Holder { run, steps, client, provider, secret_version, grant, names })
    }

    /// The holder's client and provider, ready for a request, with every token that no transcript may hold.
    async fn plan_of(&self, holder: &Holder) -> Result<GrantPlan, Failure> {
        let plan = self.grant_plan(&holder.client, &holder.provider, holder.secret_version).await?;
        Ok(GrantPlan { known: self.known_tokens(holder).await?, ..plan })
    }

    /// Writes down what was done with the tokens of a run; with it, in the same transaction, that a grant is over.
    async fn append_step(&self, run: &RunId, done: Step, ended: Option<GrantId>) -> Result<RunDetail, Failure> {
        let id = run.clone();
        let write = move |tx: &gatewright_store::Transaction<'_>| {
            step::append(tx, &id, &done)?;
            ended.iter().try_for_each(|grant| grant::end(tx, grant))
        };
        self.store()?.write_durably(write).await.map_err(failure::of_store)?;
        let detail = self.run_detail(&RunRef { run: run.to_string() }).await?;
        self.tell(Event::RunProgress(Box::new(detail.clone())));
        self.tell(Event::RunsChanged);
        Ok(detail)
    }

    /// Carries work to its end even when nobody waits for it any more; the end of Gatewright waits for it.
    async fn to_the_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Failure>> + Send + 'static,
    ) -> Result<T, Failure> {
        let done = self.0.tasks.spawn(work).await;
        done.map_err(|cause| failure::internal("This was not carried to its end", &cause))?
    }
}

/// The kind of a token by its name in the record.
fn kind_of(name: &str) -> Result<TokenKind, Failure> {
    [TokenKind::Access, TokenKind::Refresh, TokenKind::Id]
        .into_iter()
        .find(|kind| kind.as_str() == name)
        .ok_or_else(no_such_token)
}

/// The run has no token of this name.
pub(crate) fn no_such_token() -> Failure {
    Failure::new(FailureCode::NotFound, "This run has no such token.")
}
