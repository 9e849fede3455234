//! Catalogues in gettext's PO format, which translators' tools know.

use std::collections::BTreeMap;
use std::io::BufWriter;
use std::path::Path;

use anyhow::{Context as _, anyhow};
use polib::catalog::Catalog;
use polib::message::Message;
use polib::metadata::CatalogMetadata;
use polib::po_file;

use super::Texts;

/// What translators have written so far, by the English text, whichever catalogue it stood in.
pub(super) fn translations(folder: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let mut known = BTreeMap::new();
    for (name, content) in super::read(folder)? {
        // Other tools write an empty remark before the header, at which the reader stops.
        let header = content.find("msgid \"\"").with_context(|| format!("{name} has no header"))?;
        let catalog = po_file::parse_from_reader(&content.as_bytes()[header..])
            .map_err(|cause| anyhow!("{cause}"))
            .with_context(|| format!("reading {name}"))?;
        for message in catalog.messages().filter(|message| message.is_translated()) {
            if let Ok(text) = message.msgstr() {
                known.insert(message.msgid().to_owned(), text.to_owned());
            }
        }
    }
    Ok(known)
}

/// A catalogue as it is kept. Lines have no numbers, so that a file changes only where a text does.
pub(super) fn written(language: &str, texts: &Texts, known: &BTreeMap<String, String>) -> anyhow::Result<String> {
    let metadata = CatalogMetadata {
        project_id_version: "Gatewright".to_owned(),
        mime_version: "1.0".to_owned(),
        content_type: "text/plain; charset=UTF-8".to_owned(),
        content_transfer_encoding: "8bit".to_owned(),
        language: language.to_owned(),
        ..CatalogMetadata::default()
    };
    let mut catalog = Catalog::new(metadata);
    for (text, files) in texts {
        let message = Message::build_singular()
            .with_source(files.join("\n"))
            .with_msgid(text.clone())
            .with_msgstr(known.get(text).cloned().unwrap_or_default())
            .done();
        catalog.append_or_update(message);
    }
    let mut bytes = Vec::new();
    po_file::write(&catalog, &mut BufWriter::new(&mut bytes))?;
    Ok(String::from_utf8(bytes)?)
}
