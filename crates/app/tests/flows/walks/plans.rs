//! Plans of the person's own: plain files, listed whatever is in them.

use std::fs;
use std::path::PathBuf;

use gatewright_contract::app::Nothing;
use gatewright_contract::walk::{
    WalkPlanDetail, WalkPlanDuplicate, WalkPlanRead, WalkPlanRef, WalkPlanRow, WalkPlanSave, WalkPlanText,
};
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

/// The file of a plan as it was read with this.
fn read(plan: &WalkPlanDetail) -> WalkPlanRead {
    let file = plan.row.file.clone().unwrap();
    WalkPlanRead { plan: plan.row.id.clone(), file, digest: plan.digest.clone().unwrap() }
}

#[tokio::test]
async fn of_two_who_change_one_plan_the_second_is_told_and_nothing_of_the_first_is_lost() {
    let stage = Stage::new().await;
    let request = WalkPlanDuplicate { plan: "any".to_owned(), title: "Ours".to_owned(), text: None };
    let begun = stage.app.walk_plan_duplicate(request).await.unwrap();
    let save = async |text: &str, seen: &WalkPlanDetail| {
        let request = WalkPlanSave { replaces: Some(read(seen)), text: text.to_owned() };
        stage.app.walk_plan_save(request).await
    };
    let (one, other) = (begun.text.clone() + "# One.\n", begun.text.clone() + "# Another.\n");
    let first = save(&one, &begun).await.unwrap();
    let refused = save(&other, &begun).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::ChangedMeanwhile, "{refused:?}");
    let there = stage.app.walk_plan_show(named("ours")).await.unwrap();
    assert_eq!((&there.text, &there.digest), (&one, &first.digest));

    let copy = WalkPlanDuplicate { plan: "ours".to_owned(), title: "Mine".to_owned(), text: Some(other.clone()) };
    let copy = stage.app.walk_plan_duplicate(copy).await.unwrap();
    assert!(copy.row.id == "mine" && copy.text.ends_with("# Another.\n"), "{}", copy.text);
    assert_eq!(save(&other, &there).await.unwrap().text, other, "who has seen what is there may write over it");

    stage.app.walk_plan_delete(named("ours")).await.unwrap();
    assert_eq!(save(&one, &begun).await.unwrap().text, one, "what was deleted is simply there again");
}

/// A plan in `alice.toml`, and what the window has read of it.
async fn alice(stage: &Stage) -> (PathBuf, WalkPlanDetail) {
    let path = folder(stage).await.join("alice.toml");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, plan_of("alice")).unwrap();
    (path, stage.app.walk_plan_show(named("alice")).await.unwrap())
}

fn plan_of(id: &str) -> String {
    format!("id = \"{id}\"\ntitle = \"Ours\"\nabout = \"\"\n[[scenario]]\nuse = \"approve\"\n")
}

#[tokio::test]
async fn a_file_that_holds_another_plan_by_now_has_changed_meanwhile_and_is_no_mistake_in_the_text() {
    let stage = Stage::new().await;
    let (path, seen) = alice(&stage).await;
    fs::write(&path, plan_of("bob")).unwrap();
    for id in ["alice", "bob", "carol"] {
        let text = WalkPlanText { replaces: Some(read(&seen)), text: plan_of(id) };
        assert_eq!(stage.app.walk_plan_check(text).await.unwrap().problems, [], "{id}");
        let save = WalkPlanSave { replaces: Some(read(&seen)), text: plan_of(id) + "# Mine.\n" };
        let refused = stage.app.walk_plan_save(save).await.unwrap_err();
        assert_eq!(refused.code, FailureCode::ChangedMeanwhile, "{id}: {refused:?}");
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), plan_of("bob"));

    let seen = stage.app.walk_plan_show(named("bob")).await.unwrap();
    let save = WalkPlanSave { replaces: Some(read(&seen)), text: plan_of("alice") };
    assert_eq!(stage.app.walk_plan_save(save).await.unwrap().row.file.as_deref(), path.to_str());
}

#[tokio::test]
async fn a_file_that_is_gone_is_written_anew_and_one_that_moved_is_found() {
    let stage = Stage::new().await;
    for id in ["alice", "carol"] {
        let (path, seen) = alice(&stage).await;
        fs::remove_file(&path).unwrap();
        let save = WalkPlanSave { replaces: Some(read(&seen)), text: plan_of(id) };
        assert_eq!(stage.app.walk_plan_save(save).await.unwrap().row.id, id);
        stage.app.walk_plan_delete(named(id)).await.unwrap();
    }
    let (path, seen) = alice(&stage).await;
    fs::rename(&path, path.with_file_name("moved.toml")).unwrap();
    let save = WalkPlanSave { replaces: Some(read(&seen)), text: plan_of("alice") };
    assert_eq!(stage.app.walk_plan_save(save).await.unwrap().row.file.as_deref(), path.to_str());
    assert_eq!(own(&stage).await.len(), 1);
}

#[tokio::test]
async fn that_a_text_was_written_over_a_file_can_be_taken_back_even_where_that_file_had_a_mistake() {
    let stage = Stage::new().await;
    let (path, _) = alice(&stage).await;
    fs::write(&path, "id = ").unwrap();
    let seen = stage.app.walk_plan_show(named("alice")).await.unwrap();
    let save = WalkPlanSave { replaces: Some(read(&seen)), text: plan_of("carol") };
    let kept = stage.app.walk_plan_save(save).await.unwrap();
    assert!(!path.exists());
    let back = stage.app.walk_plan_take_back(read(&kept)).await.unwrap();
    assert_eq!(
        (&*back.row.id, fs::read_to_string(&path).unwrap().as_str(), own(&stage).await.len()),
        ("alice", "id = ", 1)
    );
    let again = stage.app.walk_plan_take_back(read(&kept)).await.unwrap_err();
    assert_eq!(again.code, FailureCode::NotFound, "once is enough");
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
    let request =
        WalkPlanDuplicate { plan: "contentdb".to_owned(), title: "Release 7, ContentDB".to_owned(), text: None };
    let copy = stage.app.walk_plan_duplicate(request.clone()).await.unwrap();
    assert_eq!(
        (&*copy.row.id, &*copy.row.title, copy.scenarios.len()),
        ("release-7-contentdb", "Release 7, ContentDB", 16)
    );
    let path = folder(&stage).await.join("release-7-contentdb.toml");
    assert_eq!((copy.row.file.as_deref(), fs::read_to_string(&path).unwrap()), (path.to_str(), copy.text.clone()));
    assert_eq!(stage.app.walk_plan_duplicate(request).await.unwrap().row.id, "release-7-contentdb-2");

    let text = copy.text.replace("id = \"release-7-contentdb\"", "# Ours.\nid = \"ours\"");
    let save = |replaces| WalkPlanSave { replaces, text: text.clone() };
    let saved = stage.app.walk_plan_save(save(Some(read(&copy)))).await.unwrap();
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
        let copy = stage.app.walk_plan_show(named("ours (copy)")).await.unwrap();
        stage.app.walk_plan_save(WalkPlanSave { replaces: Some(read(&copy)), text }).await
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
        let request = WalkPlanText { replaces: None, text: text.to_owned() };
        stage.app.walk_plan_check(request).await.unwrap().problems
    };
    let good = "id = \"mine\"\ntitle = \"Mine\"\nabout = \"\"\n[[scenario]]\nuse = \"approve\"\n";
    assert_eq!(check(good).await, []);
    assert_eq!(check(&good.replace("mine", "chattz")).await[0].field, "id");
    assert_eq!(check(&good.replace("use", "used")).await[0].field, "scenario[0].used");
    assert!(own(&stage).await.is_empty());
}
