//! What is done to a sandbox twin for the logins of a scenario: for the walk's client alone, and for as long as the scenario goes on.

use std::time::Duration;

use gatewright_model::Environment;
use gatewright_model::walk::{Preparation, Scenario, Walk};
use gatewright_sandbox::{SandboxHandle, Twin};

use crate::App;

/// How many seconds a twin's code lives that is to expire before a person's eyes.
const CODE_SECONDS: u32 = 1;
/// How long a twin's code is held back: longer than it lives.
const HOLD: Duration = Duration::from_millis(1_300);
/// A page that comes so late is slow to anybody, and a login has several.
const SLOWEST_PAGE_MS: u32 = 1_000;

impl App {
    /// How long a callback is held back. At a twin nobody waits for ten minutes: its codes are made to live for a second.
    pub(super) async fn hold_for(&self, walk: &Walk, seconds: u32) -> Duration {
        let whole = Duration::from_secs(seconds.into());
        let shorten = |sandbox: &SandboxHandle, twin, client: &str| {
            sandbox.limit_codes(twin, client, Some(CODE_SECONDS));
        };
        if self.at_twin(walk, shorten).await { HOLD.min(whole) } else { whole }
    }

    /// Makes a twin's pages slow: a real provider's cannot be, and there the scenario says so.
    pub(super) async fn slow_twin(&self, walk: &Walk, delay_ms: u32) {
        let delay = delay_ms.min(SLOWEST_PAGE_MS);
        self.at_twin(walk, |sandbox, twin, client| sandbox.slow_pages(twin, client, Some(delay))).await;
    }

    /// Takes back whatever is done to a twin.
    pub(super) async fn straighten_twin(&self, walk: &Walk) {
        let straighten = |sandbox: &SandboxHandle, twin, client: &str| {
            sandbox.limit_codes(twin, client, None);
            sandbox.slow_pages(twin, client, None);
        };
        self.at_twin(walk, straighten).await;
    }

    /// Does something at the twin that is walked; says whether there is one.
    async fn at_twin(&self, walk: &Walk, work: impl FnOnce(&SandboxHandle, Twin, &str)) -> bool {
        let is_sandbox = walk.environment == Environment::Sandbox;
        let Some(twin) = Twin::from_id(walk.provider.as_str()).filter(|_| is_sandbox) else { return false };
        // Without the client there is no login for which it would be done.
        let Ok((client, _)) = self.client_with_provider(walk.client.as_str()).await else { return false };
        let client_id = client.client_id.to_string();
        self.0.sandbox.with_handle(|handle| work(handle, twin, &client_id)).await.is_some()
    }
}

/// Whether something is done to a twin for a scenario.
pub(super) const fn bends_twin(scenario: &Scenario) -> bool {
    matches!(scenario.preparation, Some(Preparation::HoldCode { .. } | Preparation::SlowNetwork { .. }))
}
