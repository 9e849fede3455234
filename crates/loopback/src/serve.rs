//! Taking connections: never more than a few at once, and none for long.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use gatewright_language::Language;
use gatewright_protocol::RedirectUri;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::Instant;

use crate::bind::Sockets;
use crate::connection;
use crate::listener::Callback;

/// How long a connection may say nothing while another waits for its place.
const PATIENCE: Duration = Duration::from_millis(20);

/// How long and how many.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// From connecting to the last byte of the head.
    pub(crate) head: Duration,
    /// From connecting to the end of the answer.
    pub(crate) total: Duration,
    /// After the callback was taken, for the last page.
    pub(crate) farewell: Duration,
    /// Connections at once.
    pub(crate) connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(5),
            total: Duration::from_secs(10),
            // A browser follows a redirect on this computer in milliseconds, and no port stays open for a second after its login.
            farewell: Duration::from_millis(800),
            connections: 16,
        }
    }
}

/// Where the listener stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Waiting,
    Taken,
    FarewellShown,
}

/// What all connections of a listener share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) redirect_uri: RedirectUri,
    pub(crate) limits: Limits,
    /// The only `Host` that is answered.
    pub(crate) authority: String,
    /// Where the last page is.
    pub(crate) done_path: &'static str,
    /// Whether a callback may also be posted.
    takes_forms: AtomicBool,
    /// In which language the pages are; English where nobody has said.
    language: OnceLock<Language>,
    phase: watch::Sender<Phase>,
}

impl Shared {
    pub(crate) fn new(redirect_uri: &RedirectUri, limits: Limits) -> Self {
        let url = redirect_uri.url();
        let host = url.host_str().unwrap_or_default();
        let done_path = if url.path() == "/done" { "/finished" } else { "/done" };
        Self {
            redirect_uri: redirect_uri.clone(),
            limits,
            // A browser leaves the scheme's own port out.
            authority: url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")),
            done_path,
            takes_forms: AtomicBool::new(false),
            language: OnceLock::new(),
            phase: watch::Sender::new(Phase::Waiting),
        }
    }

    /// From now on callbacks may also be posted.
    pub(crate) fn take_forms(&self) {
        self.takes_forms.store(true, Ordering::Relaxed);
    }

    pub(crate) fn takes_forms(&self) -> bool {
        self.takes_forms.load(Ordering::Relaxed)
    }

    /// From now on the pages are in this language. It is said once.
    pub(crate) fn speak(&self, language: Language) {
        let _first = self.language.set(language);
    }

    pub(crate) fn language(&self) -> Language {
        self.language.get().copied().unwrap_or_default()
    }

    /// The methods a callback may come by, as the header field `Allow` lists them.
    pub(crate) fn methods(&self) -> &'static str {
        if self.takes_forms() { "GET, POST" } else { "GET" }
    }

    /// The callback was taken.
    pub(crate) fn take(&self) {
        self.phase.send_replace(Phase::Taken);
    }

    pub(crate) fn is_taken(&self) -> bool {
        *self.phase.borrow() != Phase::Waiting
    }

    /// The browser has seen the last page.
    pub(crate) fn farewell_shown(&self) {
        self.phase.send_replace(Phase::FarewellShown);
    }

    /// Ends when nothing is left to do: the last page was shown, or nobody asked for it.
    async fn over(&self) {
        let mut phase = self.phase.subscribe();
        let mut shown = phase.clone();
        // The sender is ours, so that waiting cannot fail.
        let _ = phase.wait_for(|phase| *phase != Phase::Waiting).await;
        let _ =
            tokio::time::timeout(self.limits.farewell, shown.wait_for(|phase| *phase == Phase::FarewellShown)).await;
    }
}

/// One open connection.
struct Open {
    task: AbortHandle,
    since: Instant,
    /// Whether it has not yet sent a whole request, or has its answer already.
    idle: Arc<AtomicBool>,
}

impl Open {
    fn is_idle(&self) -> bool {
        self.idle.load(Ordering::Relaxed)
    }
}

/// Takes connections until the listener is dropped or its work is done.
pub(crate) async fn serve(sockets: Sockets, shared: Arc<Shared>, callbacks: mpsc::Sender<Callback>) {
    let mut tasks = JoinSet::new();
    let mut open: VecDeque<Open> = VecDeque::new();
    let mut next: Option<TcpStream> = None;
    let over = shared.over();
    tokio::pin!(over);
    loop {
        if open.len() < shared.limits.connections
            && let Some(stream) = next.take()
        {
            let idle = Arc::new(AtomicBool::new(true));
            let answering = connection::answer(stream, Arc::clone(&shared), callbacks.clone(), Arc::clone(&idle));
            open.push_back(Open { task: tasks.spawn(answering), since: Instant::now(), idle });
        }
        tokio::select! {
            () = &mut over => return,
            Some(_) = tasks.join_next(), if !tasks.is_empty() => open.retain(|connection| !connection.task.is_finished()),
            stream = accept(&sockets), if next.is_none() => next = stream,
            place = silent_too_long(&open), if next.is_some() => evict(&mut open, place),
        }
    }
}

/// Waits until the oldest connection without a whole request has had its chance, and says where it stands.
async fn silent_too_long(open: &VecDeque<Open>) -> usize {
    let Some((place, connection)) = open.iter().enumerate().find(|(_, connection)| connection.is_idle()) else {
        // All are being answered: one of them will end.
        return std::future::pending().await;
    };
    tokio::time::sleep_until(connection.since + PATIENCE).await;
    place
}

/// Ends a connection that says nothing, for one that may: a real browser sends its request at once.
fn evict(open: &mut VecDeque<Open>, place: usize) {
    if open.get(place).is_some_and(Open::is_idle)
        && let Some(connection) = open.remove(place)
    {
        connection.task.abort();
    }
}

async fn accept(sockets: &Sockets) -> Option<TcpStream> {
    let second = async {
        match &sockets.second {
            Some(listener) => listener.accept().await,
            None => std::future::pending().await,
        }
    };
    let accepted = tokio::select! {
        accepted = sockets.first.accept() => accepted,
        accepted = second => accepted,
    };
    match accepted {
        Ok((stream, _)) => Some(stream),
        Err(error) => {
            // Out of file descriptors, or a connection that was gone already: the next may be better.
            tracing::debug!(%error, "a connection to the redirect listener could not be taken");
            tokio::time::sleep(Duration::from_millis(10)).await;
            None
        }
    }
}
