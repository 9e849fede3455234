//! Faults of OpenID Connect: how the ID token, the keys, the metadata and everything behind the login go wrong.

mod attacker;
mod certificate;
mod claims;
mod discovery;
mod id_token;
mod jwks;
mod logout;
mod refresh;
mod revocation;
mod shape;
mod signature;
mod userinfo;
mod weak_key;

pub(crate) use attacker::attacker_routes;
pub(super) use certificate::pem;

use super::answer::Finished;
use super::inject::Context;

/// Bends a finished answer; says whether the fault really happened.
pub(super) async fn bend(context: &Context<'_>, answer: &mut Finished) -> bool {
    match context.fault.split('-').next() {
        Some("ID") => id_token::bend(context, answer).await,
        Some("JK") => jwks::bend(context, answer).await,
        Some("DI") => discovery::bend(context, answer),
        Some("UI") => userinfo::bend(context, answer).await,
        Some("RF") => refresh::bend(context, answer).await,
        Some("RV") => revocation::bend(context, answer),
        _ => logout::bend(context, answer),
    }
}
