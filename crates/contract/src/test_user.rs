//! Test users: personas in whose names a tester logs in.

use crate::client::Environment;
use crate::wire;

wire! { "testUser.ts";
    /// A test user, by its record id.
    pub struct TestUserRef {
        /// The record id.
        pub test_user: String,
    }

    /// Which test users are asked for.
    pub struct TestUserQuery {
        /// The provider; all of them when left out.
        pub provider: Option<String>,
        /// Which server of it; both when left out.
        pub environment: Option<Environment>,
    }

    /// Test users, by provider, server and name.
    pub struct TestUserList {
        /// The test users asked for.
        pub test_users: Vec<TestUserDetail>,
        /// The twin's own people who are no test users yet, by name; only where one server is asked for and it is a sandbox twin.
        pub twin_people: Vec<String>,
    }

    /// One test user.
    pub struct TestUserDetail {
        /// The record id.
        pub id: String,
        /// The provider's id.
        pub provider: String,
        /// The provider's name.
        pub provider_name: String,
        /// Which server of the provider.
        pub environment: Environment,
        /// What the person is called here.
        pub name: String,
        /// The colour, always beside the name.
        pub colour: PersonaColour,
        /// Who the provider has to say it was.
        pub expected: ExpectedIdentity,
        /// What becomes of what the login view keeps.
        pub storage: BrowserStorage,
        /// Whether anything is kept right now.
        pub keeps_something: bool,
        /// Whether a login of the person is going on.
        pub logging_in: bool,
        /// The tester's notes.
        pub notes: String,
        /// When the record was made, RFC 3339.
        pub created_at: String,
    }

    /// The colours personas are told apart by. Each theme has its own shade of each.
    #[derive(Copy, Eq)]
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

    /// Who the provider has to say it was.
    #[derive(Eq)]
    #[serde(tag = "kind", content = "subject")]
    pub enum ExpectedIdentity {
        /// Whoever it was is right.
        Anyone,
        /// The first login says it; from then on it has to be that subject.
        LearnAtFirstLogin,
        /// This subject and no other, letter by letter.
        Subject(String),
    }

    /// What becomes of cookies and the like that the login view keeps.
    #[derive(Copy, Eq)]
    pub enum BrowserStorage {
        /// The next login of the person finds them.
        Kept,
        /// They go with the window.
        ThrownAway,
    }

    /// Add a test user.
    pub struct TestUserCreate {
        /// The provider at which the person has an account.
        pub provider: String,
        /// Which server of it.
        pub environment: Environment,
        /// What the person is called here.
        pub name: String,
        /// The colour; the first that nobody there has when left out.
        pub colour: Option<PersonaColour>,
        /// Who the provider has to say it was.
        pub expected: ExpectedIdentity,
        /// What becomes of what the login view keeps.
        pub storage: BrowserStorage,
        /// The tester's notes.
        pub notes: String,
    }

    /// Change a test user. When nothing is kept of it any more, what was kept is forgotten.
    pub struct TestUserChange {
        /// The record id.
        pub test_user: String,
        /// What the person is called here.
        pub name: String,
        /// The colour.
        pub colour: PersonaColour,
        /// Who the provider has to say it was; as it is when left out, because a login may be learning it.
        pub expected: Option<ExpectedIdentity>,
        /// What becomes of what the login view keeps.
        pub storage: BrowserStorage,
        /// The tester's notes.
        pub notes: String,
    }

    /// The test user a run was started for, as it was then.
    pub struct MeantPerson {
        /// The record id; the record may be gone.
        pub id: String,
        /// Its name at the time.
        pub name: String,
        /// Its colour at the time.
        pub colour: PersonaColour,
    }
}
