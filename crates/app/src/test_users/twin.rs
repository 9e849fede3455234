//! The people of a sandbox twin as test users, each with the identity that the twin will say.

use gatewright_contract::registration::ProviderPlace;
use gatewright_contract::test_user::{TestUserList, TestUserQuery};
use gatewright_contract::{Event, Failure};
use gatewright_model::test_user::{BrowserStorage, ExpectedIdentity, PersonaColour};
use gatewright_model::{Environment, ProviderId, TestUser, TestUserId};
use gatewright_sandbox::{SandboxUser, Twin, USERS};
use gatewright_store::test_user;

use crate::clients::model_environment;
use crate::{App, failure};

impl App {
    /// Makes test users of a twin's people who are none yet.
    pub(crate) async fn create_test_users_from_twin(&self, place: ProviderPlace) -> Result<TestUserList, Failure> {
        let provider = self.0.registry.known().get(&place.provider)?.id.clone();
        let twin = Twin::from_id(provider.as_str())
            .filter(|_| model_environment(place.environment) == Environment::Sandbox)
            .ok_or_else(|| failure::not_found("Only a sandbox twin has people of its own."))?;
        let (now, ids) = (self.now(), USERS.iter().map(|_| self.new_id()).collect::<Result<Vec<_>, _>>()?);
        let make = move |tx: &gatewright_store::Transaction<'_>| {
            let mut others = test_user::of_server(tx, &provider, Environment::Sandbox)?;
            for (person, id) in USERS.iter().zip(ids) {
                if others.iter().any(|other| is_same(other, person, twin)) {
                    continue;
                }
                let taken: Vec<_> = others.iter().map(|other| other.colour).collect();
                let new = TestUser {
                    id: TestUserId::new(id),
                    provider: provider.clone(),
                    environment: Environment::Sandbox,
                    name: name_of(person),
                    colour: PersonaColour::least_used(&taken),
                    expected: ExpectedIdentity::Subject(person.subject_at(twin)),
                    storage: BrowserStorage::Kept,
                    storage_generation: 1,
                    notes: format!("Lives in the sandbox: {}.", person.role),
                    created_at: now,
                };
                test_user::insert(tx, &new)?;
                others.push(new);
            }
            Ok(())
        };
        self.store()?.write_durably(make).await.map_err(failure::of_store)?;
        self.tell(Event::TestUsersChanged);
        self.list_test_users(TestUserQuery { provider: Some(place.provider), environment: Some(place.environment) })
            .await
    }
}

/// The people of a twin who are not among these test users.
pub(super) fn people_without(provider: &ProviderId, users: &[&TestUser]) -> Vec<String> {
    let Some(twin) = Twin::from_id(provider.as_str()) else { return Vec::new() };
    let missing = USERS.iter().filter(|person| !users.iter().any(|user| is_same(user, person, twin)));
    missing.map(name_of).collect()
}

/// Whether a test user is that person of the twin: by the identity, or by a name that could not be given twice.
fn is_same(user: &TestUser, person: &SandboxUser, twin: Twin) -> bool {
    user.expected.subject() == Some(&person.subject_at(twin)) || user.name.eq_ignore_ascii_case(&name_of(person))
}

fn name_of(person: &SandboxUser) -> String {
    person.display_name()
}
