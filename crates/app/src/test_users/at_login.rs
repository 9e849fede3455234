//! Test users in logins: who is meant, where the login view keeps what it keeps, and who it turned out to be.

use gatewright_contract::Failure;
use gatewright_model::{Client, Outcome, Run, TestUser};
use gatewright_store::{StoreError, Transaction, test_user};

use crate::desktop::ViewStorage;
use crate::{App, failure};

impl App {
    /// The test user a login is started for, who has to be one of the client's server.
    pub(crate) async fn test_user_for(&self, client: &Client, id: Option<&str>) -> Result<Option<TestUser>, Failure> {
        let Some(id) = id else { return Ok(None) };
        let user = self.test_user(id).await?;
        if user.provider == client.provider && user.environment == client.environment {
            return Ok(Some(user));
        }
        Err(failure::invalid("testUser", format!("{} is no test user of this client's server.", user.name))
            .hint("Choose one of the test users of that server, or none."))
    }

    /// Where the login view of a run keeps what it keeps: with the person it was started for, as long as that one is there.
    pub(crate) async fn storage_of_run(&self, run: &Run) -> ViewStorage {
        let Some(meant) = &run.meant else { return ViewStorage::ThrownAway };
        match self.test_user(meant.id.as_str()).await {
            Ok(user) => self.storage_of(&user),
            Err(_) => ViewStorage::ThrownAway,
        }
    }
}

/// Writes down who a test user is, when its first login was to say it; in the transaction that ends the run.
pub(crate) fn learn(tx: &Transaction<'_>, run: &Run) -> Result<(), StoreError> {
    let (Some(meant), Some(identity)) = (&run.meant, &run.identity) else { return Ok(()) };
    if matches!(run.outcome, Outcome::LoggedIn { .. }) {
        test_user::learn_subject(tx, &meant.id, &identity.subject)?;
    }
    Ok(())
}
