//! The load tool: connections that are kept open and do one errand after the other. Both sides of a comparison get the same one.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use hyper::body::{Body, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue, LOCATION};
use hyper::http::request::Builder;
use hyper::{HeaderMap, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// What a connection does over and over. An answer that is not the right one ends the measurement: refusals are fast.
pub trait Errand: Send + Sync + 'static {
    /// Does it once.
    fn run(&self, connection: &mut Connection) -> impl Future<Output = Result<()>> + Send;
}

/// One connection that is kept open.
pub struct Connection {
    sender: SendRequest<String>,
    host: HeaderValue,
}

/// An answer that has arrived whole.
#[derive(Debug)]
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    /// Its body.
    pub body: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { sender, host: HeaderValue::from_str(&address.to_string())? })
    }

    /// `GET`, with a bearer token where there is one.
    pub async fn get(&mut self, path: &str, token: Option<&str>) -> Result<Answer> {
        let mut request = Request::get(path);
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        self.send(request, String::new()).await
    }

    /// `POST` of a form.
    pub async fn post(&mut self, path: &str, form: &str) -> Result<Answer> {
        let request = Request::post(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, form.to_owned()).await
    }

    async fn send(&mut self, request: Builder, body: String) -> Result<Answer> {
        self.sender.ready().await?;
        let request = request.header(HOST, self.host.clone()).body(body)?;
        let (head, incoming) = self.sender.send_request(request).await?.into_parts();
        Ok(Answer { status: head.status, headers: head.headers, body: collect(incoming).await? })
    }
}

impl Answer {
    /// The same answer, if its status is the one that was expected.
    pub fn expect(self, status: u16) -> Result<Self> {
        ensure!(self.status == status, "the server answered {}: {}", self.status, String::from_utf8_lossy(&self.body));
        Ok(self)
    }

    /// The address it redirects to.
    pub fn location(&self) -> Result<&str> {
        Ok(self.headers.get(LOCATION).context("the answer redirects nowhere")?.to_str()?)
    }

    /// A parameter of the address it redirects to.
    pub fn redirect_parameter(&self, name: &str) -> Result<&str> {
        let (_, query) = self.location()?.split_once('?').context("the redirect has no query")?;
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(key, _)| *key == name).with_context(|| format!("the redirect has no {name}"))?;
        Ok(value)
    }
}

/// How often per second an errand is done on that many connections, for that long.
pub async fn rate<E: Errand>(address: SocketAddr, connections: usize, time: Duration, errand: &Arc<E>) -> Result<f64> {
    let mut opened = Vec::with_capacity(connections);
    for _ in 0..connections {
        opened.push(Connection::open(address).await?);
    }
    let start = Instant::now();
    let workers: Vec<_> =
        opened.into_iter().map(|one| tokio::spawn(work(one, start + time, Arc::clone(errand)))).collect();
    let mut done = 0.0;
    for worker in workers {
        done += worker.await??;
    }
    Ok(done / start.elapsed().as_secs_f64())
}

/// How often one connection does its errand until the time is up.
async fn work<E: Errand>(mut connection: Connection, end: Instant, errand: Arc<E>) -> Result<f64> {
    let mut done = 0.0;
    while Instant::now() < end {
        errand.run(&mut connection).await?;
        done += 1.0;
    }
    Ok(done)
}

async fn collect(mut incoming: Incoming) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(frame) = std::future::poll_fn(|context| std::pin::Pin::new(&mut incoming).poll_frame(context)).await
    {
        if let Ok(bytes) = frame?.into_data() {
            body.extend_from_slice(&bytes);
        }
    }
    Ok(body)
}
