//! Refreshing tokens, each refresh token sent at most once without a person's decision.

use std::sync::Arc;

use gatewright_contract::Failure;
use gatewright_contract::run::RunDetail;
use gatewright_contract::token::TokenRefresh;
use gatewright_engine::grant::{RefreshOutcome, RefreshPlan, refresh};
use gatewright_model::grant::Consent;
use gatewright_model::{AttemptId, Grant, GrantState, RotationIntent};
use gatewright_protocol::Secret;

use super::Holder;
use super::ledger::GrantLedger;
use crate::login::NoBrowser;
use crate::{App, failure};

impl App {
    /// Refreshes the tokens of a run. What came of it is a step of the run, whatever became of whoever asked for it.
    pub(crate) async fn refresh_tokens(&self, request: TokenRefresh) -> Result<RunDetail, Failure> {
        let app = self.clone();
        self.to_the_end(async move { app.refresh_once(&request).await }).await
    }

    async fn refresh_once(&self, request: &TokenRefresh) -> Result<RunDetail, Failure> {
        self.refuse_older_database().await?;
        let mut holder = self.holder(&request.run).await?;
        let grant = grant_of(&holder)?;
        if self.0.unstored.has(&grant.id) {
            self.store_unstored(&grant.id).await?;
            holder = self.holder(&request.run).await?;
        }
        let grant = grant_of(&holder)?;
        refuse_state(&grant, request.try_once_more)?;
        let refresh_token = self.token_to_send(&holder, "refresh_token").await?;
        let ledger = Arc::new(self.ledger(&holder, &grant, &refresh_token, request.try_once_more)?);
        let plan = RefreshPlan {
            client: self.plan_of(&holder).await?,
            refresh_token,
            granted_scopes: granted_scopes(&holder),
            scopes: Vec::new(),
            id_token: self.login_id_token(&holder).await?,
            // A person asks for every one of them.
            refreshed_at: None,
        };
        let ending = self.0.ending.child_token();
        let end = refresh(plan, self.ports_to(&holder.provider.id, Arc::new(NoBrowser)), ledger, ending).await;
        let end = end.map_err(|cause| failure::of_grant(&cause))?;
        match end.outcome {
            RefreshOutcome::NotBegun(refusal) => Err(failure::of_begin(&refusal)),
            RefreshOutcome::TooSoon { wait } => Err(failure::too_soon(wait)),
            _ => self.append_step(&holder.run.id, end.step, None).await,
        }
    }

    fn ledger(
        &self,
        holder: &Holder,
        grant: &Grant,
        refresh_token: &Secret,
        try_once_more: bool,
    ) -> Result<GrantLedger, Failure> {
        let intent = RotationIntent {
            grant: grant.id.clone(),
            version: grant.version,
            fingerprint: self.0.vault.fingerprint(refresh_token).map_err(failure::of_vault)?,
            attempt: AttemptId::new(self.new_id()?),
            instance: self.0.instance.clone(),
            started_at: self.now(),
        };
        Ok(GrantLedger {
            app: self.clone(),
            intent,
            consent: if try_once_more { Consent::Given } else { Consent::NotAsked },
            client: holder.client.id.clone(),
            destination: self.destination(&holder.client, &holder.provider),
        })
    }
}

fn grant_of(holder: &Holder) -> Result<Grant, Failure> {
    holder.grant.clone().ok_or_else(|| failure::invalid("run", "This login gave no refresh token."))
}

fn refuse_state(grant: &Grant, try_once_more: bool) -> Result<(), Failure> {
    match grant.state {
        GrantState::Ambiguous if !try_once_more => Err(failure::grant_ambiguous()),
        GrantState::Lost | GrantState::Ended => Err(failure::grant_over()),
        GrantState::Live | GrantState::Ambiguous => Ok(()),
    }
}

/// The scopes of the login: as the server wrote them, else as they were asked for (RFC 6749 §5.1).
fn granted_scopes(holder: &Holder) -> Vec<String> {
    let asked = || {
        let sent = holder.steps.iter().flat_map(|step| &step.exchanges).flat_map(|exchange| &exchange.request.query);
        sent.into_iter().find(|field| field.name == "scope").map(|field| field.value.to_plain())
    };
    let granted = holder.run.tokens.as_ref().and_then(|tokens| tokens.scope.clone()).or_else(asked).unwrap_or_default();
    granted.split([' ', ',']).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}
