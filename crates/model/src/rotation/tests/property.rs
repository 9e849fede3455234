//! Whatever happens in whatever order: one secret is in use, the provider takes it as far as anybody can know, and the sentence is true.

use proptest::prelude::*;

use super::*;
// Ours, not the trait of the same name.
use crate::rotation::Strategy;

/// A provider that does what is asked of it, and forgets nothing.
#[derive(Clone, Debug)]
struct World {
    takes_old: bool,
    takes_new: bool,
}

impl World {
    /// What the provider does when this is done to it. The answer may be lost afterwards.
    fn obey(&mut self, rotation: &Rotation, change: &RotationChange) {
        match change {
            RotationChange::Begun(PendingWork::Obtain { .. }) => {
                self.takes_new = rotation.strategy != Strategy::Staged;
                self.takes_old = !matches!(rotation.strategy, Strategy::CutOver | Strategy::AskSupport);
            }
            RotationChange::Begun(PendingWork::ChangeOver) => (self.takes_old, self.takes_new) = (false, true),
            RotationChange::Promoted if rotation.strategy == Strategy::Staged => {
                (self.takes_old, self.takes_new) = (false, true);
            }
            RotationChange::Begun(PendingWork::EndOld) | RotationChange::OldEnded => self.takes_old = false,
            _ => {}
        }
    }

    fn takes(&self, version: u32) -> bool {
        if version == 1 { self.takes_old } else { self.takes_new }
    }
}

/// Words for what might happen next.
fn changes() -> impl proptest::strategy::Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "prove", "obtain", "got", "cut", "not", "moved", "probe", "login", "logged", "promote", "change", "end",
        "ended", "asked", "retire", "pass", "drop", "other", "back", "give_up", "nothing",
    ])
}

/// What a word means here; what the provider says is what this provider would say.
fn change(wish: &str, rotation: &Rotation, world: &World, number: u32) -> RotationChange {
    let said = |taken| if taken { ProofVerdict::Accepted } else { ProofVerdict::Refused };
    match wish {
        "prove" => RotationChange::OldProved(said(world.takes_old)),
        "obtain" => RotationChange::Begun(PendingWork::Obtain { version: number, client_id: None }),
        "got" => RotationChange::Obtained { client_id: None, issued_as: None },
        "cut" => RotationChange::CutOff,
        // Only what this provider has not done can be told to be undone; a further try may always come to nothing.
        "not" if rotation.is_begun_again() || world.takes_old && !world.takes_new => RotationChange::NotDone,
        "nothing" if world.takes_old && !world.takes_new => RotationChange::NothingDone,
        "moved" => RotationChange::DeploymentsMoved,
        "probe" => RotationChange::NewProved(said(world.takes_new)),
        "login" => RotationChange::LoginStarted(run()),
        "logged" if world.takes_new => RotationChange::LoggedIn(run()),
        "promote" => RotationChange::Promoted,
        "change" => RotationChange::Begun(PendingWork::ChangeOver),
        "end" => RotationChange::Begun(PendingWork::EndOld),
        "ended" => RotationChange::OldEnded,
        "asked" if rotation.old_is_ended => RotationChange::OldProvedEnded(said(world.takes_old)),
        "retire" => RotationChange::Retired { unproved: false },
        "drop" => RotationChange::NewDropped,
        "other" => RotationChange::NewGivenUp,
        "back" => RotationChange::RolledBack,
        "give_up" => RotationChange::Abandoned,
        _ => RotationChange::PassedOver,
    }
}

/// Runs through a story; what is refused does not happen.
fn story(strategy: Strategy, words: &[&str], mut check: impl FnMut(&Rotation, &World)) {
    let (mut rotation, mut world) = (started(strategy), World { takes_old: true, takes_new: false });
    check(&rotation, &world);
    for (number, word) in (2..).zip(words) {
        let change = change(word, &rotation, &world, number);
        if let Ok(after) = rotation.after(change.clone(), second(i64::from(number))) {
            world.obey(&rotation, &change);
            rotation = after;
            check(&rotation, &world);
        }
    }
}

fn may_survive(new: Keeping) -> bool {
    matches!(new, Keeping::Keyring | Keeping::Moving)
}

fn every_kept() -> Vec<Kept> {
    let all = [Keeping::Keyring, Keeping::Memory, Keeping::Moving, Keeping::Nowhere];
    all.into_iter().flat_map(|old| all.map(|new| Kept { old, new })).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// Nothing that can be done in the right order or the wrong one leaves logins with a secret the provider does not take, except
    /// while an answer is lost and while the support may have done something: both of which are said.
    #[test]
    fn the_secret_in_use_works_unless_it_is_said_that_nobody_knows(
        strategy in prop::sample::select(Strategy::ALL.to_vec()),
        words in prop::collection::vec(changes(), 0..40),
    ) {
        story(strategy, &words, |rotation, world| {
            let is_unknown = rotation.pending.is_some()
                || rotation.strategy == Strategy::AskSupport
                || rotation.old_is_ended && !rotation.has_changed_over();
            let works = world.takes(rotation.in_use().version);
            let sentence = if_stopped_now(rotation, Kept { old: Keeping::Keyring, new: Keeping::Keyring });
            assert!(works || is_unknown, "{rotation:?} {world:?}");
            assert!(works || rotation.step().is_none() || !sentence.starts_with("v1 keeps"), "{sentence} {rotation:?}");
            if rotation.position == Position::RolledBack && rotation.strategy != Strategy::AskSupport {
                assert!(world.takes_old, "rolled back to a secret that is dead: {rotation:?}");
            }
        });
    }

    /// The step the sentence names is the step start-up goes on at, and starting up twice changes nothing more. Of a secret on its way
    /// into the keyring it names two: the step if it has arrived, and last the step if it has not.
    #[test]
    fn the_sentence_is_true_in_every_state(
        strategy in prop::sample::select(Strategy::ALL.to_vec()),
        words in prop::collection::vec(changes(), 0..40),
    ) {
        story(strategy, &words, |rotation, _| {
            for kept in every_kept() {
                let sentence = if_stopped_now(rotation, kept);
                let after = rotation.after_stop(kept, second(99));
                let number_of = |after: &Rotation| after.step().and_then(|step| after.number(step));
                match number_of(&after) {
                    None => assert!(sentence.ends_with("There is nothing left to do."), "{sentence}"),
                    Some(number) if kept.new == Keeping::Moving => {
                        let without = rotation.after_stop(Kept { new: Keeping::Nowhere, ..kept }, second(99));
                        let last = number_of(&without).unwrap();
                        assert!(sentence.contains(&format!("at step {number}")), "{sentence} {after:?}");
                        assert!(sentence.ends_with(&format!("at step {last}.")), "{sentence} {without:?}");
                    }
                    Some(number) => assert!(sentence.ends_with(&format!("at step {number}.")), "{sentence} {after:?}"),
                }
                let later = if after.new.is_some() { kept } else { Kept { new: Keeping::Nowhere, ..kept } };
                assert_eq!(after.after_stop(later, second(100)), after.clone(), "{rotation:?}");
                assert!(after.new.is_none() || may_survive(kept.new) || after.step().is_none(), "{after:?}");
            }
        });
    }

    /// What is over stays as it is.
    #[test]
    fn a_rotation_that_is_over_takes_nothing_more(
        strategy in prop::sample::select(Strategy::ALL.to_vec()),
        words in prop::collection::vec(changes(), 0..40),
        last in changes(),
    ) {
        story(strategy, &words, |rotation, world| {
            if rotation.step().is_none() {
                let change = change(last, rotation, world, 99);
                assert_eq!(rotation.after(change, second(99)), Err(RotationRefusal::Over));
                assert!(rotation.ended_at.is_some() && rotation.pending.is_none());
            }
        });
    }
}
