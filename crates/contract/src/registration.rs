//! Clients at their provider: how one is made there, registered and looked after by an API (RFC 7591, RFC 7592), and proved.

use crate::client::Environment;
use crate::wire;

wire! { "registration.ts";
    /// One server of a provider.
    pub struct ProviderPlace {
        /// The provider's id.
        pub provider: String,
        /// Which server of it.
        pub environment: Environment,
    }

    /// How a client can be made at a provider.
    pub struct CreationOffer {
        /// Where clients register themselves (RFC 7591), as scheme, host and port; none where a person has to do it by hand.
        pub registration: Option<String>,
        /// What the provider calls a client.
        pub noun: String,
        /// Where a client is made by hand, in words.
        #[serde(serialize_with = "crate::text::ours")]
        pub page: String,
        /// The address of that page, where it is known: see `creation_page_open`.
        pub address: Option<String>,
        /// What the page asks and limits, one rule a line.
        #[serde(serialize_with = "crate::text::ours")]
        pub rules: Vec<String>,
    }

    /// A client to be registered at its provider.
    secret pub struct RegistrationCreate {
        /// The provider's id.
        pub provider: String,
        /// Which server of it.
        pub environment: Environment,
        /// Its name.
        pub name: String,
        /// Its redirect URIs.
        pub redirect_uris: Vec<String>,
        /// The token that opens the registration endpoint, where it wants one (RFC 7591 §3). A sandbox twin's own is used without.
        pub initial_access_token: Option<String>,
        /// At a sandbox twin, the sandbox user who will own it; elsewhere whoever owns it, in the user's words.
        pub owner: String,
        /// The user's tag.
        pub tag: String,
        /// The user's notes.
        pub notes: String,
    }

    /// A client that was registered before, by somebody else or elsewhere.
    secret pub struct RegistrationImport {
        /// The provider's id.
        pub provider: String,
        /// Which server of it.
        pub environment: Environment,
        /// `registration_client_uri`.
        pub address: String,
        /// `registration_access_token`.
        pub token: String,
        /// The place the person has agreed to, where it is another one than the provider's own: scheme, host and port.
        pub agreed_place: Option<String>,
        /// The client's secret, where the provider does not tell it again.
        pub secret: Option<String>,
    }

    /// A registration to be read.
    pub struct RegistrationRead {
        /// The client's record id.
        pub client: String,
        /// The place the person agrees to, where it is another one than the provider's own: scheme, host and port. It is remembered, and
        /// counts for every later command about this client.
        pub agreed_place: Option<String>,
    }

    /// A registration to be ended.
    pub struct RegistrationDelete {
        /// The client's record id.
        pub client: String,
        /// The person has answered the question whether to go on: the client will be gone for good.
        pub confirmed: bool,
    }

    /// How a client stands at its provider.
    pub struct RegistrationState {
        /// It was registered by an API and can be looked after by it.
        pub managed: bool,
        /// Where, as scheme, host and port.
        pub place: Option<String>,
        /// The place has to be agreed to before anything is sent there: it is not the provider's own.
        pub needs_agreement: bool,
        /// The place the person has agreed to, where it is another one than the provider's own.
        pub agreed_place: Option<String>,
        /// When they did; none where that is not known.
        pub agreed_at: Option<String>,
        /// Which registration access token counts, 1 for the first; none where there is none.
        pub token_version: Option<u32>,
        /// When that token came.
        pub token_at: Option<String>,
        /// When the provider was asked last.
        pub read_at: Option<String>,
        /// When the provider said that the client is gone.
        pub gone_at: Option<String>,
        /// What is not the same here and there.
        pub differences: Vec<RegistrationDifference>,
        /// What the provider has besides.
        pub others: Vec<RegistrationMember>,
        /// What was off the last time, in sentences.
        #[serde(serialize_with = "crate::text::ours")]
        pub remarks: Vec<String>,
    }

    /// A member of the metadata that is not the same here and there.
    pub struct RegistrationDifference {
        /// Its name on the wire.
        pub member: String,
        /// What it is here; a list has one value a line.
        pub here: String,
        /// What it is at the provider; none when it is not there.
        pub there: Option<String>,
    }

    /// A member of the metadata.
    pub struct RegistrationMember {
        /// Its name on the wire.
        pub member: String,
        /// Its value; a list has one value a line.
        pub value: String,
    }

    /// What the provider said to the active secret and a made-up code.
    pub struct SecretProved {
        /// The verdict.
        pub verdict: SecretVerdict,
        /// When it was asked.
        pub at: String,
    }

    /// What a provider thinks of a secret.
    #[derive(Copy, Eq)]
    pub enum SecretVerdict {
        /// It takes it.
        Accepted,
        /// It refuses it.
        Refused,
        /// Its answer does not say.
        CannotTell,
    }
}
