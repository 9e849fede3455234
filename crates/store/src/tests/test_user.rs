//! Test users: kept for one server, told apart by name, and outlived by their runs.

use gatewright_model::test_user::{BrowserStorage, ExpectedIdentity, PersonaColour};
use gatewright_model::{Environment, ProviderId, Run, TestUser, TestUserId};

use super::Fixture;
use crate::{StoreError, provider, run, seed, test_user};

fn with(users: &[TestUser]) -> Fixture {
    let fixture = Fixture::new();
    fixture.store.write_durably_blocking(|tx| users.iter().try_for_each(|user| test_user::insert(tx, user))).unwrap();
    fixture
}

fn names(fixture: &Fixture, provider: &str, environment: Environment) -> Vec<String> {
    let provider = ProviderId::new(provider);
    let users = fixture.store.read_blocking(|db| test_user::of_server(db, &provider, environment)).unwrap();
    users.into_iter().map(|user| user.name).collect()
}

fn found(fixture: &Fixture, id: &TestUserId) -> TestUser {
    fixture.store.read_blocking(|db| test_user::find(db, id)).unwrap()
}

#[test]
fn a_test_user_comes_back_as_it_was_after_a_restart() {
    let users = [
        seed::test_user(1),
        TestUser { expected: ExpectedIdentity::LearnAtFirstLogin, ..seed::test_user(2) },
        TestUser {
            expected: ExpectedIdentity::Anyone,
            storage: BrowserStorage::ThrownAway,
            notes: "VIP\nover 18".to_owned(),
            ..seed::test_user(3)
        },
    ];
    let fixture = with(&users).reopened();
    for user in &users {
        assert_eq!(found(&fixture, &user.id), *user);
    }
    assert_eq!(fixture.store.read_blocking(test_user::list).unwrap(), users);
}

#[test]
fn a_server_lists_its_own_test_users_by_name() {
    let chaster = |name: &str, number| TestUser { name: name.to_owned(), ..seed::test_user(number) };
    let fixture = with(&[
        chaster("tester B", 1),
        chaster("Tester A", 2),
        TestUser { environment: Environment::Production, ..seed::test_user(3) },
        TestUser { provider: ProviderId::new("gitter"), ..seed::test_user(4) },
    ]);
    assert_eq!(names(&fixture, "chaster", Environment::Sandbox), ["Tester A", "tester B"]);
    assert_eq!(names(&fixture, "chaster", Environment::Production), ["Tester 3"]);
    assert_eq!(names(&fixture, "gitter", Environment::Sandbox), ["Tester 4"]);
}

#[test]
fn two_test_users_of_one_server_have_different_names_whatever_the_case() {
    let first = seed::test_user(1);
    let fixture = with(std::slice::from_ref(&first));
    let namesake = TestUser { name: "TESTER 1".to_owned(), ..seed::test_user(2) };
    let taken = fixture.store.write_blocking(|tx| test_user::insert(tx, &namesake));
    assert!(matches!(taken, Err(StoreError::TestUserNameTaken(name)) if name == "TESTER 1"));
    let elsewhere = TestUser { environment: Environment::Production, ..namesake.clone() };
    fixture.store.write_blocking(|tx| test_user::insert(tx, &elsewhere)).unwrap();

    let other = seed::test_user(3);
    fixture.store.write_blocking(|tx| test_user::insert(tx, &other)).unwrap();
    let renamed = TestUser { name: first.name.clone(), ..other };
    let taken = fixture.store.write_blocking(|tx| test_user::change(tx, &renamed));
    assert!(matches!(taken, Err(StoreError::TestUserNameTaken(_))));
}

#[test]
fn a_change_changes_everything_but_the_server() {
    let fixture = with(&[seed::test_user(1)]);
    let changed = TestUser {
        name: "Somebody else".to_owned(),
        colour: PersonaColour::Grey,
        expected: ExpectedIdentity::Anyone,
        storage: BrowserStorage::ThrownAway,
        storage_generation: 4,
        notes: "now with notes".to_owned(),
        ..seed::test_user(1)
    };
    let elsewhere = TestUser { provider: ProviderId::new("gitter"), ..changed.clone() };
    fixture.store.write_blocking(|tx| test_user::change(tx, &elsewhere)).unwrap();
    assert_eq!(found(&fixture, &changed.id), changed);
}

#[test]
fn the_first_login_says_who_it_is_once() {
    let unknown = TestUser { expected: ExpectedIdentity::LearnAtFirstLogin, ..seed::test_user(1) };
    let fixture = with(&[unknown.clone(), TestUser { expected: ExpectedIdentity::Anyone, ..seed::test_user(2) }]);
    let learn = |id: &TestUserId, subject: &str| {
        fixture.store.write_blocking(|tx| test_user::learn_subject(tx, id, subject)).unwrap()
    };
    assert!(learn(&unknown.id, "tester-a"));
    assert!(!learn(&unknown.id, "tester-b"), "it is known by now");
    assert_eq!(found(&fixture, &unknown.id).expected, ExpectedIdentity::Subject("tester-a".to_owned()));
    assert!(!learn(&seed::test_user(2).id, "tester-a"), "nobody asked");
}

#[test]
fn what_was_kept_is_forgotten_by_beginning_a_new_place() {
    let user = seed::test_user(1);
    let fixture = with(std::slice::from_ref(&user));
    fixture.store.write_blocking(|tx| test_user::forget_storage(tx, &user.id)).unwrap();
    let after = found(&fixture, &user.id);
    assert_eq!(after.storage_generation, user.storage_generation + 1);
    assert_ne!(after.storage_folder(), user.storage_folder());
}

#[test]
fn a_deleted_test_user_comes_back_until_it_is_purged() {
    let user = seed::test_user(1);
    let fixture = with(std::slice::from_ref(&user));
    let delete = || fixture.store.write_blocking(|tx| test_user::delete(tx, &user.id, seed::minute(9)));
    delete().unwrap();
    assert!(matches!(delete(), Err(StoreError::NoSuchTestUser(_))));
    assert!(names(&fixture, "chaster", Environment::Sandbox).is_empty());
    let all = || fixture.store.read_blocking(test_user::list_even_deleted).unwrap();
    assert_eq!(all(), std::slice::from_ref(&user), "its storage is still needed");
    fixture.store.write_blocking(|tx| test_user::restore(tx, &user.id)).unwrap();
    assert_eq!(found(&fixture, &user.id), user);

    delete().unwrap();
    assert_eq!(fixture.store.write_blocking(|tx| test_user::purge(tx, seed::minute(8))).unwrap(), 0);
    assert_eq!(fixture.store.write_blocking(|tx| test_user::purge(tx, seed::minute(9))).unwrap(), 1);
    assert!(all().is_empty());
    let late = fixture.store.write_blocking(|tx| test_user::restore(tx, &user.id));
    assert!(matches!(late, Err(StoreError::NoSuchTestUser(_))));
}

#[test]
fn a_deleted_test_user_does_not_come_back_beside_a_namesake() {
    let user = seed::test_user(1);
    let fixture = with(std::slice::from_ref(&user));
    let namesake = TestUser { id: seed::test_user(2).id, ..user.clone() };
    fixture
        .store
        .write_blocking(|tx| {
            test_user::delete(tx, &user.id, seed::minute(9))?;
            test_user::insert(tx, &namesake)
        })
        .unwrap();
    let back = fixture.store.write_blocking(|tx| test_user::restore(tx, &user.id));
    assert!(matches!(back, Err(StoreError::TestUserNameTaken(name)) if name == user.name));
}

#[test]
fn a_run_outlives_its_test_user_as_it_was_then() {
    let user = seed::test_user(1);
    let fixture = with(std::slice::from_ref(&user));
    let of_user = Run { meant: Some(user.meant()), ..seed::run(7, 1) };
    fixture
        .store
        .write_blocking(|tx| {
            seed::write_run(tx, &of_user)?;
            test_user::change(tx, &TestUser { name: "Renamed".to_owned(), ..user.clone() })?;
            test_user::delete(tx, &user.id, seed::minute(1))?;
            test_user::purge(tx, seed::minute(1))
        })
        .unwrap();
    let opened = fixture.store.read_blocking(|db| run::open(db, &of_user.id)).unwrap();
    assert_eq!(opened.run.meant, Some(user.meant()));
    let listed = fixture.store.read_blocking(|db| run::list(db, &run::RunQuery::default())).unwrap();
    assert_eq!(listed[0].meant, Some(user.meant()));
}

#[test]
fn a_deleted_profile_takes_its_test_users_with_it() {
    let fixture = with(&[TestUser { provider: ProviderId::new("mine"), ..seed::test_user(1) }, seed::test_user(2)]);
    let mine = ProviderId::new("mine");
    fixture.store.write_durably_blocking(|tx| provider::put(tx, &mine, "id = \"mine\"", seed::minute(1))).unwrap();
    fixture.store.write_durably_blocking(|tx| provider::remove(tx, &mine)).unwrap();
    assert_eq!(fixture.store.read_blocking(test_user::list_even_deleted).unwrap(), [seed::test_user(2)]);
}
