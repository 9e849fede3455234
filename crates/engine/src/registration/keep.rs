//! Putting away what a server has issued, before anything else happens.

use gatewright_model::exchange::ExchangePurpose;
use gatewright_protocol::Secret;
use gatewright_protocol::http::{HttpRequest, HttpResponse};
use gatewright_protocol::registration::{BearerToken, IssuedCredentials};
use tokio_util::sync::CancellationToken;

use super::NotStored;
use crate::errand::{Errand, unanswered_words};
use crate::finding;
use crate::ports::PortFuture;
use crate::wire::Unanswered;

/// Puts away what a server has issued, durably: what it says is kept survives the end of the program.
///
/// It is called with every answer that holds a secret, a token or a client that was not known before, and nothing of that answer is
/// looked at until it is done.
pub trait CredentialKeeper: Send + Sync {
    /// Puts away what is new. Values that are not there were not issued, and say nothing about those that are kept.
    fn keep<'a>(&'a self, new: &'a IssuedCredentials) -> PortFuture<'a, Result<(), NotStored>>;
}

/// What goes to the keeper, and how it is found.
pub(crate) struct Keeping<'a> {
    pub(crate) known: &'a IssuedCredentials,
    pub(crate) keeper: &'a dyn CredentialKeeper,
    /// Reads what was issued out of any answer.
    pub(crate) find: fn(&HttpResponse) -> IssuedCredentials,
}

/// What became of a request.
pub(crate) enum Sent {
    /// An answer, from which everything new has gone to the keeper already.
    Answered {
        response: HttpResponse,
        /// What the keeper could not put away.
        unkept: Option<IssuedCredentials>,
    },
    /// It never left; why, in words.
    Not(String),
    /// It may have arrived; why there is no answer, in words.
    Perhaps(String),
}

impl<C> Errand<'_, C> {
    /// A token for a request, under a reference of this kind.
    pub(crate) fn bearer(&mut self, kind: &str, token: &Secret) -> BearerToken {
        BearerToken { token: token.clone(), reference: self.wire.secrets.reference_for(kind, token.expose()) }
    }

    /// Sends a request that may change something at the provider, once, and puts away what comes back. Being stopped counts before it is
    /// sent only: an answer that nobody waits for could hold the one copy of a secret.
    pub(crate) async fn send_and_keep(&mut self, request: &HttpRequest, keeping: &Keeping<'_>) -> Sent {
        if self.wire.cancel.is_cancelled() {
            return Sent::Not("You stopped it before anything was sent".to_owned());
        }
        let answer = self.send_unstopped(request).await;
        let response = match answer {
            Ok(response) => response,
            Err(Unanswered::Failed(error)) if !error.may_have_arrived() => {
                return Sent::Not(format!("Nothing was sent: {error}"));
            }
            Err(unanswered) => return Sent::Perhaps(unanswered_words(&unanswered)),
        };
        let new = (keeping.find)(&response).beyond(keeping.known);
        if new.is_empty() {
            return Sent::Answered { response, unkept: None };
        }
        let unkept = match keeping.keeper.keep(&new).await {
            Ok(()) => None,
            Err(why) => {
                self.step.finding(finding::not_kept(&why));
                Some(new)
            }
        };
        Sent::Answered { response, unkept }
    }

    async fn send_unstopped(&mut self, request: &HttpRequest) -> Result<HttpResponse, Unanswered> {
        let never = CancellationToken::new();
        self.wire.send_until(&never, &mut self.step, ExchangePurpose::ClientManagement, request).await.inspect_err(
            |unanswered| {
                if let Unanswered::Failed(error) = unanswered {
                    self.step.finding(finding::unreachable(error));
                }
            },
        )
    }
}
