//! What waits for callbacks at a port of this computer: the person's own browser, and the login view where callbacks are posted.

use std::sync::Arc;

use gatewright_engine::ports::{Arrival, Judgement, PortFuture, PostedCallback, UserAgent, Visit, VisitError};
use gatewright_language::Language;
use gatewright_loopback::{Callback, Listener};

use crate::desktop::Desktop;

/// The person's own browser, with a listener on loopback for the callback (RFC 8252).
pub(super) struct SystemBrowser {
    desktop: Arc<dyn Desktop>,
    /// That of the pages by which the listener answers.
    language: Language,
}

impl SystemBrowser {
    pub(super) fn new(desktop: Arc<dyn Desktop>, language: Language) -> Self {
        Self { desktop, language }
    }

    async fn listen(&self, visit: Visit) -> Result<Arrival, VisitError> {
        let listener = listener_for(&visit, self.language)?;
        let (desktop, address) = (Arc::clone(&self.desktop), visit.authorization_url.clone());
        // A launcher takes a moment to say whether it works.
        let opening = tokio::task::spawn_blocking(move || desktop.open_in_browser(&address)).await;
        let opened =
            opening.map_err(|cause| cause.to_string()).and_then(|done| done.map_err(|cause| cause.to_string()));
        opened.map_err(|why| VisitError::BrowserFailed { why })?;
        first_of_ours(listener, &visit).await
    }
}

impl UserAgent for SystemBrowser {
    fn visit(&self, visit: Visit) -> PortFuture<'_, Result<Arrival, VisitError>> {
        Box::pin(self.listen(visit))
    }
}

/// The login view. It catches callbacks before they are sent, but of a form that a page posts it sees the address only: where forms are
/// expected, they go to a listener on loopback, and the view stays open until one of them belongs to this login.
pub(super) struct LoginView {
    view: Arc<dyn UserAgent>,
    language: Language,
}

impl LoginView {
    pub(super) fn new(view: Arc<dyn UserAgent>, language: Language) -> Self {
        Self { view, language }
    }

    async fn show(&self, visit: Visit) -> Result<Arrival, VisitError> {
        if visit.judge_form.is_none() {
            return self.view.visit(visit).await;
        }
        let listener = listener_for(&visit, self.language)?;
        let mut showing = self.view.visit(visit.clone());
        let arrived = tokio::select! {
            arrived = first_of_ours(listener, &visit) => arrived,
            ended = &mut showing => return ended,
        };
        match arrived {
            // The view ends too, in its own way: it may want to look at its page once more.
            Err(VisitError::Cancelled) => showing.await,
            arrived => arrived,
        }
    }
}

impl UserAgent for LoginView {
    fn visit(&self, visit: Visit) -> PortFuture<'_, Result<Arrival, VisitError>> {
        Box::pin(self.show(visit))
    }
}

/// Opens the port for the callbacks of a visit: before the browser, so that nobody else can take it in between (RFC 8252 §8.3).
fn listener_for(visit: &Visit, language: Language) -> Result<Listener, VisitError> {
    let bound = Listener::bind(&visit.redirect_uri);
    let listener = bound.map_err(|cause| VisitError::ListenerFailed { why: cause.to_string() })?.speaking(language);
    Ok(if visit.judge_form.is_some() { listener.taking_forms() } else { listener })
}

/// Waits for the first callback that belongs to the login. The port is let go of when this future ends, however it ends.
async fn first_of_ours(mut listener: Listener, visit: &Visit) -> Result<Arrival, VisitError> {
    loop {
        let callback = tokio::select! {
            () = visit.cancel.cancelled() => return Err(VisitError::Cancelled),
            callback = listener.next_callback() => callback,
        };
        let Some(callback) = callback else {
            return Err(VisitError::ListenerFailed { why: "the port for the callback broke".to_owned() });
        };
        let form = posted(&callback);
        match judge(&callback, form.as_ref(), visit) {
            Judgement::Accept => return Ok(Arrival { callback: callback.accept(), form }),
            Judgement::Ignore => {
                visit.sightings.stranger();
                callback.ignore();
            }
            Judgement::Doubtful => {
                visit.sightings.bare_callback();
                callback.doubt();
            }
        }
    }
}

fn judge(callback: &Callback, form: Option<&PostedCallback>, visit: &Visit) -> Judgement {
    match (form, &visit.judge_form) {
        (Some(form), Some(judge)) => judge(callback.url(), form),
        _ => (visit.judge)(callback.url()),
    }
}

/// What a browser posted to the redirect URI.
fn posted(callback: &Callback) -> Option<PostedCallback> {
    let form = callback.form()?;
    Some(PostedCallback { content_type: form.content_type.map(str::to_owned), body: form.body.to_vec() })
}
