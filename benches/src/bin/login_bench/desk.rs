//! A desktop without a screen: its login view asks the authorization endpoint once and is sent back at once.

use std::sync::Arc;

use anyhow::Result;
use gatewright_app::desktop::{Desktop, DesktopError};
use gatewright_app::ports::{Arrival, PortFuture, Secret, UserAgent, Visit, VisitError};
use gatewright_contract::Event;
use reqwest::header::LOCATION;
use tokio::sync::mpsc;
use url::Url;

/// Runs that have ended: their id and how.
pub(crate) type Ends = mpsc::UnboundedReceiver<(String, String)>;

/// A browser that shows nothing and follows no redirect.
pub(crate) fn browser() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().tls_certs_only([]).build()
}

/// The desktop, and where it tells of runs that have ended.
pub(crate) fn headless() -> Result<(Arc<dyn Desktop>, Ends)> {
    let (ended, ends) = mpsc::unbounded_channel();
    Ok((Arc::new(Headless { browser: Quick(browser()?), ended }), ends))
}

struct Headless {
    browser: Quick,
    ended: mpsc::UnboundedSender<(String, String)>,
}

impl Desktop for Headless {
    fn login_view(&self, _run: &str, _title: &str) -> Arc<dyn UserAgent> {
        Arc::new(self.browser.clone())
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

    fn tell(&self, event: Event) {
        if let Event::RunProgress(run) = event
            && run.row.outcome != "running"
        {
            // Nobody listens any more when the program ends.
            let _gone = self.ended.send((run.row.id, run.row.outcome));
        }
    }
}

/// The person is signed in and has agreed: the first answer is the callback.
#[derive(Clone)]
struct Quick(reqwest::Client);

impl UserAgent for Quick {
    fn visit(&self, visit: Visit) -> PortFuture<'_, Result<Arrival, VisitError>> {
        Box::pin(async move {
            let unreachable = |why: String| VisitError::PageUnreachable { host: "the sandbox".to_owned(), why };
            let asked = self.0.get(visit.authorization_url).send().await;
            let answer = asked.map_err(|error| unreachable(error.without_url().to_string()))?;
            let location = answer.headers().get(LOCATION).and_then(|location| location.to_str().ok());
            let callback = location.and_then(|location| Url::parse(location).ok());
            callback.map(|callback| Arrival { callback }).ok_or_else(|| unreachable("it shows a page".to_owned()))
        })
    }
}
