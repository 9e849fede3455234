//! Providers: what each profile says, with marks.

use crate::discovery::ProviderMetadata;
use crate::protocol::ClientAuthentication;
use crate::wire;

wire! { "provider.ts";
    /// A provider by its id.
    pub struct ProviderRef {
        /// The id: `chattr`, or the user's own.
        pub provider: String,
    }

    /// Every provider.
    pub struct ProviderList {
        /// The built-in ones first.
        pub providers: Vec<ProviderRow>,
    }

    /// One provider with what the forms need to know.
    pub struct ProviderRow {
        /// The id.
        pub id: String,
        /// The name.
        pub name: String,
        /// What it is, in one sentence.
        #[serde(serialize_with = "crate::text::ours")]
        pub summary: String,
        /// Out of service as far as we know.
        pub historic: bool,
        /// Comes with Gatewright and cannot be changed.
        pub built_in: bool,
        /// The real base URL.
        pub base_url: String,
        /// The base URL is a stand-in that has to be filled in.
        pub placeholder: bool,
        /// There is a sandbox twin.
        pub has_twin: bool,
        /// What the provider calls a client.
        pub noun: String,
        /// Where a client is made at the provider, for a person.
        pub page: String,
        /// The client ID is a whole number.
        pub integer_client_id: bool,
        /// Shortest name.
        pub name_min: u32,
        /// Longest name.
        pub name_max: u32,
        /// How many redirect URIs a client may have.
        pub redirect_uris_max: u32,
        /// Scopes that may be asked.
        pub scopes: Vec<String>,
        /// Scopes asked when the user does not choose.
        pub default_scopes: Vec<String>,
        /// It speaks OpenID Connect.
        pub openid: bool,
        /// It was found by its issuer.
        pub discovered: bool,
        /// How its clients usually authenticate.
        pub client_authentication: ClientAuthentication,
        /// The ways to authenticate that it takes; all of them when it does not say.
        pub client_authentications: Vec<ClientAuthentication>,
        /// A person can be logged out there.
        pub has_logout: bool,
        /// How many clients of it are kept here.
        pub clients: u32,
    }

    /// What one profile says.
    pub struct ProviderDetail {
        /// The row.
        pub row: ProviderRow,
        /// The title of the provider's document.
        pub document: String,
        /// Base URL of the twin, when the sandbox runs.
        pub sandbox_base_url: Option<String>,
        /// The issuer's own metadata, for a provider that was found by its issuer.
        pub metadata: Option<ProviderMetadata>,
        /// Its hosts that may be on this computer or in the network at hand, because a person has said so.
        pub nearby_hosts: Vec<NearbyHost>,
        /// The statements in groups: "Endpoints", "Authorization request" …
        pub groups: Vec<StatementGroup>,
        /// What a person should know, most important first.
        pub advice: Vec<StatementDetail>,
        /// How many statements are documented.
        pub documented: u32,
        /// How many are observed only.
        pub observed: u32,
        /// How many nobody knows.
        pub unknown: u32,
    }

    /// A host that may be on this computer or in the network at hand.
    pub struct NearbyHost {
        /// Its name as it is looked up.
        pub host: String,
        /// When a person confirmed it, RFC 3339.
        pub confirmed_at: String,
    }

    /// A host of a provider.
    pub struct NearbyHostRef {
        /// The provider.
        pub provider: String,
        /// The host's name, without a port.
        pub host: String,
    }

    /// Statements that belong together.
    pub struct StatementGroup {
        /// The group's title.
        #[serde(serialize_with = "crate::text::ours")]
        pub title: String,
        /// Its statements.
        pub statements: Vec<StatementDetail>,
    }

    /// One statement of a profile.
    pub struct StatementDetail {
        /// Its field in the profile: `dialect.token_request.encoding`.
        pub field: String,
        /// What it is about, in words: "Body of the token request".
        #[serde(serialize_with = "crate::text::ours")]
        pub title: String,
        /// Its value, in words: "JSON object".
        #[serde(serialize_with = "crate::text::ours")]
        pub value: String,
        /// How we know it.
        pub mark: Mark,
        /// Where the document says it.
        pub place: Option<String>,
        /// What a person should know.
        #[serde(serialize_with = "crate::text::ours")]
        pub note: Option<String>,
    }

    /// How we know a statement.
    #[derive(Copy, Eq)]
    pub enum Mark {
        /// The document says so.
        Documented,
        /// Seen, not documented.
        Observed,
        /// Assumed until somebody sees it.
        Unknown,
    }

    /// Set a provider's real base URL.
    pub struct BaseUrlChange {
        /// The provider.
        pub provider: String,
        /// The new base URL; empty to go back to the profile's.
        pub base_url: String,
    }

    /// The text of a profile to judge or keep.
    pub struct ProfileCheck {
        /// TOML.
        pub text: String,
    }

    /// The text of a profile.
    pub struct ProfileText {
        /// TOML.
        pub text: String,
    }

    /// What is wrong in a profile.
    pub struct ProfileFindings {
        /// Every mistake found; empty when the profile can be kept.
        pub problems: Vec<ProfileProblem>,
    }

    /// One mistake in a profile.
    pub struct ProfileProblem {
        /// The field by its dotted path: `endpoints.token.value`.
        pub field: String,
        /// What is wrong.
        #[serde(serialize_with = "crate::text::ours")]
        pub message: String,
        /// What to do.
        #[serde(serialize_with = "crate::text::ours")]
        pub hint: Option<String>,
        /// The line, from 1, where known.
        pub line: Option<u32>,
    }
}
