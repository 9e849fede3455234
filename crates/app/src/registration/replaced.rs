//! A token that a provider puts in the place of the pasted one while a registration is taken over. Nobody knows the client yet, so the
//! token is kept by its address: should the client not be taken over after all, the next try has it.

use gatewright_contract::Failure;
use gatewright_engine::ports::PortFuture;
use gatewright_engine::registration::{CredentialKeeper, NotStored};
use gatewright_protocol::Secret;
use gatewright_protocol::registration::{IssuedCredentials, ManagementAddress};
use gatewright_store::replaced_token::{self, ReplacedToken};
use gatewright_vault::SealContext;

use crate::{App, failure};

/// The form of what is sealed.
const SCHEMA: u32 = 1;

/// Keeps what comes in the place of one pasted token.
pub(super) struct TakingOver {
    pub(super) app: App,
    /// Where the client is looked after.
    pub(super) address: ManagementAddress,
    pub(super) pasted: Secret,
}

impl CredentialKeeper for TakingOver {
    fn keep<'a>(&'a self, new: &'a IssuedCredentials) -> PortFuture<'a, Result<(), NotStored>> {
        Box::pin(async move {
            let Some(token) = &new.registration_access_token else { return Ok(()) };
            let kept = self.app.keep_replaced(self.address.url().as_str(), &self.pasted, token).await;
            kept.map_err(|failure| NotStored(failure.message))
        })
    }
}

impl App {
    async fn keep_replaced(&self, address: &str, pasted: &Secret, token: &Secret) -> Result<(), Failure> {
        let sealed = self.0.vault.seal(token, &context(address)).map_err(super::keep::not_sealed)?;
        let pasted = self.0.vault.fingerprint(pasted).map_err(failure::of_vault)?;
        let row = ReplacedToken { address: address.to_owned(), pasted, sealed, created_at: self.now() };
        self.store()?.write_durably(move |tx| replaced_token::put(tx, &row)).await.map_err(failure::of_store)
    }

    /// The token that is good in the place of a pasted one: another, where the provider has replaced it meanwhile.
    pub(super) async fn newest_token(&self, address: &ManagementAddress, pasted: &Secret) -> Result<Secret, Failure> {
        let (at, print) = (address.url().to_string(), self.0.vault.fingerprint(pasted).map_err(failure::of_vault)?);
        let find = move |db: &gatewright_store::Connection| replaced_token::find(db, &at, &print);
        match self.store()?.read(find).await.map_err(failure::of_store)? {
            Some(sealed) => {
                self.0.vault.open_sealed(&sealed, &context(address.url().as_str())).map_err(super::keep::not_sealed)
            }
            None => Ok(pasted.clone()),
        }
    }

    /// Its client is kept, and the token with it.
    pub(super) async fn forget_replaced(&self, address: &ManagementAddress) {
        let (Ok(store), at) = (self.store(), address.url().to_string()) else { return };
        if let Err(cause) = store.write(move |tx| replaced_token::forget(tx, &at)).await {
            tracing::warn!(%cause, "a replaced token stays, sealed, beside the one that counts");
        }
    }
}

const fn context(address: &str) -> SealContext<'_> {
    SealContext { table: "replaced_token", row: address, column: "sealed", owner: address, schema: SCHEMA }
}
