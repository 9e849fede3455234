//! Which strings of the sources are texts that a person can read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, bail};

/// What begins so is SQL.
const SQL: &[&str] = &[
    "SELECT ", "INSERT ", "UPDATE ", "DELETE ", "CREATE ", "DROP ", "ALTER ", "PRAGMA ", "WITH ", "FROM ", "WHERE ",
    "ORDER ", "AND ", "OR ", "ON ", "LEFT ", "JOIN ", "UNION ", "VACUUM ", "ATTACH ", "REPLACE ", "GROUP ", "LIMIT ",
    "EXISTS ", "NOT ",
];

/// What has one of these in it is HTML, HTTP or a policy for a browser.
const WIRE: &[&str] = &["</", "/>", "<!", "<img", "\r\n", "; charset=", "form-data", "-src "];

/// The rule, with the exceptions that only a reader can know.
pub(super) struct Rule {
    /// Strings that look like texts and are none.
    not_shown: BTreeSet<String>,
    /// Words in small letters that look like words of the wire and are shown.
    words: BTreeSet<String>,
}

impl Rule {
    /// Reads the exceptions beside the catalogues.
    pub(super) fn read(folder: &Path) -> anyhow::Result<Self> {
        Ok(Self { not_shown: lines(&folder.join("not-shown.txt"))?, words: lines(&folder.join("words.txt"))? })
    }

    /// Whether a person can come to read this.
    pub(super) fn is_for_people(&self, text: &str) -> bool {
        self.words.contains(text) || (looks_like_text(text) && !self.not_shown.contains(&one_line(text)))
    }

    /// Fails where a word that is said to be shown stands nowhere: the list is to stay true.
    pub(super) fn refuse_unused(&self, texts: &BTreeMap<String, &str>) -> anyhow::Result<()> {
        let unused: Vec<_> = self.words.iter().filter(|word| !texts.contains_key(*word)).map(String::as_str).collect();
        if unused.is_empty() {
            return Ok(());
        }
        bail!("words.txt names words that stand in no source: {}", unused.join(", "))
    }
}

/// The lines of a list; those that begin with # are remarks.
fn lines(path: &Path) -> anyhow::Result<BTreeSet<String>> {
    let content = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let lines = content.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(lines.map(str::to_owned).collect())
}

/// A text as it stands in a list, which has one a line.
fn one_line(text: &str) -> String {
    text.replace('\n', "\\n")
}

/// Whether a string reads like a sentence, a few words or a title.
fn looks_like_text(text: &str) -> bool {
    let plain = without_placeholders(text);
    let plain = plain.trim();
    if SQL.iter().any(|start| plain.starts_with(start))
        || WIRE.iter().any(|part| text.contains(part))
        || is_status(plain)
    {
        return false;
    }
    if plain.contains(char::is_whitespace) || text.trim().contains(' ') {
        return plain.split(|letter: char| !letter.is_alphabetic()).any(is_word);
    }
    is_title(plain)
}

/// A status line of HTTP: `404 Not Found`.
fn is_status(text: &str) -> bool {
    text.split_once(' ').is_some_and(|(code, words)| {
        code.len() == 3
            && code.bytes().all(|byte| byte.is_ascii_digit())
            && words.starts_with(|first: char| first.is_ascii_uppercase())
    })
}

/// At least two letters, the second and all that follow small.
fn is_word(part: &str) -> bool {
    part.chars().count() >= 2 && part.chars().skip(1).all(char::is_lowercase)
}

/// One word with a capital, as headings and buttons have.
fn is_title(word: &str) -> bool {
    let word = word.trim_end_matches(['.', ':', '…', '?', '!']);
    word.starts_with(|letter: char| letter.is_ascii_uppercase()) && is_word(word)
}

fn without_placeholders(text: &str) -> String {
    let mut plain = String::new();
    let mut depth = 0_u32;
    for letter in text.chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(letter),
            _ => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule() -> Rule {
        Rule {
            not_shown: BTreeSet::from(["no-cache, no-store".to_owned()]),
            words: BTreeSet::from(["behind".to_owned()]),
        }
    }

    #[test]
    fn sentences_titles_and_fragments_are_texts() {
        for text in ["Port {port} is free.", "Endpoints", "by overlap", "{provider} takes two", "behind", "{0} seconds"]
        {
            assert!(rule().is_for_people(text), "{text}");
        }
    }

    #[test]
    fn words_of_the_wire_and_sql_are_none() {
        let strings =
            ["token", "access_token", "SELECT id FROM run", "{}:{}", "application/json", "GET", "no-cache, no-store"];
        for string in strings {
            assert!(!rule().is_for_people(string), "{string}");
        }
    }
}
