//! Logins: started, steered and stopped from the window.

mod agents;
mod listening;
mod redirect;
mod start;

pub(crate) use self::agents::{NoBrowser, PasteAgent};
pub(crate) use self::redirect::redirect_uri;

use gatewright_contract::login::{CallbackPasted, LoginAddress};
use gatewright_contract::run::RunRef;
use gatewright_contract::{Failure, FailureCode};
use gatewright_model::RunId;
use gatewright_protocol::redirect_uri::RedirectUri;
use url::Url;

use crate::live::LiveRun;
use crate::{App, failure};

impl App {
    /// Stops a run. Stopping one that has ended is no error: it ended in the meantime.
    pub(crate) fn stop_login(&self, request: &RunRef) {
        if let Some(live) = self.0.live.get(&RunId::new(&request.run)) {
            live.cancel.cancel();
        }
    }

    /// Brings the login view of a run to the front.
    pub(crate) fn focus_login(&self, request: &RunRef) -> Result<(), Failure> {
        if self.0.options.desktop.focus_login_view(&request.run) { Ok(()) } else { Err(ended()) }
    }

    /// Where the browser was sent.
    pub(crate) fn login_address_of(&self, request: &RunRef) -> Result<LoginAddress, Failure> {
        let live = self.going_on(&request.run)?;
        let url = live
            .address
            .ok_or_else(|| Failure::new(FailureCode::NotFound, "The login has not reached the browser yet."))?;
        Ok(LoginAddress { url })
    }

    /// Takes a callback address that the person pasted.
    pub(crate) fn paste_callback(&self, pasted: CallbackPasted) -> Result<RunRef, Failure> {
        let live = self.going_on(&pasted.run)?;
        let paste = live
            .paste
            .as_ref()
            .ok_or_else(|| failure::invalid("address", "This login does not take a pasted address."))?;
        let redirect_uri = live.standing.redirect_uri.as_deref().unwrap_or_default();
        let callback = callback_from(&pasted.address, redirect_uri)?;
        if !paste.hand_over(callback) {
            return Err(ended());
        }
        Ok(RunRef { run: pasted.run })
    }

    fn going_on(&self, run: &str) -> Result<LiveRun, Failure> {
        self.0.live.get(&RunId::new(run)).ok_or_else(ended)
    }
}

fn ended() -> Failure {
    Failure::new(FailureCode::RunEnded, "This login has ended already.").hint("Start a new one.")
}

/// Reads what the person pasted: the whole address, or just what stands behind the question mark.
fn callback_from(text: &str, redirect_uri: &str) -> Result<Url, Failure> {
    let text = text.trim();
    if text.is_empty() {
        return Err(failure::invalid("address", "Paste the address the browser ended on."));
    }
    let registered =
        RedirectUri::parse(redirect_uri).map_err(|cause| failure::invalid("address", cause.to_string()))?;
    let url = match Url::parse(text) {
        Ok(url) => url,
        Err(_) => Url::parse(&format!("{redirect_uri}{}{}", joint(redirect_uri), text.trim_start_matches(['?', '&'])))
            .map_err(|_| failure::invalid("address", "This is not an address."))?,
    };
    if registered.caught_by(&url) {
        return Ok(url);
    }
    Err(failure::invalid("address", format!("This address is not on {redirect_uri}."))
        .hint("Copy the whole address from the browser after the provider has sent you back, even if the page there shows an error."))
}

/// What stands between a redirect URI and the parameters put behind it.
fn joint(redirect_uri: &str) -> &'static str {
    if redirect_uri.contains('?') { "&" } else { "?" }
}

#[cfg(test)]
mod tests {
    use super::callback_from;

    const REGISTERED: &str = "https://app.example.org/callback";

    #[test]
    fn a_whole_address_and_a_bare_query_are_both_taken() {
        let whole = callback_from("  https://app.example.org/callback?code=a&state=b\n", REGISTERED).unwrap();
        let query = callback_from("?code=a&state=b", REGISTERED).unwrap();
        assert_eq!(whole, query);
    }

    #[test]
    fn the_address_of_a_login_page_is_refused_with_the_address_that_is_wanted() {
        let refused = callback_from("https://id.example.net/login?code=a", REGISTERED).unwrap_err();
        assert_eq!(refused.field.as_deref(), Some("address"));
        assert!(refused.message.contains(REGISTERED), "{}", refused.message);
    }
}
