//! A client's protocol settings, from the wire and onto it.

use gatewright_contract::protocol::{
    ClientAuthentication as WireAuthentication, CustomParameter as WireParameter, Prompt as WirePrompt,
    ProtocolSettings as WireSettings, ResponseMode as WireResponseMode, SigningAlgorithm as WireAlgorithm,
};
use gatewright_model::dialect::ClientAuthentication;
use gatewright_model::protocol_settings::CustomParameter;
use gatewright_model::{Client, ProtocolSettings, Provider};
use gatewright_protocol::authorization::{Prompt, ResponseMode};
use gatewright_protocol::jose::SigningAlgorithm;

/// Both ways between a name of ours and its name on the wire.
macro_rules! same_names {
    ($from:ident, $to:ident, $ours:ident, $theirs:ident; $($one:ident = $other:ident),+ $(,)?) => {
        pub(crate) fn $to(ours: $ours) -> $theirs {
            match ours { $($ours::$one => $theirs::$other,)+ }
        }

        fn $from(theirs: $theirs) -> $ours {
            match theirs { $($theirs::$other => $ours::$one,)+ }
        }
    };
}

same_names! { authentication, wire_authentication, ClientAuthentication, WireAuthentication;
    Basic = ClientSecretBasic, Body = ClientSecretPost, ClientSecretJwt = ClientSecretJwt, PrivateKeyJwt = PrivateKeyJwt, None = None,
}

same_names! { algorithm, wire_algorithm, SigningAlgorithm, WireAlgorithm;
    Rs256 = Rs256, Rs384 = Rs384, Rs512 = Rs512, Ps256 = Ps256, Ps384 = Ps384, Ps512 = Ps512, Es256 = Es256, Es384 = Es384,
    Es512 = Es512, EdDsa = EdDsa, Hs256 = Hs256, Hs384 = Hs384, Hs512 = Hs512,
}

same_names! { response_mode, wire_response_mode, ResponseMode, WireResponseMode;
    Query = Query, Fragment = Fragment, FormPost = FormPost,
}

same_names! { prompt, wire_prompt, Prompt, WirePrompt;
    None = None, Login = Login, Consent = Consent, SelectAccount = SelectAccount,
}

/// How the answers to a client's logins come back.
pub(crate) fn response_mode_of(client: &Client, provider: &Provider) -> WireResponseMode {
    wire_response_mode(client.protocol_settings.asked_response_mode(provider).unwrap_or_default())
}

/// The settings for the window.
pub(crate) fn wire(settings: &ProtocolSettings) -> WireSettings {
    let parameters = |list: &[CustomParameter]| {
        list.iter().map(|one| WireParameter { name: one.name.clone(), value: one.value.clone() }).collect()
    };
    WireSettings {
        authorization_parameters: parameters(&settings.authorization_parameters),
        token_parameters: parameters(&settings.token_parameters),
        refresh_parameters: parameters(&settings.refresh_parameters),
        client_authentication: settings.client_authentication.map(wire_authentication),
        assertion_signing_alg: settings.assertion_signing_alg.map(wire_algorithm),
        assertion_key_id: settings.assertion_key_id.clone(),
        id_token_signed_response_alg: settings.id_token_signed_response_alg.map(wire_algorithm),
        userinfo_signed_response_alg: settings.userinfo_signed_response_alg.map(wire_algorithm),
        hmac_allowed: settings.hmac_allowed,
        trusted_audiences: settings.trusted_audiences.clone(),
        response_mode: settings.response_mode.map(wire_response_mode),
        login_hint: settings.login_hint.clone(),
        prompt: settings.prompt.iter().copied().map(wire_prompt).collect(),
        max_age: settings.max_age,
        acr_values: settings.acr_values.clone(),
        acr_essential: settings.acr_essential,
        post_logout_redirect_uri: settings.post_logout_redirect_uri.clone(),
    }
}

/// The settings as the window sent them. A text that is empty is one that was not given.
pub(crate) fn read(settings: WireSettings) -> ProtocolSettings {
    let parameters = |list: Vec<WireParameter>| {
        list.into_iter().map(|one| CustomParameter { name: one.name, value: one.value }).collect()
    };
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    ProtocolSettings {
        authorization_parameters: parameters(settings.authorization_parameters),
        token_parameters: parameters(settings.token_parameters),
        refresh_parameters: parameters(settings.refresh_parameters),
        client_authentication: settings.client_authentication.map(authentication),
        assertion_signing_alg: settings.assertion_signing_alg.map(algorithm),
        assertion_key_id: given(settings.assertion_key_id),
        id_token_signed_response_alg: settings.id_token_signed_response_alg.map(algorithm),
        userinfo_signed_response_alg: settings.userinfo_signed_response_alg.map(algorithm),
        hmac_allowed: settings.hmac_allowed,
        trusted_audiences: settings.trusted_audiences,
        response_mode: settings.response_mode.map(response_mode),
        login_hint: given(settings.login_hint),
        prompt: settings.prompt.into_iter().map(prompt).collect(),
        max_age: settings.max_age,
        acr_values: settings.acr_values,
        acr_essential: settings.acr_essential,
        post_logout_redirect_uri: given(settings.post_logout_redirect_uri),
    }
}
