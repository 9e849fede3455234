//! The token request of a login: a code is exchanged for tokens, or for the identity itself.

use gatewright_model::exchange::ExchangePurpose;
use gatewright_model::run::{StepKind, TokenSummary};
use gatewright_protocol::Secret;
use gatewright_protocol::answer::AnswerDefect;
use gatewright_protocol::http::HttpResponse;
use gatewright_protocol::identity::Person;
use gatewright_protocol::pkce::CodeVerifier;
use gatewright_protocol::token::{IssuedTokens, TokenResponse};

use super::course::{Course, Stop};
use super::plan::Addresses;
use super::{LoginError, TokenKind, ending, rules, token_findings};
use crate::finding;
use crate::oddities::of_form;
use crate::step::OpenStep;

/// What a code was exchanged for.
pub(super) enum Exchanged {
    Tokens(IssuedTokens),
    Person(Person),
}

impl Course<'_> {
    /// Sends the code to the token endpoint, once, and judges the answer.
    pub(super) async fn redeem(
        &mut self,
        addresses: &Addresses,
        code: &Secret,
        verifier: Option<&CodeVerifier>,
    ) -> Result<Exchanged, Stop> {
        let mut step = self.begin(StepKind::TokenRequest).await?;
        let proof = self.plan.registered().proof::<LoginError>(&addresses.token, &self.wire)?;
        let request = rules::token_request(self.plan, addresses, &proof, code, verifier)?;
        let answer = self.send(&mut step, ExchangePurpose::Token, &request, ending::token_unreachable).await;
        let response = match answer {
            Ok(response) => response,
            Err(ending) => return Err(self.fail(step, ending).await),
        };
        let dialect = &self.plan.provider.dialect;
        match TokenResponse::read(&response, &rules::token_rules(dialect)) {
            TokenResponse::Issued(tokens) => self.take_tokens(step, tokens, &response).await,
            TokenResponse::Identity(document, oddities) => {
                step.findings(of_form(dialect, &oddities));
                match Person::read(&document, &rules::identity_rules(dialect)) {
                    Ok(person) => {
                        self.pass(step, "The answer is the identity itself; there is no token").await?;
                        Ok(Exchanged::Person(person))
                    }
                    Err(defect) => Err(self.unusable_token_answer(step, &defect).await),
                }
            }
            TokenResponse::Refused(refusal) => {
                step.finding(finding::refused("token_refused", &refusal));
                Err(self.fail(step, ending::token_refused(&refusal, self.plan)).await)
            }
            TokenResponse::Malformed(defect) => Err(self.unusable_token_answer(step, &defect).await),
        }
    }

    async fn unusable_token_answer(&mut self, mut step: OpenStep, defect: &AnswerDefect) -> Stop {
        step.finding(finding::of_answer(defect));
        self.fail(step, ending::token_malformed(defect, self.plan)).await
    }

    async fn take_tokens(
        &mut self,
        mut step: OpenStep,
        tokens: IssuedTokens,
        response: &HttpResponse,
    ) -> Result<Exchanged, Stop> {
        step.findings(token_findings::of_tokens(self.plan, &tokens, response, self.wire.now()));
        let issued = [
            (TokenKind::Access, Some(&tokens.access_token)),
            (TokenKind::Refresh, tokens.refresh_token.as_ref()),
            (TokenKind::Id, tokens.id_token.as_ref()),
        ];
        self.to_seal = issued.into_iter().filter_map(|(kind, token)| Some((kind, token?.clone()))).collect();
        self.tokens = Some(TokenSummary {
            issued: self.to_seal.iter().map(|(kind, _)| kind.as_str().to_owned()).collect(),
            token_type: tokens.token_type.clone(),
            expires_in: tokens.expires_in,
            refresh_expires_in: tokens.refresh_expires_in,
            scope: tokens.scope.as_deref().map(|scope| self.wire.secrets.plain(scope)),
        });
        let sentence = tokens.expires_in.map_or_else(
            || "Token issued, but it never expires".to_owned(),
            |seconds| format!("Token issued, good for {seconds} seconds"),
        );
        self.pass(step, &sentence).await?;
        Ok(Exchanged::Tokens(tokens))
    }
}
