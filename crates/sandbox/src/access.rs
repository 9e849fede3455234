//! What opens the programming interfaces, person by person.

use gatewright_protocol::Secret;

use crate::entropy::Entropy;
use crate::user::{self, SandboxUser, USERS};

/// The keys of one person. They are made at the start and kept in memory only.
pub(crate) struct PersonKeys {
    user: &'static SandboxUser,
    /// Manages this person's apps.
    pub(crate) management_key: Secret,
    /// Registers apps for this person (RFC 7591 §3).
    pub(crate) initial_access_token: Secret,
}

/// The keys of everybody in the sandbox.
pub(crate) struct Access([PersonKeys; 4]);

impl Access {
    pub(crate) fn new(entropy: &Entropy) -> Self {
        Self(USERS.each_ref().map(|user| PersonKeys {
            user,
            management_key: Secret::new(entropy.hex40()),
            initial_access_token: Secret::new(entropy.hex40()),
        }))
    }

    /// The keys of the person with this name.
    pub(crate) fn of(&self, username: &str) -> Option<&PersonKeys> {
        let user = user::find(username)?;
        self.0.iter().find(|keys| keys.user.username == user.username)
    }

    /// Whose management key this is.
    pub(crate) fn manager(&self, presented: &str) -> Option<&'static SandboxUser> {
        self.holder(presented, |keys| &keys.management_key)
    }

    /// Whose initial access token this is.
    pub(crate) fn registrar(&self, presented: &str) -> Option<&'static SandboxUser> {
        self.holder(presented, |keys| &keys.initial_access_token)
    }

    fn holder(&self, presented: &str, key: impl Fn(&PersonKeys) -> &Secret) -> Option<&'static SandboxUser> {
        self.0.iter().find(|keys| key(keys).matches(presented)).map(|keys| keys.user)
    }
}
