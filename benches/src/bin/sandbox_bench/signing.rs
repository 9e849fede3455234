//! The limit of every server that signs: how many RS256 signatures one core makes in a second (RFC 7518 §3.3, a 2048-bit key).

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use gatewright_benches::cores::Cores;

/// As long as what is signed of an ID token of Chaster's twin, in bytes.
const SIGNED_BYTES: usize = 700;

/// The rate on the core where servers run, measured by this program in a process of its own.
pub(crate) fn rate_on_server_core(cores: Cores, time: Duration) -> Result<f64> {
    let mut command = cores.on_server_core(std::env::current_exe()?);
    let output = command.args(["sign", &time.as_secs_f64().to_string()]).output()?;
    ensure!(output.status.success(), "signing failed: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout)?.trim().parse().context("the signing process printed no number")
}

/// Signs for that many seconds and prints the rate.
#[expect(clippy::print_stdout, reason = "the process that started this one reads it")]
pub(crate) fn print_rate(seconds: f64) -> Result<()> {
    let key = RsaKeyPair::generate(KeySize::Rsa2048).context("no key")?;
    let random = SystemRandom::new();
    let (message, mut signature) = ([b'x'; SIGNED_BYTES], vec![0; key.public_modulus_len()]);
    let start = Instant::now();
    let mut made = 0.0;
    while start.elapsed().as_secs_f64() < seconds {
        key.sign(&RSA_PKCS1_SHA256, &random, &message, &mut signature).context("no signature")?;
        made += 1.0;
    }
    println!("{}", made / start.elapsed().as_secs_f64());
    Ok(())
}
