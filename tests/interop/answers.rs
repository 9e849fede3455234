//! What a judged answer has to be, said in one word.

use gatewright_protocol::Secret;
use gatewright_protocol::answer::Refusal;
use gatewright_protocol::authorization::AuthorizationResponse;
use gatewright_protocol::introspection::{Introspection, IntrospectionResponse};
use gatewright_protocol::token::{IssuedTokens, RefreshResponse, Renewed, TokenResponse};

/// The code of a callback that brings one.
#[track_caller]
pub(crate) fn granted(response: AuthorizationResponse) -> Secret {
    match response {
        AuthorizationResponse::Code(granted) => granted.code,
        other => panic!("no code but {other:?}"),
    }
}

/// The error of a callback that brings one.
#[track_caller]
pub(crate) fn sent_back(response: AuthorizationResponse) -> String {
    match response {
        AuthorizationResponse::Refused(error, _) => error.error.unwrap_or_default(),
        other => panic!("no error but {other:?}"),
    }
}

/// The tokens of an answer that has some.
#[track_caller]
pub(crate) fn issued(response: TokenResponse) -> IssuedTokens {
    match response {
        TokenResponse::Issued(tokens) => tokens,
        other => panic!("no tokens but {other:?}"),
    }
}

/// The tokens of a refresh that went well.
#[track_caller]
pub(crate) fn renewed(response: RefreshResponse) -> Renewed {
    match response {
        RefreshResponse::Renewed(renewed) => renewed,
        other => panic!("no tokens but {other:?}"),
    }
}

/// Status and error code of an answer that says no.
#[track_caller]
pub(crate) fn refused(response: TokenResponse) -> (u16, String) {
    match response {
        TokenResponse::Refused(refusal) => said(refusal),
        other => panic!("not refused but {other:?}"),
    }
}

/// Status and error code of a refusal.
pub(crate) fn said(refusal: Refusal) -> (u16, String) {
    (refusal.status, refusal.error.error.unwrap_or_default())
}

/// What a server knows of a token.
#[track_caller]
pub(crate) fn known(response: IntrospectionResponse) -> Introspection {
    match response {
        IntrospectionResponse::Known(known) => known,
        other => panic!("nothing is known: {other:?}"),
    }
}
