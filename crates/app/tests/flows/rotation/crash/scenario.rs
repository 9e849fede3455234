//! What is going on when something happens: prepared without danger, then done.

use std::path::Path;

use gatewright_contract::Handler;
use gatewright_contract::app::Nothing;
use gatewright_contract::client::{
    ClientChange, ClientDetail, ClientEnter, ClientRef, Environment, Ownership, SecretPlace,
};
use gatewright_contract::handover::{ImportKey, ImportLook, ImportTake};
use gatewright_contract::registration::RegistrationCreate;
use gatewright_contract::rotation::{
    RotationActionKind, RotationConfirm, RotationDriver, RotationPaste, RotationRef, RotationStrategy,
};
use gatewright_contract::secret::SecretPaste;
use gatewright_handover::HandedClient;
use gatewright_handover::parcel::{self, HandedSecret, ParcelClient};
use gatewright_handover::sealed::Lock;
use gatewright_model::provider::Endpoint;
use gatewright_model::{ProtocolSettings, Provider};
use gatewright_protocol::Secret;
use gatewright_store::{Options, Store, client};
use jiff::ToSpan as _;
use serde_json::json;

use crate::rotation::{CALLBACK, Walk, value_in_use};
use crate::stage::Stage;

/// What is going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scenario {
    /// A client is entered with its secret.
    Create,
    /// A secret is pasted outside a rotation.
    Import,
    /// A client with its secret comes from another program's file.
    ImportFile,
    /// A client with its secret comes from a colleague's encrypted file.
    ImportSealed,
    /// A secret that was only in memory goes into a keyring that is there again.
    Move,
    /// A client is registered at its provider (RFC 7591).
    Register,
    /// A registered client is changed at its provider, which answers with a new token (RFC 7592).
    Push,
    /// A client is deleted for good.
    Delete,
    /// A new secret comes from the provider, beside the old one.
    Overlap,
    /// A new secret comes from the provider, which does not take it yet.
    Stage,
    /// The provider is told to take the new secret instead of the old one.
    ChangeOver,
    /// A new secret comes from the provider and the old one dies.
    CutOver,
    /// A second client comes from the provider.
    Replace,
    /// A new secret is pasted.
    Paste,
    /// The new secret is promoted.
    Promote,
    /// The old secret is retired.
    Retire,
    /// Everything goes back.
    RollBack,
}

pub(super) const SCENARIOS: [Scenario; 17] = [
    Scenario::Create,
    Scenario::Import,
    Scenario::ImportFile,
    Scenario::ImportSealed,
    Scenario::Move,
    Scenario::Register,
    Scenario::Push,
    Scenario::Delete,
    Scenario::Overlap,
    Scenario::Stage,
    Scenario::ChangeOver,
    Scenario::CutOver,
    Scenario::Replace,
    Scenario::Paste,
    Scenario::Promote,
    Scenario::Retire,
    Scenario::RollBack,
];

/// A secret that a person pastes and no server knows.
pub(super) const PASTED: &str = "a-pasted-secret-of-forty-characters-0001";

impl Scenario {
    pub(super) fn name(self) -> String {
        format!("{self:?}").to_lowercase()
    }

    pub(super) fn named(name: &str) -> Self {
        SCENARIOS.into_iter().find(|scenario| scenario.name() == name).unwrap()
    }

    /// Whether it is done by starting Gatewright.
    pub(super) fn is_done_at_start(self) -> bool {
        self == Self::Delete
    }

    /// Whether the twin takes the secret in use, so that a login has to work afterwards.
    pub(super) fn is_real(self) -> bool {
        !matches!(self, Self::Create | Self::Import | Self::ImportFile | Self::ImportSealed | Self::Move | Self::Delete)
    }

    /// Whether there is no client before it, and afterwards one with its first secret or none at all.
    pub(super) fn makes_client(self) -> bool {
        matches!(self, Self::Create | Self::ImportFile | Self::ImportSealed | Self::Move | Self::Register)
    }
}

/// What has been made ready.
#[derive(Default)]
pub(super) struct Ready {
    pub(super) client: Option<ClientDetail>,
    pub(super) rotation: Option<String>,
    /// What of a file was looked at, to be taken.
    pub(super) look: Option<ImportTake>,
}

/// Makes everything ready up to the moment in question.
pub(super) async fn prepare(scenario: Scenario, stage: &Stage) -> Ready {
    let twin = match scenario {
        Scenario::Create | Scenario::Register => return Ready::default(),
        Scenario::ImportFile => return looked(stage, "client.json", of_keycloak(), None).await,
        Scenario::ImportSealed => {
            let key = ImportKey::Passphrase(PASSPHRASE.to_owned());
            return looked(stage, "for-you.age", of_a_colleague(), Some(key)).await;
        }
        Scenario::Move => {
            stage.app.go_on_without_keyring();
            let client = stage.app.client_enter(entered()).await.unwrap();
            assert_eq!(client.secret.as_ref().unwrap().place, Some(SecretPlace::Session));
            return Ready { client: Some(client), ..Ready::default() };
        }
        Scenario::Push => return registered_and_changed(stage).await,
        Scenario::CutOver => "chaster",
        Scenario::Replace => "gitter",
        _ => "chattz",
    };
    let client = stage.register(twin, CALLBACK).await;
    let (strategy, driver) = match scenario {
        Scenario::Import => return Ready { client: Some(client), ..Ready::default() },
        Scenario::Delete => {
            stage.app.client_delete(ClientRef { client: client.row.id.clone() }).await.unwrap();
            return Ready { client: Some(client), ..Ready::default() };
        }
        Scenario::CutOver => (RotationStrategy::CutOver, RotationDriver::Keycloak),
        Scenario::Replace => (RotationStrategy::ReplaceClient, RotationDriver::Sandbox),
        Scenario::Paste => (RotationStrategy::AskSupport, RotationDriver::ByHand),
        Scenario::Stage | Scenario::ChangeOver => (RotationStrategy::Staged, RotationDriver::Sandbox),
        _ => (RotationStrategy::Overlap, RotationDriver::Sandbox),
    };
    let mut walk = Walk::start(stage, &client, strategy, driver).await;
    walk.pass_over().await;
    if scenario == Scenario::ChangeOver {
        walk.obtain().await;
        walk.pass_over().await;
    }
    if matches!(scenario, Scenario::Promote | Scenario::Retire | Scenario::RollBack) {
        walk.obtain().await;
        walk.pass_over().await;
        walk.pass_over().await;
    }
    if matches!(scenario, Scenario::Retire | Scenario::RollBack) {
        walk.promote().await;
    }
    Ready { client: Some(client), rotation: Some(walk.now.id), look: None }
}

/// Does it. What comes of it is said in a word; with bad luck it is a failure.
pub(super) async fn act(scenario: Scenario, stage: &Stage, ready: Ready) -> String {
    let app = &stage.app;
    let rotation = ready.rotation.unwrap_or_default();
    let confirmed = RotationConfirm { rotation: rotation.clone(), confirmed: true, access_token: None };
    let client = ready.client.map(|client| client.row.id).unwrap_or_default();
    let done = match scenario {
        Scenario::Create => app.client_enter(entered()).await.map(drop),
        Scenario::Import => app.secret_paste(SecretPaste { client, secret: PASTED.to_owned() }).await.map(drop),
        Scenario::ImportFile | Scenario::ImportSealed => app.import_take(ready.look.unwrap()).await.map(drop),
        Scenario::Move => app.keyring_probe(Nothing {}).await.map(drop),
        Scenario::Register => app.registration_create(creation()).await.map(drop),
        Scenario::Push => app.registration_push(ClientRef { client }).await.map(drop),
        Scenario::Delete => Ok(()),
        Scenario::Overlap | Scenario::Stage | Scenario::CutOver | Scenario::Replace => {
            app.rotation_obtain(confirmed).await.map(drop)
        }
        Scenario::Paste => {
            let paste = RotationPaste { rotation, client_id: None, secret: PASTED.to_owned() };
            app.rotation_paste_new(paste).await.map(drop)
        }
        Scenario::Promote | Scenario::ChangeOver => app.rotation_promote(confirmed).await.map(drop),
        Scenario::Retire => app.rotation_retire(confirmed).await.map(drop),
        Scenario::RollBack => app.rotation_roll_back(confirmed).await.map(drop),
    };
    done.map_or_else(|failure| format!("{:?}", failure.code), |()| "ok".to_owned())
}

/// Stores a new secret that is in memory, and says where the runbook goes on.
pub(super) async fn store_again(stage: &Stage, rotation: String) -> String {
    let shown = stage.app.rotation_show(RotationRef { rotation: rotation.clone() }).await.unwrap();
    assert!(shown.if_stopped_now.contains("only in memory and would be gone"), "{}", shown.if_stopped_now);
    assert!(shown.actions.iter().any(|action| action.kind == RotationActionKind::StoreAgain), "{:?}", shown.actions);
    let stored = stage.app.rotation_store_again(RotationRef { rotation }).await.unwrap();
    stored.sentence
}

/// Lets the time to take a deletion back be over.
pub(super) fn let_the_undo_be_over(database: &Path, ready: &Ready) {
    let store = Store::open(database, &Options::default()).unwrap();
    let id = gatewright_model::ClientRecordId::new(&ready.client.as_ref().unwrap().row.id);
    let long_ago = jiff::Timestamp::UNIX_EPOCH + 1.hour();
    store
        .write_durably_blocking(|tx| {
            client::restore(tx, &id)?;
            client::delete(tx, &id, long_ago)
        })
        .unwrap();
}

const PASSPHRASE: &str = "correct horse battery staple";

/// A client of Keycloak's, as its console exports it.
fn of_keycloak() -> Vec<u8> {
    let client = json!({"clientId": "abc123", "name": "Entered", "secret": PASTED, "redirectUris": [CALLBACK]});
    client.to_string().into_bytes()
}

/// An encrypted file with one client, as a colleague's Gatewright writes it; the passphrase is checked faster.
fn of_a_colleague() -> Vec<u8> {
    let provider = Provider::built_in().into_iter().find(|provider| provider.id.as_str() == "chattz").unwrap();
    let bases = provider.bases(gatewright_model::Environment::Production, None);
    let client = HandedClient {
        provider: provider.id.clone(),
        environment: gatewright_model::Environment::Production,
        name: "Entered".to_owned(),
        client_id: "abc123".to_owned(),
        redirect_uris: vec![CALLBACK.to_owned()],
        owner: "Olivia".to_owned(),
        tag: String::new(),
        notes: String::new(),
        protocol: ProtocolSettings::default(),
    };
    let secret = HandedSecret {
        value: Secret::new(PASTED),
        issuer: bases.issuer().to_owned(),
        token_endpoint: provider.address(Endpoint::Token, &bases).unwrap(),
    };
    let lock = Lock::Passphrase { passphrase: Secret::new(PASSPHRASE), work_factor: 4 };
    parcel::seal(&[ParcelClient { client, secret: Some(secret) }], &lock).unwrap()
}

/// A file that was looked at, with everything in it chosen.
async fn looked(stage: &Stage, name: &str, bytes: Vec<u8>, key: Option<ImportKey>) -> Ready {
    let path = stage.database().with_file_name(name);
    std::fs::write(&path, bytes).unwrap();
    let look = ImportLook { path: path.display().to_string(), provider: Some("chattz".to_owned()), key };
    let preview = stage.app.import_look(look).await.unwrap();
    let clients = preview.clients.iter().map(|client| client.index).collect();
    let take = ImportTake { look: preview.look, clients, ownership: Ownership::Owned };
    Ready { look: Some(take), ..Ready::default() }
}

fn creation() -> RegistrationCreate {
    RegistrationCreate {
        provider: "chaster".to_owned(),
        environment: Environment::Sandbox,
        name: "Entered".to_owned(),
        redirect_uris: vec![CALLBACK.to_owned()],
        initial_access_token: None,
        owner: "olivia".to_owned(),
        tag: String::new(),
        notes: String::new(),
    }
}

/// A registered client of which something has changed here.
async fn registered_and_changed(stage: &Stage) -> Ready {
    let client = stage.app.registration_create(creation()).await.unwrap();
    let mut protocol = client.protocol.clone();
    protocol.post_logout_redirect_uri = Some("https://app.example.org/bye".to_owned());
    let change = ClientChange {
        client: client.row.id.clone(),
        name: client.row.name.clone(),
        client_id: client.row.client_id.clone(),
        redirect_uris: vec![CALLBACK.to_owned()],
        owner: client.owner.clone(),
        tag: String::new(),
        notes: String::new(),
        protocol: Some(protocol),
    };
    let client = stage.app.client_change(change).await.unwrap();
    Ready { client: Some(client), ..Ready::default() }
}

fn entered() -> ClientEnter {
    ClientEnter {
        provider: "chattz".to_owned(),
        environment: Environment::Sandbox,
        name: "Entered".to_owned(),
        client_id: "abc123".to_owned(),
        secret: Some(PASTED.to_owned()),
        redirect_uris: vec![CALLBACK.to_owned()],
        ownership: Ownership::Owned,
        owner: "olivia".to_owned(),
        tag: String::new(),
        notes: String::new(),
        protocol: None,
    }
}

/// The value that a client's version must have where a person pasted it.
pub(super) async fn value_is_the_pasted_one(stage: &Stage, client: &str) -> bool {
    value_in_use(stage, client).await == PASTED
}
