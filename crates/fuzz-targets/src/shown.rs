//! Texts that a person will see.

use gatewright_protocol::answer::{AnswerDefect, Oddity};
use gatewright_protocol::authorization::ErrorResponse;
use gatewright_protocol::discrepancy::Discrepancy;
use gatewright_protocol::inert::inert;

/// Nothing in the text does anything but be seen.
#[track_caller]
pub(crate) fn assert_inert(text: &str) {
    // Character by character, because texts that are put together may be longer than one inert text.
    let harmless = |character: char| {
        matches!(character, ' '..='~') || inert(character.encode_utf8(&mut [0; 4])).chars().eq([character])
    };
    assert!(text.chars().all(harmless), "{text:?}");
}

/// The words of a server.
#[track_caller]
pub(crate) fn assert_words_inert(words: &ErrorResponse) {
    for text in [&words.error, &words.description, &words.uri].into_iter().flatten() {
        assert_inert(text);
        assert_eq!(&inert(text), text, "what is inert stays as it is");
    }
}

#[track_caller]
pub(crate) fn assert_discrepancy_inert(discrepancy: &Discrepancy) {
    assert!(!discrepancy.code.is_empty());
    for text in [&discrepancy.field, &discrepancy.expected, &discrepancy.received] {
        assert_inert(text);
    }
}

#[track_caller]
pub(crate) fn assert_defect_inert(defect: &AnswerDefect) {
    assert!(!defect.code().is_empty());
    assert_inert(defect.field());
    assert_inert(&defect.to_string());
}

#[track_caller]
pub(crate) fn assert_oddities_inert(oddities: &[Oddity]) {
    for oddity in oddities {
        match oddity {
            Oddity::Mislabelled(text) | Oddity::LifetimeAsText(text) | Oddity::TokenIgnored(text) => assert_inert(text),
            Oddity::LifetimeIgnored(name, text) => {
                assert_inert(name);
                assert_inert(text);
            }
            Oddity::FormEncoded | Oddity::ByteOrderMark | Oddity::TokenTypeMissing | Oddity::ScopeNotText => {}
        }
    }
}

/// A secret that stands only once in the input is not in a text about it. What stands there twice, a server may have said twice, and
/// what is short is found by accident.
#[track_caller]
pub(crate) fn assert_hidden(secret: &str, input: &str, text: &str) {
    const SHORTEST: usize = 8;
    if secret.len() >= SHORTEST && input.matches(secret).count() <= 1 {
        assert!(!text.contains(secret), "{text}");
    }
}
