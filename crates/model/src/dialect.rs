//! The Dialect: the data that says how a provider differs on the wire. One engine drives every login by it, and the sandbox twin
//! answers by it.

mod client_authentication;

use gatewright_protocol::authorization::ResponseMode;
use gatewright_protocol::http::BodyEncoding;
use serde::{Deserialize, Serialize};

pub use client_authentication::ClientAuthentication;

use crate::Statement;

/// How a provider differs on the wire, one part for each step of a login.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dialect {
    /// The authorization request and what comes back on the redirect URI.
    pub authorization: AuthorizationDialect,
    /// The token request.
    pub token_request: TokenRequestDialect,
    /// The answer to a token request.
    pub token_response: TokenResponseDialect,
    /// Where identity comes from.
    pub identity: IdentityDialect,
    /// What happens to tokens later.
    pub tokens: TokenLife,
}

/// The authorization request (RFC 6749 §4.1.1) and its response (§4.1.2).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorizationDialect {
    /// Whether `response_type=code` is sent.
    pub response_type: Statement<Presence>,
    /// Whether `redirect_uri` is sent.
    pub redirect_uri: Statement<Presence>,
    /// Whether `state` is sent.
    pub state: Statement<Presence>,
    /// Whether `state` comes back on approval.
    pub state_returned: Statement<StateReturn>,
    /// Scopes that may be asked; empty when the provider has no `scope` parameter.
    pub scopes: Statement<Vec<String>>,
    /// Scopes asked when the user does not choose.
    pub default_scopes: Statement<Vec<String>>,
    /// Whether a PKCE S256 challenge is sent (RFC 7636).
    pub pkce: Statement<Presence>,
    /// Whether asking for `openid` makes this an OpenID Connect login.
    pub openid: Statement<bool>,
    /// How the answer is asked to come back: `response_mode` (OAuth 2.0 Multiple Response Type Encoding Practices §2.1). Not sent when
    /// absent, which means the query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_mode: Option<Statement<ResponseMode>>,
    /// Whether every authorization response names its issuer in `iss` (RFC 9207 §3). Absent when nobody knows: compared when it comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer_returned: Option<Statement<bool>>,
    /// What the callback looks like when the person says no.
    pub refusal: Statement<RefusalSignal>,
    /// What the callback looks like when the person cancels.
    pub cancel: Statement<RefusalSignal>,
    /// Where errors of the request itself are shown.
    pub request_errors: Statement<RequestErrors>,
    /// Whether an earlier consent is remembered, so that a second login asks nothing.
    pub remembers_consent: Statement<bool>,
}

/// Whether a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Sent; the provider asks for it.
    Required,
    /// Sent by us; the provider would do without.
    Optional,
    /// Not sent.
    Absent,
}

impl Presence {
    /// Whether we send the parameter.
    pub const fn is_sent(self) -> bool {
        !matches!(self, Self::Absent)
    }
}

/// When `state` comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateReturn {
    /// With every authorization response.
    Always,
    /// On approval only.
    OnApproval,
    /// Nobody knows: compared when present, reported when absent.
    Unknown,
}

/// What a callback looks like that carries no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalSignal {
    /// `error=access_denied` (RFC 6749 §4.1.2.1).
    AccessDenied,
    /// The redirect URI as it is, without any parameter.
    BareRedirect,
    /// Nobody knows: either is understood.
    Unknown,
}

/// Where an authorization server reports a wrong authorization request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestErrors {
    /// On a page of its own; nothing is redirected.
    Page,
    /// On the redirect URI where that can be trusted (RFC 6749 §4.1.2.1), else on a page.
    Redirect,
    /// Nobody knows.
    Unknown,
}

/// The token request (RFC 6749 §4.1.3).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenRequestDialect {
    /// How the body is written.
    pub encoding: Statement<BodyEncoding>,
    /// Whether `grant_type` is sent.
    pub grant_type: Statement<Presence>,
    /// Whether `redirect_uri` is sent again.
    pub redirect_uri: Statement<Presence>,
    /// How the client proves who it is.
    pub client_authentication: Statement<ClientAuthentication>,
    /// The ways the provider would take as well; absent when nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_client_authentications: Option<Statement<Vec<ClientAuthentication>>>,
    /// The algorithms it takes in a signed assertion: `token_endpoint_auth_signing_alg_values_supported` (RFC 8414 §2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assertion_signing_algorithms: Option<Statement<Vec<String>>>,
    /// The `Accept` header we send, when the provider chooses its answer's form by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept: Option<Statement<String>>,
}

/// The answer to a token request (RFC 6749 §5).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenResponseDialect {
    /// How the answer is written.
    pub encoding: Statement<AnswerEncoding>,
    /// How success is told from refusal.
    pub success: Statement<SuccessRule>,
    /// What a refusal looks like.
    pub error: Statement<ErrorShape>,
    /// The `token_type` as the provider writes it; compared without regard to letter case (RFC 6749 §5.1). Absent without tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_type: Option<Statement<String>>,
    /// What stands between the scopes of an answer; absent when the answer never holds any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope_separator: Option<Statement<ScopeSeparator>>,
    /// The fields of a successful answer.
    pub fields: Statement<Vec<AnswerField>>,
}

/// One field of a JSON answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerField {
    /// The name, letter by letter.
    pub name: String,
    /// Its JSON type: `7` and `"7"` are not the same.
    #[serde(rename = "type")]
    pub json_type: JsonType,
    /// May be missing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}

/// The types of JSON (RFC 8259 §3), `null` aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words of RFC 8259 explain themselves")]
pub enum JsonType {
    String,
    Number,
    Boolean,
    Array,
    Object,
}

/// What stands between the scopes of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeSeparator {
    /// A space (RFC 6749 §3.3).
    Space,
    /// A comma.
    Comma,
}

/// How a token answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerEncoding {
    /// A JSON object.
    Json,
    /// A form-encoded string unless JSON is asked for: the reader looks at `Content-Type`, then at the body.
    FormOrJson,
}

/// How the success of a token request is recognised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SuccessRule {
    /// There is an `access_token`.
    AccessToken,
    /// The flag at this JSON pointer is `true` and there is an `access_token`.
    FlagAndAccessToken(String),
    /// There is something at this JSON pointer, and the answer is itself the identity.
    Present(String),
}

/// What a refusal by the token endpoint looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorShape {
    /// `{"error": "code", "error_description": "…"}` (RFC 6749 §5.2).
    Rfc6749,
    /// `{"success": false, "error": "A sentence."}`.
    Sentence,
    /// Nobody knows: either is understood, and anything else is shown as it is.
    Unknown,
}

/// Where identity comes from and where its parts stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityDialect {
    /// Where identity comes from.
    pub source: Statement<IdentitySource>,
    /// Where the access token stands in a request to the identity endpoint; in the header when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub userinfo_token_placement: Option<Statement<TokenPlacement>>,
    /// JSON pointer (RFC 6901) to the identifier of the person.
    pub subject: Statement<String>,
    /// JSON pointer to the name to show, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<Statement<String>>,
    /// JSON pointer to a flag that must be `true`: some servers answer 200 to anybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_in_flag: Option<Statement<String>>,
    /// The fields an identity has.
    pub fields: Statement<Vec<AnswerField>>,
}

/// Where identity comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentitySource {
    /// The token response is the identity; there is no access token.
    TokenResponse,
    /// The identity endpoint, asked with the access token as a bearer token (RFC 6750 §2).
    Endpoint,
    /// The claims of the ID token (OpenID Connect Core §2); no endpoint is asked.
    IdToken,
    /// Nowhere: the login ends with the tokens.
    Nowhere,
}

/// Where an access token stands in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenPlacement {
    /// In the `Authorization` header (RFC 6750 §2.1).
    Header,
    /// In a form-encoded body (RFC 6750 §2.2).
    Body,
}

/// What happens to tokens after they were issued.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenLife {
    /// Seconds an access token lives as far as the document says; absent when it does not expire or nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token_seconds: Option<Statement<u32>>,
    /// Seconds a refresh token lives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token_seconds: Option<Statement<u32>>,
    /// Seconds a code lives; absent when nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_seconds: Option<Statement<u32>>,
    /// Whether refresh tokens are issued (RFC 6749 §6).
    pub refresh: Statement<bool>,
    /// How a token is revoked.
    pub revocation: Statement<RevocationWay>,
    /// What a second authorization does to the token of the first.
    pub second_login: Statement<SecondLogin>,
}

/// How a token is revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevocationWay {
    /// Not at all.
    None,
    /// `POST` with the token and client authentication (RFC 7009).
    Rfc7009,
    /// `DELETE` with the token itself as the bearer token.
    DeleteWithToken,
}

/// What a second authorization of the same person does to the earlier token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondLogin {
    /// Both tokens work.
    KeepsBoth,
    /// The new token takes the place of the old one, which stops working at once.
    ReplacesToken,
    /// The same token is issued again.
    SameToken,
    /// Nobody knows.
    Unknown,
}
