//! Client metadata as a program sends it (RFC 7591 §2), read and checked.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use super::{AppRefusal, ClientAuthMethod, OpenIdSettings, rules};
use crate::Twin;
use crate::signing::JwkSet;

/// A JSON object as it came.
pub(crate) type Members = Map<String, Value>;

/// How an app gets its tokens (RFC 7591 §2, `grant_types`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum GrantType {
    AuthorizationCode,
    RefreshToken,
    ClientCredentials,
}

/// What the authorization endpoint gives back (`response_types`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ResponseType {
    Code,
}

/// What kind of program it is (OpenID Connect Registration §2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ApplicationType {
    #[default]
    Web,
    Native,
}

/// The metadata that an app of a form does not have. It is kept and told as it was registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ClientMetadata {
    pub(crate) grant_types: Vec<GrantType>,
    response_types: Vec<ResponseType>,
    application_type: ApplicationType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    contacts: Vec<String>,
    /// `client_uri`, `logo_uri`, `policy_uri`, `tos_uri`.
    #[serde(flatten)]
    pages: Pages,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    software_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    software_version: Option<String>,
}

/// Where people read about an app.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_field_names, reason = "these are the names of RFC 7591 §2")]
struct Pages {
    #[serde(skip_serializing_if = "Option::is_none")]
    client_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logo_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tos_uri: Option<String>,
}

/// A registration or update request whose every member is in order.
#[derive(Clone, Debug)]
pub(crate) struct ClientRequest {
    /// None when the app did not name itself.
    pub(super) name: Option<String>,
    pub(super) redirect_uris: Vec<String>,
    pub(super) openid: OpenIdSettings,
    pub(super) metadata: ClientMetadata,
}

/// Why client metadata is not accepted (RFC 7591 §3.2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MetadataRefusal {
    pub(crate) error: &'static str,
    pub(crate) description: String,
}

impl MetadataRefusal {
    pub(crate) fn metadata(description: impl Into<String>) -> Self {
        Self { error: "invalid_client_metadata", description: description.into() }
    }

    fn redirect_uri(description: impl Into<String>) -> Self {
        Self { error: "invalid_redirect_uri", description: description.into() }
    }
}

impl From<AppRefusal> for MetadataRefusal {
    fn from(refusal: AppRefusal) -> Self {
        match refusal.field {
            Some("redirect_uris") => Self::redirect_uri(refusal.sentence),
            Some(field) => Self::metadata(format!("{field}: {}", refusal.sentence)),
            None => Self::metadata(refusal.sentence),
        }
    }
}

impl ClientRequest {
    /// Reads a request. Members that nobody here knows are passed over (RFC 7591 §2), and null is as good as absent (RFC 7592 §2.2).
    pub(crate) fn read(members: &Members, scopes: &[&str]) -> Result<Self, MetadataRefusal> {
        refuse_unsupported(members)?;
        let name = match member::<String>(members, "client_name")? {
            Some(name) => Some(rules::checked_name(Twin::Chaster, &name)?),
            None => None,
        };
        let metadata = ClientMetadata::read(members, scopes)?;
        let redirect_uris = member::<Vec<String>>(members, "redirect_uris")?.unwrap_or_default();
        rules::check_redirect_uris(Twin::Chaster, &redirect_uris)?;
        if redirect_uris.is_empty() && metadata.grant_types.contains(&GrantType::AuthorizationCode) {
            return Err(MetadataRefusal::redirect_uri("The authorization code flow needs a redirect URI."));
        }
        let openid = openid_settings(members)?;
        let acts_alone = metadata.grant_types.contains(&GrantType::ClientCredentials);
        if acts_alone && openid.token_endpoint_auth_method == Some(ClientAuthMethod::None) {
            return Err(MetadataRefusal::metadata("A public client cannot use the grant client_credentials."));
        }
        Ok(Self { name, redirect_uris, openid, metadata })
    }
}

impl ClientMetadata {
    fn read(members: &Members, scopes: &[&str]) -> Result<Self, MetadataRefusal> {
        use GrantType::{AuthorizationCode, RefreshToken};
        let grant_types: Vec<GrantType> =
            member(members, "grant_types")?.unwrap_or_else(|| vec![AuthorizationCode, RefreshToken]);
        let uses_codes = grant_types.contains(&AuthorizationCode);
        let usual = if uses_codes { vec![ResponseType::Code] } else { Vec::new() };
        let response_types: Vec<ResponseType> = member(members, "response_types")?.unwrap_or(usual);
        if grant_types.is_empty() {
            return Err(MetadataRefusal::metadata("grant_types is empty: the client could never get a token."));
        }
        if uses_codes == response_types.is_empty() {
            let sentence = "The grant type authorization_code and the response type code go together (RFC 7591 §2.1).";
            return Err(MetadataRefusal::metadata(sentence));
        }
        let scope: Option<String> = member(members, "scope")?;
        let asked = scope.as_deref().unwrap_or_default().split_ascii_whitespace();
        if let Some(unknown) = asked.into_iter().find(|asked| !scopes.contains(asked)) {
            return Err(MetadataRefusal::metadata(format!("scope: there is no scope “{unknown}”.")));
        }
        Ok(Self {
            grant_types,
            response_types,
            application_type: member(members, "application_type")?.unwrap_or_default(),
            scope,
            contacts: member(members, "contacts")?.unwrap_or_default(),
            pages: Pages::read(members)?,
            software_id: member(members, "software_id")?,
            software_version: member(members, "software_version")?,
        })
    }
}

impl Pages {
    fn read(members: &Members) -> Result<Self, MetadataRefusal> {
        let page = |name| {
            let address: Option<String> = member(members, name)?;
            let is_page = |text: &String| Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "https" | "http"));
            match address {
                Some(text) if !is_page(&text) => {
                    Err(MetadataRefusal::metadata(format!("{name}: “{text}” is not the address of a web page.")))
                }
                address => Ok(address),
            }
        };
        Ok(Self {
            client_uri: page("client_uri")?,
            logo_uri: page("logo_uri")?,
            policy_uri: page("policy_uri")?,
            tos_uri: page("tos_uri")?,
        })
    }
}

fn openid_settings(members: &Members) -> Result<OpenIdSettings, MetadataRefusal> {
    let method = member(members, "token_endpoint_auth_method")?.unwrap_or(ClientAuthMethod::ClientSecretBasic);
    let jwks: Option<JwkSet> = member(members, "jwks")?;
    let settings = OpenIdSettings {
        token_endpoint_auth_method: Some(method),
        jwks,
        id_token_signed_response_alg: member(members, "id_token_signed_response_alg")?.unwrap_or_default(),
        userinfo_signed_response_alg: member(members, "userinfo_signed_response_alg")?,
        post_logout_redirect_uris: member(members, "post_logout_redirect_uris")?.unwrap_or_default(),
        revoke_refresh_token: false,
    };
    Ok(settings.checked()?)
}

/// What the twin knows and cannot do. To take it without a word would promise what is not kept.
fn refuse_unsupported(members: &Members) -> Result<(), MetadataRefusal> {
    let has = |name| members.get(name).is_some_and(|value| !value.is_null());
    if has("software_statement") {
        return Err(MetadataRefusal {
            error: "unapproved_software_statement",
            description: "No software statement is approved here.".to_owned(),
        });
    }
    if has("jwks_uri") {
        return Err(MetadataRefusal::metadata("jwks_uri: keys are not fetched here; send them in jwks."));
    }
    match member::<String>(members, "subject_type")?.as_deref() {
        None | Some("public") => Ok(()),
        Some(other) => Err(MetadataRefusal::metadata(format!("subject_type: “{other}” is not supported."))),
    }
}

fn member<T: DeserializeOwned>(members: &Members, name: &str) -> Result<Option<T>, MetadataRefusal> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match T::deserialize(value) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(MetadataRefusal::metadata(format!("{name}: {error}."))),
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{ClientRequest, Members};

    fn read(members: Value) -> Result<ClientRequest, (&'static str, String)> {
        let Value::Object(members) = members else { panic!("an object") };
        ClientRequest::read(&members, &["openid", "profile"]).map_err(|refusal| (refusal.error, refusal.description))
    }

    /// A request in order, with changes.
    fn with(name: &str, value: Value) -> Result<ClientRequest, (&'static str, String)> {
        let mut members = Members::new();
        members.insert("redirect_uris".into(), json!(["https://app.example/callback"]));
        members.insert(name.into(), value);
        read(Value::Object(members))
    }

    #[test]
    fn a_redirect_uri_is_all_that_has_to_be_said() {
        let request = read(json!({"redirect_uris": ["https://app.example/callback"]})).unwrap();
        assert_eq!(
            serde_json::to_value(&request.metadata).unwrap(),
            json!({"grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"], "application_type": "web"})
        );
    }

    #[test]
    fn redirect_uris_that_give_codes_away_are_refused_by_their_own_error() {
        for bad in ["http://app.example/cb", "https://app.example/cb#x", "javascript:alert(1)", "/cb", ""] {
            assert_eq!(with("redirect_uris", json!([bad])).unwrap_err().0, "invalid_redirect_uri", "{bad}");
        }
        assert_eq!(read(json!({})).unwrap_err().0, "invalid_redirect_uri");
        assert_eq!(with("redirect_uris", json!("https://app.example/")).unwrap_err().0, "invalid_client_metadata");
    }

    #[test]
    fn every_other_member_is_named_when_it_is_wrong() {
        for (name, value) in [
            ("client_name", json!(7)),
            ("client_name", json!("")),
            ("grant_types", json!(["password"])),
            ("response_types", json!(["token"])),
            ("application_type", json!("desktop")),
            ("token_endpoint_auth_method", json!("tls_client_auth")),
            ("scope", json!("openid kittens")),
            ("contacts", json!("me@app.example")),
            ("logo_uri", json!("javascript:alert(1)")),
            ("client_uri", json!("app.example")),
            ("jwks_uri", json!("https://app.example/jwks")),
            ("id_token_signed_response_alg", json!("none")),
            ("post_logout_redirect_uris", json!(["/out"])),
            ("subject_type", json!("pairwise")),
        ] {
            let (error, description) = with(name, value.clone()).unwrap_err();
            assert_eq!(error, "invalid_client_metadata", "{name} {value}");
            let about = if name == "client_name" { "name" } else { name };
            assert!(description.contains(about), "{name}: {description}");
        }
        assert_eq!(with("software_statement", json!("e30.e30.")).unwrap_err().0, "unapproved_software_statement");
    }

    #[test]
    fn grant_and_response_types_have_to_fit_together() {
        assert!(with("grant_types", json!(["client_credentials"])).is_ok());
        assert!(with("grant_types", json!([])).is_err());
        assert!(with("response_types", json!([])).is_err());
        let both = json!({"redirect_uris": [], "grant_types": ["client_credentials"], "response_types": ["code"]});
        assert!(read(both).is_err());
        let alone = json!({"grant_types": ["client_credentials"], "token_endpoint_auth_method": "none"});
        assert!(read(alone).unwrap_err().1.contains("public client"));
    }

    #[test]
    fn null_and_what_nobody_knows_are_passed_over() {
        assert!(with("scope", Value::Null).is_ok());
        assert!(with("client_name#ja", json!("子猫")).is_ok());
        assert!(with("x_vendor", json!({"a": 1})).is_ok());
    }
}
