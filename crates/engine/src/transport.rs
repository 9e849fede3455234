//! [`Transport`] over real HTTP, by reqwest: no redirects, no cookies, no retries, a fresh connection for every request that must not
//! arrive twice, limits on size and time, and no name that leads nearer than it says.

mod failure;
mod local_authority;
mod lookup;

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use gatewright_protocol::http::{HttpRequest, HttpResponse, Method, Value};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use url::{Host, Url};

pub use local_authority::{LocalAuthority, NotTrusted};
pub use lookup::{Lookup, NearbyHosts};

use self::lookup::CheckedLookup;
use crate::ports::{PortFuture, SendError, Transport};

/// How much and how long we listen to a server.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a body; what comes after is not read.
    pub body_bytes: usize,
    /// Bytes of all header fields together.
    pub header_bytes: usize,
    /// From the start of a request to the last byte of its answer.
    pub total: Duration,
    /// From the start of a request to the end of its answer's head.
    pub head: Duration,
    /// Between two pieces of an answer.
    pub idle: Duration,
    /// Until a connection stands.
    pub connect: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 1 << 20,
            header_bytes: 64 << 10,
            total: Duration::from_secs(30),
            head: Duration::from_secs(15),
            idle: Duration::from_secs(20),
            connect: Duration::from_secs(10),
        }
    }
}

/// [`Transport`] over real HTTP. One for the whole process: building its clients costs more than a request.
pub struct HttpTransport {
    limits: Limits,
    lookup: Arc<CheckedLookup>,
    /// Whose certificates count at one place of this computer.
    authority: LocalAuthority,
    /// For plain HTTP to this computer: no proxy, no certificates to load.
    here: Clients,
    /// For HTTPS to this computer: no proxy.
    here_safely: Clients,
    /// For everything else: certificates of the operating system, proxy of the environment.
    elsewhere: Clients,
}

/// The clients for one kind of place, each built when it is first needed.
#[derive(Default)]
struct Clients {
    /// For what changes something at the server. A kept connection may be dead by now, and a code must not be sent twice to find out
    /// (N-06): each of these requests opens its own.
    fresh: OnceLock<Result<reqwest::Client, String>>,
    /// For what is only read: metadata, keys and the identity follow one another, and may do so on one connection.
    kept: OnceLock<Result<reqwest::Client, String>>,
}

/// How long a connection is kept for the next thing to read: shorter than any server keeps one, so that it is not closed under a request.
const KEPT_FOR: Duration = Duration::from_secs(2);

impl Clients {
    fn client(
        &self,
        method: Method,
        builder: impl FnOnce() -> reqwest::ClientBuilder,
    ) -> &Result<reqwest::Client, String> {
        match method {
            Method::Get => {
                self.kept.get_or_init(|| built(builder().pool_max_idle_per_host(1).pool_idle_timeout(KEPT_FOR)))
            }
            Method::Post | Method::Put | Method::Delete => {
                self.fresh.get_or_init(|| built(builder().pool_max_idle_per_host(0)))
            }
        }
    }
}

impl HttpTransport {
    /// A transport with these limits, for which only the `nearby` hosts may be in the network at hand. Nothing is loaded before the first
    /// request.
    pub fn new(limits: Limits, nearby: NearbyHosts) -> Self {
        Self::looking_up(limits, nearby, lookup::system())
    }

    /// The same with another way to find the addresses of a name.
    pub fn looking_up(limits: Limits, nearby: NearbyHosts, lookup: Lookup) -> Self {
        let lookup = Arc::new(CheckedLookup::new(lookup, nearby));
        Self {
            limits,
            lookup,
            authority: LocalAuthority::default(),
            here: Clients::default(),
            here_safely: Clients::default(),
            elsewhere: Clients::default(),
        }
    }

    /// The same, which takes the word of this authority at the one origin where it counts.
    #[must_use]
    pub fn trusting(self, authority: LocalAuthority) -> Self {
        Self { authority, ..self }
    }

    fn client(&self, method: Method, url: &Url) -> Result<reqwest::Client, SendError> {
        let unprepared = |why: &String| SendError::Unprepared { why: why.clone() };
        if let Some(certificate) = self.authority.of(url) {
            // Built anew for each request, so that neither a connection nor the trust outlives the authority.
            let builder = self.builder().no_proxy().pool_max_idle_per_host(0).tls_certs_only([certificate]);
            return built(builder).map_err(|why| unprepared(&why));
        }
        let client = if url.scheme() == "http" && is_loopback(url) {
            self.here.client(method, || self.builder().no_proxy().tls_certs_only([]))
        } else if is_loopback(url) {
            self.here_safely.client(method, || self.builder().no_proxy())
        } else {
            self.elsewhere.client(method, || self.builder())
        };
        client.as_ref().cloned().map_err(unprepared)
    }

    fn builder(&self) -> reqwest::ClientBuilder {
        reqwest::Client::builder()
            .user_agent(concat!("Gatewright/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .http1_only()
            .dns_resolver(Arc::clone(&self.lookup))
            .timeout(self.limits.total)
            .read_timeout(self.limits.idle)
            .connect_timeout(self.limits.connect)
    }

    async fn exchange(&self, request: &HttpRequest) -> Result<HttpResponse, SendError> {
        let failed = |error: reqwest::Error| failure::classify(&error, &request.url, self.limits.total);
        let mut outgoing =
            self.client(request.method, &request.url)?.request(method(request.method), request.url.clone());
        if let Some(body) = &request.body {
            let written = body.write();
            outgoing =
                outgoing.header(reqwest::header::CONTENT_TYPE, written.content_type).body(written.bytes.to_vec());
        }
        let sending = tokio::time::timeout(self.limits.head, outgoing.headers(headers(request)?).send());
        let too_late = || SendError::TimedOut {
            host: host_and_port(&request.url),
            after: self.limits.head.min(self.limits.total),
        };
        let mut incoming = sending.await.map_err(|_| too_late())?.map_err(failed)?;
        let headers = read_headers(incoming.headers());
        if headers.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() > self.limits.header_bytes {
            let why = format!("its header fields are longer than {} KiB together", self.limits.header_bytes >> 10);
            return Err(SendError::NotHttp { host: host_and_port(&request.url), why });
        }
        let mut response = HttpResponse { status: incoming.status().as_u16(), headers, body: Vec::new(), cut: false };
        while let Some(piece) = incoming.chunk().await.map_err(failed)? {
            let room = self.limits.body_bytes - response.body.len();
            response.body.extend_from_slice(&piece[..piece.len().min(room)]);
            if piece.len() > room {
                response.cut = true;
                break;
            }
        }
        Ok(response)
    }
}

impl Default for HttpTransport {
    fn default() -> Self {
        Self::new(Limits::default(), NearbyHosts::default())
    }
}

impl Transport for HttpTransport {
    fn send<'a>(&'a self, request: &'a HttpRequest) -> PortFuture<'a, Result<HttpResponse, SendError>> {
        Box::pin(self.exchange(request))
    }
}

fn built(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, String> {
    builder.build().map_err(|error| failure::innermost(&error))
}

fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Delete => reqwest::Method::DELETE,
    }
}

fn headers(request: &HttpRequest) -> Result<HeaderMap, SendError> {
    let mut headers = HeaderMap::new();
    for (name, value) in &request.headers {
        let unwritable =
            || SendError::Unwritable { why: format!("the header {name} would hold a character that it may not hold") };
        let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unwritable())?;
        let mut field = HeaderValue::from_str(&value.expose()).map_err(|_| unwritable())?;
        field.set_sensitive(matches!(value, Value::Secret(..) | Value::Scheme(..)));
        headers.append(key, field);
    }
    Ok(headers)
}

fn read_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let read = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), read(value))).collect()
}

/// Whether an address is on this computer.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback() && address == Ipv4Addr::LOCALHOST,
        Some(Host::Ipv6(address)) => address == Ipv6Addr::LOCALHOST,
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// `id.example`, or `127.0.0.1:8914` where the port is not the scheme's own.
pub(crate) fn host_and_port(url: &Url) -> String {
    let host = url.host_str().unwrap_or("the server");
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
