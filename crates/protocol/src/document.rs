//! Reading JSON that a stranger wrote: a member that is there twice is noticed, because two readers could believe different ones.

use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// A JSON text as read.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// The value; of a member that is there twice, the first.
    pub(crate) value: Value,
    /// The name of the first member that is there twice, anywhere in the text.
    pub(crate) duplicate: Option<String>,
}

/// Reads one JSON text with nothing after it. Nesting deeper than 128 is an error, not a stack overflow.
pub(crate) fn read(text: &str) -> Result<Document, serde_json::Error> {
    let mut duplicate = None;
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Strict { duplicate: &mut duplicate }.deserialize(&mut reader)?;
    reader.end()?;
    Ok(Document { value, duplicate })
}

/// Builds a [`Value`] and remembers a member that is there twice.
struct Strict<'a> {
    duplicate: &'a mut Option<String>,
}

impl Strict<'_> {
    fn again(&mut self) -> Strict<'_> {
        Strict { duplicate: self.duplicate }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        Number::from_f64(number).map(Value::Number).ok_or_else(|| E::custom("a number beyond all bounds"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self.again())? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value_seed(self.again())?;
            if object.contains_key(&name) {
                self.duplicate.get_or_insert(name);
            } else {
                object.insert(name, value);
            }
        }
        Ok(Value::Object(object))
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
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC*") {
            let _ = read(&text);
        }
    }
}
