//! Which of a client's redirect URIs a login comes back to, and whether it can come back there at all.

use gatewright_contract::Failure;
use gatewright_model::Client;
use gatewright_model::run::Browser;
use gatewright_protocol::authorization::ResponseMode;
use gatewright_protocol::redirect_uri::RedirectUri;

use crate::failure;

/// The redirect URI of a login: the one asked for, else the first that fits the browser and the way the provider answers.
pub(crate) fn redirect_uri(
    client: &Client,
    browser: Browser,
    mode: ResponseMode,
    wanted: Option<&str>,
) -> Result<RedirectUri, Failure> {
    refuse_unseen(browser, mode)?;
    let registered: Vec<RedirectUri> =
        client.redirect_uris.iter().filter_map(|uri| RedirectUri::parse(uri).ok()).collect();
    let needs_listener = browser == Browser::System || mode == ResponseMode::FormPost;
    let fits = |uri: &&RedirectUri| !needs_listener || uri.is_loopback();
    let chosen = match wanted {
        Some(wanted) => registered.iter().find(|uri| uri.as_str() == wanted),
        None => registered.iter().find(fits),
    };
    match chosen {
        Some(uri) if fits(&uri) => Ok(uri.clone()),
        Some(_) | None if mode == ResponseMode::FormPost => Err(failure::invalid(
            "redirectUri",
            "This client's callbacks are posted as a form, and only a redirect URI on this computer, like http://127.0.0.1:8914/callback, can receive one.",
        )
        .hint("Add one to the client, or choose another response mode in its form, under Protocol.")),
        Some(_) | None if browser == Browser::System => Err(failure::invalid(
            "redirectUri",
            "The system browser needs a redirect URI on this computer, like http://127.0.0.1:8914/callback.",
        )
        .hint("Add one to the client, use the login view, or paste the callback by hand.")),
        _ => Err(failure::invalid("redirectUri", "This redirect URI is not registered for the client.")
            .hint("Choose one of its own.")),
    }
}

/// Refuses the browsers in which the provider's answer would never be seen.
fn refuse_unseen(browser: Browser, mode: ResponseMode) -> Result<(), Failure> {
    let hint = "Use another browser, or choose another response mode in the client's form, under Protocol.";
    let why = match (browser, mode) {
        (Browser::Paste, ResponseMode::FormPost) => {
            "This client's callbacks are posted as a form: the address the browser ends on holds nothing to paste."
        }
        (Browser::System, ResponseMode::Fragment) => {
            "This client's callbacks come behind the # of the address, which a browser sends to nobody, and so not to Gatewright either."
        }
        _ => return Ok(()),
    };
    Err(failure::invalid("browser", why).hint(hint))
}
