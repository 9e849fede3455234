//! Trusting a server on this computer that signs its certificates itself.
//!
//! A test server has a certification authority of its own, which no operating system knows. Whoever asks such a server hears of every
//! certificate that nobody trusted has signed it, and never what else is wrong with it.
//!
//! Trusting that authority takes nothing from anybody (N-10), because of how little it is trusted with: one origin, https, on this
//! computer. For that origin it is the only authority there is, and for every other one it is none: what it signs for another server, for
//! another port or another name of this computer, is refused as before. No certificate is accepted unseen: its dates, its name and its
//! signature are verified as everywhere. It is known to this process alone, nothing of it is written down, and once it is withdrawn the
//! next request knows nothing of it.

use std::sync::{Arc, PoisonError, RwLock};

use reqwest::Certificate;
use url::{Origin, Url};

use super::is_loopback;

/// The certification authority of one server on this computer, for as long as the server is there. Clones share it.
#[derive(Clone, Default)]
pub struct LocalAuthority(Arc<RwLock<Option<Trusted>>>);

/// The one authority, and the one place where it counts.
struct Trusted {
    origin: Origin,
    certificate: Certificate,
}

/// Why an authority is not trusted.
#[derive(Debug, thiserror::Error)]
pub enum NotTrusted {
    /// The place is elsewhere, is reached without TLS, or is none.
    #[error("only an https address of this computer can have an authority of its own")]
    NotHere,
    /// The text holds no certificate, or several.
    #[error("the authority's certificate cannot be read")]
    NotOneCertificate,
}

impl LocalAuthority {
    /// From now on requests to this origin (`https://127.0.0.1:8443`) take this authority's word, and no other's. `certificate` is the
    /// authority's own, as text (RFC 7468). What was trusted before is trusted no more.
    ///
    /// # Errors
    /// See [`NotTrusted`]; then nobody is trusted.
    pub fn trust(&self, origin: &str, certificate: &str) -> Result<(), NotTrusted> {
        self.withdraw();
        let place = Url::parse(origin).map_err(|_| NotTrusted::NotHere)?;
        if place.scheme() != "https" || !is_loopback(&place) {
            return Err(NotTrusted::NotHere);
        }
        let read = Certificate::from_pem_bundle(certificate.as_bytes()).map_err(|_| NotTrusted::NotOneCertificate)?;
        let [certificate] = <[Certificate; 1]>::try_from(read).map_err(|_| NotTrusted::NotOneCertificate)?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(Trusted { origin: place.origin(), certificate });
        Ok(())
    }

    /// From now on nobody is trusted but those whom the operating system trusts: the server is gone.
    pub fn withdraw(&self) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Whose word counts for this address; none where it is the operating system's authorities.
    pub(super) fn of(&self, url: &Url) -> Option<Certificate> {
        // Most of what is asked on this computer is plain http, and putting an origin together is work.
        if url.scheme() != "https" {
            return None;
        }
        let trusted = self.0.read().unwrap_or_else(PoisonError::into_inner);
        trusted.as_ref().filter(|trusted| trusted.origin == url.origin()).map(|trusted| trusted.certificate.clone())
    }
}
