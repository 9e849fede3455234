//! In which language the window is written, and how it hears ours.

use std::borrow::Cow;
use std::sync::Arc;

use gatewright_contract::Spoken;
use gatewright_contract::settings::{Language as WireLanguage, LanguageChoice};
use gatewright_contract::text::Interpreter;
use gatewright_language::{Language, Translator};

use crate::App;
use crate::desktop::Desktop;

impl App {
    /// Something on its way to the window, which reads our own sentences in its language. Everything that crosses the bridge is said so.
    pub fn spoken<T>(&self, said: T) -> Spoken<T> {
        let interpreter =
            self.speaks().translator().map(|translator| Arc::new(Catalogue(translator)) as Arc<dyn Interpreter>);
        Spoken::new(said, interpreter)
    }

    /// A sentence of ours in the language of the window, for what the desktop shows by itself.
    pub(crate) fn in_words<'a>(&self, english: &'a str) -> Cow<'a, str> {
        self.speaks().says(english)
    }

    /// The language of the window now, for the window.
    pub(crate) fn language(&self) -> WireLanguage {
        match self.speaks() {
            Language::English => WireLanguage::English,
            Language::German => WireLanguage::German,
        }
    }

    /// The language of the window now, for what is made in it here: pages, pictures, titles.
    pub(crate) fn speaks(&self) -> Language {
        spoken_by(self.0.settings.get().language, self.0.system_language)
    }
}

/// A translator in the terms of the wire.
struct Catalogue(&'static Translator);

impl Interpreter for Catalogue {
    fn interpret<'a>(&self, english: &'a str) -> Cow<'a, str> {
        self.0.translate(english)
    }
}

/// What a choice comes to where the system speaks a language.
fn spoken_by(choice: LanguageChoice, system: Language) -> Language {
    match choice {
        LanguageChoice::System => system,
        LanguageChoice::English => Language::English,
        LanguageChoice::German => Language::German,
    }
}

/// The language a desktop speaks.
pub(crate) fn of_desktop(desktop: &dyn Desktop) -> Language {
    desktop.locale().as_deref().map(Language::of_locale).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_of_ones_own_wins_over_the_system() {
        assert_eq!(spoken_by(LanguageChoice::English, Language::German), Language::English);
        assert_eq!(spoken_by(LanguageChoice::German, Language::English), Language::German);
        assert_eq!(spoken_by(LanguageChoice::System, Language::German), Language::German);
    }
}
