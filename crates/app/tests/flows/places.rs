//! What was written is shown where it is, and nothing else can be.

use std::path::{Path, PathBuf};

use gatewright_contract::app::Nothing;
use gatewright_contract::handover::PlainExport;
use gatewright_contract::path::{KnownPlace, PlaceRef};
use gatewright_contract::result::{DiagramKind, RunDiagramSave};
use gatewright_contract::run::Browser;
use gatewright_contract::{Failure, FailureCode, Handler};
use tempfile::TempDir;

use crate::stage::Stage;

const CALLBACK: &str = "https://app.example.org/callback";

impl Stage {
    async fn shows(&self, known: KnownPlace) -> Result<Option<PathBuf>, Failure> {
        self.app.place_show(PlaceRef { known }).await?;
        Ok(self.desktop.shown.lock().unwrap().as_mut().and_then(Vec::pop))
    }

    async fn saves_a_diagram(&self, path: &Path) {
        let client = self.register("chattz", CALLBACK).await;
        let run = self.log_in(&client, Browser::Embedded).await.row.id;
        let path = path.display().to_string();
        self.app.run_diagram_save(RunDiagramSave { run, kind: DiagramKind::Sequence, path }).await.unwrap();
    }
}

#[tokio::test]
async fn what_was_written_last_is_shown_in_its_folder() {
    let stage = Stage::new().await;
    let folder = TempDir::new().unwrap();
    for name in ["first.svg", "ä file & more.png"] {
        let path = folder.path().join(name);
        stage.saves_a_diagram(&path).await;
        assert_eq!(stage.shows(KnownPlace::Diagram).await.unwrap(), Some(path));
    }
}

#[tokio::test]
async fn what_was_never_written_cannot_be_shown() {
    let stage = Stage::new().await;
    for known in [KnownPlace::Report, KnownPlace::Diagram, KnownPlace::AuditTrail, KnownPlace::Backup] {
        assert_eq!(stage.shows(known).await.unwrap_err().code, FailureCode::NotFound, "{known:?}");
    }
    let refused = PlainExport { clients: Vec::new(), folder: "somewhere".to_owned() };
    stage.app.clients_export(refused).await.unwrap_err();
    assert_eq!(stage.shows(KnownPlace::ClientFiles).await.unwrap_err().code, FailureCode::NotFound);
}

#[tokio::test]
async fn a_file_that_has_gone_is_said_to_be_gone() {
    let stage = Stage::new().await;
    let path = stage.database().with_file_name("run.svg");
    stage.saves_a_diagram(&path).await;
    std::fs::remove_file(&path).unwrap();
    let failure = stage.shows(KnownPlace::Diagram).await.unwrap_err();
    assert_eq!(failure.message, format!("{} is not there any more.", path.display()));
}

#[tokio::test]
async fn the_folder_of_own_plans_is_shown_before_there_is_one_in_it() {
    let stage = Stage::new().await;
    let folder = stage.app.walk_plans(Nothing {}).await.unwrap().folder;
    assert_eq!(stage.shows(KnownPlace::WalkPlans).await.unwrap(), Some(PathBuf::from(&folder)));
    assert!(Path::new(&folder).is_dir());
}

#[tokio::test]
async fn a_desktop_without_a_program_for_folders_is_told_of() {
    let stage = Stage::new().await;
    *stage.desktop.shown.lock().unwrap() = None;
    let failure = stage.shows(KnownPlace::WalkPlans).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::FolderUnavailable);
    assert!(failure.message.contains("walk-plans"), "{failure:?}");
}
