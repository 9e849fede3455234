use std::collections::BTreeSet;

use polib::po_file::parse_from_reader;
use proptest::prelude::*;

use super::*;
use crate::template::Template;

/// A translator with a few texts that have every difficulty.
fn small() -> Translator {
    let entries = [
        ("Port {port} is free on this computer.", "Port {port} ist auf diesem Computer frei."),
        ("The browser could not be opened.", "Der Browser ließ sich nicht öffnen."),
        ("the clipboard could not be used: {0}", "die Zwischenablage ließ sich nicht verwenden: {0}"),
        ("it is locked", "sie ist gesperrt"),
        ("{file} is damaged.", "{file} ist beschädigt."),
        ("Step {number} of {1}: {title}.", "Schritt {number} von {1}: {title}."),
        ("Promote the new one", "Die neue Version einsetzen"),
        ("The clock is off by {0}; it is {way}.", "Die Uhr geht {0} falsch; sie geht {way}."),
        ("{seconds} seconds", "{seconds} Sekunden"),
        ("behind", "nach"),
        ("Every text of {name} is here.", "Jeder Text von {name} ist hier."),
        ("Endpoints", "Endpunkte"),
        ("It says {{}} to {person}.", "Es sagt {{}} zu {person}."),
        ("yourself", "sich selbst"),
        ("secret in body", "Secret im Body"),
        (" Look at the network.", " Das Netzwerk ansehen."),
        ("It took {0} s.", "Es dauerte {0} s."),
    ];
    Translator::new(entries.map(|(english, german)| (english.to_owned(), german.to_owned())))
}

#[track_caller]
fn says(english: &str, german: &str) {
    assert_eq!(small().translate(english), german);
}

#[test]
fn a_sentence_keeps_what_was_filled_in() {
    says("Port 8080 is free on this computer.", "Port 8080 ist auf diesem Computer frei.");
    says("It says {} to Olivia.", "Es sagt {} zu Olivia.");
}

#[test]
fn an_errors_words_are_found_in_the_sentence_made_of_them() {
    says(
        "The clipboard could not be used: it is locked.",
        "Die Zwischenablage ließ sich nicht verwenden: sie ist gesperrt.",
    );
}

#[test]
fn our_own_words_within_a_sentence_are_translated_too() {
    says("The clock is off by 90 seconds; it is behind.", "Die Uhr geht 90 Sekunden falsch; sie geht nach.");
    says("Step 2 of 5: Promote the new one.", "Schritt 2 von 5: Die neue Version einsetzen.");
}

#[test]
fn sentences_that_stand_one_after_the_other_are_each_translated() {
    says(
        "The browser could not be opened. /tmp/a.sqlite is damaged.",
        "Der Browser ließ sich nicht öffnen. /tmp/a.sqlite ist beschädigt.",
    );
    says(
        "The browser could not be opened. Look at the network.",
        "Der Browser ließ sich nicht öffnen. Das Netzwerk ansehen.",
    );
    says(
        "The browser could not be opened. Nobody knows this.",
        "Der Browser ließ sich nicht öffnen. Nobody knows this.",
    );
}

#[test]
fn what_a_person_has_named_keeps_its_name() {
    says("Every text of Endpoints is here.", "Jeder Text von Endpoints ist hier.");
    says("It says {} to yourself.", "Es sagt {} zu sich selbst.");
}

#[test]
fn a_name_may_have_a_full_stop_within() {
    says("Every text of Acme Inc. Berlin is here.", "Jeder Text von Acme Inc. Berlin ist hier.");
    says(
        "The browser could not be opened. Every text of St. Pauli is here.",
        "Der Browser ließ sich nicht öffnen. Jeder Text von St. Pauli ist hier.",
    );
}

#[test]
fn what_is_not_ours_comes_back_as_it_is() {
    for text in ["", "invalid_grant", "Your account was closed. Call us.", "Port", "  ", "{", "Port {port"] {
        says(text, text);
    }
}

#[test]
fn what_stands_in_quotation_marks_stays_as_somebody_else_wrote_it() {
    let theirs = [
        "400 invalid_grant, “No. The browser could not be opened. Sorry”",
        "503, “the clipboard could not be used: it is locked”",
        "“Endpoints; behind; Endpoints”",
        "“Endpoints: it is locked”",
        "“Endpoints”",
    ];
    for theirs in theirs {
        says(theirs, theirs);
        says(
            &format!("The clipboard could not be used: {theirs}."),
            &format!("Die Zwischenablage ließ sich nicht verwenden: {theirs}."),
        );
    }
    says("The clock is off by “1”; it is behind.", "Die Uhr geht “1” falsch; sie geht nach.");
    says("The clock is off by „1“; it is behind.", "Die Uhr geht „1“ falsch; sie geht nach.");
    says("Endpoints: “Endpoints”", "Endpunkte: “Endpoints”");
}

#[test]
fn an_error_code_that_reads_like_a_word_of_ours_stays_what_it_is() {
    let entries = [("It said {code}{said}.", "Es sagte {code}{said}."), ("nobody", "niemand")];
    let translator = Translator::new(entries.map(|(english, german)| (english.to_owned(), german.to_owned())));
    assert_eq!(translator.translate("It said nobody."), "Es sagte nobody.");
}

#[test]
fn lists_are_translated_member_by_member() {
    says("grant_type · secret in body", "grant_type · Secret im Body");
    says("Endpoints: 7", "Endpunkte: 7");
}

#[test]
fn decimals_have_a_comma_in_german() {
    says("It took 1.5 s.", "Es dauerte 1,5 s.");
}

#[test]
fn a_template_at_hand_is_filled_with_what_is_given_as_it_is() {
    let fill = |language: Language| {
        language.fill("{client} at {provider}", &[("provider", "No, Ltd."), ("client", "Passed: {client}")])
    };
    assert_eq!(fill(Language::English), "Passed: {client} at No, Ltd.");
    assert_eq!(fill(Language::German), "Passed: {client} bei No, Ltd.");
    assert_eq!(Language::German.fill("Nobody knows {this}.", &[("this", "1")]), "Nobody knows 1.");
}

#[test]
fn a_language_has_a_tag_and_a_decimal_sign() {
    let written = [Language::English, Language::German].map(|language| (language.tag(), language.number("1.24 s")));
    assert_eq!(written, [("en", "1.24 s".to_owned()), ("de", "1,24 s".to_owned())]);
}

#[test]
fn a_german_system_gets_german_and_others_english() {
    for locale in ["de", "de-DE", "de_AT.UTF-8", "DE-ch", "de@euro"] {
        assert_eq!(Language::of_locale(locale), Language::German, "{locale}");
    }
    for locale in ["en-GB", "C", "POSIX", "", "den-CA", "fr_FR"] {
        assert_eq!(Language::of_locale(locale), Language::English, "{locale}");
    }
}

/// Every text of the catalogues, translated or not: catalogue, English, German.
fn every_text() -> Vec<(&'static str, String, String)> {
    let mut all = Vec::new();
    for (name, content) in catalogue::GERMAN {
        let catalog = parse_from_reader(catalogue::without_remarks(content).as_bytes())
            .unwrap_or_else(|cause| panic!("{name}: {cause}"));
        for message in catalog.messages() {
            all.push((*name, message.msgid().to_owned(), message.msgstr().unwrap_or_default().to_owned()));
        }
    }
    all
}

#[test]
fn every_text_has_its_german() {
    let without: Vec<_> = every_text().into_iter().filter(|(_, _, german)| german.is_empty()).collect();
    assert!(without.is_empty(), "{without:#?}");
}

#[test]
fn a_translation_has_the_placeholders_of_its_text() {
    for (name, english, german) in every_text().into_iter().filter(|(_, _, german)| !german.is_empty()) {
        let placeholders = |text: &str| {
            let template = Template::read(text);
            template.placeholders().into_iter().map(str::to_owned).collect::<BTreeSet<_>>()
        };
        assert_eq!(placeholders(&german), placeholders(&english), "{name}: {english}");
    }
}

#[test]
fn a_translation_ends_as_its_text_does() {
    for (name, english, german) in every_text().into_iter().filter(|(_, _, german)| !german.is_empty()) {
        let end = |text: &str| text.chars().last().filter(|letter| matches!(letter, '.' | '?' | ':' | '…' | ' '));
        assert_eq!(end(&german), end(&english), "{name}: {english} / {german}");
    }
}

/// Nothing that stands in a catalogue, so that it stays as it is.
fn sample(number: usize) -> String {
    format!("Zq{number}Xw")
}

#[test]
fn every_template_is_found_again_by_a_text_made_from_it() {
    let Some(translator) = Language::German.translator() else { panic!("no German") };
    for (name, english, german) in every_text().into_iter().filter(|(_, _, german)| !german.is_empty()) {
        let template = Template::read(&english);
        if !template.has_letters() {
            continue;
        }
        let names: Vec<_> = template.placeholders().into_iter().map(str::to_owned).collect();
        let value = |name: &str| names.iter().position(|known| known == name).map(sample);
        let expected = Template::read(&german).filled(value);
        assert_eq!(translator.translate(&template.filled(value)), expected, "{name}: {english}");
    }
}

#[test]
fn what_is_the_same_each_time_is_found_before_what_only_fits() {
    let entries = [
        ("{name} was {seen}.", "{name} war {seen}."),
        ("a picture was not removed", "ein Bild wurde nicht entfernt"),
        ("{client_name} at {provider}", "{client_name} bei {provider}"),
    ];
    let translator = Translator::new(entries.map(|(english, german)| (english.to_owned(), german.to_owned())));
    assert_eq!(translator.translate("A picture was not removed."), "Ein Bild wurde nicht entfernt.");
    assert_eq!(translator.translate("expires_in was \"3600\"."), "expires_in war \"3600\".");
    assert_eq!(translator.translate("Website at Chattr"), "Website bei Chattr");
    let theirs = [
        "This account was closed by an administrator.",
        "Please look at the terms of our service before you go on",
        "No user at this address",
    ];
    for theirs in theirs {
        assert_eq!(translator.translate(theirs), theirs, "a server's own words");
    }
}

#[test]
fn no_template_gets_between_a_text_and_its_full_stop() {
    let Some(translator) = Language::German.translator() else { panic!("no German") };
    let all = every_text();
    let known: BTreeSet<_> = all.iter().map(|(_, english, _)| english.as_str()).collect();
    for (name, english, german) in &all {
        let is_plain = Template::read(english).as_text().is_some() && english.ends_with(char::is_alphabetic);
        if is_plain && !known.contains(format!("{english}.").as_str()) {
            assert_eq!(translator.translate(&format!("{english}.")), format!("{german}."), "{name}: {english}");
        }
    }
}

proptest! {
    #[test]
    fn no_text_is_too_odd_to_be_translated(text in "\\PC{0,200}") {
        let translated = small().translate(&text).into_owned();
        prop_assert!(text.is_empty() || !translated.is_empty());
    }

    #[test]
    fn any_arguments_are_kept(port in "[a-z0-9 ]{0,12}", person in "[A-Za-z{}]{1,12}") {
        let english = format!("Port {port} is free on this computer.");
        prop_assert_eq!(small().translate(&english), format!("Port {port} ist auf diesem Computer frei."));
        let english = format!("It says {{}} to {person}.");
        prop_assert_eq!(small().translate(&english), format!("Es sagt {{}} zu {person}."));
    }

    #[test]
    fn pieces_of_our_own_sentences_in_any_order_do_no_harm(pieces in prop::collection::vec(0..20_usize, 0..8)) {
        let known = ["Port ", "8080", " is free on this computer.", "The browser could not be opened.", " ", ". ", "{", "}", "Step ",
            " of ", ": ", "behind", ", ", " or ", "it is locked", "\n", "”", "Ä", "…", "1.5"];
        let text: String = pieces.into_iter().filter_map(|piece| known.get(piece).copied()).collect();
        let _any = small().translate(&text);
    }
}
