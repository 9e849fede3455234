//! Counts how often a rotation asks the keyring for what is its own part: storing the new secret and reading it back, and taking the old
//! one out. What is sent to the provider is read from the keyring each time, and is the network's part.

use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context, Result};
use gatewright_app::{App, AppOptions, KeyringChoice};
use gatewright_benches::process::folder_on_disk;
use gatewright_benches::{Goal, Measurement, desk};
use gatewright_contract::app::Nothing;
use gatewright_contract::client::ClientRegister;
use gatewright_contract::rotation::{RotationConfirm, RotationDriver, RotationRef, RotationStart, RotationStrategy};
use gatewright_contract::{Failure, Handler};
use gatewright_testkit::keyring::KeyringStage;

/// Says that this process lives on a desktop with a keyring of its own.
const STAGED: &str = "GATEWRIGHT_BENCH_KEYRING";
/// The fewest there can be: write, read back, delete.
const FEWEST: f64 = 3.0;
/// Rotations that are counted; they differ by nothing but chance.
const ROTATIONS: usize = 3;
/// The proof that the provider refuses the old secret sends it, and reads it for that.
const PROOFS_AT_THE_END: u64 = 1;

fn main() -> Result<ExitCode> {
    if std::env::var_os(STAGED).is_some() {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(measure())?;
        return Ok(ExitCode::SUCCESS);
    }
    // The keyring is found by the environment, and a process cannot change its own.
    let keyring = KeyringStage::unlocked();
    let own = std::env::current_exe().context("this program does not know where it is")?;
    let status =
        Command::new(own).args(std::env::args_os().skip(1)).envs(keyring.environment()).env(STAGED, "1").status();
    Ok(if status?.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn measure() -> Result<()> {
    let folder = folder_on_disk()?;
    let (desktop, _ends) = desk::headless();
    let options =
        AppOptions { data_dir: folder.path().join("data"), desktop, sandbox: true, keyring: KeyringChoice::System };
    let app = App::start(options).await;
    until_ready(&app).await?;
    let (mut ours, mut floor) = (Vec::new(), Vec::new());
    for number in 0..ROTATIONS {
        ours.push(rotation(&app, number).await.map_err(told)?);
        floor.push(FEWEST);
    }
    app.shut_down().await;
    let goal = Goal::RatioAtMost(1.0);
    Measurement::of_medians("rotation.keyring-round-trips", "round trips", goal, (ours, floor)).print()
}

/// Waits for the sandbox and the keyring.
async fn until_ready(app: &App) -> Result<()> {
    app.keyring_probe(Nothing {}).await.map_err(told)?;
    for _ in 0..500 {
        if app.sandbox_state(Nothing {}).await.map_err(told)?.running {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    anyhow::bail!("the sandbox does not start")
}

/// Rotates the secret of a new client by overlap; how often the keyring was asked.
async fn rotation(app: &App, number: usize) -> Result<f64, Failure> {
    let register = ClientRegister {
        provider: "chattz".to_owned(),
        name: format!("Rotated {number}"),
        redirect_uris: vec!["https://app.example.org/callback".to_owned()],
        register_as: "olivia".to_owned(),
        tag: String::new(),
        notes: String::new(),
    };
    let client = app.client_register(register).await?.row.id;
    let start = RotationStart { client, strategy: RotationStrategy::Overlap, driver: RotationDriver::Sandbox };
    let rotation = app.rotation_start(start).await?.id;
    // What the provider answers to a good secret and to a wrong one is learnt here, and not in what is counted.
    app.rotation_prove_old(RotationRef { rotation: rotation.clone() }).await?;
    let confirmed = || RotationConfirm { rotation: rotation.clone(), confirmed: true, access_token: None };
    let before = app.keyring_round_trips();
    app.rotation_obtain(confirmed()).await?;
    // Nobody else uses it, and nobody logs in with it.
    app.rotation_pass_over(confirmed()).await?;
    app.rotation_pass_over(confirmed()).await?;
    app.rotation_promote(confirmed()).await?;
    app.rotation_retire(confirmed()).await?;
    #[expect(clippy::cast_precision_loss, reason = "a handful")]
    let asked = (app.keyring_round_trips() - before - PROOFS_AT_THE_END) as f64;
    Ok(asked)
}

fn told(failure: Failure) -> anyhow::Error {
    anyhow::anyhow!(failure.message)
}
