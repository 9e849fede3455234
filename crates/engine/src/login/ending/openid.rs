//! Endings that only an OpenID Connect login has.

use gatewright_model::run::{EndReason, Ending};
use gatewright_protocol::id_token::IdTokenJudgement;
use gatewright_protocol::metadata::MetadataDefect;
use gatewright_protocol::userinfo::UserinfoDefect;

use super::{after_defect, ending, reach, unreachable};
use crate::login::LoginPlan;
use crate::ports::SendError;

pub(in crate::login) fn metadata_unreachable(error: &SendError, plan: &LoginPlan) -> Ending {
    let ending =
        unreachable("metadata", error, format!("Nothing was sent that is worth stealing. {}", reach(error, plan)));
    match ending.reason {
        EndReason::CertificateRefused => ending,
        _ => Ending { reason: EndReason::MetadataRejected, ..ending },
    }
}

pub(in crate::login) fn metadata_rejected(defect: &MetadataDefect, plan: &LoginPlan) -> Ending {
    let next = match defect {
        MetadataDefect::OtherIssuer { expected, .. } => format!(
            "Compare {expected}, the base URL in the provider's profile, letter by letter with the issuer that the provider names."
        ),
        MetadataDefect::Answer(defect) => after_defect(defect, "discovery"),
        MetadataDefect::Absent(_) => {
            "Is the base URL in the provider's profile its issuer? The document is looked for below it.".to_owned()
        }
        MetadataDefect::NotAnObject | MetadataDefect::Members(_) => {
            "Open the exchange to see the document, and report it to whoever runs the provider.".to_owned()
        }
    };
    ending(
        EndReason::MetadataRejected,
        format!("{}'s metadata are not to be believed: {defect}. Nothing else was sent.", plan.provider.name),
        next,
    )
}

pub(in crate::login) fn endpoints_moved(plan: &LoginPlan) -> Ending {
    ending(
        EndReason::MetadataRejected,
        format!(
            "{}'s metadata name another place for secrets or keys than the profile. Nothing else was sent.",
            plan.provider.name
        ),
        "Look at the difference. If the provider has moved, accept the new address in its profile; then log in again.",
    )
}

pub(in crate::login) fn id_token_missing(plan: &LoginPlan) -> Ending {
    ending(
        EndReason::IdTokenRejected,
        format!("{} issued no ID token although openid was asked.", plan.provider.name),
        "No token was kept. Ask the provider whether openid is enabled for this client, or log in without the scope openid.",
    )
}

pub(in crate::login) fn id_token_rejected(judgement: &IdTokenJudgement, plan: &LoginPlan) -> Ending {
    let what = match (judgement.signature.defects.first(), judgement.claim_defects.len()) {
        (Some(defect), 0) => defect.to_string(),
        (Some(defect), _) => format!("{defect}, and claims are wrong as well"),
        (None, 1) => format!("it is well signed, but {} is wrong", judgement.claim_defects[0].field),
        (None, count) => format!("it is well signed, but {count} claims are wrong"),
    };
    ending(
        EndReason::IdTokenRejected,
        format!("The ID token is not to be believed: {what}."),
        format!(
            "Who logged in is unknown, and the tokens may be somebody else's: none was kept. Open the step to see what differs, and report it to whoever runs {}.",
            plan.provider.name
        ),
    )
}

pub(in crate::login) fn userinfo_rejected(defect: &UserinfoDefect, plan: &LoginPlan) -> Ending {
    let next = match defect {
        UserinfoDefect::Answer(defect) => after_defect(defect, "identity"),
        UserinfoDefect::OtherSubject { .. } => {
            "An access token of somebody else may have been slipped in. Do not use the tokens; log in again.".to_owned()
        }
        _ => "Open the exchange to see the answer, and report it to whoever runs the provider.".to_owned(),
    };
    ending(
        EndReason::IdentityMalformed,
        format!("{}'s answer to the identity request cannot be used: {defect}.", plan.provider.name),
        next,
    )
}
