//! What is known about the keyring, in words for a person.

use std::fmt;

use crate::error::Cause;

/// What is known about the keyring since it was last used or probed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyringState {
    /// Not asked yet: asking costs up to a tenth of a second, and the window does not wait for it.
    NotProbed,
    /// An entry was written and read back.
    Ready,
    /// It is there and locked. Nothing is kept for the session instead: the person may want to unlock it.
    Locked,
    /// It did not answer in time, perhaps because it waits for the person. Treated like [`KeyringState::Locked`].
    Unanswered,
    /// There is none that can be used. Secrets live in memory until Gatewright ends.
    Absent(AbsentReason),
}

impl KeyringState {
    /// Whether secrets are kept in memory for this session only.
    pub fn is_session_only(&self) -> bool {
        matches!(self, Self::Absent(_))
    }

    /// Whether the program that keeps secrets is not there. One that was there may be back in a moment.
    pub fn has_left(&self) -> bool {
        matches!(self, Self::Absent(AbsentReason::NoSecretService))
    }

    /// Whether it is there and the person has to do something before it can be used.
    pub fn waits_for_person(&self) -> bool {
        matches!(self, Self::Locked | Self::Unanswered)
    }

    /// What is so, in one or two sentences.
    pub fn sentence(&self) -> String {
        match self {
            Self::NotProbed => "The keyring was not checked yet.".into(),
            Self::Ready => "Secrets are kept in the keyring. A test entry was written, read back and deleted.".into(),
            Self::Locked => "The keyring is locked. Secrets can be neither read nor stored.".into(),
            Self::Unanswered => "The keyring has not answered. Secrets can be neither read nor stored.".into(),
            Self::Absent(reason) => {
                format!("{reason} Secrets are kept for this session only: they are gone when Gatewright closes.")
            }
        }
    }

    /// What the person can do about it; none when there is nothing to do.
    pub fn next_step(&self) -> Option<&'static str> {
        match self {
            Self::NotProbed => Some("Check the keyring."),
            Self::Ready => None,
            Self::Locked => Some(
                "Unlock the keyring (on Linux with the Passwords and Keys program, or by logging in to your desktop again), then check \
                 again. You can also continue without it; secrets are then kept for this session only.",
            ),
            Self::Unanswered => {
                Some("If another window asks for the keyring's password, answer there, then check again.")
            }
            Self::Absent(reason) => Some(reason.next_step()),
        }
    }
}

impl fmt::Display for KeyringState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence())
    }
}

/// Why there is no keyring to use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AbsentReason {
    /// Linux: no D-Bus session bus answers, so no keyring can be reached.
    NoSessionBus,
    /// Linux: there is a session bus, and no program on it keeps secrets.
    NoSecretService,
    /// Linux: the keyring program runs and has no default collection. Reading looks healthy then; only writing tells.
    NoDefaultCollection,
    /// The person chose to go on without the keyring, or the vault was opened without one.
    NotUsed,
    /// It does not work, for a reason the system gave.
    Unusable(Cause),
}

impl AbsentReason {
    fn next_step(&self) -> &'static str {
        match self {
            Self::NoSessionBus => {
                "Start Gatewright from a desktop session, or with dbus-run-session, so that it can reach the keyring. Then check again."
            }
            Self::NoSecretService => {
                "Install and start a keyring (gnome-keyring, KWallet or KeePassXC with its Secret Service). Then check again."
            }
            Self::NoDefaultCollection => {
                "Create a keyring named Login in the Passwords and Keys program and set it as default, or log in to your desktop once \
                 with your password. Then check again."
            }
            Self::NotUsed => "Check the keyring again whenever you want to keep the secrets.",
            Self::Unusable(_) => "Look at the keyring in its own program. Then check again.",
        }
    }
}

impl fmt::Display for AbsentReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSessionBus => f.write_str("No keyring: there is no D-Bus session."),
            Self::NoSecretService => f.write_str("No keyring: no program on this desktop keeps secrets."),
            Self::NoDefaultCollection => {
                f.write_str("The keyring program runs, but it has no default keyring to keep secrets in.")
            }
            Self::NotUsed => f.write_str("The keyring is not used."),
            Self::Unusable(cause) => write!(f, "The keyring does not work: {cause}."),
        }
    }
}
