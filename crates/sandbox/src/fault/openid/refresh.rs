//! RF: what a refresh brings.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::super::answer::Finished;
use super::super::inject::Context;
use super::super::token::Members;
use super::super::wire::WireFault;
use super::claims;
use super::id_token::IdToken;

/// Bends the answer to a refresh; says whether the fault really happened.
pub(super) async fn bend(context: &Context<'_>, answer: &mut Finished) -> bool {
    let Some(presented) = context.occasion.body.text("refresh_token") else { return false };
    match context.fault {
        "RF-01" => spend(context, presented),
        "RF-02" => return change(answer, |members| members.set("refresh_token", Value::from(presented).to_string())),
        "RF-03" => return change(answer, |members| members.remove("refresh_token")),
        "RF-04" => {
            spend(context, presented);
            answer.write_by(WireFault { fault: context.fault, variant: context.variant, pause: Duration::ZERO });
        }
        "RF-05" => {
            let refusal = json!({"error": "invalid_grant", "error_description": "Token is not active"});
            answer.replace(StatusCode::BAD_REQUEST, "application/json", refusal.to_string());
        }
        "RF-06" => {
            return change(answer, |members| {
                let scope = members.text("scope").unwrap_or_default();
                members.set("scope", Value::from(scope + " admin").to_string());
            });
        }
        "RF-07" => return other_id_token(context, answer).await.is_some(),
        "RF-08" => {
            spend(context, presented);
            answer.replace(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", "Internal Server Error");
        }
        _ => {
            let seconds = if context.variant == "one" { "1" } else { "0" };
            return change(answer, |members| members.set("expires_in", seconds));
        }
    }
    true
}

/// The refresh token that was presented is used up, whatever the app gets to know of it.
fn spend(context: &Context<'_>, presented: &str) {
    context.server.grants(context.occasion.twin).use_refresh(presented);
}

fn change(answer: &mut Finished, change: impl FnOnce(&mut Members)) -> bool {
    let Some(mut members) = Members::read(answer) else { return false };
    change(&mut members);
    members.write(answer);
    true
}

/// RF-07.
async fn other_id_token(context: &Context<'_>, answer: &mut Finished) -> Option<()> {
    let mut members = Members::read(answer)?;
    let mut token = IdToken::open(context.server, &members).await?;
    claims::refreshed(&mut token.claims, context.variant);
    members.set("id_token", Value::from(token.signed()?).to_string());
    members.write(answer);
    Some(())
}
