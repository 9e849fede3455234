//! What is made of runs: pictures, comparisons, tags, filters with names, days, and an end of their age.

use std::collections::HashMap;

use gatewright_contract::FailureCode;
use gatewright_contract::Handler;
use gatewright_contract::app::Nothing;
use gatewright_contract::audit::AuditQuery;
use gatewright_contract::client::Verdict;
use gatewright_contract::result::{
    DiagramKind, DiagramTheme, RunCompareQuery, RunComparison, RunDiagramQuery, RunDiagramSave, RunFilter,
    RunStockQuery, RunTagging, RunTrendQuery, SavedFilter, SavedFilterRef,
};
use gatewright_contract::run::{Browser, RunDetail, RunQuery, RunRef};
use gatewright_testkit::Canary;

use crate::person::Decision;
use crate::stage::{PATIENCE, Stage};

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

fn query(search: &str, tag: Option<&str>) -> RunQuery {
    RunQuery { search: search.to_owned(), tag: tag.map(str::to_owned), limit: 100, ..RunQuery::default() }
}

fn tagging(runs: &[&RunDetail], tag: &str) -> RunTagging {
    RunTagging { runs: runs.iter().map(|run| run.row.id.clone()).collect(), tag: tag.to_owned() }
}

fn drawn(run: &RunDetail, kind: DiagramKind) -> RunDiagramQuery {
    RunDiagramQuery { run: run.row.id.clone(), kind, theme: DiagramTheme::Light }
}

/// What is left of a comparison when what means nothing is folded: "Group / name".
fn told(comparison: &RunComparison) -> Vec<String> {
    let all = comparison.groups.iter().flat_map(|group| group.differences.iter().map(move |one| (group, one)));
    // How long something takes here depends on what else this computer does.
    all.filter(|(group, one)| one.folded.is_none() && group.title != "Times")
        .map(|(group, one)| format!("{} / {}", group.title, one.name))
        .collect()
}

#[tokio::test]
async fn a_login_is_drawn_without_its_secrets_in_the_window_and_in_files() {
    let stage = Stage::new().await;
    let client = stage.register("chaster", "https://app.example.org/callback").await;
    let run = stage.log_in(&client, Browser::Embedded).await;
    let folder = tempfile::tempdir().unwrap();
    for kind in [DiagramKind::Sequence, DiagramKind::Waterfall] {
        let drawing = stage.app.run_diagram(drawn(&run, kind)).await.unwrap();
        assert!(drawing.svg.starts_with("<svg") && !drawing.words.is_empty());
        for (name, beginning) in [("run.svg", &b"<svg"[..]), ("run.PNG", &b"\x89PNG"[..])] {
            let path = folder.path().join(name).display().to_string();
            let saved =
                stage.app.run_diagram_save(RunDiagramSave { run: run.row.id.clone(), kind, path }).await.unwrap();
            assert!(std::fs::read(saved.path).unwrap().starts_with(beginning), "{name}");
        }
    }
    let words = stage.app.run_diagram(drawn(&run, DiagramKind::Sequence)).await.unwrap();
    let said = words.words.join("\n");
    assert!(said.contains("Chaster to Gatewright: 200") && said.contains("grant_type"), "{said}");
    // What the sandbox gave out is known: none of it is in the picture.
    let copied = stage
        .app
        .token_copy(gatewright_contract::run::TokenRef { run: run.row.id.clone(), token: "access_token".to_owned() });
    copied.await.unwrap();
    let token = stage.desktop.clipboard.lock().unwrap().clone().unwrap();
    assert_eq!(Canary::of(&token).traces_in(words.svg.as_bytes()), [""; 0]);
    let nobody =
        stage.app.run_diagram(RunDiagramQuery { run: "nobody".to_owned(), ..drawn(&run, DiagramKind::Sequence) });
    assert_eq!(nobody.await.unwrap_err().code, FailureCode::NotFound);
}

#[tokio::test]
async fn two_logins_alike_differ_in_nothing_and_a_refusal_is_told_from_the_login_before() {
    let stage = Stage::new().await;
    let client = stage.register("chaster", "https://app.example.org/callback").await;
    let first = stage.log_in(&client, Browser::Embedded).await;
    let alone = stage.app.run_compare(RunCompareQuery { run: first.row.id.clone(), other: None }).await.unwrap();
    assert!(alone.before.is_none() && alone.groups.is_empty(), "there is nothing to compare it with");

    let second = stage.log_in(&client, Browser::Embedded).await;
    let alike = stage.app.run_compare(RunCompareQuery { run: second.row.id.clone(), other: None }).await.unwrap();
    assert_eq!(alike.before.as_ref().map(|row| &row.id), Some(&first.row.id));
    assert_eq!(told(&alike), [""; 0], "{:#?}", alike.groups);

    // Somebody who has not consented before, and so is asked.
    stage.person("olivia", Decision::Deny);
    let denied = stage.log_in(&client, Browser::Embedded).await;
    let refused = stage.app.run_compare(RunCompareQuery { run: denied.row.id.clone(), other: None }).await.unwrap();
    assert_eq!(refused.before.as_ref().map(|row| &row.id), Some(&second.row.id), "the last that passed");
    let differences = told(&refused);
    for expected in ["Run / Outcome", "Callback / Answer: error", "Callback / Answer: code", "Token request / Request"]
    {
        assert!(differences.contains(&expected.to_owned()), "{expected}: {differences:#?}");
    }
    // Whichever is asked for, the earlier one stands at the left.
    let other = Some(denied.row.id.clone());
    let turned = stage.app.run_compare(RunCompareQuery { run: first.row.id.clone(), other }).await.unwrap();
    assert_eq!((turned.before.unwrap().id, turned.now.id), (first.row.id, denied.row.id));
}

#[tokio::test]
async fn runs_are_found_by_what_was_on_the_wire_and_by_their_tags_also_after_a_restart() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", "https://app.example.org/callback").await;
    let passed = stage.log_in(&client, Browser::Embedded).await;
    stage.person("theo", Decision::Deny);
    let denied = stage.log_in(&client, Browser::Embedded).await;
    let found = async |stage: &Stage, search: &str, tag: Option<&str>| -> Vec<String> {
        let list = stage.app.run_list(query(search, tag)).await.unwrap();
        assert_eq!(list.rows.len(), list.total as usize);
        list.rows.into_iter().map(|row| row.id).collect()
    };
    assert_eq!(
        found(&stage, "authorization_code", None).await,
        [passed.row.id.as_str()],
        "only one has sent a token request"
    );
    assert_eq!(found(&stage, "access_denied", None).await, [denied.row.id.as_str()]);

    let tags = stage.app.run_tag(tagging(&[&passed, &denied], " before  the move ")).await.unwrap();
    assert_eq!(tags.tags.iter().map(|tag| (&*tag.tag, tag.runs)).collect::<Vec<_>>(), [("before the move", 2)]);
    stage.app.run_tag(tagging(&[&denied], "refusal")).await.unwrap();
    let refused = stage.app.run_tag(tagging(&[&denied], " ")).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("tag"));

    let stage = stage.restart().await;
    assert_eq!(found(&stage, "", Some("Refusal")).await, [denied.row.id.as_str()]);
    let detail = stage.app.run_show(RunRef { run: denied.row.id.clone() }).await.unwrap();
    assert_eq!(detail.row.tags, ["before the move", "refusal"]);
    let tags = stage.app.run_untag(tagging(&[&passed, &denied], "before the move")).await.unwrap();
    assert_eq!(tags.tags.len(), 1);
    assert_eq!(found(&stage, "", Some("before the move")).await, [""; 0]);
}

#[tokio::test]
async fn a_filter_with_a_name_is_there_after_a_restart() {
    let stage = Stage::new().await;
    let filter = RunFilter {
        search: "invalid_grant".to_owned(),
        client: None,
        provider: Some("chaster".to_owned()),
        environment: None,
        verdict: Some(Verdict::Failed),
        browser: None,
        test_user: None,
        tag: None,
    };
    let saved = SavedFilter { name: "  Refused   codes ".to_owned(), filter };
    stage.app.filter_save(saved.clone()).await.unwrap();
    let nameless = stage.app.filter_save(SavedFilter { name: " ".to_owned(), ..saved.clone() }).await.unwrap_err();
    assert_eq!(nameless.field.as_deref(), Some("name"));
    let stage = stage.restart().await;
    let kept = stage.app.filter_list(Nothing {}).await.unwrap();
    assert_eq!(kept.filters, [SavedFilter { name: "Refused codes".to_owned(), ..saved }]);
    let left = stage.app.filter_remove(SavedFilterRef { name: "refused codes".to_owned() }).await.unwrap();
    assert_eq!(left.filters, []);
}

#[tokio::test]
async fn what_became_of_logins_is_told_day_by_day() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", "https://app.example.org/callback").await;
    let earlier = stage.log_in(&client, Browser::Embedded).await;
    stage.edit(&format!("UPDATE run SET started_at = started_at - {}", 2 * DAY));
    stage.person("theo", Decision::Deny);
    stage.log_in(&client, Browser::Embedded).await;
    let asked = |client: Option<&str>, days| RunTrendQuery {
        client: client.map(str::to_owned),
        provider: None,
        days,
        theme: DiagramTheme::Dark,
    };
    let trend = stage.app.run_trend(asked(None, 30)).await.unwrap();
    assert_eq!(trend.days.len(), 2, "{:?}", trend.days);
    let [first, last] = &trend.days[..] else { unreachable!() };
    assert!(first.date < last.date && first.average_ms.is_some());
    assert_eq!(u32::from(earlier.row.verdict == Verdict::Passed), first.passed);
    assert_eq!((last.passed, last.warned, last.failed), (0, 1, 0), "what the person refused has not failed");
    assert!(trend.drawing.svg.starts_with("<svg") && trend.drawing.words.len() == 2);
    assert_eq!(stage.app.run_trend(asked(None, 2)).await.unwrap().days.len(), 1);
    let nobody = stage.app.run_trend(asked(Some("nobody"), 30)).await.unwrap();
    assert!(nobody.days.is_empty() && nobody.pass_rate.is_none());
}

#[tokio::test]
async fn old_runs_go_as_it_was_told_beforehand_and_the_trail_says_so() {
    let stage = Stage::new().await;
    let client = stage.register("chaster", "https://app.example.org/callback").await;
    let mut runs = HashMap::new();
    for name in ["old", "tagged", "young"] {
        runs.insert(name, stage.log_in(&client, Browser::Embedded).await);
    }
    stage.edit(&format!(
        "UPDATE run SET started_at = started_at - {} WHERE id <> '{}'",
        40 * DAY,
        runs["young"].row.id
    ));
    stage.app.run_tag(tagging(&[&runs["tagged"]], "keep")).await.unwrap();

    let stock = async |days| stage.app.run_stock(RunStockQuery { days }).await.unwrap();
    assert_eq!((stock(0).await.going, stock(0).await.before), (0, None), "for ever");
    assert_eq!((stock(60).await.going, stock(30).await.going, stock(30).await.runs), (0, 1, 3));

    let mut settings = stage.app.settings_show(Nothing {}).await.unwrap();
    assert_eq!(settings.run_days, 0, "kept for ever unless somebody says otherwise");
    settings.run_days = 30;
    stage.app.settings_change(settings).await.unwrap();
    let gone = async {
        while stage.counted("run") > 2 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, gone).await.expect("the old run goes");
    let shown = stage.app.run_show(RunRef { run: runs["old"].row.id.clone() }).await.unwrap_err();
    assert_eq!(shown.code, FailureCode::NotFound);
    assert!(stage.app.run_show(RunRef { run: runs["tagged"].row.id.clone() }).await.is_ok(), "a tag keeps a run");
    let trail = stage.app.audit_list(AuditQuery { client: None, offset: 0, limit: 1 }).await.unwrap();
    assert_eq!(trail.rows[0].action, "runs_removed");
    assert!(trail.rows[0].detail.as_deref().is_some_and(|detail| detail.starts_with("1 from before ")));
}
