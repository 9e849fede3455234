//! What becomes of secrets in time: due, retired, removed; where they are deployed; and the trail of it all.

use gatewright_contract::app::Nothing;
use gatewright_contract::audit::{AuditActor, AuditExport, AuditFormat, AuditQuery, AuditRow};
use gatewright_contract::client::{ClientDetail, ClientRef};
use gatewright_contract::secret::{SecretPaste, SecretRef};
use gatewright_contract::secret_version::{
    DeploymentAdd, DeploymentRef, DeploymentRename, DeploymentVersion, RotationUrgency, SecretPolicyChange,
    SecretStanding,
};
use gatewright_contract::{FailureCode, Handler};

use crate::bound::{entered_as, until};
use crate::keyring::on_keyring;
use crate::stage::{Stage, everything};

const SECRET: &str = "a-secret-of-some-length-9f2c";

#[tokio::test]
async fn deployments_are_kept_with_the_version_their_owner_ticked() {
    let stage = Stage::new().await;
    let client = entered_as(&stage, "web", SECRET).await;
    let add =
        |name: &str| DeploymentAdd { client: client.row.id.clone(), name: name.to_owned(), place: "host-1".to_owned() };
    assert_eq!(stage.app.deployment_add(add("  ")).await.unwrap_err().field.as_deref(), Some("name"));
    stage.app.deployment_add(add("web server")).await.unwrap();
    let detail = stage.app.deployment_add(add("nightly job")).await.unwrap();
    assert_eq!(names(&detail), ["web server", "nightly job"]);
    let id = detail.deployments[0].id.clone();

    let tick = |version| DeploymentVersion { deployment: id.clone(), version };
    let ticked = stage.app.deployment_set_version(tick(Some(1))).await.unwrap();
    assert_eq!(ticked.deployments[0].version, Some(1));
    assert!(ticked.deployments[0].ticked_at.is_some());
    let never = stage.app.deployment_set_version(tick(Some(9))).await.unwrap_err();
    assert_eq!(never.code, FailureCode::SecretLost, "there is no version 9");
    let renamed = DeploymentRename { deployment: id.clone(), name: "web servers".to_owned(), place: String::new() };
    assert_eq!(names(&stage.app.deployment_rename(renamed).await.unwrap())[0], "web servers");

    let which = DeploymentRef { deployment: id };
    let removed = stage.app.deployment_remove(which.clone()).await.unwrap();
    assert_eq!((&*removed.what, removed.undo_ms), ("web servers", 10_000));
    assert_eq!(names(&shown(&stage, &client).await), ["nightly job"]);
    let back = stage.app.deployment_restore(which).await.unwrap();
    assert_eq!((names(&back), back.deployments[0].version), (vec!["web servers", "nightly job"], Some(1)));
}

#[tokio::test]
async fn a_secret_is_due_by_the_policy_of_its_client() {
    let stage = Stage::new().await;
    let client = entered_as(&stage, "web", SECRET).await;
    assert_eq!((client.rotate_after_days, client.row.secret_urgency), (Some(90), Some(RotationUrgency::Fine)));
    assert!(client.secret.as_ref().unwrap().due_at.is_some());
    let set = |days| SecretPolicyChange { client: client.row.id.clone(), rotate_after_days: days };
    let soon = stage.app.secret_set_policy(set(Some(7))).await.unwrap();
    assert_eq!((soon.rotate_after_days, soon.row.secret_urgency), (Some(7), Some(RotationUrgency::Soon)));
    let never = stage.app.secret_set_policy(set(None)).await.unwrap();
    assert_eq!((never.row.secret_urgency, never.secret.unwrap().due_at), (Some(RotationUrgency::Never), None));
    let refused = stage.app.secret_set_policy(set(Some(0))).await.unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (FailureCode::Invalid, Some("rotateAfterDays")));
    let list = stage.app.client_list(everything()).await.unwrap();
    assert_eq!(list.rows[0].secret_urgency, Some(RotationUrgency::Never));
}

#[tokio::test]
async fn what_is_due_is_said_at_every_start_and_on_the_desktop_once() {
    let stage = Stage::new().await;
    entered_as(&stage, "web", SECRET).await;
    entered_as(&stage, "job", SECRET).await;
    // What it says at its start has to be said, or it would speak of secrets that become due below.
    let first = has_told(&stage, None).await;
    // As if they were in a keyring: what is in memory only would be lost with the restart.
    // SQLite's clock counts milliseconds; the end of this one is after what was said, and before the next start.
    stage.edit(
        "UPDATE secret_version SET place = 'keyring',
           due_at = CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) * 1000 + 1000",
    );
    let stage = stage.restart().await;
    let said = async |stage: &Stage| stage.app.app_state(Nothing {}).await.unwrap().notices;
    assert_eq!(said(&stage).await[0].message, "2 secrets are due for rotation.");
    let notified = |stage: &Stage| stage.desktop.notified.lock().unwrap().clone();
    until(async || notified(&stage) == ["2 secrets are due for rotation."]).await;
    let second = has_told(&stage, Some(first)).await;
    let stage = stage.restart().await;
    assert_eq!(said(&stage).await[0].message, "2 secrets are due for rotation.");
    has_told(&stage, Some(second)).await;
    stage.app.shut_down().await;
    assert_eq!(notified(&stage), [""; 0]);
}

/// Waits until the person was told on the desktop what has become due after an earlier time, and gives the time until which they were.
async fn has_told(stage: &Stage, after: Option<String>) -> String {
    let told = || stage.setting("due_told_until");
    until(async || told().is_some() && told() != after).await;
    told().unwrap()
}

#[test]
fn the_health_of_a_secret_is_checked_once_a_day_when_the_person_wants_it() {
    on_keyring(async |_keyring| {
        let stage = Stage::new_with_keyring().await;
        let client = stage.register("chaster", "https://app.example.org/callback").await;
        let which = ClientRef { client: client.row.id.clone() };
        stage.app.secret_prove(which).await.unwrap();
        assert_eq!(shown(&stage, &client).await.row.secret_proof.unwrap().standing, SecretStanding::Accepted);
        let forget = "UPDATE secret_version SET last_verdict = 'cannot_tell', last_proved_at = 0";
        stage.edit(forget);
        let stage = stage.restart().await;
        let mut settings = stage.app.settings_show(Nothing {}).await.unwrap();
        assert!(!settings.daily_health_check, "nobody is asked unasked");
        settings.daily_health_check = true;
        stage.app.settings_change(settings).await.unwrap();
        let stage = stage.restart().await;
        until(async || {
            let proof = shown(&stage, &client).await.row.secret_proof.unwrap();
            proof.standing == SecretStanding::Accepted
        })
        .await;
        let list = stage.app.client_list(everything()).await.unwrap();
        assert_eq!(list.rows[0].secret_proof.as_ref().unwrap().standing, SecretStanding::Accepted);
    });
}

#[tokio::test]
async fn a_retired_secret_is_kept_no_longer_than_the_settings_say() {
    let stage = Stage::new().await;
    let client = entered_as(&stage, "web", SECRET).await;
    let paste = SecretPaste { client: client.row.id.clone(), secret: "the-next-secret-of-length-11aa".to_owned() };
    let detail = stage.app.secret_paste(paste).await.unwrap();
    assert_eq!((&*detail.secret_versions[1].state, &detail.secret_versions[1].removed_at), ("retired", &None));
    assert!(detail.secret_versions[1].retired_at.is_some());

    let mut settings = stage.app.settings_show(Nothing {}).await.unwrap();
    assert_eq!(settings.retired_secret_days, 30);
    settings.retired_secret_days = 0;
    stage.app.settings_change(settings).await.unwrap();
    until(async || shown(&stage, &client).await.secret_versions[1].removed_at.is_some()).await;
    let forgotten = trail(&stage).await.into_iter().find(|row| row.action == "secret_forgotten").unwrap();
    assert_eq!((forgotten.actor, forgotten.version), (AuditActor::Gatewright, Some(1)));
    let reveal = SecretRef { client: client.row.id.clone(), confirmed: true };
    assert!(stage.app.secret_reveal(reveal).await.unwrap().value.ends_with("11aa"), "the one in use stays");
}

#[tokio::test]
async fn the_trail_says_what_was_done_and_can_be_taken_along() {
    let stage = Stage::new().await;
    let client = entered_as(&stage, "=web", SECRET).await;
    let other = entered_as(&stage, "job", SECRET).await;
    let secret = SecretRef { client: client.row.id.clone(), confirmed: true };
    stage.app.secret_reveal(secret.clone()).await.unwrap();
    stage.app.secret_copy(secret).await.unwrap();
    stage.app.client_delete(ClientRef { client: other.row.id.clone() }).await.unwrap();
    let actions: Vec<_> = trail(&stage).await.into_iter().map(|row| row.action).collect();
    let expected = ["client_deleted", "secret_copied", "secret_revealed", "client_created", "client_created"];
    assert_eq!(actions, expected);
    let of_one = AuditQuery { client: Some(client.row.id.clone()), offset: 1, limit: 1 };
    let page = stage.app.audit_list(of_one).await.unwrap();
    assert_eq!((page.total, &*page.rows[0].sentence), (3, "Showed the secret on screen"));

    let path = stage.database().with_file_name("trail.csv").display().to_string();
    let export = AuditExport { client: None, format: AuditFormat::Csv, path: path.clone() };
    let exported = stage.app.audit_export(export).await.unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!((exported.lines, text.matches("\r\n").count()), (5, 6), "a line each, and the headings");
    assert!(!text.contains(SECRET));
    assert_eq!(trail(&stage).await[0].detail.as_deref(), Some("5 lines as CSV"));
}

pub(crate) async fn trail(stage: &Stage) -> Vec<AuditRow> {
    stage.app.audit_list(AuditQuery { client: None, offset: 0, limit: 100 }).await.unwrap().rows
}

async fn shown(stage: &Stage, client: &ClientDetail) -> ClientDetail {
    stage.app.client_show(ClientRef { client: client.row.id.clone() }).await.unwrap()
}

fn names(client: &ClientDetail) -> Vec<&str> {
    client.deployments.iter().map(|deployment| &*deployment.name).collect()
}
