//! What everything is compared with.

use std::collections::HashMap;

use gatewright_contract::secret_search::KnownSecret as Shown;
use gatewright_fingerprint_scan::Tails;
use gatewright_store::known_secret::KnownSecret;
use gatewright_vault::Fingerprinter;

use crate::registry::Known as KnownProviders;
use crate::show::client as show;
use crate::show::run::environment;

/// Every value a secret has had, by its fingerprint.
pub(super) struct KnownSecrets {
    tails: Tails,
    fingerprinter: Fingerprinter,
    /// The number of each fingerprint.
    numbers: HashMap<String, u32>,
    /// What has that fingerprint: more than one when two clients were given the same secret.
    shown: Vec<Vec<Shown>>,
    count: u32,
}

impl KnownSecrets {
    pub(super) fn new(rows: Vec<KnownSecret>, fingerprinter: Fingerprinter, providers: &KnownProviders) -> Self {
        let tails = Tails::new(rows.iter().map(|row| row.last_four.as_deref()));
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let mut numbers = HashMap::new();
        let mut shown: Vec<Vec<Shown>> = Vec::new();
        for row in rows {
            let next = u32::try_from(shown.len()).unwrap_or(u32::MAX);
            let number = *numbers.entry(row.fingerprint.clone()).or_insert(next);
            if number == next {
                shown.push(Vec::new());
            }
            if let Some(same) = shown.get_mut(number as usize) {
                same.push(wire(row, providers));
            }
        }
        Self { tails, fingerprinter, numbers, shown, count }
    }

    pub(super) fn tails(&self) -> &Tails {
        &self.tails
    }

    /// With how many versions everything is compared.
    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// The number of the secret that a piece of text is.
    pub(super) fn recognise(&self, piece: &str) -> Option<u32> {
        self.fingerprinter.of(piece).find_map(|fingerprint| self.numbers.get(&fingerprint).copied())
    }

    /// What has that number.
    pub(super) fn shown(&self, number: u32) -> &[Shown] {
        self.shown.get(number as usize).map_or(&[], Vec::as_slice)
    }
}

fn wire(row: KnownSecret, providers: &KnownProviders) -> Shown {
    Shown {
        client: row.client.to_string(),
        client_name: row.client_name,
        provider_name: providers.name(&row.provider),
        environment: environment(row.environment),
        deleted: row.deleted,
        version: row.version,
        state: show::state(row.state).to_owned(),
        since: row.since.to_string(),
    }
}
