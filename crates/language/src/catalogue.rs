//! The catalogues that are part of the program.

use polib::po_file::{POParseOptions, parse_from_reader_with_option};

/// The German catalogues: name and content.
pub(crate) const GERMAN: &[(&str, &str)] = &[
    ("protocol", include_str!("../texts/de/protocol.po")),
    ("model", include_str!("../texts/de/model.po")),
    ("providers", include_str!("../texts/de/providers.po")),
    ("plans", include_str!("../texts/de/plans.po")),
    ("engine", include_str!("../texts/de/engine.po")),
    ("loopback", include_str!("../texts/de/loopback.po")),
    ("vault", include_str!("../texts/de/vault.po")),
    ("store", include_str!("../texts/de/store.po")),
    ("handover", include_str!("../texts/de/handover.po")),
    ("report", include_str!("../texts/de/report.po")),
    ("sandbox", include_str!("../texts/de/sandbox.po")),
    ("app", include_str!("../texts/de/app.po")),
    ("shell", include_str!("../texts/de/shell.po")),
];

/// The English texts of catalogues that have a translation, each with it. A catalogue that cannot be read has none; a test reads them all.
pub(crate) fn entries(catalogues: &[(&str, &str)]) -> Vec<(String, String)> {
    let options = POParseOptions { message_body_only: true, translated_only: true, ..POParseOptions::default() };
    let read = |content: &str| parse_from_reader_with_option(without_remarks(content).as_bytes(), &options).ok();
    let mut all = Vec::new();
    for catalog in catalogues.iter().filter_map(|(_, content)| read(content)) {
        let texts = catalog
            .messages()
            .filter_map(|message| Some((message.msgid().to_owned(), message.msgstr().ok()?.to_owned())));
        all.extend(texts);
    }
    all
}

/// A catalogue from its header on. Other tools write an empty remark before it, at which the reader stops.
pub(crate) fn without_remarks(content: &str) -> &str {
    content.find("msgid \"\"").and_then(|header| content.get(header..)).unwrap_or(content)
}
