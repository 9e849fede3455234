//! What a preflight asks of the world: the operating system for a port, the keyring for a secret, the provider for its first answer. All
//! at once, and each with a time limit of its own, so that none waits for another.

use std::sync::Arc;
use std::time::Duration;

use gatewright_engine::login::{Look, look};
use gatewright_loopback::Listener;
use gatewright_model::run::Browser;
use gatewright_protocol::authorization::ResponseMode;
use gatewright_protocol::redirect_uri::RedirectUri;
use url::Url;

use super::port::PortSeen;
use super::proxy::proxy_for;
use super::secret::SecretSeen;
use super::subject::Subject;
use crate::login::NoBrowser;
use crate::{App, failure};

/// How long the keyring may take: it may be asking its person for a password.
const KEYRING_LIMIT: Duration = Duration::from_secs(5);
/// How long the provider may take.
const LOOK_LIMIT: Duration = Duration::from_secs(8);

/// What came of a look at the authorization endpoint.
#[derive(Debug)]
pub(super) enum Looked {
    /// It was asked.
    Answered(Look),
    /// It was not; why, in a sentence.
    NotAsked(String),
}

/// Opens the port of the redirect URI and closes it at once.
pub(super) fn ask_port(subject: &Subject) -> PortSeen {
    let needs_listener = subject.browser == Browser::System || subject.mode == ResponseMode::FormPost;
    let (true, Ok(uri)) = (needs_listener, &subject.redirect_uri) else { return PortSeen::NotNeeded };
    match Listener::probe(uri) {
        Ok(()) => PortSeen::Free(uri.loopback_port().unwrap_or_default()),
        Err(cause) => PortSeen::Refused { why: cause.to_string(), other: other_free(subject, uri) },
    }
}

/// Another redirect URI of the client whose port is free.
fn other_free(subject: &Subject, taken: &RedirectUri) -> Option<String> {
    let others = subject.client.redirect_uris.iter().filter_map(|uri| RedirectUri::parse(uri).ok());
    let mut others = others.filter(|uri| uri.is_loopback() && uri.loopback_port() != taken.loopback_port());
    others.find(|uri| Listener::probe(uri).is_ok()).map(|uri| uri.as_str().to_owned())
}

impl App {
    /// Asks the keyring for the client's secret, as the login would.
    pub(super) async fn ask_secret(&self, subject: &Subject) -> SecretSeen {
        if !subject.client.authentication(&subject.provider).needs_secret() {
            return SecretSeen::NotNeeded;
        }
        let Some(version) = subject.active_version() else {
            let lost =
                |version: &gatewright_model::SecretVersion| version.state == gatewright_model::SecretVersionState::Lost;
            return SecretSeen::Missing { lost: subject.versions.iter().any(lost) };
        };
        tokio::select! {
            secret = self.secret_of(&subject.client, &subject.provider, version) => match secret {
                Ok(secret) => SecretSeen::Got(secret),
                Err(failure) => SecretSeen::Withheld(failure),
            },
            () = self.0.clock.sleep(KEYRING_LIMIT) => SecretSeen::Late,
        }
    }

    /// Asks the authorization endpoint as a login would, unless the person has switched that off, and says through which proxy.
    pub(super) async fn ask_endpoint(&self, subject: &Subject) -> (Looked, Option<String>) {
        if let Some(why) = &subject.asks_not {
            return (Looked::NotAsked(why.clone()), None);
        }
        let Some(plan) = subject.plan() else {
            return (Looked::NotAsked("Not asked: nothing could be sent yet.".to_owned()), None);
        };
        let ports = self.ports_to(&subject.provider.id, Arc::new(NoBrowser));
        let proxy =
            Url::parse(&plan.bases.authorization).ok().and_then(|url| proxy_for(&url, |name| std::env::var(name).ok()));
        let looked = match look(&plan, &ports, LOOK_LIMIT).await {
            Ok(look) => Looked::Answered(look),
            Err(cause) => Looked::NotAsked(format!("Not asked: {}", failure::sentence(&cause))),
        };
        (looked, proxy)
    }
}
