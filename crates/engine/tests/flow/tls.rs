//! Certificates: refused means that nothing was sent.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gatewright_model::run::EndReason;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::stage::*;

/// What helps where nobody trusted has signed.
const AUTHORITY: &str = "add the authority that signs for it to the certificates this computer trusts";

/// Proves: V-08 by TK-40:self_signed.
#[tokio::test]
async fn a_certificate_that_nobody_signed_is_refused_before_the_secret_is_sent() {
    refuses(vec![signed_by_nobody()], "signed by nobody this computer trusts", AUTHORITY).await;
}

/// Proves: V-08 by TK-40:expired.
#[tokio::test]
async fn a_certificate_that_has_expired_is_refused_before_the_secret_is_sent() {
    let Some(authority) = trusted_authority() else { return };
    let expired = |certificate: &mut CertificateParams| certificate.not_after = date_time_ymd(2020, 1, 1);
    refuses(vec![authority.sign("localhost", expired)], "has expired", "clock").await;
}

/// Proves: V-08 by TK-40:wrong_name.
#[tokio::test]
async fn a_certificate_for_another_name_is_refused_before_the_secret_is_sent() {
    let Some(authority) = trusted_authority() else { return };
    refuses(vec![authority.sign("id.example", |_| {})], "is for another name", "Ask whoever runs the server").await;
}

/// The first connection is good and brings a token; the token is not sent over the second, whose certificate is another.
///
/// Proves: V-08 by TK-40:changing.
#[tokio::test]
async fn a_certificate_that_is_another_at_the_next_request_is_refused_before_the_token_is_sent() {
    let Some(authority) = trusted_authority() else { return };
    let certificates = vec![authority.sign("localhost", |_| {}), signed_by_nobody()];
    refuses(certificates, "signed by nobody this computer trusts", AUTHORITY).await;
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_gets_no_secret() {
    let mut stage = Stage::at("chattz", chattz).await;
    stage.limits.connect = Duration::from_millis(200);
    stage.plan.bases.authorization = stage.server.origin().replace("http://", "https://");
    let walked = stage.walk(comes_back_with("?code=splendid&state={state}")).await;
    assert!(matches!(walked.ending().reason, EndReason::CertificateRefused | EndReason::ProviderUnreachable));
    assert_eq!(stage.server.requests().len(), 0);
}

/// Plain HTTP behind an https address: there is no certificate that anybody could put right.
#[tokio::test]
async fn what_answers_without_tls_is_not_told_of_as_a_bad_certificate() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await;
            // Until the other side has read it and leaves.
            let _ = stream.read_to_end(&mut Vec::new()).await;
        }
    });
    let mut stage = Stage::at("chattz", chattz).await;
    stage.plan.bases.authorization = format!("https://localhost:{port}");
    let walked = stage.walk(comes_back_with("?code=splendid&state={state}")).await;
    let ending = walked.ending();
    assert_eq!(ending.reason, EndReason::ProviderUnreachable, "{}", ending.sentence);
    assert!(ending.sentence.contains("what it answers is not TLS"), "{}", ending.sentence);
    assert!(ending.next.contains("perhaps https is not spoken there"), "{}", ending.next);
}

/// A login at a server that shows these certificates one after the other ends with the last of them, which is told in these words and to
/// which nothing is sent, and with this way out. What comes before it is answered with a token.
async fn refuses(certificates: Vec<Certificate>, words: &str, way_out: &str) {
    let good = certificates.len() - 1;
    let server = TlsServer::start(certificates).await;
    let mut stage = Stage::at("chattz", chattz).await;
    stage.plan.bases.authorization = format!("https://localhost:{}", server.port);
    let walked = stage.walk(comes_back_with("?code=splendid&state={state}")).await;
    assert_eq!(walked.ending().reason, EndReason::CertificateRefused, "{}", walked.ending().sentence);
    assert!(walked.ending().sentence.contains(words), "{}", walked.ending().sentence);
    assert!(walked.ending().next.contains(way_out), "{}", walked.ending().next);
    let read = server.read.lock().unwrap();
    assert_eq!(read.len(), good + 1, "one connection for each request");
    assert!(read[..good].iter().all(|bytes| *bytes > 0) && read[good] == 0, "bytes read: {read:?}");
}

/// A certificate with its key.
pub(crate) struct Certificate {
    der: CertificateDer<'static>,
    key: KeyPair,
}

/// Nobody's but its own.
pub(crate) fn signed_by_nobody() -> Certificate {
    let key = KeyPair::generate().unwrap();
    let der = named("localhost").self_signed(&key).unwrap().der().clone();
    Certificate { der, key }
}

fn named(name: &str) -> CertificateParams {
    CertificateParams::new([name.to_owned()]).unwrap()
}

/// Who signs certificates that this computer trusts.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// An authority that the process of the calling test trusts.
///
/// Whom to trust is read from the environment (`SSL_CERT_FILE`), which can be set for a process that is being started and for no other.
/// So the test starts itself once more: there it gets its authority, and here, where nothing is left to do, none.
fn trusted_authority() -> Option<Authority> {
    let test = std::thread::current().name().expect("a test's thread has its name").to_owned();
    if std::env::var_os(RUNS_ALONE).is_some() {
        let file = PathBuf::from(std::env::var_os("SSL_CERT_FILE").unwrap());
        return Some(Authority::trusted_by(&file));
    }
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}.pem", test.replace("::", "-")));
    let mut alone = std::process::Command::new(std::env::current_exe().unwrap());
    alone.args([test.as_str(), "--exact", "--nocapture"]).env(RUNS_ALONE, "yes").env("SSL_CERT_FILE", &file);
    let output = alone.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&output.stderr));
    std::fs::remove_file(file).unwrap();
    None
}

/// Tells a test that it is the one with an authority.
const RUNS_ALONE: &str = "GATEWRIGHT_TEST_RUNS_ALONE";

impl Authority {
    /// One whom nobody trusts yet.
    pub(crate) fn new() -> Self {
        let mut about = CertificateParams::default();
        about.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        about.distinguished_name.push(DnType::CommonName, "Authority of a test");
        Self(CertifiedIssuer::self_signed(about, KeyPair::generate().unwrap()).unwrap())
    }

    /// Makes one and writes it where this process looks for those it trusts, before it looks for the first time.
    fn trusted_by(file: &std::path::Path) -> Self {
        let authority = Self::new();
        std::fs::write(file, authority.pem()).unwrap();
        authority
    }

    /// Its own certificate as text.
    pub(crate) fn pem(&self) -> String {
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(self.0.der()))
    }

    pub(crate) fn sign(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> Certificate {
        let key = KeyPair::generate().unwrap();
        let mut about = named(name);
        change(&mut about);
        let der = about.signed_by(&key, &self.0).unwrap().der().clone();
        Certificate { der, key }
    }
}

/// A TLS server that answers whatever it is asked with a token.
pub(crate) struct TlsServer {
    pub(crate) port: u16,
    /// The bytes that came through the encryption, for each connection.
    pub(crate) read: Arc<Mutex<Vec<usize>>>,
}

impl TlsServer {
    /// Shows each connection the next certificate, and none to those after the last.
    pub(crate) async fn start(certificates: Vec<Certificate>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let read = Arc::new(Mutex::new(Vec::new()));
        let counting = Arc::clone(&read);
        tokio::spawn(async move {
            for certificate in certificates {
                let (stream, _) = listener.accept().await.unwrap();
                let place = counting.lock().unwrap().len();
                counting.lock().unwrap().push(0);
                // A client that leaves when it has seen the certificate is what most of these tests are for.
                if let Ok(bytes) = answer(stream, certificate).await {
                    counting.lock().unwrap()[place] = bytes;
                }
            }
        });
        Self { port, read }
    }
}

/// Answers one request; brings how long it was.
async fn answer(stream: TcpStream, certificate: Certificate) -> io::Result<usize> {
    let key = PrivateKeyDer::Pkcs8(certificate.key.serialize_der().into());
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate.der], key).unwrap();
    let mut stream = TlsAcceptor::from(Arc::new(config)).accept(stream).await?;
    let read = stream.read(&mut [0; 4096]).await?;
    let body = serde_json::json!({"access_token": token().as_str(), "token_type": "Bearer"}).to_string();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all(format!("{head}{body}").as_bytes()).await?;
    stream.shutdown().await?;
    Ok(read)
}
