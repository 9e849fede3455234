//! Dates, times and numbers as a language writes them. All times are in UTC.

use gatewright_language::Language;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::wording;

/// A day: "21 Nov 2026", "21.11.2026".
pub(crate) fn day(language: Language, at: &Timestamp) -> String {
    let form = match language {
        Language::English => "%-d %b %Y",
        Language::German => "%d.%m.%Y",
    };
    at.strftime(form).to_string()
}

/// The time of day: "20:49:48".
pub(crate) fn clock(at: &Timestamp) -> String {
    at.strftime("%H:%M:%S").to_string()
}

/// Day and time: "21 Nov 2026, 20:49:48".
pub(crate) fn date_and_time(language: Language, at: &Timestamp) -> String {
    format!("{}, {}", day(language, at), clock(at))
}

/// A day as it stands in a list of days, from its form in ISO 8601, which English keeps: "2026-11-21", "21.11.2026".
pub(crate) fn date(language: Language, iso: &str) -> String {
    match (language, iso.parse::<Date>()) {
        (Language::German, Ok(date)) => date.strftime("%d.%m.%Y").to_string(),
        _ => iso.to_owned(),
    }
}

/// The same without its year: "11-21", "21.11.".
pub(crate) fn date_in_year(language: Language, iso: &str) -> String {
    match (language, iso.parse::<Date>()) {
        (Language::German, Ok(date)) => date.strftime("%d.%m.").to_string(),
        _ => iso.get(5..).unwrap_or(iso).to_owned(),
    }
}

/// A duration in microseconds: "1.24 s", "1,24 s".
pub(crate) fn duration(language: Language, microseconds: u64) -> String {
    language.number(&wording::duration(microseconds))
}

/// A few words in the midst of a sentence, or after a number: without the capital that they begin with. Other capitals stay: German has them
/// within, too.
pub(crate) fn in_midst(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_writes_dates_and_numbers_as_its_readers_do() {
        let at = "2026-11-01T20:49:48Z".parse().unwrap();
        let written = [Language::English, Language::German].map(|language| {
            [
                date_and_time(language, &at),
                date(language, "2026-01-31"),
                date_in_year(language, "2026-01-31"),
                duration(language, 1_240_000),
            ]
        });
        assert_eq!(written[0], ["1 Nov 2026, 20:49:48", "2026-01-31", "01-31", "1.24 s"]);
        assert_eq!(written[1], ["01.11.2026, 20:49:48", "31.01.2026", "31.01.", "1,24 s"]);
    }

    #[test]
    fn what_is_no_date_stays_as_it_is() {
        assert_eq!(date(Language::German, "yesterday"), "yesterday");
        assert_eq!(in_midst("Mit Anmerkung"), "mit Anmerkung");
        assert_eq!(in_midst(""), "");
    }
}
