//! Refreshing, step by step, with Gatewright ending between any two: a refresh token is never sent twice without a person's word, and
//! whatever was shown is there afterwards.

use gatewright_model::grant::{Abandonment, Consent, TokenVersionState};
use gatewright_model::{AttemptId, GrantState, RotationIntent};
use jiff::{SignedDuration, Timestamp};

use super::grant::{found, with_login};
use super::{Fixture, bytes};
use crate::rotation::{self, Rotated, RotationRefusal};
use crate::{StoreError, grant, grant_lease, rotation_intent, run, sealed_token, seed, token_version, versioned_token};

const BOTH: [&str; 2] = ["access_token", "refresh_token"];

fn fixture() -> Fixture {
    let fixture = Fixture::new();
    assert!(with_login(&fixture, 1, &BOTH));
    fixture
}

fn intent(attempt: &str, version: u32, at: Timestamp) -> RotationIntent {
    RotationIntent {
        grant: seed::grant_id(1),
        version,
        fingerprint: format!("fingerprint of version {version}"),
        attempt: AttemptId::new(attempt),
        instance: "start-1".to_owned(),
        started_at: at,
    }
}

/// The request may take a minute.
fn begin(fixture: &Fixture, intent: &RotationIntent, consent: Consent) -> Result<(), StoreError> {
    let until = intent.started_at + SignedDuration::from_mins(1);
    fixture.store.write_durably_blocking(|tx| rotation::begin(tx, intent, until, consent))
}

fn rotated(attempt: &str, number: u32, at: Timestamp) -> Rotated {
    Rotated {
        grant: seed::grant_id(1),
        attempt: AttemptId::new(attempt),
        tokens: BOTH.iter().map(|name| seed::sealed_token(name, number)).collect(),
        access_expires_at: Some(at + SignedDuration::from_mins(5)),
        refresh_expires_at: None,
        at,
    }
}

fn commit(fixture: &Fixture, rotated: &Rotated) -> Result<u32, StoreError> {
    fixture.store.write_durably_blocking(|tx| rotation::commit(tx, rotated))
}

fn abandon(fixture: &Fixture, attempt: &str, how: Abandonment) -> Result<(), StoreError> {
    let attempt = AttemptId::new(attempt);
    fixture.store.write_durably_blocking(|tx| rotation::abandon(tx, &seed::grant_id(1), &attempt, how))
}

fn state(fixture: &Fixture) -> GrantState {
    found(fixture, 1).unwrap().state
}

fn current(fixture: &Fixture) -> Vec<u8> {
    let kept = fixture.store.read_blocking(|db| versioned_token::current(db, &seed::grant_id(1), "refresh_token"));
    kept.unwrap().unwrap().token.sealed
}

fn unsettled(fixture: &Fixture) -> Option<RotationIntent> {
    fixture.store.read_blocking(|db| rotation_intent::find(db, &seed::grant_id(1))).unwrap()
}

fn refusal<T>(result: Result<T, StoreError>) -> RotationRefusal {
    match result {
        Err(StoreError::Rotation(refusal)) => refusal,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was allowed"),
    }
}

#[test]
fn a_refresh_leaves_the_new_tokens_and_for_a_while_the_old_ones() {
    let fixture = fixture();
    begin(&fixture, &intent("a", 1, seed::minute(2)), Consent::NotAsked).unwrap();
    assert_eq!(unsettled(&fixture), Some(intent("a", 1, seed::minute(2))));
    assert_eq!(commit(&fixture, &rotated("a", 20, seed::minute(3))).unwrap(), 2);

    let fixture = fixture.reopened();
    assert_eq!(fixture.store.opening().ambiguous_grants, []);
    let grant = found(&fixture, 1).unwrap();
    assert_eq!((grant.state, grant.version, grant.refreshed_at), (GrantState::Live, 2, Some(seed::minute(3))));
    assert_eq!((grant.access_expires_at, grant.refresh_expires_at), (Some(seed::minute(8)), None));
    assert_eq!(current(&fixture), seed::sealed_token("refresh_token", 20).sealed);
    assert_eq!(unsettled(&fixture), None);
    assert_eq!(fixture.store.read_blocking(|db| grant_lease::find(db, &seed::grant_id(1))).unwrap(), None);
    let versions = fixture.store.read_blocking(|db| token_version::list(db, &seed::grant_id(1))).unwrap();
    let states: Vec<_> = versions.iter().map(|version| (version.version, version.state)).collect();
    assert_eq!(states, [(2, TokenVersionState::Current), (1, TokenVersionState::Superseded)]);
    let old = fixture.store.read_blocking(|db| sealed_token::find(db, &seed::run_id(1), "refresh_token")).unwrap();
    assert!(old.is_some(), "the old refresh token is kept for now");
}

/// Wherever between steps 1 and 4 Gatewright ends, the rows are the same: an intent and the old tokens.
#[test]
fn a_refresh_that_was_cut_off_is_ambiguous_and_is_not_tried_again_unasked() {
    let fixture = fixture();
    begin(&fixture, &intent("a", 1, seed::minute(2)), Consent::NotAsked).unwrap();

    let fixture = fixture.reopened();
    assert_eq!(fixture.store.opening().ambiguous_grants, [seed::grant_id(1)]);
    assert_eq!(state(&fixture), GrantState::Ambiguous);
    let waiting = fixture.store.read_blocking(grant::list_ambiguous).unwrap();
    assert_eq!(waiting.iter().map(|grant| &grant.id).collect::<Vec<_>>(), [&seed::grant_id(1)]);
    assert_eq!(current(&fixture), seed::sealed_token("refresh_token", 1).sealed);
    let again = begin(&fixture, &intent("b", 1, seed::minute(3)), Consent::NotAsked);
    assert_eq!(refusal(again), RotationRefusal::Ambiguous);
    assert_eq!(unsettled(&fixture), Some(intent("a", 1, seed::minute(2))), "a refusal writes nothing");

    let fixture = fixture.reopened();
    assert_eq!((fixture.store.opening().ambiguous_grants.len(), state(&fixture)), (0, GrantState::Ambiguous));
}

#[test]
fn a_refresh_that_was_cut_off_before_its_intent_was_on_the_disk_never_happened() {
    let fixture = fixture();
    let cut_off = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        fixture.store.write_durably_blocking(|tx| -> Result<(), StoreError> {
            rotation::begin(tx, &intent("a", 1, seed::minute(2)), seed::minute(3), Consent::NotAsked)?;
            panic!("on purpose")
        })
    }));
    assert!(cut_off.is_err());
    let fixture = fixture.reopened();
    assert_eq!((state(&fixture), unsettled(&fixture)), (GrantState::Live, None));
    begin(&fixture, &intent("b", 1, seed::minute(2)), Consent::NotAsked).unwrap();
}

#[test]
fn new_tokens_are_kept_whole_or_not_at_all() {
    let fixture = fixture();
    begin(&fixture, &intent("a", 1, seed::minute(2)), Consent::NotAsked).unwrap();
    let cut_off = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        fixture.store.write_durably_blocking(|tx| -> Result<(), StoreError> {
            rotation::commit(tx, &rotated("a", 20, seed::minute(3)))?;
            panic!("on purpose")
        })
    }));
    assert!(cut_off.is_err());
    assert_eq!(current(&fixture), seed::sealed_token("refresh_token", 1).sealed);
    let versions = fixture.store.read_blocking(|db| token_version::list(db, &seed::grant_id(1))).unwrap();
    assert_eq!(versions.len(), 1);
    // Still in memory, they can be kept after all.
    assert_eq!(commit(&fixture, &rotated("a", 20, seed::minute(4))).unwrap(), 2);
    assert_eq!(
        (state(&fixture), current(&fixture)),
        (GrantState::Live, seed::sealed_token("refresh_token", 20).sealed)
    );
}

#[test]
fn tokens_that_do_not_fit_on_the_disk_can_be_kept_when_there_is_room_again() {
    let fixture = fixture();
    begin(&fixture, &intent("a", 1, seed::minute(2)), Consent::NotAsked).unwrap();
    let allow_pages = |more: u32| {
        let limit = |tx: &crate::Transaction<'_>| {
            let pages: u32 = tx.pragma_query_value(None, "page_count", |row| row.get(0))?;
            Ok(tx.pragma_update_and_check(None, "max_page_count", pages + more, |_| Ok(()))?)
        };
        fixture.store.write_blocking(limit).unwrap();
    };
    let mut brought = rotated("a", 20, seed::minute(3));
    brought.tokens[0].sealed = vec![7; 100_000];
    allow_pages(0);
    assert!(matches!(commit(&fixture, &brought), Err(StoreError::DiskFull(_))));
    assert_eq!(current(&fixture), seed::sealed_token("refresh_token", 1).sealed);
    assert_eq!(unsettled(&fixture), Some(intent("a", 1, seed::minute(2))));
    allow_pages(1_000);
    assert_eq!(commit(&fixture, &brought).unwrap(), 2);
    assert_eq!(current(&fixture), seed::sealed_token("refresh_token", 20).sealed);
}

#[test]
fn a_person_may_try_an_ambiguous_refresh_token_once_more() {
    let cut_off = || {
        let fixture = fixture();
        begin(&fixture, &intent("a", 1, seed::minute(2)), Consent::NotAsked).unwrap();
        let fixture = fixture.reopened();
        begin(&fixture, &intent("b", 1, seed::minute(9)), Consent::Given).unwrap();
        fixture
    };
    let good = cut_off();
    assert_eq!(refusal(commit(&good, &rotated("a", 20, seed::minute(10)))), RotationRefusal::NotBegun);
    commit(&good, &rotated("b", 20, seed::minute(10))).unwrap();
    assert_eq!((state(&good), unsettled(&good)), (GrantState::Live, None));

    let refused = cut_off();
    abandon(&refused, "b", Abandonment::TokenRefused).unwrap();
    assert_eq!((state(&refused), unsettled(&refused)), (GrantState::Lost, None));

    let never_left = cut_off();
    abandon(&never_left, "b", Abandonment::TokenUntouched).unwrap();
    assert_eq!(state(&never_left), GrantState::Ambiguous, "the first attempt is as unsettled as before");
    let unasked = begin(&never_left, &intent("c", 1, seed::minute(11)), Consent::NotAsked);
    assert_eq!(refusal(unasked), RotationRefusal::Ambiguous);

    let silent = cut_off();
    abandon(&silent, "b", Abandonment::OutcomeUnknown).unwrap();
    assert_eq!(state(&silent), GrantState::Ambiguous);
    assert_eq!(unsettled(&silent).unwrap().attempt, AttemptId::new("b"));
}

#[test]
fn a_refresh_without_tokens_ends_as_its_answer_says() {
    let after = |how| {
        let fixture = fixture();
        begin(&fixture, &intent("a", 1, seed::minute(2)), Consent::NotAsked).unwrap();
        abandon(&fixture, "a", how).unwrap();
        let again = begin(&fixture, &intent("b", 1, seed::minute(2)), Consent::NotAsked);
        (state(&fixture), again.is_ok())
    };
    assert_eq!(after(Abandonment::TokenRefused), (GrantState::Lost, false));
    assert_eq!(after(Abandonment::OutcomeUnknown), (GrantState::Ambiguous, false));
    assert_eq!(after(Abandonment::TokenUntouched), (GrantState::Live, true));

    let fixture = fixture();
    assert_eq!(refusal(abandon(&fixture, "a", Abandonment::TokenRefused)), RotationRefusal::NotBegun);
    assert_eq!(state(&fixture), GrantState::Live);
}

#[test]
fn the_second_of_two_waits_and_then_finds_newer_tokens() {
    let fixture = fixture();
    begin(&fixture, &intent("a", 1, seed::minute(2)), Consent::NotAsked).unwrap();
    let second = intent("b", 1, seed::minute(2));
    let until = seed::minute(3);
    assert_eq!(refusal(begin(&fixture, &second, Consent::NotAsked)), RotationRefusal::Leased { until });
    assert_eq!(refusal(begin(&fixture, &second, Consent::Given)), RotationRefusal::Leased { until });
    assert_eq!(refusal(commit(&fixture, &rotated("b", 30, seed::minute(2)))), RotationRefusal::NotBegun);
    commit(&fixture, &rotated("a", 20, seed::minute(2))).unwrap();
    assert_eq!(refusal(begin(&fixture, &second, Consent::NotAsked)), RotationRefusal::Superseded { current: 2 });
    begin(&fixture, &intent("b", 2, seed::minute(3)), Consent::NotAsked).unwrap();
}

#[test]
fn the_second_of_two_writers_loses_and_changes_nothing() {
    let fixture = fixture();
    begin(&fixture, &intent("a", 1, seed::minute(2)), Consent::NotAsked).unwrap();
    // Somebody moved the version on without us; nothing of Gatewright's does that.
    fixture.store.write_blocking(|tx| Ok(tx.execute("UPDATE token_grant SET version = 2", [])?)).unwrap();
    let late = commit(&fixture, &rotated("a", 20, seed::minute(3)));
    assert_eq!(refusal(late), RotationRefusal::Superseded { current: 2 });
    let versions = fixture.store.read_blocking(|db| token_version::list(db, &seed::grant_id(1))).unwrap();
    assert_eq!(versions.len(), 1);
    assert_eq!(refusal(commit(&fixture, &rotated("z", 20, seed::minute(3)))), RotationRefusal::NotBegun);
}

#[test]
fn of_many_that_begin_at_once_one_may_send() {
    let fixture = fixture();
    let began: Vec<bool> = std::thread::scope(|scope| {
        let tasks: Vec<_> = (0..8)
            .map(|number| {
                let fixture = &fixture;
                scope.spawn(move || {
                    begin(fixture, &intent(&format!("attempt {number}"), 1, seed::minute(2)), Consent::NotAsked).is_ok()
                })
            })
            .collect();
        tasks.into_iter().map(|task| task.join().unwrap()).collect()
    });
    assert_eq!(began.into_iter().filter(|began| *began).count(), 1);
}

#[test]
fn a_task_that_is_gone_leaves_an_ambiguous_grant_when_its_lease_runs_out() {
    let fixture = fixture();
    begin(&fixture, &intent("a", 1, seed::minute(2)), Consent::NotAsked).unwrap();
    let interrupt =
        |at| fixture.store.write_durably_blocking(|tx| rotation::interrupt_expired(tx, seed::minute(at))).unwrap();
    assert_eq!(interrupt(2), []);
    let unasked = begin(&fixture, &intent("b", 1, seed::minute(3)), Consent::NotAsked);
    assert_eq!(refusal(unasked), RotationRefusal::Ambiguous, "also before anybody has marked it");
    assert_eq!(interrupt(3), [seed::grant_id(1)]);
    assert_eq!((interrupt(4), state(&fixture)), (vec![], GrantState::Ambiguous));
}

#[test]
fn what_a_refresh_brings_is_kept_though_the_grant_was_ended_meanwhile() {
    let fixture = fixture();
    begin(&fixture, &intent("a", 1, seed::minute(2)), Consent::NotAsked).unwrap();
    fixture.store.write_durably_blocking(|tx| grant::end(tx, &seed::grant_id(1))).unwrap();
    commit(&fixture, &rotated("a", 20, seed::minute(3))).unwrap();
    assert_eq!(
        (state(&fixture), current(&fixture)),
        (GrantState::Ended, seed::sealed_token("refresh_token", 20).sealed)
    );
    let again = begin(&fixture, &intent("b", 2, seed::minute(4)), Consent::Given);
    assert_eq!(refusal(again), RotationRefusal::NotLive(GrantState::Ended));
}

#[test]
fn an_ended_grant_is_not_ambiguous_any_more() {
    let fixture = fixture();
    begin(&fixture, &intent("a", 1, seed::minute(2)), Consent::NotAsked).unwrap();
    let fixture = fixture.reopened();
    fixture.store.write_durably_blocking(|tx| grant::end(tx, &seed::grant_id(1))).unwrap();
    assert_eq!((state(&fixture), unsettled(&fixture)), (GrantState::Ended, None));
}

#[test]
fn a_run_is_not_removed_while_its_tokens_are_on_their_way() {
    let fixture = fixture();
    begin(&fixture, &intent("a", 1, seed::minute(2)), Consent::NotAsked).unwrap();
    let purge = || {
        fixture
            .store
            .write_durably_blocking(|tx| {
                run::delete(tx, &seed::run_id(1), seed::minute(2)).or_else(|error| match error {
                    StoreError::NoSuchRun(_) => Ok(()),
                    other => Err(other),
                })?;
                run::purge_deleted_before(tx, seed::minute(9))
            })
            .unwrap()
    };
    assert_eq!(purge(), 0);
    commit(&fixture, &rotated("a", 20, seed::minute(3))).expect("there is somewhere to put them");
    assert_eq!(purge(), 1);
}

#[test]
fn superseded_tokens_go_after_a_day_and_leave_no_trace() {
    let fixture = fixture();
    begin(&fixture, &intent("a", 1, seed::minute(2)), Consent::NotAsked).unwrap();
    commit(&fixture, &rotated("a", 20, seed::minute(3))).unwrap();
    let sweep = |now: Timestamp| {
        let until = now - token_version::SUPERSEDED_KEPT;
        fixture.store.write_durably_blocking(|tx| token_version::sweep(tx, until)).unwrap()
    };
    let day = SignedDuration::from_hours(24);
    assert_eq!(sweep(seed::minute(2) + day), 0);
    assert_eq!(sweep(seed::minute(3) + day), 1);
    let find = |name: &str| fixture.store.read_blocking(|db| sealed_token::find(db, &seed::run_id(1), name)).unwrap();
    assert!(find("refresh_token").is_none());
    assert!(find("access_token").is_some(), "what the run was given stays with it");
    assert_eq!(current(&fixture), seed::sealed_token("refresh_token", 20).sealed);
    let fixture = fixture.reopened();
    assert!(!holds(&fixture, "sealed refresh_token 1") && holds(&fixture, "sealed refresh_token 20"));
}

#[test]
fn a_refresh_token_that_proved_good_takes_the_ones_before_it_away() {
    let fixture = fixture();
    for version in 1..=3 {
        let at = seed::minute(version + 1);
        begin(&fixture, &intent("a", version, at), Consent::NotAsked).unwrap();
        commit(&fixture, &rotated("a", 20 + version, at)).unwrap();
    }
    let versions = fixture.store.read_blocking(|db| token_version::list(db, &seed::grant_id(1))).unwrap();
    assert_eq!(versions.iter().map(|version| version.version).collect::<Vec<_>>(), [4, 3]);
    let fixture = fixture.reopened();
    for (number, is_kept) in [(1, false), (21, false), (22, true), (23, true)] {
        assert_eq!(holds(&fixture, &format!("sealed refresh_token {number}")), is_kept, "{number}");
    }
}

/// Whether a text is anywhere in the database's file; the log is empty after a restart.
fn holds(fixture: &Fixture, text: &str) -> bool {
    let content = bytes(&fixture.path()).0;
    // The texts end where the next value begins, and "1" begins "10": no digit may follow.
    content
        .windows(text.len() + 1)
        .any(|window| window.starts_with(text.as_bytes()) && !window[text.len()].is_ascii_digit())
}
