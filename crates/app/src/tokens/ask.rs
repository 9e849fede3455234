//! Revoking a token, asking what it is worth, and asking who it speaks of.

use std::sync::Arc;

use gatewright_contract::Failure;
use gatewright_contract::run::{RunDetail, RunRef, TokenRef};
use gatewright_contract::token::TokenActionKind;
use gatewright_engine::grant::{LoginSubject, RevocationOutcome, introspect, revoke, userinfo};
use gatewright_engine::login::TokenKind;
use gatewright_protocol::jwt_view::JwtView;

use super::{Holder, kind_of};
use crate::login::NoBrowser;
use crate::{App, failure};

/// What came of asking for a revocation.
pub(crate) struct Revocation {
    /// The run with the step in it.
    run: RunDetail,
    /// Why the token may be as good as before, in one sentence; none when it is good no more.
    pub(crate) doubt: Option<String>,
}

impl App {
    /// Revokes a token of a run. With its refresh token the grant is over.
    pub(crate) async fn revoke_token(&self, request: TokenRef) -> Result<RunDetail, Failure> {
        self.revocation_of(request).await.map(|revocation| revocation.run)
    }

    /// Revokes a token of a run, and says whether it is good no more.
    pub(crate) async fn revocation_of(&self, request: TokenRef) -> Result<Revocation, Failure> {
        let app = self.clone();
        self.to_the_end(async move { app.revoke(&request).await }).await
    }

    async fn revoke(&self, request: &TokenRef) -> Result<Revocation, Failure> {
        let kind = kind_of(&request.token)?;
        let holder = self.holder(&request.run).await?;
        holder.refuse_unless(TokenActionKind::Revoke, Some(&request.token))?;
        let plan = self.plan_of(&holder).await?;
        let token = self.token_to_send(&holder, &request.token).await?;
        let ports = self.ports_to(&holder.provider.id, Arc::new(NoBrowser));
        let end =
            revoke(&plan, &token, kind, &ports, &self.0.ending).await.map_err(|cause| failure::of_grant(&cause))?;
        let is_gone = matches!(end.outcome, RevocationOutcome::Revoked | RevocationOutcome::NotKnown);
        let doubt = (!is_gone).then(|| format!("{}.", end.step.sentence.trim_end_matches('.')));
        let ended = holder.grant.filter(|_| is_gone && kind == TokenKind::Refresh).map(|grant| grant.id);
        let run = self.append_step(&holder.run.id, end.step, ended).await?;
        Ok(Revocation { run, doubt })
    }

    /// Asks the provider what a token of a run is worth.
    pub(crate) async fn introspect_token(&self, request: TokenRef) -> Result<RunDetail, Failure> {
        let kind = kind_of(&request.token)?;
        let holder = self.holder(&request.run).await?;
        holder.refuse_unless(TokenActionKind::Introspect, Some(&request.token))?;
        let plan = self.plan_of(&holder).await?;
        let token = self.token_to_send(&holder, &request.token).await?;
        let ports = self.ports_to(&holder.provider.id, Arc::new(NoBrowser));
        let end = introspect(&plan, &token, kind, &ports, &self.0.ending).await;
        let end = end.map_err(|cause| failure::of_grant(&cause))?;
        self.append_step(&holder.run.id, end.step, None).await
    }

    /// Asks again who the access token of a run speaks of.
    pub(crate) async fn ask_identity(&self, request: RunRef) -> Result<RunDetail, Failure> {
        let holder = self.holder(&request.run).await?;
        holder.refuse_unless(TokenActionKind::Userinfo, None)?;
        let plan = self.plan_of(&holder).await?;
        let of_id_token = self.login_subject(&holder).await?;
        let subject = match (&of_id_token, &holder.run.identity) {
            (Some(subject), _) => LoginSubject::OfIdToken(subject),
            (None, Some(identity)) => LoginSubject::OfIdentity(&identity.subject),
            (None, None) => LoginSubject::NotTold,
        };
        let token = self.token_to_send(&holder, "access_token").await?;
        let ports = self.ports_to(&holder.provider.id, Arc::new(NoBrowser));
        let end = userinfo(&plan, &token, subject, &ports, &self.0.ending).await;
        let end = end.map_err(|cause| failure::of_grant(&cause))?;
        self.append_step(&holder.run.id, end.step, None).await
    }

    /// Who the login's ID token speaks of; none for a login without OpenID Connect.
    async fn login_subject(&self, holder: &Holder) -> Result<Option<String>, Failure> {
        if holder.provider.openid.is_none() {
            return Ok(None);
        }
        let Some(token) = self.login_id_token(holder).await? else { return Ok(None) };
        let JwtView::Signed(decoded) = JwtView::of(token.expose()) else { return Ok(None) };
        Ok(decoded.claims.into_iter().find(|(name, _)| name == "sub").map(|(_, subject)| subject))
    }
}
