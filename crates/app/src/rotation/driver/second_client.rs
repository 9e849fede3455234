//! A second client at a twin, for providers where a secret cannot be changed.

use gatewright_contract::Event;
use gatewright_protocol::ClientId;
use gatewright_sandbox::{AppForm, Twin};

use super::DriverFailure;
use crate::rotation::hold::Hold;
use crate::rotation::keep::{NewSecret, pending_version};
use crate::{App, failure};

impl App {
    /// Makes a second client beside the first, under a name of its own.
    pub(super) async fn make_second_client(&self, hold: &Hold, is_again: bool) -> Result<NewSecret, DriverFailure> {
        if is_again {
            self.delete_leftovers(hold).await?;
        }
        let client = &hold.client;
        let form = AppForm { name: name_of_second(hold), redirect_uris: client.redirect_uris.clone() };
        let made = self.0.sandbox.create_app(&client.provider, &client.owner, form).await;
        self.tell(Event::SandboxChanged);
        let made = made.map_err(DriverFailure::not_done)?;
        Ok(NewSecret { value: made.secret, client_id: Some(made.app.client_id), issued_as: None })
    }

    /// A client that was made and whose secret was lost on the way: it has a name we would give, and nobody knows its secret.
    async fn delete_leftovers(&self, hold: &Hold) -> Result<(), DriverFailure> {
        let Some(twin) = Twin::from_id(hold.client.provider.as_str()) else { return Ok(()) };
        let listed = self.0.sandbox.with_handle(|handle| handle.apps(twin)).await;
        let listed = listed.ok_or_else(|| DriverFailure::not_done(failure::sandbox_off()))?;
        let since = hold.rotation.started_at;
        let names: Vec<String> =
            (1..=pending_version(&hold.rotation).unwrap_or(1)).map(|number| name(hold, number)).collect();
        let left = listed
            .into_iter()
            .filter(|app| app.owner == hold.client.owner && app.created_at >= since && names.contains(&app.name));
        for app in left {
            self.delete_at_sandbox(hold, &app.client_id).await?;
        }
        Ok(())
    }

    /// Deletes a client at its twin. One that is gone is no failure.
    pub(super) async fn delete_at_sandbox(&self, hold: &Hold, id: &ClientId) -> Result<(), DriverFailure> {
        let deleted = self.0.sandbox.delete_app(&hold.client.provider, &hold.client.owner, id).await;
        self.tell(Event::SandboxChanged);
        deleted.map_err(DriverFailure::not_done)
    }
}

fn name_of_second(hold: &Hold) -> String {
    name(hold, pending_version(&hold.rotation).unwrap_or(hold.rotation.old.version + 1))
}

/// The name of a second client: the first one's with the version of its secret, cut to what the form takes.
fn name(hold: &Hold, version: u32) -> String {
    let most = usize::try_from(hold.provider.client_form.name.value.max).unwrap_or(usize::MAX);
    let suffix = format!(" v{version}");
    let kept: String = hold.client.name.chars().take(most.saturating_sub(suffix.chars().count())).collect();
    format!("{}{suffix}", kept.trim_end())
}
