//! How an English text is found among the templates.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::template::{Arguments, Template};
use crate::{lists, quotes, sentences};

/// What is longer is no sentence of ours, but something that a server sent.
const LONGEST: usize = 8 * 1024;

/// How many bytes of its beginning or end a template is looked up by.
const KEY: usize = 4;

/// A template with fewer letters outside its placeholders is used only where each argument is likely to stand there.
const FEW_LETTERS: usize = 12;

/// One with fewer than these says so little that even a name has to be a single word.
const NEXT_TO_NO_LETTERS: usize = 6;

/// More sentences than this are no text of ours.
const MOST_SENTENCES: usize = 24;

/// Names of clients and people have no more words.
const MOST_WORDS_OF_A_NAME: usize = 6;

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

/// Placeholders for what a server wrote: an error code, with its words or without.
const THEIRS: &[&str] = &["code", "said", "words"];

/// Words of ours that stand where a thing of the person's own would, if there were one.
const STAND_INS: &[&str] =
    &["the client", "the provider", "your test user", "another test user", "yourself", "somebody else"];

/// Translates English texts into one language.
#[derive(Debug)]
pub struct Translator {
    /// Texts without placeholders.
    texts: HashMap<String, String>,
    /// The others, those first of which more is the same each time.
    templates: Vec<Entry>,
    /// The templates by their first bytes.
    by_beginning: HashMap<[u8; KEY], Vec<usize>>,
    /// Those that begin with a placeholder, or nearly so, by their last bytes.
    by_end: HashMap<[u8; KEY], Vec<usize>>,
    /// Those that also end so.
    others: Vec<usize>,
    /// The translated templates by the English ones, as these are written.
    by_text: HashMap<String, Template>,
}

#[derive(Debug)]
struct Entry {
    english: Template,
    translated: Template,
}

impl Translator {
    /// A translator that knows these texts: English, then the other language. What has no letters outside its placeholders is left out,
    /// because it would be found everywhere.
    pub fn new(entries: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut texts = HashMap::new();
        let mut templates = Vec::new();
        let mut by_text = HashMap::new();
        for (text, translated) in entries.into_iter().flat_map(with_trimmed) {
            let (english, translated) = (Template::read(&text), Template::read(&translated));
            match (english.as_text(), translated.as_text()) {
                (Some(english), Some(translated)) => {
                    texts.insert(english.to_owned(), translated.to_owned());
                }
                _ if english.has_letters() => {
                    by_text.insert(text, translated.clone());
                    templates.push(Entry { english, translated });
                }
                _ => {}
            }
        }
        templates.sort_by_cached_key(|entry| std::cmp::Reverse(entry.english.weight()));
        let mut translator = Self {
            texts,
            templates: Vec::new(),
            by_beginning: HashMap::new(),
            by_end: HashMap::new(),
            others: Vec::new(),
            by_text,
        };
        for (index, entry) in templates.iter().enumerate() {
            let same = match (beginning(entry.english.beginning()), end(entry.english.ending())) {
                (Some(key), _) => translator.by_beginning.entry(key).or_default(),
                (None, Some(key)) => translator.by_end.entry(key).or_default(),
                (None, None) => &mut translator.others,
            };
            same.push(index);
        }
        Self { templates, ..translator }
    }

    /// The text in the other language. What was not made from our templates, such as a server's own words, comes back as it is.
    pub fn translate<'a>(&self, english: &'a str) -> Cow<'a, str> {
        if english.len() > LONGEST {
            return Cow::Borrowed(english);
        }
        self.whole(english).map_or(Cow::Borrowed(english), Cow::Owned)
    }

    /// A template in the other language; none where it is not known.
    pub(crate) fn template(&self, english: &str) -> Option<&Template> {
        self.by_text.get(english)
    }

    /// The translation of a text, as one sentence or sentence by sentence; none where nothing of it is known.
    fn whole(&self, text: &str) -> Option<String> {
        let tight = |text: &str| self.one(text, Fit::Tight);
        tight(text)
            .or_else(|| self.several(text, Parts::All))
            .or_else(|| self.one(text, Fit::LooseNames))
            .or_else(|| self.several(text, Parts::Any))
            .or_else(|| self.one(text, Fit::Loose))
            .or_else(|| lists::listed(text, tight))
            .or_else(|| lists::introduced(text, tight, |rest| self.whole(rest)))
    }

    /// The translation of a text that was made from one template. An error's words also stand in sentences: then they have a capital and
    /// a full stop which the template has not.
    fn one(&self, text: &str, fit: Fit) -> Option<String> {
        // What is the same each time is looked for first: some templates would fit it too.
        in_any_form(text, |text| self.texts.get(text).cloned())
            .or_else(|| {
                // A sentence of ours in the midst of another has lost its full stop.
                let stopped = self.texts.get(format!("{text}.").as_str())?;
                Some(stopped.strip_suffix('.').unwrap_or(stopped).to_owned())
            })
            .or_else(|| self.filled_from(text, fit, Form::AsItIs))
            .or_else(|| in_any_form(text, |text| self.filled_from(text, fit, Form::Changed)))
    }

    fn filled_from(&self, text: &str, fit: Fit, form: Form) -> Option<String> {
        let same_beginning = beginning(text).and_then(|key| self.by_beginning.get(&key));
        let same_end = end(text).and_then(|key| self.by_end.get(&key));
        let found = [same_beginning, same_end, Some(&self.others)].into_iter().flatten();
        // The weightiest of all is the first.
        let (index, arguments) =
            found.filter_map(|indices| self.first(indices, text, fit, form)).min_by_key(|(index, _)| *index)?;
        Some(self.filled(&self.templates.get(index)?.translated, &arguments))
    }

    /// The first of these templates that a text was made from, with its arguments.
    fn first<'a>(&'a self, indices: &[usize], text: &'a str, fit: Fit, form: Form) -> Option<(usize, Arguments<'a>)> {
        indices.iter().find_map(|index| {
            let english = &self.templates.get(*index)?.english;
            let arguments = english.arguments(text)?;
            let letters = english.letters();
            let is_meant = letters >= FEW_LETTERS
                || (form == Form::AsItIs && arguments.iter().all(|(name, value)| self.is_likely(name, value, letters)));
            // Where a quotation ends outside, the template was found within somebody else's words.
            let fits = arguments.iter().all(|(name, value)| fit.allows(name, value) && !quotes::is_open(value));
            (fits && is_meant).then_some((*index, arguments))
        })
    }

    /// Whether a value would stand at that place. A template with few letters of its own fits many texts it was not made for.
    fn is_likely(&self, name: &str, value: &str, letters: usize) -> bool {
        let words = value.split_whitespace().count();
        words <= 1
            || is_quoted(value)
            || (is_own(name) && words <= MOST_WORDS_OF_A_NAME && letters >= NEXT_TO_NO_LETTERS)
            || self.whole(value).is_some()
    }

    fn filled(&self, translated: &Template, arguments: &Arguments<'_>) -> String {
        translated.filled(|name| {
            let (_, value) = arguments.iter().find(|(known, _)| *known == name)?;
            Some(self.argument(name, value))
        })
    }

    /// An argument: our own words are translated, numbers get the other language's decimal sign, and the rest is what it is.
    fn argument(&self, name: &str, value: &str) -> String {
        if THEIRS.contains(&name) || (is_own(name) && !STAND_INS.contains(&value)) {
            return value.to_owned();
        }
        if is_decimal(value) {
            return value.replace('.', ",");
        }
        self.whole(value).unwrap_or_else(|| value.to_owned())
    }

    /// Sentences that were put one after the other: each translated that is known. Of those that could be one or more, the most are one.
    fn several(&self, text: &str, parts: Parts) -> Option<String> {
        let mut starts: Vec<usize> = vec![0];
        starts.extend(sentences::beginnings(text));
        if starts.len() < 2 || starts.len() > MOST_SENTENCES {
            return None;
        }
        starts.push(text.len());
        let mut translated = String::new();
        let mut any = false;
        let mut from = 0;
        while from + 1 < starts.len() {
            // Of those that could be one or more, the most are one; a name with a full stop within makes two of one, so there the fewest are.
            let ends = (from + 1..starts.len()).filter(|to| *to - from < starts.len() - 1);
            let part = |to: usize, fit: Fit| {
                let part = text.get(starts[from]..starts[to])?;
                let trimmed = part.trim_end();
                Some((to, self.one(trimmed, fit)? + &part[trimmed.len()..]))
            };
            let found = ends.clone().rev().find_map(|to| part(to, Fit::Tight));
            match found.or_else(|| ends.clone().find_map(|to| part(to, Fit::LooseNames))) {
                Some((to, part)) => {
                    any = true;
                    translated.push_str(&part);
                    from = to;
                }
                None if parts == Parts::All => return None,
                None => {
                    translated.push_str(&text[starts[from]..starts[from + 1]]);
                    from += 1;
                }
            }
        }
        any.then_some(translated)
    }
}

/// Which arguments may be several sentences long, or look so.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    Tight,
    /// Names: some have a full stop within.
    LooseNames,
    Loose,
}

impl Fit {
    fn allows(self, name: &str, value: &str) -> bool {
        match self {
            Self::Loose => true,
            Self::LooseNames if is_own(name) => true,
            Self::Tight | Self::LooseNames => sentences::beginnings(value).next().is_none(),
        }
    }
}

/// Whether a text is as it came, or has lost a capital or a full stop to be found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    AsItIs,
    Changed,
}

/// Of sentences that follow each other, how many have to be known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Parts {
    All,
    Any,
}

/// What is put at the end of another sentence begins with a space; between sentences it is looked for without.
fn with_trimmed((english, translated): (String, String)) -> impl Iterator<Item = (String, String)> {
    let trimmed = (english.trim() != english).then(|| (english.trim().to_owned(), translated.trim().to_owned()));
    [Some((english, translated)), trimmed].into_iter().flatten()
}

fn beginning(text: &str) -> Option<[u8; KEY]> {
    text.as_bytes().first_chunk().copied()
}

fn end(text: &str) -> Option<[u8; KEY]> {
    text.as_bytes().last_chunk().copied()
}

/// A text as it stands, or without the capital and the full stop that it was given.
fn in_any_form(text: &str, find: impl Fn(&str) -> Option<String>) -> Option<String> {
    let small = with_small_letter(text);
    find(text).or_else(|| find(small.as_deref()?).map(|found| with_capital(&found))).or_else(|| {
        let found = find(text.strip_suffix('.')?).map(|found| found + ".");
        found.or_else(|| find(small.as_deref()?.strip_suffix('.')?).map(|found| with_capital(&found) + "."))
    })
}

/// Whether a placeholder is for a thing of the person's own.
fn is_own(name: &str) -> bool {
    OWN.contains(&name.rsplit('.').next().unwrap_or(name))
}

fn is_quoted(value: &str) -> bool {
    value.len() > 1
        && [('"', '"'), ('“', '”')].iter().any(|(open, close)| value.starts_with(*open) && value.ends_with(*close))
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
