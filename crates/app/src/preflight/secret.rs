//! Whether the secret is there, and looks like one. No sentence holds any part of it.

use gatewright_contract::preflight::PreflightFix;
use gatewright_contract::{Failure, FailureCode};
use gatewright_model::client_rules::{DraftField, check_draft};
use gatewright_protocol::Secret;

use super::item::Item;
use super::subject::Subject;

/// What came of asking for the secret.
pub(super) enum SecretSeen {
    /// The client has none, and needs none.
    NotNeeded,
    /// There is none.
    Missing {
        /// It was in memory only, and Gatewright has ended since.
        lost: bool,
    },
    /// The keyring gave it.
    Got(Secret),
    /// The keyring did not.
    Withheld(Failure),
    /// The keyring did not answer in time.
    Late,
}

pub(super) fn judge(subject: &Subject, seen: SecretSeen) -> Item {
    match seen {
        SecretSeen::NotNeeded => Item::good("This client proves itself without a secret."),
        SecretSeen::Missing { lost } => {
            let what = if lost {
                "This client's secret was only in memory and is gone."
            } else {
                "This client has no secret."
            };
            Item::problem(format!("{what} Paste it; the provider's page shows it."))
                .fix(PreflightFix::PasteSecret)
                .stops()
        }
        SecretSeen::Late => Item::problem("The keyring has not answered. Perhaps it waits for its password.")
            .fix(PreflightFix::OpenSettings),
        SecretSeen::Withheld(failure) => withheld(&failure),
        SecretSeen::Got(secret) => {
            let mut draft = subject.draft();
            draft.secret = Some(secret);
            let found = check_draft(&subject.provider, &draft);
            let found = found.iter().filter(|finding| finding.field == DraftField::Secret);
            Item::of_findings(
                found,
                "The keyring has it, and nothing was copied along with it.",
                PreflightFix::PasteSecret,
            )
        }
    }
}

fn withheld(failure: &Failure) -> Item {
    let sentence = match &failure.hint {
        Some(hint) => format!("{} {hint}", failure.message),
        None => failure.message.clone(),
    };
    let fix = match failure.code {
        FailureCode::SecretLost => PreflightFix::PasteSecret,
        FailureCode::ChangedOutside => PreflightFix::EditClient,
        _ => PreflightFix::OpenSettings,
    };
    Item::problem(sentence).fix(fix).stops()
}
