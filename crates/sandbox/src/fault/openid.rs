//! Faults of Chaster's OpenID Connect endpoints: ID token, keys, discovery, userinfo, refresh, revocation, introspection, logout.

use super::answer::Finished;
use super::catalogue::FaultDefinition;
use super::inject::Context;

/// Their part of the catalogue.
pub(super) static FAULTS: &[FaultDefinition] = &[];

/// Bends a finished answer; says whether the fault really happened.
#[expect(clippy::unused_async, reason = "signing an ID token anew waits for the key")]
pub(super) async fn bend(_context: &Context<'_>, _answer: &mut Finished) -> bool {
    false
}
