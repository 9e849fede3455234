//! A TCP server that sends what a well-behaved server cannot: nothing, too much, too slowly, or half of it.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What the server does with a request.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A whole, correct HTTP response.
    Http {
        /// The status code.
        status: u16,
        /// Header fields besides `Content-Length`.
        headers: Vec<(&'static str, String)>,
        /// The body.
        body: String,
    },
    /// These bytes; then the connection is closed.
    Bytes(Vec<u8>),
    /// These bytes, one at a time with a pause before each.
    Slowly(Vec<u8>, Duration),
    /// A head that promises this many bytes, and all of them.
    Huge(u64),
    /// Nothing; the connection stays open.
    Never,
    /// The connection is reset.
    Reset,
}

impl Answer {
    /// A JSON response that nobody may store.
    pub fn json(status: u16, body: impl Into<String>) -> Self {
        let headers = vec![("content-type", "application/json".to_owned()), ("cache-control", "no-store".to_owned())];
        Self::Http { status, headers, body: body.into() }
    }

    /// A response with one `Content-Type`.
    pub fn labelled(status: u16, content_type: &str, body: impl Into<String>) -> Self {
        Self::Http { status, headers: vec![("content-type", content_type.to_owned())], body: body.into() }
    }

    /// The same response with one more header field; only for [`Answer::Http`].
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        if let Self::Http { headers, .. } = &mut self {
            headers.push((name, value.to_owned()));
        }
        self
    }
}

/// A request as it arrived.
#[derive(Clone, Debug, Default)]
pub struct ReceivedRequest {
    /// `GET`, `POST` …
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Header fields, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl ReceivedRequest {
    /// The first value of a header; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

type Script = Arc<dyn Fn(&ReceivedRequest) -> Answer + Send + Sync>;

/// A TCP server on a random loopback port. It ends when it is dropped.
#[derive(Debug)]
pub struct RawServer {
    port: u16,
    requests: Arc<Mutex<Vec<ReceivedRequest>>>,
    accepting: JoinHandle<()>,
}

impl RawServer {
    /// Starts a server that answers each request by `script`.
    pub async fn start(script: impl Fn(&ReceivedRequest) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free loopback port");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let requests = Arc::default();
        let accepting = tokio::spawn(accept(listener, Arc::new(script), Arc::clone(&requests)));
        Self { port, requests, accepting }
    }

    /// `http://127.0.0.1:PORT`.
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Every request so far, in the order of arrival.
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until this many requests have arrived.
    pub async fn until_asked(&self, times: usize) {
        while self.requests().len() < times {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, script: Script, requests: Arc<Mutex<Vec<ReceivedRequest>>>) {
    // Connections end with the server, because dropping the set ends its tasks.
    let mut open = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let (script, requests) = (Arc::clone(&script), Arc::clone(&requests));
        open.spawn(async move {
            // A client that goes away early is part of many tests.
            let _gone = serve(stream, &script, &requests).await;
        });
    }
}

async fn serve(mut stream: TcpStream, script: &Script, requests: &Mutex<Vec<ReceivedRequest>>) -> io::Result<()> {
    let Some(request) = read(&mut stream).await? else { return Ok(()) };
    let answer = script(&request);
    requests.lock().unwrap_or_else(PoisonError::into_inner).push(request);
    match answer {
        Answer::Http { status, headers, body } => {
            let named: String = headers.iter().map(|(name, value)| [name, ": ", value, "\r\n"].concat()).collect();
            let length = body.len();
            let head =
                format!("HTTP/1.1 {status} Scripted\r\ncontent-length: {length}\r\nconnection: close\r\n{named}\r\n");
            stream.write_all(head.as_bytes()).await?;
            stream.write_all(body.as_bytes()).await?;
        }
        Answer::Bytes(bytes) => stream.write_all(&bytes).await?,
        Answer::Slowly(bytes, pause) => {
            for byte in bytes {
                tokio::time::sleep(pause).await;
                stream.write_all(&[byte]).await?;
            }
        }
        Answer::Huge(bytes) => {
            let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {bytes}\r\n\r\n");
            stream.write_all(head.as_bytes()).await?;
            let piece = vec![b' '; 64 << 10];
            for _ in 0..bytes / piece.len() as u64 {
                stream.write_all(&piece).await?;
            }
        }
        Answer::Never => std::future::pending().await,
        Answer::Reset => stream.set_zero_linger()?,
    }
    Ok(())
}

/// Reads one request with a `Content-Length` or none; `None` when the client says nothing.
async fn read(stream: &mut TcpStream) -> io::Result<Option<ReceivedRequest>> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(place) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break place + 4;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let mut lines = head.lines();
    let mut words = lines.next().unwrap_or_default().split(' ').map(str::to_owned);
    let mut request = ReceivedRequest {
        method: words.next().unwrap_or_default(),
        target: words.next().unwrap_or_default(),
        headers: lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect(),
        body: String::new(),
    };
    let length = request.header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    while bytes.len() < head_end + length {
        if stream.read_buf(&mut bytes).await? == 0 {
            break;
        }
    }
    request.body = String::from_utf8_lossy(&bytes[head_end..]).into_owned();
    Ok(Some(request))
}
