//! Comments: what people wrote becomes a text that ends where we end it.

use gatewright_model::{Mark, Statement};
use gatewright_protocol::inert::inert;

/// The widest line of a comment, in characters.
const WIDTH: usize = 96;

/// Something a reader of a program should know, and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Remark(String);

impl Remark {
    /// A remark of ours.
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    /// A remark on a statement of a profile: what it means here, and how it is known.
    pub(crate) fn on<T>(statement: &Statement<T>, sentence: &str) -> Self {
        let place = statement.place.as_deref().unwrap_or_default();
        match statement.mark {
            Mark::Documented if !place.is_empty() => Self(format!("{sentence} (Document: {place}.)")),
            Mark::Observed if !place.is_empty() => {
                Self(format!("{sentence} (Not in the document, but seen: {place}.)"))
            }
            Mark::Documented | Mark::Observed => Self(sentence.to_owned()),
            Mark::Unknown => Self(format!("{sentence} (The document does not say.)")),
        }
    }

    /// The remark in lines that are short enough to read. No line end, no terminal escape and no sign that turns the reading direction
    /// around is left in it, nor what means something within a comment: `?>` ends a program in PHP, and `+build` leaves one out in Go.
    pub(crate) fn lines(&self) -> Vec<String> {
        let text = inert(&self.0).replace("?>", "? >").replace("+build", "+ build");
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            match lines.last_mut() {
                Some(line) if line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_wrote_ends_no_comment() {
        let remark = Remark::new("a\nrm -rf /\r\u{2028}b\u{85}c ?> d \u{202e}e");
        let lines = remark.lines();
        assert_eq!(lines.len(), 1);
        assert!(!lines[0].contains("?>") && !lines[0].contains(['\n', '\r', '\u{2028}', '\u{85}', '\u{202e}']));
    }

    #[test]
    fn no_line_of_a_comment_is_a_build_constraint() {
        let remark = Remark::new(format!("{} +build ignore ++build", "a".repeat(WIDTH)));
        assert_eq!(remark.lines()[1..], ["+ build ignore ++ build"]);
    }

    #[test]
    fn a_remark_says_how_it_is_known() {
        let statement = |mark| Statement { value: (), mark, place: Some("Step 2".to_owned()), note: None };
        let text = |mark| Remark::on(&statement(mark), "No grant_type.").lines().join(" ");
        assert_eq!(text(Mark::Documented), "No grant_type. (Document: Step 2.)");
        assert_eq!(text(Mark::Observed), "No grant_type. (Not in the document, but seen: Step 2.)");
        assert_eq!(text(Mark::Unknown), "No grant_type. (The document does not say.)");
    }
}
