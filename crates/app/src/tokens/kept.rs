//! Tokens between vault and database: sealed for one place, and bound to where they may be sent.
//!
//! The digest of the destination (S-04) stands inside what is sealed. So nobody can change it without the key, a token can be copied or
//! looked into when its client is long gone, and one whose client or provider was changed behind our back is not sent anywhere.

use gatewright_contract::{Failure, FailureCode};
use gatewright_engine::login::TokenKind;
use gatewright_model::client::SecretDestination;
use gatewright_model::{ClientRecordId, Grant, RunId};
use gatewright_protocol::Secret;
use gatewright_store::versioned_token::{self, KeptToken, TokenPlace};
use gatewright_store::{Connection, StoreError, grant, run, sealed_token};
use gatewright_vault::{SealContext, SealError, token_destination_digest};

use super::{Holder, no_such_token};
use crate::{App, failure};

/// The form in which the digest of the destination stands before the token, with a space between.
const BOUND: u32 = 2;
/// The form of earlier versions: the token alone. Such tokens came before anything could be done with them but copying.
const UNBOUND: u32 = 1;

/// A token that was opened.
pub(super) struct OpenedToken {
    pub(super) value: Secret,
    /// The digest of where it may be sent; none for one that was kept by an earlier version.
    destination: Option<String>,
}

impl App {
    /// Seals a token for its place, to be sent to `destination` only.
    pub(crate) fn seal_token(
        &self,
        token: &Secret,
        name: &str,
        place: &TokenPlace,
        client: &ClientRecordId,
        destination: &SecretDestination,
    ) -> Result<sealed_token::SealedToken, SealError> {
        let bound = Secret::new(format!("{} {}", token_destination_digest(destination), token.expose()));
        let sealed = self.0.vault.seal(&bound, &context(place, &place.row(), name, client, BOUND))?;
        Ok(sealed_token::SealedToken { name: name.to_owned(), sealing_key: String::new(), sealed })
    }

    fn open_token(&self, kept: &KeptToken, client: &ClientRecordId) -> Result<OpenedToken, SealError> {
        let KeptToken { place, token } = kept;
        let row = place.row();
        match self.0.vault.open_sealed(&token.sealed, &context(place, &row, &token.name, client, BOUND)) {
            Ok(bound) => {
                let (digest, value) = bound.expose().split_once(' ').ok_or(SealError::Malformed)?;
                Ok(OpenedToken { value: Secret::new(value), destination: Some(digest.to_owned()) })
            }
            Err(SealError::Altered) => {
                let value =
                    self.0.vault.open_sealed(&token.sealed, &context(place, &row, &token.name, client, UNBOUND))?;
                Ok(OpenedToken { value, destination: None })
            }
            Err(cause) => Err(cause),
        }
    }

    /// The newest token of this name that a run has, for the person alone.
    pub(crate) async fn token_of_run(&self, run: &RunId, name: &str) -> Result<Secret, Failure> {
        let (wanted, name) = (run.clone(), name.to_owned());
        let read = move |db: &Connection| Ok((run::find(db, &wanted)?, find(db, &wanted, &name)?));
        let (run, kept) = self.store()?.read(read).await.map_err(failure::of_store)?;
        let kept = kept.ok_or_else(no_such_token)?;
        self.keyring_settled().await;
        Ok(self.open_token(&kept, &run.client).map_err(not_opened)?.value)
    }

    /// The newest token of this name, to be sent to the holder's provider, if that is where it may go.
    pub(super) async fn token_to_send(&self, holder: &Holder, name: &str) -> Result<Secret, Failure> {
        let (run, wanted) = (holder.run.id.clone(), name.to_owned());
        let kept = self.store()?.read(move |db| find(db, &run, &wanted)).await.map_err(failure::of_store)?;
        let kept = kept.ok_or_else(no_such_token)?;
        self.keyring_settled().await;
        let opened = self.open_token(&kept, &holder.client.id).map_err(not_opened)?;
        let allowed = token_destination_digest(&self.destination(&holder.client, &holder.provider));
        if opened.destination.is_some_and(|destination| destination != allowed) {
            return Err(Failure::new(
                FailureCode::ChangedOutside,
                "The client or its provider is not as it was when this token came, so it is not sent.",
            )
            .hint("Log in again to have tokens for the client as it is now."));
        }
        Ok(opened.value)
    }

    /// Every token of a login that can still be opened, newest or not.
    pub(super) async fn known_tokens(&self, holder: &Holder) -> Result<Vec<(TokenKind, Secret)>, Failure> {
        let run = holder.run.id.clone();
        let read = move |db: &Connection| {
            let grant = grant::find_by_run(db, &run)?;
            let of_kind = |kind: TokenKind| {
                let newest = find_of(db, &run, grant.as_ref(), kind.as_str())?;
                Ok([newest, of_login(db, &run, kind.as_str())?].map(|kept| Some((kind, kept?))))
            };
            let found = [TokenKind::Access, TokenKind::Refresh, TokenKind::Id].into_iter().map(of_kind);
            Ok(found.collect::<Result<Vec<_>, StoreError>>()?.into_iter().flatten().flatten().collect::<Vec<_>>())
        };
        let kept = self.store()?.read(read).await.map_err(failure::of_store)?;
        self.keyring_settled().await;
        let opened = kept
            .iter()
            .filter_map(|(kind, token)| Some((*kind, self.open_token(token, &holder.client.id).ok()?.value)));
        Ok(opened.collect())
    }

    /// The ID token of the login itself, which was verified then.
    pub(super) async fn login_id_token(&self, holder: &Holder) -> Result<Option<Secret>, Failure> {
        let run = holder.run.id.clone();
        let read = move |db: &Connection| of_login(db, &run, "id_token");
        let Some(kept) = self.store()?.read(read).await.map_err(failure::of_store)? else { return Ok(None) };
        self.keyring_settled().await;
        Ok(Some(self.open_token(&kept, &holder.client.id).map_err(not_opened)?.value))
    }
}

/// The names of the tokens that a run has right now.
pub(crate) fn names(db: &Connection, run: &RunId, grant: Option<&Grant>) -> Result<Vec<String>, StoreError> {
    let mut names = Vec::new();
    for name in ["access_token", "refresh_token", "id_token"] {
        if find_of(db, run, grant, name)?.is_some() {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

fn find(db: &Connection, run: &RunId, name: &str) -> Result<Option<KeptToken>, StoreError> {
    find_of(db, run, grant::find_by_run(db, run)?.as_ref(), name)
}

/// The newest token of a name. Not every refresh brings an ID token: the one of the login then goes on.
fn find_of(db: &Connection, run: &RunId, grant: Option<&Grant>, name: &str) -> Result<Option<KeptToken>, StoreError> {
    match grant {
        None => of_login(db, run, name),
        Some(grant) => match versioned_token::current(db, &grant.id, name)? {
            None if name == "id_token" => of_login(db, run, name),
            found => Ok(found),
        },
    }
}

fn of_login(db: &Connection, run: &RunId, name: &str) -> Result<Option<KeptToken>, StoreError> {
    let found = sealed_token::find(db, run, name)?;
    Ok(found.map(|token| KeptToken { place: TokenPlace::Run(run.clone()), token }))
}

/// Where a sealed token stands. It opens there and nowhere else.
fn context<'a>(
    place: &TokenPlace,
    row: &'a str,
    name: &'a str,
    client: &'a ClientRecordId,
    schema: u32,
) -> SealContext<'a> {
    SealContext { table: place.table(), row, column: name, owner: client.as_str(), schema }
}

fn not_opened(cause: SealError) -> Failure {
    Failure::new(FailureCode::SecretLost, cause.to_string()).hint("Log in again to have a token.")
}
