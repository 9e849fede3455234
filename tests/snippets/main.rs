//! Programs run as they are pasted: each of every provider, against its twin, by the interpreter or compiler that a person would use.
//!
//! What is compared is who logged in: the program, which has nothing of ours but its text, has to find the same person as Gatewright's
//! own login of the same user. A missing interpreter fails the test; `cargo xtask test` installs them.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

mod person;
mod program;
mod proof;
mod stage;

use gatewright_snippet::Language;

use crate::program::Program;
use crate::proof::Proof;
use crate::stage::{Case, Stage};

/// Runs the programs of every case in one language: each finds who Gatewright finds, and none believes an answer that is not its own.
async fn prove(language: Language) {
    let stage = Stage::new().await;
    let cases = stage.cases().await;
    let programs = program::make(language, &cases).await;
    for (case, program) in cases.iter().zip(&programs) {
        finds_who_gatewright_finds(&stage, case, program).await;
    }
    let (case, program) = (&cases[1], &programs[1]);
    believes_no_foreign_state(case, program).await;
    tells_that_somebody_refused(case, program).await;
    tells_that_a_secret_is_wrong(case, program).await;
    asks_for(program, "CLIENT_SECRET").await;
    let program_of = |name| cases.iter().zip(&programs).find(|(case, _)| case.name == name).unwrap();
    let ((rsa, rsa_program), (curve, curve_program)) = (program_of("rs256"), program_of("es256"));
    asks_for(rsa_program, "CLIENT_KEY_FILE").await;
    takes_no_key_of_another_kind(rsa_program, &curve.proof, "RS256 takes an RSA key").await;
    takes_no_key_of_another_kind(curve_program, &rsa.proof, "ES256 takes a key on the curve P-256").await;
}

async fn finds_who_gatewright_finds(stage: &Stage, case: &Case, program: &Program) {
    let expected = stage.log_in(case).await;
    let mut running = program.start(Some(&case.proof));
    let address = running.address().await;
    let callback = case.person.walk(&address, &case.redirect_uri).await;
    let end = running.paste(callback.as_str()).await;
    assert!(end.succeeded, "{} with {}: {end:?}", case.name, program.name());
    assert_eq!(end.last_line(), format!("Logged in as {expected}"), "{} with {}", case.name, program.name());
    assert!(!case.proof.is_in(&end.output), "{} with {} prints its secret", case.name, program.name());
}

async fn believes_no_foreign_state(case: &Case, program: &Program) {
    let mut running = program.start(Some(&case.proof));
    running.address().await;
    let end = running.paste(&format!("{}?code=stolen&state=guessed", case.plain_redirect_uri())).await;
    assert!(!end.succeeded && end.errors.contains("its state is not ours"), "{}: {end:?}", program.name());
}

async fn tells_that_somebody_refused(case: &Case, program: &Program) {
    let mut running = program.start(Some(&case.proof));
    running.address().await;
    let refusal = format!("{}?error=access_denied&error_description=Not%20today+%5Cn", case.plain_redirect_uri());
    let end = running.paste(&refusal).await;
    assert!(!end.succeeded && end.errors.contains("access_denied"), "{}: {end:?}", program.name());
    assert!(
        end.errors.contains("Not today \\n") || end.errors.contains("Not today \\\\n"),
        "{}: {end:?}",
        program.name()
    );
    let mut running = program.start(Some(&case.proof));
    running.address().await;
    let end = running.paste(case.plain_redirect_uri()).await;
    assert!(!end.succeeded && end.errors.contains("nobody agreed"), "{}: {end:?}", program.name());
}

async fn tells_that_a_secret_is_wrong(case: &Case, program: &Program) {
    let mut running = program.start(Some(&Proof::Secret("not the secret".to_owned())));
    let address = running.address().await;
    let callback = case.person.walk(&address, &case.redirect_uri).await;
    let end = running.paste(callback.as_str()).await;
    assert!(!end.succeeded && end.errors.contains("The code was refused (status 4"), "{}: {end:?}", program.name());
}

async fn asks_for(program: &Program, variable: &str) {
    let end = program.start(None).paste("").await;
    assert!(!end.succeeded && end.errors.contains(variable), "{}: {end:?}", program.name());
}

async fn takes_no_key_of_another_kind(program: &Program, another: &Proof, complaint: &str) {
    let end = program.start(Some(another)).paste("").await;
    assert!(!end.succeeded && end.errors.contains(complaint), "{}: {end:?}", program.name());
    assert!(!end.output.contains("http"), "{} sends somebody to a browser in vain: {end:?}", program.name());
}

macro_rules! proofs {
    ($( $name:ident: $language:ident; )+) => { $(
        #[tokio::test]
        async fn $name() {
            prove(Language::$language).await;
        }
    )+ };
}

proofs! {
    curl_finds_at_every_twin_who_gatewright_finds: Curl;
    node_finds_at_every_twin_who_gatewright_finds: Node;
    python_finds_at_every_twin_who_gatewright_finds: Python;
    go_finds_at_every_twin_who_gatewright_finds: Go;
    php_finds_at_every_twin_who_gatewright_finds: Php;
    rust_finds_at_every_twin_who_gatewright_finds: Rust;
}
