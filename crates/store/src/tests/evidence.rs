//! Looks at the pages of a run: kept, deleted alone, too old, and gone with their run.

use std::collections::HashSet;

use gatewright_model::evidence::{Evidence, Missing, Moment, Picture};

use super::Fixture;
use crate::copy::CopiedPictures;
use crate::evidence::{self, EvidenceRow, Stock};
use crate::{Options, Store, StoreError, run, seed};

const LOGIN: &str = "https://id.example.org/login";

fn picture(letter: char) -> Picture {
    Picture { sha256: letter.to_string().repeat(64), bytes: 1000, width: 520, height: 700 }
}

fn look(page: u32, moment: Moment, minute: u32, picture: Result<Picture, Missing>) -> Evidence {
    Evidence { page, address: LOGIN.to_owned(), moment, at: seed::minute(minute), picture }
}

/// A database with one run.
fn fixture() -> Fixture {
    let fixture = Fixture::new();
    fixture.store.write_blocking(|tx| seed::write_run(tx, &seed::run(1, 1))).unwrap();
    fixture
}

fn put(fixture: &Fixture, evidence: &Evidence) -> i64 {
    fixture.store.write_blocking(|tx| evidence::put(tx, &seed::run_id(1), evidence)).unwrap()
}

fn list(fixture: &Fixture) -> Vec<EvidenceRow> {
    fixture.store.read_blocking(|db| evidence::list(db, &seed::run_id(1))).unwrap()
}

fn pictures(fixture: &Fixture) -> Vec<Result<Picture, Missing>> {
    list(fixture).into_iter().map(|row| row.evidence.picture).collect()
}

#[test]
fn looks_come_in_the_order_of_the_pages_and_of_the_moments() {
    let fixture = fixture();
    let decided = look(0, Moment::Decided, 2, Ok(picture('b')));
    let second = look(1, Moment::PageLoaded, 3, Err(Missing::LeftBefore));
    let loaded = look(0, Moment::PageLoaded, 1, Ok(picture('a')));
    let time_ran_out = look(1, Moment::TimeRanOut, 9, Ok(picture('d')));
    let pressed = look(1, Moment::Decided, 4, Ok(picture('c')));
    for evidence in [&second, &time_ran_out, &decided, &loaded, &pressed] {
        put(&fixture, evidence);
    }
    let fixture = fixture.reopened();
    let kept: Vec<Evidence> = list(&fixture).into_iter().map(|row| row.evidence).collect();
    assert_eq!(kept, [loaded, decided, second, pressed, time_ran_out]);
    let (next, bytes) = fixture
        .store
        .read_blocking(|db| Ok((evidence::next_page(db, &seed::run_id(1))?, evidence::bytes_of(db, &seed::run_id(1))?)))
        .unwrap();
    assert_eq!((next, bytes), (2, 4000));
}

#[test]
fn a_deleted_picture_comes_back_until_it_is_purged() {
    let fixture = fixture();
    let id = put(&fixture, &look(0, Moment::PageLoaded, 1, Ok(picture('a'))));
    let delete = |minute| fixture.store.write_durably_blocking(|tx| evidence::delete(tx, id, seed::minute(minute)));
    let restore = || fixture.store.write_durably_blocking(|tx| evidence::restore(tx, id));
    let purge = |minute| {
        fixture.store.write_durably_blocking(|tx| evidence::purge_deleted_before(tx, seed::minute(minute))).unwrap()
    };
    delete(5).unwrap();
    assert_eq!(pictures(&fixture), [Err(Missing::Deleted)]);
    assert!(matches!(fixture.store.read_blocking(|db| evidence::picture(db, id)), Err(StoreError::NoSuchPicture(_))));
    assert!(matches!(delete(6), Err(StoreError::NoSuchPicture(_))), "it is deleted already");
    let named = fixture.store.read_blocking(evidence::named).unwrap();
    assert_eq!(named.len(), 1, "its file is kept for as long as it can come back");
    restore().unwrap();
    assert_eq!(pictures(&fixture), [Ok(picture('a'))]);

    delete(7).unwrap();
    assert_eq!(purge(6), 0);
    assert_eq!(purge(7), 1);
    assert_eq!(pictures(&fixture), [Err(Missing::Deleted)]);
    assert!(matches!(restore(), Err(StoreError::NoSuchPicture(_))));
    assert!(fixture.store.read_blocking(evidence::named).unwrap().is_empty());
}

#[test]
fn what_is_too_old_goes_and_leaves_word() {
    let fixture = fixture();
    put(&fixture, &look(0, Moment::PageLoaded, 1, Ok(picture('a'))));
    put(&fixture, &look(0, Moment::Decided, 2, Ok(picture('a'))));
    put(&fixture, &look(1, Moment::PageLoaded, 3, Err(Missing::TooLarge)));
    put(&fixture, &look(1, Moment::Decided, 4, Ok(picture('b'))));
    let stock = |minute| fixture.store.read_blocking(|db| evidence::stock(db, seed::minute(minute))).unwrap();
    let all = Stock { pictures: 3, bytes: 2000, older: 0, oldest_other: Some(seed::minute(1)) };
    assert_eq!(stock(1), all, "equal pictures are one file");
    assert_eq!(stock(2), Stock { older: 1, oldest_other: Some(seed::minute(2)), ..all.clone() });
    assert_eq!(stock(9), Stock { older: 3, oldest_other: None, ..all });

    let expired = fixture.store.write_durably_blocking(|tx| evidence::expire_before(tx, seed::minute(4))).unwrap();
    assert_eq!(expired, 2);
    let old = Err(Missing::Expired);
    assert_eq!(pictures(&fixture), [old.clone(), old, Err(Missing::TooLarge), Ok(picture('b'))]);
}

#[test]
fn a_purged_run_takes_its_pictures_along() {
    let fixture = fixture();
    put(&fixture, &look(0, Moment::PageLoaded, 1, Ok(picture('a'))));
    let named = || fixture.store.read_blocking(evidence::named).unwrap().len();
    fixture.store.write_durably_blocking(|tx| run::delete(tx, &seed::run_id(1), seed::minute(5))).unwrap();
    let listed = fixture.store.read_blocking(|db| evidence::list(db, &seed::run_id(1)));
    assert!(matches!(listed, Err(StoreError::NoSuchRun(_))));
    assert_eq!(named(), 1, "the deletion can be taken back");
    fixture.store.write_durably_blocking(|tx| run::purge_deleted_before(tx, seed::minute(5))).unwrap();
    assert_eq!(named(), 0);
}

#[test]
fn a_copy_for_a_backup_knows_of_the_pages_and_that_their_pictures_are_elsewhere() {
    let fixture = fixture();
    put(&fixture, &look(0, Moment::PageLoaded, 1, Ok(picture('a'))));
    let target = fixture.folder.path().join("copy.sqlite");
    let files = fixture.store.copy_without_tokens_blocking(&target, CopiedPictures::LeftOut).unwrap();
    assert!(files.is_empty());
    let store = Store::open(&target, &Options::default()).unwrap();
    let copied = store.read_blocking(|db| evidence::list(db, &seed::run_id(1))).unwrap();
    assert_eq!(copied[0].evidence, look(0, Moment::PageLoaded, 1, Err(Missing::NotInBackup)));
    assert_eq!(pictures(&fixture), [Ok(picture('a'))], "the original is as it was");
}

#[test]
fn a_copy_for_a_backup_with_pictures_names_their_files_the_last_one_first_and_none_that_is_deleted() {
    let fixture = fixture();
    put(&fixture, &look(0, Moment::PageLoaded, 1, Ok(picture('a'))));
    put(&fixture, &look(1, Moment::PageLoaded, 2, Ok(picture('b'))));
    put(&fixture, &look(2, Moment::PageLoaded, 3, Ok(picture('a'))));
    let deleted = put(&fixture, &look(3, Moment::PageLoaded, 4, Ok(picture('c'))));
    fixture.store.write_durably_blocking(|tx| evidence::delete(tx, deleted, seed::minute(5))).unwrap();
    let target = fixture.folder.path().join("copy.sqlite");
    let files = fixture.store.copy_without_tokens_blocking(&target, CopiedPictures::Named).unwrap();
    let names: Vec<_> = files.into_iter().map(|file| file.sha256).collect();
    assert_eq!(names, [picture('a').sha256, picture('b').sha256]);

    let store = Store::open(&target, &Options::default()).unwrap();
    let there = HashSet::from([picture('a').sha256]);
    store.write_durably_blocking(|tx| evidence::keep_only(tx, &there)).unwrap();
    let copied = store.read_blocking(|db| evidence::list(db, &seed::run_id(1))).unwrap();
    let pictures: Vec<_> = copied.into_iter().map(|row| row.evidence.picture).collect();
    let expected = [Ok(picture('a')), Err(Missing::NotInBackup), Ok(picture('a')), Err(Missing::Deleted)];
    assert_eq!(pictures, expected);
}
