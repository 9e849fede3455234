//! The socket: accepts connections, limits them, and ends them when the sandbox stops.

use std::convert::Infallible;
use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::fault::{certificate, inject, wire};
use crate::guard;
use crate::server::Server;
use crate::{StartError, guard::Arrival};

/// Connections served at once; more wait in the system's queue.
const CONNECTIONS: usize = 512;
/// How long a client may take over its request head, which also bounds how long an idle connection is kept.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// Largest request head in bytes.
const LARGEST_HEAD: usize = 32 * 1024;
/// How long answers under way may take to finish when the sandbox stops.
const FAREWELL: Duration = Duration::from_millis(300);

/// A bound socket that nobody serves yet.
pub(crate) struct BoundSocket {
    socket: TcpListener,
    port: u16,
}

/// A socket being served. Dropped, it stops at once.
pub(crate) struct Listener {
    stop: CancellationToken,
    accepting: JoinHandle<()>,
    _stop_when_dropped: DropGuard,
}

impl Listener {
    /// Binds 127.0.0.1 and nothing else: the sandbox is for this computer only.
    pub(crate) async fn bind(port: u16) -> Result<BoundSocket, StartError> {
        let listen = |source| StartError::Listen { port, source };
        let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|source| match source.kind() {
            io::ErrorKind::AddrInUse => StartError::PortTaken { port },
            _ => listen(source),
        })?;
        let port = socket.local_addr().map_err(listen)?.port();
        Ok(BoundSocket { socket, port })
    }

    /// Stops accepting, lets answers under way finish, then frees the port.
    pub(crate) async fn stop(self) {
        self.stop.cancel();
        // An error here means that accepting had ended by itself; either way nobody accepts any more.
        let _ = self.accepting.await;
    }
}

impl BoundSocket {
    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    /// Serves the socket on the current runtime.
    pub(crate) fn serve(self, server: Arc<Server>, router: Router) -> Listener {
        let stop = CancellationToken::new();
        let accepting = tokio::spawn(accept(self.socket, server, router, stop.clone()));
        Listener { _stop_when_dropped: stop.clone().drop_guard(), stop, accepting }
    }
}

async fn accept(socket: TcpListener, server: Arc<Server>, router: Router, stop: CancellationToken) {
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        if connections.len() >= CONNECTIONS {
            tokio::select! {
                () = stop.cancelled() => break,
                _ = connections.join_next() => continue,
            }
        }
        tokio::select! {
            () = stop.cancelled() => break,
            accepted = socket.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve_connection(stream, Arc::clone(&server), router.clone(), stop.clone()));
                }
                Err(error) => {
                    // Out of file descriptors or a connection gone before we took it: wait a little rather than spin.
                    tracing::warn!(%error, "sandbox cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
        }
    }
    drop(socket);
    let _ = tokio::time::timeout(FAREWELL, async { while connections.join_next().await.is_some() {} }).await;
    connections.shutdown().await;
}

async fn serve_connection(stream: TcpStream, server: Arc<Server>, router: Router, stop: CancellationToken) {
    // Answers are small and whole: waiting to fill a packet only costs time.
    let _ = stream.set_nodelay(true);
    let accepted = tokio::select! {
        accepted = certificate::accepted(stream, &server) => accepted,
        () = stop.cancelled() => None,
    };
    let Some(stream) = accepted else { return };
    let router = TowerToHyperService::new(router);
    let (handover, taken) = wire::handover();
    let service = service_fn(move |request| answer(Arc::clone(&server), router.clone(), handover.clone(), request));
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(LARGEST_HEAD)
        .pipeline_flush(true)
        .serve_connection(TokioIo::new(stream), service);
    // What goes wrong on a connection (a client that hangs up, a broken request head) concerns nobody but that client.
    tokio::select! {
        _ = &mut connection => {}
        Ok(script) = taken => wire::play(connection.into_parts().io.into_inner(), script).await,
        () = stop.cancelled() => {
            std::pin::Pin::new(&mut connection).graceful_shutdown();
            let _ = connection.await;
        }
    }
}

async fn answer(
    server: Arc<Server>,
    router: TowerToHyperService<Router>,
    connection: wire::Handover,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    let arrival = Arrival::of(&server, &request);
    let response = match guard::refuse_at_the_door(&server, &request) {
        Some(refusal) => refusal,
        None if server.faults.any() => inject::answer(&server, &router, request, &arrival).await?,
        None => router.call(request).await?,
    };
    Ok(inject::deliver(arrival.finish(&server, response), &connection).await)
}
