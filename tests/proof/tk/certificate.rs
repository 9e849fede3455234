//! Certificates that nobody should accept: refused means that nothing was sent.

use std::path::PathBuf;

use gatewright_model::run::EndReason::CertificateRefused;
use gatewright_sandbox::Twin::{Chaster, Chattz};

use crate::stage::Stage;

/// Tells a test that it is the one that trusts the sandbox's authority.
const RUNS_ALONE: &str = "GATEWRIGHT_TEST_RUNS_ALONE";

/// Proves: V-08 by TK-40:self_signed.
#[tokio::test]
async fn a_certificate_that_nobody_signed_is_refused_before_the_secret_is_sent() {
    let stage = Stage::at(Chattz).await.fault("TK-40:self_signed");
    is_refused(&stage, "TK-40:self_signed", "signed by nobody this computer trusts").await;
    let stage = Stage::at(Chaster).await.fault("TK-40:self_signed");
    is_refused(&stage, "TK-40:self_signed", "signed by nobody this computer trusts").await;
}

/// Proves: V-08 by TK-40:expired.
#[tokio::test]
async fn a_certificate_that_has_expired_is_refused_before_the_secret_is_sent() {
    let Some(stage) = trusting().await else { return };
    is_refused(&stage.fault("TK-40:expired"), "TK-40:expired", "has expired").await;
}

/// Proves: V-08 by TK-40:wrong_name.
#[tokio::test]
async fn a_certificate_for_another_name_is_refused_before_the_secret_is_sent() {
    let Some(stage) = trusting().await else { return };
    is_refused(&stage.fault("TK-40:wrong_name"), "TK-40:wrong_name", "is for another name").await;
}

/// Proves: V-08 by TK-40:changing.
#[tokio::test]
async fn a_certificate_that_is_another_at_the_next_login_is_refused_before_the_secret_is_sent() {
    let Some(stage) = trusting().await else { return };
    let stage = stage.fault("TK-40:changing");
    stage.log_in().await.logs_in().requests_of("token", 1).leaks_nothing();
    is_refused(&stage, "TK-40:changing", "signed by nobody this computer trusts").await;
}

/// The login ends at the certificate; the code is not sent, and the next login works.
async fn is_refused(stage: &Stage, fault: &str, words: &str) {
    let proof = stage.log_in().await;
    proof.ends_with("provider_unreachable").ends_as(CertificateRefused).without_request("token");
    assert!(proof.ending().sentence.contains(words), "{}", proof.ending().sentence);
    proof.fired(fault).leaks_nothing().next_login_works().await;
}

/// A stage whose authority the process of the calling test trusts; none in every other process.
///
/// Whom to trust is read from the environment (`SSL_CERT_FILE`), which can be set for a process that is being started and for no other.
/// So the test starts itself once more, and has nothing left to do here.
async fn trusting() -> Option<Stage> {
    let test = std::thread::current().name().expect("a test's thread has its name").to_owned();
    if std::env::var_os(RUNS_ALONE).is_some() {
        let stage = Stage::at(Chattz).await;
        let file = PathBuf::from(std::env::var_os("SSL_CERT_FILE").unwrap());
        std::fs::write(file, stage.sandbox.certificate_authority().unwrap()).unwrap();
        return Some(stage);
    }
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}.pem", test.replace("::", "-")));
    let mut alone = std::process::Command::new(std::env::current_exe().unwrap());
    alone.args([test.as_str(), "--exact", "--nocapture"]).env(RUNS_ALONE, "yes").env("SSL_CERT_FILE", &file);
    let output = alone.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&output.stderr));
    std::fs::remove_file(file).unwrap();
    None
}
