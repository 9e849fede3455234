//! TK-40: while it is in force, the sandbox's port speaks TLS as well, and shows certificates that nobody should accept.
//!
//! Which twin is meant, and which client asks, is said only after the handshake: the first rule about certificates decides. A
//! certificate that is as it should be is signed by an authority of the sandbox's own, which is made when it is first needed, lives as
//! long as the sandbox does, and is trusted by whoever has been told to.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::http::header::CACHE_CONTROL;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};
use tokio_rustls::server::TlsStream;
use tokio_util::either::Either;

use super::Injection;
use super::answer::Finished;
use super::catalogue::FaultEndpoint;
use super::occasion::Occasion;
use super::rule::ActiveRule;
use super::token::Members;
use crate::Twin;
use crate::log::RequestLogEntry;
use crate::server::Server;

/// The fault's name in the catalogue.
pub(super) const FAULT: &str = "TK-40";
/// The first byte of a TLS record that begins a handshake (RFC 8446 §5.1).
const HANDSHAKE: u8 = 22;
/// How long a client may take for its first byte and for the handshake.
const PATIENCE: Duration = Duration::from_secs(30);
/// The names by which this computer is asked.
const HERE: [&str; 2] = ["127.0.0.1", "localhost"];

/// A connection with a client, encrypted or not.
pub(crate) type Stream = Either<TcpStream, Box<TlsStream<TcpStream>>>;

/// Why no certificate could be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CertificateError {
    /// The certificate library refused.
    #[error("no certificate could be made")]
    NotMade(#[from] rcgen::Error),
    /// The TLS library refused it.
    #[error("the certificate cannot be shown")]
    NotShown(#[from] rustls::Error),
}

/// Who signs the sandbox's good certificates.
#[derive(Default)]
pub(crate) struct Authority(OnceLock<Option<CertifiedIssuer<'static, KeyPair>>>);

impl Authority {
    /// Its certificate as text (RFC 7468), for whoever is to trust it; none when the cryptographic library made none.
    pub(crate) fn certificate(&self) -> Option<String> {
        Some(super::openid::pem("CERTIFICATE", self.issuer()?.der()))
    }

    fn issuer(&self) -> Option<&CertifiedIssuer<'static, KeyPair>> {
        let make = || -> Result<_, rcgen::Error> {
            let mut about = CertificateParams::default();
            about.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            about.distinguished_name.push(DnType::CommonName, "Gatewright sandbox");
            CertifiedIssuer::self_signed(about, KeyPair::generate()?)
        };
        self.0.get_or_init(|| make().inspect_err(|error| tracing::warn!(%error, "no authority was made")).ok()).as_ref()
    }

    /// What is shown to one client: what a variant of the fault says, or a good certificate for none.
    fn shown(&self, variant: Option<&str>) -> Result<TlsAcceptor, CertificateError> {
        let key = KeyPair::generate()?;
        let mut about = CertificateParams::new(match variant {
            Some("wrong_name") => vec!["id.sandbox.invalid".to_owned()],
            _ => HERE.map(str::to_owned).to_vec(),
        })?;
        if variant == Some("expired") {
            about.not_after = date_time_ymd(2020, 1, 1);
        }
        let certificate = match (self.issuer(), variant) {
            (Some(issuer), None | Some("expired" | "wrong_name")) => about.signed_by(&key, issuer)?,
            _ => about.self_signed(&key)?,
        };
        Ok(TlsAcceptor::from(Arc::new(config(certificate.der().clone(), &key)?)))
    }
}

fn config(certificate: CertificateDer<'static>, key: &KeyPair) -> Result<ServerConfig, rustls::Error> {
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
}

/// The connection as the client speaks on it; none when the client has left, which is what this fault is for.
pub(crate) async fn accepted(stream: TcpStream, server: &Server) -> Option<Stream> {
    let rules = server.faults.rules();
    let Some(rule) = rules.iter().find(|active| active.definition.id == FAULT) else {
        return Some(Either::Left(stream));
    };
    let mut first = [0];
    let speaks_tls =
        tokio::time::timeout(PATIENCE, stream.peek(&mut first)).await.ok()?.ok()? == 1 && first[0] == HANDSHAKE;
    if speaks_tls {
        shake_hands(stream, server, rule).await.map(Box::new).map(Either::Right)
    } else {
        Some(Either::Left(stream))
    }
}

async fn shake_hands(stream: TcpStream, server: &Server, rule: &ActiveRule) -> Option<TlsStream<TcpStream>> {
    let is_good = rule.variant == "changing" && rule.opportunities() == 0;
    let variant = (rule.takes_opportunity(&server.entropy) && !is_good).then_some(rule.variant);
    let acceptor = server.authority.shown(variant);
    let acceptor = acceptor.inspect_err(|error| tracing::warn!(%error, "no TLS on this connection")).ok()?;
    if let Some(variant) = variant {
        // Before it is shown, so that a client that has refused it finds it written down.
        write_down(server, rule, variant);
    }
    tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await.ok()?.ok()
}

/// Lets a twin's metadata say where its token endpoint is while this fault is in force.
pub(super) fn announce(server: &Server, occasion: &Occasion, answer: &mut Finished) {
    if occasion.endpoint != FaultEndpoint::Discovery {
        return;
    }
    let (Some(origin), Some(mut document)) = (token_origin(server, occasion.twin), Members::read(answer)) else {
        return;
    };
    if let Some(address) = document.text("token_endpoint") {
        document.set("token_endpoint", Value::from(address.replacen(&server.origin, &origin, 1)).to_string());
        document.write(answer);
        // It is true only as long as the fault is in force.
        answer.set_header(CACHE_CONTROL, "max-age=0");
    }
}

/// Where a twin's token endpoint is while its certificate is bad; none while it is where everything else is.
pub(crate) fn token_origin(server: &Server, twin: Twin) -> Option<String> {
    let concerns = |active: &ActiveRule| active.definition.id == FAULT && active.rule.twin == twin;
    let is_in_force = server.faults.any() && server.faults.rules().iter().any(concerns);
    is_in_force.then(|| secure_origin(server))
}

/// Where TLS is spoken while the fault is in force: the same port.
pub(crate) fn secure_origin(server: &Server) -> String {
    server.origin.replacen("http://", "https://", 1)
}

/// The handshake in the log and among what has happened. It is no request: nothing was asked yet.
fn write_down(server: &Server, rule: &ActiveRule, variant: &'static str) {
    let sequence = server.log.next_sequence();
    let (request_id, time) = (format!("r{sequence}"), server.now());
    server.faults.record(Injection {
        sequence: 0,
        request_id: request_id.clone(),
        fault: FAULT,
        variant: Some(variant),
        twin: rule.rule.twin,
        endpoint: FaultEndpoint::Token,
        client_id: None,
        time,
    });
    server.log.add(RequestLogEntry {
        sequence,
        time,
        twin: Some(rule.rule.twin),
        method: "TLS".to_owned(),
        status: 0,
        duration_us: 0,
        note: format!("certificate shown; fault {FAULT}:{variant}").into(),
        request_id,
        path: String::new(),
    });
}
