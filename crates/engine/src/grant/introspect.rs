//! Asking the server what it knows of a token (RFC 7662).

use gatewright_model::exchange::ExchangePurpose;
use gatewright_model::provider::Endpoint;
use gatewright_model::run::StepKind;
use gatewright_protocol::Secret;
use gatewright_protocol::introspection::{self, Introspection, IntrospectionDefect, IntrospectionResponse};
use tokio_util::sync::CancellationToken;

use super::{Errand, GrantEnd, GrantError, GrantPlan, hint, reference_kind, unanswered_words};
use crate::finding;
use crate::login::TokenKind;
use crate::oddities::of_form;
use crate::ports::Ports;
use crate::words::refusal_words;

/// What came of an introspection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IntrospectionOutcome {
    /// What the server knows, no member of it a secret.
    Known(Introspection),
    /// The server does not tell this client, which says nothing about the token.
    Refused,
    /// No answer, or none that can be used.
    Unknown,
}

/// Asks the server about a token.
///
/// # Errors
/// See [`GrantError`].
pub async fn introspect(
    plan: &GrantPlan,
    token: &Secret,
    kind: TokenKind,
    ports: &Ports,
    cancel: &CancellationToken,
) -> Result<GrantEnd<IntrospectionOutcome>, GrantError> {
    let mut errand = Errand::begin(plan, StepKind::Introspection, ports, cancel)?;
    let endpoint = errand.client.address(Endpoint::Introspection)?;
    let proof = errand.client.proof::<GrantError>(&errand.client.address(Endpoint::Token)?, &errand.wire)?;
    let reference = errand.wire.secrets.reference_for(reference_kind(kind), token.expose());
    let request = introspection::request(&endpoint, &proof, token, reference, hint(kind));
    let response = match errand.send(ExchangePurpose::Introspection, &request).await {
        Ok(response) => response,
        Err(unanswered) => return Ok(errand.fail(&unanswered_words(&unanswered), IntrospectionOutcome::Unknown)),
    };
    Ok(match IntrospectionResponse::read(&response) {
        IntrospectionResponse::Known(known) => errand.told(known),
        IntrospectionResponse::Refused(refusal) => {
            errand.step.finding(finding::refused("introspection_refused", &refusal));
            let sentence = format!("The server does not tell this client: {}", refusal_words(&refusal));
            errand.fail(&sentence, IntrospectionOutcome::Refused)
        }
        IntrospectionResponse::Malformed(defect) => {
            errand.step.finding(of_defect(&defect));
            errand.fail(&format!("The answer cannot be used: {defect}"), IntrospectionOutcome::Unknown)
        }
    })
}

impl Errand<'_> {
    fn told(mut self, mut known: Introspection) -> GrantEnd<IntrospectionOutcome> {
        self.step.findings(of_form(&self.client.provider.dialect, &known.oddities));
        // A server may repeat the token; nobody shall read it there.
        for (_, text) in &mut known.members {
            *text = self.wire.secrets.plain(text);
        }
        let sentence = if known.active { "The token is active" } else { "The token is not active" };
        self.pass(sentence, IntrospectionOutcome::Known(known))
    }
}

fn of_defect(defect: &IntrospectionDefect) -> gatewright_model::run::Finding {
    match defect {
        IntrospectionDefect::Answer(defect) => finding::of_answer(defect),
        other => finding::plain(
            other.code(),
            other.field(),
            crate::codes::says(other.code()).unwrap_or("The answer cannot be used."),
            "The answer is believed neither way: in many languages the text \"false\" counts as true.",
            "true or false (RFC 7662 §2.2)",
            &other.to_string(),
        ),
    }
}
