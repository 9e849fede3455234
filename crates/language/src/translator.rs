//! How an English text is found among the templates.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::template::{Arguments, Template};
use crate::{lists, sentences};

/// What is longer is no sentence of ours, but something that a server sent.
const LONGEST: usize = 8 * 1024;

/// How many bytes of its beginning a template is looked up by.
const KEY: usize = 4;

/// Placeholders for things of the person's own, which are called what they are called. The last part of the placeholder's name counts.
const OWN: &[&str] = &[
    "name",
    "client",
    "client_name",
    "provider",
    "provider_name",
    "person",
    "other",
    "user",
    "owner",
    "tag",
    "file",
    "path",
    "folder",
    "host",
    "uri",
    "url",
    "address",
    "redirect_uri",
    "issuer",
    "scope",
    "client_id",
    "subject",
];

/// Words of ours that stand where a thing of the person's own would, if there were one.
const STAND_INS: &[&str] = &["the client", "yourself", "somebody else"];

/// Translates English texts into one language.
#[derive(Debug)]
pub struct Translator {
    /// Texts without placeholders.
    texts: HashMap<String, String>,
    templates: Vec<Entry>,
    /// The templates by their first bytes, the weightiest first.
    by_beginning: HashMap<[u8; KEY], Vec<usize>>,
    /// Those that begin with a placeholder, or nearly so; the weightiest first.
    others: Vec<usize>,
}

#[derive(Debug)]
struct Entry {
    english: Template,
    translated: Template,
    weight: usize,
}

impl Translator {
    /// A translator that knows these texts: English, then the other language. What has no letters outside its placeholders is left out,
    /// because it would be found everywhere.
    pub fn new(entries: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut texts = HashMap::new();
        let mut templates = Vec::new();
        for (english, translated) in entries {
            let (english, translated) = (Template::read(&english), Template::read(&translated));
            match (english.as_text(), translated.as_text()) {
                (Some(english), Some(translated)) => {
                    texts.insert(english.to_owned(), translated.to_owned());
                }
                _ if english.has_letters() => {
                    templates.push(Entry { weight: english.weight(), english, translated });
                }
                _ => {}
            }
        }
        templates.sort_by_key(|entry| std::cmp::Reverse(entry.weight));
        let mut by_beginning: HashMap<[u8; KEY], Vec<usize>> = HashMap::new();
        let mut others = Vec::new();
        for (index, entry) in templates.iter().enumerate() {
            match key(entry.english.beginning()) {
                Some(key) => by_beginning.entry(key).or_default().push(index),
                None => others.push(index),
            }
        }
        Self { texts, templates, by_beginning, others }
    }

    /// The text in the other language. What was not made from our templates, such as a server's own words, comes back as it is.
    pub fn translate<'a>(&self, english: &'a str) -> Cow<'a, str> {
        if english.len() > LONGEST {
            return Cow::Borrowed(english);
        }
        self.whole(english).map_or(Cow::Borrowed(english), Cow::Owned)
    }

    /// The translation of a text, as one sentence or sentence by sentence; none where nothing of it is known.
    fn whole(&self, text: &str) -> Option<String> {
        let tight = |text: &str| self.one(text, Fit::Tight);
        tight(text)
            .or_else(|| self.several(text))
            .or_else(|| self.one(text, Fit::Loose))
            .or_else(|| lists::listed(text, tight))
            .or_else(|| lists::introduced(text, tight, |rest| self.whole(rest)))
    }

    /// The translation of a text that was made from one template. An error's words also stand in sentences: then they have a capital and
    /// a full stop which the template has not.
    fn one(&self, text: &str, fit: Fit) -> Option<String> {
        if let Some(found) = self.exactly(text, fit) {
            return Some(found);
        }
        let small = with_small_letter(text);
        if let Some(small) = &small
            && let Some(found) = self.exactly(small, fit)
        {
            return Some(with_capital(&found));
        }
        if let Some(short) = text.strip_suffix('.') {
            if let Some(found) = self.exactly(short, fit) {
                return Some(found + ".");
            }
            let small = small.as_deref().and_then(|small| small.strip_suffix('.'))?;
            return self.exactly(small, fit).map(|found| with_capital(&found) + ".");
        }
        // A sentence of ours in the midst of another has lost its full stop.
        let stopped = self.texts.get(format!("{text}.").as_str())?;
        Some(stopped.strip_suffix('.').unwrap_or(stopped).to_owned())
    }

    fn exactly(&self, text: &str, fit: Fit) -> Option<String> {
        if let Some(found) = self.texts.get(text) {
            return Some(found.clone());
        }
        let same_beginning = key(text).and_then(|key| self.by_beginning.get(&key));
        let found = same_beginning.and_then(|indices| self.first(indices, text, fit));
        let other = self.first(&self.others, text, fit);
        let (entry, arguments) = match (found, other) {
            (Some(found), Some(other)) if other.0.weight > found.0.weight => other,
            (found, other) => found.or(other)?,
        };
        Some(self.filled(&entry.translated, &arguments))
    }

    /// The first of these templates that a text was made from, with its arguments.
    fn first<'a>(&'a self, indices: &[usize], text: &'a str, fit: Fit) -> Option<(&'a Entry, Arguments<'a>)> {
        indices.iter().find_map(|index| {
            let entry = self.templates.get(*index)?;
            let arguments = entry.english.arguments(text)?;
            let fits =
                fit == Fit::Loose || arguments.iter().all(|(_, value)| sentences::beginnings(value).next().is_none());
            fits.then_some((entry, arguments))
        })
    }

    fn filled(&self, translated: &Template, arguments: &Arguments<'_>) -> String {
        translated.filled(|name| {
            let (_, value) = arguments.iter().find(|(known, _)| *known == name)?;
            Some(self.argument(name, value))
        })
    }

    /// An argument: our own words are translated, numbers get the other language's decimal sign, and the rest is what it is.
    fn argument(&self, name: &str, value: &str) -> String {
        let kind = name.rsplit('.').next().unwrap_or(name);
        if OWN.contains(&kind) && !STAND_INS.contains(&value) {
            return value.to_owned();
        }
        if is_decimal(value) {
            return value.replace('.', ",");
        }
        self.whole(value).unwrap_or_else(|| value.to_owned())
    }

    /// Sentences that were put one after the other: each translated that is known. Of those that could be one or more, the most are one.
    fn several(&self, text: &str) -> Option<String> {
        let mut starts: Vec<usize> = vec![0];
        starts.extend(sentences::beginnings(text));
        if starts.len() < 2 {
            return None;
        }
        starts.push(text.len());
        let mut translated = String::new();
        let mut any = false;
        let mut from = 0;
        while from + 1 < starts.len() {
            let longest = (from + 1..starts.len()).rev().filter(|to| *to - from < starts.len() - 1);
            let found = longest.map(|to| (to, starts[from], starts[to])).find_map(|(to, start, end)| {
                let part = text.get(start..end)?;
                let trimmed = part.trim_end();
                let found = self.one(trimmed, Fit::Tight)?;
                Some((to, found + &part[trimmed.len()..]))
            });
            match found {
                Some((to, part)) => {
                    any = true;
                    translated.push_str(&part);
                    from = to;
                }
                None => {
                    translated.push_str(&text[starts[from]..starts[from + 1]]);
                    from += 1;
                }
            }
        }
        any.then_some(translated)
    }
}

/// Whether an argument may be several sentences long.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    Tight,
    Loose,
}

fn key(text: &str) -> Option<[u8; KEY]> {
    text.as_bytes().first_chunk().copied()
}

/// A number with a decimal point.
fn is_decimal(value: &str) -> bool {
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    value.split_once('.').is_some_and(|(whole, part)| all_digits(whole) && all_digits(part))
}

/// The text with a small first letter, where it has a capital.
fn with_small_letter(text: &str) -> Option<String> {
    let mut letters = text.chars();
    let first = letters.next().filter(|first| first.is_uppercase())?;
    Some(first.to_lowercase().chain(letters).collect())
}

fn with_capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}
