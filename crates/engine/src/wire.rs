//! Sending requests, each once, and recording what came of them.

use gatewright_model::exchange::ExchangePurpose;
use gatewright_protocol::http::{HttpRequest, HttpResponse};
use tokio_util::sync::CancellationToken;

use crate::exchange;
use crate::known_secrets::KnownSecrets;
use crate::ports::{NoEntropy, Ports, SendError};
use crate::step::OpenStep;

/// The ports of one login or one operation on its tokens, and the secrets it has met.
pub(crate) struct Wire<'a> {
    pub(crate) ports: &'a Ports,
    pub(crate) cancel: &'a CancellationToken,
    pub(crate) secrets: KnownSecrets,
}

/// Why a request has no answer.
#[derive(Clone, Debug)]
pub(crate) enum Unanswered {
    /// The run was stopped meanwhile; the request may have arrived.
    Stopped,
    /// It failed.
    Failed(SendError),
}

impl<'a> Wire<'a> {
    pub(crate) fn new(ports: &'a Ports, cancel: &'a CancellationToken) -> Self {
        Self { ports, cancel, secrets: KnownSecrets::default() }
    }

    /// Sends a request once and records what came of it. Being stopped ends the wait at once, and nothing is recorded then.
    pub(crate) async fn send(
        &mut self,
        step: &mut OpenStep,
        purpose: ExchangePurpose,
        request: &HttpRequest,
    ) -> Result<HttpResponse, Unanswered> {
        self.send_until(self.cancel, step, purpose, request).await
    }

    /// The same, stopped by another token than that of the whole.
    pub(crate) async fn send_until(
        &mut self,
        cancel: &CancellationToken,
        step: &mut OpenStep,
        purpose: ExchangePurpose,
        request: &HttpRequest,
    ) -> Result<HttpResponse, Unanswered> {
        let Self { ports, secrets, .. } = self;
        let since = ports.clock.elapsed();
        let answering = async {
            tokio::select! {
                biased;
                () = cancel.cancelled() => None,
                result = ports.transport.send(request) => Some((result, ports.clock.elapsed())),
            }
        };
        // What is asked is written down while it is on its way.
        let recording = async { exchange::record_request(request, secrets) };
        let (answered, asked) = tokio::join!(biased; answering, recording);
        let Some((result, at)) = answered else { return Err(Unanswered::Stopped) };
        step.exchange(exchange::record(purpose, asked, &result, at.saturating_sub(since), secrets));
        result.map_err(Unanswered::Failed)
    }

    /// Random bytes for a state, a nonce, a verifier, the identifier of an assertion.
    pub(crate) fn random<const LENGTH: usize>(&self) -> Result<[u8; LENGTH], NoEntropy> {
        let mut random = [0; LENGTH];
        self.ports.entropy.fill(&mut random)?;
        Ok(random)
    }

    /// Now, in seconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        self.ports.clock.now().as_second()
    }
}
