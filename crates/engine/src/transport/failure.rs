//! Telling failures of a request apart, so that each gets its own sentence.

use std::error::Error;
use std::io;
use std::time::Duration;

use url::Url;

use super::host_and_port;
use super::lookup::TooNear;
use crate::ports::{SendError, TlsProblem};

/// What kind of failure this is. The URL never gets into a sentence: only host and port do.
pub(super) fn classify(error: &reqwest::Error, url: &Url, total: Duration) -> SendError {
    let host = host_and_port(url);
    if let Some(near) = find::<TooNear>(error) {
        // The name alone: it is what a person confirms, whatever the port.
        return SendError::TooNear { host: url.host_str().unwrap_or_default().to_owned(), address: near.address };
    }
    if error.is_dns() {
        return SendError::DnsFailed { host: url.host_str().unwrap_or_default().to_owned() };
    }
    if let Some(tls) = find::<rustls::Error>(error).filter(|_| error.is_connect()) {
        return SendError::TlsRefused { host, problem: tls_problem(tls), why: tls_words(tls) };
    }
    if error.is_timeout() && error.is_connect() {
        return SendError::Unreachable { host, why: "no connection stood in time".to_owned() };
    }
    if error.is_timeout() {
        return SendError::TimedOut { host, after: total };
    }
    if error.is_connect() {
        return match find::<io::Error>(error) {
            Some(cause) if cause.kind() == io::ErrorKind::ConnectionRefused => SendError::ConnectionRefused { host },
            _ => SendError::Unreachable { host, why: innermost(error) },
        };
    }
    match find::<hyper::Error>(error) {
        Some(cause) if cause.is_parse() || cause.is_parse_status() => {
            SendError::NotHttp { host, why: innermost(cause) }
        }
        _ if error.is_builder() => SendError::Unwritable { why: innermost(error) },
        _ => SendError::Interrupted { host },
    }
}

/// The first cause of this type, looked for inside wrapped I/O errors as well.
fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(found) = cause.downcast_ref::<E>() {
            return Some(found);
        }
        let wrapped = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match wrapped {
            Some(inner) => Some(inner as &(dyn Error + 'static)),
            None => cause.source(),
        };
    }
    None
}

/// The words of the last cause in the chain: the nearest to what happened.
pub(super) fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut last = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    // reqwest writes the URL into its own messages only; the causes below do not know it.
    if last.is::<reqwest::Error>() { "for an unknown reason".to_owned() } else { last.to_string() }
}

fn tls_problem(error: &rustls::Error) -> TlsProblem {
    use rustls::CertificateError as Certificate;
    let rustls::Error::InvalidCertificate(problem) = error else { return TlsProblem::Handshake };
    match problem {
        Certificate::Expired
        | Certificate::ExpiredContext { .. }
        | Certificate::NotValidYet
        | Certificate::NotValidYetContext { .. } => TlsProblem::Validity,
        Certificate::UnknownIssuer => TlsProblem::UnknownIssuer,
        _ => TlsProblem::Certificate,
    }
}

/// What is wrong with a certificate or a handshake, in words for a person.
fn tls_words(error: &rustls::Error) -> String {
    use rustls::CertificateError as Certificate;
    match error {
        rustls::Error::InvalidCertificate(problem) => match problem {
            Certificate::Expired | Certificate::ExpiredContext { .. } => "its certificate has expired".to_owned(),
            Certificate::NotValidYet | Certificate::NotValidYetContext { .. } => {
                "its certificate is not valid yet".to_owned()
            }
            Certificate::NotValidForName | Certificate::NotValidForNameContext { .. } => {
                "its certificate is for another name".to_owned()
            }
            Certificate::UnknownIssuer => "its certificate is signed by nobody this computer trusts".to_owned(),
            Certificate::BadSignature => "its certificate was not signed by whom it names".to_owned(),
            Certificate::Revoked => "its certificate was revoked".to_owned(),
            other => format!("its certificate is not acceptable ({other})"),
        },
        rustls::Error::InvalidMessage(_) => "what it answers is not TLS".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use rustls::pki_types::UnixTime;
    use rustls::{CertificateError as Certificate, Error, InvalidMessage, PeerIncompatible};

    use super::*;

    #[test]
    fn what_is_wrong_with_a_certificate_is_told_from_what_is_wrong_with_the_rest() {
        let at = UnixTime::since_unix_epoch(Duration::from_secs(2));
        let too_early = Certificate::NotValidYetContext { time: at, not_before: at };
        for (error, problem) in [
            (Error::InvalidCertificate(Certificate::UnknownIssuer), TlsProblem::UnknownIssuer),
            (Error::InvalidCertificate(Certificate::Expired), TlsProblem::Validity),
            (Error::InvalidCertificate(too_early), TlsProblem::Validity),
            (Error::InvalidCertificate(Certificate::NotValidForName), TlsProblem::Certificate),
            (Error::InvalidMessage(InvalidMessage::InvalidContentType), TlsProblem::Handshake),
            (Error::PeerIncompatible(PeerIncompatible::NoCipherSuitesInCommon), TlsProblem::Handshake),
        ] {
            assert_eq!(tls_problem(&error), problem, "{error}");
        }
    }
}
