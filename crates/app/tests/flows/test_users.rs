//! Test users: kept, told apart, logged in as, and mistaken for one another.

use std::path::{Path, PathBuf};

use gatewright_app::desktop::ViewStorage;
use gatewright_contract::client::{ClientDetail, Environment};
use gatewright_contract::login::LoginStart;
use gatewright_contract::registration::ProviderPlace;
use gatewright_contract::run::{Browser, RunDetail, RunRef, StepStatus};
use gatewright_contract::test_user::{
    BrowserStorage, ExpectedIdentity, PersonaColour, TestUserChange, TestUserCreate, TestUserDetail, TestUserList,
    TestUserQuery, TestUserRef,
};
use gatewright_contract::{Failure, FailureCode, Handler};

use crate::logins::free_port;
use crate::person::Decision;
use crate::stage::Stage;

const CALLBACK: &str = "https://app.example.org/callback";

fn at(provider: &str) -> ProviderPlace {
    ProviderPlace { provider: provider.to_owned(), environment: Environment::Sandbox }
}

/// Whoever it is, at the twin of Chattz.
pub(crate) fn somebody(name: &str) -> TestUserCreate {
    TestUserCreate {
        provider: "chattz".to_owned(),
        environment: Environment::Sandbox,
        name: name.to_owned(),
        colour: None,
        expected: ExpectedIdentity::Anyone,
        storage: BrowserStorage::ThrownAway,
        notes: String::new(),
    }
}

fn as_it_is(user: &TestUserDetail) -> TestUserChange {
    TestUserChange {
        test_user: user.id.clone(),
        name: user.name.clone(),
        colour: user.colour,
        expected: None,
        storage: user.storage,
        notes: user.notes.clone(),
    }
}

fn named(user: &TestUserDetail) -> TestUserRef {
    TestUserRef { test_user: user.id.clone() }
}

async fn list(stage: &Stage) -> TestUserList {
    let query = TestUserQuery { provider: Some("chattz".to_owned()), environment: Some(Environment::Sandbox) };
    stage.app.test_user_list(query).await.unwrap()
}

/// The test user that Gatewright makes of a twin's person.
async fn of_twin(stage: &Stage, provider: &str, name: &str) -> TestUserDetail {
    let made = stage.app.test_user_create_from_twin(at(provider)).await.unwrap();
    made.test_users.into_iter().find(|user| user.name == name).unwrap()
}

async fn start_as(
    stage: &Stage,
    client: &ClientDetail,
    browser: Browser,
    user: &TestUserDetail,
) -> Result<RunRef, Failure> {
    let request = LoginStart {
        client: client.row.id.clone(),
        test_user: Some(user.id.clone()),
        browser,
        redirect_uri: None,
        scopes: None,
    };
    stage.app.login_start(request).await
}

async fn log_in_as(stage: &Stage, client: &ClientDetail, user: &TestUserDetail) -> RunDetail {
    stage.end_of(&start_as(stage, client, Browser::Embedded, user).await.unwrap()).await
}

/// The folder the last login view kept things in.
fn folder_of_last_view(stage: &Stage) -> Option<PathBuf> {
    match stage.desktop.views.lock().unwrap().last().unwrap() {
        (_, ViewStorage::KeptIn(folder)) => Some(folder.clone()),
        (_, ViewStorage::ThrownAway) => None,
    }
}

/// A login view leaves a cookie behind.
fn leave_a_cookie_in(folder: &Path) {
    std::fs::write(folder.join("cookies"), "session=1").unwrap();
}

#[tokio::test]
async fn a_test_user_is_kept_changed_deleted_and_brought_back() {
    let stage = Stage::new().await;
    let first = stage.app.test_user_create(somebody(" Tester A ")).await.unwrap();
    let second = stage.app.test_user_create(somebody("Tester B")).await.unwrap();
    assert_eq!((first.name.as_str(), first.provider_name.as_str()), ("Tester A", "Chattz"));
    assert_ne!(first.colour, second.colour, "each new one gets a colour of its own");

    let change = TestUserChange {
        colour: PersonaColour::Rose,
        expected: Some(ExpectedIdentity::Subject("143".to_owned())),
        notes: "has no phone".to_owned(),
        ..as_it_is(&second)
    };
    let changed = stage.app.test_user_change(change).await.unwrap();
    assert_eq!((changed.colour, changed.notes.as_str()), (PersonaColour::Rose, "has no phone"));
    assert_eq!(list(&stage).await.test_users, [first.clone(), changed.clone()]);

    let deleted = stage.app.test_user_delete(named(&first)).await.unwrap();
    assert_eq!(deleted.what, "Tester A");
    assert_eq!(list(&stage).await.test_users, std::slice::from_ref(&changed));
    assert_eq!(stage.app.test_user_restore(named(&first)).await.unwrap(), first);
    let stage = stage.restart().await;
    assert_eq!(list(&stage).await.test_users, [first, changed]);
}

#[tokio::test]
async fn a_test_user_nobody_could_tell_from_the_others_is_refused_at_its_field() {
    let stage = Stage::new().await;
    let field = |refused: Result<TestUserDetail, Failure>| {
        let failure = refused.unwrap_err();
        (failure.code, failure.field.unwrap())
    };
    stage.app.test_user_create(somebody("Tester A")).await.unwrap();
    let taken = stage.app.test_user_create(somebody("tester a")).await;
    assert_eq!(field(taken), (FailureCode::Invalid, "name".to_owned()));
    let nameless = stage.app.test_user_create(somebody(" ")).await;
    assert_eq!(field(nameless), (FailureCode::Invalid, "name".to_owned()));
    let nobody = TestUserCreate { expected: ExpectedIdentity::Subject(" ".to_owned()), ..somebody("Tester B") };
    assert_eq!(field(stage.app.test_user_create(nobody).await), (FailureCode::Invalid, "expected".to_owned()));
    let nowhere = TestUserCreate { provider: "nowhere".to_owned(), ..somebody("Tester B") };
    assert_eq!(stage.app.test_user_create(nowhere).await.unwrap_err().code, FailureCode::NotFound);
}

#[tokio::test]
async fn the_people_of_every_twin_become_test_users_who_are_who_they_should_be() {
    let stage = Stage::new().await;
    for provider in ["chattr", "chattz", "chaster", "gitter", "contentdb"] {
        let client = stage.register(provider, CALLBACK).await;
        let made = stage.app.test_user_create_from_twin(at(provider)).await.unwrap();
        assert_eq!((made.test_users.len(), made.twin_people.len()), (4, 0), "{provider}");
        let olivia = made.test_users.iter().find(|user| user.name.starts_with("Olivia")).unwrap();
        let una = made.test_users.iter().find(|user| user.name.starts_with("Una")).unwrap();
        stage.person("olivia", Decision::Approve);
        let run = log_in_as(&stage, &client, olivia).await;
        assert_eq!(run.row.outcome, "logged_in", "{provider}: {:?}", run.sentence);
        let run = log_in_as(&stage, &client, una).await;
        assert_eq!(run.row.outcome, "wrong_person", "{provider}: {:?}", run.sentence);
    }
}

#[tokio::test]
async fn people_of_a_twin_are_made_once_and_only_those_who_are_missing() {
    let stage = Stage::new().await;
    assert_eq!(list(&stage).await.twin_people.len(), 4);
    let theo = TestUserCreate { expected: ExpectedIdentity::Subject("143".to_owned()), ..somebody("Mr T") };
    stage.app.test_user_create(theo).await.unwrap();
    assert_eq!(list(&stage).await.twin_people, ["Olivia Ortega", "Tara Thomsen", "Una Ulrich"]);
    for _ in 0..2 {
        let made = stage.app.test_user_create_from_twin(at("chattz")).await.unwrap();
        assert_eq!(made.test_users.len(), 4, "{:?}", made.test_users);
    }
    let elsewhere = ProviderPlace { environment: Environment::Production, ..at("chattz") };
    assert_eq!(stage.app.test_user_create_from_twin(elsewhere).await.unwrap_err().code, FailureCode::NotFound);
}

#[tokio::test]
async fn a_run_as_the_wrong_person_fails_and_says_who_it_was() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let tara = of_twin(&stage, "chattz", "Tara Thomsen").await;
    let run = log_in_as(&stage, &client, &tara).await;
    assert_eq!((run.row.outcome.as_str(), run.row.outcome_text.as_str()), ("wrong_person", "Wrong person"));
    assert_eq!(run.sentence.as_deref(), Some("You meant to log in as Tara Thomsen (144), but Chattz said 143."));
    assert!(
        run.next.as_deref().unwrap().contains("forget what the login window kept of Tara Thomsen"),
        "{:?}",
        run.next
    );
    assert_eq!(run.row.identity.as_deref(), Some("theo"), "who it was");
    assert_eq!(run.identity.as_ref().unwrap().subject, "143");
    assert_eq!(run.steps.last().unwrap().status, StepStatus::Failed);
    assert_eq!(run.steps.last().unwrap().findings[0].code, "wrong_person");
    let meant = run.row.meant.clone().unwrap();
    assert_eq!((meant.name, meant.colour), (tara.name.clone(), tara.colour));
    assert!(run.grant.is_none(), "nothing is refreshed in somebody else's name");
    let shown = stage.app.run_show(RunRef { run: run.row.id.clone() }).await.unwrap();
    assert_eq!(shown, run, "also when it is opened later");

    stage.person("tara", Decision::Approve);
    assert_eq!(log_in_as(&stage, &client, &tara).await.row.outcome, "logged_in");
}

#[tokio::test]
async fn the_first_login_says_who_a_test_user_is_and_the_second_is_held_to_it() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let unknown = TestUserCreate { expected: ExpectedIdentity::LearnAtFirstLogin, ..somebody("Tester A") };
    let unknown = stage.app.test_user_create(unknown).await.unwrap();

    stage.person("theo", Decision::Deny);
    assert_eq!(log_in_as(&stage, &client, &unknown).await.row.outcome, "denied");
    assert_eq!(list(&stage).await.test_users[0].expected, ExpectedIdentity::LearnAtFirstLogin, "nobody logged in");

    stage.person("theo", Decision::Approve);
    assert_eq!(log_in_as(&stage, &client, &unknown).await.row.outcome, "logged_in");
    assert_eq!(list(&stage).await.test_users[0].expected, ExpectedIdentity::Subject("143".to_owned()));

    stage.person("tara", Decision::Approve);
    let run = log_in_as(&stage, &client, &unknown).await;
    assert_eq!(run.sentence.as_deref(), Some("You meant to log in as Tester A (143), but Chattz said 144."));
}

#[tokio::test]
async fn what_a_login_has_learned_survives_a_form_that_was_opened_before() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let unknown = TestUserCreate { expected: ExpectedIdentity::LearnAtFirstLogin, ..somebody("Tester A") };
    let opened = stage.app.test_user_create(unknown).await.unwrap();
    assert_eq!(log_in_as(&stage, &client, &opened).await.row.outcome, "logged_in");
    let renamed = TestUserChange { name: "Tester B".to_owned(), ..as_it_is(&opened) };
    let after = stage.app.test_user_change(renamed).await.unwrap();
    assert_eq!((after.name.as_str(), after.expected), ("Tester B", ExpectedIdentity::Subject("143".to_owned())));
    let anew = TestUserChange { expected: Some(ExpectedIdentity::LearnAtFirstLogin), ..as_it_is(&opened) };
    let after = stage.app.test_user_change(anew).await.unwrap();
    assert_eq!(after.expected, ExpectedIdentity::LearnAtFirstLogin, "a person may want it learned again");
}

#[tokio::test]
async fn a_login_takes_the_test_users_of_its_own_server_only() {
    let stage = Stage::new().await;
    let client = stage.register("gitter", CALLBACK).await;
    let elsewhere = stage.app.test_user_create(somebody("Tester A")).await.unwrap();
    let refused = start_as(&stage, &client, Browser::Embedded, &elsewhere).await.unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (FailureCode::Invalid, Some("testUser")));
    stage.app.test_user_delete(named(&elsewhere)).await.unwrap();
    let gone = start_as(&stage, &client, Browser::Embedded, &elsewhere).await.unwrap_err();
    assert_eq!(gone.code, FailureCode::NotFound);
    assert_eq!(stage.counted("run"), 0, "nothing was recorded");
}

#[tokio::test]
async fn each_login_view_says_whose_it_is_and_keeps_what_is_to_be_kept_apart() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let kept = |name: &str| TestUserCreate { storage: BrowserStorage::Kept, ..somebody(name) };
    let first = stage.app.test_user_create(kept("Tester A")).await.unwrap();
    let second = stage.app.test_user_create(kept("Tester B")).await.unwrap();
    let fresh = stage.app.test_user_create(somebody("Tester C")).await.unwrap();

    let mut folders = Vec::new();
    for user in [&first, &second, &first] {
        log_in_as(&stage, &client, user).await;
        folders.push(folder_of_last_view(&stage).unwrap());
    }
    assert_eq!(folders[0], folders[2]);
    assert_ne!(folders[0], folders[1]);
    assert!(folders.iter().all(|folder| folder.is_absolute() && folder.is_dir()));
    log_in_as(&stage, &client, &fresh).await;
    assert_eq!(folder_of_last_view(&stage), None);
    stage.log_in(&client, Browser::Embedded).await;
    assert_eq!(folder_of_last_view(&stage), None, "what nobody was meant for is thrown away");

    let titles: Vec<String> = stage.desktop.views.lock().unwrap().iter().map(|(title, _)| title.clone()).collect();
    assert_eq!(titles[1], "Tester B: Forum login chattz at Chattz");
    assert_eq!(titles[4], "Forum login chattz at Chattz");
}

#[tokio::test]
async fn what_was_kept_is_forgotten_and_never_used_again() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let kept = TestUserCreate { storage: BrowserStorage::Kept, ..somebody("Tester A") };
    let user = stage.app.test_user_create(kept).await.unwrap();
    assert!(!user.keeps_something);
    log_in_as(&stage, &client, &user).await;
    let before = folder_of_last_view(&stage).unwrap();
    leave_a_cookie_in(&before);
    assert!(list(&stage).await.test_users[0].keeps_something);

    let forgotten = stage.app.test_user_forget_storage(named(&user)).await.unwrap();
    assert!(!forgotten.keeps_something);
    assert!(!before.exists());
    log_in_as(&stage, &client, &user).await;
    let after = folder_of_last_view(&stage).unwrap();
    assert_ne!(after, before, "a browser process may still hold the old one");

    leave_a_cookie_in(&after);
    let change = TestUserChange { storage: BrowserStorage::ThrownAway, ..as_it_is(&user) };
    assert!(!stage.app.test_user_change(change).await.unwrap().keeps_something);
    assert!(!after.exists(), "what is not to be kept is not kept any longer");
}

#[tokio::test]
async fn what_was_kept_of_a_deleted_test_user_goes_when_the_deletion_is_final() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let kept = TestUserCreate { storage: BrowserStorage::Kept, ..somebody("Tester A") };
    let user = stage.app.test_user_create(kept.clone()).await.unwrap();
    log_in_as(&stage, &client, &user).await;
    let folder = folder_of_last_view(&stage).unwrap();
    let of_nobody = folder.with_file_name("zzzzzzzzzzzzzzzz-1");
    std::fs::create_dir(&of_nobody).unwrap();

    stage.app.test_user_delete(named(&user)).await.unwrap();
    assert!(folder.exists(), "it can still be taken back");
    let stage = stage.restart().await;
    gone(&of_nobody).await;
    assert!(folder.exists(), "it can still be taken back");
    stage.edit("UPDATE test_user SET deleted_at = 1");
    let stage = stage.restart().await;
    gone(&folder).await;
    assert_eq!(stage.counted("test_user"), 0);
    let shown = stage.app.run_list(every_run()).await.unwrap();
    assert_eq!(shown.rows[0].meant.as_ref().unwrap().name, "Tester A", "a run outlives its test user");
}

/// Waits until a folder is not there any more.
async fn gone(folder: &Path) {
    let gone = async {
        while folder.exists() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(crate::stage::PATIENCE, gone).await.expect("it is removed");
}

fn every_run() -> gatewright_contract::run::RunQuery {
    serde_json::from_value(serde_json::json!({ "search": "", "offset": 0, "limit": 10 })).unwrap()
}

#[tokio::test]
async fn nothing_is_taken_from_a_test_user_who_is_logging_in() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let kept = TestUserCreate { storage: BrowserStorage::Kept, ..somebody("Tester A") };
    let user = stage.app.test_user_create(kept).await.unwrap();
    stage.person("theo", Decision::Wait);
    let run = start_as(&stage, &client, Browser::Embedded, &user).await.unwrap();
    assert!(list(&stage).await.test_users[0].logging_in);

    let thrown_away = TestUserChange { storage: BrowserStorage::ThrownAway, ..as_it_is(&user) };
    for refused in [
        stage.app.test_user_forget_storage(named(&user)).await.unwrap_err(),
        stage.app.test_user_change(thrown_away).await.unwrap_err(),
        stage.app.test_user_delete(named(&user)).await.unwrap_err(),
    ] {
        assert_eq!(refused.code, FailureCode::InUse);
        assert_eq!(refused.message, "A login as Tester A is going on.");
    }
    let renamed = TestUserChange { name: "Tester Z".to_owned(), ..as_it_is(&user) };
    stage.app.test_user_change(renamed).await.unwrap();

    stage.app.login_cancel(run.clone()).await.unwrap();
    assert_eq!(stage.end_of(&run).await.row.meant.unwrap().name, "Tester A", "as it was then");
    stage.app.test_user_forget_storage(named(&user)).await.unwrap();
}

#[tokio::test]
async fn two_personas_log_in_at_once() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let theo = of_twin(&stage, "chattz", "Theo Tanaka").await;
    let tara = of_twin(&stage, "chattz", "Tara Thomsen").await;
    stage.person("theo", Decision::Approve);
    let first = start_as(&stage, &client, Browser::Embedded, &theo).await.unwrap();
    stage.person("tara", Decision::Approve);
    let second = start_as(&stage, &client, Browser::Embedded, &tara).await.unwrap();
    for (run, identity) in [(first, "theo"), (second, "tara")] {
        let run = stage.end_of(&run).await;
        assert_eq!((run.row.outcome.as_str(), run.row.identity.as_deref()), ("logged_in", Some(identity)));
    }
}

#[tokio::test]
async fn the_persons_own_browser_is_told_to_be_logged_out_there() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", &format!("http://127.0.0.1:{}/callback", free_port())).await;
    let tara = of_twin(&stage, "chattz", "Tara Thomsen").await;
    let run = stage.end_of(&start_as(&stage, &client, Browser::System, &tara).await.unwrap()).await;
    assert_eq!(run.row.outcome, "wrong_person", "{:?}", run.sentence);
    assert!(run.next.as_deref().unwrap().contains("in your browser"), "{:?}", run.next);
}
