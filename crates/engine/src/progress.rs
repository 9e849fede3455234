//! Telling the application how a run goes on, step by step.

use gatewright_model::run::{Step, StepKind};
use tokio::sync::{mpsc, oneshot};

/// How many reports may wait; past that the run waits for the application.
const WAITING: usize = 64;

/// Something that happened in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A step began.
    StepStarted(StepKind),
    /// The browser opened a page; its address without query.
    PageSeen(String),
    /// A callback without parameters reached the loopback listener. This provider may cancel like that, or anybody on this computer
    /// called the address: the run goes on until the person stops it.
    BareCallbackSeen,
    /// A step ended, well or not.
    StepFinished(Step),
}

/// One event on its way to the application.
#[derive(Debug)]
pub struct Report {
    /// What happened.
    pub event: Event,
    acknowledgement: Option<oneshot::Sender<()>>,
}

impl Report {
    /// Whether the run stands still until [`Report::acknowledge`]: make the event durable first. So is the beginning of the token
    /// request, because a code that was sent must never be sent again after a crash.
    pub const fn is_awaited(&self) -> bool {
        self.acknowledgement.is_some()
    }

    /// Lets the run go on. A report that is dropped without it ends the run with [`NotRecorded`].
    pub fn acknowledge(self) {
        if let Some(acknowledgement) = self.acknowledgement {
            // Nobody waits any more when the run was stopped meanwhile.
            let _ = acknowledgement.send(());
        }
    }
}

/// The application did not record an event; the run must not go on unrecorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the run could not be recorded, so it was not carried on")]
pub struct NotRecorded;

/// The run's end of the reports.
#[derive(Clone, Debug)]
pub struct Progress(mpsc::Sender<Report>);

impl Progress {
    /// Both ends: one for the run, one for the application.
    pub fn channel() -> (Self, mpsc::Receiver<Report>) {
        let (sender, receiver) = mpsc::channel(WAITING);
        (Self(sender), receiver)
    }

    /// Reports without waiting for more than room in the queue.
    pub(crate) async fn tell(&self, event: Event) -> Result<(), NotRecorded> {
        self.0.send(Report { event, acknowledgement: None }).await.map_err(|_| NotRecorded)
    }

    /// Reports and waits until the application has recorded it.
    pub(crate) async fn record(&self, event: Event) -> Result<(), NotRecorded> {
        let (acknowledgement, acknowledged) = oneshot::channel();
        self.0.send(Report { event, acknowledgement: Some(acknowledgement) }).await.map_err(|_| NotRecorded)?;
        acknowledged.await.map_err(|_| NotRecorded)
    }
}
