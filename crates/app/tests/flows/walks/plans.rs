//! Plans of the person's own: plain files, listed whatever is in them.

use std::fs;
use std::path::PathBuf;

use gatewright_contract::app::Nothing;
use gatewright_contract::walk::{WalkPlanDuplicate, WalkPlanRef, WalkPlanRow, WalkPlanText};
use gatewright_contract::{FailureCode, Handler};

use crate::stage::Stage;

async fn own(stage: &Stage) -> Vec<WalkPlanRow> {
    let list = stage.app.walk_plans(Nothing {}).await.unwrap();
    list.plans.into_iter().filter(|plan| !plan.ready).collect()
}

async fn folder(stage: &Stage) -> PathBuf {
    stage.app.walk_plans(Nothing {}).await.unwrap().folder.into()
}

fn named(plan: &str) -> WalkPlanRef {
    WalkPlanRef { plan: plan.to_owned() }
}

#[tokio::test]
async fn the_ready_plans_are_listed_with_what_does_not_apply() {
    let stage = Stage::new().await;
    let list = stage.app.walk_plans(Nothing {}).await.unwrap().plans;
    let ready: Vec<_> = list.iter().map(|plan| (&*plan.id, plan.scenarios, plan.not_applicable)).collect();
    let expected = [
        ("chattr", 16, 3),
        ("chattz", 16, 3),
        ("chaster", 16, 0),
        ("gitter", 16, 4),
        ("contentdb", 16, 3),
        ("any", 16, 0),
    ];
    assert_eq!(ready, expected);
    assert_eq!((&*list[4].provider_name, &*list[5].provider_name), ("ContentDB", "Any provider"));
    let detail = stage.app.walk_plan_show(named("contentdb")).await.unwrap();
    let cancel = &detail.scenarios[2];
    assert_eq!(cancel.expected, ["The login ends so: cancelled without parameters."]);
    assert!(cancel.preparation.as_ref().unwrap().contains("revokes the access token"));
    assert_eq!(detail.scenarios[4].test_users, 2);
}

#[tokio::test]
async fn a_copy_is_one_plain_file_that_can_be_changed_renamed_and_deleted() {
    let stage = Stage::new().await;
    let request = WalkPlanDuplicate { plan: "contentdb".to_owned(), title: "Release 7, ContentDB".to_owned() };
    let copy = stage.app.walk_plan_duplicate(request.clone()).await.unwrap();
    assert_eq!(
        (&*copy.row.id, &*copy.row.title, copy.scenarios.len()),
        ("release-7-contentdb", "Release 7, ContentDB", 16)
    );
    let path = folder(&stage).await.join("release-7-contentdb.toml");
    assert_eq!((copy.row.file.as_deref(), fs::read_to_string(&path).unwrap()), (path.to_str(), copy.text.clone()));
    assert_eq!(stage.app.walk_plan_duplicate(request).await.unwrap().row.id, "release-7-contentdb-2");

    let text = copy.text.replace("id = \"release-7-contentdb\"", "# Ours.\nid = \"ours\"");
    let save = |plan: Option<&str>| WalkPlanText { plan: plan.map(str::to_owned), text: text.clone() };
    let saved = stage.app.walk_plan_save(save(Some("release-7-contentdb"))).await.unwrap();
    assert_eq!((&*saved.row.id, saved.text == text, path.exists()), ("ours", true, false), "the comment is kept");
    let refused = stage.app.walk_plan_save(save(None)).await.unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (FailureCode::Invalid, Some("id")), "another plan has the id");

    stage.app.walk_plan_delete(named("ours")).await.unwrap();
    assert_eq!(own(&stage).await.len(), 1);
    assert_eq!(stage.app.walk_plan_restore(named("ours")).await.unwrap().text, text);
    let stays = stage.app.walk_plan_delete(named("contentdb")).await.unwrap_err();
    assert_eq!(stays.field.as_deref(), Some("plan"));
    let outside = stage.app.walk_plan_restore(named("../ours")).await.unwrap_err();
    assert_eq!(outside.code, FailureCode::NotFound);
}

#[tokio::test]
async fn a_broken_file_is_listed_with_what_is_wrong_and_where() {
    let stage = Stage::new().await;
    let folder = folder(&stage).await;
    fs::create_dir_all(&folder).unwrap();
    fs::write(
        folder.join("broken.toml"),
        "id = \"broken\"\ntitle = \"Mine\"\nabout = \"\"\n\n[[scenario]]\nuse = \"aprove\"\n",
    )
    .unwrap();
    fs::write(
        folder.join("chattr.toml"),
        "id = \"chattr\"\ntitle = \"Mine\"\nabout = \"\"\n[[scenario]]\nuse = \"deny\"\n",
    )
    .unwrap();
    fs::write(folder.join("latin.toml"), b"id = \"\xe4\"").unwrap();
    fs::write(folder.join("huge.toml"), " ".repeat(300 * 1024)).unwrap();
    fs::write(folder.join("note.txt"), "not a plan").unwrap();
    let own = own(&stage).await;
    let ids: Vec<_> = own.iter().map(|plan| &*plan.id).collect();
    assert_eq!(ids, ["broken", "chattr-2", "huge", "latin"], "none hides behind a ready plan");
    let problem = &own[0].problems[0];
    assert_eq!((&*problem.field, problem.line), ("scenario[0].use", Some(6)));
    assert_eq!(problem.hint.as_deref(), Some("Did you mean approve?"));
    assert_eq!(own[1].problems[0].field, "id", "a ready plan has this id");
    assert!(own[2].problems[0].message.contains("256 KiB") && own[3].problems[0].message.contains("UTF-8"));
    let text = stage.app.walk_plan_show(named("broken")).await.unwrap();
    assert!(text.text.contains("aprove") && text.scenarios.is_empty());
}

#[tokio::test]
async fn a_plan_in_a_file_of_another_name_can_be_deleted_and_restored() {
    let stage = Stage::new().await;
    let path = folder(&stage).await.join("alice.toml");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let text = "id = \"ours\"\ntitle = \"Ours\"\nabout = \"\"\n[[scenario]]\nuse = \"approve\"\n";
    fs::write(&path, text).unwrap();
    stage.app.walk_plan_delete(named("ours")).await.unwrap();
    assert!(own(&stage).await.is_empty());
    let restored = stage.app.walk_plan_restore(named("ours")).await.unwrap();
    assert_eq!((&*restored.row.id, restored.row.file.as_deref()), ("ours", path.to_str()));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);

    stage.app.walk_plan_delete(named("ours")).await.unwrap();
    fs::write(&path, "somebody else's").unwrap();
    stage.app.walk_plan_restore(named("ours")).await.unwrap_err();
    assert_eq!(fs::read_to_string(&path).unwrap(), "somebody else's");
}

#[tokio::test]
async fn a_copied_file_is_another_row_and_cannot_be_saved_over_its_original() {
    let stage = Stage::new().await;
    let folder = folder(&stage).await;
    fs::create_dir_all(&folder).unwrap();
    let text = "id = \"ours\"\ntitle = \"Ours\"\nabout = \"\"\n[[scenario]]\nuse = \"approve\"\n";
    fs::write(folder.join("ours.toml"), text).unwrap();
    fs::write(folder.join("ours (copy).toml"), text).unwrap();
    let rows = own(&stage).await;
    let ids: Vec<_> = rows.iter().map(|row| (&*row.id, row.problems.len())).collect();
    assert_eq!(ids, [("ours (copy)", 1), ("ours", 0)]);
    let save = async |text: String| {
        let request = WalkPlanText { plan: Some("ours (copy)".to_owned()), text };
        stage.app.walk_plan_save(request).await
    };
    let refused = save(text.replace("Ours", "Changed")).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("id"));
    assert_eq!(fs::read_to_string(folder.join("ours.toml")).unwrap(), text);
    assert_eq!(save(text.replace("ours", "theirs")).await.unwrap().row.id, "theirs");
    assert!(!folder.join("ours (copy).toml").exists() && folder.join("ours.toml").exists());
}

#[tokio::test]
async fn the_text_of_a_plan_is_judged_without_being_kept() {
    let stage = Stage::new().await;
    let check = async |text: &str| {
        let request = WalkPlanText { plan: None, text: text.to_owned() };
        stage.app.walk_plan_check(request).await.unwrap().problems
    };
    let good = "id = \"mine\"\ntitle = \"Mine\"\nabout = \"\"\n[[scenario]]\nuse = \"approve\"\n";
    assert_eq!(check(good).await, []);
    assert_eq!(check(&good.replace("mine", "chattz")).await[0].field, "id");
    assert_eq!(check(&good.replace("use", "used")).await[0].field, "scenario[0].used");
    assert!(own(&stage).await.is_empty());
}
