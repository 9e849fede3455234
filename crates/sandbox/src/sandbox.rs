//! Starting, using and stopping a sandbox.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gatewright_protocol::Secret;
use tokio::sync::broadcast;

use crate::access::Access;
use crate::app::SecretDigest;
use crate::entropy::Entropy;
use crate::fault::certificate;
use crate::listener::Listener;
use crate::log::RequestLogEntry;
use crate::server::Server;
use crate::user::{SandboxUser, USERS};
use crate::{
    AppForm, AppRefusal, AppRefusalCode, AppsFileError, CreatedApp, FaultRule, FaultRuleError, Injection,
    OpenIdSettings, RegisteredApp, SandboxOptions, SigningError, Twin, endpoint,
};

/// The sandbox: one server on loopback with a twin of each provider.
#[derive(Clone, Copy, Debug)]
pub struct Sandbox;

/// Why a sandbox could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Somebody else listens on the port.
    #[error("port {port} on 127.0.0.1 is already in use; stop the program that uses it, or choose another port")]
    PortTaken {
        /// The port that was asked for.
        port: u16,
    },
    /// The system refused to let us listen.
    #[error("cannot listen on 127.0.0.1 (port {port})")]
    Listen {
        /// The port that was asked for; 0 means any.
        port: u16,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The options name somebody who does not live in the sandbox.
    #[error("there is no sandbox user “{name}”; the users are olivia, theo, tara and una")]
    NoSuchUser {
        /// The name given.
        name: String,
    },
    /// The system gave no randomness.
    #[error("the system gave no random numbers")]
    NoRandomness {
        /// What the system said.
        #[source]
        source: getrandom::Error,
    },
    /// The apps file is in the way.
    #[error(transparent)]
    AppsFile(#[from] AppsFileError),
}

impl Sandbox {
    /// Starts the server and returns as soon as it answers. Needs a tokio runtime, on which it keeps running.
    ///
    /// # Errors
    /// See [`StartError`].
    pub async fn start(options: SandboxOptions) -> Result<SandboxHandle, StartError> {
        // Whoever knows the seed knows every code, and is still not let into the control API.
        let system = Entropy::from_system().map_err(|source| StartError::NoRandomness { source })?;
        let (control_token, access) = (system.hex32(), Access::new(&system));
        let entropy = options.seed.map_or(system, Entropy::from_seed);
        let socket = Listener::bind(options.port.unwrap_or(0)).await?;
        let digest = SecretDigest::of(&control_token);
        let server = Arc::new(Server::new(options, socket.port(), entropy, digest, access)?);
        let listener = socket.serve(Arc::clone(&server), endpoint::router(Arc::clone(&server)));
        tracing::info!(origin = %server.origin, "sandbox started");
        Ok(SandboxHandle { server, listener, control_token: Secret::new(control_token) })
    }
}

/// A running sandbox. Dropping it stops the server at once; [`SandboxHandle::stop`] lets answers under way finish.
pub struct SandboxHandle {
    server: Arc<Server>,
    listener: Listener,
    control_token: Secret,
}

impl SandboxHandle {
    /// `http://127.0.0.1:PORT`, what `{sandbox}` stands for in a profile.
    pub fn origin(&self) -> &str {
        &self.server.origin
    }

    /// The value of the `x-sandbox-control` header that opens `/_control/…`.
    pub const fn control_token(&self) -> &Secret {
        &self.control_token
    }

    /// The key with which a program manages this person's apps over HTTP; none when nobody here has that name.
    pub fn management_key(&self, username: &str) -> Option<&Secret> {
        self.server.access.of(username).map(|keys| &keys.management_key)
    }

    /// The token with which a program registers apps for this person (RFC 7591 §3); none when nobody here has that name.
    pub fn initial_access_token(&self, username: &str) -> Option<&Secret> {
        self.server.access.of(username).map(|keys| &keys.initial_access_token)
    }

    /// The twins that answer.
    pub fn twins(&self) -> &[Twin] {
        &self.server.twins
    }

    /// Everybody who lives in the sandbox.
    pub fn users(&self) -> &'static [SandboxUser] {
        &USERS
    }

    /// Where a broken apps file was moved to at the start, so that it can be reported.
    pub fn broken_apps_file(&self) -> Option<&Path> {
        self.server.moved_aside().map(PathBuf::as_path)
    }

    /// All apps of a twin, oldest first.
    pub fn apps(&self, twin: Twin) -> Vec<RegisteredApp> {
        self.server.apps.list(twin)
    }

    /// Registers an app for `acting_user`. The secret is in the answer and nowhere else.
    ///
    /// # Errors
    /// See [`AppRefusalCode`].
    pub async fn create_app(&self, twin: Twin, acting_user: &str, form: AppForm) -> Result<CreatedApp, AppRefusal> {
        let acting_user = acting_user.to_owned();
        self.on_disk(move |server| create_app(server, twin, &acting_user, form)).await
    }

    /// Changes name and redirect URIs of an app that `acting_user` owns.
    ///
    /// # Errors
    /// See [`AppRefusalCode`].
    pub async fn update_app(
        &self,
        twin: Twin,
        acting_user: &str,
        client_id: &str,
        form: AppForm,
    ) -> Result<RegisteredApp, AppRefusal> {
        let (acting_user, client_id) = (acting_user.to_owned(), client_id.to_owned());
        self.on_disk(move |server| server.apps.update(twin, &acting_user, &client_id, form)).await
    }

    /// Deletes an app that `acting_user` owns, with all its codes, tokens and consents.
    ///
    /// # Errors
    /// See [`AppRefusalCode`].
    pub async fn delete_app(&self, twin: Twin, acting_user: &str, client_id: &str) -> Result<(), AppRefusal> {
        let (acting_user, client_id) = (acting_user.to_owned(), client_id.to_owned());
        self.on_disk(move |server| delete_app(server, twin, &acting_user, &client_id)).await
    }

    /// Brings back an app that `acting_user` deleted since the start, with the same id and secret; its tokens stay gone.
    ///
    /// # Errors
    /// See [`AppRefusalCode`].
    pub async fn restore_app(
        &self,
        twin: Twin,
        acting_user: &str,
        client_id: &str,
    ) -> Result<RegisteredApp, AppRefusal> {
        let (acting_user, client_id) = (acting_user.to_owned(), client_id.to_owned());
        self.on_disk(move |server| server.apps.restore(twin, &acting_user, &client_id)).await
    }

    /// Approves an app, or takes approval back, as ContentDB's staff would.
    ///
    /// # Errors
    /// See [`AppRefusalCode`].
    pub async fn set_approved(&self, twin: Twin, client_id: &str, approved: bool) -> Result<RegisteredApp, AppRefusal> {
        let client_id = client_id.to_owned();
        self.on_disk(move |server| server.apps.set_approved(twin, &client_id, approved)).await
    }

    /// Changes how an app of Chaster's twin is registered for OpenID Connect, as the realm's administrator would.
    ///
    /// # Errors
    /// See [`AppRefusalCode`].
    pub async fn set_openid_settings(
        &self,
        client_id: &str,
        settings: OpenIdSettings,
    ) -> Result<RegisteredApp, AppRefusal> {
        let client_id = client_id.to_owned();
        self.on_disk(move |server| server.apps.set_openid(Twin::Chaster, &client_id, settings)).await
    }

    /// Gives Chaster's twin new signing keys. The old ones stay published with `keep_old` and are gone without.
    ///
    /// # Errors
    /// [`SigningError::NoKey`] when the cryptographic library made none.
    pub async fn rotate_signing_keys(&self, keep_old: bool) -> Result<(), SigningError> {
        self.server.keys.rotate(keep_old).await
    }

    /// Says how many seconds the authorization codes of an app live at most, so that one can be seen to expire; none takes that back.
    /// Codes that were issued before stay as they are.
    pub fn limit_codes(&self, twin: Twin, client_id: &str, seconds: Option<u32>) {
        self.server.limit_codes(twin, client_id, seconds);
    }

    /// Says how many milliseconds the authorization endpoint takes for an app before it shows or decides anything, as over a slow network; none
    /// takes that back.
    pub fn slow_pages(&self, twin: Twin, client_id: &str, milliseconds: Option<u32>) {
        self.server.slow_pages(twin, client_id, milliseconds);
    }

    /// Makes the twins misbehave by these rules and no others; an empty list ends all faults. The rules count from the beginning.
    ///
    /// # Errors
    /// A rule that the catalogue does not know ([`crate::fault_catalogue`]); the rules stay as they were.
    pub fn set_faults(&self, rules: Vec<FaultRule>) -> Result<(), FaultRuleError> {
        self.server.faults.set(rules, &self.server.twins)
    }

    /// Where a twin's token endpoint is while a fault of its certificate is in force (TK-40): `https://127.0.0.1:PORT`. None while it is
    /// where everything else is.
    pub fn token_origin(&self, twin: Twin) -> Option<String> {
        certificate::token_origin(&self.server, twin)
    }

    /// Where TLS is spoken while a fault of a certificate is in force, whichever twin's it is: `https://127.0.0.1:PORT`. This is the one
    /// place where [`Self::certificate_authority`] has a say.
    pub fn secure_origin(&self) -> String {
        certificate::secure_origin(&self.server)
    }

    /// The certificate of the authority that signs what TK-40 does not spoil, as text (RFC 7468). Whoever trusts it learns what exactly is
    /// wrong with a spoilt one. None when the cryptographic library made none.
    pub fn certificate_authority(&self) -> Option<String> {
        self.server.authority.certificate()
    }

    /// The rules in force.
    pub fn faults(&self) -> Vec<FaultRule> {
        self.server.faults.list()
    }

    /// Ends all faults. What they did stays in [`SandboxHandle::injections`].
    pub fn clear_faults(&self) {
        self.server.faults.clear();
    }

    /// The last 1000 faults that really happened, oldest first.
    pub fn injections(&self) -> Vec<Injection> {
        self.server.faults.injections()
    }

    /// Every request from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<RequestLogEntry>> {
        self.server.log.subscribe()
    }

    /// The last 500 requests, oldest first.
    pub fn recent_requests(&self) -> Vec<Arc<RequestLogEntry>> {
        self.server.log.kept()
    }

    /// Stops: no new connections at once, answers under way get a moment to finish, then the port is free.
    pub async fn stop(self) {
        self.listener.stop().await;
        tracing::info!("sandbox stopped");
    }

    /// Runs a change of the registry where waiting for the disk holds nobody up.
    async fn on_disk<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Server) -> Result<T, AppRefusal> + Send + 'static,
    ) -> Result<T, AppRefusal> {
        on_disk(Arc::clone(&self.server), change).await
    }
}

impl fmt::Debug for SandboxHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxHandle").field("origin", &self.server.origin).finish_non_exhaustive()
    }
}

pub(crate) async fn on_disk<T: Send + 'static, E: From<AppRefusal> + Send + 'static>(
    server: Arc<Server>,
    change: impl FnOnce(&Server) -> Result<T, E> + Send + 'static,
) -> Result<T, E> {
    let outcome = tokio::task::spawn_blocking(move || change(&server)).await;
    outcome.unwrap_or_else(|_| {
        let sentence = "The sandbox is stopping, so nothing was changed. Start it again.";
        Err(AppRefusal::new(AppRefusalCode::NotSaved, sentence).into())
    })
}

pub(crate) fn create_app(
    server: &Server,
    twin: Twin,
    acting_user: &str,
    form: AppForm,
) -> Result<CreatedApp, AppRefusal> {
    if !server.twins.contains(&twin) {
        let sentence = format!("The sandbox was started without {}. Start it again with this twin.", twin.name());
        return Err(AppRefusal::new(AppRefusalCode::TwinOff, sentence));
    }
    server.apps.create(twin, acting_user, form, &server.entropy, server.now())
}

pub(crate) fn delete_app(server: &Server, twin: Twin, acting_user: &str, client_id: &str) -> Result<(), AppRefusal> {
    server.apps.delete(twin, acting_user, client_id)?;
    server.grants(twin).forget_client(client_id);
    Ok(())
}
