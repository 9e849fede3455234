//! The machine against every order of events, and against a provider that is a few lines long.

mod property;
mod sentence;

use gatewright_protocol::ClientId;
use jiff::Timestamp;

use super::RotationStep::{MoveDeployments, ObtainNew, Promote, ProveNew, ProveOld, RetireOld};
use super::*;

fn second(number: i64) -> Timestamp {
    Timestamp::from_second(number).unwrap()
}

fn id(text: &str) -> ClientId {
    ClientId::Text(text.to_owned())
}

fn started(strategy: Strategy) -> Rotation {
    let old = RotatedSecret { version: 1, client_id: id("one") };
    let (rotation, client) = (RotationId::new("r"), ClientRecordId::new("c"));
    Rotation::start(rotation, client, strategy, Driver::ByHand, old, second(0))
}

fn obtain() -> RotationChange {
    RotationChange::Begun(PendingWork::Obtain { version: 2, client_id: None })
}

fn run() -> RunId {
    RunId::new("run")
}

/// Everything that brings a rotation past a step, nothing else.
fn doing(step: RotationStep) -> Vec<RotationChange> {
    match step {
        ProveOld => vec![RotationChange::OldProved(ProofVerdict::Accepted)],
        ObtainNew => vec![obtain(), RotationChange::Obtained { client_id: None, issued_as: None }],
        MoveDeployments => vec![RotationChange::DeploymentsMoved],
        ProveNew => vec![
            RotationChange::NewProved(ProofVerdict::Accepted),
            RotationChange::LoginStarted(run()),
            RotationChange::LoggedIn(run()),
        ],
        Promote => vec![RotationChange::Promoted],
        RetireOld => vec![
            RotationChange::Begun(PendingWork::EndOld),
            RotationChange::OldEnded,
            RotationChange::OldProvedEnded(ProofVerdict::Refused),
            RotationChange::Retired { unproved: false },
        ],
    }
}

fn after_all(rotation: &Rotation, changes: Vec<RotationChange>) -> Rotation {
    changes.into_iter().fold(rotation.clone(), |rotation, change| rotation.after(change, second(1)).unwrap())
}

/// A rotation that stands before a step, everything before it done.
fn before(strategy: Strategy, step: RotationStep) -> Rotation {
    let steps = strategy.steps().iter().take_while(|one| **one != step);
    steps.fold(started(strategy), |rotation, step| after_all(&rotation, doing(*step)))
}

#[test]
fn each_strategy_has_its_order_and_changes_over_at_one_point() {
    for strategy in Strategy::ALL {
        let mut rotation = started(strategy);
        for step in strategy.steps() {
            assert_eq!(rotation.step(), Some(*step), "{strategy:?}");
            let changes_here = *step == strategy.changes_over_at();
            assert_eq!(rotation.has_changed_over(), rotation.is_past(strategy.changes_over_at()));
            rotation = after_all(&rotation, doing(*step));
            assert!(!changes_here || rotation.has_changed_over(), "{strategy:?} {step:?}");
        }
        assert_eq!((rotation.position, rotation.ended_at), (Position::Completed, Some(second(1))), "{strategy:?}");
        assert_eq!(rotation.in_use().version, 2);
        assert_eq!(rotation.after(RotationChange::PassedOver, second(2)), Err(RotationRefusal::Over));
    }
}

#[test]
fn there_is_a_way_back_until_the_old_secret_may_be_dead() {
    let table = [
        (Strategy::Overlap, vec![MoveDeployments, ProveNew, Promote, RetireOld]),
        (Strategy::ReplaceClient, vec![MoveDeployments, ProveNew, Promote, RetireOld]),
        (Strategy::Staged, vec![MoveDeployments, Promote]),
        (Strategy::CutOver, vec![]),
        (Strategy::AskSupport, vec![ProveNew, Promote, MoveDeployments, RetireOld]),
    ];
    for (strategy, ways_back) in table {
        for step in strategy.steps() {
            let rotation = before(strategy, *step);
            let back = rotation.after(RotationChange::RolledBack, second(2));
            assert_eq!(back.is_ok(), ways_back.contains(step), "{strategy:?} {step:?}");
            if let Ok(back) = back {
                assert_eq!((back.in_use().version, back.position), (1, Position::RolledBack));
            }
        }
        let ended = after_all(&before(strategy, RetireOld), vec![RotationChange::OldEnded]);
        assert_eq!(ended.after(RotationChange::RolledBack, second(2)), Err(RotationRefusal::NoWayBack));
    }
}

#[test]
fn a_secret_that_is_refused_is_not_promoted() {
    let rotation = before(Strategy::Overlap, ProveNew);
    let refused = rotation.after(RotationChange::NewProved(ProofVerdict::Refused), second(2)).unwrap();
    assert_eq!(refused.step(), Some(ProveNew));
    assert_eq!(refused.after(RotationChange::PassedOver, second(3)), Err(RotationRefusal::NewRefused));
    let unsure = rotation.after(RotationChange::NewProved(ProofVerdict::CannotTell), second(2)).unwrap();
    let passed = unsure.after(RotationChange::PassedOver, second(3)).unwrap();
    assert_eq!((passed.step(), passed.passed_over), (Some(Promote), vec![ProveNew]));
}

#[test]
fn a_probe_alone_does_not_finish_the_proof_and_a_login_of_another_run_neither() {
    let rotation = before(Strategy::Overlap, ProveNew);
    let probed = rotation.after(RotationChange::NewProved(ProofVerdict::Accepted), second(2)).unwrap();
    assert_eq!(probed.step(), Some(ProveNew));
    let logging_in = probed.after(RotationChange::LoginStarted(run()), second(3)).unwrap();
    let other = RotationChange::LoggedIn(RunId::new("another"));
    assert_eq!(logging_in.after(other, second(4)), Err(RotationRefusal::NotNow));
    assert_eq!(logging_in.after(RotationChange::LoggedIn(run()), second(4)).unwrap().step(), Some(Promote));
}

#[test]
fn a_login_before_its_turn_spares_the_step() {
    let rotation = before(Strategy::Overlap, MoveDeployments);
    let proved = after_all(&rotation, doing(ProveNew));
    assert_eq!(proved.step(), Some(MoveDeployments));
    assert_eq!(after_all(&proved, doing(MoveDeployments)).step(), Some(Promote));
}

#[test]
fn an_old_secret_that_still_works_is_not_forgotten_unless_a_person_says_so() {
    let ended = after_all(&before(Strategy::Overlap, RetireOld), vec![RotationChange::OldEnded]);
    for verdict in [ProofVerdict::Accepted, ProofVerdict::CannotTell] {
        let seen = ended.after(RotationChange::OldProvedEnded(verdict), second(2)).unwrap();
        let refusal = seen.after(RotationChange::Retired { unproved: false }, second(3));
        assert_eq!(refusal, Err(RotationRefusal::OldNotRefused));
        let over = seen.after(RotationChange::Retired { unproved: true }, second(3)).unwrap();
        assert_eq!(over.position, Position::Completed);
    }
}

#[test]
fn a_lost_answer_is_settled_by_the_old_secret_or_by_asking_again() {
    let asked = after_all(&before(Strategy::CutOver, ObtainNew), vec![obtain(), RotationChange::CutOff]);
    assert_eq!(asked.after(RotationChange::Abandoned, second(2)), Err(RotationRefusal::Pending));
    let works = asked.after(RotationChange::OldProved(ProofVerdict::Accepted), second(2)).unwrap();
    assert_eq!(works.pending, None);
    assert_eq!(works.after(RotationChange::Abandoned, second(3)).unwrap().position, Position::Abandoned);
    let dead = asked.after(RotationChange::OldProved(ProofVerdict::Refused), second(2)).unwrap();
    let again = RotationChange::Begun(PendingWork::Obtain { version: 3, client_id: None });
    let got = after_all(&dead, vec![again, RotationChange::Obtained { client_id: None, issued_as: None }]);
    assert_eq!((got.in_use().version, got.step()), (3, Some(ProveNew)));
}

#[test]
fn two_things_are_not_begun_at_once() {
    let asking = before(Strategy::Overlap, ObtainNew).after(obtain(), second(1)).unwrap();
    assert_eq!(asking.after(obtain(), second(2)), Err(RotationRefusal::Pending));
    let not_sent = asking.after(RotationChange::NotDone, second(2)).unwrap();
    assert!(not_sent.after(obtain(), second(3)).is_ok());
}

#[test]
fn a_further_try_that_was_not_done_leaves_open_what_became_of_the_one_that_was_cut_off() {
    let work = [
        (Strategy::Staged, Promote, PendingWork::ChangeOver),
        (Strategy::Overlap, RetireOld, PendingWork::EndOld),
        (Strategy::CutOver, ObtainNew, PendingWork::Obtain { version: 2, client_id: None }),
    ];
    for (strategy, step, what) in work {
        let begun = RotationChange::Begun(what.clone());
        let cut_off = after_all(&before(strategy, step), vec![begun.clone(), RotationChange::CutOff]);
        let tried = after_all(&cut_off, vec![begun.clone(), RotationChange::NotDone, begun, RotationChange::NotDone]);
        assert!(tried.pending.as_ref().is_some_and(|pending| pending.what == what && pending.is_cut_off), "{tried:?}");
        assert!(!tried.can_roll_back() && !tried.can_abandon(), "{tried:?}");
        let settled = after_all(&tried, vec![RotationChange::NothingDone]);
        assert!(settled.can_roll_back() || settled.can_abandon(), "{settled:?}");
    }
}

#[test]
fn a_replaced_client_brings_its_own_id_and_the_old_one_stays_known() {
    let asking = before(Strategy::ReplaceClient, ObtainNew).after(obtain(), second(1)).unwrap();
    let got =
        asking.after(RotationChange::Obtained { client_id: Some(id("two")), issued_as: None }, second(2)).unwrap();
    assert_eq!((got.in_use().client_id.clone(), got.new.clone().unwrap().client_id), (id("one"), id("two")));
    let over =
        [MoveDeployments, ProveNew, Promote, RetireOld].into_iter().fold(got, |got, step| after_all(&got, doing(step)));
    assert_eq!((over.in_use().client_id.clone(), over.old.client_id), (id("two"), id("one")));
}

#[test]
fn where_the_provider_refuses_both_that_is_said_and_there_is_a_way_back_until_one_is_seen_to_work() {
    let begun = RotationChange::Begun(PendingWork::ChangeOver);
    let kept = Kept { old: Keeping::Keyring, new: Keeping::Keyring };
    let changing = before(Strategy::Staged, Promote).after(begun.clone(), second(1)).unwrap();
    let refused = changing.after(RotationChange::BothRefused, second(2)).unwrap();
    assert!(refused.are_both_refused() && refused.can_roll_back());
    let said = if_stopped_now(&refused, kept);
    assert!(said.starts_with("The provider refuses v1 and v2: logins fail until that is put right."), "{said}");
    for seen in [RotationChange::NewProved(ProofVerdict::Accepted), RotationChange::OldProved(ProofVerdict::Accepted)] {
        let works = refused.after(seen, second(3)).unwrap();
        assert!(!works.are_both_refused() && !works.can_roll_back(), "the old one may be dead: {works:?}");
    }
    assert!(!refused.after(begun, second(3)).unwrap().can_roll_back(), "another try may change over");
    let back = refused.after(RotationChange::RolledBack, second(3)).unwrap();
    assert_eq!((back.position, back.in_use().version), (Position::RolledBack, 1));
    let overlap = before(Strategy::Overlap, Promote).after(RotationChange::BothRefused, second(1));
    assert_eq!(overlap, Err(RotationRefusal::NotNow), "there nothing changes over");
}

#[test]
fn a_further_try_that_was_not_done_leaves_the_way_back_from_two_refused_secrets() {
    let begun = RotationChange::Begun(PendingWork::ChangeOver);
    let refused = after_all(&before(Strategy::Staged, Promote), vec![begun.clone(), RotationChange::BothRefused]);
    let kept = Kept { old: Keeping::Keyring, new: Keeping::Keyring };
    let restarted = refused.after_stop(kept, second(3));
    assert!(restarted.are_both_refused() && restarted.can_roll_back(), "nothing was tried meanwhile");

    let trying = restarted.after(begun, second(4)).unwrap();
    assert!(!trying.are_both_refused() && !trying.can_roll_back(), "this try may change over");
    let not_done = trying.after(RotationChange::NotDone, second(5)).unwrap();
    assert!(not_done.are_both_refused() && not_done.can_roll_back(), "{not_done:?}");
    let cut_off = trying.after(RotationChange::CutOff, second(5)).unwrap();
    assert!(!cut_off.are_both_refused() && !cut_off.can_roll_back(), "nobody knows what it did: {cut_off:?}");
    let seen = after_all(&trying, vec![RotationChange::NewProved(ProofVerdict::Accepted), RotationChange::NotDone]);
    assert!(!seen.are_both_refused() && !seen.can_roll_back(), "one of them works: {seen:?}");
}

#[test]
fn what_the_provider_calls_the_new_secret_is_known_as_long_as_that_one_is_the_new_one() {
    let asking = before(Strategy::Staged, ObtainNew).after(obtain(), second(1)).unwrap();
    let named = RotationChange::Obtained { client_id: None, issued_as: Some("s2".to_owned()) };
    let got = asking.after(named, second(2)).unwrap();
    assert_eq!(got.issued_as.as_deref(), Some("s2"));
    assert_eq!(got.after(RotationChange::NewGivenUp, second(3)).unwrap().issued_as, None);
    let nameless = after_all(&got, vec![RotationChange::NewGivenUp, obtain()]);
    let nameless = nameless.after(RotationChange::Obtained { client_id: None, issued_as: None }, second(4)).unwrap();
    assert_eq!(nameless.issued_as, None);
}

#[test]
fn a_wrong_secret_can_be_given_up_for_another() {
    for strategy in Strategy::ALL {
        let step = strategy.steps()[2];
        let refused = after_all(&before(strategy, step), vec![RotationChange::NewProved(ProofVerdict::Refused)]);
        let dropped = refused.after(RotationChange::NewGivenUp, second(2)).unwrap();
        assert_eq!((dropped.step(), dropped.in_use().version), (Some(ObtainNew), 1), "{strategy:?}");
        let again = RotationChange::Begun(PendingWork::Obtain { version: 3, client_id: None });
        let got = after_all(&dropped, vec![again, RotationChange::Obtained { client_id: None, issued_as: None }]);
        assert_eq!((got.step(), got.new.unwrap().version), (Some(step), 3), "{strategy:?}");
    }
}

#[test]
fn a_new_secret_that_may_be_the_only_one_that_works_is_not_given_up_but_can_be_lost() {
    for strategy in Strategy::ALL {
        let stored = before(strategy, strategy.steps()[2]);
        let proved = after_all(&stored, doing(ProveNew).into_iter().take(1).collect());
        let promoted = before(strategy, RetireOld);
        let ended = after_all(&promoted, doing(RetireOld).into_iter().take(2).collect());
        for needed in [proved, promoted, ended] {
            let refused = needed.after(RotationChange::NewGivenUp, second(2));
            assert_eq!(refused, Err(RotationRefusal::NewNeeded), "{strategy:?}");
            assert!(needed.after(RotationChange::NewDropped, second(2)).is_ok(), "{strategy:?}");
        }
        let nobody_relies_on_it = strategy != Strategy::CutOver;
        assert_eq!(stored.can_give_new_up(), nobody_relies_on_it, "{strategy:?}");
    }
}

#[test]
fn an_old_secret_whose_end_was_begun_is_not_relied_on_when_the_new_one_is_lost() {
    let begun =
        before(Strategy::Overlap, RetireOld).after(RotationChange::Begun(PendingWork::EndOld), second(1)).unwrap();
    let lost = begun.after_stop(Kept { old: Keeping::Keyring, new: Keeping::Nowhere }, second(2));
    assert_eq!((lost.step(), lost.old_is_ended), (Some(ObtainNew), true));
    assert!(!lost.can_abandon());
}
