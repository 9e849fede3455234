//! What a person has to do on the provider's page, line by line.

use gatewright_contract::rotation::RotationGuideLine;
use gatewright_model::rotation::{Driver, RotationStep, Strategy};

use super::show::Sight;

/// The lines for the step that is next; none where nobody has to do anything at the provider.
pub(super) fn of(sight: &Sight<'_>) -> Vec<RotationGuideLine> {
    let rotation = sight.rotation;
    if rotation.driver != Driver::ByHand {
        return Vec::new();
    }
    match rotation.step() {
        Some(RotationStep::ObtainNew) => obtain(sight),
        Some(RotationStep::Promote) if rotation.strategy == Strategy::Staged => {
            vec![
                line("Make the provider change over to the new secret."),
                line("Come back here and promote it at once."),
            ]
        }
        Some(RotationStep::RetireOld) => retire(sight),
        _ => Vec::new(),
    }
}

fn line(text: impl Into<String>) -> RotationGuideLine {
    RotationGuideLine { text: text.into(), copy: None, page: None }
}

fn copying(text: impl Into<String>, copy: impl Into<String>) -> RotationGuideLine {
    RotationGuideLine { copy: Some(copy.into()), ..line(text) }
}

fn obtain(sight: &Sight<'_>) -> Vec<RotationGuideLine> {
    let form = &sight.provider.client_form;
    let (noun, page) = (&form.noun.value, &form.page.value);
    match sight.rotation.strategy {
        Strategy::ReplaceClient => {
            let mut all = vec![line(format!("Go to the provider: {page}"))];
            let name = if form.name_unique.value {
                "Give it another name than the first one; names are unique"
            } else {
                "Its name"
            };
            all.push(copying(format!("{name}:"), &sight.client.name));
            all.extend(sight.client.redirect_uris.iter().map(|uri| copying("Redirect URI, exactly so:", uri)));
            all.push(line(format!(
                "Make the {noun}, and paste its ID and its secret here. Leave the first one as it is."
            )));
            all
        }
        Strategy::AskSupport => vec![
            copying(
                "Write to the provider's support:",
                format!(
                    "Please issue a new client secret for the {noun} with the client ID {}. Please keep the old one working until we tell you that we have moved, or tell us when it ends.",
                    sight.rotation.old.client_id
                ),
            ),
            line("Paste the new secret here as soon as you have it."),
        ],
        Strategy::Overlap => vec![
            line(format!("Go to the provider: {page}")),
            copying(format!("Find the {noun} with this ID:"), sight.rotation.old.client_id.to_string()),
            line("Add a second secret, and paste it here. Leave the first one as it is."),
        ],
        Strategy::Staged => vec![
            line(format!("Go to the provider: {page}")),
            copying(format!("Find the {noun} with this ID:"), sight.rotation.old.client_id.to_string()),
            line("Make a new secret without changing over to it, and paste it here."),
        ],
        Strategy::CutOver => vec![
            line(format!("Go to the provider: {page}")),
            copying(format!("Find the {noun} with this ID:"), sight.rotation.old.client_id.to_string()),
            line("Make a new secret, and paste it here at once: the old one stops working when you do."),
        ],
    }
}

fn retire(sight: &Sight<'_>) -> Vec<RotationGuideLine> {
    if sight.rotation.old_is_ended {
        return Vec::new();
    }
    let (noun, id) = (&sight.provider.client_form.noun.value, sight.rotation.old.client_id.to_string());
    match sight.rotation.strategy {
        Strategy::ReplaceClient => vec![copying(format!("Delete the {noun} with this ID at the provider:"), id)],
        Strategy::Overlap => {
            vec![copying(format!("End the old secret of the {noun} with this ID at the provider:"), id)]
        }
        Strategy::AskSupport => vec![line("Let the provider's support end the old secret, if they have not done so.")],
        Strategy::Staged | Strategy::CutOver => Vec::new(),
    }
}
