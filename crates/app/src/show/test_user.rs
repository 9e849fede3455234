//! Test users and the person a run was meant for.

use gatewright_contract::test_user::{
    BrowserStorage as WireStorage, ExpectedIdentity as WireExpected, MeantPerson as WireMeant,
    PersonaColour as WireColour, TestUserDetail,
};
use gatewright_model::TestUser;
use gatewright_model::test_user::{BrowserStorage, ExpectedIdentity, MeantPerson, PersonaColour};

use super::run::environment;

/// One test user, with what only this moment knows of it.
pub(crate) fn detail(user: &TestUser, provider_name: &str, keeps_something: bool, logging_in: bool) -> TestUserDetail {
    TestUserDetail {
        id: user.id.to_string(),
        provider: user.provider.to_string(),
        provider_name: provider_name.to_owned(),
        environment: environment(user.environment),
        name: user.name.clone(),
        colour: colour(user.colour),
        expected: match &user.expected {
            ExpectedIdentity::Anyone => WireExpected::Anyone,
            ExpectedIdentity::LearnAtFirstLogin => WireExpected::LearnAtFirstLogin,
            ExpectedIdentity::Subject(subject) => WireExpected::Subject(subject.clone()),
        },
        storage: match user.storage {
            BrowserStorage::Kept => WireStorage::Kept,
            BrowserStorage::ThrownAway => WireStorage::ThrownAway,
        },
        keeps_something,
        logging_in,
        notes: user.notes.clone(),
        created_at: user.created_at.to_string(),
    }
}

/// For whom a run was started.
pub(crate) fn meant(meant: &MeantPerson) -> WireMeant {
    WireMeant { id: meant.id.to_string(), name: meant.name.clone(), colour: colour(meant.colour) }
}

fn colour(colour: PersonaColour) -> WireColour {
    match colour {
        PersonaColour::Blue => WireColour::Blue,
        PersonaColour::Orange => WireColour::Orange,
        PersonaColour::Teal => WireColour::Teal,
        PersonaColour::Violet => WireColour::Violet,
        PersonaColour::Yellow => WireColour::Yellow,
        PersonaColour::Rose => WireColour::Rose,
        PersonaColour::Olive => WireColour::Olive,
        PersonaColour::Grey => WireColour::Grey,
    }
}

/// What the window calls a colour, as it is kept.
pub(crate) fn model_colour(colour: WireColour) -> PersonaColour {
    match colour {
        WireColour::Blue => PersonaColour::Blue,
        WireColour::Orange => PersonaColour::Orange,
        WireColour::Teal => PersonaColour::Teal,
        WireColour::Violet => PersonaColour::Violet,
        WireColour::Yellow => PersonaColour::Yellow,
        WireColour::Rose => PersonaColour::Rose,
        WireColour::Olive => PersonaColour::Olive,
        WireColour::Grey => PersonaColour::Grey,
    }
}

/// What the window expects of an identity, as it is kept.
pub(crate) fn model_expected(expected: WireExpected) -> ExpectedIdentity {
    match expected {
        WireExpected::Anyone => ExpectedIdentity::Anyone,
        WireExpected::LearnAtFirstLogin => ExpectedIdentity::LearnAtFirstLogin,
        WireExpected::Subject(subject) => ExpectedIdentity::Subject(subject),
    }
}

/// What the window wants done with what is kept, as it is kept.
pub(crate) fn model_storage(storage: WireStorage) -> BrowserStorage {
    match storage {
        WireStorage::Kept => BrowserStorage::Kept,
        WireStorage::ThrownAway => BrowserStorage::ThrownAway,
    }
}
