//! A login that was started for one person, at a server that says it was another.

use gatewright_engine::login::ExpectedPerson;
use gatewright_model::run::EndReason::WrongPerson;
use gatewright_sandbox::Twin::{self, Chattz, ContentDb, Gitter};

use crate::stage::Stage;

/// The person is who she should be until the server makes somebody else of her.
async fn is_told_apart(twin: Twin) {
    let mut stage = Stage::at(twin).await;
    let subject = stage.log_in().await.logs_in().subject().to_owned();
    stage.plan.expected_person = Some(ExpectedPerson { name: "Olivia".to_owned(), subject: subject.clone() });
    stage.log_in().await.logs_in();
    let stage = stage.fault("UI-11");
    let proof = stage.log_in().await;
    proof.ends_as(WrongPerson).requests_of("identity", 1).fired("UI-11").leaks_nothing();
    assert_eq!(proof.findings().last(), Some(&"wrong_person"));
    assert_ne!(proof.subject(), subject, "who it was is shown");
    assert_eq!(proof.next_login_works().await.subject(), subject);
}

/// Proves: TU by UI-11.
#[tokio::test]
async fn another_number_at_chattz_is_another_person() {
    is_told_apart(Chattz).await;
}

/// Proves: TU by UI-11.
#[tokio::test]
async fn another_id_at_gitter_is_another_person() {
    is_told_apart(Gitter).await;
}

/// Proves: TU by UI-11.
#[tokio::test]
async fn another_name_at_contentdb_is_another_person() {
    is_told_apart(ContentDb).await;
}
