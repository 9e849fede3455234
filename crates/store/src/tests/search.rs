//! Search: what is found, and that nothing typed is read as anything but words.

use gatewright_model::run::{Identity, StepKind, StepStatus};
use gatewright_model::{Client, Step};
use gatewright_model::{Run, RunId};
use proptest::prelude::*;

use super::Fixture;
use crate::client::{self, ClientQuery};
use crate::run::{self, RunQuery};
use crate::{seed, step};

fn runs(fixture: &Fixture, words: &str) -> usize {
    let query = RunQuery { search: words.to_owned(), ..RunQuery::default() };
    let rows = fixture.store.read_blocking(|db| run::list(db, &query)).unwrap();
    assert_eq!(rows.len(), fixture.store.read_blocking(|db| run::count(db, &query)).unwrap() as usize);
    rows.len()
}

fn clients(fixture: &Fixture, words: &str) -> usize {
    let query = ClientQuery { search: words.to_owned(), ..ClientQuery::default() };
    let rows = fixture.store.read_blocking(|db| client::list(db, &query)).unwrap();
    assert_eq!(rows.len(), fixture.store.read_blocking(|db| client::count(db, &query)).unwrap() as usize);
    rows.len()
}

#[test]
fn a_run_is_found_by_client_person_ending_and_what_was_off_in_a_step() {
    let fixture = Fixture::new();
    seed::seed(&fixture.store, 5, 10).unwrap();
    assert_eq!(runs(&fixture, ""), 10);
    assert_eq!(runs(&fixture, "dashboard"), 2, "client name");
    assert_eq!(runs(&fixture, "USER-4"), 1, "identity, whatever the case");
    assert_eq!(runs(&fixture, "muller"), 2, "display name, without its dots");
    assert_eq!(runs(&fixture, "invalid_grant"), 1, "the ending's sentence");
    assert_eq!(runs(&fixture, "issued"), 1, "the sentence of a step where something was off, and of no other");
    assert_eq!(runs(&fixture, "dash 2 person"), 0, "every word has to be found");
    assert_eq!(runs(&fixture, "!!"), 0);
}

#[test]
fn a_run_is_found_by_what_went_wrong_in_its_steps() {
    let fixture = Fixture::new();
    let failed = seed::run(9, 1);
    let broken =
        Step { status: StepStatus::Failed, ..seed::plain_step(StepKind::TokenRequest, "HTTP 418 from a teapot") };
    fixture
        .store
        .write_blocking(|tx| {
            run::start(tx, &Run { outcome: gatewright_model::Outcome::Running, ..failed.clone() })?;
            step::put(tx, &failed.id, 0, &broken)
        })
        .unwrap();
    assert_eq!(runs(&fixture, "Guild"), 0, "not while it is going on");
    fixture.store.write_blocking(|tx| run::finish(tx, &failed)).unwrap();
    fixture.store.write_blocking(|tx| run::transcribe(tx, &failed.id)).unwrap();
    assert_eq!(runs(&fixture, "teap Guild"), 1);
}

#[test]
fn a_run_whose_result_was_the_last_that_was_written_is_still_to_be_transcribed_after_a_restart() {
    let fixture = Fixture::new();
    let ended = seed::run(9, 1);
    fixture
        .store
        .write_durably_blocking(|tx| {
            run::start(tx, &Run { outcome: gatewright_model::Outcome::Running, ..ended.clone() })?;
            run::finish(tx, &ended)
        })
        .unwrap();
    assert_eq!(runs(&fixture, "Guild"), 0, "what it is found by was not written");
    let fixture = fixture.reopened();
    assert_eq!(not_transcribed(&fixture), std::slice::from_ref(&ended.id));
    assert_eq!(fixture.store.read_blocking(|db| run::find(db, &ended.id)).unwrap(), ended, "its result is what it was");
    fixture.store.write_blocking(|tx| run::transcribe(tx, &ended.id)).unwrap();
    assert_eq!(runs(&fixture, "Guild"), 1);
    assert_eq!(not_transcribed(&fixture), [], "once is enough, although nothing was on its wire");
}

#[test]
fn a_step_that_is_added_before_a_run_is_transcribed_leaves_it_to_be_done() {
    let fixture = Fixture::new();
    let ended = seed::run(9, 1);
    let append = |step: Step| fixture.store.write_blocking(|tx| step::append(tx, &ended.id, &step)).unwrap();
    fixture
        .store
        .write_blocking(|tx| {
            run::start(tx, &Run { outcome: gatewright_model::Outcome::Running, ..ended.clone() })?;
            run::finish(tx, &ended)
        })
        .unwrap();
    append(seed::plain_step(StepKind::Identity, "Read once more."));
    assert_eq!(not_transcribed(&fixture), std::slice::from_ref(&ended.id), "what it has shown is not noted yet");
    fixture.store.write_blocking(|tx| run::transcribe(tx, &ended.id)).unwrap();
    append(seed::plain_step(StepKind::Identity, "Read once more."));
    assert_eq!(not_transcribed(&fixture), []);
}

#[test]
fn runs_are_to_be_transcribed_in_the_order_in_which_they_were_started() {
    let fixture = Fixture::new();
    let ended = [seed::run(1, 1), seed::run(2, 1), seed::run(3, 1)];
    fixture
        .store
        .write_blocking(|tx| {
            ended.iter().try_for_each(|ended| {
                run::start(tx, &Run { outcome: gatewright_model::Outcome::Running, ..ended.clone() })?;
                run::finish(tx, ended)
            })
        })
        .unwrap();
    assert_eq!(not_transcribed(&fixture), ended.map(|run| run.id), "what the newest has shown is noted last");
}

fn not_transcribed(fixture: &Fixture) -> Vec<RunId> {
    fixture.store.read_blocking(run::not_transcribed).unwrap()
}

#[test]
fn a_run_is_found_by_what_was_on_the_wire() {
    let fixture = Fixture::new();
    seed::seed(&fixture.store, 1, 10).unwrap();
    for words in ["grant_type", "no-store", "oauth/token", "secret:v3", "example.org POST"] {
        assert_eq!(runs(&fixture, words), 10, "{words}");
    }
    assert_eq!(runs(&fixture, "authorization_code invalid_grant"), 1, "the wire and the ending together");
    assert_eq!(runs(&fixture, "reference"), 0, "how a record is written is no word in it");
}

#[test]
fn what_was_done_with_the_tokens_later_is_found_too() {
    let fixture = Fixture::new();
    seed::seed(&fixture.store, 1, 1).unwrap();
    let mut asked = seed::exchange(gatewright_model::exchange::ExchangePurpose::Revocation, "POST");
    asked.request.url = "https://example.org/oauth/revoke".to_owned();
    asked.failure = Some("The connection was reset.".to_owned());
    let late = Step { exchanges: vec![asked], ..seed::plain_step(StepKind::Revocation, "Revoked.") };
    fixture.store.write_blocking(|tx| step::append(tx, &seed::run_id(0), &late)).unwrap();
    assert_eq!(
        (runs(&fixture, "oauth/revoke"), runs(&fixture, "connection reset"), runs(&fixture, "grant_type")),
        (1, 1, 1)
    );
    fixture.store.write_blocking(|tx| run::delete(tx, &seed::run_id(0), seed::minute(1))).unwrap();
    assert_eq!(runs(&fixture, "oauth/revoke"), 0, "deleted, it leaves the index at once");
    fixture.store.write_blocking(|tx| run::restore(tx, &seed::run_id(0))).unwrap();
    assert_eq!(runs(&fixture, "oauth/revoke"), 1);
}

#[test]
fn a_client_is_found_by_any_part_of_what_is_known_of_it() {
    let fixture = Fixture::new();
    let client = Client {
        name: "Ärger 100%".to_owned(),
        owner: "Zoë".to_owned(),
        notes: "behind the_proxy".to_owned(),
        ..seed::client(3)
    };
    fixture.store.write_blocking(|tx| client::insert(tx, &client)).unwrap();
    for words in ["ärger", "rger", "0%", "Zo", "_p", "the_proxy", "PROXY ärg", "20003/call", "app3.ex", "gitter-"] {
        assert_eq!(clients(&fixture, words), 1, "{words}");
    }
    for words in ["x%", "1_0", "proxy nowhere", "xq zq"] {
        assert_eq!(clients(&fixture, words), 0, "{words}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_typed_is_an_answer_and_never_an_error(
        typed in prop_oneof![
            any::<String>(),
            r#"["*^:+(){}\\ -]{0,30}"#,
            r#"(AND|OR|NOT|NEAR\(|a"|"|\x00|%|_|\*| ){0,40}"#,
        ],
    ) {
        let fixture = Fixture::new();
        seed::seed(&fixture.store, 3, 3).unwrap();
        runs(&fixture, &typed);
        clients(&fixture, &typed);
    }

    #[test]
    fn a_client_is_found_by_every_word_of_its_own_name(name in "[\\PC]{1,40}") {
        let fixture = Fixture::new();
        let client = Client { name: name.clone(), ..seed::client(1) };
        fixture.store.write_blocking(|tx| client::insert(tx, &client)).unwrap();
        prop_assert_eq!(clients(&fixture, &name), 1);
    }

    #[test]
    fn a_run_is_found_by_every_beginning_of_a_plain_name(name in "[a-zA-Z0-9]{1,20}", cut in 1_usize..20) {
        let fixture = Fixture::new();
        let identity = Identity { subject: "7".to_owned(), display_name: Some(name.clone()), fields: vec![] };
        let run = Run { identity: Some(identity), ..seed::run(0, 0) };
        fixture.store.write_blocking(|tx| seed::write_run(tx, &run)).unwrap();
        prop_assert_eq!(runs(&fixture, &name[..cut.min(name.len())]), 1);
    }
}

#[test]
fn a_whole_book_in_the_search_field_is_answered_too() {
    let fixture = Fixture::new();
    seed::seed(&fixture.store, 1, 1).unwrap();
    let book = "lorem \"ipsum\" (dolor) ".repeat(50_000);
    assert_eq!((runs(&fixture, &book), clients(&fixture, &book)), (0, 0));
    let word = "a-".repeat(100_000);
    assert_eq!((runs(&fixture, &word), clients(&fixture, &word)), (0, 0));
}
