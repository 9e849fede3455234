//! Exchanging a grant's tokens for newer ones, so that no crash and no lost answer can cost them unnoticed.
//!
//! | step | who | what is left when it ends here | found at start |
//! | --- | --- | --- | --- |
//! | 1 | [`begin`], committed durably | intent; the refresh token is perhaps on its way | ambiguous |
//! | 2 | the engine sends it, once | the same | ambiguous |
//! | 3 | the answer is read, in memory only | the same | ambiguous |
//! | 4 | [`commit`], durably | the new tokens, the old ones superseded | nothing to do |
//! | 5 | the new access token is given out | the same | nothing to do |
//! | 6 | the old tokens go: at the next [`commit`], or by [`crate::token_version::sweep`] | the new tokens | nothing to do |
//!
//! A refresh that brings no tokens ends in [`abandon`] in the place of step 4. Steps 1 and 4 belong into
//! [`crate::Store::write_durably`]: what they say has to survive a power failure before anything is sent or shown.

use gatewright_model::grant::{Abandonment, Consent};
use gatewright_model::{AttemptId, GrantId, GrantState, RotationIntent};
use jiff::Timestamp;
use rusqlite::{Transaction, params};

use crate::column::micros;
use crate::grant_lease::Lease;
use crate::sealed_token::SealedToken;
use crate::{StoreError, grant, grant_lease, rotation_intent, token_version, versioned_token};

/// Why a refresh token must not be sent, or its answer not be kept. Nothing was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RotationRefusal {
    /// Another attempt is under way: wait for it, then look again.
    #[error("another refresh of this grant is under way")]
    Leased {
        /// When it will have ended at the latest.
        until: Timestamp,
    },
    /// The refresh token was sent before, and nobody knows what became of it: a person has to decide.
    #[error("this refresh token was sent before, and its answer never came")]
    Ambiguous,
    /// The grant is lost or ended.
    #[error("this grant cannot be refreshed any more")]
    NotLive(GrantState),
    /// Somebody else was quicker: there are newer tokens.
    #[error("there are newer tokens, version {current}")]
    Superseded {
        /// The version that is current.
        current: u32,
    },
    /// This attempt was never begun, or another one took its place.
    #[error("this refresh was not begun")]
    NotBegun,
}

/// What a refresh brought.
#[derive(Clone, Debug)]
pub struct Rotated {
    /// Whose tokens.
    pub grant: GrantId,
    /// The attempt that was begun.
    pub attempt: AttemptId,
    /// The new tokens, sealed for [`versioned_token::TokenPlace::of_version`] of the next version. A server that sends no new refresh
    /// token means the old one to go on (RFC 6749 §6): it is sealed again, because the version it came from will be forgotten.
    pub tokens: Vec<SealedToken>,
    /// When the new access token expires.
    pub access_expires_at: Option<Timestamp>,
    /// When the new refresh token expires.
    pub refresh_expires_at: Option<Timestamp>,
    /// When the answer came.
    pub at: Timestamp,
}

/// Writes down that a refresh token is about to be sent, and takes the lease on its grant until `lease_until`, which has to be later than
/// the request can last. Only when this is on the disk may the token be sent.
///
/// # Errors
/// [`RotationRefusal`] (in [`StoreError::Rotation`]) when it must not be sent; without consent, never twice the same.
pub fn begin(
    tx: &Transaction<'_>,
    intent: &RotationIntent,
    lease_until: Timestamp,
    consent: Consent,
) -> Result<(), StoreError> {
    let found = grant::find(tx, &intent.grant)?;
    let elsewhere = grant_lease::find(tx, &intent.grant)?.filter(|lease| lease.owner != intent.attempt);
    if let Some(lease) = elsewhere.filter(|lease| lease.expires_at > intent.started_at) {
        return Err(RotationRefusal::Leased { until: lease.expires_at }.into());
    }
    if matches!(found.state, GrantState::Lost | GrantState::Ended) {
        return Err(RotationRefusal::NotLive(found.state).into());
    }
    if found.version != intent.version {
        return Err(RotationRefusal::Superseded { current: found.version }.into());
    }
    if found.state == GrantState::Ambiguous || rotation_intent::find(tx, &intent.grant)?.is_some() {
        if consent == Consent::NotAsked {
            return Err(RotationRefusal::Ambiguous.into());
        }
        // It stays so until an answer settles it, also when this try never leaves the computer.
        grant::set_state(tx, &intent.grant, GrantState::Ambiguous)?;
    }
    let lease = Lease { owner: intent.attempt.clone(), expires_at: lease_until };
    grant_lease::take(tx, &intent.grant, &lease, intent.started_at)?;
    rotation_intent::put(tx, intent)
}

/// Keeps what a refresh brought: the tokens as the next version, the ones before as superseded, and the intent is gone. Gives the number
/// of the new version. Only when this is on the disk may the new tokens be used.
///
/// # Errors
/// [`RotationRefusal::NotBegun`] or [`RotationRefusal::Superseded`] (in [`StoreError::Rotation`]): the second of two loses.
pub fn commit(tx: &Transaction<'_>, rotated: &Rotated) -> Result<u32, StoreError> {
    let Rotated { grant, attempt, .. } = rotated;
    let used = begun(tx, grant, attempt)?.version;
    let next = used + 1;
    let changed = tx
        .prepare_cached(
            "UPDATE token_grant SET version = ?, access_expires_at = ?, refresh_expires_at = ?, refreshed_at = ?,
               state = CASE state WHEN 'ended' THEN 'ended' ELSE 'live' END
             WHERE id = ? AND version = ?",
        )?
        .execute(params![
            next,
            rotated.access_expires_at.map(micros),
            rotated.refresh_expires_at.map(micros),
            micros(rotated.at),
            grant.as_str(),
            used,
        ])?;
    if changed == 0 {
        let current =
            tx.query_row("SELECT version FROM token_grant WHERE id = ?", [grant.as_str()], |row| row.get(0))?;
        return Err(RotationRefusal::Superseded { current }.into());
    }
    token_version::supersede(tx, grant, rotated.at)?;
    token_version::insert(tx, grant, next, rotated.at)?;
    rotated.tokens.iter().try_for_each(|token| versioned_token::insert(tx, grant, next, token))?;
    // The refresh token that was used has just proved good, so nobody will go back to the ones before it.
    token_version::forget_before(tx, grant, used)?;
    settle(tx, grant, attempt)?;
    Ok(next)
}

/// Says how a refresh ended that brought no tokens, and lets go of the grant.
///
/// # Errors
/// [`RotationRefusal::NotBegun`] (in [`StoreError::Rotation`]).
pub fn abandon(tx: &Transaction<'_>, grant: &GrantId, attempt: &AttemptId, how: Abandonment) -> Result<(), StoreError> {
    begun(tx, grant, attempt)?;
    let is_over = grant::state(tx, grant)? == GrantState::Ended;
    match how {
        // What was unsettled before this attempt is so still: this token was not even looked at.
        Abandonment::TokenUntouched => settle(tx, grant, attempt),
        Abandonment::TokenRefused => {
            if !is_over {
                grant::set_state(tx, grant, GrantState::Lost)?;
            }
            settle(tx, grant, attempt)
        }
        // The intent stays: it is what nobody knows the end of.
        Abandonment::OutcomeUnknown => {
            if !is_over {
                grant::set_state(tx, grant, GrantState::Ambiguous)?;
            }
            grant_lease::release(tx, grant, attempt)
        }
    }
}

/// Marks the grants whose attempt has let its lease run out without settling it: the task is gone. Gives their ids.
pub fn interrupt_expired(tx: &Transaction<'_>, now: Timestamp) -> Result<Vec<GrantId>, StoreError> {
    tx.prepare_cached("DELETE FROM grant_lease WHERE expires_at <= ?")?.execute([micros(now)])?;
    Ok(mark_unsettled(tx)?)
}

/// Marks the grants whose refresh token was on its way when Gatewright last ended. No lease outlives the end of Gatewright.
pub(crate) fn interrupt_leftovers(tx: &Transaction<'_>) -> Result<Vec<GrantId>, rusqlite::Error> {
    tx.execute("DELETE FROM grant_lease", [])?;
    mark_unsettled(tx)
}

/// A live grant with an intent and no lease is one that nobody will settle.
fn mark_unsettled(tx: &Transaction<'_>) -> Result<Vec<GrantId>, rusqlite::Error> {
    let mut statement = tx.prepare_cached(
        "UPDATE token_grant SET state = 'ambiguous'
         WHERE state = 'live' AND id IN (
           SELECT grant_id FROM rotation_intent WHERE grant_id NOT IN (SELECT grant_id FROM grant_lease))
         RETURNING id",
    )?;
    let ids = statement.query_map([], |row| row.get::<_, String>(0))?;
    ids.map(|id| id.map(GrantId::new)).collect()
}

fn begun(tx: &Transaction<'_>, grant: &GrantId, attempt: &AttemptId) -> Result<RotationIntent, StoreError> {
    let intent = rotation_intent::find(tx, grant)?.filter(|intent| intent.attempt == *attempt);
    intent.ok_or_else(|| RotationRefusal::NotBegun.into())
}

fn settle(tx: &Transaction<'_>, grant: &GrantId, attempt: &AttemptId) -> Result<(), StoreError> {
    rotation_intent::forget(tx, grant)?;
    grant_lease::release(tx, grant, attempt)
}
