//! Providers that issue secrets through an API: the sandbox and Keycloak.

use std::sync::Arc;

use gatewright_contract::{Failure, FailureCode};
use gatewright_engine::ports::PortFuture;
use gatewright_engine::registration::{CredentialKeeper, NotStored};
use gatewright_engine::secret_issuer::{
    ActivationOutcome, IssuanceOutcome, RetirementOutcome, Retiring, SecretIssuance, SecretIssuer, activate_secret,
    issue_secret, read_back_secret, retire_secret,
};
use gatewright_model::rotation::{Driver, Strategy};
use gatewright_model::secret_version::ProofVerdict;
use gatewright_model::{Client, Environment, Provider};
use gatewright_protocol::Secret;
use gatewright_protocol::registration::{IssuedCredentials, ManagementAddress};
use gatewright_protocol::secret_issuer::keycloak::admin_base;
use gatewright_protocol::secret_issuer::sandbox::{SandboxClient, SecretStart};
use gatewright_sandbox::Twin;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::{DriverFailure, by_hand};
use crate::login::NoBrowser;
use crate::rotation::hold::Hold;
use crate::rotation::keep::NewSecret;
use crate::{App, failure};

/// Whether the sandbox has a way of its own at the twin of a provider.
pub(super) fn sandbox_can(provider: &Provider, strategy: Strategy) -> bool {
    let has_two_secrets = |twin| matches!(twin, Twin::Chattr | Twin::Chattz | Twin::Chaster);
    Twin::from_id(provider.id.as_str()).is_some_and(|twin| match strategy {
        Strategy::ReplaceClient => true,
        Strategy::Overlap | Strategy::Staged => has_two_secrets(twin),
        Strategy::CutOver | Strategy::AskSupport => false,
    })
}

/// Whether a provider is a realm of Keycloak, whose old secret works on for a while or dies at once, as its policy says.
pub(super) fn keycloak_can(provider: &Provider, strategy: Strategy) -> bool {
    let is_realm =
        Url::parse(&provider.environments.production.authorization).is_ok_and(|issuer| admin_base(&issuer).is_ok());
    is_realm && matches!(strategy, Strategy::Overlap | Strategy::CutOver)
}

impl App {
    /// Asks for a new secret. After a lost answer the provider is asked first what there is.
    pub(super) async fn issue(
        &self,
        hold: &Hold,
        access_token: Option<Secret>,
        is_again: bool,
    ) -> Result<NewSecret, DriverFailure> {
        let _turn = self.registration_turn(&hold.client.id).await;
        let issuer = self.issuer(hold, access_token).await.map_err(DriverFailure::not_done)?;
        if is_again && let Some(found) = self.settle_lost(hold, &issuer).await? {
            return Ok(found);
        }
        let keeper =
            Arc::new(InMemory { app: self.clone(), rotation: hold.rotation.id.clone(), client: hold.client.clone() });
        let ports = self.ports_to(&hold.provider.id, Arc::new(NoBrowser));
        let end = issue_secret(issuer, None, ports, keeper, CancellationToken::new()).await;
        issued(end.outcome, &end.step.sentence)
    }

    /// What an answer that was lost has left: the secret itself, where the provider tells it again, or one that nobody knows.
    async fn settle_lost(&self, hold: &Hold, issuer: &SecretIssuer) -> Result<Option<NewSecret>, DriverFailure> {
        let keeper =
            Arc::new(InMemory { app: self.clone(), rotation: hold.rotation.id.clone(), client: hold.client.clone() });
        let ports = self.ports_to(&hold.provider.id, Arc::new(NoBrowser));
        let end = read_back_secret(issuer.clone(), None, ports, keeper, CancellationToken::new()).await;
        match end.outcome.outcome {
            IssuanceOutcome::Issued(told) => {
                let known = self.version_with(hold, &told.value).await;
                if !matches!(known, Ok(None)) {
                    // The provider tells it again; in memory it would be taken for a new one.
                    self.0.unstored_secrets.forget(&hold.rotation.id);
                }
                let known = known.map_err(DriverFailure::unknown)?;
                Ok(known.is_none().then_some(NewSecret { value: told.value, client_id: None, issued_as: told.id }))
            }
            IssuanceOutcome::NotTold(listed) => {
                let is_staging = hold.rotation.strategy == Strategy::Staged;
                let working = listed.iter().filter(|secret| !secret.is_staged).count();
                let unknown = listed
                    .iter()
                    .find(|secret| if is_staging { secret.is_staged } else { secret.is_newest && working > 1 });
                if let Some(unknown) = unknown {
                    self.end_secret(hold, issuer.clone(), Retiring::Named(unknown.id.clone())).await?;
                }
                Ok(None)
            }
            IssuanceOutcome::Unchanged => Ok(None),
            _ => Err(DriverFailure::unknown(refused(&end.step.sentence))),
        }
    }

    /// Makes the provider take the staged secret instead of the old one. After a lost answer it may do so already, and then a proof tells.
    pub(super) async fn activate(&self, hold: &Hold) -> Result<(), DriverFailure> {
        let issuer = match self.issuer(hold, None).await {
            Ok(issuer) => issuer,
            Err(failure) => return self.not_activated(hold, DriverFailure::not_done(failure)).await,
        };
        let ports = self.ports_to(&hold.provider.id, Arc::new(NoBrowser));
        let end = activate_secret(issuer, hold.rotation.issued_as.clone(), ports, CancellationToken::new()).await;
        let said = refused(&end.step.sentence);
        match end.outcome {
            ActivationOutcome::Activated => self.refuse_another_activated(hold).await,
            ActivationOutcome::Unknown => Err(DriverFailure::unknown(said)),
            // Given up there, or activated already, by an earlier try or by somebody else.
            ActivationOutcome::NotStaged => self.weigh_activation(hold, DriverFailure::unknown(said)).await,
            ActivationOutcome::AnotherStaged => {
                let said = said.hint("Look there who has staged another secret. It was left alone.");
                self.weigh_activation(hold, DriverFailure::unknown(said)).await
            }
            ActivationOutcome::NotOffered | ActivationOutcome::Refused | ActivationOutcome::Untouched => {
                self.not_activated(hold, DriverFailure::not_done(said)).await
            }
        }
    }

    /// This try came to nothing. An earlier one, whose answer was lost, may not have.
    async fn not_activated(&self, hold: &Hold, failed: DriverFailure) -> Result<(), DriverFailure> {
        if hold.rotation.is_begun_again() { self.weigh_activation(hold, failed).await } else { Err(failed) }
    }

    /// The provider activates what is staged there, and somebody may have staged another secret than the one that is stored here.
    async fn refuse_another_activated(&self, hold: &Hold) -> Result<(), DriverFailure> {
        if self.said_to_new(hold).await != Some(ProofVerdict::Refused) {
            return Ok(());
        }
        let said = "The provider activated a staged secret, and refuses the one that is stored here.";
        Err(DriverFailure::unknown(refused(said).hint("Look there whether somebody else has staged another secret.")))
    }

    /// Ends the secret before the newest.
    pub(super) async fn end_older(&self, hold: &Hold, access_token: Option<Secret>) -> Result<(), DriverFailure> {
        let issuer = self.issuer(hold, access_token).await.map_err(DriverFailure::not_done)?;
        self.end_secret(hold, issuer, Retiring::AllButTheNewest).await
    }

    /// Ends the secret that came last, for a rotation that is rolled back.
    pub(super) async fn end_newest(&self, hold: &Hold) -> Result<(), DriverFailure> {
        let issuer = self.issuer(hold, None).await.map_err(DriverFailure::not_done)?;
        match &hold.rotation.issued_as {
            // By its name: whatever else somebody has made there since is theirs.
            Some(id) => self.end_secret(hold, issuer, Retiring::Named(id.clone())).await,
            None => self.settle_lost(hold, &issuer).await.map(drop),
        }
    }

    async fn end_secret(&self, hold: &Hold, issuer: SecretIssuer, which: Retiring) -> Result<(), DriverFailure> {
        let ports = self.ports_to(&hold.provider.id, Arc::new(NoBrowser));
        let end = retire_secret(issuer, which, ports, CancellationToken::new()).await;
        match end.outcome {
            RetirementOutcome::Retired | RetirementOutcome::NotThere | RetirementOutcome::NotOffered => Ok(()),
            RetirementOutcome::Refused | RetirementOutcome::Untouched => {
                Err(DriverFailure::not_done(refused(&end.step.sentence)))
            }
            RetirementOutcome::Unknown => Err(DriverFailure::unknown(refused(&end.step.sentence))),
        }
    }

    async fn issuer(&self, hold: &Hold, access_token: Option<Secret>) -> Result<SecretIssuer, Failure> {
        if hold.rotation.driver == Driver::Registration {
            return self.registration_issuer(&hold.client).await;
        }
        let token = match hold.client.environment {
            Environment::Sandbox => self.management_key(&hold.client.owner).await?,
            Environment::Production => access_token.ok_or_else(no_token)?,
        };
        let client_id = hold.rotation.old.client_id.to_string();
        match hold.rotation.driver {
            Driver::Sandbox => {
                let origin = self.0.sandbox.origin().ok_or_else(failure::sandbox_off)?;
                let address = Url::parse(&origin).ok().and_then(|url| ManagementAddress::beside(&url, &origin).ok());
                let origin = address.ok_or_else(failure::sandbox_off)?;
                let client = SandboxClient { origin, server: hold.provider.id.to_string(), client_id };
                let start = match hold.rotation.strategy {
                    Strategy::Staged => SecretStart::WhenActivated,
                    _ => SecretStart::AtOnce { others_expire_in: None },
                };
                Ok(SecretIssuer::Sandbox { client, management_key: token, start })
            }
            Driver::Keycloak => {
                let known = self.0.registry.known().with_base_url(&hold.provider);
                let bases = known.bases(hold.client.environment, self.0.sandbox.origin().as_deref());
                let realm = Url::parse(bases.issuer()).ok().and_then(|issuer| admin_base(&issuer).ok());
                let realm = realm.ok_or_else(|| failure::base_url_missing(&hold.provider.name))?;
                Ok(SecretIssuer::Keycloak { realm, client_id, admin_token: token })
            }
            Driver::ByHand | Driver::Registration => Err(by_hand()),
        }
    }

    async fn management_key(&self, owner: &str) -> Result<Secret, Failure> {
        let key = self.0.sandbox.with_handle(|handle| handle.management_key(owner).cloned()).await;
        key.ok_or_else(failure::sandbox_off)?.ok_or_else(|| {
            refused(&format!("The sandbox knows nobody called “{owner}”, who should own this client"))
                .hint("Roll back or abandon this rotation, and start another one by hand.")
        })
    }
}

/// Puts what was issued into memory before its answer is judged: from there it is stored at once, and again if that fails.
struct InMemory {
    app: App,
    rotation: gatewright_model::RotationId,
    client: Client,
}

impl CredentialKeeper for InMemory {
    fn keep<'a>(&'a self, issued: &'a IssuedCredentials) -> PortFuture<'a, Result<(), NotStored>> {
        if let Some(value) = issued.client_secret.clone() {
            self.app.0.unstored_secrets.put(&self.rotation, NewSecret { value, client_id: None, issued_as: None });
        }
        // A registration may come with a token that takes the place of the one before.
        let token = IssuedCredentials { client_secret: None, client_id: None, ..issued.clone() };
        Box::pin(async move { self.app.keep_registration_token(&self.client, token).await })
    }
}

#[expect(clippy::result_large_err, reason = "made once in a rotation, and looked at at once")]
fn issued(issuance: SecretIssuance, sentence: &str) -> Result<NewSecret, DriverFailure> {
    match issuance.outcome {
        IssuanceOutcome::Issued(told) => Ok(NewSecret { value: told.value, client_id: None, issued_as: told.id }),
        IssuanceOutcome::Unknown | IssuanceOutcome::NotTold(_) => Err(DriverFailure::unknown(refused(sentence))),
        IssuanceOutcome::Unchanged
        | IssuanceOutcome::Refused(_)
        | IssuanceOutcome::NoSuchClient
        | IssuanceOutcome::Untouched => Err(DriverFailure::not_done(refused(sentence))),
    }
}

fn refused(sentence: &str) -> Failure {
    Failure::new(FailureCode::Refused, failure::sentence(&sentence))
}

fn no_token() -> Failure {
    failure::invalid("accessToken", "Keycloak wants an access token of somebody who may manage clients.")
        .hint("Paste one; it is used for this request and not kept.")
}
