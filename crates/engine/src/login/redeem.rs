//! The token request of a login: a code is exchanged for tokens, or for the identity itself.

use gatewright_model::exchange::ExchangePurpose;
use gatewright_model::run::{StepKind, TokenSummary};
use gatewright_protocol::Secret;
use gatewright_protocol::answer::AnswerDefect;
use gatewright_protocol::http::HttpResponse;
use gatewright_protocol::identity::Person;
use gatewright_protocol::pkce::CodeVerifier;
use gatewright_protocol::token::{IssuedTokens, TokenResponse};

use super::course::{Begun, Course, Stop};
use super::plan::Addresses;
use super::{TokenKind, ending, finding, rules, token_findings};

/// What a code was exchanged for.
pub(super) enum Exchanged {
    Token(Secret),
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
        let mut begun = self.begin(StepKind::TokenRequest).await?;
        let request = rules::token_request(self.plan, addresses, code, verifier);
        let response = match self.send(&mut begun, ExchangePurpose::Token, &request).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(self.fail(begun, ending::token_unreachable(&error, self.plan)).await),
            Err(ending) => return Err(self.fail(begun, ending).await),
        };
        let dialect = &self.plan.provider.dialect;
        match TokenResponse::read(&response, &rules::token_rules(dialect)) {
            TokenResponse::Issued(tokens) => self.take_tokens(begun, tokens, &response).await,
            TokenResponse::Identity(document, oddities) => {
                begun.findings(token_findings::of_form(self.plan, &oddities));
                match Person::read(&document, &rules::identity_rules(dialect)) {
                    Ok(person) => {
                        self.pass(begun, "The answer is the identity itself; there is no token").await?;
                        Ok(Exchanged::Person(person))
                    }
                    Err(defect) => Err(self.unusable_token_answer(begun, &defect).await),
                }
            }
            TokenResponse::Refused(refusal) => {
                let received = ending::refusal_words(&refusal);
                let advice = "The server's own words stand on the right; the whole answer stands in the exchange.";
                begun.finding(finding::plain(
                    "token_refused",
                    "error",
                    "The token request was refused.",
                    advice,
                    "200",
                    &received,
                ));
                Err(self.fail(begun, ending::token_refused(&refusal, self.plan)).await)
            }
            TokenResponse::Malformed(defect) => Err(self.unusable_token_answer(begun, &defect).await),
        }
    }

    async fn unusable_token_answer(&mut self, mut begun: Begun, defect: &AnswerDefect) -> Stop {
        begun.finding(finding::of_answer(defect));
        self.fail(begun, ending::token_malformed(defect, self.plan)).await
    }

    async fn take_tokens(
        &mut self,
        mut begun: Begun,
        tokens: IssuedTokens,
        response: &HttpResponse,
    ) -> Result<Exchanged, Stop> {
        begun.findings(token_findings::of_tokens(self.plan, &tokens, response));
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
            scope: tokens.scope.as_deref().map(|scope| self.secrets.plain(scope)),
        });
        let sentence = tokens.expires_in.map_or_else(
            || "Token issued, but it never expires".to_owned(),
            |seconds| format!("Token issued, good for {seconds} seconds"),
        );
        self.pass(begun, &sentence).await?;
        Ok(Exchanged::Token(tokens.access_token))
    }
}
