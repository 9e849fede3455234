//! What is going on when something happens: prepared without danger, then done.

use std::path::Path;

use gatewright_contract::Handler;
use gatewright_contract::client::{ClientDetail, ClientEnter, ClientRef, Environment, Ownership};
use gatewright_contract::rotation::{
    RotationActionKind, RotationConfirm, RotationDriver, RotationPaste, RotationRef, RotationStrategy,
};
use gatewright_contract::secret::SecretPaste;
use gatewright_store::{Options, Store, client};
use jiff::ToSpan as _;

use crate::rotation::{CALLBACK, Walk, value_in_use};
use crate::stage::Stage;

/// What is going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scenario {
    /// A client is entered with its secret.
    Create,
    /// A secret is pasted outside a rotation.
    Import,
    /// A client is deleted for good.
    Delete,
    /// A new secret comes from the provider, beside the old one.
    Overlap,
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

pub(super) const SCENARIOS: [Scenario; 10] = [
    Scenario::Create,
    Scenario::Import,
    Scenario::Delete,
    Scenario::Overlap,
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
        !matches!(self, Self::Create | Self::Import | Self::Delete)
    }
}

/// What has been made ready.
pub(super) struct Ready {
    pub(super) client: Option<ClientDetail>,
    pub(super) rotation: Option<String>,
}

/// Makes everything ready up to the moment in question.
pub(super) async fn prepare(scenario: Scenario, stage: &Stage) -> Ready {
    let twin = match scenario {
        Scenario::Create => return Ready { client: None, rotation: None },
        Scenario::CutOver => "chaster",
        Scenario::Replace => "gitter",
        _ => "chattz",
    };
    let client = stage.register(twin, CALLBACK).await;
    let (strategy, driver) = match scenario {
        Scenario::Import => return Ready { client: Some(client), rotation: None },
        Scenario::Delete => {
            stage.app.client_delete(ClientRef { client: client.row.id.clone() }).await.unwrap();
            return Ready { client: Some(client), rotation: None };
        }
        Scenario::CutOver => (RotationStrategy::CutOver, RotationDriver::Keycloak),
        Scenario::Replace => (RotationStrategy::ReplaceClient, RotationDriver::Sandbox),
        Scenario::Paste => (RotationStrategy::AskSupport, RotationDriver::ByHand),
        _ => (RotationStrategy::Overlap, RotationDriver::Sandbox),
    };
    let mut walk = Walk::start(stage, &client, strategy, driver).await;
    walk.pass_over().await;
    if matches!(scenario, Scenario::Promote | Scenario::Retire | Scenario::RollBack) {
        walk.obtain().await;
        walk.pass_over().await;
        walk.pass_over().await;
    }
    if matches!(scenario, Scenario::Retire | Scenario::RollBack) {
        walk.promote().await;
    }
    Ready { client: Some(client), rotation: Some(walk.now.id) }
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
        Scenario::Delete => Ok(()),
        Scenario::Overlap | Scenario::CutOver | Scenario::Replace => app.rotation_obtain(confirmed).await.map(drop),
        Scenario::Paste => {
            let paste = RotationPaste { rotation, client_id: None, secret: PASTED.to_owned() };
            app.rotation_paste_new(paste).await.map(drop)
        }
        Scenario::Promote => app.rotation_promote(confirmed).await.map(drop),
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
