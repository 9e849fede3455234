//! Faults that change what a twin remembers. The answer itself is as it should be.

use std::sync::Arc;

use super::callback::Callback;
use crate::Twin;
use crate::fault::inject::Context;
use crate::grants::{CodeState, Grant, Grants};
use crate::server::limited;
use crate::user::{self, SandboxUser};

/// How long the codes live that AZ-37 issues anew: as long as RFC 6749 §4.1.2 recommends at most.
const CODE_SECONDS: u32 = 600;

/// AZ-34: the code that was just issued lives for ever.
pub(super) fn keep_code(context: &Context<'_>, callback: &Callback) -> bool {
    let Some((code, grant)) = code_of(context, callback) else { return false };
    context.server.grants(context.occasion.twin).add_code(&code, grant, context.server.now(), None);
    true
}

/// AZ-35: there has to be something to forget.
pub(super) fn forget_consent(context: &Context<'_>) -> bool {
    let (Some(client), Some(session)) = (&context.occasion.client_id, &context.occasion.session) else { return false };
    let mut grants = context.server.grants(context.occasion.twin);
    let is_known = grants.standing(client, session.user).is_some();
    grants.forget_standing(client, session.user);
    is_known
}

/// AZ-36: somebody who has signed in for this very request is signed out as well, so "always" lets nobody in.
pub(super) fn sign_out(context: &Context<'_>) -> bool {
    let Some(session) = &context.occasion.session else { return false };
    context.server.sessions.end_named(context.occasion.twin, &session.state);
    true
}

/// AZ-37: the same code stands for the app's owner. Nobody but the client that knows whom it expects can notice.
pub(super) fn give_to_owner(context: &Context<'_>, callback: &Callback) -> bool {
    let (server, twin) = (context.server, context.occasion.twin);
    let Some((code, grant)) = code_of(context, callback) else { return false };
    let app = context.occasion.client_id.as_deref().and_then(|client| server.apps.find(twin, client));
    let Some(owner) = app.and_then(|app| user::find(&app.owner)) else { return false };
    if grant.user == Some(owner) {
        return false;
    }
    let now = server.now();
    let mut given = Grant::new(Arc::clone(&grant.client), Some(owner), &grant.redirect_uri, now);
    given.scope.clone_from(&grant.scope);
    given.nonce.clone_from(&grant.nonce);
    given.challenge.clone_from(&grant.challenge);
    given.session_state.clone_from(&grant.session_state);
    let given = Arc::new(given);
    let mut grants = server.grants(twin);
    if twin == Twin::ContentDb {
        issue_token(context, &mut grants, &given, owner);
    }
    grants.add_code(&code, given, now, Some(CODE_SECONDS));
    true
}

/// ContentDB has the token before the code is exchanged.
fn issue_token(context: &Context<'_>, grants: &mut Grants, grant: &Arc<Grant>, owner: &'static SandboxUser) {
    let server = context.server;
    let token = server.entropy.hex32();
    if let Some(standing) = grants.standing_mut(&grant.client, owner) {
        standing.token = Some(token.clone());
    }
    grants.add_access(&token, Arc::clone(grant), server.now(), limited(None, server.limits.access_token));
}

/// The code of a callback, as long as it can be exchanged.
fn code_of(context: &Context<'_>, callback: &Callback) -> Option<(String, Arc<Grant>)> {
    let code = callback.get("code")?;
    let state = context.server.grants(context.occasion.twin).code(&code, context.server.now());
    match state {
        CodeState::Good(grant) => Some((code, grant)),
        CodeState::Unknown | CodeState::Redeemed(_) | CodeState::Expired => None,
    }
}
