//! The table `discovered_provider`: what issuers' discovery documents said when the user accepted them. A document that says something
//! else is kept beside the accepted one as an offer, and nothing is sent to the addresses in it before it is accepted.

use gatewright_model::ProviderId;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::StoreError;
use crate::column::{Columns, Word, micros, words};

/// A discovery document as it was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerDocument {
    /// The provider that was made from it.
    pub provider: ProviderId,
    /// The issuer it was fetched from, letter by letter.
    pub issuer: String,
    /// The document, as it came.
    pub document: String,
    /// SHA-256 of the document, in 64 hex digits.
    pub sha256: String,
    /// When it was fetched, the last time if it came more than once without a change.
    pub fetched_at: Timestamp,
    /// When the user accepted it; none for an offer.
    pub accepted_at: Option<Timestamp>,
}

/// Whether a document that was fetched says anything new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Novelty {
    /// It is the accepted one.
    Unchanged,
    /// It differs: it is kept as an offer.
    Changed,
}

#[derive(Clone, Copy)]
enum Standing {
    Accepted,
    Offered,
}
words!(Standing { Accepted = "accepted", Offered = "offered" });

const COLUMNS: &str = "provider, issuer, document, sha256, fetched_at, accepted_at";

/// The document the user accepted. Its absence is no error: the provider was not discovered.
pub fn accepted(db: &Connection, provider: &ProviderId) -> Result<Option<IssuerDocument>, StoreError> {
    find(db, provider, Standing::Accepted)
}

/// The document that waits to be accepted. Its absence is no error: nothing has changed.
pub fn offered(db: &Connection, provider: &ProviderId) -> Result<Option<IssuerDocument>, StoreError> {
    find(db, provider, Standing::Offered)
}

/// Every accepted document, by provider.
pub fn list(db: &Connection) -> Result<Vec<IssuerDocument>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM discovered_provider WHERE standing = 'accepted' ORDER BY provider");
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Keeps a document as accepted at this time, in the place of what was, and drops what was offered.
pub fn accept(tx: &Transaction<'_>, document: &IssuerDocument, now: Timestamp) -> Result<(), StoreError> {
    forget(tx, &document.provider)?;
    put(tx, Standing::Accepted, document, Some(now))
}

/// Compares a document that was just fetched with the accepted one and keeps it as an offer when it differs.
pub fn offer(tx: &Transaction<'_>, document: &IssuerDocument) -> Result<Novelty, StoreError> {
    decline(tx, &document.provider)?;
    let same = tx
        .prepare_cached(
            "UPDATE discovered_provider SET fetched_at = ?
             WHERE provider = ? AND standing = 'accepted' AND sha256 = ? AND issuer = ?",
        )?
        .execute(params![micros(document.fetched_at), document.provider.as_str(), document.sha256, document.issuer])?;
    if same == 1 {
        return Ok(Novelty::Unchanged);
    }
    put(tx, Standing::Offered, document, None)?;
    Ok(Novelty::Changed)
}

/// Accepts what was offered, if it is still the document with this hash: what the user has seen. Gives it.
///
/// # Errors
/// [`StoreError::NoSuchOffer`] when another document, or none, is offered by now.
pub fn accept_offer(
    tx: &Transaction<'_>,
    provider: &ProviderId,
    sha256: &str,
    now: Timestamp,
) -> Result<IssuerDocument, StoreError> {
    let offer = offered(tx, provider)?.filter(|offer| offer.sha256 == sha256);
    let offer = offer.ok_or_else(|| StoreError::NoSuchOffer(provider.clone()))?;
    accept(tx, &offer, now)?;
    Ok(IssuerDocument { accepted_at: Some(now), ..offer })
}

/// Drops what was offered: the accepted document stays.
pub fn decline(tx: &Transaction<'_>, provider: &ProviderId) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM discovered_provider WHERE provider = ? AND standing = 'offered'")?
        .execute([provider.as_str()])?;
    Ok(())
}

/// Forgets both documents of a provider. Called by [`crate::provider::remove`].
pub(crate) fn forget(tx: &Transaction<'_>, provider: &ProviderId) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM discovered_provider WHERE provider = ?")?.execute([provider.as_str()])?;
    Ok(())
}

fn find(db: &Connection, provider: &ProviderId, standing: Standing) -> Result<Option<IssuerDocument>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM discovered_provider WHERE provider = ? AND standing = ?");
    let mut statement = db.prepare_cached(&sql)?;
    Ok(statement.query_row(params![provider.as_str(), standing.word()], from_row).optional()?)
}

fn put(
    tx: &Transaction<'_>,
    standing: Standing,
    document: &IssuerDocument,
    accepted_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    let sql = format!("INSERT INTO discovered_provider (standing, {COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)");
    tx.prepare_cached(&sql)?.execute(params![
        standing.word(),
        document.provider.as_str(),
        document.issuer,
        document.document,
        document.sha256,
        micros(document.fetched_at),
        accepted_at.map(micros),
    ])?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<IssuerDocument> {
    let mut columns = Columns::of(row);
    Ok(IssuerDocument {
        provider: ProviderId::new(columns.take::<String>()?),
        issuer: columns.take()?,
        document: columns.take()?,
        sha256: columns.take()?,
        fetched_at: columns.time()?,
        accepted_at: columns.optional_time()?,
    })
}
