//! The sandbox: started and stopped from the window, and the twins' apps.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gatewright_contract::sandbox::{SandboxLog, SandboxStart, SandboxState};
use gatewright_contract::{Event, Failure};
use gatewright_engine::transport::LocalAuthority;
use gatewright_model::ProviderId;
use gatewright_protocol::ClientId;
use gatewright_sandbox::{
    AppForm, AppRefusalCode, CreatedApp, GitterMode, RequestLogEntry, Sandbox, SandboxHandle, SandboxOptions, Twin,
};
use tokio::sync::{RwLock, broadcast};

use crate::show::sandbox as show;
use crate::{App, failure};

/// The file in which the twins keep their apps.
pub(crate) const APPS_FILE: &str = "sandbox-apps.json";
/// How long requests are gathered before the window is told: a load test must not drown it.
const GATHERED_FOR: std::time::Duration = std::time::Duration::from_millis(100);
/// How many requests one telling carries at most; the window fetches the rest.
const GATHERED_AT_MOST: usize = 200;

/// The sandbox, when it runs.
pub(crate) struct Keeper {
    apps_file: PathBuf,
    running: RwLock<Option<Running>>,
    /// The origin, for those who cannot wait.
    origin: std::sync::RwLock<Option<String>>,
    /// Whom requests to the sandbox take at their word about certificates, and nobody else's requests do.
    authority: LocalAuthority,
    /// Requests up to this number were cleared from view.
    cleared: std::sync::atomic::AtomicU64,
}

struct Running {
    handle: SandboxHandle,
    auto_approve: Option<String>,
    gitter_as_engine: bool,
}

impl Keeper {
    /// A sandbox that is off and keeps its apps in that folder.
    pub(crate) fn new(data_dir: &Path) -> Self {
        Self {
            apps_file: data_dir.join(APPS_FILE),
            running: RwLock::default(),
            origin: std::sync::RwLock::default(),
            authority: LocalAuthority::default(),
            cleared: std::sync::atomic::AtomicU64::new(0),
        }
    }

    /// Where it listens, when it runs.
    pub(crate) fn origin(&self) -> Option<String> {
        self.origin.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// The sandbox's own authority for certificates, as long as it runs; for whatever sends requests.
    pub(crate) fn authority(&self) -> LocalAuthority {
        self.authority.clone()
    }

    /// Where a twin's token endpoint is while a fault of its certificate is in force; none while it is where everything else is.
    pub(crate) async fn token_origin(&self, provider: &ProviderId) -> Option<String> {
        let twin = Twin::from_id(provider.as_str())?;
        self.with_handle(|handle| handle.token_origin(twin)).await.flatten()
    }

    /// Whether it runs and approves every request by itself, without pages.
    pub(crate) async fn approves_by_itself(&self) -> bool {
        self.running.read().await.as_ref().is_some_and(|running| running.auto_approve.is_some())
    }

    fn set_origin(&self, origin: Option<String>) {
        *self.origin.write().unwrap_or_else(std::sync::PoisonError::into_inner) = origin;
    }

    /// From now on it is there, and its authority counts at its own origin.
    ///
    /// Without that a tester would hear of every certificate that the sandbox spoils (TK-40) the one thing that nobody trusted has signed
    /// it, and never that it has expired or is for another name. It takes nothing from N-10: the authority is made anew in this process
    /// with every sandbox, its key never leaves the sandbox, and it has a say at the one address of this computer where this very sandbox
    /// listens. What it signs is refused at every other address, by the login views, and by everything else that runs here; it is never
    /// written down, and it ends with the sandbox.
    fn is_at(&self, handle: &SandboxHandle) {
        self.set_origin(Some(handle.origin().to_owned()));
        let Some(certificate) = handle.certificate_authority() else { return };
        if let Err(cause) = self.authority.trust(&handle.secure_origin(), &certificate) {
            tracing::warn!(%cause, "what is wrong with a certificate of the sandbox will not be told");
        }
    }

    /// From now on it is nowhere.
    fn is_gone(&self) {
        self.authority.withdraw();
        self.set_origin(None);
    }

    /// Does something with it, if it runs.
    pub(crate) async fn with_handle<T>(&self, work: impl FnOnce(&SandboxHandle) -> T) -> Option<T> {
        self.running.read().await.as_ref().map(|running| work(&running.handle))
    }

    /// Stops it, if it runs. One that is just being started is waited for: it would be trusted, and shown, after its end otherwise.
    pub(crate) async fn stop(&self) {
        let mut held = self.running.write().await;
        self.is_gone();
        if let Some(running) = held.take() {
            running.handle.stop().await;
        }
    }

    /// Registers an app at a twin.
    pub(crate) async fn create_app(
        &self,
        provider: &ProviderId,
        user: &str,
        form: AppForm,
    ) -> Result<CreatedApp, Failure> {
        let running = self.running.read().await;
        let handle = &running.as_ref().ok_or_else(failure::sandbox_off)?.handle;
        handle.create_app(twin(provider)?, user, form).await.map_err(|refusal| failure::of_twin(&refusal))
    }

    /// Changes an app at a twin.
    pub(crate) async fn update_app(
        &self,
        provider: &ProviderId,
        user: &str,
        id: &ClientId,
        form: AppForm,
    ) -> Result<(), Failure> {
        let running = self.running.read().await;
        let handle = &running.as_ref().ok_or_else(failure::sandbox_off)?.handle;
        let changed = handle.update_app(twin(provider)?, user, &id.to_string(), form).await;
        changed.map(drop).map_err(|refusal| failure::of_twin(&refusal))
    }

    /// Deletes an app at a twin. One that is gone is no failure.
    pub(crate) async fn delete_app(&self, provider: &ProviderId, user: &str, id: &ClientId) -> Result<(), Failure> {
        let running = self.running.read().await;
        let handle = &running.as_ref().ok_or_else(failure::sandbox_off)?.handle;
        match handle.delete_app(twin(provider)?, user, &id.to_string()).await {
            Err(refusal) if refusal.code != AppRefusalCode::NotFound => Err(failure::of_twin(&refusal)),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Deletes an app at a twin as far as that is possible: a sandbox that is off keeps it.
    pub(crate) async fn forget_app(&self, provider: &ProviderId, user: &str, id: &ClientId) {
        if let Err(cause) = self.delete_app(provider, user, id).await {
            tracing::warn!(message = cause.message, "an app stays at its twin");
        }
    }
}

impl App {
    /// Starts the sandbox; one that runs already is stopped first.
    pub(crate) async fn start_sandbox(&self, request: SandboxStart) -> Result<SandboxState, Failure> {
        let keeper = &self.0.sandbox;
        let mut held = keeper.running.write().await;
        if let Some(earlier) = held.take() {
            keeper.is_gone();
            earlier.handle.stop().await;
        }
        let options = SandboxOptions {
            port: request.port,
            auto_approve: request.auto_approve.clone(),
            apps_file: Some(keeper.apps_file.clone()),
            gitter_mode: if request.gitter_as_engine { GitterMode::AsEngineBehaves } else { GitterMode::AsDocumented },
            ..SandboxOptions::default()
        };
        let started = Sandbox::start(options).await;
        let handle = match started {
            Ok(handle) => handle,
            Err(cause) => {
                drop(held);
                self.tell(Event::SandboxChanged);
                return Err(failure::of_sandbox_start(&cause));
            }
        };
        if let Some(aside) = handle.broken_apps_file() {
            self.notice(
                "The sandbox's list of apps could not be read, so it starts without any.",
                Some(format!("The old list was moved to {}.", aside.display())),
            );
        }
        keeper.is_at(&handle);
        keeper.cleared.store(0, std::sync::atomic::Ordering::Relaxed);
        self.0.tasks.spawn(forward_requests(self.clone(), handle.subscribe()));
        *held =
            Some(Running { handle, auto_approve: request.auto_approve, gitter_as_engine: request.gitter_as_engine });
        drop(held);
        self.tell(Event::SandboxChanged);
        self.tell(Event::ClientsChanged);
        Ok(self.sandbox_now().await)
    }

    /// Stops the sandbox.
    pub(crate) async fn stop_sandbox(&self) -> SandboxState {
        self.0.sandbox.stop().await;
        self.tell(Event::SandboxChanged);
        self.tell(Event::ClientsChanged);
        self.sandbox_now().await
    }

    /// Whether the sandbox runs and what is in it.
    pub(crate) async fn sandbox_now(&self) -> SandboxState {
        let running = self.0.sandbox.running.read().await;
        match running.as_ref() {
            None => show::off(),
            Some(running) => show::on(&running.handle, running.auto_approve.clone(), running.gitter_as_engine),
        }
    }

    /// The last requests, without those that were cleared from view.
    pub(crate) async fn sandbox_requests(&self) -> SandboxLog {
        let running = self.0.sandbox.running.read().await;
        let cleared = self.0.sandbox.cleared.load(std::sync::atomic::Ordering::Relaxed);
        let Some(handle) = running.as_ref().map(|running| &running.handle) else {
            return SandboxLog { entries: Vec::new() };
        };
        let injections = handle.injections();
        let entries = handle.recent_requests();
        SandboxLog {
            entries: entries
                .iter()
                .filter(|entry| entry.sequence > cleared)
                .map(|entry| show::entry(entry, &injections))
                .collect(),
        }
    }

    /// Clears the requests so far from view.
    pub(crate) async fn clear_sandbox_requests(&self) -> SandboxLog {
        let running = self.0.sandbox.running.read().await;
        let last =
            running.as_ref().and_then(|running| running.handle.recent_requests().last().map(|entry| entry.sequence));
        self.0.sandbox.cleared.store(last.unwrap_or(0), std::sync::atomic::Ordering::Relaxed);
        SandboxLog { entries: Vec::new() }
    }
}

/// Tells the window about requests, gathered, until the sandbox stops.
async fn forward_requests(app: App, mut requests: broadcast::Receiver<Arc<RequestLogEntry>>) {
    use broadcast::error::RecvError;
    loop {
        let first = match requests.recv().await {
            Ok(entry) => entry,
            Err(RecvError::Lagged(_)) => continue,
            Err(RecvError::Closed) => return,
        };
        let mut gathered = vec![first];
        app.0.clock.sleep(GATHERED_FOR).await;
        while gathered.len() < GATHERED_AT_MOST
            && let Ok(entry) = requests.try_recv()
        {
            gathered.push(entry);
        }
        let injections = app.0.sandbox.with_handle(SandboxHandle::injections).await.unwrap_or_default();
        app.tell(Event::SandboxRequests(gathered.iter().map(|entry| show::entry(entry, &injections)).collect()));
    }
}

fn twin(provider: &ProviderId) -> Result<Twin, Failure> {
    Twin::from_id(provider.as_str()).ok_or_else(|| {
        failure::invalid("provider", "This provider has no sandbox twin.").hint("Enter a client that exists already.")
    })
}

#[cfg(test)]
mod tests;
