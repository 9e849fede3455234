//! A Provider: our stored record of an authorization server. The five built-in ones are data in `providers/*.toml`, one found by its
//! issuer is made by [`Provider::discovered`].

mod discovered;
mod endpoints;
mod openid;

use serde::{Deserialize, Serialize};

pub(crate) use discovered::is_token;
pub use endpoints::{Endpoint, Endpoints, SlashPolicy, is_absolute};
pub use openid::OpenIdConnect;

use crate::{Dialect, Environment, ProviderId, Statement};

/// Our stored record of an authorization server: where it is and how it differs on the wire.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Short name, unique.
    pub id: ProviderId,
    /// The name people use.
    pub name: String,
    /// One sentence: what this provider is and what a login there gives.
    pub summary: String,
    /// Still in service as far as we know; a historic provider's logins are likely to fail.
    #[serde(default)]
    pub historic: bool,
    /// The title of the provider's document, so that a `place` can be found.
    pub document: String,
    /// The real one and the sandbox twin; switching changes base URLs, nothing else.
    pub environments: Environments,
    /// Where its endpoints are.
    pub endpoints: Endpoints,
    /// What it says of OpenID Connect; absent where it does not speak it, or nobody has said more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub openid: Option<OpenIdConnect>,
    /// How this provider differs on the wire.
    pub dialect: Dialect,
    /// What the provider's own form for a client asks and limits.
    pub client_form: ClientForm,
    /// Who may create, use and manage clients there.
    pub ownership: OwnershipRules,
    /// What a person working with this provider should know, most important first.
    #[serde(default)]
    pub advice: Vec<Statement<String>>,
}

/// The base URLs of both environments.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Environments {
    /// The real server.
    pub production: Bases,
    /// The sandbox twin; `{sandbox}` stands for the origin the sandbox listens on.
    pub sandbox: Bases,
}

/// Where endpoint paths hang.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bases {
    /// Base of the authorization server, without a trailing slash. Also its issuer unless `issuer` says otherwise.
    pub authorization: String,
    /// The issuer identifier where it is not the base itself: one that ends in a slash, say. See [`Bases::issuer`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Base of the provider's API, where identity comes from; the same as `authorization` when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// Base of the token endpoint where that is not `authorization`: only in the sandbox, while a fault of its certificate is in force.
    #[serde(skip)]
    pub token: Option<String>,
    /// The document gives only a stand-in host: the user has to fill the real one in before a login.
    #[serde(default)]
    pub placeholder: bool,
    /// These are the sandbox's: see [`Bases::address`].
    #[serde(skip)]
    is_sandbox: bool,
}

/// What the provider's own form for a client asks and limits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientForm {
    /// What the provider calls a client: "OAuth app", "OAuth client", "OAuth2 application".
    pub noun: Statement<String>,
    /// Length of the name in characters.
    pub name: Statement<Length>,
    /// Whether no two clients may have the same name, letter case aside.
    pub name_unique: Statement<bool>,
    /// How many redirect URIs a client has at most.
    pub redirect_uris: Statement<u32>,
    /// Length of a redirect URI in characters.
    pub redirect_uri: Statement<Length>,
    /// The JSON type of client identifiers.
    pub client_id: Statement<gatewright_protocol::ClientIdKind>,
    /// Where in the provider's site a client is made, for a person.
    pub page: Statement<String>,
    /// Whether the provider offers an API for clients.
    pub api: Statement<bool>,
    /// Whether the secret of an existing client can be changed.
    pub rotation: Statement<bool>,
    /// How a secret can be replaced by another, the best way first; see [`ClientForm::strategies`] where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotation_strategies: Option<Statement<Vec<crate::rotation::Strategy>>>,
}

/// Inclusive bounds of a length in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Length {
    /// At least this many.
    pub min: u32,
    /// At most this many.
    pub max: u32,
}

/// Who may create, use and manage clients.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnershipRules {
    /// Who may create a client.
    pub create: Statement<CreateRule>,
    /// Who may edit or delete it.
    pub manage: Statement<ManageRule>,
    /// Who may log in through it.
    pub log_in: Statement<LogInRule>,
}

/// Who may create a client at the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreateRule {
    /// Anybody with an account.
    AnyAccount,
    /// Anybody whose phone number the provider has verified.
    PhoneVerified,
    /// Anybody whose account has risen to the first rank a provider gives its members; a fresh account has none.
    RankedMember,
}

/// Who may edit or delete a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ManageRule {
    /// Only who created it; anybody else is refused without learning that it exists.
    OwnerOnly,
}

/// Who may log in through a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogInRule {
    /// Anybody with an account.
    AnyAccount,
    /// Only the owner until the provider has approved the client; everybody else is told there is no such client.
    OwnerUntilApproved,
}

impl Provider {
    /// The base URLs in `environment`; `sandbox_origin` (`http://127.0.0.1:PORT`) takes the place of `{sandbox}`.
    pub fn bases(&self, environment: Environment, sandbox_origin: Option<&str>) -> Bases {
        let bases = match environment {
            Environment::Production => &self.environments.production,
            Environment::Sandbox => &self.environments.sandbox,
        };
        let fill = |text: &str| text.replace("{sandbox}", sandbox_origin.unwrap_or("{sandbox}"));
        Bases {
            authorization: fill(&bases.authorization),
            issuer: bases.issuer.as_deref().map(fill),
            api: bases.api.as_deref().map(fill),
            token: None,
            placeholder: bases.placeholder,
            is_sandbox: environment == Environment::Sandbox,
        }
    }
}
