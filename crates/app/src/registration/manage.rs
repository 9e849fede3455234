//! Looking after a client at its provider: read back, bring into line with what is kept here, delete.

use std::sync::Arc;

use gatewright_contract::registration::{RegistrationDelete, RegistrationRead, RegistrationState};
use gatewright_contract::{Event, Failure, FailureCode};
use gatewright_engine::registration::{
    DeletionOutcome, ManagementPlan, RegistrationAnswer, RegistrationOutcome, delete_registration, read_registration,
    update_registration,
};
use gatewright_model::run::Step;
use gatewright_model::{ClientRecordId, Ownership};
use gatewright_protocol::registration::ClientMetadata;
use gatewright_store::audit::{self, Action, Actor};
use gatewright_store::registration::{self, RegistrationRow};
use tokio_util::sync::CancellationToken;

use super::compare::{by_hand, metadata_here};
use super::keep::{Keeper, Ward, of_agreement};
use super::{Managed, not_managed};
use crate::login::NoBrowser;
use crate::{App, failure};

impl App {
    /// How a client stands at its provider, by what is known; asks nobody.
    pub(crate) async fn show_registration(&self, id: &str) -> Result<RegistrationState, Failure> {
        let (.., managed) = self.managed(id).await?;
        Ok(managed.map_or_else(by_hand, |managed| self.registration_state(&managed, Vec::new())))
    }

    /// Asks the provider what it has.
    pub(crate) async fn read_registration(&self, request: RegistrationRead) -> Result<RegistrationState, Failure> {
        let _turn = self.registration_turn(&ClientRecordId::new(&request.client)).await;
        if let Some(place) = &request.agreed_place {
            self.agree_to_place(&request.client, place).await?;
        }
        let (managed, plan) = self.ready(&request.client).await?;
        let keeper = self.keeper(&managed, &plan);
        let ports = self.ports_to(&managed.provider.id, Arc::new(NoBrowser));
        let end = read_registration(plan, ports, keeper, CancellationToken::new()).await;
        self.answered(&managed, end.outcome, &end.step).await
    }

    /// Makes the provider have what is kept here, and leaves everything else there as it was read last.
    pub(crate) async fn push_registration(&self, id: &str) -> Result<RegistrationState, Failure> {
        let _turn = self.registration_turn(&ClientRecordId::new(id)).await;
        // Some providers change the secret with an update, and then two would be new at once.
        self.refuse_while_rotating(&ClientRecordId::new(id)).await?;
        let (managed, plan) = self.ready(id).await?;
        let there = ClientMetadata::parse(&managed.row.metadata).unwrap_or_default();
        let wanted = there.overlaid_with(&metadata_here(&managed.client, &managed.provider));
        let keeper = self.keeper(&managed, &plan);
        let ports = self.ports_to(&managed.provider.id, Arc::new(NoBrowser));
        let end = update_registration(plan, wanted, ports, keeper, CancellationToken::new()).await;
        if matches!(end.outcome.outcome, RegistrationOutcome::Registered(_)) {
            let client = &managed.client;
            let entry = audit::Entry::about(self.now(), Actor::User, Action::ClientPushed, &client.id, &client.name);
            self.store()?.write_durably(move |tx| audit::append(tx, &entry)).await.map_err(failure::of_store)?;
        }
        self.answered(&managed, end.outcome, &end.step).await
    }

    /// Deletes the client at the provider. What is kept of it here stays.
    pub(crate) async fn delete_registration(&self, request: RegistrationDelete) -> Result<RegistrationState, Failure> {
        if !request.confirmed {
            return Err(failure::invalid("confirmed", "Deleting a client at its provider has to be confirmed first."));
        }
        let _turn = self.registration_turn(&ClientRecordId::new(&request.client)).await;
        self.refuse_while_rotating(&ClientRecordId::new(&request.client)).await?;
        let (managed, plan) = self.ready(&request.client).await?;
        let keeper = self.keeper(&managed, &plan);
        let ports = self.ports_to(&managed.provider.id, Arc::new(NoBrowser));
        let end = delete_registration(plan, ports, keeper, CancellationToken::new()).await;
        match end.outcome {
            DeletionOutcome::Deleted => {
                let (client, now) = (managed.client.clone(), self.now());
                let mut entry = audit::Entry::about(now, Actor::User, Action::ClientDeleted, &client.id, &client.name);
                entry.detail = Some("at the provider; what is kept of it here stays".to_owned());
                self.store()?
                    .write_durably(move |tx| {
                        registration::mark_gone(tx, &client.id, now)?;
                        audit::append(tx, &entry)
                    })
                    .await
                    .map_err(failure::of_store)?;
                self.tell(Event::ClientsChanged);
                self.tell(Event::SandboxChanged);
                self.show_registration(&request.client).await
            }
            DeletionOutcome::NotOffered | DeletionOutcome::Refused | DeletionOutcome::Untouched => {
                Err(Failure::new(FailureCode::Refused, end.step.sentence).hint("The client is as it was."))
            }
            DeletionOutcome::NotKnown | DeletionOutcome::Unknown => {
                Err(Failure::new(FailureCode::Refused, end.step.sentence)
                    .hint("Look at the provider's own page whether the client is still there."))
            }
        }
    }

    /// Writes down that a person takes a place for the provider's. It is asked for once, and counts for this client at that place only.
    async fn agree_to_place(&self, id: &str, place: &str) -> Result<(), Failure> {
        let (client, provider, managed) = self.managed(id).await?;
        let managed = managed.ok_or_else(not_managed)?;
        let whole = self.whole_address(client.environment, &managed.row.address)?;
        self.management_address(client.environment, &provider, &whole, Some(place))?;
        if super::agreed_place(&managed.row) == Some(place) {
            return Ok(());
        }
        let (now, place) = (self.now(), place.to_owned());
        let line = of_agreement(now, Action::ManagementPlaceAgreed, &client, &place);
        let agree = move |tx: &gatewright_store::Transaction<'_>| {
            registration::agree_to(tx, &client.id, &place, now)?;
            audit::append(tx, &line)
        };
        self.store()?.write_durably(agree).await.map_err(failure::of_store)
    }

    /// Takes an agreement back: nothing is sent to that place any more, unless somebody agrees to it again.
    pub(crate) async fn withdraw_agreement(&self, id: &str) -> Result<RegistrationState, Failure> {
        let _turn = self.registration_turn(&ClientRecordId::new(id)).await;
        let (client, _, managed) = self.managed(id).await?;
        let managed = managed.ok_or_else(not_managed)?;
        if let Some(place) = super::agreed_place(&managed.row) {
            let line = of_agreement(self.now(), Action::ManagementPlaceWithdrawn, &client, place);
            let withdraw = move |tx: &gatewright_store::Transaction<'_>| {
                registration::withdraw_agreement(tx, &client.id)?;
                audit::append(tx, &line)
            };
            self.store()?.write_durably(withdraw).await.map_err(failure::of_store)?;
            self.tell(Event::ClientsChanged);
        }
        self.show_registration(id).await
    }

    async fn ready(&self, id: &str) -> Result<(Managed, ManagementPlan), Failure> {
        let (client, _, managed) = self.managed(id).await?;
        if client.ownership == Ownership::Shared {
            return Err(failure::not_owned());
        }
        let managed = managed.ok_or_else(not_managed)?;
        self.refuse_without_room(&client.id).await?;
        let plan = self.management_plan(&managed).await?;
        Ok((managed, plan))
    }

    fn keeper(&self, managed: &Managed, plan: &ManagementPlan) -> Arc<Keeper> {
        let ward = Ward {
            client: managed.client.clone(),
            provider: Arc::clone(&managed.provider),
            is_new: None,
            address: managed.row.address.clone(),
            token: Some(plan.registration_access_token.clone()),
            agreed_place: None,
        };
        Arc::new(Keeper::new(self, ward))
    }

    async fn answered(
        &self,
        managed: &Managed,
        answer: RegistrationAnswer,
        step: &Step,
    ) -> Result<RegistrationState, Failure> {
        self.tell(Event::SandboxChanged);
        match answer.outcome {
            RegistrationOutcome::Registered(found) => {
                self.note_registration(&managed.client.id, &found.metadata).await;
                let (.., managed) = self.managed(managed.client.id.as_str()).await?;
                let managed = managed.ok_or_else(not_managed)?;
                Ok(self.registration_state(&managed, remarks(step)))
            }
            RegistrationOutcome::Refused(refusal) if matches!(refusal.status, 401 | 404) => Err(Failure::new(
                FailureCode::Refused,
                step.sentence.clone(),
            )
            .hint(
                "The client may have been deleted there, or its registration access token replaced by somebody else.",
            )),
            RegistrationOutcome::Refused(_) | RegistrationOutcome::Untouched => {
                Err(Failure::new(FailureCode::Refused, step.sentence.clone()).hint("The client is as it was."))
            }
            RegistrationOutcome::Unknown => Err(Failure::new(FailureCode::Refused, step.sentence.clone())
                .hint("Read it back to see how it stands. Everything that was issued is kept.")),
        }
    }

    /// Writes down what the provider has now.
    pub(super) async fn note_registration(&self, client: &ClientRecordId, there: &ClientMetadata) {
        let (Ok(store), id, metadata, now) = (self.store(), client.clone(), there.to_text(), self.now()) else {
            return;
        };
        let note = move |tx: &gatewright_store::Transaction<'_>| match registration::find(tx, &id)? {
            Some(row) => registration::put(tx, &RegistrationRow { metadata, read_at: now, ..row }),
            None => Ok(()),
        };
        if let Err(cause) = store.write(note).await {
            tracing::warn!(%cause, "what a provider has of a client has to be read again");
        }
        self.tell(Event::ClientsChanged);
    }
}

/// What was off, one sentence each.
fn remarks(step: &Step) -> Vec<String> {
    let words = |finding: &gatewright_model::run::Finding| {
        format!("{} ({}: {})", finding.title, finding.field, finding.received.to_plain())
    };
    step.findings.iter().map(words).collect()
}
