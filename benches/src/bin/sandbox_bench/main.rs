//! The sandbox beside two servers of other people and beside its own limit, the signature: requests and logins per second, start, memory.
//!
//! Servers run on one core, the load comes from another. `--peers` names the folder with the peers' scripts.
//! `sandbox_bench sign SECONDS` prints how many RS256 signatures per second this core makes, and nothing else.

mod errands;
mod signing;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use gatewright_benches::cores::Cores;
use gatewright_benches::load::{Errand, rate};
use gatewright_benches::server::{App, Server};
use gatewright_benches::{Goal, Measurement, in_turns};

use errands::{REDIRECT_URI, opaque_of_peer, opaque_of_sandbox, signed_of_peer, signed_of_sandbox};

/// How often each side is measured: often and shortly, so that a busy moment hits both.
const ROUNDS: usize = 15;
/// How often each side is started for the cold start.
const STARTS: usize = 11;
/// How long one measurement takes.
const TIME: Duration = Duration::from_millis(600);
/// Connections that ask for opaque tokens, and connections on which people log in.
const TOKEN_CONNECTIONS: usize = 16;
const LOGIN_CONNECTIONS: usize = 8;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("sign") => signing::print_rate(arguments.next().context("sign SECONDS")?.parse()?),
        Some("--peers") => {
            let cores = Cores::find()?;
            // Before the runtime: its threads stay where this one is.
            cores.take_load_core()?;
            let bench = Bench { cores, peers: arguments.next().context("--peers FOLDER")?.into() };
            tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(bench.measure())
        }
        _ => anyhow::bail!("say where the peers are: --peers FOLDER"),
    }
}

struct Bench {
    cores: Cores,
    peers: PathBuf,
}

impl Bench {
    async fn measure(&self) -> Result<()> {
        self.cold_starts().await?;
        let (sandbox, app) = Server::sandbox(self.cores, REDIRECT_URI).await?;
        let provider = Server::peer(self.cores, &self.peers, "opaque.js").await?;
        self.opaque(&sandbox, &app, &provider).await?;
        let mock = Server::peer(self.cores, &self.peers, "signed.js").await?;
        self.signed(&sandbox, &app, &mock).await?;
        let goal = Goal::AtMost(15.0);
        let held = (vec![sandbox.megabytes()?], vec![provider.megabytes()?]);
        Measurement::of_medians("sandbox.memory-after-load", "MB", goal, held).print()
    }

    /// From the start of the process to the first 200, beside oidc-provider's.
    async fn cold_starts(&self) -> Result<()> {
        let samples = in_turns(STARTS, async |is_ours| {
            let server = if is_ours {
                Server::sandbox(self.cores, REDIRECT_URI).await?.0
            } else {
                Server::peer(self.cores, &self.peers, "opaque.js").await?
            };
            Ok(server.cold_start)
        });
        Measurement::of_medians("sandbox.start", "ms", Goal::AtMost(30.0), samples.await?).print()
    }

    /// Opaque tokens for a client that acts for itself, beside oidc-provider's.
    async fn opaque(&self, sandbox: &Server, app: &App, provider: &Server) -> Result<()> {
        let (ours, theirs) = (Arc::new(opaque_of_sandbox(app)), Arc::new(opaque_of_peer()));
        let samples = rates((sandbox, &ours), (provider, &theirs), TOKEN_CONNECTIONS).await?;
        Measurement::of_medians("sandbox.opaque", "1/s", Goal::RatioAtLeast(5.0), samples).print()
    }

    /// Whole logins with signed tokens, beside oauth2-mock-server's and beside the signatures alone.
    async fn signed(&self, sandbox: &Server, app: &App, mock: &Server) -> Result<()> {
        let (ours, theirs) = (Arc::new(signed_of_sandbox(app)), Arc::new(signed_of_peer()));
        let samples = rates((sandbox, &ours), (mock, &theirs), LOGIN_CONNECTIONS).await?;
        // The mock signs twice a login and we once; being slower than it would still be a miss.
        Measurement::of_medians("sandbox.signed", "1/s", Goal::RatioAtLeast(1.0), samples).print()?;
        let samples = in_turns(ROUNDS, async |is_ours| {
            if is_ours {
                rate(sandbox.address, LOGIN_CONNECTIONS, TIME, &ours).await
            } else {
                signing::rate_on_server_core(self.cores, TIME)
            }
        });
        Measurement::of_medians("sandbox.signed-of-signatures", "1/s", Goal::RatioAtLeast(0.8), samples.await?).print()
    }
}

/// Rates of both sides in turns, after each has had the time to get warm.
async fn rates<Ours: Errand, Theirs: Errand>(
    (our_server, ours): (&Server, &Arc<Ours>),
    (their_server, theirs): (&Server, &Arc<Theirs>),
    connections: usize,
) -> Result<(Vec<f64>, Vec<f64>)> {
    let sample = async |is_ours: bool| {
        if is_ours {
            rate(our_server.address, connections, TIME, ours).await
        } else {
            rate(their_server.address, connections, TIME, theirs).await
        }
    };
    in_turns(3, sample).await?;
    in_turns(ROUNDS, sample).await
}
