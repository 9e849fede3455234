//! What leaves, and what never does.

use std::path::Path;

use gatewright_contract::handover::{ExportLock, PlainExport, SealedExport};
use gatewright_contract::{FailureCode, Handler};
use gatewright_testkit::Canary;
use tempfile::TempDir;

use super::{enter, look, sealed, take_all};
use crate::leaks::log_everything;
use crate::stage::{Stage, everything};

fn plain(folder: &Path) -> PlainExport {
    PlainExport { clients: vec![], folder: folder.display().to_string() }
}

#[tokio::test]
async fn a_plain_export_is_one_file_for_each_client_and_the_same_every_time() {
    let (stage, folder) = (Stage::new().await, TempDir::new().unwrap());
    enter(&stage, "My Website Login", "abc123", &Canary::new("one")).await;
    enter(&stage, "Guild bot", "def456", &Canary::new("two")).await;
    stage.register("chattr", super::CALLBACK).await;
    let exported = stage.app.clients_export(plain(folder.path())).await.unwrap();
    assert_eq!((exported.clients, exported.secrets), (2, 0));
    assert!(exported.left_out[0].contains("sandbox of this computer"), "{:?}", exported.left_out);
    let text = || std::fs::read_to_string(folder.path().join("chattz-abc123.toml")).unwrap();
    let first = text();
    stage.app.clients_export(plain(folder.path())).await.unwrap();
    assert_eq!(text(), first);
    assert!(first.contains("name = \"My Website Login\"") && !first.contains("secret ="), "{first}");
}

#[tokio::test]
async fn a_file_of_another_program_is_not_overwritten() {
    let (stage, folder) = (Stage::new().await, TempDir::new().unwrap());
    enter(&stage, "My Website Login", "abc123", &Canary::new("one")).await;
    let path = folder.path().join("chattz-abc123.toml");
    std::fs::write(&path, "mine = true\n").unwrap();
    let exported = stage.app.clients_export(plain(folder.path())).await.unwrap();
    assert_eq!((exported.clients, exported.left_out.len()), (0, 1));
    assert_eq!(std::fs::read_to_string(path).unwrap(), "mine = true\n");
}

#[tokio::test]
async fn secrets_leave_only_when_that_was_confirmed_and_only_behind_a_good_lock() {
    let (stage, folder) = (Stage::new().await, TempDir::new().unwrap());
    let client = enter(&stage, "My Website Login", "abc123", &Canary::new("locked")).await;
    let file = folder.path().join("clients.age");
    let asked = sealed(&file, &[&client]);
    for (request, field) in [
        (SealedExport { confirmed: false, ..asked.clone() }, "confirmed"),
        (SealedExport { lock: ExportLock::Passphrase("short".to_owned()), ..asked.clone() }, "passphrase"),
        (SealedExport { lock: ExportLock::Recipients(vec!["age1nobody".to_owned()]), ..asked.clone() }, "recipients"),
        (SealedExport { lock: ExportLock::Recipients(vec![]), ..asked.clone() }, "recipients"),
        (SealedExport { file: "clients.age".to_owned(), ..asked.clone() }, "file"),
    ] {
        let refused = stage.app.clients_export_sealed(request).await.unwrap_err();
        assert_eq!(
            (refused.code, refused.field.as_deref()),
            (FailureCode::Invalid, Some(field)),
            "{}",
            refused.message
        );
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was written, not by halves either");
    assert_eq!(stage.app.clients_export_sealed(asked).await.unwrap().secrets, 1);
}

#[tokio::test]
async fn no_secret_is_in_a_plain_file_a_temporary_file_a_log_or_an_answer() {
    let log = log_everything();
    let (stage, folder) = (Stage::new().await, TempDir::new().unwrap());
    let canary = Canary::new("exported");
    let client = enter(&stage, "My Website Login", "abc123", &canary).await;
    let mut seen =
        vec![("answer", format!("{:?}", stage.app.clients_export(plain(folder.path())).await.unwrap()).into_bytes())];
    let exported =
        stage.app.clients_export_sealed(sealed(&folder.path().join("clients.age"), &[&client])).await.unwrap();
    seen.push(("answer", serde_json::to_vec(&exported).unwrap()));
    let env = folder.path().join(".env");
    std::fs::write(
        &env,
        format!(
            "OTHER_CLIENT_ID=7\nOTHER_CLIENT_SECRET={}\nOTHER_REDIRECT_URI=https://a.example/cb\n",
            canary.as_str()
        ),
    )
    .unwrap();
    let mut asked = look(&env);
    asked.provider = Some("chattz".to_owned());
    let preview = stage.app.import_look(asked).await.unwrap();
    seen.push(("preview", serde_json::to_vec(&preview).unwrap()));
    take_all(&stage, &preview).await;
    std::fs::remove_file(env).unwrap();
    seen.push(("list", serde_json::to_vec(&stage.app.client_list(everything()).await.unwrap()).unwrap()));
    seen.push(("events", stage.desktop.told.lock().unwrap().clone().into_bytes()));
    seen.push(("log", log.lock().unwrap().clone()));
    for place in [folder.path(), stage.database().parent().unwrap()] {
        for entry in std::fs::read_dir(place).unwrap().flatten().filter(|entry| entry.path().is_file()) {
            assert!(!entry.file_name().to_string_lossy().contains("unfinished"), "{:?} is left over", entry.path());
            seen.push(("file", std::fs::read(entry.path()).unwrap()));
        }
    }
    for (place, bytes) in &seen {
        let traces = canary.traces_in(bytes);
        assert!(traces.is_empty(), "the secret stands in a {place} as {traces:?}");
    }
}
