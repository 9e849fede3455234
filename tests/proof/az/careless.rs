//! A login view that does not look: it takes every address beyond the provider's for the callback, and every form for one that was asked
//! for. The engine does not rely on a view, and looks at what it is brought all the same.

use std::pin::Pin;
use std::sync::Arc;

use gatewright_engine::ports::{Arrival, PortFuture, PostedCallback, UserAgent, Visit, VisitError};
use gatewright_model::run::EndReason;
use gatewright_sandbox::Twin::Chattz;

use super::form::{asking, works_again};
use crate::browser::{Browser, Way};
use crate::stage::Stage;

/// Proves: V-01 by AZ-21:path.
#[tokio::test]
async fn an_address_that_a_view_took_for_the_redirect_uri_is_compared_once_more() {
    refuses(Stage::at(Chattz).await, "AZ-21:path", "callback_elsewhere").await;
}

/// Proves: V-01 by AZ-21:trailing_slash.
#[tokio::test]
async fn a_slash_at_the_end_that_a_view_has_missed_is_not_the_redirect_uri() {
    refuses(Stage::at(Chattz).await, "AZ-21:trailing_slash", "callback_elsewhere").await;
}

/// Proves: V-01 by AZ-25:valid.
#[tokio::test]
async fn a_form_that_a_view_took_unasked_is_refused() {
    refuses(Stage::at(Chattz).await, "AZ-25:valid", "form_unasked").await;
}

/// Proves: V-01 by AZ-25:wrong_content_type.
#[tokio::test]
async fn a_form_that_is_labelled_as_something_else_is_refused() {
    refuses(asking(Stage::at(Chattz).await), "AZ-25:wrong_content_type", "form_mislabelled").await;
}

/// Proves: V-01 by AZ-25:huge_body.
#[tokio::test]
async fn a_form_of_a_megabyte_is_refused() {
    refuses(asking(Stage::at(Chattz).await), "AZ-25:huge_body", "form_too_long").await;
}

/// No browser writes such a form, and whoever is no browser can.
///
/// Proves: V-01 by AZ-25:valid.
#[tokio::test]
async fn a_form_that_is_not_written_in_utf_8_is_refused() {
    refuses_with(b"&more=\xff", asking(Stage::at(Chattz).await), "AZ-25:valid", "form_not_utf8").await;
}

/// In a box, because a stage is large.
fn refuses(stage: Stage, fault: &'static str, code: &'static str) -> Pin<Box<dyn Future<Output = ()>>> {
    Box::pin(refuses_with(b"", stage, fault, code))
}

/// The login ends with this code, nothing of the callback was used, and the next login works.
async fn refuses_with(adds: &'static [u8], stage: Stage, fault: &str, code: &str) {
    let stage = stage.fault(fault);
    let proof = stage.log_in_through(Arc::new(CarelessView { browser: Arc::clone(&stage.browser), adds })).await;
    proof.ends_with(code).ends_as(EndReason::CallbackRejected).without_request("token").without_request("identity");
    proof.fired(fault).leaks_nothing();
    drop(proof);
    works_again(stage).await;
}

/// See the top of this file.
struct CarelessView {
    browser: Arc<Browser>,
    /// What it puts behind every form.
    adds: &'static [u8],
}

impl UserAgent for CarelessView {
    fn visit(&self, visit: Visit) -> PortFuture<'_, Result<Arrival, VisitError>> {
        Box::pin(async move {
            let provider = visit.authorization_url.origin();
            let way = self.browser.walk(&visit.authorization_url, |url| url.origin() != provider).await;
            let Way::Caught(callback) = way else { return Err(VisitError::WindowClosed) };
            let Some((body, label)) = callback.form else { return Ok(Arrival::at(callback.url)) };
            let body = [body.as_bytes(), self.adds].concat();
            Ok(Arrival::posted(callback.url, PostedCallback { content_type: Some(label.to_owned()), body }))
        })
    }
}
