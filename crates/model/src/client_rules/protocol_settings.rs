//! Rules for what one client's logins do otherwise than those of other clients.

use gatewright_protocol::{RedirectUri, http::BodyEncoding};

use super::{DraftField, Finding, FindingCode};
use crate::{
    ProtocolSettings, Provider,
    dialect::ClientAuthentication,
    protocol_settings::ParameterPlace,
    provider::{SIGNING_ALGORITHMS, is_token},
};

/// What is wrong with a client's protocol settings.
pub fn check_protocol_settings(provider: &Provider, settings: &ProtocolSettings) -> Vec<Finding> {
    let mut findings = authentication(provider, settings);
    findings.extend(signatures(settings));
    for place in ParameterPlace::ALL {
        findings.extend(parameters(settings, place));
    }
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
    findings.extend(settings.assertion_signing_alg.as_deref().and_then(|name| assertion_algorithm(way, name)));
    findings
}

/// A shared secret makes an HMAC, a private key makes a signature, and neither makes the other's.
fn assertion_algorithm(way: ClientAuthentication, name: &str) -> Option<Finding> {
    const FIELD: DraftField = DraftField::AssertionSigningAlg;
    let fits = match way {
        ClientAuthentication::ClientSecretJwt => is_hmac(name),
        ClientAuthentication::PrivateKeyJwt => !is_hmac(name) && name != "none",
        _ => name != "none",
    };
    unknown_algorithm(FIELD, name).or_else(|| {
        (!fits).then(|| {
            let message = format!("{name} is no algorithm for {}.", way.registered_name());
            Finding::error(FIELD, FindingCode::AlgorithmUnfitting, message)
                .hint("HS256, HS384 and HS512 go with client_secret_jwt, the others with private_key_jwt.")
        })
    })
}

fn signatures(settings: &ProtocolSettings) -> Vec<Finding> {
    let algorithms = [
        (DraftField::IdTokenSignedResponseAlg, "ID tokens", &settings.id_token_signed_response_alg),
        (DraftField::UserinfoSignedResponseAlg, "UserInfo answers", &settings.userinfo_signed_response_alg),
    ];
    let set = algorithms.into_iter().filter_map(|(field, what, name)| Some((field, what, name.as_deref()?)));
    set.filter_map(|(field, what, name)| signature(settings, field, what, name)).collect()
}

fn signature(settings: &ProtocolSettings, field: DraftField, what: &str, name: &str) -> Option<Finding> {
    if let Some(finding) = unknown_algorithm(field, name) {
        return Some(finding);
    }
    if name == "none" {
        let message = format!("{what} without a signature will be believed.");
        return Some(Finding::warning(field, FindingCode::AlgorithmNone, message).hint(
            "Anybody between you and the provider could have written them. Use it to test that your provider can, never to log people in.",
        ));
    }
    (is_hmac(name) && !settings.hmac_allowed).then(|| {
        let message = format!("{what} signed with the client secret ({name}) are refused until they are allowed.");
        Finding::error(field, FindingCode::HmacNotAllowed, message)
            .hint("Allow them, or choose another algorithm: whoever has the secret can make them.")
    })
}

fn unknown_algorithm(field: DraftField, name: &str) -> Option<Finding> {
    if SIGNING_ALGORITHMS.contains(&name) {
        return None;
    }
    let near = SIGNING_ALGORITHMS.into_iter().find(|known| known.eq_ignore_ascii_case(name.trim()));
    let finding = Finding::error(field, FindingCode::AlgorithmUnknown, format!("There is no algorithm {name:?} here."))
        .hint(format!("Known are {}. Letter case counts (RFC 7515 §4.1.1).", SIGNING_ALGORITHMS.join(", ")));
    Some(match near {
        Some(near) => finding.fix(near),
        None => finding,
    })
}

fn is_hmac(name: &str) -> bool {
    name.starts_with("HS")
}

/// What Gatewright sends itself, and what makes an answer believable. Letting it be overwritten would make every check after it a lie.
const fn reserved(place: ParameterPlace) -> &'static [&'static str] {
    match place {
        ParameterPlace::Authorization => &[
            "response_type",
            "client_id",
            "redirect_uri",
            "scope",
            "state",
            "nonce",
            "code_challenge",
            "code_challenge_method",
            "response_mode",
            "max_age",
            "acr_values",
        ],
        ParameterPlace::Token => &[
            "grant_type",
            "code",
            "redirect_uri",
            "code_verifier",
            "client_id",
            "client_secret",
            "client_assertion",
            "client_assertion_type",
        ],
        ParameterPlace::Refresh => {
            &["grant_type", "refresh_token", "client_id", "client_secret", "client_assertion", "client_assertion_type"]
        }
    }
}

fn parameters(settings: &ProtocolSettings, place: ParameterPlace) -> Vec<Finding> {
    let all = settings.parameters(place);
    let check = |(index, parameter): (usize, &crate::protocol_settings::CustomParameter)| {
        let name = parameter.name.as_str();
        let field = match place {
            ParameterPlace::Authorization => DraftField::AuthorizationParameter(index),
            ParameterPlace::Token => DraftField::TokenParameter(index),
            ParameterPlace::Refresh => DraftField::RefreshParameter(index),
        };
        if name.trim().is_empty() {
            let finding = Finding::error(field, FindingCode::ParameterNameEmpty, "This parameter has no name.");
            return Some(finding.hint("Give it one, or take the line away."));
        }
        if reserved(place).contains(&name) {
            let message = format!("{name} is sent by Gatewright itself.");
            return Some(Finding::error(field, FindingCode::ParameterReserved, message).hint(
                "A parameter may be there once (RFC 6749 §3.1). Change it where it comes from: the login's scopes, the provider's profile.",
            ));
        }
        // `resource` may be there several times (RFC 8707 §2).
        let is_repeated = all[..index].iter().any(|earlier| earlier.name == name) && name != "resource";
        is_repeated.then(|| {
            Finding::warning(field, FindingCode::ParameterRepeated, format!("{name} is there twice."))
                .hint("Servers have to refuse that (RFC 6749 §3.1), and some take the first or the last.")
        })
    };
    all.iter().enumerate().filter_map(check).collect()
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
