//! Test users: kept, changed, deleted, and brought together with the logins that are started for them.

mod at_login;
mod storage;
mod twin;

pub(crate) use self::at_login::learn;
pub(crate) use self::storage::FOLDER;

use gatewright_contract::client::Deleted;
use gatewright_contract::test_user::{
    TestUserChange, TestUserCreate, TestUserDetail, TestUserList, TestUserQuery, TestUserRef,
};
use gatewright_contract::{Event, Failure, FailureCode};
use gatewright_model::test_user::{BrowserStorage, Described, ExpectedIdentity, PersonaColour, TestUserMistake};
use gatewright_model::{Environment, ProviderId, TestUser, TestUserId};
use gatewright_store::test_user;
use jiff::SignedDuration;

use crate::clients::model_environment;
use crate::show::test_user as show;
use crate::{App, failure, undo};

impl App {
    /// The test users of a provider, or of all.
    pub(crate) async fn list_test_users(&self, query: TestUserQuery) -> Result<TestUserList, Failure> {
        let users = self.store()?.read(test_user::list).await.map_err(failure::of_store)?;
        let provider = query.provider.map(ProviderId::new);
        let environment = query.environment.map(model_environment);
        let is_wanted = |user: &&TestUser| {
            provider.as_ref().is_none_or(|provider| *provider == user.provider)
                && environment.is_none_or(|environment| environment == user.environment)
        };
        let wanted: Vec<&TestUser> = users.iter().filter(is_wanted).collect();
        let twin_people = match (&provider, environment) {
            (Some(provider), Some(Environment::Sandbox)) => twin::people_without(provider, &wanted),
            _ => Vec::new(),
        };
        let test_users = wanted.into_iter().map(|user| self.shown_test_user(user)).collect();
        Ok(TestUserList { test_users, twin_people })
    }

    /// Adds a test user.
    pub(crate) async fn create_test_user(&self, request: TestUserCreate) -> Result<TestUserDetail, Failure> {
        let provider = self.0.registry.known().get(&request.provider)?.id.clone();
        let environment = model_environment(request.environment);
        let described = described(&request.name, show::model_expected(request.expected), &request.notes)?;
        let mut new = TestUser {
            id: TestUserId::new(self.new_id()?),
            provider,
            environment,
            name: described.name,
            colour: PersonaColour::Blue,
            expected: described.expected,
            storage: show::model_storage(request.storage),
            storage_generation: 1,
            notes: described.notes,
            created_at: self.now(),
        };
        let chosen = request.colour.map(show::model_colour);
        let insert = move |tx: &gatewright_store::Transaction<'_>| {
            let others = test_user::of_server(tx, &new.provider, environment)?;
            let taken: Vec<_> = others.iter().map(|other| other.colour).collect();
            new.colour = chosen.unwrap_or_else(|| PersonaColour::least_used(&taken));
            test_user::insert(tx, &new)?;
            test_user::find(tx, &new.id)
        };
        let new = self.store()?.write_durably(insert).await.map_err(failure::of_store)?;
        self.tell(Event::TestUsersChanged);
        Ok(self.shown_test_user(&new))
    }

    /// Changes a test user. What was kept of one of whom nothing is kept any more is forgotten. An expectation that nobody has touched stays
    /// as it is at that moment: a login may have learned who it is while the form was open.
    pub(crate) async fn change_test_user(&self, request: TestUserChange) -> Result<TestUserDetail, Failure> {
        let shown = self.test_user(&request.test_user).await?;
        let is_expected_anew = request.expected.is_some();
        let expected = request.expected.map_or_else(|| shown.expected.clone(), show::model_expected);
        let described = described(&request.name, expected, &request.notes)?;
        let (colour, storage) = (show::model_colour(request.colour), show::model_storage(request.storage));
        let forgets =
            move |before: &TestUser| before.storage == BrowserStorage::Kept && storage == BrowserStorage::ThrownAway;
        if forgets(&shown) {
            self.refuse_while_logging_in(&shown)?;
        }
        let change = move |tx: &gatewright_store::Transaction<'_>| {
            let before = test_user::find(tx, &shown.id)?;
            let after = TestUser {
                name: described.name,
                colour,
                expected: if is_expected_anew { described.expected } else { before.expected.clone() },
                storage,
                storage_generation: before.storage_generation + u32::from(forgets(&before)),
                notes: described.notes,
                ..before.clone()
            };
            test_user::change(tx, &after)?;
            Ok((before, after))
        };
        let (before, after) = self.store()?.write_durably(change).await.map_err(failure::of_store)?;
        if forgets(&before) {
            self.remove_storage_of(&before).await;
        }
        self.tell(Event::TestUsersChanged);
        Ok(self.shown_test_user(&after))
    }

    /// Hides a test user at once; after the undo time it is gone, with what was kept of it.
    pub(crate) async fn delete_test_user(&self, request: &TestUserRef) -> Result<Deleted, Failure> {
        let (user, now) = (self.test_user(&request.test_user).await?, self.now());
        self.refuse_while_logging_in(&user)?;
        let id = user.id.clone();
        self.store()?.write_durably(move |tx| test_user::delete(tx, &id, now)).await.map_err(failure::of_store)?;
        self.tell(Event::TestUsersChanged);
        let app = self.clone();
        self.0.tasks.spawn(async move {
            app.wait_for_undo().await;
            app.purge_test_users().await;
        });
        Ok(undo::deleted(user.name, now))
    }

    /// Takes a deletion back.
    pub(crate) async fn restore_test_user(&self, request: &TestUserRef) -> Result<TestUserDetail, Failure> {
        let id = TestUserId::new(&request.test_user);
        self.store()?.write_durably(move |tx| test_user::restore(tx, &id)).await.map_err(failure::of_store)?;
        self.tell(Event::TestUsersChanged);
        Ok(self.shown_test_user(&self.test_user(&request.test_user).await?))
    }

    /// Forgets what the login view kept of a test user.
    pub(crate) async fn forget_storage(&self, request: &TestUserRef) -> Result<TestUserDetail, Failure> {
        let user = self.test_user(&request.test_user).await?;
        self.refuse_while_logging_in(&user)?;
        let id = user.id.clone();
        self.store()?.write_durably(move |tx| test_user::forget_storage(tx, &id)).await.map_err(failure::of_store)?;
        self.remove_storage_of(&user).await;
        self.tell(Event::TestUsersChanged);
        Ok(self.shown_test_user(&self.test_user(&request.test_user).await?))
    }

    /// Finishes deletions whose undo time is over, and removes what is kept of nobody.
    pub(crate) async fn purge_test_users(&self) {
        let undo = SignedDuration::try_from(undo::UNDO).unwrap_or_default();
        let (Ok(store), Ok(before)) = (self.store(), self.now().checked_sub(undo)) else { return };
        match store.write_durably(move |tx| test_user::purge(tx, before)).await {
            Ok(_) => self.sweep_storage().await,
            Err(cause) => tracing::warn!(%cause, "deleted test users stay until the next start"),
        }
    }

    /// A test user that is not deleted.
    async fn test_user(&self, id: &str) -> Result<TestUser, Failure> {
        let id = TestUserId::new(id);
        self.store()?.read(move |db| test_user::find(db, &id)).await.map_err(failure::of_store)
    }

    fn shown_test_user(&self, user: &TestUser) -> TestUserDetail {
        let name = self.0.registry.known().name(&user.provider);
        show::detail(user, &name, self.keeps_something_of(user), self.0.live.is_logging_in(&user.id))
    }

    fn refuse_while_logging_in(&self, user: &TestUser) -> Result<(), Failure> {
        if !self.0.live.is_logging_in(&user.id) {
            return Ok(());
        }
        Err(Failure::new(FailureCode::InUse, format!("A login as {} is going on.", user.name))
            .hint("Finish or stop that login first."))
    }
}

fn described(name: &str, expected: ExpectedIdentity, notes: &str) -> Result<Described, Failure> {
    Described::read(name, expected, notes).map_err(|mistake| {
        let field = match mistake {
            TestUserMistake::NoName | TestUserMistake::NameTooLong => "name",
            TestUserMistake::NoSubject | TestUserMistake::SubjectTooLong => "expected",
            TestUserMistake::NotesTooLong => "notes",
        };
        failure::invalid(field, failure::sentence(&mistake))
    })
}
