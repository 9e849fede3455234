//! The tokens that a login has just given: sealed, and with what was granted.

use gatewright_contract::Failure;
use gatewright_engine::login::TokenKind;
use gatewright_model::client::SecretDestination;
use gatewright_model::{Grant, GrantId, GrantState, Outcome, Run};
use gatewright_protocol::Secret;
use gatewright_store::sealed_token::{self, SealedToken};
use gatewright_store::versioned_token::TokenPlace;
use gatewright_store::{StoreError, Transaction, grant};
use jiff::SignedDuration;

use crate::App;

/// What a login leaves for later.
#[derive(Default)]
pub(crate) struct LoginTokens {
    sealed: Vec<SealedToken>,
    grant: Option<Grant>,
}

impl LoginTokens {
    /// Writes them down, in the transaction that ends the run.
    pub(crate) fn record(&self, tx: &Transaction<'_>, run: &Run) -> Result<(), StoreError> {
        self.sealed.iter().try_for_each(|token| sealed_token::put(tx, &run.id, token))?;
        if let Some(grant) = &self.grant {
            grant::start(tx, grant)?;
        }
        Ok(())
    }

    /// What was granted, when there is a refresh token to go with it.
    pub(crate) const fn grant(&self) -> Option<&Grant> {
        self.grant.as_ref()
    }

    /// The names of the tokens.
    pub(crate) fn names(&self) -> Vec<String> {
        self.sealed.iter().map(|token| token.name.clone()).collect()
    }
}

impl App {
    /// Seals the tokens of a login. They may be sent to where this login went, and nowhere else.
    pub(crate) fn login_tokens(
        &self,
        run: &Run,
        tokens: Vec<(TokenKind, Secret)>,
        destination: &SecretDestination,
    ) -> Result<LoginTokens, Failure> {
        let place = TokenPlace::Run(run.id.clone());
        let mut kept = LoginTokens::default();
        for (kind, token) in tokens {
            match self.seal_token(&token, kind.as_str(), &place, &run.client, destination) {
                Ok(token) => kept.sealed.push(token),
                Err(cause) => tracing::warn!(run = %run.id, %cause, "a token was not kept"),
            }
        }
        let can_refresh = kept.sealed.iter().any(|token| token.name == TokenKind::Refresh.as_str());
        if can_refresh && matches!(run.outcome, Outcome::LoggedIn { .. }) {
            kept.grant = Some(self.new_grant(run)?);
        }
        Ok(kept)
    }

    fn new_grant(&self, run: &Run) -> Result<Grant, Failure> {
        let now = self.now();
        let after = |seconds: u64| now.checked_add(SignedDuration::from_secs(i64::try_from(seconds).ok()?)).ok();
        let tokens = run.tokens.clone().unwrap_or_default();
        Ok(Grant {
            id: GrantId::new(self.new_id()?),
            run: run.id.clone(),
            client: run.client.clone(),
            state: GrantState::Live,
            version: 1,
            access_expires_at: tokens.expires_in.and_then(after),
            // Keycloak writes 0 for a refresh token that does not expire.
            refresh_expires_at: tokens.refresh_expires_in.filter(|seconds| *seconds > 0).and_then(after),
            created_at: now,
            refreshed_at: None,
        })
    }
}
