//! What bad input and bad luck get: a sentence, a next step, and nothing lost.

use gatewright_contract::app::Nothing;
use gatewright_contract::login::LoginStart;
use gatewright_contract::run::Browser;
use gatewright_contract::sandbox::SandboxStart;
use gatewright_contract::{FailureCode, Handler};
use tempfile::TempDir;

use crate::person::Decision;
use crate::stage::Stage;

#[tokio::test]
async fn a_file_that_is_no_database_is_named_and_left_as_it_is() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("gatewright.sqlite");
    std::fs::write(&file, "these are my notes, not a database").unwrap();
    let stage = Stage::at(folder).await;
    let fatal = stage.app.app_state(Nothing {}).await.unwrap().fatal.expect("the window says so");
    assert!(fatal.message.contains("gatewright.sqlite"), "{}", fatal.message);
    assert!(fatal.hint.is_some());
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "these are my notes, not a database");
}

#[tokio::test]
async fn a_second_gatewright_on_the_same_data_is_told_about_the_first() {
    let first = Stage::new().await;
    let second = Stage::beside(&first).await;
    let fatal = second.app_state(Nothing {}).await.unwrap().fatal.expect("the window says so");
    assert_eq!(fatal.message, "Another Gatewright has your data open.");
    assert!(first.app.app_state(Nothing {}).await.unwrap().fatal.is_none());
}

#[tokio::test]
async fn a_taken_sandbox_port_is_named_beside_its_field() {
    let stage = Stage::new().await;
    let held = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = held.local_addr().unwrap().port();
    let request = SandboxStart { port: Some(port), auto_approve: None, gitter_as_engine: false };
    let refused = stage.app.sandbox_start(request).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::PortTaken);
    assert_eq!(refused.field.as_deref(), Some("port"));
    assert!(refused.message.contains(&port.to_string()), "{}", refused.message);
}

#[tokio::test]
async fn without_the_sandbox_its_clients_say_what_is_in_the_way() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", "https://app.example.org/callback").await;
    stage.app.sandbox_stop(Nothing {}).await.unwrap();
    let which = gatewright_contract::client::ClientRef { client: client.row.id.clone() };
    let shown = stage.app.client_show(which).await.unwrap();
    assert_eq!(shown.obstacles.len(), 1);
    assert_eq!(shown.obstacles[0].message, "The sandbox is not running.");
}

#[tokio::test]
async fn apps_at_the_twins_are_there_after_a_restart() {
    let stage = Stage::new().await;
    let client = stage.register("chattr", "https://app.example.org/callback").await;
    let stage = stage.restart().await;
    let twins = stage.app.sandbox_state(Nothing {}).await.unwrap().twins;
    assert_eq!(twins.iter().find(|twin| twin.provider == "chattr").map(|twin| twin.apps), Some(1));
    let which = gatewright_contract::client::ClientRef { client: client.row.id };
    let shown = stage.app.client_show(which).await.unwrap();
    let lost = "This client's secret was only in memory and is gone.";
    assert!(shown.obstacles.iter().any(|obstacle| obstacle.message == lost), "{:?}", shown.obstacles);
}

#[tokio::test]
async fn on_a_full_disk_no_login_is_started_and_once_there_is_room_it_is() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", "https://app.example.org/callback").await;
    stage.person("theo", Decision::Approve);
    stage.app.let_disk_be_full(true);
    let start = LoginStart {
        client: client.row.id.clone(),
        test_user: None,
        browser: Browser::Embedded,
        redirect_uri: None,
        scopes: None,
    };
    let refused = stage.app.login_start(start).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::DiskFull);
    assert!(refused.hint.is_some());
    assert!(stage.app.app_state(Nothing {}).await.unwrap().active_runs.is_empty());

    stage.app.let_disk_be_full(false);
    assert_eq!(stage.counted("run"), 0, "nothing is left of the login that was refused");
    let run = stage.log_in(&client, Browser::Embedded).await;
    assert_eq!(run.row.outcome, "logged_in");
}

#[tokio::test]
async fn a_result_that_does_not_fit_on_the_disk_is_shown_and_its_record_stays_truthful() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", "https://app.example.org/callback").await;
    let run = stage.start(&client, Browser::Paste).await;
    stage.app.let_disk_be_full(true);
    stage.app.login_cancel(run.clone()).await.unwrap();
    assert_eq!(stage.end_of(&run).await.row.outcome, "stopped");
    let told = "A login's result could not be saved.";
    let notices = async || stage.app.app_state(Nothing {}).await.unwrap().notices;
    assert!(notices().await.iter().any(|notice| notice.message == told), "{:?}", notices().await);

    stage.app.let_disk_be_full(false);
    let stage = stage.restart().await;
    assert_eq!(stage.end_of(&run).await.row.outcome, "interrupted", "nothing is made up about what was not written");
}
