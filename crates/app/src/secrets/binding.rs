//! A secret that would be sent elsewhere than it was stored for: saying what differs, and going on when a person wants it so.

use gatewright_contract::client::ClientDetail;
use gatewright_contract::secret_version::{BindingDifference, BindingField, SecretBinding, SecretBindingConfirm};
use gatewright_contract::{Event, Failure};
use gatewright_model::client::SecretDestination;
use gatewright_model::secret_version::SecretPlace;
use gatewright_model::{Client, ClientRecordId, Rotation, SecretVersion};
use gatewright_protocol::Secret;
use gatewright_store::audit::{self, Action, Actor};
use gatewright_store::{secret_rotation, secret_version};
use gatewright_vault::{EntryName, VaultError, destination_digest};

use crate::{App, failure};

/// How one kept version stands against where its client leads now.
enum Found {
    /// It may be sent there, and it is the value its row was made for.
    Intact,
    /// It was stored for another destination.
    Elsewhere,
    /// It may be sent there, and it is not the value its row was made for.
    OtherValue,
}

/// A client's secret against where it would be sent now.
struct Inspection {
    client: Client,
    destination: SecretDestination,
    refused: Vec<(SecretVersion, Found)>,
    /// Where the newest refused version was stored for, when what is written beside it is what the keyring's digest stands for.
    former: Option<SecretDestination>,
}

impl App {
    /// Whether a client's secret would be sent where it was stored for, and what differs.
    pub(crate) async fn secret_binding_of(&self, id: &str) -> Result<SecretBinding, Failure> {
        Ok(self.inspect_binding(id).await?.shown())
    }

    /// Lets a client's secret be sent where its client leads now, exactly as it was shown. It is written down before it is done, so that
    /// no crash can leave a secret that goes elsewhere without a line that says so.
    pub(crate) async fn confirm_secret_binding(&self, request: SecretBindingConfirm) -> Result<ClientDetail, Failure> {
        let inspection = self.inspect_binding(&request.client).await?;
        let shown = inspection.shown();
        if shown.digest != request.digest {
            return Err(failure::changed_meanwhile());
        }
        if shown.intact {
            return self.client_detail(&inspection.client.id).await;
        }
        let client = &inspection.client;
        let line = audit::Entry::about(self.now(), Actor::User, Action::DestinationConfirmed, &client.id, &client.name)
            .detail(in_words(&shown.differences));
        self.store()?.write_durably(move |tx| audit::append(tx, &line)).await.map_err(failure::of_store)?;
        let mut bound = Vec::new();
        for (version, _) in &inspection.refused {
            let entry = EntryName::client_secret(&client.id, version.version);
            let fingerprint = self.0.vault.bind(&entry, &inspection.destination).await.map_err(failure::of_vault)?;
            bound.push((version.version, fingerprint));
        }
        let (id, destination) = (client.id.clone(), inspection.destination.clone());
        self.store()?
            .write_durably(move |tx| {
                for (version, fingerprint) in &bound {
                    secret_version::set_fingerprint(tx, &id, *version, fingerprint)?;
                }
                secret_version::set_destination(tx, &id, &destination)
            })
            .await
            .map_err(failure::of_store)?;
        self.tell(Event::ClientsChanged);
        self.client_detail(&inspection.client.id).await
    }

    async fn inspect_binding(&self, id: &str) -> Result<Inspection, Failure> {
        let (client, provider) = self.client_with_provider(id).await?;
        self.keyring_settled().await;
        let destination = self.destination(&client, &provider);
        let mut inspection = Inspection { client, destination, refused: Vec::new(), former: None };
        let of_another_id = self.versions_of_another_id(&inspection.client).await?;
        for version in self.versions_of(&inspection.client.id).await?.into_iter().filter(SecretVersion::has_value) {
            if of_another_id.contains(&version.version) {
                continue;
            }
            match self.compare_binding(&version, &inspection.destination).await {
                Ok(Found::Intact) | Err(VaultError::NoSuchEntry) => {}
                Ok(found) => inspection.refused.push((version, found)),
                Err(cause) => return Err(failure::of_vault(cause)),
            }
        }
        inspection.former = self.former_destination(&inspection.refused).await.map_err(failure::of_vault)?;
        Ok(inspection)
    }

    /// The versions that belong to the client ID from before the client was replaced at its provider, or to the one it will have. They
    /// are bound to that one, and nothing sends them under the present one.
    async fn versions_of_another_id(&self, client: &Client) -> Result<Vec<u32>, Failure> {
        let id = client.id.clone();
        let rotations =
            self.store()?.read(move |db| secret_rotation::list(db, &id)).await.map_err(failure::of_store)?;
        let present = &client.client_id;
        let other = |rotation: Rotation| {
            let (old, new) = (rotation.old, rotation.new?);
            if old.client_id == *present { Some(new) } else { (new.client_id == *present).then_some(old) }
        };
        let others = rotations.into_iter().filter_map(|kept| other(kept.rotation));
        Ok(others.filter(|other| other.client_id != *present).map(|other| other.version).collect())
    }

    async fn compare_binding(&self, version: &SecretVersion, to: &SecretDestination) -> Result<Found, VaultError> {
        match self.0.vault.load(&entry_of(version), to).await {
            Ok(secret) if self.is_value_of(version, &secret) => Ok(Found::Intact),
            Ok(_) => Ok(Found::OtherValue),
            Err(VaultError::ChangedOutside) => Ok(Found::Elsewhere),
            Err(cause) => Err(cause),
        }
    }

    /// What is written beside a secret is believed when the keyring's digest of the destination says the same, and not otherwise: whoever
    /// changed the client could have changed that as well.
    async fn former_destination(
        &self,
        refused: &[(SecretVersion, Found)],
    ) -> Result<Option<SecretDestination>, VaultError> {
        let elsewhere = refused.iter().find(|(_, found)| matches!(found, Found::Elsewhere));
        let Some((version, _)) = elsewhere else { return Ok(None) };
        let Some(written) = &version.destination else { return Ok(None) };
        let is_true = self.0.vault.is_bound_to(&entry_of(version), written).await?;
        Ok(is_true.then(|| written.clone()))
    }

    /// Whether a value is the one a row was made for. Of what is in memory only there is nothing to compare: no other program can have
    /// changed it, and its fingerprint is of a key that may be gone. Of what is on its way into the keyring neither: whether it has
    /// arrived is found out before it is compared again.
    pub(crate) fn is_value_of(&self, version: &SecretVersion, value: &Secret) -> bool {
        match (version.place, self.0.vault.fingerprint(value)) {
            (SecretPlace::Keyring, Ok(fingerprint)) => fingerprint == version.fingerprint,
            (SecretPlace::Session | SecretPlace::Moving, _) => true,
            (SecretPlace::Keyring, Err(cause)) => {
                tracing::warn!(%cause, "a secret was not compared with its row");
                true
            }
        }
    }

    /// Every version a client's secret has had, newest first.
    pub(crate) async fn versions_of(&self, client: &ClientRecordId) -> Result<Vec<SecretVersion>, Failure> {
        let id = client.clone();
        self.store()?.read(move |db| secret_version::list(db, &id)).await.map_err(failure::of_store)
    }
}

impl Inspection {
    fn shown(&self) -> SecretBinding {
        let versions: Vec<u32> = self.refused.iter().map(|(version, _)| version.version).collect();
        let numbers: Vec<String> = versions.iter().map(ToString::to_string).collect();
        SecretBinding {
            client: self.client.id.to_string(),
            intact: versions.is_empty(),
            differences: self.differences(),
            former_known: self.former.is_some(),
            digest: format!("{}:{}", destination_digest(&self.destination), numbers.join(",")),
            refused_versions: versions,
        }
    }

    fn differences(&self) -> Vec<BindingDifference> {
        let mut all = Vec::new();
        if self.refused.iter().any(|(_, found)| matches!(found, Found::Elsewhere)) {
            let now = fields(&self.destination);
            let former = self.former.as_ref().map(fields);
            for (place, (field, to)) in now.into_iter().enumerate() {
                let from = former.as_ref().and_then(|former| former[place].1.clone());
                if former.is_none() || from != to {
                    all.push(BindingDifference { field, from, to });
                }
            }
        }
        for (version, _) in self.refused.iter().filter(|(_, found)| matches!(found, Found::OtherValue)) {
            let from = version.last_four.as_ref().map(|four| format!("…{four}"));
            all.push(BindingDifference { field: BindingField::Value, from, to: None });
        }
        all
    }
}

fn entry_of(version: &SecretVersion) -> EntryName {
    EntryName::client_secret(&version.client, version.version)
}

/// Everything a secret is bound to, in the order in which a person reads it.
fn fields(destination: &SecretDestination) -> [(BindingField, Option<String>); 7] {
    let SecretDestination {
        issuer,
        token_endpoint,
        revocation_endpoint,
        introspection_endpoint,
        identity_endpoint,
        client_id,
        authentication,
    } = destination.clone();
    [
        (BindingField::Issuer, Some(issuer)),
        (BindingField::TokenEndpoint, Some(token_endpoint)),
        (BindingField::RevocationEndpoint, revocation_endpoint),
        (BindingField::IntrospectionEndpoint, introspection_endpoint),
        (BindingField::IdentityEndpoint, identity_endpoint),
        (BindingField::ClientId, Some(client_id)),
        (BindingField::Authentication, Some(authentication)),
    ]
}

/// What was confirmed, for the audit trail.
fn in_words(differences: &[BindingDifference]) -> String {
    let one = |difference: &BindingDifference| {
        let from = difference.from.as_deref().unwrap_or("unknown");
        let to = difference.to.as_deref().unwrap_or("none");
        match difference.field {
            BindingField::Value => format!("another value than the one ending in {from}"),
            field => format!("{} from {from} to {to}", name(field)),
        }
    };
    differences.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn name(field: BindingField) -> &'static str {
    match field {
        BindingField::Issuer => "issuer",
        BindingField::TokenEndpoint => "token endpoint",
        BindingField::RevocationEndpoint => "revocation endpoint",
        BindingField::IntrospectionEndpoint => "introspection endpoint",
        BindingField::IdentityEndpoint => "identity endpoint",
        BindingField::ClientId => "client ID",
        BindingField::Authentication => "authentication",
        BindingField::Value => "value",
    }
}
