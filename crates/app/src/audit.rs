//! The audit trail: a page of it for the window, all of it for a file.

mod file;

pub(crate) use file::write;

use std::path::Path;

use gatewright_contract::Failure;
use gatewright_contract::audit::{
    AuditActor, AuditExport, AuditExported, AuditFormat, AuditList, AuditQuery as WireQuery, AuditRow,
};
use gatewright_contract::path::KnownPlace;
use gatewright_model::ClientRecordId;
use gatewright_store::audit::{self, Action, Actor, AuditQuery, Entry};

use crate::clients::PAGE;
use crate::{App, failure};

impl App {
    /// One page of the trail, newest first.
    pub(crate) async fn audit_page(&self, query: WireQuery) -> Result<AuditList, Failure> {
        let wanted = AuditQuery {
            client: query.client.map(ClientRecordId::new),
            offset: query.offset,
            limit: Some(query.limit.clamp(1, PAGE)),
        };
        let read = move |db: &gatewright_store::Connection| Ok((audit::list(db, &wanted)?, audit::count(db, &wanted)?));
        let (entries, total) = self.store()?.read(read).await.map_err(failure::of_store)?;
        Ok(AuditList { rows: entries.iter().map(row).collect(), total })
    }

    /// Writes the trail to a file, and then into the trail that it did.
    pub(crate) async fn export_audit(&self, request: AuditExport) -> Result<AuditExported, Failure> {
        let wanted = AuditQuery { client: request.client.clone().map(ClientRecordId::new), ..AuditQuery::default() };
        let read = move |db: &gatewright_store::Connection| audit::list(db, &wanted);
        let rows: Vec<AuditRow> = self.store()?.read(read).await.map_err(failure::of_store)?.iter().map(row).collect();
        let (content, form) = match request.format {
            AuditFormat::Csv => (file::csv(&rows)?, "CSV"),
            AuditFormat::Json => (file::json(&rows)?, "JSON"),
        };
        file::write(&request.path, content).await?;
        self.wrote(KnownPlace::AuditTrail, Path::new(&request.path));
        let lines = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let line =
            Entry::general(self.now(), Actor::User, Action::TrailExported).detail(format!("{lines} lines as {form}"));
        self.store()?.write_durably(move |tx| audit::append(tx, &line)).await.map_err(failure::of_store)?;
        Ok(AuditExported { path: request.path, lines })
    }
}

fn row(entry: &Entry) -> AuditRow {
    AuditRow {
        at: entry.at.to_string(),
        actor: match entry.actor {
            Actor::User => AuditActor::User,
            Actor::Gatewright => AuditActor::Gatewright,
        },
        action: entry.action.as_str().to_owned(),
        sentence: sentence(entry.action).to_owned(),
        client: entry.client.as_ref().map(ToString::to_string),
        client_name: entry.client_name.clone(),
        version: entry.version,
        run: entry.run.as_ref().map(ToString::to_string),
        detail: entry.detail.clone(),
    }
}

/// What was done, in a few words; who did it stands beside it.
fn sentence(action: Action) -> &'static str {
    match action {
        Action::SecretRevealed => "Showed the secret on screen",
        Action::SecretCopied => "Copied the secret",
        Action::SecretStored => "Stored a secret",
        Action::SecretPromoted => "Put a secret into use",
        Action::SecretSteppedBack => "Went back to the secret before",
        Action::SecretRetired => "Retired a secret",
        Action::RotationStarted => "Started to rotate the secret",
        Action::RotationAbandoned => "Gave up rotating the secret",
        Action::SecretForgotten => "Removed a secret from the keyring",
        Action::SecretExported => "Exported a secret, encrypted",
        Action::SecretImported => "Imported a secret",
        Action::DestinationConfirmed => "Confirmed where the secret may be sent",
        Action::TokenCopied => "Copied a token",
        Action::ClientCreated => "Added the client",
        Action::ClientRegistered => "Registered the client at the provider",
        Action::ClientPushed => "Changed the client at the provider",
        Action::ManagementPlaceAgreed => "Agreed to another place for looking after the client",
        Action::ManagementPlaceWithdrawn => "No longer agrees to another place for looking after the client",
        Action::ClientImported => "Imported the client",
        Action::ClientExported => "Exported the client, without its secret",
        Action::ClientChanged => "Changed the client",
        Action::ClientDeleted => "Deleted the client",
        Action::ClientRestored => "Restored the client",
        Action::ClientPurged => "Removed the deleted client for good",
        Action::BackupMade => "Made a backup",
        Action::BackupRestored => "Restored a backup",
        Action::OlderDatabaseConfirmed => "Confirmed an older database",
        Action::NearbyHostConfirmed => "Allowed a host in the network at hand",
        Action::NearbyHostWithdrawn => "No longer allows a host in the network at hand",
        Action::RunsRemoved => "Removed old runs",
        Action::TrailExported => "Exported this trail",
    }
}
