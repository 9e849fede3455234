//! A grant, what can be done with tokens, and what stands in them.

use gatewright_contract::run::NamedText;
use gatewright_contract::token::{
    ClaimTime as WireTime, GrantDetail, GrantState as WireState, JwtDetail, JwtForm, SignatureStanding, TokenAction,
    TokenActionKind,
};
use gatewright_model::dialect::RevocationWay;
use gatewright_model::{Grant, GrantState, Provider};
use gatewright_protocol::jwt_view::{ClaimTime, JwtView};
use jiff::Timestamp;

/// The tokens of a run, and who gave them.
pub(crate) struct Held<'a> {
    /// The names of those that are kept.
    pub(crate) names: &'a [String],
    /// The grant, when there was a refresh token.
    pub(crate) grant: Option<&'a Grant>,
    /// The provider; none when the client or its profile is gone, so that nothing can be sent.
    pub(crate) provider: Option<&'a Provider>,
    /// The run ended in a login: before that nobody knows whose the tokens are.
    pub(crate) logged_in: bool,
}

/// What can be done right now. What the provider has not is not in the list.
pub(crate) fn actions(held: &Held<'_>) -> Vec<TokenAction> {
    let mut all = Vec::new();
    if let Some(provider) = held.provider {
        all.extend(about_login(held, provider));
        all.extend(at_provider(held, provider));
    }
    all.extend(held.names.iter().map(|name| action(TokenActionKind::Decode, Some(name))));
    all
}

fn about_login(held: &Held<'_>, provider: &Provider) -> Vec<TokenAction> {
    use TokenActionKind::{LogOut, Refresh, TryOnceMore, Userinfo};
    if !held.logged_in {
        return Vec::new();
    }
    let has = |name: &str| held.names.iter().any(|held| held == name);
    let refresh = held.grant.filter(|_| has("refresh_token")).and_then(|grant| match grant.state {
        GrantState::Live => Some(Refresh),
        GrantState::Ambiguous => Some(TryOnceMore),
        GrantState::Lost | GrantState::Ended => None,
    });
    let userinfo = (has("access_token") && provider.endpoints.identity.is_some()).then_some(Userinfo);
    let is_over = held.grant.is_some_and(|grant| grant.state == GrantState::Ended);
    let log_out = (provider.endpoints.end_session.is_some() && !is_over).then_some(LogOut);
    [refresh, userinfo, log_out].into_iter().flatten().map(|kind| action(kind, None)).collect()
}

fn at_provider(held: &Held<'_>, provider: &Provider) -> Vec<TokenAction> {
    let way = provider.dialect.tokens.revocation.value;
    let is_over = |name: &str| {
        name == "refresh_token"
            && held.grant.is_some_and(|grant| matches!(grant.state, GrantState::Lost | GrantState::Ended))
    };
    let can_revoke = |name: &str| {
        let is_taken = match way {
            RevocationWay::None => false,
            // The token is its own key there, which only an access token is.
            RevocationWay::DeleteWithToken => name == "access_token",
            RevocationWay::Rfc7009 => name != "id_token",
        };
        is_taken && provider.endpoints.revocation.is_some() && !is_over(name)
    };
    let can_introspect = |name: &str| name != "id_token" && provider.endpoints.introspection.is_some();
    let revoked = held.names.iter().filter(|name| can_revoke(name));
    let asked = held.names.iter().filter(|name| can_introspect(name));
    let revoked = revoked.map(|name| action(TokenActionKind::Revoke, Some(name)));
    revoked.chain(asked.map(|name| action(TokenActionKind::Introspect, Some(name)))).collect()
}

fn action(kind: TokenActionKind, token: Option<&String>) -> TokenAction {
    TokenAction { kind, token: token.cloned() }
}

/// A grant for the window.
pub(crate) fn grant(grant: &Grant) -> GrantDetail {
    let (state, sentence) = match grant.state {
        GrantState::Live => (WireState::Live, None),
        GrantState::Ambiguous => (
            WireState::Ambiguous,
            Some(
                "The refresh token was sent, and its answer never came: it may be used up. Use the access token while it lives, log in again, or try once more; a provider that notices a second use may revoke everything that was granted.",
            ),
        ),
        GrantState::Lost => {
            (WireState::Lost, Some("The provider refuses the refresh token. Only a new login gives new tokens."))
        }
        GrantState::Ended => (
            WireState::Ended,
            Some(
                "It was revoked, or the person was logged out. The tokens are kept to test whether they are really dead.",
            ),
        ),
    };
    GrantDetail {
        state,
        sentence: sentence.map(str::to_owned),
        refreshes: grant.version.saturating_sub(1),
        access_expires_at: grant.access_expires_at.map(|at| at.to_string()),
        refresh_expires_at: grant.refresh_expires_at.map(|at| at.to_string()),
        refreshed_at: grant.refreshed_at.map(|at| at.to_string()),
    }
}

/// What stands in a token.
pub(crate) fn jwt(name: &str, view: JwtView, verified: bool) -> JwtDetail {
    let detail = |form, sentence: &str, signature| JwtDetail {
        token: name.to_owned(),
        form,
        sentence: sentence.to_owned(),
        header: Vec::new(),
        claims: Vec::new(),
        times: Vec::new(),
        twice: None,
        signature,
    };
    match view {
        JwtView::Opaque => detail(
            JwtForm::Opaque,
            "This is no JWT: only the server that issued it can say what it means.",
            SignatureStanding::Absent,
        ),
        JwtView::Encrypted { header } => JwtDetail {
            header: named(header),
            ..detail(
                JwtForm::Encrypted,
                "This JWT is encrypted: only its header can be read.",
                SignatureStanding::NotVerified,
            )
        },
        JwtView::Signed(decoded) => {
            let (sentence, signature) = if decoded.is_unsigned {
                ("There is no signature: anybody can have written this.", SignatureStanding::Absent)
            } else if verified {
                ("The signature was verified when the token came.", SignatureStanding::Verified)
            } else {
                (
                    "The signature was not verified here: do not rely on what stands in it.",
                    SignatureStanding::NotVerified,
                )
            };
            JwtDetail {
                header: named(decoded.header),
                claims: named(decoded.claims),
                times: decoded.times.iter().filter_map(time).collect(),
                twice: decoded.twice,
                ..detail(JwtForm::Signed, sentence, signature)
            }
        }
    }
}

fn named(members: Vec<(String, String)>) -> Vec<NamedText> {
    members.into_iter().map(|(name, text)| NamedText { name, text }).collect()
}

/// None for a time that no calendar has.
fn time(time: &ClaimTime) -> Option<WireTime> {
    let at = Timestamp::from_second(time.seconds).ok()?;
    Some(WireTime { claim: time.claim.to_owned(), at: at.to_string(), in_milliseconds: time.in_milliseconds })
}
