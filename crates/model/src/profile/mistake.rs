//! What serde's sentences say, in parts: which field, what was there, what it wanted.

/// A mistake in the shape of a document.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Mistake {
    /// A field is not there.
    Missing(String),
    /// A field nobody knows, and the known ones.
    UnknownField(String, Vec<String>),
    /// A word nobody knows, and the known ones.
    UnknownWord(String, Vec<String>),
    /// A value of the wrong type, and what was wanted.
    WrongType(String),
}

/// Reads one of the sentences of `serde::de::Error`'s provided methods; they are part of its documented behaviour.
pub(super) fn read(message: &str) -> Mistake {
    let words = quoted(message);
    let (first, known) =
        words.split_first().map_or((String::new(), Vec::new()), |(first, rest)| (first.clone(), rest.to_vec()));
    if message.starts_with("missing field") {
        Mistake::Missing(first)
    } else if message.starts_with("unknown field") {
        Mistake::UnknownField(first, known)
    } else if message.starts_with("unknown variant") {
        Mistake::UnknownWord(first, known)
    } else {
        let wanted = message.rsplit_once("expected ").map_or(message, |(_, wanted)| wanted);
        Mistake::WrongType(in_plain_words(wanted.trim()))
    }
}

/// The parts between backticks.
fn quoted(message: &str) -> Vec<String> {
    message.split('`').skip(1).step_by(2).map(ToOwned::to_owned).collect()
}

/// Rust's words for types in everybody's.
fn in_plain_words(wanted: &str) -> String {
    match wanted {
        "a string" | "str" => "text in quotes".to_owned(),
        "a boolean" | "bool" => "true or false".to_owned(),
        "u32" | "u64" | "usize" => "a whole number from 0 on".to_owned(),
        "a sequence" => "a list in square brackets".to_owned(),
        "map" | "a map" => "a table".to_owned(),
        "string or table" | "wanted string or table" => "a word in quotes or a table with one field".to_owned(),
        text if text.starts_with("struct ") => "a table of fields".to_owned(),
        "string only" => "a word in quotes".to_owned(),
        text if text.starts_with("enum ") => "a word in quotes".to_owned(),
        text => text.to_owned(),
    }
}

/// Words for a person: `"a", "b" or "c"`.
pub(super) fn one_of(words: &[String]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => "nothing".to_owned(),
    }
}

/// The known word that somebody most likely meant.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = word.to_ascii_lowercase().replace('-', "_");
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&plain, &candidate.to_ascii_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 4)
        .min()
        .map(|(_, candidate)| candidate)
}
