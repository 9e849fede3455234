//! The list of clients.

use gatewright_contract::Failure;
use gatewright_contract::client::{
    ClientList, ClientQuery, ClientRow, Environment as WireEnvironment, LastRun, Ownership as WireOwnership,
};
use gatewright_model::{Environment, Ownership, ProviderId};
use gatewright_store::client;
use jiff::Timestamp;

use crate::registry::Known;
use crate::show::run::environment;
use crate::show::{client as show, outcome};
use crate::{App, failure};

/// The most rows one page may have: what the window shows at once, and not what a broken caller asks.
pub(crate) const PAGE: u32 = 500;

impl App {
    /// One page of clients.
    pub(crate) async fn clients(&self, query: ClientQuery) -> Result<ClientList, Failure> {
        let wanted = client::ClientQuery {
            search: query.search,
            provider: query.provider.map(ProviderId::new),
            environment: query.environment.map(model_environment),
            ownership: query.ownership.map(model_ownership),
            tag: query.tag,
            offset: query.offset,
            limit: Some(query.limit.clamp(1, PAGE)),
        };
        let read = move |db: &gatewright_store::Connection| {
            Ok((client::list(db, &wanted)?, client::count(db, &wanted)?, client::counts(db)?, client::tags(db)?))
        };
        let (rows, total, counts, tags) = self.store()?.read(read).await.map_err(failure::of_store)?;
        let (known, now) = (self.0.registry.known(), self.now());
        let rows = rows.iter().map(|row| wire_row(row, &known, now)).collect();
        Ok(ClientList { rows, total, owned: counts.owned, shared: counts.shared, tags })
    }
}

/// A row of the list for the window.
pub(crate) fn wire_row(row: &client::ClientRow, known: &Known, now: Timestamp) -> ClientRow {
    ClientRow {
        id: row.id.to_string(),
        name: row.name.clone(),
        client_id: row.client_id.to_string(),
        provider: row.provider.to_string(),
        provider_name: known.name(&row.provider),
        environment: environment(row.environment),
        ownership: show::ownership(row.ownership),
        tag: row.tag.clone(),
        secret_version: row.secret.as_ref().map(|secret| secret.version),
        secret_age_days: row.secret.as_ref().map(|secret| days_between(secret.created_at, now)),
        secret_urgency: row.secret.as_ref().map(|secret| show::urgency(secret.due_at, now)),
        secret_proof: row.secret.as_ref().and_then(|secret| secret.last_proof).map(show::proof),
        last_run: row.last_run.as_ref().map(|run| LastRun {
            run: run.id.to_string(),
            verdict: outcome::verdict(&run.outcome),
            started_at: run.started_at.to_string(),
        }),
    }
}

/// Whole days; none for a time that lies ahead because a clock was set back.
fn days_between(then: Timestamp, now: Timestamp) -> u32 {
    u32::try_from(now.duration_since(then).as_hours() / 24).unwrap_or(0)
}

pub(crate) fn model_environment(environment: WireEnvironment) -> Environment {
    match environment {
        WireEnvironment::Production => Environment::Production,
        WireEnvironment::Sandbox => Environment::Sandbox,
    }
}

pub(crate) fn model_ownership(ownership: WireOwnership) -> Ownership {
    match ownership {
        WireOwnership::Owned => Ownership::Owned,
        WireOwnership::Shared => Ownership::Shared,
    }
}
