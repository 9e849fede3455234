//! "Which secret is this?": pasted text at once, files and folders in the background.
//!
//! Everything is compared by keyed fingerprint with every version whose row is still there. Nothing that was looked at is kept.

mod known;
mod running;

use std::path::PathBuf;
use std::sync::Arc;

use gatewright_contract::secret_search::{SecretSearch, SecretSearchStart, SecretSought, SecretsRecognised};
use gatewright_contract::{Event, Failure, FailureCode};
use gatewright_fingerprint_scan::{Limits, Search, find_in_paths, find_in_text};
use gatewright_protocol::Secret;
use gatewright_store::known_secret;
use gatewright_vault::VaultError;

use self::known::KnownSecrets;
use self::running::SearchUnderWay;
pub(crate) use self::running::Searches;
use crate::{App, failure};

/// How much text can be pasted. Longer text belongs into a file.
const LONGEST_PASTED: usize = 1 << 20;
/// How often the window is told how far a search is.
const TOLD_EVERY: std::time::Duration = std::time::Duration::from_millis(150);

impl App {
    /// Says which secrets of ours a text is, or has in it.
    pub(crate) async fn recognise_secret(&self, request: SecretSought) -> Result<SecretsRecognised, Failure> {
        let text = Secret::new(request.text);
        if text.expose().trim().is_empty() {
            return Err(failure::invalid("text", "There is nothing to compare.")
                .hint("Paste the secret, or the text it stands in."));
        }
        if text.expose().len() > LONGEST_PASTED {
            return Err(
                failure::invalid("text", "This is too long to be pasted.").hint("Save it as a file and choose that.")
            );
        }
        let known = Arc::new(self.known_secrets().await?);
        let compared = Arc::clone(&known);
        let found = tokio::task::spawn_blocking(move || {
            find_in_text(text.expose().as_bytes(), compared.tails(), &|piece| compared.recognise(piece))
        });
        let found = found.await.map_err(|cause| failure::internal("The text was not compared", &cause))?;
        let mut numbers: Vec<u32> = found.into_iter().map(|found| found.known).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let secrets = numbers.into_iter().flat_map(|number| known.shown(number)).cloned().collect();
        Ok(SecretsRecognised { secrets, compared_with: known.count() })
    }

    /// Starts to look for known secrets in files and folders. One search at a time: another one that is under way is stopped.
    pub(crate) async fn start_secret_search(&self, request: SecretSearchStart) -> Result<SecretSearch, Failure> {
        let paths: Vec<PathBuf> = request.paths.iter().map(|path| PathBuf::from(path.trim())).collect();
        refuse_unusable(&paths)?;
        let known = self.known_secrets().await?;
        let search = self.0.searches.begin(SearchUnderWay::new(paths, known, self.0.clock.elapsed()));
        let (app, under_way) = (self.clone(), Arc::clone(&search));
        let looking = tokio::task::spawn_blocking(move || {
            let SearchUnderWay { paths, known, progress, .. } = &*under_way;
            let recognise = |piece: &str| known.recognise(piece);
            let search = Search { tails: known.tails(), recognise: &recognise, limits: Limits::default() };
            under_way.end(find_in_paths(paths, &search, progress), app.0.clock.elapsed());
        });
        let (app, told) = (self.clone(), Arc::clone(&search));
        self.0.tasks.spawn(async move {
            tokio::pin!(looking);
            loop {
                tokio::select! {
                    _ended = &mut looking => break,
                    () = app.0.ending.cancelled() => told.progress.stop(),
                    () = app.0.clock.sleep(TOLD_EVERY) => {}
                }
                app.tell(Event::SecretSearchChanged);
            }
            app.tell(Event::SecretSearchChanged);
        });
        Ok(search.shown(self.0.clock.elapsed()))
    }

    /// How the search stands.
    pub(crate) fn secret_search_now(&self) -> SecretSearch {
        self.0.searches.shown(self.0.clock.elapsed())
    }

    /// Stops the search; what it has found stays.
    pub(crate) fn stop_secret_search(&self) -> SecretSearch {
        self.0.searches.stop();
        self.secret_search_now()
    }

    async fn known_secrets(&self) -> Result<KnownSecrets, Failure> {
        self.keyring_settled().await;
        let fingerprinter = self.0.vault.fingerprinter().map_err(of_fingerprinter)?;
        let rows = self.store()?.read(known_secret::list).await.map_err(failure::of_store)?;
        Ok(KnownSecrets::new(rows, fingerprinter, &self.0.registry.known()))
    }
}

fn refuse_unusable(paths: &[PathBuf]) -> Result<(), Failure> {
    if paths.is_empty() {
        return Err(failure::invalid("paths", "There is nothing to look through.").hint("Choose a file or a folder."));
    }
    for path in paths {
        if !path.is_absolute() {
            return Err(failure::invalid("paths", format!("{} is not a whole path.", path.display()))
                .hint("Write it from the top, or choose the file or folder."));
        }
        if !path.exists() {
            return Err(failure::invalid("paths", format!("There is no {}.", path.display()))
                .hint("Check the path, or choose the file or folder."));
        }
    }
    Ok(())
}

fn of_fingerprinter(error: VaultError) -> Failure {
    match error {
        VaultError::SealingKeyNotOpen => Failure::new(
            FailureCode::KeyringLocked,
            "Secrets are recognised with a key that is in the keyring, and the keyring is not open.",
        )
        .hint("Unlock the keyring, then try again."),
        other => failure::of_vault(other),
    }
}
