//! A web server whose certificate nobody has signed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;
use rcgen::CertifiedKey;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// A TLS server on loopback. It ends when it is dropped.
pub(super) struct SelfSigned {
    port: u16,
    connections: Arc<AtomicUsize>,
    read: Arc<AtomicUsize>,
    accepting: JoinHandle<()>,
}

impl SelfSigned {
    pub(super) async fn start() -> Result<Self> {
        let CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()])?;
        let key = PrivateKeyDer::Pkcs8(signing_key.serialize_der().into());
        let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![cert.der().clone()], key)?;
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let (connections, read) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (connecting, reading) = (Arc::clone(&connections), Arc::clone(&read));
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connecting.fetch_add(1, Ordering::Relaxed);
                if let Ok(mut stream) = acceptor.accept(stream).await {
                    reading.fetch_add(stream.read(&mut [0; 64]).await.unwrap_or(0), Ordering::Relaxed);
                }
            }
        });
        Ok(Self { port, connections, read, accepting })
    }

    pub(super) fn address(&self) -> String {
        format!("https://127.0.0.1:{}/", self.port)
    }

    /// How often anybody connected.
    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    /// How many bytes came through the encryption.
    pub(super) fn bytes_read(&self) -> usize {
        self.read.load(Ordering::Relaxed)
    }
}

impl Drop for SelfSigned {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}
