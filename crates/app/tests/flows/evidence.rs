//! What the pages of a login looked like: recorded as the login view tells of them, kept as files, and gone when it is time.

use std::path::PathBuf;

use gatewright_app::ports::{Moment, Page, Pixels};
use gatewright_contract::Handler;
use gatewright_contract::app::Nothing;
use gatewright_contract::evidence::{EvidenceList, PageMoment, PictureRef, PictureStock, PictureStockQuery};
use gatewright_contract::run::{Browser, RunRef, RunRefs};
use tempfile::TempDir;

use crate::stage::{PATIENCE, Stage};

const REDIRECT_URI: &str = "https://forum.example.org/callback";
const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// A picture of one colour.
pub(crate) fn pixels(colour: u8) -> Pixels {
    Pixels { width: 52, height: 70, stride: 52 * 4, bytes: vec![colour; 52 * 70 * 4] }
}

impl Stage {
    /// A login in the embedded view that has ended.
    async fn logged_in(&self) -> RunRef {
        let client = self.register("contentdb", REDIRECT_URI).await;
        RunRef { run: self.log_in(&client, Browser::Embedded).await.row.id }
    }

    /// A page that the login view opened last shows.
    pub(crate) fn page(&self, path: &str) -> std::sync::Arc<Page> {
        let pictures = self.desktop.pictures.lock().unwrap().clone().expect("a login view was opened");
        pictures.page(&format!("https://id.example.org/{path}?state=abc").parse().unwrap()).unwrap()
    }

    /// A login page, where somebody did something, and a consent page, where nobody did.
    fn shows_two_pages(&self) {
        let login = self.page("login");
        login.look(Moment::PageLoaded).unwrap().shows(pixels(1));
        login.look(Moment::Decided).unwrap().shows(pixels(2));
        drop(login);
        self.page("consent").look(Moment::PageLoaded).unwrap().shows(pixels(1));
    }

    /// Waits until the pages of a run are on record as the test wants them.
    pub(crate) async fn pages(&self, run: &RunRef, enough: impl Fn(&EvidenceList) -> bool) -> EvidenceList {
        let waiting = async {
            loop {
                let list = self.app.evidence_list(run.clone()).await.unwrap();
                if enough(&list) {
                    return list;
                }
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.expect("the pages come on record")
    }

    async fn two_pages(&self, run: &RunRef) -> EvidenceList {
        self.pages(run, |list| list.pages.iter().map(|page| page.looks.len()).sum::<usize>() == 3).await
    }

    /// The files with pictures.
    pub(crate) fn picture_files(&self) -> Vec<PathBuf> {
        let folders = std::fs::read_dir(self.database().with_file_name("evidence")).into_iter().flatten().flatten();
        folders.flat_map(|folder| std::fs::read_dir(folder.path()).unwrap()).map(|file| file.unwrap().path()).collect()
    }

    pub(crate) async fn waits_for_files(&self, number: usize) {
        let waiting = async {
            while self.picture_files().len() != number {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.expect("files come or go");
    }
}

fn first_picture(list: &EvidenceList) -> PictureRef {
    PictureRef { picture: list.pages[0].looks[0].id.clone() }
}

pub(crate) fn reasons(list: &EvidenceList) -> Vec<Option<&str>> {
    list.pages.iter().flat_map(|page| &page.looks).map(|look| look.missing.as_deref()).collect()
}

#[tokio::test]
async fn a_login_leaves_its_pages_with_a_picture_of_each_moment() {
    let stage = Stage::new().await;
    let run = stage.logged_in().await;
    stage.shows_two_pages();
    let list = stage.two_pages(&run).await;
    let addresses: Vec<_> = list.pages.iter().map(|page| (page.number, page.address.as_str())).collect();
    assert_eq!(addresses, [(1, "https://id.example.org/login"), (2, "https://id.example.org/consent")]);
    let moments: Vec<_> = list.pages[0].looks.iter().map(|look| look.moment).collect();
    assert_eq!(moments, [PageMoment::Loaded, PageMoment::Decided]);
    assert!(list.pages[0].decided_after_ms.is_some() && list.pages[1].decided_after_ms.is_none());
    let size = list.pages[0].looks[0].size.clone().unwrap();
    assert_eq!((size.width, size.height), (52, 70));

    let shown = stage.app.evidence_picture(first_picture(&list)).await.unwrap();
    assert!(shown.source.starts_with("data:image/png;base64,iVBORw0KGgo"), "{}", shown.source);
    assert_eq!(stage.picture_files().len(), 2, "two looks were the same picture");

    let stage = stage.restart().await;
    assert_eq!(stage.two_pages(&run).await, list, "it is there after a restart");
}

#[tokio::test]
async fn without_pictures_the_pages_are_on_record_all_the_same() {
    let stage = Stage::new().await;
    let mut settings = stage.app.settings_show(Nothing {}).await.unwrap();
    settings.take_pictures = false;
    stage.app.settings_change(settings).await.unwrap();
    let run = stage.logged_in().await;
    let login = stage.page("login");
    assert!(login.look(Moment::PageLoaded).is_none() && login.look(Moment::Decided).is_none());
    drop(login);
    let list = stage.pages(&run, |list| list.pages.first().is_some_and(|page| page.looks.len() == 2)).await;
    assert_eq!(reasons(&list), [Some("Pictures were switched off."); 2]);
    assert!(stage.picture_files().is_empty());
}

#[tokio::test]
async fn pages_of_another_browser_are_said_to_be_out_of_sight() {
    let stage = Stage::new().await;
    let client = stage.register("contentdb", "http://127.0.0.1:0/callback").await;
    let run = RunRef { run: stage.log_in(&client, Browser::System).await.row.id };
    let list = stage.app.evidence_list(run).await.unwrap();
    assert!(list.pages.is_empty());
    assert!(list.note.unwrap().starts_with("The system browser's pages cannot be pictured"));
}

#[tokio::test]
async fn a_picture_can_be_deleted_alone_and_comes_back_by_undo() {
    let stage = Stage::new().await;
    let run = stage.logged_in().await;
    stage.shows_two_pages();
    let list = stage.two_pages(&run).await;
    let picture = first_picture(&list);
    let deleted = stage.app.evidence_delete(picture.clone()).await.unwrap();
    assert_eq!(deleted.what, "1 picture");
    assert_eq!(reasons(&stage.two_pages(&run).await), [Some("The picture was deleted."), None, None]);
    assert!(stage.app.evidence_picture(picture.clone()).await.is_err());
    stage.app.evidence_restore(picture.clone()).await.unwrap();
    assert_eq!(stage.two_pages(&run).await, list);

    // Nobody takes it back this time. Its twin on the consent page keeps the file.
    stage.app.evidence_delete(picture.clone()).await.unwrap();
    stage.edit("UPDATE evidence SET deleted_at = deleted_at - 3600000000");
    let stage = stage.restart().await;
    let gone = async {
        while stage.counted("evidence WHERE missing = 'deleted'") == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, gone).await.expect("the start finishes the deletion");
    assert!(stage.app.evidence_restore(picture).await.is_err(), "too late");
    assert_eq!(stage.picture_files().len(), 2);
}

#[tokio::test]
async fn a_deleted_run_takes_the_files_of_its_pictures_along() {
    let stage = Stage::new().await;
    let run = stage.logged_in().await;
    stage.shows_two_pages();
    stage.two_pages(&run).await;
    stage.app.run_delete(RunRefs { runs: vec![run.run.clone()] }).await.unwrap();
    assert_eq!(stage.picture_files().len(), 2, "the deletion can be taken back");
    stage.edit("UPDATE run SET deleted_at = deleted_at - 3600000000");
    let stage = stage.restart().await;
    stage.waits_for_files(0).await;
}

#[tokio::test]
async fn pictures_go_when_they_are_old_and_it_is_told_beforehand() {
    let stage = Stage::new().await;
    let run = stage.logged_in().await;
    stage.shows_two_pages();
    stage.two_pages(&run).await;
    stage.edit(&format!("UPDATE evidence SET at = at - {} WHERE page = 0", 29 * DAY));
    let stock = async |days| stage.app.evidence_stock(PictureStockQuery { days }).await.unwrap();
    let PictureStock { pictures, going, next_at, .. } = stock(30).await;
    assert_eq!((pictures, going), (3, 0));
    assert!(next_at.is_some());
    assert_eq!(stock(7).await.going, 2);

    let mut settings = stage.app.settings_show(Nothing {}).await.unwrap();
    settings.evidence_days = 7;
    stage.app.settings_change(settings).await.unwrap();
    stage.waits_for_files(1).await;
    let old = Some("The picture was removed because it was old.");
    assert_eq!(reasons(&stage.two_pages(&run).await), [old, old, None]);
}

#[tokio::test]
async fn what_an_interruption_left_is_swept_at_the_next_start_and_nothing_else() {
    let stage = Stage::new().await;
    let run = stage.logged_in().await;
    stage.shows_two_pages();
    stage.two_pages(&run).await;
    let file = stage.picture_files().remove(0);
    std::fs::write(file.with_extension("unfinished"), b"half a picture").unwrap();
    std::fs::write(file.with_file_name(format!("{}.png", "0".repeat(64))), b"nobody's").unwrap();
    assert_eq!(stage.picture_files().len(), 4);
    let stage = stage.restart().await;
    stage.waits_for_files(2).await;
    assert_eq!(reasons(&stage.two_pages(&run).await), [None; 3]);
}

#[tokio::test]
async fn a_picture_that_was_changed_behind_our_back_is_not_shown() {
    let stage = Stage::new().await;
    let run = stage.logged_in().await;
    stage.shows_two_pages();
    let list = stage.two_pages(&run).await;
    for file in stage.picture_files() {
        std::fs::write(file, b"another picture").unwrap();
    }
    let refused = stage.app.evidence_picture(first_picture(&list)).await.unwrap_err();
    assert!(refused.message.contains("is not the one that was written"), "{}", refused.message);
}

#[tokio::test]
async fn a_full_disk_costs_the_picture_and_not_the_login() {
    let folder = TempDir::new().unwrap();
    // Where the folder should be there is a file.
    std::fs::write(folder.path().join("evidence"), b"in the way").unwrap();
    let stage = Stage::at(folder).await;
    let run = stage.logged_in().await;
    stage.shows_two_pages();
    let list = stage.two_pages(&run).await;
    assert_eq!(reasons(&list), [Some("The picture could not be written to the disk."); 3]);
    assert_eq!(stage.app.run_show(run).await.unwrap().row.outcome, "logged_in");
}
