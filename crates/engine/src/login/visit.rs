//! The part of a login that belongs to the person: from the authorization request to the callback.

use std::sync::Arc;
use std::time::Duration;

use gatewright_model::run::{Ending, StepKind};
use gatewright_protocol::authorization::Expected;
use tokio::sync::mpsc;
use url::Url;

use super::course::{Course, Stop};
use super::ending;
use super::judge::{form_judge_for, judge_for};
use crate::ports::{Arrival, PortFuture, Visit, VisitError};
use crate::progress::Event;
use crate::sightings::{Sighting, Sightings};
use crate::step::OpenStep;

/// How long a user agent has for its own farewell when the time limit has ended a visit.
const FAREWELL: Duration = Duration::from_secs(2);

impl Course<'_> {
    /// Sends the person to the authorization endpoint and brings the callback back, with the number of strangers ignored meanwhile.
    pub(super) async fn visit(&mut self, address: Url, expected: &Arc<Expected>) -> Result<(Arrival, u64), Stop> {
        let mut step = self.begin(StepKind::Pages).await?;
        let (sightings, mut seen) = Sightings::channel();
        let cancel = self.wire.cancel.child_token();
        let visit = Visit {
            authorization_url: address,
            redirect_uri: self.plan.redirect_uri.clone(),
            judge: judge_for(expected),
            judge_form: form_judge_for(expected),
            sightings: sightings.clone(),
            cancel: cancel.clone(),
        };
        // Whatever ends the visit, the user agent learns it and closes what it has opened.
        let _closes = cancel.drop_guard();
        let arrived = self.accompany(visit, &mut step, &mut seen).await?;
        while let Ok(sighting) = seen.try_recv() {
            self.saw(&mut step, sighting).await?;
        }
        match arrived {
            Ok(arrival) => {
                let sentence = pages_words(step.pages());
                self.pass(step, &sentence).await?;
                Ok((arrival, sightings.strangers()))
            }
            Err(ending) => {
                let ending = self.after_bare_callback(ending, &sightings);
                Err(self.fail(step, ending).await)
            }
        }
    }

    /// Is with the person until they come back or something else ends the visit, and tells of the pages as they open.
    async fn accompany(
        &self,
        visit: Visit,
        step: &mut OpenStep,
        seen: &mut mpsc::Receiver<Sighting>,
    ) -> Result<Result<Arrival, Ending>, Stop> {
        let cancel = visit.cancel.clone();
        let mut walking = self.wire.ports.user_agent.visit(visit);
        let mut time_is_up = self.wire.ports.clock.sleep(self.plan.time_limit);
        loop {
            tokio::select! {
                biased;
                () = self.wire.cancel.cancelled() => return Ok(Err(ending::stopped(StepKind::Pages, self.plan))),
                Some(sighting) = seen.recv() => self.saw(step, sighting).await?,
                arrival = &mut walking => return Ok(arrival.map_err(|error| ending::visit_failed(&error, self.plan))),
                () = &mut time_is_up => {
                    cancel.cancel();
                    self.say_farewell(&mut walking).await;
                    return Ok(Err(ending::timed_out(self.plan)));
                }
            }
        }
    }

    /// What the person saw last is about to go: whoever shows it may want to keep a picture, and has a moment for that.
    async fn say_farewell(&self, walking: &mut PortFuture<'_, Result<Arrival, VisitError>>) {
        tokio::select! {
            biased;
            () = self.wire.cancel.cancelled() => {}
            // A callback that comes now is too late.
            _ = walking => {}
            () = self.wire.ports.clock.sleep(FAREWELL) => {}
        }
    }

    async fn saw(&self, step: &mut OpenStep, sighting: Sighting) -> Result<(), Stop> {
        let event = match sighting {
            Sighting::Page(page) => {
                // Some providers have the state in a path.
                let page = self.wire.secrets.plain(&page);
                step.page(page.clone());
                Event::PageSeen(page)
            }
            Sighting::BareCallback => Event::BareCallbackSeen,
        };
        Ok(self.progress.tell(event).await?)
    }

    /// A callback without parameters does not end a login at a listener that anybody can call. If nothing better came, it was the cancel.
    fn after_bare_callback(&self, ending: Ending, sightings: &Sightings) -> Ending {
        use gatewright_model::run::EndReason;
        let gave_up = matches!(ending.reason, EndReason::Stopped | EndReason::TimedOut);
        if gave_up && sightings.saw_bare_callback() { ending::cancelled(self.plan) } else { ending }
    }
}

fn pages_words(pages: usize) -> String {
    match pages {
        0 => "Walked in a browser that does not tell its pages".to_owned(),
        1 => "1 page seen".to_owned(),
        pages => format!("{pages} pages seen"),
    }
}
