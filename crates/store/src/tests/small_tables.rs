//! Settings, profiles, intents, sealed tokens, the audit trail, and the facts of the whole database.

use gatewright_model::ProviderId;

use super::Fixture;
use crate::audit::{self, Action, Actor, AuditQuery, Entry};
use crate::intent::{self, Intent, IntentKind};
use crate::meta::{self, SealingKeyFacts};
use crate::sealed_token::{self, SealedToken};
use crate::{StoreError, keyring_orphan, provider, seed, setting};

#[test]
fn a_setting_keeps_its_type_and_can_be_taken_back() {
    let fixture = Fixture::new();
    let theme = || fixture.store.read_blocking(|db| setting::find::<String>(db, "theme"));
    assert_eq!(theme().unwrap(), None);
    fixture.store.write_blocking(|tx| setting::put(tx, "theme", &"dark")).unwrap();
    fixture.store.write_blocking(|tx| setting::put(tx, "theme", &"light")).unwrap();
    assert_eq!(theme().unwrap().as_deref(), Some("light"));
    fixture.store.write_blocking(|tx| setting::put(tx, "theme", &7)).unwrap();
    assert!(matches!(theme(), Err(StoreError::Unreadable(_))));
    fixture.store.write_blocking(|tx| setting::remove(tx, "theme")).unwrap();
    assert_eq!(theme().unwrap(), None);
}

#[test]
fn a_profile_is_kept_as_written() {
    let fixture = Fixture::new();
    let id = ProviderId::new("mine");
    let put = |text: &'static str, minute| {
        fixture.store.write_blocking(|tx| provider::put(tx, &id, text, seed::minute(minute))).unwrap();
    };
    put("# my own\nid = \"mine\"\n", 1);
    put("# changed\nid = \"mine\"\n", 2);
    let found = fixture.store.read_blocking(|db| provider::find(db, &id)).unwrap();
    assert_eq!(found.text, "# changed\nid = \"mine\"\n");
    assert_eq!((found.created_at, found.updated_at), (seed::minute(1), seed::minute(2)));
    assert_eq!(fixture.store.read_blocking(provider::list).unwrap(), [found]);
    fixture.store.write_blocking(|tx| provider::remove(tx, &id)).unwrap();
    assert!(matches!(fixture.store.read_blocking(|db| provider::find(db, &id)), Err(StoreError::NoSuchProfile(_))));
    let again = fixture.store.write_blocking(|tx| provider::remove(tx, &id));
    assert!(matches!(again, Err(StoreError::NoSuchProfile(_))));
}

#[test]
fn a_base_url_can_be_set_for_a_built_in_provider_and_taken_back() {
    let fixture = Fixture::new();
    let chattr = ProviderId::new("chattr");
    let set = |url: Option<&'static str>| {
        fixture.store.write_blocking(|tx| provider::set_base_url(tx, &chattr, url, seed::minute(1))).unwrap();
        fixture.store.read_blocking(provider::base_urls).unwrap()
    };
    assert_eq!(set(Some("https://a.example")), [(chattr.clone(), "https://a.example".to_owned())]);
    assert_eq!(set(Some("https://b.example")), [(chattr.clone(), "https://b.example".to_owned())]);
    assert_eq!(set(None), []);
}

#[test]
fn an_intent_is_found_after_a_restart_until_it_is_settled() {
    let fixture = Fixture::new();
    let client = seed::client_id(1);
    let declare =
        |kind| fixture.store.write_durably_blocking(|tx| intent::declare(tx, kind, &client, 2, seed::minute(1)));
    let keep = declare(IntentKind::KeepSecret).unwrap();
    let forget = declare(IntentKind::ForgetSecret).unwrap();
    let fixture = fixture.reopened();
    let intent = |id, kind| Intent { id, kind, client: client.clone(), version: 2, created_at: seed::minute(1) };
    let both = [intent(keep, IntentKind::KeepSecret), intent(forget, IntentKind::ForgetSecret)];
    assert_eq!(fixture.store.read_blocking(intent::list).unwrap(), both);
    fixture.store.write_durably_blocking(|tx| intent::settle(tx, keep)).unwrap();
    fixture.store.write_durably_blocking(|tx| intent::settle(tx, keep)).expect("settling twice does no harm");
    assert_eq!(fixture.store.read_blocking(intent::list).unwrap(), both[1..]);
}

#[test]
fn a_sealed_token_comes_back_as_it_was_sealed() {
    let fixture = Fixture::new();
    let id = seed::run_id(0);
    let token = |sealed: &[u8]| SealedToken {
        name: "access_token".to_owned(),
        sealing_key: "key-1".to_owned(),
        sealed: sealed.to_vec(),
    };
    let orphan = fixture.store.write_blocking(|tx| sealed_token::put(tx, &id, &token(&[1])));
    assert!(matches!(orphan, Err(StoreError::NoSuchRun(_))));
    fixture.store.write_blocking(|tx| seed::write_run(tx, &seed::run(0, 0))).unwrap();
    fixture.store.write_durably_blocking(|tx| sealed_token::put(tx, &id, &token(&[1]))).unwrap();
    fixture.store.write_durably_blocking(|tx| sealed_token::put(tx, &id, &token(&[0, 255, 7]))).unwrap();
    let find = |name: &str| fixture.store.read_blocking(|db| sealed_token::find(db, &id, name)).unwrap();
    assert_eq!(find("access_token"), Some(token(&[0, 255, 7])));
    assert_eq!(find("id_token"), None);
    assert_eq!(format!("{:?}", token(&[1, 2])), "SealedToken(access_token, 2 bytes)");
    fixture.store.write_blocking(|tx| sealed_token::forget(tx, &id)).unwrap();
    assert_eq!(find("access_token"), None);
}

#[test]
fn the_audit_trail_only_grows() {
    let fixture = Fixture::new();
    let entry = |minute, action| Entry {
        version: Some(1),
        run: Some(seed::run_id(4)),
        ..Entry::about(seed::minute(minute), Actor::User, action, &seed::client_id(1), "Guild bot")
    };
    let entries = [entry(1, Action::SecretRevealed), entry(2, Action::SecretCopied)];
    fixture.store.write_durably_blocking(|tx| entries.iter().try_for_each(|entry| audit::append(tx, entry))).unwrap();
    let [first, second] = entries;
    let list = |query: &AuditQuery| fixture.store.read_blocking(|db| audit::list(db, query)).unwrap();
    assert_eq!(list(&AuditQuery::default()), [second.clone(), first.clone()]);
    assert_eq!(list(&AuditQuery { limit: Some(1), ..AuditQuery::default() }), [second]);
    assert_eq!(list(&AuditQuery { limit: Some(1), offset: 1, ..AuditQuery::default() }), [first]);
    for sql in ["DELETE FROM audit", "UPDATE audit SET actor = 'gatewright'"] {
        let result = fixture.store.write_blocking(|tx| Ok(tx.execute(sql, [])?));
        assert!(matches!(result, Err(StoreError::Sqlite(error)) if error.to_string().contains("append-only")));
    }
}

#[test]
fn the_audit_trail_of_one_client_is_a_part_of_the_whole() {
    let fixture = Fixture::new();
    let about = |number: u32| {
        let name = format!("client {number}");
        Entry::about(seed::minute(number), Actor::User, Action::ClientChanged, &seed::client_id(number), &name)
    };
    let general = Entry::general(seed::minute(9), Actor::User, Action::TrailExported).detail("3 lines as CSV");
    let lines = [about(1), about(2).version(4), about(1), general.clone()];
    fixture.store.write_blocking(|tx| lines.iter().try_for_each(|line| audit::append(tx, line))).unwrap();
    let of = |number| AuditQuery { client: Some(seed::client_id(number)), ..AuditQuery::default() };
    let list = |query: &AuditQuery| fixture.store.read_blocking(|db| audit::list(db, query)).unwrap();
    let count = |query: &AuditQuery| fixture.store.read_blocking(|db| audit::count(db, query)).unwrap();
    assert_eq!((list(&of(1)), count(&of(1))), (vec![about(1), about(1)], 2));
    assert_eq!((list(&of(2)), count(&of(2))), (vec![about(2).version(4)], 1));
    assert_eq!(count(&of(3)), 0);
    assert_eq!((list(&AuditQuery::default())[0].clone(), count(&AuditQuery::default())), (general, 4));
}

#[test]
fn a_generation_is_remembered() {
    let fixture = Fixture::new();
    assert_eq!(fixture.store.read_blocking(meta::generation).unwrap(), 0);
    fixture.store.write_durably_blocking(|tx| meta::set_generation(tx, 7)).unwrap();
    assert_eq!(fixture.reopened().store.read_blocking(meta::generation).unwrap(), 7);
}

#[test]
fn an_entry_that_nobody_knows_is_remembered_from_the_first_time_it_was_seen() {
    let fixture = Fixture::new();
    let note = |entries: &[&str], minute| {
        let entries: Vec<String> = entries.iter().map(|entry| (*entry).to_owned()).collect();
        fixture.store.write_blocking(|tx| keyring_orphan::note(tx, &entries, seed::minute(minute))).unwrap();
    };
    let seen =
        |minute| fixture.store.read_blocking(|db| keyring_orphan::seen_before(db, seed::minute(minute))).unwrap();
    note(&["client/a/v1", "client/b/v1"], 1);
    note(&["client/a/v1", "client/c/v1"], 5);
    assert_eq!(seen(0), Vec::<String>::new());
    assert_eq!(seen(4), ["client/a/v1"], "what somebody knows again, or what went, is no orphan");
    note(&["client/a/v1", "client/b/v1"], 6);
    assert_eq!(seen(6), ["client/a/v1", "client/b/v1"]);
    assert_eq!(seen(5), ["client/a/v1"], "what came back starts anew");
    fixture.store.write_blocking(|tx| keyring_orphan::forget(tx, "client/a/v1")).unwrap();
    assert_eq!(seen(6), ["client/b/v1"]);
}

#[test]
fn the_namespace_is_set_once_for_all() {
    let fixture = Fixture::new();
    assert_eq!(fixture.store.read_blocking(meta::namespace).unwrap(), None);
    fixture.store.write_durably_blocking(|tx| meta::set_namespace(tx, "ns-1")).unwrap();
    let again = fixture.store.write_blocking(|tx| meta::set_namespace(tx, "ns-2"));
    assert!(matches!(again, Err(StoreError::NamespaceTaken)));
    assert_eq!(fixture.reopened().store.read_blocking(meta::namespace).unwrap().as_deref(), Some("ns-1"));
}

#[test]
fn the_sealing_key_is_known_by_id_and_check_value() {
    let fixture = Fixture::new();
    assert_eq!(fixture.store.read_blocking(meta::sealing_key).unwrap(), None);
    for id in ["key-1", "key-2"] {
        let facts = SealingKeyFacts { id: id.to_owned(), check: vec![9; 16] };
        fixture.store.write_durably_blocking(|tx| meta::set_sealing_key(tx, &facts)).unwrap();
        assert_eq!(fixture.store.read_blocking(meta::sealing_key).unwrap(), Some(facts));
    }
}

#[tokio::test]
async fn the_doors_work_from_async_code_and_nothing_is_written_when_the_closure_fails() {
    let fixture = Fixture::new();
    fixture.store.write(|tx| setting::put(tx, "theme", &"dark")).await.unwrap();
    let failed = fixture
        .store
        .write_durably(|tx| {
            setting::put(tx, "theme", &"light")?;
            meta::set_namespace(tx, "a")?;
            meta::set_namespace(tx, "b")
        })
        .await;
    assert!(matches!(failed, Err(StoreError::NamespaceTaken)));
    let theme = fixture.store.read(|db| setting::find::<String>(db, "theme")).await.unwrap();
    assert_eq!(theme.as_deref(), Some("dark"));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_read_and_write_at_once() {
    let fixture = Fixture::new();
    let tasks: Vec<_> = (0..200)
        .map(|number| {
            let store = fixture.store.clone();
            tokio::spawn(async move {
                store.write(move |tx| crate::client::insert(tx, &seed::client(number))).await?;
                store.read(move |db| crate::client::find(db, &seed::client_id(number))).await
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
}

#[test]
fn a_closure_that_panics_is_rolled_back_and_the_store_goes_on() {
    let fixture = Fixture::new();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        fixture.store.write_blocking(|tx| -> Result<(), StoreError> {
            setting::put(tx, "theme", &"dark")?;
            panic!("on purpose")
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(fixture.store.read_blocking(|db| setting::find::<String>(db, "theme")).unwrap(), None);
    fixture.store.write_blocking(|tx| setting::put(tx, "theme", &"light")).unwrap();
}
