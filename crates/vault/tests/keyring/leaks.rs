//! A canary secret goes through everything that can fail, and turns up in no error and no log.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gatewright_protocol::Secret;
use gatewright_vault::{ClientSecret, SealContext, Vault, VaultPlace};

use crate::stage::{CANARY, client_secret, destination, entry, on_stage, overwrite_item, random, usual_destination};

/// What was logged and what errors said.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<u8>>>);

impl io::Write for Heard {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Heard {
    fn result<T: std::fmt::Debug, E: std::error::Error>(&self, result: Result<T, E>) {
        let text = match result {
            Ok(value) => format!("{value:?}"),
            Err(error) => format!("{error} {error:?} {:?}", error.source().map(ToString::to_string)),
        };
        self.0.lock().unwrap().extend_from_slice(text.as_bytes());
    }

    fn assert_nothing_of(&self, canary: &str) {
        let heard = String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned();
        assert!(heard.contains("keyring"), "the log was really captured");
        let bytes = canary.as_bytes();
        let hex = bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        let listed = format!("{bytes:?}");
        for form in [canary, &hex, listed.trim_matches(['[', ']'])] {
            assert!(!heard.contains(form), "{form}");
        }
    }
}

#[test]
fn a_secret_turns_up_in_no_error_and_no_log_at_the_finest_level() {
    on_stage(async |mut stage| {
        let heard = Heard::default();
        let writer = heard.clone();
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).init();
        stage.start_bus();
        stage.start_keyring();
        let vault = Vault::open(VaultPlace::system(random()).with_timeout(Duration::from_secs(2)));
        let context = SealContext { table: "t", row: "1", column: "c", owner: "d", schema: 1 };

        heard.result(vault.store(client_secret(1)).await);
        heard.result(vault.load(&entry(1), &usual_destination()).await);
        heard.result(vault.load(&entry(1), &destination("https://collector.example")).await);
        heard.result(vault.open_sealing_key(&[]).await);
        heard.result(vault.open_sealed(&vault.seal(&Secret::new(CANARY), &context).unwrap(), &context));
        heard.result(vault.store(ClientSecret { value: Secret::new(CANARY.repeat(200)), ..client_secret(2) }).await);
        overwrite_item("client/record1/v1", CANARY);
        heard.result(vault.load(&entry(1), &usual_destination()).await);
        stage.stop_keyring();
        stage.start_keyring();
        heard.result(vault.store(client_secret(3)).await);
        stage.lock();
        heard.result(vault.store(client_secret(4)).await);
        stage.freeze_keyring();
        heard.result(vault.store(client_secret(5)).await);
        stage.stop_bus();
        heard.result(vault.store(client_secret(6)).await);
        vault.probe().await;
        heard.result(vault.store(client_secret(7)).await);
        heard.result(vault.held_secrets());
        heard.result(vault.write_held(&entry(7)).await);

        heard.assert_nothing_of(CANARY);
    });
}
