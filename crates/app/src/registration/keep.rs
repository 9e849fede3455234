//! Putting away what a provider has issued, before anything else is done with its answer.
//!
//! | what | where | when it fails |
//! | --- | --- | --- |
//! | a client secret | intent, keyring (written and read back), one transaction | it stays in memory and is tried again with the next command |
//! | a registration access token | sealed, in the same transaction | the same |
//! | a client that is new | its row, in the same transaction | the same, and the intent of the registration stays |

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gatewright_contract::{Event, Failure, FailureCode};
use gatewright_engine::ports::PortFuture;
use gatewright_engine::registration::{CredentialKeeper, NotStored};
use gatewright_model::{Client, ClientRecordId, Provider};
use gatewright_protocol::registration::IssuedCredentials;
use gatewright_protocol::{ClientId, Secret};
use gatewright_store::audit::{self, Action, Actor};
use gatewright_store::registration::{AgreedPlace, RegistrationRow};
use gatewright_store::registration_token::RegistrationToken;
use gatewright_store::{Transaction, client, registration, registration_intent, registration_token};
use gatewright_vault::{SealContext, SealError};

use crate::failpoint::reached;
use crate::secrets::Kept;
use crate::{App, failure};

/// The form of what is sealed.
const SCHEMA: u32 = 1;

/// What is not put away yet, or could not be, by client. It is in memory only.
#[derive(Default)]
pub(crate) struct Unkept(Mutex<HashMap<ClientRecordId, (Ward, IssuedCredentials)>>);

impl Unkept {
    fn held(&self) -> MutexGuard<'_, HashMap<ClientRecordId, (Ward, IssuedCredentials)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holds what was issued, together with what is held of the client already.
    fn hold(&self, ward: Ward, new: IssuedCredentials) {
        let mut held = self.held();
        let (ward, all) = match held.remove(&ward.client.id) {
            // A client that is not kept yet has to be kept first, whatever came since.
            Some((first, earlier)) if first.is_new.is_some() => (first, earlier.merged_with(new)),
            Some((_, earlier)) => (ward, earlier.merged_with(new)),
            None => (ward, new),
        };
        held.insert(ward.client.id.clone(), (ward, all));
    }
}

/// The client whose credentials they are.
#[derive(Clone)]
pub(super) struct Ward {
    /// As it is kept, or as it will be once it has an ID.
    pub(super) client: Client,
    pub(super) provider: Arc<Provider>,
    /// There is no row of it yet; these are the metadata it was registered with.
    pub(super) is_new: Option<String>,
    /// Where it is looked after as far as is known, as it is kept.
    pub(super) address: String,
    /// The token that is known, to be sealed anew if the address changes.
    pub(super) token: Option<Secret>,
    /// Of one that is new: the place that a person has agreed to, beyond the provider's own.
    pub(super) agreed_place: Option<String>,
}

/// Puts away what is issued to one client.
pub(super) struct Keeper {
    pub(super) app: App,
    pub(super) ward: Mutex<Ward>,
}

impl Keeper {
    pub(super) fn new(app: &App, ward: Ward) -> Self {
        Self { app: app.clone(), ward: Mutex::new(ward) }
    }

    fn ward(&self) -> Ward {
        self.ward.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl CredentialKeeper for Keeper {
    fn keep<'a>(&'a self, new: &'a IssuedCredentials) -> PortFuture<'a, Result<(), NotStored>> {
        Box::pin(async move {
            reached("registration: answered");
            let kept = self.app.keep_issued(self.ward(), new.clone()).await;
            kept.map_err(|failure| NotStored(failure.message))
        })
    }
}

impl App {
    /// Refuses to ask a provider for anything that could not be put away.
    pub(super) async fn refuse_without_room(&self, client: &ClientRecordId) -> Result<(), Failure> {
        use gatewright_vault::{KeyringState, VaultError};
        self.keyring_settled().await;
        match self.0.vault.state() {
            KeyringState::Locked => return Err(failure::of_vault(VaultError::Locked)),
            KeyringState::Unanswered => return Err(failure::of_vault(VaultError::TimedOut)),
            KeyringState::NotProbed | KeyringState::Ready | KeyringState::Absent(_) => {}
        }
        self.seal_registration_token(client, "", 0, &Secret::new("room")).map(drop)
    }

    /// Puts away what was issued. What came earlier and is still in memory goes with it. Until it is recorded it is held in memory, where
    /// the end of Gatewright finds it.
    pub(super) async fn keep_issued(&self, ward: Ward, new: IssuedCredentials) -> Result<(), Failure> {
        let client = ward.client.id.clone();
        let _turn = self.keeping_turn(&client).await;
        self.0.unkept.hold(ward, new);
        self.put_away_held(&client).await
    }

    /// Puts away what is held of a client, if anything is: whoever had the turn before may have done it.
    async fn put_away_held(&self, client: &ClientRecordId) -> Result<(), Failure> {
        let held = self.0.unkept.held().get(client).cloned();
        let Some((ward, issued)) = held else { return Ok(()) };
        Box::pin(self.try_to_keep(ward, issued)).await?;
        self.0.unkept.held().remove(client);
        Ok(())
    }

    /// Tries once more to put away what is in memory.
    async fn keep_unkept(&self, client: &ClientRecordId) {
        let _turn = self.keeping_turn(client).await;
        if let Err(failure) = self.put_away_held(client).await {
            tracing::warn!(message = failure.message, "what a provider has issued is still in memory only");
        }
    }

    /// Tries it for every client: with the next command, and at the end.
    pub(crate) async fn keep_all_unkept(&self) {
        let clients: Vec<_> = self.0.unkept.held().keys().cloned().collect();
        for client in clients {
            self.keep_unkept(&client).await;
        }
    }

    async fn try_to_keep(&self, mut ward: Ward, new: IssuedCredentials) -> Result<(), Failure> {
        if ward.is_new.is_some() {
            ward.client.client_id = id_of_new(&ward, &new)?;
        }
        let address = match &new.registration_client_uri {
            Some(uri) => self.kept_address(ward.client.environment, uri),
            None => ward.address.clone(),
        };
        // A token is sealed for one address: one that is only known is sealed anew for another.
        let has_moved = address != ward.address;
        let token = new.registration_access_token.or_else(|| ward.token.clone().filter(|_| has_moved));
        let secret = match new.client_secret {
            Some(secret) => Some(self.keep_secret(&ward.client, &ward.provider, secret).await?),
            None => None,
        };
        reached("registration: in the keyring");
        let token = match token {
            Some(token) => Some(self.next_token(&ward.client.id, &address, &token).await?),
            None => None,
        };
        self.record_issued(ward, address, secret, token).await?;
        reached("registration: recorded");
        self.tell(Event::ClientsChanged);
        Ok(())
    }

    /// The one transaction: the client where it is new, its secret's version, its token.
    async fn record_issued(
        &self,
        ward: Ward,
        address: String,
        secret: Option<Kept>,
        token: Option<RegistrationToken>,
    ) -> Result<(), Failure> {
        let Ward { client: row, is_new, agreed_place, .. } = ward;
        let now = self.now();
        let action = if is_new.is_some() { Action::ClientRegistered } else { Action::SecretStored };
        let entry = audit::Entry::about(now, Actor::User, action, &row.id, &row.name);
        let record = move |tx: &Transaction<'_>| {
            if is_new.is_some() || secret.is_some() {
                audit::append(tx, &entry)?;
            }
            match is_new {
                Some(metadata) => {
                    client::insert(tx, &row)?;
                    registration_intent::settle(tx, &row.id)?;
                    let client = row.id.clone();
                    let agreed = agreed_place.map(|place| AgreedPlace { place, at: Some(now) });
                    if let Some(agreed) = &agreed {
                        audit::append(tx, &of_agreement(now, Action::ManagementPlaceAgreed, &row, &agreed.place))?;
                    }
                    let kept = RegistrationRow { client, address, metadata, read_at: now, gone_at: None, agreed };
                    registration::put(tx, &kept)?;
                }
                None => registration::move_to(tx, &row.id, &address)?,
            }
            if let Some(secret) = &secret {
                secret.record(tx)?;
            }
            token.as_ref().map_or(Ok(()), |token| registration_token::add(tx, &row.id, token))
        };
        self.store()?.write_durably(record).await.map_err(failure::of_store)
    }

    async fn next_token(
        &self,
        client: &ClientRecordId,
        address: &str,
        token: &Secret,
    ) -> Result<RegistrationToken, Failure> {
        let wanted = client.clone();
        let next = move |db: &gatewright_store::Connection| registration_token::next_version(db, &wanted);
        let version = self.store()?.read(next).await.map_err(failure::of_store)?;
        let sealed = self.seal_registration_token(client, address, version, token)?;
        Ok(RegistrationToken { version, sealed, created_at: self.now() })
    }

    fn seal_registration_token(
        &self,
        client: &ClientRecordId,
        address: &str,
        version: u32,
        token: &Secret,
    ) -> Result<Vec<u8>, Failure> {
        let (row, owner) = (format!("{client}/{version}"), format!("{client} {address}"));
        self.0.vault.seal(token, &context(&row, &owner)).map_err(not_sealed)
    }

    /// Opens a token for the address it was sealed for.
    pub(super) fn open_registration_token(
        &self,
        client: &ClientRecordId,
        address: &str,
        token: &RegistrationToken,
    ) -> Result<Secret, Failure> {
        let (row, owner) = (format!("{client}/{}", token.version), format!("{client} {address}"));
        self.0.vault.open_sealed(&token.sealed, &context(&row, &owner)).map_err(not_sealed)
    }
}

/// What the trail says of an agreement to a place.
pub(super) fn of_agreement(now: jiff::Timestamp, action: Action, client: &Client, place: &str) -> audit::Entry {
    let entry = audit::Entry::about(now, Actor::User, action, &client.id, &client.name);
    audit::Entry { detail: Some(place.to_owned()), ..entry }
}

/// The ID that the provider gave a new client.
fn id_of_new(ward: &Ward, new: &IssuedCredentials) -> Result<ClientId, Failure> {
    let Some(client_id) = new.client_id.as_deref() else {
        return Err(Failure::new(FailureCode::Refused, "The provider did not say which ID the new client has."));
    };
    ClientId::parse(client_id, ward.provider.client_form.client_id.value)
        .map_err(|cause| failure::invalid("clientId", failure::sentence(&cause)))
}

const fn context<'a>(row: &'a str, owner: &'a str) -> SealContext<'a> {
    SealContext { table: "registration_token", row, column: "sealed", owner, schema: SCHEMA }
}

pub(super) fn not_sealed(cause: SealError) -> Failure {
    tracing::warn!(%cause, "a registration access token");
    match cause {
        SealError::Altered => Failure::new(
            FailureCode::ChangedOutside,
            "Where this client is looked after was changed outside Gatewright, so its token is not sent.",
        )
        .hint("Import the registration again, with its address and a token from the provider."),
        SealError::KeyNotOpen | SealError::KeyringNeeded => {
            Failure::new(FailureCode::KeyringLocked, failure::sentence(&cause))
        }
        SealError::OtherKey | SealError::Malformed => Failure::new(FailureCode::SecretLost, failure::sentence(&cause))
            .hint("Import the registration again, with a token from the provider."),
    }
}
