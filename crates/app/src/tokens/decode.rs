//! Looking into a token without believing it.

use gatewright_contract::Failure;
use gatewright_contract::run::TokenRef;
use gatewright_contract::token::JwtDetail;
use gatewright_model::run::{StepKind, StepStatus};
use gatewright_model::{RunId, Step};
use gatewright_protocol::jwt_view::JwtView;
use gatewright_store::run;

use super::kind_of;
use crate::show::token as show;
use crate::{App, failure};

impl App {
    /// What a token of a run holds. Nothing is sent; the token itself stays here.
    pub(crate) async fn decode_token(&self, request: TokenRef) -> Result<JwtDetail, Failure> {
        kind_of(&request.token)?;
        let id = RunId::new(&request.run);
        let token = self.token_of_run(&id, &request.token).await?;
        let opened = self.store()?.read(move |db| run::open(db, &id)).await.map_err(failure::of_store)?;
        let verified = request.token == "id_token" && is_verified(&opened.steps);
        Ok(show::jwt(&request.token, JwtView::of(token.expose()), verified))
    }
}

/// Whether the newest ID token was verified when it came. One that a refresh brought is kept only if it was.
fn is_verified(steps: &[Step]) -> bool {
    let judged = steps.iter().find(|step| step.kind == StepKind::IdToken);
    judged.is_some_and(|step| {
        let is_about_signature =
            |code: &str| ["jws_", "jwe_", "key_", "id_token_unverified"].iter().any(|start| code.starts_with(start));
        step.status != StepStatus::Failed && !step.findings.iter().any(|finding| is_about_signature(&finding.code))
    })
}
