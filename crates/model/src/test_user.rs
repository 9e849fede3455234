//! A TestUser: a persona in whose name a tester logs in, with a colour, an expected identity and browser storage of its own.
//! There is no place for a password in it: who walks a login types it at the provider, and nowhere else.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Environment, ProviderId, TestUserId};

/// A persona in whose name a tester logs in at one provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestUser {
    /// Our record's id.
    pub id: TestUserId,
    /// The provider at which the person has an account.
    pub provider: ProviderId,
    /// Which server of that provider.
    pub environment: Environment,
    /// What the person is called here; no two at one server have the same name, whatever the case of its letters.
    pub name: String,
    /// The colour by which the person is told from the others, always beside the name.
    pub colour: PersonaColour,
    /// Who the provider has to say it was.
    pub expected: ExpectedIdentity,
    /// What becomes of what the login view keeps of the person.
    pub storage: BrowserStorage,
    /// How often what was kept has been forgotten. Each time a new place is begun: a browser process may hold the old one in memory.
    pub storage_generation: u32,
    /// The tester's notes.
    pub notes: String,
    /// When the record was made.
    pub created_at: Timestamp,
}

/// The colours personas are told apart by. They are names and no values: each theme of the window has its own shade of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonaColour {
    /// Blue.
    Blue,
    /// Orange.
    Orange,
    /// Teal.
    Teal,
    /// Violet.
    Violet,
    /// Yellow.
    Yellow,
    /// Rose.
    Rose,
    /// Olive.
    Olive,
    /// Grey.
    Grey,
}

impl PersonaColour {
    /// All of them, in the order in which they are given out: neighbours are easy to tell apart.
    pub const ALL: [Self; 8] =
        [Self::Blue, Self::Orange, Self::Teal, Self::Violet, Self::Yellow, Self::Rose, Self::Olive, Self::Grey];

    /// The first colour that none of these has; when all are taken, the one that the fewest have.
    pub fn least_used(taken: &[Self]) -> Self {
        let uses = |colour: &Self| taken.iter().filter(|other| *other == colour).count();
        Self::ALL.into_iter().min_by_key(uses).unwrap_or(Self::Blue)
    }
}

/// Who the provider has to say it was, by the dialect's subject pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpectedIdentity {
    /// Whoever it was is right.
    Anyone,
    /// Nobody knows yet: the first login says it, and from then on it has to be that subject.
    LearnAtFirstLogin,
    /// This subject and no other, letter by letter.
    Subject(String),
}

impl ExpectedIdentity {
    /// The subject it has to be.
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::Subject(subject) => Some(subject),
            Self::Anyone | Self::LearnAtFirstLogin => None,
        }
    }
}

/// What becomes of cookies and the like that the login view keeps of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BrowserStorage {
    /// The next login of the person finds them.
    Kept,
    /// They go with the window.
    ThrownAway,
}

/// The persona a run was started for, as it was then: a run outlives its test user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeantPerson {
    /// The test user; the record may be gone by now.
    pub id: TestUserId,
    /// Its name at the time.
    pub name: String,
    /// Its colour at the time.
    pub colour: PersonaColour,
}

impl TestUser {
    /// What a run remembers of the person it was started for.
    pub fn meant(&self) -> MeantPerson {
        MeantPerson { id: self.id.clone(), name: self.name.clone(), colour: self.colour }
    }

    /// The name of the folder for what a login view keeps of the person; none when nothing is kept. It is made of letters, digits and one
    /// hyphen, also where a foreign database brings an id that is no word.
    pub fn storage_folder(&self) -> Option<String> {
        let is_word = |id: &str| !id.is_empty() && id.chars().all(|one| one.is_ascii_alphanumeric());
        (self.storage == BrowserStorage::Kept && is_word(self.id.as_str()))
            .then(|| format!("{}-{}", self.id, self.storage_generation))
    }
}

/// The most characters the name of a test user may have.
pub const MOST_NAME_CHARACTERS: usize = 60;
/// The most characters an expected subject may have: OpenID Connect Core §2 allows 255 for `sub`, and other providers name nothing longer.
pub const MOST_SUBJECT_CHARACTERS: usize = 255;
/// The most characters notes may have.
pub const MOST_NOTES_CHARACTERS: usize = 4_000;

/// Why a test user cannot be as it was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TestUserMistake {
    /// Nobody could tell it from the others.
    #[error("a test user needs a name")]
    NoName,
    /// Longer than a line.
    #[error("a name has at most {MOST_NAME_CHARACTERS} characters")]
    NameTooLong,
    /// An expectation that nobody could meet.
    #[error("an expected identity needs the subject that the provider says")]
    NoSubject,
    /// Longer than any provider's.
    #[error("a subject has at most {MOST_SUBJECT_CHARACTERS} characters")]
    SubjectTooLong,
    /// Longer than a page.
    #[error("notes have at most {MOST_NOTES_CHARACTERS} characters")]
    NotesTooLong,
}

/// What is typed of a test user, in the form in which it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// The name.
    pub name: String,
    /// Who it has to be.
    pub expected: ExpectedIdentity,
    /// The notes.
    pub notes: String,
}

impl Described {
    /// Takes what was typed, without blanks around it.
    ///
    /// # Errors
    /// The first [`TestUserMistake`].
    pub fn read(name: &str, expected: ExpectedIdentity, notes: &str) -> Result<Self, TestUserMistake> {
        let (name, notes) = (name.trim(), notes.trim());
        let expected = match expected {
            ExpectedIdentity::Subject(subject) => ExpectedIdentity::Subject(subject.trim().to_owned()),
            other => other,
        };
        if name.is_empty() {
            return Err(TestUserMistake::NoName);
        }
        if name.chars().count() > MOST_NAME_CHARACTERS {
            return Err(TestUserMistake::NameTooLong);
        }
        match expected.subject() {
            Some("") => return Err(TestUserMistake::NoSubject),
            Some(subject) if subject.chars().count() > MOST_SUBJECT_CHARACTERS => {
                return Err(TestUserMistake::SubjectTooLong);
            }
            _ => {}
        }
        if notes.chars().count() > MOST_NOTES_CHARACTERS {
            return Err(TestUserMistake::NotesTooLong);
        }
        Ok(Self { name: name.to_owned(), expected, notes: notes.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn somebody(id: &str, storage: BrowserStorage) -> TestUser {
        TestUser {
            id: TestUserId::new(id),
            provider: ProviderId::new("chaster"),
            environment: Environment::Sandbox,
            name: "Tester A".to_owned(),
            colour: PersonaColour::Blue,
            expected: ExpectedIdentity::Anyone,
            storage,
            storage_generation: 2,
            notes: String::new(),
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_test_user_is_described_without_blanks_around() {
        let typed =
            Described::read(" Tester A ", ExpectedIdentity::Subject("\ttester-a\n".to_owned()), " VIP ").unwrap();
        assert_eq!(
            (typed.name.as_str(), typed.expected.subject(), typed.notes.as_str()),
            ("Tester A", Some("tester-a"), "VIP")
        );
    }

    #[test]
    fn what_nobody_could_be_told_by_is_refused() {
        let read = |name: &str, expected| Described::read(name, expected, "").unwrap_err();
        assert_eq!(read(" ", ExpectedIdentity::Anyone), TestUserMistake::NoName);
        assert_eq!(read(&"ü".repeat(MOST_NAME_CHARACTERS + 1), ExpectedIdentity::Anyone), TestUserMistake::NameTooLong);
        assert_eq!(read("A", ExpectedIdentity::Subject("  ".to_owned())), TestUserMistake::NoSubject);
        let long = ExpectedIdentity::Subject("s".repeat(MOST_SUBJECT_CHARACTERS + 1));
        assert_eq!(read("A", long), TestUserMistake::SubjectTooLong);
        let notes = "n".repeat(MOST_NOTES_CHARACTERS + 1);
        assert_eq!(Described::read("A", ExpectedIdentity::Anyone, &notes), Err(TestUserMistake::NotesTooLong));
    }

    #[test]
    fn colours_are_given_out_one_after_the_other_and_then_again() {
        assert_eq!(PersonaColour::least_used(&[]), PersonaColour::Blue);
        assert_eq!(PersonaColour::least_used(&[PersonaColour::Blue, PersonaColour::Teal]), PersonaColour::Orange);
        let mut all = PersonaColour::ALL.to_vec();
        assert_eq!(PersonaColour::least_used(&all), PersonaColour::Blue);
        all.push(PersonaColour::Blue);
        assert_eq!(PersonaColour::least_used(&all), PersonaColour::Orange);
    }

    #[test]
    fn only_what_is_kept_has_a_folder_and_no_id_leads_out_of_it() {
        assert_eq!(somebody("abc7", BrowserStorage::Kept).storage_folder().as_deref(), Some("abc7-2"));
        assert_eq!(somebody("abc7", BrowserStorage::ThrownAway).storage_folder(), None);
        for foreign in ["../../etc", "a/b", "", "a.b", "a-1"] {
            assert_eq!(somebody(foreign, BrowserStorage::Kept).storage_folder(), None, "{foreign}");
        }
    }
}
