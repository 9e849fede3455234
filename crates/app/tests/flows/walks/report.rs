//! A walk as a report.

use gatewright_contract::Handler;
use gatewright_contract::app::Nothing;
use gatewright_contract::report::{ReportExport, ReportFormat, ReportStanding, ReportSubject};
use gatewright_contract::walk::{WalkJudge, WalkSkip, WalkVerdict};
use tempfile::TempDir;

use super::troupe::Troupe;

#[tokio::test]
async fn a_report_of_a_walk_tells_each_scenario_with_its_verdict_and_its_logins() {
    let troupe = Troupe::at("contentdb").await;
    let walk = troupe.begin(Some(&["approve", "cancel", "second_login"])).await;
    troupe.carry_out(&walk, "approve").await;
    let app = &troupe.stage.app;
    let id = walk.row.id.clone();
    let judged = WalkJudge {
        walk: id.clone(),
        scenario: "approve".to_owned(),
        verdict: Some(WalkVerdict::Fail),
        notes: "The page names the wrong company.".to_owned(),
        answers: Vec::new(),
    };
    app.walk_judge(judged).await.unwrap();
    let skip =
        WalkSkip { walk: id.clone(), scenario: "cancel".to_owned(), reason: "The button is gone today.".to_owned() };
    app.walk_skip(skip).await.unwrap();

    let folder = TempDir::new().unwrap();
    let mut export = ReportExport {
        subject: ReportSubject::Walk(id),
        format: ReportFormat::Json,
        path: folder.path().join("walk.json").display().to_string(),
        title: String::new(),
        exchanges: true,
        pictures: true,
    };
    troupe.writes(&export).await;
    let json: serde_json::Value = serde_json::from_slice(&std::fs::read(&export.path).unwrap()).unwrap();
    let part = |key: &str| json["parts"].as_array().unwrap().iter().find(|part| part["key"] == *key).unwrap();
    assert_eq!(json["report"]["walk"]["provider"], "ContentDB");
    assert_eq!(json["report"]["walk"]["test_user"], "Olivia Ortega");
    assert_eq!(json["parts"].as_array().unwrap().len(), 16, "every scenario of the plan");
    let approve = part("approve");
    assert_eq!((approve["verdict"].as_str(), approve["scenario"]["person"].as_str()), (Some("passed"), Some("failed")));
    assert_eq!(approve["scenario"]["notes"], "The page names the wrong company.");
    assert_eq!(approve["runs"][0]["outcome"], "logged_in");
    let cancel = part("cancel");
    assert_eq!((cancel["verdict"].as_str(), cancel["runs"].as_array().unwrap().len()), (Some("skipped"), 0));
    assert_eq!(cancel["scenario"]["sentence"], "The button is gone today.");
    assert_eq!(part("second_login")["verdict"], "running", "it was not walked yet");

    export.format = ReportFormat::Html;
    export.path = folder.path().join("walk.html").display().to_string();
    troupe.writes(&export).await;
    let html = std::fs::read_to_string(&export.path).unwrap();
    for told in
        ["Consent walk", "The page names the wrong company.", "The button is gone today.", "Who sent what to whom"]
    {
        assert!(html.contains(told), "{told}");
    }
}

impl Troupe {
    /// Writes a report and waits for its end.
    async fn writes(&self, export: &ReportExport) {
        self.stage.app.report_export(export.clone()).await.unwrap();
        let end = async {
            while self.stage.app.report_show(Nothing {}).await.unwrap().standing == ReportStanding::Running {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(crate::stage::PATIENCE, end).await.expect("the report ends");
        let ended = self.stage.app.report_show(Nothing {}).await.unwrap();
        assert_eq!(ended.standing, ReportStanding::Done, "{:?}", ended.failure);
    }
}
