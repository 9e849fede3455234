//! One connection: one request, one answer.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::timeout;
use url::Url;

use crate::answer::Answer;
use crate::listener::Callback;
use crate::request::{self, Reading, Request};
use crate::serve::Shared;

/// How long bytes are read away after an answer.
const LONGEST_DRAIN: Duration = Duration::from_millis(500);

/// Bytes read away after an answer, at most.
const MOST_DRAINED: usize = 2 << 20;

/// Reads one request and answers it, within the limits.
pub(crate) async fn answer(
    stream: TcpStream,
    shared: Arc<Shared>,
    callbacks: mpsc::Sender<Callback>,
    idle: Arc<AtomicBool>,
) {
    // A browser that goes away early, or one that takes too long, gets no answer.
    let _ = timeout(shared.limits.total, exchange(stream, &shared, &callbacks, &idle)).await;
}

async fn exchange(
    mut stream: TcpStream,
    shared: &Arc<Shared>,
    callbacks: &mpsc::Sender<Callback>,
    idle: &AtomicBool,
) -> io::Result<()> {
    let answer = match timeout(shared.limits.head, read(&mut stream, shared)).await {
        Ok(Ok(Ok(request))) => {
            idle.store(false, Ordering::Relaxed);
            judge(request, shared, callbacks).await
        }
        Ok(Ok(Err(refusal))) => refusal,
        Ok(Err(gone)) => return Err(gone),
        Err(_) => Answer::Late,
    };
    stream.write_all(&answer.write(shared.done_path, shared.methods(), shared.language())).await?;
    stream.shutdown().await?;
    if answer == Answer::Done {
        shared.farewell_shown();
    }
    // From here on the connection may give way to another.
    idle.store(true, Ordering::Relaxed);
    timeout(LONGEST_DRAIN, drain(&mut stream)).await.unwrap_or(Ok(()))
}

/// Reads away what the other side still sends: closing with unread bytes would take the answer from it.
async fn drain(stream: &mut TcpStream) -> io::Result<()> {
    let mut scratch = [0; 4096];
    for _ in 0..MOST_DRAINED / scratch.len() {
        if stream.read(&mut scratch).await? == 0 {
            break;
        }
    }
    Ok(())
}

async fn read(stream: &mut TcpStream, shared: &Shared) -> io::Result<Result<Request, Answer>> {
    let mut bytes = Vec::with_capacity(2048);
    let request = loop {
        match request::read(&bytes, &shared.authority, shared.takes_forms()) {
            Reading::Whole(request) => break request,
            Reading::Refused(answer) => return Ok(Err(answer)),
            Reading::Partial => read_more(stream, &mut bytes).await?,
        }
    };
    let Some(place) = request.form_at.clone() else { return Ok(Ok(request)) };
    while bytes.len() < place.end {
        read_more(stream, &mut bytes).await?;
    }
    Ok(Ok(Request { form: bytes.get(place).map(Box::from), ..request }))
}

async fn read_more(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> io::Result<()> {
    match stream.read_buf(bytes).await? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(()),
    }
}

async fn judge(request: Request, shared: &Arc<Shared>, callbacks: &mpsc::Sender<Callback>) -> Answer {
    let path = request.target.split('?').next().unwrap_or_default();
    match path {
        "/favicon.ico" => return Answer::NoIcon,
        _ if path == shared.done_path => return if shared.is_taken() { Answer::Done } else { Answer::NotFound },
        _ => {}
    }
    let address = format!("http://{}{}", shared.authority, request.target);
    let Some(url) = Url::parse(&address).ok().filter(|url| shared.redirect_uri.caught_by(url)) else {
        return Answer::NotFound;
    };
    if !request.is_navigation {
        return Answer::Forbidden;
    }
    if shared.is_taken() {
        return Answer::Gone;
    }
    let (callback, answered) = Callback::new(url, request.form, shared);
    if callbacks.send(callback).await.is_err() {
        return Answer::Gone;
    }
    answered.await.unwrap_or(Answer::NotOurs)
}
