//! The sandbox from a shell: the same server as inside Gatewright.

mod args;

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Context as _;
use gatewright_protocol::Secret;
use gatewright_sandbox::{AppForm, Sandbox, SandboxHandle, Twin, fault_catalogue};

use args::{Run, Wanted};

fn main() -> ExitCode {
    let wanted = match args::parse(std::env::args().skip(1)) {
        Ok(Wanted::Help) => return finish(io::stdout().write_all(args::HELP.as_bytes()).map_err(Into::into)),
        Ok(Wanted::ListFaults) => return finish(list_faults(&mut io::stdout().lock()).map_err(Into::into)),
        Ok(Wanted::Run(run)) => run,
        Err(error) => return finish(Err(error.into())),
    };
    finish(runtime().context("cannot start").and_then(|runtime| runtime.block_on(run(*wanted))))
}

/// One worker per core this process may use, at most two: a request is answered faster than it is handed to another thread.
fn runtime() -> io::Result<tokio::runtime::Runtime> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut builder = match cores {
        1 => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    builder.worker_threads(cores.min(2)).enable_all().build()
}

fn finish(outcome: anyhow::Result<()>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to tell when even this cannot be written.
            let _ = writeln!(io::stderr(), "gatewright-sandbox: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(run: Run) -> anyhow::Result<()> {
    let sandbox = Sandbox::start(run.options).await?;
    sandbox.set_faults(run.faults).context("--list-faults prints what there is")?;
    let mut text = Vec::new();
    describe(&mut text, &sandbox)?;
    for (twin, redirect_uri) in run.apps {
        let form = AppForm { name: format!("{} app", twin.name()), redirect_uris: vec![redirect_uri] };
        let created = sandbox.create_app(twin, "olivia", form).await?;
        writeln!(text, "app at {:<10} id {}  secret {}", twin.name(), created.app.client_id, created.secret.expose())?;
    }
    writeln!(text, "Ctrl-C stops.")?;
    io::stdout().write_all(&text).and_then(|()| io::stdout().flush()).context("cannot write to standard output")?;
    interrupted().await?;
    sandbox.stop().await;
    Ok(())
}

fn describe(out: &mut impl Write, sandbox: &SandboxHandle) -> io::Result<()> {
    let origin = sandbox.origin();
    writeln!(out, "origin        {origin}")?;
    writeln!(
        out,
        "control       {origin}/_control/  (header x-sandbox-control: {})",
        sandbox.control_token().expose()
    )?;
    if let Some(path) = sandbox.broken_apps_file() {
        writeln!(out, "the apps file was broken; it is now {}, and a new one begins", path.display())?;
    }
    writeln!(out, "\npeople        password")?;
    for user in sandbox.users() {
        writeln!(out, "{:<13} {:<16} {}, {}", user.username, user.password, user.display_name(), user.role)?;
    }
    writeln!(out, "\nperson        management key (MANAGEMENT.md)             initial access token (RFC 7591)")?;
    for user in sandbox.users() {
        let key = sandbox.management_key(user.username).map(Secret::expose).unwrap_or_default();
        let token = sandbox.initial_access_token(user.username).map(Secret::expose).unwrap_or_default();
        writeln!(out, "{:<13} {key} {token}", user.username)?;
    }
    for twin in Twin::ALL.into_iter().filter(|twin| sandbox.twins().contains(twin)) {
        writeln!(out, "\n{}", twin.name())?;
        writeln!(out, "  authorize   {origin}{}", twin.authorization_path())?;
        writeln!(out, "  token       {origin}{}", twin.token_path())?;
        match twin.identity_path() {
            Some(path) => writeln!(out, "  identity    {origin}{path}")?,
            None => writeln!(out, "  identity    the token answer itself")?,
        }
    }
    writeln!(out)
}

fn list_faults(out: &mut impl Write) -> io::Result<()> {
    for fault in fault_catalogue() {
        writeln!(out, "{}  {}", fault.id, fault.sentence)?;
        if !fault.variants.is_empty() {
            writeln!(out, "       variants: {}", fault.variants.join(", "))?;
        }
        if fault.twins.len() < Twin::ALL.len() {
            let twins: Vec<_> = fault.twins.iter().map(|twin| twin.id()).collect();
            writeln!(out, "       only at: {}", twins.join(", "))?;
        }
    }
    Ok(())
}

/// Waits for Ctrl-C, or for being asked to end.
async fn interrupted() -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut ended = signal(SignalKind::terminate()).context("cannot wait for signals")?;
        tokio::select! {
            outcome = tokio::signal::ctrl_c() => outcome.context("cannot wait for Ctrl-C"),
            _ = ended.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.context("cannot wait for Ctrl-C")
}
