//! A provider's profile, statement by statement.

use gatewright_contract::provider::{Mark as WireMark, ProviderDetail, ProviderRow, StatementDetail, StatementGroup};
use gatewright_model::dialect::ClientAuthentication;
use gatewright_model::{Environment, Mark, Provider, Statement};
use gatewright_protocol::jose::SigningAlgorithm;

use super::{dialect as words, protocol};

/// What the window needs besides the profile.
pub(crate) struct ProviderStanding<'a> {
    /// It comes with Gatewright.
    pub(crate) built_in: bool,
    /// It was found by its issuer.
    pub(crate) discovered: bool,
    /// The real base URL the user filled in.
    pub(crate) base_url: Option<&'a str>,
    /// How many clients of it are kept.
    pub(crate) clients: u32,
    /// Where the sandbox listens.
    pub(crate) sandbox_origin: Option<&'a str>,
}

pub(crate) fn row(provider: &Provider, standing: &ProviderStanding<'_>) -> ProviderRow {
    let form = &provider.client_form;
    let token_request = &provider.dialect.token_request;
    let production = provider.bases(Environment::Production, None);
    ProviderRow {
        id: provider.id.to_string(),
        name: provider.name.clone(),
        summary: provider.summary.clone(),
        historic: provider.historic,
        built_in: standing.built_in,
        base_url: standing.base_url.unwrap_or(&production.authorization).to_owned(),
        placeholder: production.placeholder && standing.base_url.is_none(),
        has_twin: standing.built_in,
        noun: form.noun.value.clone(),
        page: form.page.value.clone(),
        integer_client_id: form.client_id.value == gatewright_protocol::ClientIdKind::Integer,
        name_min: form.name.value.min,
        name_max: form.name.value.max,
        redirect_uris_max: form.redirect_uris.value,
        scopes: provider.dialect.authorization.scopes.value.clone(),
        default_scopes: provider.dialect.authorization.default_scopes.value.clone(),
        openid: provider.openid.is_some(),
        discovered: standing.discovered,
        client_authentication: protocol::wire_authentication(token_request.client_authentication.value),
        client_authentications: token_request.accepted_client_authentications.as_ref().map_or_else(
            || ClientAuthentication::PREFERENCE.map(protocol::wire_authentication).to_vec(),
            |listed| listed.value.iter().map(|way| protocol::wire_authentication(*way)).collect(),
        ),
        has_logout: provider.endpoints.end_session.is_some(),
        clients: standing.clients,
    }
}

pub(crate) fn detail(provider: &Provider, standing: &ProviderStanding<'_>) -> ProviderDetail {
    let groups = groups(provider);
    let advice: Vec<_> =
        provider.advice.iter().map(|item| say("advice", "Good to know", item, String::clone)).collect();
    let count = |mark| {
        let all = groups.iter().flat_map(|group| &group.statements);
        u32::try_from(all.filter(|statement| statement.mark == mark).count()).unwrap_or(u32::MAX)
    };
    ProviderDetail {
        row: row(provider, standing),
        document: provider.document.clone(),
        metadata: None,
        nearby_hosts: Vec::new(),
        sandbox_base_url: standing
            .sandbox_origin
            .filter(|_| standing.built_in)
            .map(|origin| provider.bases(Environment::Sandbox, Some(origin)).authorization),
        documented: count(WireMark::Documented),
        observed: count(WireMark::Observed),
        unknown: count(WireMark::Unknown),
        groups,
        advice,
    }
}

/// Every statement of a profile but the advice, in the order of its page.
pub(crate) fn statements(provider: &Provider) -> Vec<StatementDetail> {
    groups(provider).into_iter().flat_map(|group| group.statements).collect()
}

fn groups(provider: &Provider) -> Vec<StatementGroup> {
    let mut groups = vec![
        group("Endpoints", endpoints(provider)),
        group("Authorization request", authorization(provider)),
        group("Token request", token_request(provider)),
        group("Token response", token_response(provider)),
        group("Identity", identity(provider)),
        group("OpenID Connect", openid(provider)),
        group("Life of tokens", tokens(provider)),
        group("Form for a client", client_form(provider)),
        group("Who may do what", ownership(provider)),
    ];
    groups.retain(|group| !group.statements.is_empty());
    groups
}

fn group(title: &str, statements: Vec<StatementDetail>) -> StatementGroup {
    StatementGroup { title: title.to_owned(), statements }
}

/// How a statement is known.
pub(crate) const fn mark(mark: Mark) -> WireMark {
    match mark {
        Mark::Documented => WireMark::Documented,
        Mark::Observed => WireMark::Observed,
        Mark::Unknown => WireMark::Unknown,
    }
}

fn say<T>(field: &str, title: &str, statement: &Statement<T>, words: impl Fn(&T) -> String) -> StatementDetail {
    StatementDetail {
        field: field.to_owned(),
        title: title.to_owned(),
        value: words(&statement.value),
        mark: mark(statement.mark),
        place: statement.place.clone(),
        note: statement.note.clone(),
    }
}

fn say_if<T>(
    field: &str,
    title: &str,
    statement: Option<&Statement<T>>,
    words: impl Fn(&T) -> String,
) -> Option<StatementDetail> {
    statement.map(|statement| say(field, title, statement, words))
}

fn endpoints(provider: &Provider) -> Vec<StatementDetail> {
    let endpoints = &provider.endpoints;
    let mut all = vec![
        say("endpoints.authorization", "Authorization endpoint", &endpoints.authorization, String::clone),
        say("endpoints.token", "Token endpoint", &endpoints.token, String::clone),
    ];
    for (field, title, endpoint) in [
        ("endpoints.identity", "Identity endpoint", &endpoints.identity),
        ("endpoints.revocation", "Revocation endpoint", &endpoints.revocation),
        ("endpoints.introspection", "Introspection endpoint", &endpoints.introspection),
        ("endpoints.jwks", "Keys", &endpoints.jwks),
        ("endpoints.end_session", "Logout endpoint", &endpoints.end_session),
        ("endpoints.registration", "Registration endpoint", &endpoints.registration),
        ("endpoints.discovery", "Discovery document", &endpoints.discovery),
    ] {
        all.extend(say_if(field, title, endpoint.as_ref(), String::clone));
    }
    all.push(say("endpoints.trailing_slash", "Slash at the end of paths", &endpoints.trailing_slash, words::slash));
    all
}

fn openid(provider: &Provider) -> Vec<StatementDetail> {
    let Some(openid) = &provider.openid else { return Vec::new() };
    let algorithm = |algorithm: &SigningAlgorithm| algorithm.name().to_owned();
    let mut all = vec![
        say(
            "openid.id_token_signing_algorithms",
            "Algorithms of ID tokens",
            &openid.id_token_signing_algorithms,
            words::list,
        ),
        say("openid.nonce", "nonce", &openid.nonce, words::presence),
    ];
    all.extend(say_if(
        "openid.id_token_signed_response_alg",
        "Algorithm of a usual client's ID tokens",
        openid.id_token_signed_response_alg.as_ref(),
        algorithm,
    ));
    all.extend(say_if(
        "openid.userinfo_signing_algorithms",
        "Algorithms of signed UserInfo",
        openid.userinfo_signing_algorithms.as_ref(),
        words::list,
    ));
    all.extend(say_if("openid.acr_values", "Authentication contexts", openid.acr_values.as_ref(), words::list));
    all
}

fn authorization(provider: &Provider) -> Vec<StatementDetail> {
    let dialect = &provider.dialect.authorization;
    let mut all = vec![
        say("dialect.authorization.response_type", "response_type", &dialect.response_type, words::presence),
        say("dialect.authorization.redirect_uri", "redirect_uri", &dialect.redirect_uri, words::presence),
        say("dialect.authorization.state", "state", &dialect.state, words::presence),
        say(
            "dialect.authorization.state_returned",
            "state on the way back",
            &dialect.state_returned,
            words::state_return,
        ),
        say("dialect.authorization.scopes", "Scopes", &dialect.scopes, words::list),
        say("dialect.authorization.default_scopes", "Scopes asked by default", &dialect.default_scopes, words::list),
        say("dialect.authorization.pkce", "PKCE challenge (S256)", &dialect.pkce, words::presence),
        say("dialect.authorization.openid", "OpenID Connect with scope openid", &dialect.openid, words::yes_no),
        say("dialect.authorization.refusal", "When the person refuses", &dialect.refusal, words::refusal),
        say("dialect.authorization.cancel", "When the person cancels", &dialect.cancel, words::refusal),
        say(
            "dialect.authorization.request_errors",
            "Errors of the request",
            &dialect.request_errors,
            words::request_errors,
        ),
        say("dialect.authorization.remembers_consent", "Remembers consent", &dialect.remembers_consent, words::yes_no),
    ];
    all.extend(say_if(
        "dialect.authorization.issuer_returned",
        "Issuer in the callback",
        dialect.issuer_returned.as_ref(),
        words::yes_no,
    ));
    all
}

fn token_request(provider: &Provider) -> Vec<StatementDetail> {
    let dialect = &provider.dialect.token_request;
    let mut all = vec![
        say("dialect.token_request.encoding", "Body", &dialect.encoding, words::body_encoding),
        say("dialect.token_request.grant_type", "grant_type", &dialect.grant_type, words::presence),
        say("dialect.token_request.redirect_uri", "redirect_uri", &dialect.redirect_uri, words::presence),
        say(
            "dialect.token_request.client_authentication",
            "Client authentication",
            &dialect.client_authentication,
            words::authentication,
        ),
    ];
    all.extend(say_if("dialect.token_request.accept", "Accept header", dialect.accept.as_ref(), String::clone));
    all
}

fn token_response(provider: &Provider) -> Vec<StatementDetail> {
    let dialect = &provider.dialect.token_response;
    let mut all = vec![
        say("dialect.token_response.encoding", "Body", &dialect.encoding, words::answer_encoding),
        say("dialect.token_response.success", "Success when", &dialect.success, words::success),
        say("dialect.token_response.error", "Refusal", &dialect.error, words::error_shape),
        say("dialect.token_response.fields", "Fields", &dialect.fields, words::fields),
    ];
    all.extend(say_if("dialect.token_response.token_type", "token_type", dialect.token_type.as_ref(), String::clone));
    all.extend(say_if(
        "dialect.token_response.scope_separator",
        "Between scopes",
        dialect.scope_separator.as_ref(),
        words::scope_separator,
    ));
    all
}

fn identity(provider: &Provider) -> Vec<StatementDetail> {
    let dialect = &provider.dialect.identity;
    let mut all = vec![
        say("dialect.identity.source", "Comes from", &dialect.source, words::identity_source),
        say("dialect.identity.subject", "Identifier of the person", &dialect.subject, |pointer| {
            words::field(pointer).to_owned()
        }),
    ];
    all.extend(say_if("dialect.identity.display_name", "Name to show", dialect.display_name.as_ref(), |pointer| {
        words::field(pointer).to_owned()
    }));
    all.extend(say_if(
        "dialect.identity.signed_in_flag",
        "Flag that must be true",
        dialect.signed_in_flag.as_ref(),
        |pointer| words::field(pointer).to_owned(),
    ));
    all.extend(say_if(
        "dialect.identity.userinfo_token_placement",
        "Access token goes into",
        dialect.userinfo_token_placement.as_ref(),
        words::token_placement,
    ));
    all.push(say("dialect.identity.fields", "Fields", &dialect.fields, words::fields));
    all
}

fn tokens(provider: &Provider) -> Vec<StatementDetail> {
    let dialect = &provider.dialect.tokens;
    let mut all = Vec::new();
    all.extend(say_if(
        "dialect.tokens.access_token_seconds",
        "Access token lives",
        dialect.access_token_seconds.as_ref(),
        words::seconds,
    ));
    all.extend(say_if(
        "dialect.tokens.refresh_token_seconds",
        "Refresh token lives",
        dialect.refresh_token_seconds.as_ref(),
        words::seconds,
    ));
    all.extend(say_if("dialect.tokens.code_seconds", "Code lives", dialect.code_seconds.as_ref(), words::seconds));
    all.push(say("dialect.tokens.refresh", "Refresh tokens", &dialect.refresh, words::yes_no));
    all.push(say("dialect.tokens.revocation", "Revocation", &dialect.revocation, words::revocation));
    all.push(say("dialect.tokens.second_login", "A second login", &dialect.second_login, words::second_login));
    all
}

fn client_form(provider: &Provider) -> Vec<StatementDetail> {
    let form = &provider.client_form;
    let length = |length: &gatewright_model::provider::Length| match (length.min, length.max) {
        (0 | 1, u32::MAX) => "any length".to_owned(),
        (min, u32::MAX) => format!("at least {min} characters"),
        (min, max) => format!("{min} to {max} characters"),
    };
    vec![
        say("client_form.noun", "Called", &form.noun, String::clone),
        say("client_form.page", "Made at", &form.page, String::clone),
        say("client_form.name", "Name", &form.name, length),
        say("client_form.name_unique", "No two with the same name", &form.name_unique, words::yes_no),
        say("client_form.redirect_uris", "Redirect URIs at most", &form.redirect_uris, u32::to_string),
        say("client_form.redirect_uri", "Redirect URI", &form.redirect_uri, length),
        say("client_form.client_id", "Client ID", &form.client_id, words::client_id_kind),
        say("client_form.api", "API for clients", &form.api, words::yes_no),
        say("client_form.rotation", "Secret can be changed", &form.rotation, words::yes_no),
        say("client_form.rotation_strategies", "Ways to rotate a secret", &form.strategies(), |ways| {
            words::strategies(ways)
        }),
    ]
}

fn ownership(provider: &Provider) -> Vec<StatementDetail> {
    let rules = &provider.ownership;
    vec![
        say("ownership.create", "Create a client", &rules.create, words::create_rule),
        say("ownership.manage", "Edit or delete it", &rules.manage, words::manage_rule),
        say("ownership.log_in", "Log in through it", &rules.log_in, words::log_in_rule),
    ]
}
