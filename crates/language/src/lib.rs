//! Our own sentences in other languages. Pure: no I/O, no clock; an English text in, its translation out.
//!
//! Gatewright writes and records English. A sentence is translated where it leaves for a person, by looking for the English template it
//! was made from: `Port 8080 is free on this computer.` is found as `Port {port} is free on this computer.`, and `8080` goes into the
//! template of the other language. So what was recorded years ago is shown in today's language, and no record has a language.
//!
//! `texts/de/*.po` are the catalogues. `cargo xtask codegen` collects the English texts from the sources; translators fill in the rest.

mod catalogue;
mod lists;
mod quotes;
mod sentences;
mod template;
mod translator;

use std::borrow::Cow;
use std::sync::OnceLock;

use self::template::Template;
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

    /// The language's tag (BCP 47), as HTML names it.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// An English text of ours in this language. What was not made from our templates comes back as it is.
    pub fn says(self, english: &str) -> Cow<'_, str> {
        match self.translator() {
            Some(translator) => translator.translate(english),
            None => Cow::Borrowed(english),
        }
    }

    /// A template of ours in this language, with these in its places, by their names. They go in as they are: whoever has the template at
    /// hand knows which of them are ours, and nothing has to be found again.
    pub fn fill(self, template: &str, arguments: &[(&str, &str)]) -> String {
        let value =
            |name: &str| arguments.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        match self.translator().and_then(|translator| translator.template(template)) {
            Some(translated) => translated.filled(value),
            None => Template::read(template).filled(value),
        }
    }

    /// A number, which English writes like this, with the decimal sign of this language.
    pub fn number(self, written: &str) -> String {
        match self {
            Self::English => written.to_owned(),
            Self::German => written.replace('.', ","),
        }
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
