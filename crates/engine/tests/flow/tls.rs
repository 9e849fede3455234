//! Certificates: refused means that nothing was sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use gatewright_model::run::EndReason;
use rcgen::CertifiedKey;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::stage::*;

/// A TLS server with a certificate that nobody has signed; counts the bytes it gets to read.
async fn self_signed(name: &str) -> (u16, Arc<AtomicUsize>) {
    let CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(signing_key.serialize_der().into());
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![cert.der().clone()], key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let read = Arc::new(AtomicUsize::new(0));
    let counting = Arc::clone(&read);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                counting.fetch_add(stream.read(&mut [0; 64]).await.unwrap_or(0), Ordering::Relaxed);
            }
        }
    });
    (port, read)
}

#[tokio::test]
async fn a_certificate_that_nobody_signed_is_refused_before_the_secret_is_sent() {
    let (port, read) = self_signed("localhost").await;
    let mut stage = Stage::at("chattz", chattz).await;
    stage.plan.bases.authorization = format!("https://localhost:{port}");
    let walked = stage.walk(comes_back_with("?code=splendid&state={state}")).await;
    assert_eq!(walked.ending().reason, EndReason::CertificateRefused, "{}", walked.ending().sentence);
    let sentence = &walked.ending().sentence;
    assert!(sentence.contains("signed by nobody this computer trusts"), "{sentence}");
    assert_eq!(read.load(Ordering::Relaxed), 0);
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
