//! The labs' words for the window.

use gatewright_contract::lab::{
    CancelAgreement, CancelObservation as WireObservation, CancelSignal as WireSignal, DifferencePiece as WirePiece,
    DifferenceSide,
};
use gatewright_model::cancel::{Agreement, CancelSeen, CancelSignal};
use gatewright_model::dialect::RefusalSignal;
use gatewright_model::redirect_difference::{DifferenceKind, DifferencePiece, Side};
use gatewright_store::cancel_observation::CancelObservation;

pub(super) const fn signal(signal: CancelSignal) -> WireSignal {
    match signal {
        CancelSignal::AccessDenied => WireSignal::AccessDenied,
        CancelSignal::OtherError => WireSignal::OtherError,
        CancelSignal::ForeignState => WireSignal::ForeignState,
        CancelSignal::ErrorWithoutState => WireSignal::ErrorWithoutState,
        CancelSignal::BareRedirect => WireSignal::BareRedirect,
        CancelSignal::OtherPage => WireSignal::OtherPage,
        CancelSignal::Nothing => WireSignal::Nothing,
        CancelSignal::WindowClosed => WireSignal::WindowClosed,
    }
}

pub(super) const fn model_signal(signal: WireSignal) -> CancelSignal {
    match signal {
        WireSignal::AccessDenied => CancelSignal::AccessDenied,
        WireSignal::OtherError => CancelSignal::OtherError,
        WireSignal::ForeignState => CancelSignal::ForeignState,
        WireSignal::ErrorWithoutState => CancelSignal::ErrorWithoutState,
        WireSignal::BareRedirect => CancelSignal::BareRedirect,
        WireSignal::OtherPage => CancelSignal::OtherPage,
        WireSignal::Nothing => CancelSignal::Nothing,
        WireSignal::WindowClosed => CancelSignal::WindowClosed,
    }
}

/// What a profile says, in words.
pub(super) const fn says(said: RefusalSignal) -> &'static str {
    match said {
        RefusalSignal::AccessDenied => "error=access_denied, as RFC 6749 has it",
        RefusalSignal::BareRedirect => "the redirect URI without any parameter",
        RefusalSignal::Unknown => "nothing: nobody knows yet",
    }
}

pub(super) fn observation(observed: &CancelObservation, said: RefusalSignal) -> WireObservation {
    WireObservation {
        run: observed.run.to_string(),
        client_name: observed.client_name.clone(),
        signal: signal(observed.seen.signal),
        sentence: sentence(&observed.seen),
        agreement: match observed.seen.signal.against(said) {
            Agreement::Confirmed => CancelAgreement::Confirmed,
            Agreement::Contradicted => CancelAgreement::Contradicted,
            Agreement::New => CancelAgreement::New,
            Agreement::Unclear => CancelAgreement::Unclear,
        },
        by_person: observed.by_person,
        seen_at: observed.seen_at.to_string(),
    }
}

fn sentence(seen: &CancelSeen) -> String {
    let error = seen.error.as_deref().unwrap_or_default();
    match seen.signal {
        CancelSignal::AccessDenied => "access_denied with the state: as RFC 6749 has it.".to_owned(),
        CancelSignal::OtherError if error.is_empty() => {
            "The state came back, without error and without code.".to_owned()
        }
        CancelSignal::OtherError => format!("Another error with the state: {error}."),
        CancelSignal::ForeignState => format!("An error with a state that was never sent: {error}."),
        CancelSignal::ErrorWithoutState => format!("An error without a state: {error}."),
        CancelSignal::BareRedirect => "The bare redirect URI: no error, no state.".to_owned(),
        CancelSignal::OtherPage => match &seen.page {
            Some(page) => format!("Another page, and nobody came back. The last one seen was {page}."),
            None => "Another page, and nobody came back.".to_owned(),
        },
        CancelSignal::Nothing => "Nothing came back.".to_owned(),
        CancelSignal::WindowClosed => "The window was closed, and nothing came back.".to_owned(),
    }
}

pub(super) fn piece(piece: DifferencePiece) -> WirePiece {
    let side = match piece.side {
        Side::Both => DifferenceSide::Both,
        Side::Registered => DifferenceSide::Registered,
        Side::Sent => DifferenceSide::Sent,
    };
    WirePiece { side, text: piece.text }
}

/// What is different and what to do.
pub(super) const fn difference(kind: DifferenceKind) -> &'static str {
    match kind {
        DifferenceKind::EdgeSpace => {
            "There is a space or a line break at an end. It was probably copied along: take it away."
        }
        DifferenceKind::Scheme => "One begins with http, the other with https. Register what the app really opens.",
        DifferenceKind::LocalhostName => {
            "One says localhost, the other an address. To a provider these are different hosts; 127.0.0.1 is the safer one (RFC 8252 §8.3)."
        }
        DifferenceKind::Host => "The host is another. Is this client registered for another installation of the app?",
        DifferenceKind::Port => "The port is another, or a default port is written in one of them only.",
        DifferenceKind::TrailingSlash => {
            "One ends in a slash, the other does not. Register the one that the app sends."
        }
        DifferenceKind::LetterCase => {
            "They differ in capital letters. In a path these count, and providers compare hosts as text too."
        }
        DifferenceKind::Encoding => "They differ in how characters are encoded. Register the form that the app sends.",
        DifferenceKind::UnencodedAmpersand => {
            "What is sent ends where the registered one has an &: the app does not encode the redirect URI in its authorization URL (write %26)."
        }
        DifferenceKind::Query => {
            "The query is another. Providers compare it as well; what changes belongs into the state."
        }
        DifferenceKind::Path => "The path is another.",
    }
}
