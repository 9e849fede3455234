//! The table `versioned_token`: the tokens that refreshes brought, sealed by the vault before they come here. The tokens of version 1 are
//! those of the login; they stand in [`crate::sealed_token`] and are found from here all the same.

use gatewright_model::{GrantId, RunId};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::StoreError;
use crate::sealed_token::SealedToken;

/// Where a sealed token stands. The vault opens it there and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenPlace {
    /// With the run that it was issued in.
    Run(RunId),
    /// With a later version of a grant's tokens.
    Version(GrantId, u32),
}

impl TokenPlace {
    /// The place of a version that is yet to be written.
    pub fn of_version(grant: &GrantId, version: u32) -> Self {
        Self::Version(grant.clone(), version)
    }

    /// The table it stands in.
    pub const fn table(&self) -> &'static str {
        match self {
            Self::Run(_) => "sealed_token",
            Self::Version(..) => "versioned_token",
        }
    }

    /// The row, as text.
    pub fn row(&self) -> String {
        match self {
            Self::Run(run) => run.to_string(),
            Self::Version(grant, version) => format!("{grant}/{version}"),
        }
    }
}

/// A sealed token and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptToken {
    /// Where.
    pub place: TokenPlace,
    /// The token.
    pub token: SealedToken,
}

/// A current token of a grant by its name. Its absence is no error: not every refresh brings an ID token.
pub fn current(db: &Connection, grant: &GrantId, name: &str) -> Result<Option<KeptToken>, StoreError> {
    let later = db
        .prepare_cached(
            "SELECT t.version, t.name, t.sealing_key, t.sealed
             FROM token_grant g JOIN versioned_token t ON t.grant_id = g.id AND t.version = g.version
             WHERE g.id = ? AND t.name = ?",
        )?
        .query_row(params![grant.as_str(), name], |row| {
            let place = TokenPlace::Version(grant.clone(), row.get(0)?);
            Ok(KeptToken { place, token: from_columns(row, 1)? })
        })
        .optional()?;
    if later.is_some() {
        return Ok(later);
    }
    Ok(db
        .prepare_cached(
            "SELECT r.id, t.name, t.sealing_key, t.sealed
             FROM token_grant g JOIN run r ON r.seq = g.run JOIN sealed_token t ON t.run = g.run
             WHERE g.id = ? AND g.version = 1 AND t.name = ?",
        )?
        .query_row(params![grant.as_str(), name], |row| {
            let place = TokenPlace::Run(RunId::new(row.get::<_, String>(0)?));
            Ok(KeptToken { place, token: from_columns(row, 1)? })
        })
        .optional()?)
}

/// The names of a grant's current tokens.
pub fn current_names(db: &Connection, grant: &GrantId) -> Result<Vec<String>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT t.name FROM token_grant g JOIN versioned_token t ON t.grant_id = g.id AND t.version = g.version
         WHERE g.id = ?1
         UNION
         SELECT t.name FROM token_grant g JOIN sealed_token t ON t.run = g.run WHERE g.id = ?1 AND g.version = 1
         ORDER BY 1",
    )?;
    let names = statement.query_map([grant.as_str()], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// Keeps a token of a version.
pub(crate) fn insert(
    tx: &Transaction<'_>,
    grant: &GrantId,
    version: u32,
    token: &SealedToken,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO versioned_token (grant_id, version, name, sealing_key, sealed) VALUES (?, ?, ?, ?, ?)",
    )?
    .execute(params![grant.as_str(), version, token.name, token.sealing_key, token.sealed])?;
    Ok(())
}

fn from_columns(row: &rusqlite::Row<'_>, first: usize) -> rusqlite::Result<SealedToken> {
    Ok(SealedToken { name: row.get(first)?, sealing_key: row.get(first + 1)?, sealed: row.get(first + 2)? })
}
