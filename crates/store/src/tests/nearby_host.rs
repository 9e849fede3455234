//! Confirmed hosts: each for one provider, and gone with it.

use gatewright_model::ProviderId;

use super::Fixture;
use crate::nearby_host::{self, NearbyHost};
use crate::{provider, seed};

fn at(provider: &str, host: &str, minute: u32) -> NearbyHost {
    NearbyHost { provider: ProviderId::new(provider), host: host.to_owned(), confirmed_at: seed::minute(minute) }
}

fn confirm(fixture: &Fixture, host: &NearbyHost) -> bool {
    fixture.store.write_durably_blocking(|tx| nearby_host::confirm(tx, host)).unwrap()
}

fn hosts_of(fixture: &Fixture, provider: &str) -> Vec<NearbyHost> {
    fixture.store.read_blocking(|db| nearby_host::of_provider(db, &ProviderId::new(provider))).unwrap()
}

#[test]
fn a_confirmed_host_is_there_after_a_restart_for_its_provider_alone() {
    let fixture = Fixture::new();
    assert!(confirm(&fixture, &at("mine", "id.corp.example", 1)));
    assert!(confirm(&fixture, &at("other", "sso.corp.example", 2)));
    let fixture = fixture.reopened();
    assert_eq!(hosts_of(&fixture, "mine"), [at("mine", "id.corp.example", 1)]);
    let all = fixture.store.read_blocking(nearby_host::list).unwrap();
    assert_eq!(all, [at("mine", "id.corp.example", 1), at("other", "sso.corp.example", 2)]);
}

#[test]
fn a_host_that_is_confirmed_again_was_confirmed_the_first_time() {
    let fixture = Fixture::new();
    confirm(&fixture, &at("mine", "id.corp.example", 1));
    assert!(!confirm(&fixture, &at("mine", "id.corp.example", 5)));
    assert_eq!(hosts_of(&fixture, "mine"), [at("mine", "id.corp.example", 1)]);
}

#[test]
fn a_withdrawn_host_is_confirmed_for_other_providers_still() {
    let fixture = Fixture::new();
    confirm(&fixture, &at("mine", "id.corp.example", 1));
    confirm(&fixture, &at("other", "id.corp.example", 1));
    let withdraw = || {
        let mine = ProviderId::new("mine");
        fixture.store.write_durably_blocking(|tx| nearby_host::withdraw(tx, &mine, "id.corp.example")).unwrap()
    };
    assert!(withdraw());
    assert!(!withdraw(), "it is gone already");
    assert!(hosts_of(&fixture, "mine").is_empty());
    assert_eq!(hosts_of(&fixture, "other").len(), 1);
}

#[test]
fn a_deleted_profile_takes_its_hosts_with_it() {
    let fixture = Fixture::new();
    let mine = ProviderId::new("mine");
    fixture.store.write_durably_blocking(|tx| provider::put(tx, &mine, "id = \"mine\"", seed::minute(1))).unwrap();
    confirm(&fixture, &at("mine", "id.corp.example", 1));
    fixture.store.write_durably_blocking(|tx| provider::remove(tx, &mine)).unwrap();
    assert!(hosts_of(&fixture, "mine").is_empty());
}
