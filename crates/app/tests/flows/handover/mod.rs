//! Handing clients on and taking them in, between two people who each have their own Gatewright; and backups.

mod backup;
mod export;
mod import;

use gatewright_contract::Handler;
use gatewright_contract::client::{ClientDetail, ClientEnter, Environment, Ownership};
use gatewright_contract::handover::{
    ExportLock, ImportKey, ImportLook, ImportPreview, ImportTake, Imported, SealedExport,
};
use gatewright_testkit::Canary;

use crate::stage::Stage;

pub(crate) const CALLBACK: &str = "https://app.example.org/callback";
pub(crate) const PASSPHRASE: &str = "correct horse battery staple";

/// Keeps a client of the real Chattz.
pub(crate) async fn enter(stage: &Stage, name: &str, client_id: &str, secret: &Canary) -> ClientDetail {
    let request = ClientEnter {
        provider: "chattz".to_owned(),
        environment: Environment::Production,
        name: name.to_owned(),
        client_id: client_id.to_owned(),
        secret: Some(secret.as_str().to_owned()),
        redirect_uris: vec![CALLBACK.to_owned()],
        ownership: Ownership::Owned,
        owner: "Olivia".to_owned(),
        tag: "prod".to_owned(),
        notes: String::new(),
        protocol: None,
    };
    stage.app.client_enter(request).await.unwrap()
}

/// Asks for an encrypted file with the secrets of those clients, or of all.
pub(crate) fn sealed(file: &std::path::Path, clients: &[&ClientDetail]) -> SealedExport {
    SealedExport {
        clients: clients.iter().map(|client| client.row.id.clone()).collect(),
        file: file.display().to_string(),
        lock: ExportLock::Passphrase(PASSPHRASE.to_owned()),
        confirmed: true,
    }
}

/// Asks what a file has in it.
pub(crate) fn look(path: &std::path::Path) -> ImportLook {
    ImportLook { path: path.display().to_string(), provider: None, key: None }
}

/// The same with the passphrase.
pub(crate) fn opened(path: &std::path::Path) -> ImportLook {
    ImportLook { key: Some(ImportKey::Passphrase(PASSPHRASE.to_owned())), ..look(path) }
}

/// Takes everything that was shown and can be added, as one's own where that is possible.
pub(crate) async fn take_all(stage: &Stage, preview: &ImportPreview) -> Imported {
    let clients = preview.clients.iter().map(|client| client.index).collect();
    let take = ImportTake { look: preview.look.clone(), clients, ownership: Ownership::Owned };
    stage.app.import_take(take).await.unwrap()
}
