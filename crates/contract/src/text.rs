//! Our own sentences on their way to the window.
//!
//! The backend says and records everything in English. Fields that hold our own words are marked with
//! `#[serde(serialize_with = "ours")]`, and what is [`Spoken`] crosses the bridge with exactly these fields in the window's language. A
//! client's name, notes or an address is not marked and stays what it is, even where it reads like a sentence of ours.

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// Says an English sentence in the language of the window.
pub trait Interpreter: Send + Sync {
    /// The sentence in that language; as it is where it is not known.
    fn interpret<'a>(&self, english: &'a str) -> Cow<'a, str>;
}

/// Something on its way to the window, which reads our sentences in its own language.
#[derive(Clone)]
pub struct Spoken<T> {
    said: T,
    /// None where the window reads English.
    interpreter: Option<Arc<dyn Interpreter>>,
}

impl<T> Spoken<T> {
    /// Says something through an interpreter; without one, in English.
    pub fn new(said: T, interpreter: Option<Arc<dyn Interpreter>>) -> Self {
        Self { said, interpreter }
    }

    /// What is said, in English.
    pub fn said(&self) -> &T {
        &self.said
    }
}

impl<T: Serialize> Serialize for Spoken<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let _present = Present::bring(self.interpreter.clone());
        self.said.serialize(serializer)
    }
}

thread_local! {
    /// The interpreter who is present while something is written on this thread. Serde hands nothing down to the fields.
    static PRESENT: RefCell<Option<Arc<dyn Interpreter>>> = const { RefCell::new(None) };
}

/// An interpreter is present as long as this lives; then whoever was there before is again.
struct Present(Option<Arc<dyn Interpreter>>);

impl Present {
    fn bring(interpreter: Option<Arc<dyn Interpreter>>) -> Self {
        Self(PRESENT.replace(interpreter))
    }
}

impl Drop for Present {
    fn drop(&mut self) {
        PRESENT.set(self.0.take());
    }
}

/// Writes a field of our own words: with `#[serde(serialize_with = "ours")]`.
pub(crate) fn ours<T: Words, S: Serializer>(words: &T, serializer: S) -> Result<S::Ok, S::Error> {
    // Taken out of the cell first: writing may run any code.
    let present = PRESENT.with_borrow(Clone::clone);
    match present {
        Some(interpreter) => words.write_through(&*interpreter, serializer),
        None => words.serialize(serializer),
    }
}

/// A field that can hold our own words.
pub(crate) trait Words: Serialize {
    fn write_through<S: Serializer>(&self, interpreter: &dyn Interpreter, serializer: S) -> Result<S::Ok, S::Error>;
}

impl Words for String {
    fn write_through<S: Serializer>(&self, interpreter: &dyn Interpreter, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&interpreter.interpret(self))
    }
}

impl Words for Option<String> {
    fn write_through<S: Serializer>(&self, interpreter: &dyn Interpreter, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_deref().map(|words| interpreter.interpret(words)).serialize(serializer)
    }
}

impl Words for Vec<String> {
    fn write_through<S: Serializer>(&self, interpreter: &dyn Interpreter, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(|words| interpreter.interpret(words)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Notice;
    use crate::run::{FindingDetail, Piece};
    use crate::{Failure, FailureCode};

    /// Says everything loudly.
    struct Loud;

    impl Interpreter for Loud {
        fn interpret<'a>(&self, english: &'a str) -> Cow<'a, str> {
            english.to_uppercase().into()
        }
    }

    #[test]
    fn only_our_own_words_are_interpreted() {
        let failure = Failure::new(FailureCode::Invalid, "No.").hint("Yes.").field("name");
        let json = serde_json::to_value(Spoken::new(failure, Some(Arc::new(Loud)))).unwrap_or_default();
        assert_eq!(json, serde_json::json!({"code": "invalid", "message": "NO.", "hint": "YES.", "field": "name"}));
    }

    #[test]
    fn what_a_server_wrote_is_never_interpreted_whatever_it_reads_like() {
        let (text, piece) = (String::new, |ours| vec![Piece { text: "nobody".into(), reference: false, ours }]);
        let finding = FindingDetail {
            code: text(),
            title: text(),
            advice: text(),
            field: text(),
            expected: piece(true),
            received: piece(false),
        };
        let json = serde_json::to_value(Spoken::new(finding, Some(Arc::new(Loud)))).unwrap_or_default();
        assert_eq!(json["expected"], serde_json::json!([{"text": "NOBODY", "reference": false}]));
        assert_eq!(json["received"], serde_json::json!([{"text": "nobody", "reference": false}]));
    }

    #[test]
    fn without_an_interpreter_and_after_one_everything_is_english() {
        let notice = Notice { message: "Ready.".into(), hint: None };
        let spoken = |interpreter| serde_json::to_value(Spoken::new(notice.clone(), interpreter)).unwrap_or_default();
        assert_eq!(spoken(Some(Arc::new(Loud)))["message"], "READY.");
        assert_eq!(spoken(None)["message"], "Ready.");
        assert_eq!(serde_json::to_value(&notice).unwrap_or_default()["message"], "Ready.");
    }
}
