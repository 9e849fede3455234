//! Measures "which secret is this?": 10,000 files of 10 kB, compared with every version of 100 clients, beside reading the same files.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use gatewright_benches::{Goal, Measurement, in_turns, number};
use gatewright_fingerprint_scan::{Limits, Progress, Search, Tails, find_in_paths};
use gatewright_protocol::Secret;
use gatewright_vault::{RandomBytes, Vault, VaultPlace};
use tempfile::TempDir;

const FILES: usize = 10_000;
const FILE_BYTES: usize = 10_000;
const VERSIONS: usize = 300;
/// One file in a thousand has a known secret in it.
const EVERY: usize = 1000;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let rounds = number("--rounds", 5)?;
    let secrets: Vec<String> = (0..VERSIONS).map(secret).collect();
    let folder = TempDir::new()?;
    let paths = write_files(folder.path(), &secrets)?;

    // With the key and the digest of the product, and without a keyring: neither is asked while a search goes on.
    let vault = Vault::open(VaultPlace::session_only(bytes_of_a_counter()));
    vault.probe().await;
    vault.open_sealing_key(&[]).await?;
    let fingerprinter = vault.fingerprinter()?;
    let known: Vec<String> =
        secrets.iter().map(|secret| vault.fingerprint(&Secret::new(secret.as_str()))).collect::<Result<_, _>>()?;
    let numbers: std::collections::HashMap<&str, u32> = known.iter().map(String::as_str).zip(0..).collect();
    let tails = Tails::new(secrets.iter().map(|secret| Some(&secret[secret.len() - 4..])));
    let recognise = |piece: &str| fingerprinter.of(piece).find_map(|print| numbers.get(print.as_str()).copied());
    let search = Search { tails: &tails, recognise: &recognise, limits: Limits::default() };

    let samples = in_turns(rounds, async |is_ours| {
        let start = Instant::now();
        if is_ours {
            let report = find_in_paths(&[folder.path().to_owned()], &search, &Progress::default());
            ensure!(report.places.len() == FILES / EVERY, "{} places were found", report.places.len());
        } else {
            read_all(&paths)?;
        }
        Ok(start.elapsed().as_secs_f64())
    });
    Measurement::of_medians("fingerprint.scan", "s", Goal::AtMost(2.0), samples.await?).print()
}

/// A secret as a provider makes them: 40 letters and digits.
fn secret(number: usize) -> String {
    const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut state = number as u64 + 1;
    let mut letter = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(ALPHABET[(state >> 33) as usize % ALPHABET.len()])
    };
    (0..40).map(|_| letter()).collect()
}

/// Files that read like the sources of a program: words, punctuation, some escapes and long runs.
fn write_files(folder: &Path, secrets: &[String]) -> anyhow::Result<Vec<PathBuf>> {
    const LINES: [&str; 6] = [
        "export function renderProfile(user: User, options: RenderOptions = {}): string {\n",
        "  const url = `https://api.example.org/v2/users/${encodeURIComponent(user.id)}?fields=name%2Cavatar`;\n",
        "  if (!response.ok) throw new HttpError(response.status, \"the profile could not be \\\"read\\\"\");\n",
        "  # CLIENT_ID=abc123 and DATABASE_URL=postgres://localhost:5432/guild\n",
        "  return values.filter((value) => value !== undefined).map(internationalizationHelper).join(\", \");\n",
        "integrity: sha512-kJ8zbtwVx1mH9Q6uYlPz0bq3rVfWn5sTgDcEaXoIyRhMvLpBKdNwUeSjZtFiGkCq==\n",
    ];
    let mut paths = Vec::with_capacity(FILES);
    for number in 0..FILES {
        let place = folder.join(format!("module{:02}", number % 100));
        fs::create_dir_all(&place)?;
        let mut text = String::with_capacity(FILE_BYTES + 200);
        let mut lines = LINES.iter().cycle().skip(number % LINES.len());
        while text.len() < FILE_BYTES {
            text.extend(lines.next().copied());
        }
        if number.is_multiple_of(EVERY) {
            text.extend(["CLIENT_SECRET=", &secrets[number / EVERY], "\n"]);
        }
        let path = place.join(format!("file{number}.ts"));
        fs::write(&path, text)?;
        paths.push(path);
    }
    Ok(paths)
}

/// The least anybody has to do: read every file, on two threads as ours does.
fn read_all(paths: &[PathBuf]) -> anyhow::Result<()> {
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let each = paths.len().div_ceil(threads);
    std::thread::scope(|scope| {
        let readers: Vec<_> = paths
            .chunks(each)
            .map(|part| {
                scope.spawn(move || {
                    part.iter().map(|path| fs::read(path).map(|bytes| bytes.len())).sum::<Result<usize, _>>()
                })
            })
            .collect();
        for reader in readers {
            let bytes = reader.join().ok().context("a reader stopped")??;
            ensure!(bytes > 0, "nothing was read");
        }
        Ok(())
    })
}

/// Randomness that is none: the key of a measurement protects nothing.
fn bytes_of_a_counter() -> RandomBytes {
    let counter = std::sync::atomic::AtomicU64::new(1);
    Arc::new(move |bytes: &mut [u8]| {
        for byte in bytes {
            *byte = counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed).to_le_bytes()[0];
        }
    })
}
