//! The dialect of a discovered provider: standard OAuth, as far as its metadata does not say otherwise.

use gatewright_protocol::authorization::ResponseMode;
use gatewright_protocol::http::BodyEncoding;
use gatewright_protocol::metadata::Metadata;
use serde_json::Value;

use super::{assumed, is_openid, lists, names, observed, text};
use crate::{
    Dialect, Statement,
    dialect::{
        AnswerEncoding, AnswerField, AuthorizationDialect, ClientAuthentication, ErrorShape, IdentityDialect,
        IdentitySource, JsonType, Presence, RefusalSignal, RequestErrors, RevocationWay, ScopeSeparator, SecondLogin,
        StateReturn, SuccessRule, TokenLife, TokenRequestDialect, TokenResponseDialect,
    },
};

pub(super) fn dialect(metadata: &Metadata) -> Dialect {
    Dialect {
        authorization: authorization(metadata),
        token_request: token_request(metadata),
        token_response: token_response(metadata),
        identity: identity(metadata),
        tokens: tokens(metadata),
    }
}

fn authorization(metadata: &Metadata) -> AuthorizationDialect {
    let required = |section| assumed(Presence::Required, section);
    let scopes = scopes(metadata);
    AuthorizationDialect {
        response_type: required("RFC 6749 §4.1.1."),
        redirect_uri: required("RFC 6749 §4.1.1; it has to be there when several are registered."),
        state: assumed(Presence::Optional, "RFC 6749 §10.12."),
        state_returned: assumed(StateReturn::Always, "RFC 6749 §4.1.2."),
        default_scopes: default_scopes(&scopes.value),
        pkce: pkce(metadata),
        openid: if is_openid(metadata) {
            observed(true, "id_token_signing_alg_values_supported")
        } else {
            assumed(false, "The document names neither ID tokens nor the scope openid.")
        },
        response_mode: response_mode(metadata),
        issuer_returned: Some(issuer_returned(metadata)),
        refusal: assumed(RefusalSignal::AccessDenied, "RFC 6749 §4.1.2.1."),
        cancel: assumed(RefusalSignal::AccessDenied, "RFC 6749 §4.1.2.1."),
        request_errors: assumed(RequestErrors::Redirect, "RFC 6749 §4.1.2.1."),
        remembers_consent: assumed(true, "Most do."),
        scopes,
    }
}

fn issuer_returned(metadata: &Metadata) -> Statement<bool> {
    const MEMBER: &str = "authorization_response_iss_parameter_supported";
    if metadata.members().contains_key(MEMBER) {
        observed(metadata.returns_issuer(), MEMBER)
    } else {
        assumed(false, "The default of RFC 9207 §3.")
    }
}

/// The query is the default and needs no parameter; a server that lists modes and not that one is asked for what it lists.
fn response_mode(metadata: &Metadata) -> Option<Statement<ResponseMode>> {
    let listed = metadata.response_modes();
    let preference = [ResponseMode::Query, ResponseMode::FormPost, ResponseMode::Fragment];
    let mode = preference.into_iter().find(|mode| lists(listed.as_ref(), mode.as_str()))?;
    (mode != ResponseMode::Query).then(|| observed(mode, "response_modes_supported"))
}

fn scopes(metadata: &Metadata) -> Statement<Vec<String>> {
    match (names(metadata.scopes()), is_openid(metadata)) {
        (Some(mut scopes), true) if !scopes.iter().any(|scope| scope == "openid") => {
            scopes.insert(0, "openid".to_owned());
            observed(scopes, "scopes_supported; openid is added")
        }
        (Some(scopes), _) => observed(scopes, "scopes_supported"),
        (None, true) => {
            assumed(vec!["openid".to_owned()], "The document lists no scopes; this one every OpenID provider has.")
        }
        (None, false) => assumed(Vec::new(), "The document lists no scopes."),
    }
}

fn default_scopes(supported: &[String]) -> Statement<Vec<String>> {
    let wanted = ["openid", "profile", "email"].into_iter().filter(|scope| supported.iter().any(|one| one == scope));
    assumed(wanted.map(ToOwned::to_owned).collect(), "What a login with a name to show needs.")
}

fn pkce(metadata: &Metadata) -> Statement<Presence> {
    const MEMBER: &str = "code_challenge_methods_supported";
    match &metadata.code_challenge_methods() {
        None => assumed(
            Presence::Optional,
            "Not in the document; a server that does not know it ignores it (RFC 6749 §3.1).",
        ),
        methods if lists(methods.as_ref(), "S256") => observed(Presence::Optional, MEMBER),
        Some(_) => observed(Presence::Absent, MEMBER),
    }
}

fn token_request(metadata: &Metadata) -> TokenRequestDialect {
    const MEMBER: &str = "token_endpoint_auth_methods_supported";
    let known: Option<Vec<_>> = metadata.client_authentication_methods().map(|listed| {
        let preference = ClientAuthentication::PREFERENCE.into_iter();
        preference.filter(|way| listed.iter().any(|name| name == way.registered_name())).collect()
    });
    let client_authentication = match known.as_deref() {
        Some([first, ..]) => observed(*first, MEMBER),
        Some([]) => assumed(ClientAuthentication::Basic, "The document lists only ways Gatewright does not know."),
        None => assumed(ClientAuthentication::Basic, "The default of RFC 8414 §2."),
    };
    TokenRequestDialect {
        encoding: assumed(BodyEncoding::Form, "RFC 6749 §4.1.3."),
        grant_type: assumed(Presence::Required, "RFC 6749 §4.1.3."),
        redirect_uri: assumed(Presence::Required, "RFC 6749 §4.1.3."),
        client_authentication,
        accepted_client_authentications: known.filter(|known| !known.is_empty()).map(|known| observed(known, MEMBER)),
        assertion_signing_algorithms: names(metadata.client_authentication_algorithms())
            .map(|names| observed(names, "token_endpoint_auth_signing_alg_values_supported")),
        accept: None,
    }
}

fn token_response(metadata: &Metadata) -> TokenResponseDialect {
    let mut fields = vec![
        field("access_token", JsonType::String, false),
        field("token_type", JsonType::String, false),
        field("expires_in", JsonType::Number, true),
        field("refresh_token", JsonType::String, true),
        field("scope", JsonType::String, true),
    ];
    if is_openid(metadata) {
        fields.push(field("id_token", JsonType::String, true));
    }
    TokenResponseDialect {
        encoding: assumed(AnswerEncoding::Json, "RFC 6749 §5.1."),
        success: assumed(SuccessRule::AccessToken, "RFC 6749 §5.1."),
        error: assumed(ErrorShape::Rfc6749, "RFC 6749 §5.2."),
        token_type: Some(assumed("Bearer".to_owned(), "RFC 6750 §4.")),
        scope_separator: Some(assumed(ScopeSeparator::Space, "RFC 6749 §3.3.")),
        fields: assumed(fields, "RFC 6749 §5.1 and OpenID Connect Core §3.1.3.3."),
    }
}

fn field(name: &str, json_type: JsonType, optional: bool) -> AnswerField {
    AnswerField { name: name.to_owned(), json_type, optional }
}

fn identity(metadata: &Metadata) -> IdentityDialect {
    let source = match (text(metadata, "userinfo_endpoint"), is_openid(metadata)) {
        (Some(_), _) => observed(IdentitySource::Endpoint, "userinfo_endpoint"),
        (None, true) => assumed(IdentitySource::IdToken, "The document names no UserInfo endpoint."),
        (None, false) => assumed(IdentitySource::Nowhere, "OAuth alone does not say who logged in."),
    };
    // Claims of OpenID Connect Core §5.1 that a person is recognised by, the best first.
    let standard = [
        ("preferred_username", JsonType::String),
        ("name", JsonType::String),
        ("email", JsonType::String),
        ("email_verified", JsonType::Boolean),
    ];
    let listed = claims(metadata);
    let listed = listed.as_ref();
    let mut fields = vec![field("sub", JsonType::String, false)];
    fields.extend(
        standard
            .into_iter()
            .filter(|(name, _)| listed.is_none() || lists(listed, name))
            .map(|(name, json_type)| field(name, json_type, true)),
    );
    let shown = fields.iter().skip(1).find(|field| field.json_type == JsonType::String);
    IdentityDialect {
        source,
        userinfo_token_placement: None,
        subject: assumed("/sub".to_owned(), "OpenID Connect Core §5.1."),
        display_name: shown
            .map(|field| assumed(format!("/{}", field.name), "A standard claim of OpenID Connect Core §5.1.")),
        signed_in_flag: None,
        fields: match listed {
            Some(_) => observed(fields, "claims_supported"),
            None => assumed(fields, "Standard claims of OpenID Connect Core §5.1."),
        },
    }
}

/// `claims_supported` (OpenID Connect Discovery §3).
fn claims(metadata: &Metadata) -> Option<Vec<String>> {
    let list = metadata.members().get("claims_supported")?.as_array()?;
    Some(list.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect())
}

fn tokens(metadata: &Metadata) -> TokenLife {
    const GRANTS: &str = "grant_types_supported";
    let refresh = match metadata.grant_types() {
        Some(listed) => observed(lists(Some(&listed), "refresh_token"), GRANTS),
        None => assumed(
            lists(metadata.scopes().as_ref(), "offline_access"),
            "The document does not list grant types; the scope offline_access would give a refresh token.",
        ),
    };
    TokenLife {
        access_token_seconds: None,
        refresh_token_seconds: None,
        code_seconds: None,
        refresh,
        revocation: match text(metadata, "revocation_endpoint") {
            Some(_) => observed(RevocationWay::Rfc7009, "revocation_endpoint"),
            None => assumed(RevocationWay::None, "The document names no revocation endpoint."),
        },
        second_login: assumed(SecondLogin::Unknown, "No standard says."),
    }
}
