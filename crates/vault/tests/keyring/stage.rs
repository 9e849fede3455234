//! Scenarios on a stage of their own, each in a process of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use gatewright_model::ClientRecordId;
use gatewright_protocol::Secret;
use gatewright_testkit::keyring::{KeyringStage, stage_of_its_own};
use gatewright_vault::{ClientSecret, EntryName, RandomBytes, SecretDestination, Vault, VaultPlace};
use secret_service::EncryptionType;
use secret_service::blocking::SecretService;

/// Text that must appear nowhere but in the keyring.
pub(crate) const CANARY: &str = "canary-secret-Zx81-quite-long";

/// Runs the scenario in a process whose home, runtime directory and bus address are the stage's. The stage is empty: the scenario
/// starts what it needs.
pub(crate) fn on_stage<F: AsyncFnOnce(KeyringStage)>(scenario: F) {
    let Some(stage) = stage_of_its_own::<F>("vault-") else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(scenario(stage));
}

/// Bytes that never repeat within a process; a real Gatewright gives the system's randomness.
pub(crate) fn random() -> RandomBytes {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    Arc::new(|bytes: &mut [u8]| {
        let seed = COUNT.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        for (byte, i) in bytes.iter_mut().zip(0_u64..) {
            *byte = seed.wrapping_add(i.wrapping_mul(0xD1B5_4A32_D192_ED03)).to_be_bytes()[0];
        }
    })
}

pub(crate) fn vault() -> Vault {
    Vault::open(VaultPlace::system(random()))
}

pub(crate) fn destination(token_endpoint: &str) -> SecretDestination {
    SecretDestination {
        issuer: "https://chattr.example".into(),
        token_endpoint: token_endpoint.into(),
        revocation_endpoint: None,
        introspection_endpoint: None,
        identity_endpoint: Some("https://chattr.example/me".into()),
        client_id: "4711".into(),
        authentication: "client_secret_post".into(),
    }
}

pub(crate) fn usual_destination() -> SecretDestination {
    destination("https://chattr.example/oauth/token")
}

pub(crate) fn client_secret(version: u32) -> ClientSecret {
    ClientSecret {
        client: ClientRecordId::new("record1"),
        version,
        client_name: "Guild portal".into(),
        provider_name: "Chattr".into(),
        value: Secret::new(CANARY),
        destination: usual_destination(),
    }
}

pub(crate) fn entry(version: u32) -> EntryName {
    EntryName::client_secret(&ClientRecordId::new("record1"), version)
}

/// An item as any other program of the person sees it: label, `username` attribute, content.
pub(crate) struct Item {
    pub(crate) label: String,
    pub(crate) user: String,
    pub(crate) content: Vec<u8>,
}

/// Everything the keyring has under our service's name, read without our code.
pub(crate) fn items() -> Vec<Item> {
    with_secret_service(|service| {
        let found = service.search_items([("service", "Gatewright")].into()).unwrap();
        let item = |item: &secret_service::blocking::Item<'_>| Item {
            label: item.get_label().unwrap(),
            user: item.get_attributes().unwrap()["username"].clone(),
            content: item.get_secret().unwrap(),
        };
        found.unlocked.iter().map(item).collect()
    })
}

/// Overwrites one of our items the way another program would.
pub(crate) fn overwrite_item(user: &str, content: &str) {
    let (user, content) = (user.to_owned(), content.to_owned());
    with_secret_service(move |service| {
        let found = service.search_items([("service", "Gatewright"), ("username", user.as_str())].into()).unwrap();
        found.unlocked[0].set_secret(content.as_bytes(), "text/plain").unwrap();
    });
}

/// On a thread of its own: the library's blocking calls must not run inside a runtime.
fn with_secret_service<T: Send + 'static>(work: impl FnOnce(&SecretService<'_>) -> T + Send + 'static) -> T {
    thread::spawn(|| work(&SecretService::connect(EncryptionType::Dh).unwrap())).join().unwrap()
}
