//! LO: the way back from a logout goes wrong. On our side the session is over in any case.

use std::sync::Arc;

use gatewright_engine::grant::LogoutOutcome;
use gatewright_engine::ports::{Arrival, PortFuture, UserAgent, Visit, VisitError};
use gatewright_model::run::StepStatus;
use gatewright_protocol::logout::LogoutDoubt;
use gatewright_sandbox::Twin::Chaster;

use crate::clock::SharedClock;
use crate::errand::TO_COME_BACK;
use crate::person::LoginView;
use crate::stage::Stage;

/// Proves: LO by LO-01.
#[tokio::test]
async fn a_way_back_without_the_state_confirms_nothing() {
    Box::pin(is_over_but_not_confirmed("LO-01", LogoutDoubt::StateMissing, "logout_state_missing")).await;
}

/// Proves: LO by LO-02:other.
#[tokio::test]
async fn a_way_back_with_another_state_confirms_nothing() {
    Box::pin(is_over_but_not_confirmed("LO-02:other", LogoutDoubt::StateMismatch, "logout_state_mismatch")).await;
}

/// Proves: LO by LO-02:twice.
#[tokio::test]
async fn a_way_back_with_the_state_twice_confirms_nothing() {
    Box::pin(is_over_but_not_confirmed("LO-02:twice", LogoutDoubt::StateTwice, "logout_state_twice")).await;
}

/// Proves: LO by LO-03.
#[tokio::test]
async fn a_logout_that_nobody_comes_back_from_is_over_when_its_time_is_up() {
    let stage = Stage::at(Chaster).await;
    let tokens = stage.log_in().await.logs_in().tokens().fault("LO-03");
    let view = LoginView(Arc::clone(&stage.browser));
    let done = tokens.log_out_through(Arc::new(OpenWindow { view, clock: stage.clock.clone() })).await;
    done.finds(&["logout_not_returned"]).requests_of("logout", 1).fired("LO-03").leaks_nothing();
    assert_eq!((done.end.outcome, done.end.step.status), (LogoutOutcome::NeverReturned, StepStatus::Failed));
    assert!(done.end.step.sentence.starts_with("Logged out here"), "{}", done.end.step.sentence);
}

pub(crate) async fn is_over_but_not_confirmed(fault: &str, doubt: LogoutDoubt, code: &str) {
    let stage = Stage::at(Chaster).await;
    let tokens = stage.log_in().await.logs_in().tokens().fault(fault);
    let done = tokens.log_out().await;
    done.finds(&[code]).requests_of("logout", 1).fired(fault).leaks_nothing();
    assert_eq!((done.end.outcome, done.end.step.status), (LogoutOutcome::Unverified(doubt), StepStatus::Warned));
    assert!(done.end.step.sentence.starts_with("Logged out here"), "{}", done.end.step.sentence);
    stage.sandbox.clear_faults();
    stage.log_in().await.logs_in();
}

/// A window that stays open after its last page, until somebody closes it.
struct OpenWindow {
    view: LoginView,
    clock: SharedClock,
}

impl UserAgent for OpenWindow {
    fn visit(&self, visit: Visit) -> PortFuture<'_, Result<Arrival, VisitError>> {
        Box::pin(async move {
            let cancel = visit.cancel.clone();
            match self.view.visit(visit).await {
                Err(VisitError::WindowClosed) => {
                    self.clock.advance(TO_COME_BACK);
                    cancel.cancelled().await;
                    Err(VisitError::Cancelled)
                }
                other => other,
            }
        })
    }
}
