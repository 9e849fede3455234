//! What a scenario needs before it can be walked.

use gatewright_contract::Failure;
use gatewright_model::run::Browser;
use gatewright_model::test_user::{BrowserStorage, ExpectedIdentity};
use gatewright_model::walk::{Scenario, Walk};
use gatewright_model::{Client, TestUser};
use gatewright_store::{StoreError, test_user};

use crate::{App, failure};

impl App {
    /// Refuses a test user of another provider, or one that is gone.
    pub(super) async fn refuse_foreign_test_user(
        &self,
        client: &Client,
        user: &str,
        field: &str,
    ) -> Result<(), Failure> {
        self.test_user_for(client, Some(user)).await.map(drop).map_err(|failure| failure.field(field))
    }

    /// Refuses a scenario that could not show what it is about.
    pub(super) async fn refuse_unmet(&self, walk: &Walk, scenario: &Scenario) -> Result<(), Failure> {
        let user = self.walker(walk).await?;
        let has_identity = user.as_ref().is_some_and(|user| user.expected.subject().is_some());
        if scenario.needs_other_account() && !has_identity {
            let learns = user.is_some_and(|user| user.expected == ExpectedIdentity::LearnAtFirstLogin);
            let hint = if learns {
                "Walk “Approve” first: that login says who the test user is."
            } else {
                "Start the walk with a test user whose expected identity is known, or skip this scenario."
            };
            let message = "Somebody else can only be told from the test user when it is known who that is.";
            return Err(failure::invalid("testUser", message).hint(hint));
        }
        let is_kept = user.is_some_and(|user| user.storage == BrowserStorage::Kept);
        let browser = scenario.browser.unwrap_or(walk.browser);
        if scenario.needs_kept_storage() && browser == Browser::Embedded && !is_kept {
            let message = "The login view forgets who was signed in as soon as it closes.";
            return Err(failure::invalid("testUser", message).hint(
                "Start the walk with a test user whose browser storage is kept, or in another browser, or skip this scenario.",
            ));
        }
        Ok(())
    }

    /// The test user who walks; none when there is none, or when the record is gone.
    pub(super) async fn walker(&self, walk: &Walk) -> Result<Option<TestUser>, Failure> {
        let Some(id) = walk.test_user.clone() else { return Ok(None) };
        let find = move |db: &gatewright_store::Connection| match test_user::find(db, &id) {
            Ok(user) => Ok(Some(user)),
            Err(StoreError::NoSuchTestUser(_)) => Ok(None),
            Err(cause) => Err(cause),
        };
        self.store()?.read(find).await.map_err(failure::of_store)
    }
}
