//! Why a page could not be loaded, in a few words.

use webkit2gtk::gio::{IOErrorEnum, ResolverError, TlsCertificateFlags, TlsError};
use webkit2gtk::glib::Error;
use webkit2gtk::{NetworkError, PolicyError};

/// What WebKit calls a failed load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LoadFailure {
    /// Nothing failed: we stopped it ourselves, or the page went somewhere else first.
    NotOne,
    /// The page cannot be had.
    Unreachable(String),
    /// The connection is not safe.
    Certificate(String),
}

/// Judges what WebKit reports.
pub(super) fn judge(error: &Error) -> LoadFailure {
    if error.matches(PolicyError::FrameLoadInterruptedByPolicyChange) || error.matches(NetworkError::Cancelled) {
        return LoadFailure::NotOne;
    }
    if error.matches(TlsError::BadCertificate) {
        return LoadFailure::Certificate("it is not one for this server".to_owned());
    }
    LoadFailure::Unreachable(in_words(error))
}

fn in_words(error: &Error) -> String {
    let known = match () {
        () if error.is::<TlsError>() => "no encrypted connection could be made",
        () if error.is::<ResolverError>() => "the name could not be found",
        () if error.matches(IOErrorEnum::ConnectionRefused) => "the connection was refused: nothing listens there",
        () if error.matches(IOErrorEnum::TimedOut) => "it did not answer in time",
        () if error.matches(IOErrorEnum::NetworkUnreachable) => "the network cannot be reached",
        () if error.matches(IOErrorEnum::HostUnreachable) => "the computer cannot be reached",
        () if error.matches(IOErrorEnum::Closed) || error.matches(IOErrorEnum::PartialInput) => {
            "the connection was closed before the page had come"
        }
        () if error.matches(PolicyError::CannotUseRestrictedPort) => "browsers do not open pages on that port",
        () if error.matches(PolicyError::CannotShowUri) => "it led to an address that a login window does not open",
        () if error.matches(PolicyError::CannotShowMimeType) => "what it sent is not a page",
        () if error.matches(NetworkError::UnknownProtocol) => "it led to an address that is not a web address",
        () => return error.message().to_owned(),
    };
    known.to_owned()
}

/// What is wrong with a certificate. The worst comes first: there may be several.
pub(super) fn flaws_in_words(flaws: TlsCertificateFlags) -> String {
    let words = [
        (TlsCertificateFlags::REVOKED, "it was revoked"),
        (TlsCertificateFlags::BAD_IDENTITY, "it was made out for another name"),
        (TlsCertificateFlags::UNKNOWN_CA, "this computer does not know who issued it"),
        (TlsCertificateFlags::EXPIRED, "it has expired"),
        (TlsCertificateFlags::NOT_ACTIVATED, "it is not valid yet"),
        (TlsCertificateFlags::INSECURE, "its cryptography is too weak"),
    ];
    let found: Vec<&str> =
        words.into_iter().filter(|(flaw, _)| flaws.contains(*flaw)).map(|(_, words)| words).collect();
    if found.is_empty() { "it could not be checked".to_owned() } else { found.join(", and ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_no_is_not_a_failure() {
        let stopped = Error::new(PolicyError::FrameLoadInterruptedByPolicyChange, "Frame load was interrupted");
        assert_eq!(judge(&stopped), LoadFailure::NotOne);
        assert_eq!(judge(&Error::new(NetworkError::Cancelled, "Load request cancelled")), LoadFailure::NotOne);
    }

    #[test]
    fn each_failure_has_its_own_words() {
        let why = |error: Error| match judge(&error) {
            LoadFailure::Unreachable(why) => why,
            other => panic!("{other:?}"),
        };
        let name = why(Error::new(ResolverError::NotFound, "Error resolving “nowhere.invalid”"));
        assert_eq!(name, "the name could not be found");
        let port =
            why(Error::new(IOErrorEnum::ConnectionRefused, "Could not connect to 127.0.0.1: Connection refused"));
        assert_eq!(port, "the connection was refused: nothing listens there");
        assert_eq!(
            why(Error::new(IOErrorEnum::Busy, "Something new")),
            "Something new",
            "unknown words are WebKit's own"
        );
    }

    #[test]
    fn a_server_without_encryption_has_no_bad_certificate() {
        let handshake = Error::new(TlsError::Handshake, "Error performing TLS handshake");
        assert_eq!(judge(&handshake), LoadFailure::Unreachable("no encrypted connection could be made".to_owned()));
        let certificate = Error::new(TlsError::BadCertificate, "Unacceptable TLS certificate");
        assert!(matches!(judge(&certificate), LoadFailure::Certificate(_)));
    }

    #[test]
    fn every_flaw_of_a_certificate_is_named() {
        let both = TlsCertificateFlags::EXPIRED | TlsCertificateFlags::BAD_IDENTITY;
        assert_eq!(flaws_in_words(both), "it was made out for another name, and it has expired");
        assert_eq!(flaws_in_words(TlsCertificateFlags::GENERIC_ERROR), "it could not be checked");
    }
}
