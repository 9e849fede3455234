//! Faults of the sandbox: what the twins can do wrong, are to do wrong, and did.

use gatewright_contract::fault::{FaultRules, Faults};
use gatewright_contract::{Event, Failure};

use crate::show::fault as show;
use crate::{App, failure};

impl App {
    /// The catalogue, the rules in force, and what happened. A sandbox that is off has no rules.
    pub(crate) async fn faults(&self) -> Faults {
        let (rules, injections) =
            self.0.sandbox.with_handle(|handle| (handle.faults(), handle.injections())).await.unwrap_or_default();
        show::faults(&rules, &injections)
    }

    /// Puts these rules and no others in force.
    pub(crate) async fn set_faults(&self, request: FaultRules) -> Result<Faults, Failure> {
        let rules = request.rules.into_iter().enumerate().map(|(place, rule)| show::read(place, rule));
        let rules = rules.collect::<Result<Vec<_>, _>>()?;
        let set = self.0.sandbox.with_handle(|handle| handle.set_faults(rules)).await;
        set.ok_or_else(failure::sandbox_off)?.map_err(|cause| failure::of_fault_rule(&cause))?;
        self.tell(Event::SandboxChanged);
        Ok(self.faults().await)
    }
}
