//! Our own sentences in other languages. Pure: no I/O, no clock; an English text in, its translation out.
//!
//! Gatewright writes and records English. A sentence is translated where it leaves for a person, by looking for the English template it
//! was made from: `Port 8080 is free on this computer.` is found as `Port {port} is free on this computer.`, and `8080` goes into the
//! template of the other language. So what was recorded years ago is shown in today's language, and no record has a language.
//!
//! `texts/de/*.po` are the catalogues. `cargo xtask codegen` collects the English texts from the sources; translators fill in the rest.

mod catalogue;
mod lists;
mod sentences;
mod template;
mod translator;

use std::sync::OnceLock;

pub use self::translator::Translator;

/// A language that Gatewright speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English, in which everything is written first.
    #[default]
    English,
    /// German.
    German,
}

impl Language {
    /// Which of our languages a locale is: `de-AT` is German, whatever else it says. English for a language that is none of ours.
    pub fn of_locale(locale: &str) -> Self {
        let language = locale.split(['-', '_', '.', '@']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("de") { Self::German } else { Self::English }
    }

    /// What translates into this language; none for English. The catalogue is read when it is asked for the first time.
    pub fn translator(self) -> Option<&'static Translator> {
        static GERMAN: OnceLock<Translator> = OnceLock::new();
        match self {
            Self::English => None,
            Self::German => Some(GERMAN.get_or_init(|| Translator::new(catalogue::entries(catalogue::GERMAN)))),
        }
    }
}

#[cfg(test)]
mod tests;
