//! Reports: recorded runs as files.

use std::path::Path;
use std::time::Duration;

use gatewright_app::ports::{Moment, Pixels};
use gatewright_contract::app::Nothing;
use gatewright_contract::report::{
    ExchangePlace, ReportExport, ReportFormat, ReportProgress, ReportStanding, ReportSubject,
};
use gatewright_contract::run::{Browser, RunDetail, RunQuery, RunRef, RunRefs};
use gatewright_contract::settings::{LanguageChoice, Settings};
use gatewright_contract::{FailureCode, Handler};
use tempfile::TempDir;

use crate::person::Decision;
use crate::stage::{PATIENCE, Stage};

const CALLBACK: &str = "https://app.example.org/callback";
const FORMATS: [(ReportFormat, &str); 5] = [
    (ReportFormat::Html, "report.html"),
    (ReportFormat::Json, "report.json"),
    (ReportFormat::Junit, "report.xml"),
    (ReportFormat::Har, "report.har"),
    (ReportFormat::Csv, "report.csv"),
];

fn export(subject: ReportSubject, format: ReportFormat, path: &Path) -> ReportExport {
    let path = path.display().to_string();
    ReportExport { subject, format, path, title: String::new(), exchanges: true, pictures: true }
}

fn all_runs() -> ReportSubject {
    let text = serde_json::json!({ "search": "", "offset": 0, "limit": 1 });
    ReportSubject::Query(serde_json::from_value::<RunQuery>(text).unwrap())
}

impl Stage {
    /// Waits until the report has ended one way or another.
    async fn end_of_report(&self) -> ReportProgress {
        let ended = async {
            loop {
                let progress = self.app.report_show(Nothing {}).await.unwrap();
                if progress.standing != ReportStanding::Running {
                    return progress;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, ended).await.expect("the report ends")
    }

    async fn report(&self, subject: ReportSubject, format: ReportFormat, path: &Path) -> Vec<u8> {
        self.app.report_export(export(subject, format, path)).await.unwrap();
        let ended = self.end_of_report().await;
        assert_eq!(ended.standing, ReportStanding::Done, "{:?}", ended.failure);
        std::fs::read(path).unwrap()
    }

    /// A run as every kind of file there is, and each of its exchanges as a command, to look for what should not be in them.
    pub(crate) async fn reports_of(&self, run: &str) -> Vec<(&'static str, Vec<u8>)> {
        let folder = TempDir::new().unwrap();
        let mut written = Vec::new();
        for (format, name) in FORMATS {
            let subject = ReportSubject::Runs(vec![run.to_owned()]);
            written.push((name, self.report(subject, format, &folder.path().join(name)).await));
        }
        written.push(("a German report.html", self.german_page_of(run, &folder.path().join("bericht.html")).await));
        let detail = self.app.run_show(RunRef { run: run.to_owned() }).await.unwrap();
        for place in places(&detail) {
            written.push(("a command", self.app.exchange_as_curl(place).await.unwrap().text.into_bytes()));
        }
        written
    }

    /// A run as a page in German, whatever the window speaks.
    async fn german_page_of(&self, run: &str, path: &Path) -> Vec<u8> {
        let before = self.app.settings_show(Nothing {}).await.unwrap();
        let german = Settings { language: LanguageChoice::German, ..before.clone() };
        self.app.settings_change(german).await.unwrap();
        let page = self.report(ReportSubject::Runs(vec![run.to_owned()]), ReportFormat::Html, path).await;
        self.app.settings_change(before).await.unwrap();
        page
    }
}

/// Where the exchanges of a run are.
fn places(run: &RunDetail) -> Vec<ExchangePlace> {
    let of_step = |(step, one): (u32, &gatewright_contract::run::StepDetail)| {
        let run = run.row.id.clone();
        (0..)
            .zip(&one.exchanges)
            .map(move |(exchange, _)| ExchangePlace { run: run.clone(), step, exchange })
            .collect::<Vec<_>>()
    };
    (0..).zip(&run.steps).flat_map(of_step).collect()
}

#[tokio::test]
async fn a_run_is_written_in_every_form() {
    let stage = Stage::new().await;
    let client = stage.register("contentdb", CALLBACK).await;
    let run = stage.log_in(&client, Browser::Embedded).await.row.id;
    let written: Vec<(&str, String)> = stage
        .reports_of(&run)
        .await
        .into_iter()
        .map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap()))
        .collect();
    let text = |wanted: &str| &written.iter().find(|(name, _)| *name == wanted).unwrap().1;
    assert!(text("report.html").contains("<h1>Forum login contentdb at ContentDB</h1>"));
    let json: serde_json::Value = serde_json::from_str(text("report.json")).unwrap();
    assert_eq!(json["parts"][0]["runs"][0]["outcome"], "logged_in");
    assert_eq!(json["parts"][0]["runs"][0]["id"], *run);
    assert!(text("report.xml").contains("<testcase classname=\"ContentDB.sandbox\""));
    let har: serde_json::Value = serde_json::from_str(text("report.har")).unwrap();
    assert!(har["log"]["entries"].as_array().unwrap().len() >= 2);
    assert_eq!(text("report.csv").lines().count(), 2);
    assert!(
        written.iter().any(|(name, text)| *name == "a command" && text.contains("$SECRET") && text.contains("$CODE"))
    );
}

#[tokio::test]
async fn every_run_of_a_list_is_in_the_report_newest_first() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let first = stage.log_in(&client, Browser::Embedded).await.row.id;
    stage.person("theo", Decision::Deny);
    let second = stage.log_in(&client, Browser::Embedded).await.row.id;
    let folder = TempDir::new().unwrap();
    let json = stage.report(all_runs(), ReportFormat::Json, &folder.path().join("all.json")).await;
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    let keys: Vec<&str> = json["parts"].as_array().unwrap().iter().map(|part| part["key"].as_str().unwrap()).collect();
    assert_eq!(keys, [second, first]);
    assert_eq!(json["report"]["title"], "2 logins");
}

#[tokio::test]
async fn pictures_of_pages_are_in_the_page_when_they_are_asked_for() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let run = stage.log_in(&client, Browser::Embedded).await.row.id;
    let pictures = stage.desktop.pictures.lock().unwrap().clone().unwrap();
    let page = pictures.page(&"https://chattz.net/oauth/authorize".parse().unwrap()).unwrap();
    let pixels = Pixels { width: 52, height: 70, stride: 52 * 4, bytes: vec![9; 52 * 70 * 4] };
    page.look(Moment::PageLoaded).unwrap().shows(pixels);
    drop(page);
    let recorded = async {
        while stage.counted("evidence") == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, recorded).await.expect("the picture comes on record");
    let folder = TempDir::new().unwrap();
    let mut request = export(ReportSubject::Runs(vec![run]), ReportFormat::Html, &folder.path().join("with.html"));
    for (with, pictures) in [(true, 1), (false, 0)] {
        request.pictures = with;
        stage.app.report_export(request.clone()).await.unwrap();
        assert_eq!(stage.end_of_report().await.standing, ReportStanding::Done);
        let html = std::fs::read_to_string(&request.path).unwrap();
        assert_eq!(html.matches("src=\"data:image/png;base64,").count(), pictures);
    }
}

#[tokio::test]
async fn a_report_that_is_stopped_leaves_nothing() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let run = stage.log_in(&client, Browser::Embedded).await.row.id;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("much.html");
    std::fs::write(&path, "from yesterday").unwrap();
    let request = export(ReportSubject::Runs(vec![run; 20_000]), ReportFormat::Html, &path);
    let begun = stage.app.report_export(request).await.unwrap();
    assert_eq!((begun.standing, begun.total), (ReportStanding::Running, 20_000));
    stage.app.report_stop(Nothing {}).await.unwrap();
    let ended = stage.end_of_report().await;
    assert_eq!((ended.standing, ended.failure), (ReportStanding::Stopped, None));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "from yesterday", "what was there stays");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    assert!(stage.desktop.told.lock().unwrap().contains("reportChanged"));
}

#[tokio::test]
async fn a_report_takes_the_place_of_one_that_is_being_written_to_the_same_file() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let run = stage.log_in(&client, Browser::Embedded).await.row.id;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("twice.json");
    for count in [20_000, 200] {
        let subject = ReportSubject::Runs(vec![run.clone(); count]);
        stage.app.report_export(export(subject, ReportFormat::Json, &path)).await.unwrap();
    }
    let ended = stage.end_of_report().await;
    assert_eq!((ended.standing, ended.total), (ReportStanding::Done, 200), "{:?}", ended.failure);
    let json: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    assert_eq!(json["parts"].as_array().unwrap().len(), 200);
    let alone = async {
        while std::fs::read_dir(folder.path()).unwrap().count() != 1 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, alone).await.expect("the first one takes away what it has written");
}

#[tokio::test]
async fn a_report_ends_with_gatewright_and_says_so_quietly() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let run = stage.log_in(&client, Browser::Embedded).await.row.id;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("much.html");
    let request = export(ReportSubject::Runs(vec![run; 20_000]), ReportFormat::Html, &path);
    stage.app.report_export(request).await.unwrap();
    stage.app.shut_down().await;
    assert_eq!(stage.end_of_report().await.standing, ReportStanding::Stopped);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left");
    let told = stage.desktop.told.lock().unwrap().matches("reportChanged").count();
    assert!(told < 30, "{told} times");
}

#[tokio::test]
async fn what_cannot_be_reported_is_refused_with_a_sentence() {
    let stage = Stage::new().await;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("x.html");
    let nobody = ReportSubject::Runs(vec!["no-such-run".to_owned()]);
    let refusals = [
        (export(nobody, ReportFormat::Html, &path), FailureCode::NotFound, None),
        (export(all_runs(), ReportFormat::Html, &path), FailureCode::Invalid, Some("subject")),
        (export(all_runs(), ReportFormat::Html, Path::new("x.html")), FailureCode::Invalid, Some("path")),
        (export(all_runs(), ReportFormat::Html, folder.path()), FailureCode::Invalid, Some("path")),
    ];
    for (request, code, field) in refusals {
        let refused = stage.app.report_export(request).await.unwrap_err();
        assert_eq!((refused.code, refused.field.as_deref()), (code, field), "{}", refused.message);
    }
    assert_eq!(stage.app.report_show(Nothing {}).await.unwrap().standing, ReportStanding::Idle);
}

#[tokio::test]
async fn a_report_that_cannot_be_written_says_why() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let run = stage.log_in(&client, Browser::Embedded).await.row.id;
    let folder = TempDir::new().unwrap();
    let subject = ReportSubject::Runs(vec![run]);
    let request = export(subject, ReportFormat::Html, &folder.path().join("missing").join("x.html"));
    stage.app.report_export(request).await.unwrap();
    let ended = stage.end_of_report().await;
    assert_eq!(ended.standing, ReportStanding::Failed);
    assert_eq!(ended.failure.unwrap().message, "There is no such folder.");
}

#[tokio::test]
async fn a_run_that_is_deleted_is_in_no_report() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let run = stage.log_in(&client, Browser::Embedded).await.row.id;
    stage.app.run_delete(RunRefs { runs: vec![run.clone()] }).await.unwrap();
    let folder = TempDir::new().unwrap();
    let request = export(ReportSubject::Runs(vec![run.clone()]), ReportFormat::Html, &folder.path().join("x.html"));
    assert_eq!(stage.app.report_export(request).await.unwrap_err().code, FailureCode::NotFound);
    let refused = stage.app.exchange_as_curl(ExchangePlace { run, step: 0, exchange: 0 }).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::NotFound);
}
