//! Reading JSON that a stranger wrote: a member that is there twice is noticed, because two readers could believe different ones, and
//! a number keeps the digits it was written with.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Error, Map, Number, Value};

use crate::inert::inert;
use crate::json;

/// How deep arrays and objects may stand in one another.
const DEEPEST: usize = 64;

/// A JSON text as read.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// The value; of a member that is there twice, the first. A number beyond all bounds is `null`.
    pub(crate) value: Value,
    /// The name of the first member that is there twice, anywhere in the text.
    pub(crate) duplicate: Option<String>,
    /// Numbers that the value does not hold digit by digit: JSON pointer, and the text they were written with.
    numbers: Vec<(String, String)>,
}

impl Document {
    /// A value that was not read from JSON.
    pub(crate) const fn of_value(value: Value) -> Self {
        Self { value, duplicate: None, numbers: Vec::new() }
    }

    /// The text at `pointer`, as [`json::text_at`], with every number exactly as it was written.
    pub(crate) fn text_at(&self, pointer: &str) -> Option<String> {
        let written = self.numbers.iter().find(|(place, _)| place == pointer).map(|(_, text)| text.clone());
        written.or_else(|| json::text_at(&self.value, pointer))
    }

    /// The members of the object at `pointer` in the order of arrival, made inert: name and text, numbers exactly as written; a nested
    /// value is JSON. `None` when there is no object.
    pub(crate) fn members_at(&self, pointer: &str) -> Option<Vec<(String, String)>> {
        let members = self.value.pointer(pointer)?.as_object()?;
        let shown = |(name, value): (&String, &Value)| {
            let text = match value {
                Value::Object(_) | Value::Array(_) => value.to_string(),
                _ => self.text_at(&format!("{pointer}/{}", escaped(name))).unwrap_or_default(),
            };
            (inert(name), inert(&text))
        };
        Some(members.iter().map(shown).collect())
    }
}

/// A member's name as a JSON pointer holds it (RFC 6901 §3).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Reads one JSON text with nothing after it. Nesting deeper than 64 is an error, not a stack overflow.
pub(crate) fn read(text: &str) -> Result<Document, Error> {
    let raw: &RawValue = serde_json::from_str(text)?;
    let mut reader = Reader { document: Document::of_value(Value::Null), pointer: String::new(), depth: 0 };
    reader.document.value = reader.value(raw.get())?;
    Ok(reader.document)
}

/// Reads level by level. A level's values are first only delimited, so that their own text is at hand.
struct Reader {
    document: Document,
    /// Where the reader is.
    pointer: String,
    depth: usize,
}

impl Reader {
    fn value(&mut self, text: &str) -> Result<Value, Error> {
        match text.as_bytes().first() {
            Some(b'{') => self.nested(|reader| reader.object(text)),
            Some(b'[') => self.nested(|reader| reader.array(text)),
            Some(b'-' | b'0'..=b'9') => Ok(self.number(text)),
            _ => serde_json::from_str(text),
        }
    }

    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Result<Value, Error>) -> Result<Value, Error> {
        if self.depth == DEEPEST {
            return Err(Error::custom("nested deeper than 64"));
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self, text: &str) -> Result<Value, Error> {
        let mut object = Map::new();
        for (name, raw) in serde_json::from_str::<Members<'_>>(text)?.0 {
            if object.contains_key(&name) {
                // Read all the same: a broken value is an error wherever it stands.
                self.at(&name, raw)?;
                self.document.duplicate.get_or_insert(name);
            } else {
                let value = self.at(&name, raw)?;
                object.insert(name, value);
            }
        }
        Ok(Value::Object(object))
    }

    fn array(&mut self, text: &str) -> Result<Value, Error> {
        let items: Vec<&RawValue> = serde_json::from_str(text)?;
        let values = items.into_iter().enumerate().map(|(place, raw)| self.at(&place.to_string(), raw));
        values.collect::<Result<_, _>>().map(Value::Array)
    }

    /// Reads the value one level down.
    fn at(&mut self, name: &str, raw: &RawValue) -> Result<Value, Error> {
        let here = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(&escaped(name));
        let value = self.value(raw.get());
        self.pointer.truncate(here);
        value
    }

    fn number(&mut self, text: &str) -> Value {
        let number = serde_json::from_str::<Number>(text).ok();
        if number.as_ref().is_none_or(|number| number.to_string() != text) {
            self.document.numbers.push((self.pointer.clone(), text.to_owned()));
        }
        number.map_or(Value::Null, Value::Number)
    }
}

/// The members of one object in their order, those that are there twice included.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor).map(Members)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut found = Vec::new();
        while let Some(member) = members.next_entry()? {
            found.push(member);
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::read;

    #[test]
    fn a_member_that_is_there_twice_is_noticed_at_any_depth() {
        assert_eq!(read(r#"{"a":1,"b":{"c":1,"c":2}}"#).unwrap().duplicate.as_deref(), Some("c"));
        assert_eq!(read(r#"{"a":1,"b":{"a":2}}"#).unwrap().duplicate, None);
        assert_eq!(read(r#"{"a":1,"a":2}"#).unwrap().value, json!({"a": 1}));
    }

    #[test]
    fn members_keep_their_order() {
        let read = read(r#"{"z":1,"a":[null,true,"x",-3,0.5]}"#).unwrap();
        assert_eq!(read.value.to_string(), r#"{"z":1,"a":[null,true,"x",-3,0.5]}"#);
    }

    #[test]
    fn a_hundred_thousand_brackets_are_an_error_and_no_crash() {
        assert!(read(&"[".repeat(100_000)).is_err());
        assert!(read("{} trailing").is_err());
        assert!(read(&format!("{}{}", "[".repeat(64), "]".repeat(64))).is_ok());
        assert!(read(&format!("{}{}", "[".repeat(65), "]".repeat(65))).is_err());
        assert!(read(&"{\"a\":".repeat(100_000)).is_err());
    }

    #[test]
    fn a_number_keeps_the_digits_it_was_written_with() {
        let read =
            read(r#"{"a/b":[18446744073709551616],"huge":1e400,"one":1.0,"id":9007199254740993,"e":1E2}"#).unwrap();
        assert_eq!(read.text_at("/a~1b/0").as_deref(), Some("18446744073709551616"));
        assert_eq!(read.text_at("/huge").as_deref(), Some("1e400"));
        assert_eq!(read.text_at("/one").as_deref(), Some("1.0"));
        assert_eq!(read.text_at("/id").as_deref(), Some("9007199254740993"));
        assert_eq!(read.text_at("/e").as_deref(), Some("1E2"));
        assert_eq!(read.value["huge"], json!(null));
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC*") {
            let _ = read(&text);
        }

        #[test]
        fn what_serde_json_reads_is_read_alike(text in r#"[\[\]{}",:0-9a\\ -]{0,30}"#) {
            let plain = serde_json::from_str::<serde_json::Value>(&text);
            let ours = read(&text);
            prop_assert_eq!(plain.is_ok(), ours.is_ok());
            if let (Ok(plain), Ok(ours)) = (plain, ours) && ours.duplicate.is_none() {
                prop_assert_eq!(plain, ours.value);
            }
        }
    }
}
