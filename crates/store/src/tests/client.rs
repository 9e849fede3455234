//! Clients: kept, changed, deleted, restored, listed.

use gatewright_model::run::{Ending, Outcome};
use gatewright_model::{Client, Environment, Ownership, ProviderId};
use gatewright_protocol::ClientId;

use super::Fixture;
use crate::client::{self, ActiveSecret, ClientQuery, ClientRow, Counts};
use crate::{StoreError, redirect_uri, run, secret_version, seed};

fn with_clients(count: u32) -> Fixture {
    let fixture = Fixture::new();
    seed::seed(&fixture.store, count, 0).unwrap();
    fixture
}

fn names(fixture: &Fixture, query: &ClientQuery) -> Vec<String> {
    let rows: Vec<ClientRow> = fixture.store.read_blocking(|db| client::list(db, query)).unwrap();
    let total = fixture.store.read_blocking(|db| client::count(db, query)).unwrap();
    if query.limit.is_none() && query.offset == 0 {
        assert_eq!(rows.len(), total as usize, "list and count agree");
    }
    rows.into_iter().map(|row| row.name).collect()
}

fn searching(words: &str) -> ClientQuery {
    ClientQuery { search: words.to_owned(), ..ClientQuery::default() }
}

#[test]
fn a_client_comes_back_as_it_went_in() {
    let fixture = with_clients(6);
    for number in 0..6 {
        let found = fixture.store.read_blocking(|db| client::find(db, &seed::client_id(number))).unwrap();
        assert_eq!(found, seed::client(number));
    }
    let chattr = fixture.store.read_blocking(|db| client::find(db, &seed::client_id(5))).unwrap();
    assert_eq!(chattr.client_id, ClientId::Integer(5), "a number stays a number");
}

#[test]
fn a_client_that_is_not_there_is_named_in_the_error() {
    let fixture = Fixture::new();
    let missing = fixture.store.read_blocking(|db| client::find(db, &seed::client_id(9)));
    assert!(matches!(&missing, Err(StoreError::NoSuchClient(id)) if *id == seed::client_id(9)));
    let changed = fixture.store.write_blocking(|tx| client::update(tx, &seed::client(9)));
    assert!(matches!(changed, Err(StoreError::NoSuchClient(_))));
}

#[test]
fn a_change_is_kept_and_found_and_what_it_replaced_is_found_no_more() {
    let fixture = with_clients(3);
    let changed = Client {
        name: "Evening gate".to_owned(),
        client_id: ClientId::Text("7".to_owned()),
        redirect_uris: vec!["https://evening.example.org/cb".to_owned()],
        ownership: Ownership::Shared,
        environment: Environment::Production,
        notes: "moved".to_owned(),
        tag: "night".to_owned(),
        owner: "Bo".to_owned(),
        updated_at: seed::minute(99),
        ..seed::client(1)
    };
    fixture.store.write_durably_blocking(|tx| client::update(tx, &changed)).unwrap();
    assert_eq!(fixture.store.read_blocking(|db| client::find(db, &changed.id)).unwrap(), changed);
    assert_eq!(names(&fixture, &searching("evening.example")), ["Evening gate"]);
    assert_eq!(names(&fixture, &searching("app1.example")), [""; 0]);
}

#[test]
fn a_deleted_client_is_gone_until_it_is_restored() {
    let fixture = with_clients(3);
    let id = seed::client_id(1);
    fixture.store.write_durably_blocking(|tx| client::delete(tx, &id, seed::minute(5))).unwrap();
    assert!(fixture.store.read_blocking(|db| client::find(db, &id)).is_err());
    assert_eq!(names(&fixture, &ClientQuery::default()).len(), 2);
    assert_eq!(names(&fixture, &searching("Guild")), [""; 0]);
    let even_deleted = fixture.store.read_blocking(|db| client::find_even_deleted(db, &id)).unwrap().unwrap();
    assert_eq!(even_deleted.deleted_at, Some(seed::minute(5)));
    assert!(fixture.store.write_blocking(|tx| client::delete(tx, &id, seed::minute(6))).is_err(), "it is gone already");

    fixture.store.write_durably_blocking(|tx| client::restore(tx, &id)).unwrap();
    assert_eq!(fixture.store.read_blocking(|db| client::find(db, &id)).unwrap(), seed::client(1));
    assert_eq!(names(&fixture, &searching("Guild")), ["Guild bot 1"]);
    assert!(fixture.store.write_blocking(|tx| client::restore(tx, &id)).is_err(), "there is nothing to restore");
}

#[test]
fn only_a_deleted_client_is_purged_and_its_versions_and_search_entries_go_with_it() {
    let fixture = with_clients(2);
    let id = seed::client_id(1);
    fixture.store.write_blocking(|tx| client::purge(tx, &id)).unwrap();
    assert!(
        fixture.store.read_blocking(|db| client::find(db, &id)).is_ok(),
        "a client that is not deleted is not purged"
    );

    fixture.store.write_blocking(|tx| client::delete(tx, &id, seed::minute(5))).unwrap();
    let due = |minute| fixture.store.read_blocking(move |db| client::deleted_before(db, seed::minute(minute))).unwrap();
    assert_eq!(due(4), []);
    assert_eq!(due(5), std::slice::from_ref(&id));
    fixture.store.write_blocking(|tx| client::purge(tx, &id)).unwrap();
    fixture.store.write_blocking(|tx| client::purge(tx, &id)).expect("purging twice does no harm");
    assert_eq!(due(5), []);
    assert_eq!(fixture.store.read_blocking(|db| client::find_even_deleted(db, &id)).unwrap(), None);
    assert_eq!(fixture.store.read_blocking(|db| secret_version::list(db, &id)).unwrap(), []);
    assert!(matches!(fixture.store.write_blocking(|tx| client::restore(tx, &id)), Err(StoreError::NoSuchClient(_))));
    fixture.store.write_blocking(|tx| client::insert(tx, &seed::client(1))).expect("nothing of it is left in the way");
}

#[test]
fn a_client_that_is_kept_already_is_found_by_its_identifier() {
    let fixture = with_clients(10);
    let kept = seed::client(3);
    let find = |provider: &str, environment, id: &ClientId| {
        fixture
            .store
            .read_blocking(|db| client::find_by_identifier(db, &ProviderId::new(provider), environment, id))
            .unwrap()
    };
    assert_eq!(find("gitter", kept.environment, &kept.client_id), Some(kept.id.clone()));
    assert_eq!(find("chaster", kept.environment, &kept.client_id), None);
    let number = seed::client(5);
    assert_eq!(find("chattr", number.environment, &ClientId::Integer(5)), Some(number.id));
    assert_eq!(find("chattr", number.environment, &ClientId::Text("5".to_owned())), None, "\"5\" is not 5");
}

#[test]
fn the_list_is_by_name_whatever_the_case_and_paged() {
    let fixture = Fixture::new();
    for (number, name) in ["beta", "Alpha", "gamma", "Beta"].into_iter().enumerate() {
        let client = Client { name: name.to_owned(), ..seed::client(u32::try_from(number).unwrap()) };
        fixture.store.write_blocking(|tx| client::insert(tx, &client)).unwrap();
    }
    let all = names(&fixture, &ClientQuery::default());
    assert_eq!(all.iter().map(|name| name.to_lowercase()).collect::<Vec<_>>(), ["alpha", "beta", "beta", "gamma"]);
    let page = |offset| names(&fixture, &ClientQuery { offset, limit: Some(2), ..ClientQuery::default() });
    assert_eq!([page(0), page(2)].concat(), all);
    assert_eq!(page(4), [""; 0]);
}

#[test]
fn each_filter_keeps_what_it_says_and_they_hold_together() {
    let fixture = with_clients(70);
    let clients: Vec<Client> = (0..70).map(seed::client).collect();
    let expect = |query: ClientQuery, keep: &dyn Fn(&Client) -> bool| {
        let expected = clients.iter().filter(|client| keep(client)).count();
        assert!(expected > 0);
        assert_eq!(names(&fixture, &query).len(), expected, "{query:?}");
    };
    let none = ClientQuery::default();
    let gitter = ProviderId::new("gitter");
    expect(ClientQuery { provider: Some(gitter.clone()), ..none.clone() }, &|c| c.provider == gitter);
    expect(ClientQuery { environment: Some(Environment::Sandbox), ..none.clone() }, &|c| {
        c.environment == Environment::Sandbox
    });
    expect(ClientQuery { ownership: Some(Ownership::Shared), ..none.clone() }, &|c| c.ownership == Ownership::Shared);
    expect(ClientQuery { tag: Some("dev".to_owned()), ..none.clone() }, &|c| c.tag == "dev");
    let together = ClientQuery {
        provider: Some(gitter.clone()),
        ownership: Some(Ownership::Owned),
        search: "forum".to_owned(),
        ..none
    };
    expect(together, &|c| c.provider == gitter && c.ownership == Ownership::Owned && c.name.contains("Forum"));
}

#[test]
fn a_row_shows_the_active_secret_and_the_newest_run() {
    let fixture = Fixture::new();
    let bare = seed::client(0);
    fixture.store.write_blocking(|tx| client::insert(tx, &bare)).unwrap();
    let row = || fixture.store.read_blocking(|db| client::list(db, &ClientQuery::default())).unwrap().remove(0);
    assert_eq!((row().secret, row().last_run), (None, None));

    let version = seed::secret_version(0);
    fixture.store.write_blocking(|tx| secret_version::insert(tx, &version)).unwrap();
    for number in [1, 5, 2] {
        fixture.store.write_blocking(|tx| seed::write_run(tx, &seed::run(number, 0))).unwrap();
    }
    let secret = ActiveSecret { version: 1, created_at: version.created_at, due_at: version.due_at, last_proof: None };
    assert_eq!(row().secret, Some(secret));
    let last = row().last_run.unwrap();
    assert_eq!(
        (last.id, last.started_at, last.outcome),
        (seed::run_id(2), seed::minute(2), Outcome::LoggedIn { findings: 0 })
    );

    fixture.store.write_blocking(|tx| run::delete(tx, &seed::run_id(2), seed::minute(9))).unwrap();
    let last = row().last_run.unwrap();
    assert_eq!(last.id, seed::run_id(5), "a deleted run is not the last");
    assert!(matches!(last.outcome, Outcome::Ended(Ending { sentence, .. }) if sentence.starts_with("Cancelled")));
}

#[test]
fn counts_and_tags_are_of_the_clients_that_are_not_deleted() {
    let fixture = with_clients(14);
    let counts = || fixture.store.read_blocking(client::counts).unwrap();
    assert_eq!(counts(), Counts { owned: 12, shared: 2 });
    assert_eq!(fixture.store.read_blocking(client::tags).unwrap(), ["dev", "prod", "staging"]);
    let providers = fixture.store.read_blocking(client::count_by_provider).unwrap();
    assert_eq!(providers.iter().map(|(_, count)| count).sum::<u32>(), 14);
    assert!(providers.contains(&(ProviderId::new("contentdb"), 2)));

    fixture.store.write_blocking(|tx| client::delete(tx, &seed::client_id(6), seed::minute(0))).unwrap();
    assert_eq!(counts(), Counts { owned: 12, shared: 1 });
}

#[test]
fn a_redirect_uri_is_shared_only_with_kept_clients_of_other_providers_in_the_same_environment() {
    let fixture = with_clients(1);
    let client = seed::client(0);
    let shared = |provider: &str, environment| {
        let (provider, uris) = (ProviderId::new(provider), client.redirect_uris[..1].to_vec());
        fixture.store.read_blocking(move |db| redirect_uri::shared(db, &provider, environment, &uris)).unwrap()
    };
    let found = [(client.redirect_uris[0].clone(), client.provider.clone(), client.name.clone())];
    assert_eq!(client.environment, Environment::Production);
    assert_eq!(shared("another", Environment::Production), found);
    assert_eq!(shared("another", Environment::Sandbox), []);
    assert_eq!(shared(client.provider.as_str(), Environment::Production), []);
    let deleted = client.id.clone();
    fixture.store.write_blocking(move |tx| client::delete(tx, &deleted, seed::minute(1))).unwrap();
    assert_eq!(shared("another", Environment::Production), []);
}
