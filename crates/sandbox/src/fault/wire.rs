//! Answers that no HTTP library would send: written as bytes on the connection the request came in on.
//!
//! The service leaves a [`Script`] with the connection and never answers; the accept loop takes the socket back from the library and
//! plays the script. The address stays the same, and so does everything before the answer.

mod script;

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Bytes;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio_util::either::Either;

pub(crate) use script::Script;

use super::certificate::Stream;
use super::lock;

/// How much is written at once, in bytes.
const WRITTEN_AT_ONCE: usize = 64 * 1024;

/// A wire fault on its way to the connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WireFault {
    /// The fault's name in the catalogue.
    pub(super) fault: &'static str,
    /// The variant's name.
    pub(super) variant: &'static str,
    /// How long to wait between two bytes, where it waits.
    pub(super) pause: Duration,
}

/// A large body that nobody has to write out.
#[derive(Clone)]
pub(crate) struct Repeated {
    first: Bytes,
    piece: Bytes,
    times: usize,
    last: Bytes,
}

/// `first`, then `piece` so many times, then `last`.
pub(super) fn repeating(
    first: impl Into<Bytes>,
    piece: impl Into<Bytes>,
    times: usize,
    last: impl Into<Bytes>,
) -> Repeated {
    Repeated { first: first.into(), piece: piece.into(), times, last: last.into() }
}

/// An answer that is written here.
#[derive(Clone)]
pub(crate) enum WireAnswer {
    Fault(WireFault),
    /// Correct HTTP with this body. The library would take whatever is ready as fast as it can, whether or not the client reads.
    Large(Repeated),
}

/// One thing to do with the socket.
pub(crate) enum Step {
    /// Write these bytes.
    Write(Vec<u8>),
    /// Write these bytes, one at a time with a pause before each.
    Trickle(Vec<u8>, Duration),
    /// Write these bytes so many times, as fast as the client reads them.
    Repeat(Vec<u8>, usize),
    /// Say nothing until the client or the sandbox gives up.
    Hang,
    /// Reset the connection instead of closing it.
    Reset,
}

/// Where a request leaves the script that is to be played instead of its answer.
#[derive(Clone)]
pub(crate) struct Handover(Arc<Mutex<Option<oneshot::Sender<Script>>>>);

/// A connection's two ends of a handover.
pub(crate) fn handover() -> (Handover, oneshot::Receiver<Script>) {
    let (sender, receiver) = oneshot::channel();
    (Handover(Arc::new(Mutex::new(Some(sender)))), receiver)
}

impl Handover {
    pub(super) fn give(&self, script: Script) {
        if let Some(sender) = lock(&self.0).take() {
            // Nobody is there to take it when the client has already left.
            let _ = sender.send(script);
        }
    }
}

/// Plays a script to its end; then the connection is closed.
pub(crate) async fn play(mut stream: Stream, script: Script) {
    // A client that hangs up in the middle is what many of these answers are for.
    let _ = perform(&mut stream, script).await;
}

/// Writes the same bytes many times, several copies at once when they are few.
async fn repeat(stream: &mut Stream, bytes: &[u8], times: usize) -> io::Result<()> {
    let together = (WRITTEN_AT_ONCE / bytes.len().max(1)).clamp(1, times.max(1));
    let batch = bytes.repeat(together);
    for _ in 0..times / together {
        stream.write_all(&batch).await?;
    }
    stream.write_all(&batch[..bytes.len() * (times % together)]).await
}

/// The connection below the encryption, if there is one.
fn tcp(stream: &Stream) -> &TcpStream {
    match stream {
        Either::Left(plain) => plain,
        Either::Right(encrypted) => encrypted.get_ref().0,
    }
}

async fn perform(stream: &mut Stream, script: Script) -> io::Result<()> {
    for step in script.0 {
        match step {
            Step::Write(bytes) => stream.write_all(&bytes).await?,
            Step::Trickle(bytes, pause) => {
                for byte in bytes {
                    tokio::time::sleep(pause).await;
                    stream.write_all(&[byte]).await?;
                }
            }
            Step::Repeat(bytes, times) => repeat(stream, &bytes, times).await?,
            Step::Hang => std::future::pending().await,
            // With no time to linger, dropping the socket sends RST.
            Step::Reset => return tcp(stream).set_zero_linger(),
        }
    }
    stream.shutdown().await
}
