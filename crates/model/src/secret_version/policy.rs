//! When a client's secret is due to be replaced.

use jiff::{SignedDuration, Timestamp};

/// After how long a client's secret is due to be replaced; the default is 90 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RotationPolicy(Option<u16>);

/// A policy that nobody means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a secret can be due after 1 to {MOST_DAYS} days, or never")]
pub struct PolicyOutOfRange;

/// Ten years: what is meant to last longer is meant to last for ever.
const MOST_DAYS: u16 = 3650;

impl Default for RotationPolicy {
    fn default() -> Self {
        Self(Some(90))
    }
}

impl RotationPolicy {
    /// The secret is never due.
    pub const NEVER: Self = Self(None);

    /// The secret is due so many days after it came into use.
    ///
    /// # Errors
    /// [`PolicyOutOfRange`] for none, and for more than ten years of them.
    pub fn after_days(days: u32) -> Result<Self, PolicyOutOfRange> {
        let days = u16::try_from(days).map_err(|_| PolicyOutOfRange)?;
        if (1..=MOST_DAYS).contains(&days) { Ok(Self(Some(days))) } else { Err(PolicyOutOfRange) }
    }

    /// After how many days; none for never.
    pub fn days(self) -> Option<u16> {
        self.0
    }

    /// When a secret is due that came into use at a time.
    pub fn due_at(self, in_use_since: Timestamp) -> Option<Timestamp> {
        let days = i64::from(self.0?);
        in_use_since.checked_add(SignedDuration::from_hours(days * 24)).ok()
    }
}

/// How near the day is on which a secret is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueStanding {
    /// It is due.
    Due,
    /// It will be within two weeks: long enough to plan a rotation.
    Soon,
    /// It will be later.
    Later,
    /// The policy says never.
    Never,
}

/// How long before the day a secret counts as [`DueStanding::Soon`].
const SOON: SignedDuration = SignedDuration::from_hours(14 * 24);

impl DueStanding {
    /// How near the day is.
    pub fn of(due_at: Option<Timestamp>, now: Timestamp) -> Self {
        match due_at {
            None => Self::Never,
            Some(due_at) if due_at <= now => Self::Due,
            Some(due_at) if due_at.duration_since(now) <= SOON => Self::Soon,
            Some(_) => Self::Later,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    fn day(number: i64) -> Timestamp {
        Timestamp::from_second(number * DAY).unwrap()
    }

    #[test]
    fn a_secret_is_due_ninety_days_after_it_came_into_use_unless_told_otherwise() {
        assert_eq!(RotationPolicy::default().due_at(day(10)), Some(day(100)));
        assert_eq!(RotationPolicy::after_days(7).unwrap().due_at(day(10)), Some(day(17)));
        assert_eq!(RotationPolicy::NEVER.due_at(day(10)), None);
        assert_eq!(RotationPolicy::default().due_at(Timestamp::MAX), None, "the end of time comes first");
    }

    #[test]
    fn no_days_and_more_than_ten_years_of_them_are_no_policy() {
        for days in [0, 3651, 100_000] {
            assert_eq!(RotationPolicy::after_days(days), Err(PolicyOutOfRange), "{days}");
        }
        assert_eq!(RotationPolicy::after_days(3650).unwrap().days(), Some(3650));
    }

    #[test]
    fn a_secret_is_soon_due_two_weeks_before_the_day() {
        let due_at = Some(day(100));
        assert_eq!(DueStanding::of(due_at, day(85)), DueStanding::Later);
        assert_eq!(DueStanding::of(due_at, day(86)), DueStanding::Soon);
        assert_eq!(DueStanding::of(due_at, day(99)), DueStanding::Soon);
        assert_eq!(DueStanding::of(due_at, day(100)), DueStanding::Due);
        assert_eq!(DueStanding::of(None, day(100)), DueStanding::Never);
    }
}
