//! In which language the window is written.

use gatewright_contract::settings::{Language, LanguageChoice};

use crate::App;

impl App {
    /// The language of the window now.
    pub(crate) fn language(&self) -> Language {
        spoken(self.0.settings.get().language, self.0.system_language)
    }
}

/// What a choice comes to where the system speaks a language.
fn spoken(choice: LanguageChoice, system: Language) -> Language {
    match choice {
        LanguageChoice::System => system,
        LanguageChoice::English => Language::English,
        LanguageChoice::German => Language::German,
    }
}

/// The language the system speaks.
pub(crate) fn of_system() -> Language {
    sys_locale::get_locale().as_deref().map(of_locale).unwrap_or_default()
}

/// Which of our languages a locale is: `de-AT` is German, whatever else it says. English for a language that is none of ours.
fn of_locale(locale: &str) -> Language {
    let language = locale.split(['-', '_', '.', '@']).next().unwrap_or_default();
    if language.eq_ignore_ascii_case("de") { Language::German } else { Language::English }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_that_speaks_german_anywhere_gets_a_german_window() {
        for locale in ["de", "de-DE", "de_AT.UTF-8", "DE-ch", "de@euro"] {
            assert_eq!(of_locale(locale), Language::German, "{locale}");
        }
    }

    #[test]
    fn a_system_that_speaks_none_of_our_languages_gets_english() {
        for locale in ["en-GB", "C", "POSIX", "", "den-CA", "fr_FR"] {
            assert_eq!(of_locale(locale), Language::English, "{locale}");
        }
    }

    #[test]
    fn a_choice_of_ones_own_wins_over_the_system() {
        assert_eq!(spoken(LanguageChoice::English, Language::German), Language::English);
        assert_eq!(spoken(LanguageChoice::German, Language::English), Language::German);
        assert_eq!(spoken(LanguageChoice::System, Language::German), Language::German);
    }
}
