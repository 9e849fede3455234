//! Rules for what one client's logins do otherwise than those of other clients.

use gatewright_protocol::authorization::Prompt;
use gatewright_protocol::custom_parameter::{self, CustomParameterError, RequestKind};
use gatewright_protocol::{RedirectUri, http::BodyEncoding, jose::SigningAlgorithm};

use super::{DraftField, Finding, FindingCode};
use crate::{ProtocolSettings, Provider, dialect::ClientAuthentication, provider::is_token};

/// What is wrong with a client's protocol settings.
pub fn check_protocol_settings(provider: &Provider, settings: &ProtocolSettings) -> Vec<Finding> {
    let mut findings = authentication(provider, settings);
    findings.extend(signatures(settings));
    for request in [RequestKind::Authorization, RequestKind::Token, RequestKind::Refresh] {
        findings.extend(parameters(settings, request));
    }
    findings.extend(prompt(settings));
    findings.extend(claims(settings));
    findings.extend(post_logout_redirect_uri(settings));
    findings
}

fn authentication(provider: &Provider, settings: &ProtocolSettings) -> Vec<Finding> {
    const FIELD: DraftField = DraftField::ClientAuthentication;
    let request = &provider.dialect.token_request;
    let mut findings = Vec::new();
    if let Some(way) = settings.client_authentication {
        let is_refused =
            request.accepted_client_authentications.as_ref().is_some_and(|list| !list.value.contains(&way));
        findings.extend(is_refused.then(|| {
            let message = format!("{} does not say that it takes {}.", provider.name, way.registered_name());
            Finding::warning(FIELD, FindingCode::AuthenticationNotAccepted, message)
                .hint("Choose the way the client was registered for.")
        }));
        findings.extend((way.is_assertion() && request.encoding.value != BodyEncoding::Form).then(|| {
            let message =
                format!("{}'s token request is not a form, and an assertion is a form parameter.", provider.name);
            Finding::error(FIELD, FindingCode::AssertionNotInForm, message).hint("Choose another way (RFC 7521 §4.2).")
        }));
    }
    let way = settings.client_authentication.unwrap_or(request.client_authentication.value);
    findings.extend(settings.assertion_signing_alg.and_then(|algorithm| assertion_algorithm(way, algorithm)));
    findings
}

/// A shared secret makes an HMAC, a private key makes a signature, and neither makes the other's.
fn assertion_algorithm(way: ClientAuthentication, algorithm: SigningAlgorithm) -> Option<Finding> {
    let fits = match way {
        ClientAuthentication::ClientSecretJwt => algorithm.is_symmetric(),
        ClientAuthentication::PrivateKeyJwt => !algorithm.is_symmetric(),
        ClientAuthentication::Body | ClientAuthentication::Basic | ClientAuthentication::None => true,
    };
    (!fits).then(|| {
        let message = format!("{} is no algorithm for {}.", algorithm.name(), way.registered_name());
        Finding::error(DraftField::AssertionSigningAlg, FindingCode::AlgorithmUnfitting, message)
            .hint("HS256, HS384 and HS512 go with client_secret_jwt, the others with private_key_jwt.")
    })
}

/// Answers that are signed with the client secret have to be wanted: whoever has the secret can make them.
fn signatures(settings: &ProtocolSettings) -> Vec<Finding> {
    let algorithms = [
        (DraftField::IdTokenSignedResponseAlg, "ID tokens", settings.id_token_signed_response_alg),
        (DraftField::UserinfoSignedResponseAlg, "UserInfo answers", settings.userinfo_signed_response_alg),
    ];
    let refused = algorithms.into_iter().filter_map(|(field, what, algorithm)| {
        let algorithm = algorithm.filter(|algorithm| algorithm.is_symmetric() && !settings.hmac_allowed)?;
        let name = algorithm.name();
        let message = format!("{what} signed with the client secret ({name}) are refused until they are allowed.");
        Some(
            Finding::error(field, FindingCode::HmacNotAllowed, message)
                .hint("Allow them, or choose another algorithm: whoever has the secret can make them."),
        )
    });
    refused.collect()
}

fn parameters(settings: &ProtocolSettings, request: RequestKind) -> Vec<Finding> {
    let mut sound = Vec::new();
    let mut findings = Vec::new();
    for (index, parameter) in settings.parameters(request).into_iter().enumerate() {
        sound.push(parameter);
        if let Err(error) = custom_parameter::check(request, &sound) {
            sound.pop();
            findings.push(parameter_finding(request, index, &error));
        }
    }
    findings
}

fn parameter_finding(request: RequestKind, index: usize, error: &CustomParameterError) -> Finding {
    let field = match request {
        RequestKind::Authorization => DraftField::AuthorizationParameter(index),
        RequestKind::Token => DraftField::TokenParameter(index),
        RequestKind::Refresh => DraftField::RefreshParameter(index),
    };
    let (code, message, hint) = match error {
        CustomParameterError::NameEmpty => (
            FindingCode::ParameterNameEmpty,
            "This parameter has no name.".to_owned(),
            "Give it one, or take the line away.",
        ),
        CustomParameterError::NameMalformed(name) => (
            FindingCode::ParameterNameMalformed,
            format!("{name:?} is no name of a parameter."),
            "Write letters, digits, hyphens, dots and underscores only (RFC 6749 §8.2).",
        ),
        CustomParameterError::SentByGatewright(name) => (
            FindingCode::ParameterReserved,
            format!("{name} is sent by Gatewright itself."),
            "A parameter may be there once (RFC 6749 §3.1). Change it where it comes from: the login, the client or the profile.",
        ),
        CustomParameterError::Twice(name) => (
            FindingCode::ParameterRepeated,
            format!("{name} is there twice."),
            "Servers have to refuse that (RFC 6749 §3.1). Take one away.",
        ),
    };
    Finding::error(field, code, message).hint(hint)
}

/// A server has to refuse a request that asks for nothing and for something (OpenID Connect Core §3.1.2.1).
fn prompt(settings: &ProtocolSettings) -> Option<Finding> {
    let contradicts = settings.prompt.contains(&Prompt::None) && settings.prompt.len() > 1;
    contradicts.then(|| {
        Finding::error(
            DraftField::Prompt,
            FindingCode::PromptNoneNotAlone,
            "prompt=none cannot stand beside another value.",
        )
        .hint("It tells the provider to ask the person nothing at all (OpenID Connect Core §3.1.2.1).")
    })
}

fn claims(settings: &ProtocolSettings) -> Vec<Finding> {
    let audiences = settings.trusted_audiences.iter().enumerate().filter(|(_, audience)| audience.trim().is_empty());
    let mut findings: Vec<_> = audiences
        .map(|(index, _)| {
            let field = DraftField::TrustedAudience(index);
            Finding::error(field, FindingCode::TrustedAudienceEmpty, "This audience is empty.")
                .hint("Write the other audience letter by letter, or take the line away.")
        })
        .collect();
    let malformed = settings.acr_values.iter().enumerate().filter(|(_, value)| !is_token(value));
    findings.extend(malformed.map(|(index, _)| {
        let message = "A value of acr_values has no spaces, quotes or backslashes.";
        Finding::error(DraftField::AcrValue(index), FindingCode::AcrValueMalformed, message)
            .hint("They are sent separated by spaces: write each on its own line.")
    }));
    findings.extend((settings.acr_essential && settings.acr_values.is_empty()).then(|| {
        let message = "An authentication context is demanded, and none is named.";
        Finding::error(DraftField::AcrValue(0), FindingCode::AcrValueMissing, message).hint("Name one, or demand none.")
    }));
    findings
}

fn post_logout_redirect_uri(settings: &ProtocolSettings) -> Option<Finding> {
    let error = RedirectUri::parse(settings.post_logout_redirect_uri.as_deref()?).err()?;
    let message = error.to_string().replace("the redirect URI", "The address after a logout");
    let field = DraftField::PostLogoutRedirectUri;
    Some(
        Finding::error(field, FindingCode::PostLogoutRedirectUriMalformed, format!("{message}."))
            .hint("Write it as it is registered at the provider."),
    )
}
