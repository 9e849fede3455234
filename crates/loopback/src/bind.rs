//! Opening the port, on loopback only.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use gatewright_protocol::RedirectUri;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpListener;
use url::Host;

/// How many connections the system keeps for us until we take them.
const BACKLOG: i32 = 128;

/// Why the listener could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// The redirect URI is not on this computer.
    #[error("{redirect_uri} is not on this computer, so no callback can be caught here")]
    NotLoopback {
        /// The redirect URI.
        redirect_uri: String,
    },
    /// A browser cannot come back to port 0.
    #[error("the redirect URI names port 0, to which no browser can come back")]
    PortZero,
    /// Somebody else has the port. No other is chosen: the redirect URI would no longer be the registered one.
    #[error("port {port} on {address} is taken by another program")]
    PortTaken {
        /// The port.
        port: u16,
        /// The address: `127.0.0.1` or `::1`.
        address: String,
    },
    /// Ports below 1024 belong to the administrator.
    #[error("port {port} may be opened by the administrator only; register a redirect URI with a port of 1024 or more")]
    NotAllowed {
        /// The port.
        port: u16,
    },
    /// Anything else.
    #[error("port {port} on {address} could not be opened: {source}")]
    Io {
        /// The port.
        port: u16,
        /// The address.
        address: String,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
}

/// The open sockets: one, or two on the same port where the redirect URI says `localhost`.
#[derive(Debug)]
pub(crate) struct Sockets {
    pub(crate) first: TcpListener,
    pub(crate) second: Option<TcpListener>,
    pub(crate) port: u16,
}

impl Sockets {
    /// Opens the redirect URI's own port.
    pub(crate) fn bind(redirect_uri: &RedirectUri) -> Result<Self, BindError> {
        let not_loopback = || BindError::NotLoopback { redirect_uri: redirect_uri.as_str().to_owned() };
        match redirect_uri.loopback_port().ok_or_else(not_loopback)? {
            0 => Err(BindError::PortZero),
            port => Self::bind_port(redirect_uri, port),
        }
    }

    /// Opens any free port.
    pub(crate) fn bind_any(redirect_uri: &RedirectUri) -> Result<Self, BindError> {
        if !redirect_uri.is_loopback() {
            return Err(BindError::NotLoopback { redirect_uri: redirect_uri.as_str().to_owned() });
        }
        Self::bind_port(redirect_uri, 0)
    }

    fn bind_port(redirect_uri: &RedirectUri, port: u16) -> Result<Self, BindError> {
        let v4 = |port| open(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        let v6 = |port| open(SocketAddr::from((Ipv6Addr::LOCALHOST, port)));
        let (first, second) = match redirect_uri.url().host() {
            Some(Host::Ipv6(_)) => (v6(port)?, None),
            // A browser may try ::1 first for this name: whoever owned it there would get the code.
            Some(Host::Domain(_)) => {
                let first = v4(port)?;
                let second = match v6(port_of(&first)) {
                    Ok(second) => Some(second),
                    Err(BindError::Io { source, .. }) if is_without_ipv6(&source) => None,
                    Err(error) => return Err(error),
                };
                (first, second)
            }
            _ => (v4(port)?, None),
        };
        let port = port_of(&first);
        Ok(Self { first, second, port })
    }
}

fn port_of(listener: &TcpListener) -> u16 {
    listener.local_addr().map_or(0, |address| address.port())
}

fn open(address: SocketAddr) -> Result<TcpListener, BindError> {
    let opened = || -> io::Result<TcpListener> {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        // On Linux this only allows a port whose last connections are still closing; elsewhere it would let others in.
        socket.set_reuse_address(cfg!(target_os = "linux"))?;
        if address.is_ipv6() {
            socket.set_only_v6(true)?;
        }
        socket.set_nonblocking(true)?;
        socket.bind(&address.into())?;
        socket.listen(BACKLOG)?;
        TcpListener::from_std(socket.into())
    };
    let port = address.port();
    opened().map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => BindError::PortTaken { port, address: address.ip().to_string() },
        io::ErrorKind::PermissionDenied => BindError::NotAllowed { port },
        _ => BindError::Io { port, address: address.ip().to_string(), source },
    })
}

/// Whether this computer has no IPv6 at all, so that nobody else can own `::1` either.
fn is_without_ipv6(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::AddrNotAvailable
        || error.kind() == io::ErrorKind::Unsupported
        || error.raw_os_error() == Some(97)
}
