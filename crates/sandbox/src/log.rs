//! What the twins were asked and what they decided, live. Holds no secret: no query, no header, no body.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::broadcast;

use crate::Twin;

/// How many entries are kept for somebody who comes later.
const KEPT: usize = 500;
/// How many entries a slow subscriber may lag behind before it loses the oldest.
const LAG: usize = 256;
/// Longest path kept, in bytes; no path of ours comes near.
const LONGEST_PATH: usize = 160;

/// One request as a twin saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RequestLogEntry {
    /// Counts from 1, without gaps, since the sandbox was started.
    pub sequence: u64,
    /// When the request arrived.
    pub time: Timestamp,
    /// Which twin was asked; none for the start page and for what was refused at the door.
    pub twin: Option<Twin>,
    /// The request method; “TLS” for a handshake that a fault has spoilt (TK-40).
    pub method: String,
    /// The path without its query; empty where nothing was asked.
    pub path: String,
    /// The status of the answer; 0 where nothing was asked.
    pub status: u16,
    /// How long the answer took, in microseconds.
    pub duration_us: u64,
    /// What the twin decided, in a few words: "code issued", "consent remembered".
    pub note: Cow<'static, str>,
    /// The same text as in the answer's `x-request-id` header.
    pub request_id: String,
}

/// The last entries and whoever is listening.
pub(crate) struct RequestLog {
    sequence: AtomicU64,
    kept: Mutex<VecDeque<Arc<RequestLogEntry>>>,
    listeners: broadcast::Sender<Arc<RequestLogEntry>>,
}

impl RequestLog {
    pub(crate) fn new() -> Self {
        Self {
            sequence: AtomicU64::new(0),
            kept: Mutex::new(VecDeque::with_capacity(KEPT)),
            listeners: broadcast::channel(LAG).0,
        }
    }

    /// The number of the next request.
    pub(crate) fn next_sequence(&self) -> u64 {
        self.sequence.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Keeps an entry and tells whoever listens.
    pub(crate) fn add(&self, entry: RequestLogEntry) {
        let entry = Arc::new(entry);
        {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.len() == KEPT {
                kept.pop_front();
            }
            kept.push_back(Arc::clone(&entry));
        }
        if self.listeners.receiver_count() > 0 {
            // Fails only when the last listener left in between, which is no loss.
            let _ = self.listeners.send(entry);
        }
    }

    pub(crate) fn kept(&self) -> Vec<Arc<RequestLogEntry>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Arc<RequestLogEntry>> {
        self.listeners.subscribe()
    }
}

/// A path as the log keeps it: never longer than a path of ours can be.
pub(crate) fn shown_path(path: &str) -> String {
    let end = (0..=LONGEST_PATH.min(path.len())).rev().find(|end| path.is_char_boundary(*end)).unwrap_or(0);
    path[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::{RequestLog, RequestLogEntry, shown_path};

    fn entry(sequence: u64) -> RequestLogEntry {
        RequestLogEntry {
            sequence,
            time: jiff::Timestamp::UNIX_EPOCH,
            twin: None,
            method: "GET".into(),
            path: "/".into(),
            status: 200,
            duration_us: 1,
            note: Cow::Borrowed(""),
            request_id: format!("r{sequence}"),
        }
    }

    #[test]
    fn the_log_keeps_the_last_five_hundred_entries() {
        let log = RequestLog::new();
        (1..=600).for_each(|number| log.add(entry(number)));
        let kept = log.kept();
        assert_eq!((kept.len(), kept[0].sequence, kept[499].sequence), (500, 101, 600));
    }

    #[test]
    fn an_endless_path_is_cut_between_characters() {
        assert_eq!(shown_path("/chattr"), "/chattr");
        assert_eq!(shown_path(&format!("/{}", "é".repeat(500))).len(), 159);
    }
}
