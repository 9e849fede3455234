//! Which answers are shown again, and for how long.

use std::time::Duration;

use super::super::recent::{RecentAnswers, Told};
use super::*;

const NOW: Duration = Duration::from_secs(1000);

fn all_good() -> Vec<(Question, Item)> {
    vec![(Question::Clock, Item::skipped("It does not say.")), (Question::FirstAnswer, Item::good("A page."))]
}

fn told(change: impl FnOnce(&mut Subject)) -> Told {
    Told::by(&subject("chattz", change)).unwrap()
}

#[test]
fn an_answer_is_shown_again_to_who_tells_the_same_for_half_a_minute() {
    let answers = RecentAnswers::default();
    answers.keep(told(|_| {}), &all_good(), NOW);
    let after = |seconds| answers.find(&told(|_| {}), NOW + Duration::from_secs(seconds));
    let shown = after(29).unwrap();
    assert_eq!((shown.items, shown.age), (all_good(), Duration::from_secs(29)));
    assert_eq!(after(30), None);
    let other_browser = told(|subject| subject.browser = Browser::System);
    assert!(answers.find(&other_browser, NOW).is_some(), "the endpoint is not told of it");
}

#[test]
fn who_tells_anything_else_is_not_shown_it() {
    let answers = RecentAnswers::default();
    answers.keep(told(|_| {}), &all_good(), NOW);
    for other in [
        told(|subject| subject.redirect_uri = Ok(RedirectUri::parse("https://app.example.org/other").unwrap())),
        told(|subject| subject.scopes = vec!["everything".to_owned()]),
        told(|subject| subject.client.client_id = ClientId::parse("other", ClientIdKind::Text).unwrap()),
        told(|subject| subject.bases.as_mut().unwrap().authorization = "https://other.example".to_owned()),
    ] {
        assert_eq!(answers.find(&other, NOW), None, "{other:?}");
    }
}

#[test]
fn an_answer_in_which_something_is_wrong_is_not_kept_and_ends_the_one_before() {
    let answers = RecentAnswers::default();
    for wrong in [Item::warning("Hm."), Item::problem("No."), Item::skipped("Not asked.")] {
        answers.keep(told(|_| {}), &all_good(), NOW);
        answers.keep(told(|_| {}), &[(Question::FirstAnswer, wrong)], NOW);
        assert_eq!(answers.find(&told(|_| {}), NOW), None);
    }
}

#[test]
fn nothing_is_told_to_the_sandbox_or_where_the_person_has_switched_it_off() {
    assert_eq!(Told::by(&subject("chattz", |subject| subject.client.environment = Environment::Sandbox)), None);
    assert_eq!(Told::by(&subject("chattz", |subject| subject.asks_not = Some("Switched off.".to_owned()))), None);
}
