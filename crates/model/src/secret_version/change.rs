//! What can become of a version of a secret: `staged → active → retiring → retired`, or `lost`.

use jiff::Timestamp;

use super::{SecretVersion, SecretVersionState};

/// What happens to a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretVersionChange {
    /// Logins use it from now on: a staged one for the first time, a retiring one because the step after it was taken back.
    Promote,
    /// Another version takes its place, and the provider still accepts this one.
    Supersede,
    /// The version before it is taken back into use, and this one waits again.
    StepBack,
    /// It is used nowhere any more, and the provider refuses it or soon will.
    Retire,
    /// Its value is gone.
    Lose,
}

/// This cannot become of a version that stands where it stands. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a secret version that is {from:?} cannot take the change {change:?}")]
pub struct ImpossibleChange {
    /// Where it stands.
    pub from: SecretVersionState,
    /// What was to become of it.
    pub change: SecretVersionChange,
}

impl SecretVersionState {
    /// Where a version stands after a change.
    ///
    /// # Errors
    /// [`ImpossibleChange`]. What is retired or lost stays so: a value that was given up once is never sent again.
    pub const fn after(self, change: SecretVersionChange) -> Result<Self, ImpossibleChange> {
        use SecretVersionChange::{Lose, Promote, Retire, StepBack, Supersede};
        match (self, change) {
            (Self::Staged | Self::Retiring, Promote) => Ok(Self::Active),
            (Self::Active, Supersede) => Ok(Self::Retiring),
            (Self::Active, StepBack) => Ok(Self::Staged),
            (Self::Staged | Self::Active | Self::Retiring, Retire) => Ok(Self::Retired),
            (Self::Staged | Self::Active | Self::Retiring, Lose) => Ok(Self::Lost),
            (Self::Staged | Self::Retiring, Supersede | StepBack)
            | (Self::Active, Promote)
            | (Self::Retired | Self::Lost, Promote | Supersede | StepBack | Retire | Lose) => {
                Err(ImpossibleChange { from: self, change })
            }
        }
    }
}

impl SecretVersion {
    /// The version after a change at a time. [`SecretVersion::due_at`] is left to whoever knows the client's policy.
    ///
    /// # Errors
    /// As [`SecretVersionState::after`].
    pub fn after(&self, change: SecretVersionChange, at: Timestamp) -> Result<Self, ImpossibleChange> {
        let mut after = Self { state: self.state.after(change)?, due_at: None, ..self.clone() };
        match change {
            SecretVersionChange::Promote => {
                // One that comes back is as old as it was before.
                after.promoted_at = self.promoted_at.or(Some(at));
                after.retiring_since = None;
            }
            SecretVersionChange::Supersede => after.retiring_since = Some(at),
            SecretVersionChange::StepBack => after.promoted_at = None,
            SecretVersionChange::Retire => after.retired_at = Some(at),
            SecretVersionChange::Lose => {}
        }
        Ok(after)
    }
}

#[cfg(test)]
mod tests {
    use super::SecretVersionChange::{Lose, Promote, Retire, StepBack, Supersede};
    use super::SecretVersionState::{Active, Lost, Retired, Retiring, Staged};
    use super::*;
    use crate::ClientRecordId;
    use crate::secret_version::SecretPlace;

    const CHANGES: [SecretVersionChange; 5] = [Promote, Supersede, StepBack, Retire, Lose];

    #[test]
    fn every_state_takes_every_change_or_refuses_it() {
        let table = [
            (Staged, [Some(Active), None, None, Some(Retired), Some(Lost)]),
            (Active, [None, Some(Retiring), Some(Staged), Some(Retired), Some(Lost)]),
            (Retiring, [Some(Active), None, None, Some(Retired), Some(Lost)]),
            (Retired, [None; 5]),
            (Lost, [None; 5]),
        ];
        for (from, expected) in table {
            for (change, expected) in CHANGES.into_iter().zip(expected) {
                let after = from.after(change);
                assert_eq!(after.ok(), expected, "{from:?} {change:?}");
                assert_eq!(after.err(), expected.is_none().then_some(ImpossibleChange { from, change }));
            }
        }
    }

    fn second(number: i64) -> Timestamp {
        Timestamp::from_second(number).unwrap()
    }

    fn staged() -> SecretVersion {
        SecretVersion::staged(ClientRecordId::new("c"), 2, SecretPlace::Keyring, "f".to_owned(), second(1))
    }

    #[test]
    fn each_change_writes_down_when_it_was() {
        let active = staged().after(Promote, second(2)).unwrap();
        assert_eq!((active.state, active.promoted_at), (Active, Some(second(2))));
        let retiring = active.after(Supersede, second(3)).unwrap();
        assert_eq!((retiring.state, retiring.retiring_since), (Retiring, Some(second(3))));
        let retired = retiring.after(Retire, second(4)).unwrap();
        assert_eq!((retired.state, retired.retired_at), (Retired, Some(second(4))));
        assert_eq!((retired.promoted_at, retired.retiring_since), (Some(second(2)), Some(second(3))));
    }

    #[test]
    fn one_that_comes_back_into_use_is_as_old_as_it_was() {
        let retiring = staged().after(Promote, second(2)).unwrap().after(Supersede, second(3)).unwrap();
        let back = retiring.after(Promote, second(9)).unwrap();
        assert_eq!((back.state, back.promoted_at, back.retiring_since), (Active, Some(second(2)), None));
    }

    #[test]
    fn one_that_stepped_back_was_never_used() {
        let waiting = staged().after(Promote, second(2)).unwrap().after(StepBack, second(3)).unwrap();
        assert_eq!((waiting.state, waiting.promoted_at), (Staged, None));
        assert_eq!(waiting.after(Promote, second(4)).unwrap().promoted_at, Some(second(4)));
    }

    #[test]
    fn only_a_value_that_is_there_can_be_asked_for() {
        assert!(staged().has_value());
        assert!(!staged().after(Lose, second(2)).unwrap().has_value());
        let removed = SecretVersion { removed_at: Some(second(5)), ..staged().after(Retire, second(2)).unwrap() };
        assert!(!removed.has_value());
    }
}
