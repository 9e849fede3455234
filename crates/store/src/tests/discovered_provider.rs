//! Discovery documents: what was accepted stays until something else is.

use gatewright_model::ProviderId;

use super::Fixture;
use crate::discovered_provider::{self, IssuerDocument, Novelty};
use crate::{StoreError, provider, seed};

fn document(word: &str, minute: u32) -> IssuerDocument {
    IssuerDocument {
        provider: ProviderId::new("mine"),
        issuer: "https://id.example.org/".to_owned(),
        document: format!("{{ \"token_endpoint\": \"https://id.example.org/{word}\" }}\n"),
        sha256: format!("{word:0>64}"),
        fetched_at: seed::minute(minute),
        accepted_at: None,
    }
}

fn accepted_at(document: IssuerDocument, minute: u32) -> IssuerDocument {
    IssuerDocument { accepted_at: Some(seed::minute(minute)), ..document }
}

fn with_accepted() -> Fixture {
    let fixture = Fixture::new();
    fixture
        .store
        .write_durably_blocking(|tx| discovered_provider::accept(tx, &document("a", 1), seed::minute(2)))
        .unwrap();
    fixture
}

/// What is accepted, and what is offered.
fn both(fixture: &Fixture) -> (Option<IssuerDocument>, Option<IssuerDocument>) {
    let id = ProviderId::new("mine");
    fixture
        .store
        .read_blocking(|db| Ok((discovered_provider::accepted(db, &id)?, discovered_provider::offered(db, &id)?)))
        .unwrap()
}

fn offer(fixture: &Fixture, document: &IssuerDocument) -> Novelty {
    fixture.store.write_blocking(|tx| discovered_provider::offer(tx, document)).unwrap()
}

#[test]
fn an_accepted_document_is_kept_as_it_came() {
    let fixture = with_accepted().reopened();
    assert_eq!(both(&fixture), (Some(accepted_at(document("a", 1), 2)), None));
    let list = fixture.store.read_blocking(discovered_provider::list).unwrap();
    assert_eq!(list, [accepted_at(document("a", 1), 2)]);
}

#[test]
fn the_same_document_again_is_only_newer() {
    let fixture = with_accepted();
    assert_eq!(offer(&fixture, &document("a", 5)), Novelty::Unchanged);
    assert_eq!(both(&fixture), (Some(accepted_at(document("a", 5), 2)), None));
}

#[test]
fn another_document_waits_beside_the_accepted_one_until_somebody_has_seen_it() {
    let fixture = with_accepted();
    let id = ProviderId::new("mine");
    assert_eq!(offer(&fixture, &document("b", 5)), Novelty::Changed);
    assert_eq!(offer(&fixture, &document("c", 6)), Novelty::Changed);
    assert_eq!(both(&fixture), (Some(accepted_at(document("a", 1), 2)), Some(document("c", 6))));

    let accept = |sha256: &str| {
        let (id, sha256) = (id.clone(), sha256.to_owned());
        fixture
            .store
            .write_durably_blocking(move |tx| discovered_provider::accept_offer(tx, &id, &sha256, seed::minute(7)))
    };
    let seen_earlier = accept(&document("b", 5).sha256);
    assert!(matches!(seen_earlier, Err(StoreError::NoSuchOffer(_))), "the offer has changed since it was shown");
    accept(&document("c", 6).sha256).unwrap();
    assert_eq!(both(&fixture), (Some(accepted_at(document("c", 6), 7)), None));
    assert!(matches!(accept(&document("c", 6).sha256), Err(StoreError::NoSuchOffer(_))));
}

#[test]
fn an_offer_goes_when_it_is_declined_or_the_issuer_takes_it_back() {
    let fixture = with_accepted();
    offer(&fixture, &document("b", 5));
    fixture.store.write_blocking(|tx| discovered_provider::decline(tx, &ProviderId::new("mine"))).unwrap();
    assert_eq!(both(&fixture), (Some(accepted_at(document("a", 1), 2)), None));
    offer(&fixture, &document("b", 5));
    assert_eq!(offer(&fixture, &document("a", 6)), Novelty::Unchanged);
    assert_eq!(both(&fixture), (Some(accepted_at(document("a", 6), 2)), None));
}

#[test]
fn the_same_text_from_another_issuer_is_another_document() {
    let fixture = with_accepted();
    let elsewhere = IssuerDocument { issuer: "https://id.example.org".to_owned(), ..document("a", 5) };
    assert_eq!(offer(&fixture, &elsewhere), Novelty::Changed);
}

#[test]
fn the_documents_go_with_the_profile_that_was_made_from_them() {
    let fixture = with_accepted();
    offer(&fixture, &document("b", 5));
    fixture
        .store
        .write_durably_blocking(|tx| {
            provider::put(tx, &ProviderId::new("mine"), "id = \"mine\"", seed::minute(1))?;
            provider::remove(tx, &ProviderId::new("mine"))
        })
        .unwrap();
    assert_eq!(both(&fixture), (None, None));
}
