//! A trial catch: the real listener at a redirect URI, and somebody who goes there. Nothing of it is kept.

use std::sync::Arc;
use std::time::Duration;

use gatewright_contract::Failure;
use gatewright_contract::lab::{RedirectTrial, RedirectTried};
use gatewright_loopback::Listener;
use gatewright_protocol::http::{HttpRequest, Method};
use gatewright_protocol::redirect_uri::RedirectUri;
use url::Url;

use crate::{App, failure};

/// How long the person's browser may take to open.
const LIMIT: Duration = Duration::from_secs(20);
/// The parameter by which our own visit is told from anybody else's. It means nothing to a provider.
const MARKER: &str = "gatewright_trial";

impl App {
    /// Opens the listener of a redirect URI, sends a browser there or goes there itself, and says whether that was caught.
    pub(crate) async fn try_redirect(&self, request: RedirectTrial) -> Result<RedirectTried, Failure> {
        let uri = RedirectUri::parse(&request.redirect_uri)
            .map_err(|cause| failure::invalid("redirectUri", failure::sentence(&cause)))?;
        let listener = match Listener::bind(&uri) {
            Ok(listener) => listener.speaking(self.speaks()),
            Err(cause) => return Ok(RedirectTried { caught: false, sentence: failure::sentence(&cause) }),
        };
        let mut address = uri.url().clone();
        let marker = self.new_id()?;
        address.query_pairs_mut().append_pair(MARKER, &marker);
        let caught = tokio::select! {
            caught = caught(listener, &marker, request.in_browser) => caught,
            gone = self.go(&address, request.in_browser) => gone?,
            () = self.0.clock.sleep(LIMIT) => false,
        };
        let sentence = match (caught, request.in_browser) {
            (true, true) => "Your browser came to this address, and Gatewright caught it. Nothing was kept.".to_owned(),
            (true, false) => "Gatewright caught its own visit to this address. Nothing was kept.".to_owned(),
            (false, true) => format!(
                "Your browser did not come within {} seconds. Did it open, and does a proxy or an extension stand between it and this computer?",
                LIMIT.as_secs()
            ),
            (false, false) => {
                "The address could not be reached from this computer itself. Is a firewall in between?".to_owned()
            }
        };
        Ok(RedirectTried { caught, sentence })
    }

    /// Sends somebody to the address. Ends only when that failed: who gets there is told by the listener.
    async fn go(&self, address: &Url, in_browser: bool) -> Result<bool, Failure> {
        if in_browser {
            let (desktop, address) = (Arc::clone(&self.0.options.desktop), address.clone());
            let opening = tokio::task::spawn_blocking(move || desktop.open_in_browser(&address)).await;
            let opened = opening.map_err(|cause| failure::internal("The browser could not be opened", &cause))?;
            opened.map_err(|cause| failure::of_desktop(&cause))?;
        } else {
            let request = HttpRequest { method: Method::Get, url: address.clone(), headers: Vec::new(), body: None };
            if let Err(cause) = self.0.transports.for_once(None).send(&request).await {
                tracing::info!(%cause, "a trial visit failed");
                return Ok(false);
            }
        }
        std::future::pending().await
    }
}

/// Waits for our own visit; whoever else comes meanwhile is sent away.
async fn caught(mut listener: Listener, marker: &str, in_browser: bool) -> bool {
    while let Some(callback) = listener.next_callback().await {
        if callback.url().query_pairs().any(|(name, value)| name == MARKER && value == marker) {
            // Only a person wants to read the last page; the port stays open for it a moment longer.
            if in_browser {
                callback.accept();
            }
            return true;
        }
        callback.ignore();
    }
    false
}
