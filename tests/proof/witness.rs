//! Who sees every secret that goes over the wire, so that it can be looked for afterwards where it must not be.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use gatewright_engine::ports::{PortFuture, SendError, Transport};
use gatewright_engine::transport::HttpTransport;
use gatewright_protocol::http::{HttpRequest, HttpResponse};
use gatewright_testkit::Canary;
use tracing_subscriber::fmt::MakeWriter;

/// Parameters and members whose values nobody may find in a record.
const SECRET: [&str; 10] = [
    "access_token",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "id_token",
    "id_token_hint",
    "refresh_token",
    "registration_access_token",
    "response",
];
/// Of anything longer the beginning is enough to be found.
const LONGEST: usize = 64;
/// Anything shorter is found by accident.
const SHORTEST: usize = 16;
/// Bytes of a body that are looked through.
const LOOKED_THROUGH: usize = 64 << 10;

/// The secrets seen so far. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Arc<Mutex<Vec<String>>>);

impl Secrets {
    /// Takes in a secret: the longest part of it that every encoding leaves alone. Of a JWT only the signature is one, for the rest
    /// may be shown.
    pub(crate) fn add(&self, secret: &str) {
        let last = secret.rsplit('.').next().unwrap_or_default();
        let runs = last.split(|character: char| !character.is_ascii_alphanumeric());
        let longest = runs.max_by_key(|run| run.len()).unwrap_or_default();
        let found = &longest[..longest.len().min(LONGEST)];
        let mut secrets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if found.len() >= SHORTEST && !secrets.iter().any(|known| known == found) {
            secrets.push(found.to_owned());
        }
    }

    /// Takes in what is secret in an address, a form or a JSON text.
    pub(crate) fn add_from(&self, text: &str) {
        for name in SECRET {
            for rest in text.split(&format!("{name}=")).skip(1) {
                self.add(rest.split(['&', '#', ' ', '\n']).next().unwrap_or_default());
            }
            for rest in text.split(&format!("\"{name}\":\"")).skip(1) {
                self.add(rest.split('"').next().unwrap_or_default());
            }
        }
    }

    /// Every secret that stands in a text, with the form in which it stands there.
    pub(crate) fn traces_in(&self, text: &str) -> Vec<String> {
        let secrets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = secrets.iter().flat_map(|secret| {
            let traces = Canary::of(secret).traces_in(text.as_bytes());
            traces.into_iter().map(move |form| format!("{secret} ({form})"))
        });
        found.collect()
    }
}

/// The engine's transport, watched.
pub(crate) struct Witness {
    pub(crate) transport: HttpTransport,
    pub(crate) secrets: Secrets,
}

impl Transport for Witness {
    fn send<'a>(&'a self, request: &'a HttpRequest) -> PortFuture<'a, Result<HttpResponse, SendError>> {
        Box::pin(async move {
            if let Some(body) = &request.body {
                self.secrets.add_from(&String::from_utf8_lossy(&body.write().bytes));
            }
            let response = self.transport.send(request).await?;
            let looked_through = &response.body[..response.body.len().min(LOOKED_THROUGH)];
            self.secrets.add_from(&String::from_utf8_lossy(looked_through));
            Ok(response)
        })
    }
}

/// Everything that is logged on this thread, the sandbox's words included.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}
