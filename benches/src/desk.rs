//! A desktop without a screen: its login view asks the authorization endpoint once and is sent back at once.

use std::path::PathBuf;
use std::sync::Arc;

use crate::visit::ask;
use gatewright_app::desktop::{Desktop, DesktopError, PathChoice, Showing, ViewStorage, ViewTitle};
use gatewright_app::ports::{Arrival, Pictures, PortFuture, Secret, UserAgent, Visit, VisitError};
use gatewright_contract::path::PathQuestion;
use gatewright_contract::{Event, Spoken};
use tokio::sync::mpsc;
use url::Url;

/// Runs that have ended: their id and how.
pub type Ends = mpsc::UnboundedReceiver<(String, String)>;

/// The desktop, and where it tells of runs that have ended.
pub fn headless() -> (Arc<dyn Desktop>, Ends) {
    let (ended, ends) = mpsc::unbounded_channel();
    (Arc::new(Headless { ended }), ends)
}

struct Headless {
    ended: mpsc::UnboundedSender<(String, String)>,
}

impl Desktop for Headless {
    fn login_view(&self, _: &str, _: &ViewTitle, _: ViewStorage, _: Pictures) -> Arc<dyn UserAgent> {
        Arc::new(Quick)
    }

    fn focus_login_view(&self, _run: &str) -> bool {
        false
    }

    fn open_in_browser(&self, _address: &Url) -> Result<(), DesktopError> {
        Err(DesktopError::Browser("there is none".to_owned()))
    }

    fn copy_concealed(&self, _secret: &Secret) -> Result<(), DesktopError> {
        Err(DesktopError::Clipboard("there is none".to_owned()))
    }

    fn clear_clipboard_of(&self, _secret: &Secret) {}

    fn choose_path(&self, _question: PathQuestion) -> PathChoice {
        Box::pin(std::future::ready(None))
    }

    fn show_in_folder(&self, _path: PathBuf) -> Showing {
        Box::pin(std::future::ready(Err(DesktopError::Browser("there is none".to_owned()))))
    }

    fn restart(&self) {}

    fn notify(&self, _title: &str, _body: &str) {}

    fn tell(&self, event: Spoken<Event>) {
        if let Event::RunProgress(run) = event.said()
            && run.row.outcome != "running"
        {
            // Nobody listens any more when the program ends.
            let _gone = self.ended.send((run.row.id.clone(), run.row.outcome.clone()));
        }
    }
}

/// The person is signed in and has agreed: the first answer is the callback.
struct Quick;

impl UserAgent for Quick {
    fn visit(&self, visit: Visit) -> PortFuture<'_, Result<Arrival, VisitError>> {
        Box::pin(async move {
            let unreachable = |why: anyhow::Error| VisitError::PageUnreachable {
                host: "the sandbox".to_owned(),
                why: why.to_string(),
            };
            ask(&visit.authorization_url).await.map(Arrival::at).map_err(unreachable)
        })
    }
}
