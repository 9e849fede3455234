//! How an app recognises a cancel: code to paste, what to look for, and what not to conclude.

use gatewright_contract::lab::CancelHandling;
use gatewright_model::cancel::CancelSignal;

use super::show;

/// What there is to say to the owner of an app.
pub(super) fn handling(signal: CancelSignal) -> CancelHandling {
    let (javascript, python) = code(signal);
    CancelHandling {
        signal: show::signal(signal),
        recognise: recognise(signal).to_owned(),
        never: never(signal).to_owned(),
        javascript: javascript.to_owned(),
        python: python.to_owned(),
    }
}

const fn code(signal: CancelSignal) -> (&'static str, &'static str) {
    match signal {
        CancelSignal::AccessDenied | CancelSignal::OtherError => {
            (include_str!("handling/access_denied.js"), include_str!("handling/access_denied.py"))
        }
        CancelSignal::ForeignState | CancelSignal::ErrorWithoutState => {
            (include_str!("handling/error_without_state.js"), include_str!("handling/error_without_state.py"))
        }
        CancelSignal::BareRedirect => {
            (include_str!("handling/bare_redirect.js"), include_str!("handling/bare_redirect.py"))
        }
        CancelSignal::OtherPage | CancelSignal::Nothing | CancelSignal::WindowClosed => {
            (include_str!("handling/no_callback.js"), include_str!("handling/no_callback.py"))
        }
    }
}

const fn recognise(signal: CancelSignal) -> &'static str {
    match signal {
        CancelSignal::AccessDenied => {
            "The callback has error=access_denied and the state you sent: this person, in this login, said no."
        }
        CancelSignal::OtherError => {
            "The callback has the state you sent and no code. Its error code is not the one of RFC 6749: treat every error with your state as the end of this login."
        }
        CancelSignal::ForeignState | CancelSignal::ErrorWithoutState => {
            "The callback has an error without your state. Only a login that is under way in this person's session makes it a likely cancel."
        }
        CancelSignal::BareRedirect => {
            "The callback comes without any parameter. Only a login that is under way in this person's session makes it a likely cancel."
        }
        CancelSignal::OtherPage | CancelSignal::Nothing | CancelSignal::WindowClosed => {
            "There is nothing to recognise: the app is not called. Let a login that was begun run out by itself, and offer to begin it anew."
        }
    }
}

const fn never(signal: CancelSignal) -> &'static str {
    match signal {
        CancelSignal::AccessDenied | CancelSignal::OtherError => {
            "Do not conclude that the person may not log in, or wants to be deleted: they said no once. And do not look at the error before the state."
        }
        CancelSignal::ForeignState | CancelSignal::ErrorWithoutState => {
            "Do not sign anybody out and delete nothing: any page can send a browser to this address. And do not switch the check of the state off for codes."
        }
        CancelSignal::BareRedirect => {
            "Do not take it for a login, and do not sign anybody out: it is what a person sends who opens the address by hand, or follows a link in a search engine."
        }
        CancelSignal::OtherPage | CancelSignal::Nothing | CancelSignal::WindowClosed => {
            "Do not conclude from silence that the person cancelled: they may still be looking for their password. And do not keep a page waiting for them."
        }
    }
}
