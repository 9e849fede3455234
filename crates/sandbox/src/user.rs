//! The people who live in the sandbox. They are always the same, so that a run can be compared with the one before.

use serde::Serialize;
use subtle::ConstantTimeEq;

use crate::twin::Twin;

/// One person of the sandbox, known under the same name at all five twins.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct SandboxUser {
    /// The name to sign in with.
    pub username: &'static str,
    /// The password to sign in with. It protects nothing: the sign-in page itself lists it.
    pub password: &'static str,
    /// First name.
    pub given_name: &'static str,
    /// Last name.
    pub family_name: &'static str,
    /// What this person is here for, in a few words.
    pub role: &'static str,
    /// Whether the phone number is verified; Chattr asks for that before an app may be created.
    pub phone_verified: bool,
    /// Standing at ContentDB, which decides about creating apps and their approval.
    pub rank: Rank,
    /// Integer id at Chattr and, 100 higher, at Chattz.
    pub number: u32,
    /// The id at Gitter: 24 hexadecimal digits.
    pub gitter_id: &'static str,
    /// The subject (`sub`) at Chaster.
    pub subject: &'static str,
}

/// A person's standing at ContentDB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    /// Just registered: may log in, may not create apps.
    Newcomer,
    /// May create apps; until staff approves such an app, only its owner can log in through it.
    Member,
    /// May create apps, which are approved at birth.
    Trusted,
}

/// The sandbox's people: an owner, two testers, and one whose phone is not verified.
pub static USERS: [SandboxUser; 4] = [
    SandboxUser {
        username: "olivia",
        password: "olivia-sandbox",
        given_name: "Olivia",
        family_name: "Ortega",
        role: "app owner",
        phone_verified: true,
        rank: Rank::Trusted,
        number: 42,
        gitter_id: "5f0c9a1e2b3d4c5e6f708192",
        subject: "8f14e45f-ceea-467f-a83d-0123456789ab",
    },
    SandboxUser {
        username: "theo",
        password: "theo-sandbox",
        given_name: "Theo",
        family_name: "Tanaka",
        role: "tester",
        phone_verified: true,
        rank: Rank::Member,
        number: 43,
        gitter_id: "5f0c9a1e2b3d4c5e6f708193",
        subject: "c9f0f895-fb98-4b91-99f5-123456789abc",
    },
    SandboxUser {
        username: "tara",
        password: "tara-sandbox",
        given_name: "Tara",
        family_name: "Thomsen",
        role: "tester",
        phone_verified: true,
        rank: Rank::Member,
        number: 44,
        gitter_id: "5f0c9a1e2b3d4c5e6f708194",
        subject: "45c48cce-2e2d-4fbd-8a1c-23456789abcd",
    },
    SandboxUser {
        username: "una",
        password: "una-sandbox",
        given_name: "Una",
        family_name: "Ulrich",
        role: "phone not verified",
        phone_verified: false,
        rank: Rank::Newcomer,
        number: 45,
        gitter_id: "5f0c9a1e2b3d4c5e6f708195",
        subject: "d3d94468-02a4-4f5a-9c2b-3456789abcde",
    },
];

impl SandboxUser {
    /// First and last name.
    pub fn display_name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
    }

    /// Who this person is at a twin, by the member that its identity is known by.
    pub fn subject_at(&self, twin: Twin) -> String {
        match twin {
            Twin::Chattr => self.number.to_string(),
            Twin::Chattz => self.chattz_number().to_string(),
            Twin::Chaster => self.subject.to_owned(),
            Twin::Gitter => self.gitter_id.to_owned(),
            Twin::ContentDb => self.username.to_owned(),
        }
    }

    /// The integer id at Chattz.
    pub(crate) const fn chattz_number(&self) -> u32 {
        self.number + 100
    }

    /// An address below a domain reserved for examples (RFC 2606).
    pub fn email(&self) -> String {
        format!("{}@sandbox.example", self.username)
    }
}

/// The person with this name.
pub(crate) fn find(username: &str) -> Option<&'static SandboxUser> {
    USERS.iter().find(|user| user.username == username)
}

/// The person who signs in with this name and password; letter case and surrounding spaces of the name do not matter.
pub(crate) fn sign_in(username: &str, password: &str) -> Option<&'static SandboxUser> {
    let user = find(&username.trim().to_ascii_lowercase())?;
    bool::from(user.password.as_bytes().ct_eq(password.as_bytes())).then_some(user)
}
