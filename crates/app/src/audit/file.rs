//! The audit trail as a file.

use std::path::PathBuf;

use gatewright_contract::Failure;
use gatewright_contract::audit::{AuditActor, AuditRow};
use gatewright_report::table::cell;

use crate::failure;
use crate::handover::files::write_bytes;

const HEADINGS: [&str; 8] = ["at", "actor", "action", "client", "client_name", "version", "run", "detail"];

/// Comma-separated values (RFC 4180): every cell quoted, none that a spreadsheet takes for a formula.
pub(super) fn csv(rows: &[AuditRow]) -> Result<Vec<u8>, Failure> {
    let mut writer = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let mut write = |cells: [String; 8]| writer.write_record(cells.iter().map(|text| cell(text)));
    let written = write(HEADINGS.map(str::to_owned)).and_then(|()| rows.iter().try_for_each(|row| write(cells(row))));
    written.map_err(|cause| failure::internal("The trail could not be written as CSV", &cause))?;
    writer.into_inner().map_err(|cause| failure::internal("The trail could not be written as CSV", cause.error()))
}

/// A JSON array, readable.
pub(super) fn json(rows: &[AuditRow]) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec_pretty(rows).map_err(|cause| failure::internal("The trail could not be written as JSON", &cause))
}

fn cells(row: &AuditRow) -> [String; 8] {
    let actor = match row.actor {
        AuditActor::User => "user",
        AuditActor::Gatewright => "gatewright",
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        row.at.clone(),
        actor.to_owned(),
        row.action.clone(),
        text(&row.client),
        text(&row.client_name),
        row.version.map(|version| version.to_string()).unwrap_or_default(),
        text(&row.run),
        text(&row.detail),
    ]
}

/// Writes a file whole or not at all: beside its place first, then into it.
pub(crate) async fn write(path: &str, content: Vec<u8>) -> Result<(), Failure> {
    let path = PathBuf::from(path);
    if !path.is_absolute() {
        return Err(failure::invalid("path", "A file to write to is named from the root of the disk."));
    }
    let shown = path.display().to_string();
    let written = tokio::task::spawn_blocking(move || write_bytes(&path, &content));
    let written = written.await.unwrap_or_else(|cause| Err(std::io::Error::other(cause)));
    written.map_err(|cause| failure::file_not_written(&shown, &cause))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(client_name: &str, detail: Option<&str>) -> AuditRow {
        AuditRow {
            at: "2026-01-02T03:04:05Z".to_owned(),
            actor: AuditActor::User,
            action: "client_changed".to_owned(),
            sentence: "Changed the client".to_owned(),
            client: Some("abc".to_owned()),
            client_name: Some(client_name.to_owned()),
            version: Some(3),
            run: None,
            detail: detail.map(str::to_owned),
        }
    }

    #[test]
    fn every_cell_is_quoted_and_every_line_ends_as_the_standard_says() {
        let text = String::from_utf8(csv(&[row("Guild \"bot\", old", Some("two\nlines"))]).unwrap()).unwrap();
        let expected = "\"at\",\"actor\",\"action\",\"client\",\"client_name\",\"version\",\"run\",\"detail\"\r\n\
             \"2026-01-02T03:04:05Z\",\"user\",\"client_changed\",\"abc\",\"Guild \"\"bot\"\", old\",\"3\",\"\",\"two\nlines\"\r\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn no_cell_is_a_formula() {
        for name in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x"] {
            let text = String::from_utf8(csv(&[row(name, None)]).unwrap()).unwrap();
            assert!(text.contains(&format!("\"'{name}\"")), "{text}");
        }
    }

    #[test]
    fn the_json_form_has_one_object_a_line_of_the_trail() {
        let rows = [row("Guild bot", None), row("=1", None)];
        let read: Vec<AuditRow> = serde_json::from_slice(&json(&rows).unwrap()).unwrap();
        assert_eq!(read, rows);
    }

    #[tokio::test]
    async fn a_file_is_written_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trail.csv");
        write(path.to_str().unwrap(), b"one".to_vec()).await.unwrap();
        write(path.to_str().unwrap(), b"two".to_vec()).await.unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
        let nowhere = folder.path().join("missing").join("trail.csv");
        let refused = write(nowhere.to_str().unwrap(), b"three".to_vec()).await.unwrap_err();
        assert_eq!(refused.code, gatewright_contract::FailureCode::FileNotWritten);
        assert!(refused.message.contains("trail.csv"), "{}", refused.message);
        assert_eq!(write("trail.csv", Vec::new()).await.unwrap_err().field.as_deref(), Some("path"));
    }
}
