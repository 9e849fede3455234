//! Whether the redirect URI is registered: here, where the browser can bring it back, and at the provider as far as that is known.

use gatewright_contract::Failure;
use gatewright_contract::preflight::PreflightFix;
use gatewright_contract::run::Browser as WireBrowser;
use gatewright_model::run::Browser;
use gatewright_protocol::authorization::ResponseMode;

use super::item::Item;
use super::subject::{AtProvider, Subject};

pub(super) fn judge(subject: &Subject) -> Item {
    let uri = match &subject.redirect_uri {
        Ok(uri) => uri.as_str(),
        Err(failure) => return unusable(subject, failure),
    };
    let name = &subject.provider.name;
    match &subject.at_provider {
        AtProvider::Unknown => {
            Item::good(format!("{uri} is one of the client's redirect URIs. What {name} has is not known here."))
        }
        AtProvider::Missing => Item::problem(format!(
            "{name}'s twin has no app with this client ID. Was the sandbox's list of apps emptied?"
        ))
        .expecting("an app of the twin", subject.client.client_id.to_string())
        .fix(PreflightFix::EditClient),
        AtProvider::Known { redirect_uris, source } if redirect_uris.iter().any(|known| known == uri) => {
            Item::good(format!("{uri} is registered, letter by letter, by {source}."))
        }
        AtProvider::Known { redirect_uris, source } => Item::problem(format!(
            "{name} does not have this redirect URI, by {source}. It is compared letter by letter."
        ))
        .expecting(redirect_uris.join(" or "), uri)
        .fix(PreflightFix::OpenRedirectLab),
    }
}

/// No redirect URI fits: nothing could come back.
fn unusable(subject: &Subject, failure: &Failure) -> Item {
    let sentence = match &failure.hint {
        Some(hint) => format!("{} {hint}", failure.message),
        None => failure.message.clone(),
    };
    // The login view takes any redirect URI; of posted answers it sees nothing unless they come to this computer.
    let fix = match (subject.browser, subject.mode) {
        (Browser::System | Browser::Paste, ResponseMode::Query | ResponseMode::Fragment) => {
            PreflightFix::ChooseBrowser(WireBrowser::Embedded)
        }
        _ => PreflightFix::EditClient,
    };
    Item::problem(sentence).fix(fix).stops()
}
