//! Clients: list, detail, draft.

use crate::protocol::{ProtocolSettings, ResponseMode};
use crate::run::RunRow;
use crate::secret_version::{DeploymentDetail, RotationUrgency, SecretProof};
use crate::wire;

wire! { "client.ts";
    /// Which server of a provider.
    #[derive(Copy, Eq)]
    pub enum Environment {
        /// The real provider.
        Production,
        /// The sandbox twin.
        Sandbox,
    }

    /// Whose client it is.
    #[derive(Copy, Eq)]
    pub enum Ownership {
        /// Can be changed and deleted.
        Owned,
        /// Can be tested only.
        Shared,
    }

    /// A client of ours, by its record id.
    pub struct ClientRef {
        /// The record id.
        pub client: String,
    }

    /// What the list is asked for.
    pub struct ClientQuery {
        /// Words that must occur in name, client ID, redirect URIs, owner, tag or notes.
        pub search: String,
        /// Only this provider.
        pub provider: Option<String>,
        /// Only this environment.
        pub environment: Option<Environment>,
        /// Only this ownership.
        pub ownership: Option<Ownership>,
        /// Only this tag.
        pub tag: Option<String>,
        /// How many rows to skip.
        pub offset: u32,
        /// How many rows to give at most.
        pub limit: u32,
    }

    /// One page of clients, by name.
    pub struct ClientList {
        /// The rows asked for.
        pub rows: Vec<ClientRow>,
        /// How many rows match.
        pub total: u32,
        /// How many owned clients there are in all.
        pub owned: u32,
        /// How many shared clients there are in all.
        pub shared: u32,
        /// The tags in use, for the filter.
        pub tags: Vec<String>,
    }

    /// One client in the list.
    pub struct ClientRow {
        /// The record id.
        pub id: String,
        /// Its name.
        pub name: String,
        /// The client identifier as text.
        pub client_id: String,
        /// The provider's id.
        pub provider: String,
        /// The provider's name.
        pub provider_name: String,
        /// Which server.
        pub environment: Environment,
        /// Whose it is.
        pub ownership: Ownership,
        /// The user's tag.
        pub tag: String,
        /// The active secret's version, when there is one.
        pub secret_version: Option<u32>,
        /// Whole days since that version was stored.
        pub secret_age_days: Option<u32>,
        /// How it stands against the day it should be replaced.
        pub secret_urgency: Option<RotationUrgency>,
        /// The last time the provider was asked whether it accepts it.
        pub secret_proof: Option<SecretProof>,
        /// The last login.
        pub last_run: Option<LastRun>,
    }

    /// How the last login of a client went.
    pub struct LastRun {
        /// The run.
        pub run: String,
        /// How it ended.
        pub verdict: Verdict,
        /// When it started, RFC 3339.
        pub started_at: String,
    }

    /// How a run stands, in one word and colour.
    #[derive(Copy, Eq)]
    pub enum Verdict {
        /// Going on.
        Running,
        /// Logged in.
        Passed,
        /// Logged in, but something was off; or cancelled or denied by the person.
        Warned,
        /// Ended without a login.
        Failed,
    }

    /// One client with everything the detail pane shows.
    pub struct ClientDetail {
        /// The row.
        pub row: ClientRow,
        /// Redirect URIs, each with what Gatewright can do with it.
        pub redirect_uris: Vec<RedirectUriDetail>,
        /// The owner, in the user's words.
        pub owner: String,
        /// The user's notes.
        pub notes: String,
        /// What its logins do otherwise than those of other clients.
        pub protocol: ProtocolSettings,
        /// How its logins' answers come back: by its own settings, else as the provider's usually do.
        pub response_mode: ResponseMode,
        /// The secret, when there is one.
        pub secret: Option<SecretDetail>,
        /// The secret's versions, newest first.
        pub secret_versions: Vec<SecretDetail>,
        /// After how many days the secret is due; none for never.
        pub rotate_after_days: Option<u32>,
        /// The places that use the secret, as the owner keeps them.
        pub deployments: Vec<DeploymentDetail>,
        /// What goes to the token endpoint, in words: "form body · grant_type · redirect_uri · secret in body".
        #[serde(serialize_with = "crate::text::ours")]
        pub sends: String,
        /// What comes back, in words.
        #[serde(serialize_with = "crate::text::ours")]
        pub gets: String,
        /// Why this client cannot log in right now, each with the next step; empty when it can.
        pub obstacles: Vec<Obstacle>,
        /// The base URL logins go to; none while the sandbox is off.
        pub base_url: Option<String>,
        /// What the provider calls a client.
        pub noun: String,
        /// The last runs, newest first, at most ten.
        pub runs: Vec<RunRow>,
        /// When the record was made, RFC 3339.
        pub created_at: String,
        /// When it was last changed, RFC 3339.
        pub updated_at: String,
    }

    /// Why something cannot be done right now.
    pub struct Obstacle {
        /// What is in the way.
        #[serde(serialize_with = "crate::text::ours")]
        pub message: String,
        /// What to do.
        #[serde(serialize_with = "crate::text::ours")]
        pub hint: String,
        /// What the UI can offer as a button.
        pub fix: Option<Fix>,
    }

    /// A button that removes an obstacle.
    #[derive(Copy, Eq)]
    pub enum Fix {
        /// Start the sandbox.
        StartSandbox,
        /// Fill the provider's base URL in.
        SetBaseUrl,
        /// Paste the secret.
        PasteSecret,
        /// Look at the keyring.
        OpenSettings,
    }

    /// One registered redirect URI.
    pub struct RedirectUriDetail {
        /// Exactly as registered.
        pub uri: String,
        /// Whether the embedded view catches it.
        pub embedded: bool,
        /// Whether the loopback listener can receive it.
        pub loopback: bool,
        /// What a person should know about it.
        #[serde(serialize_with = "crate::text::ours")]
        pub note: Option<String>,
    }

    /// Where the value of a secret is kept.
    #[derive(Copy, Eq)]
    pub enum SecretPlace {
        /// In the keyring.
        Keyring,
        /// In memory only, until Gatewright ends.
        Session,
        /// On its way from memory into a keyring that is there again: either may have it.
        Moving,
    }

    /// One version of a secret, without its value.
    pub struct SecretDetail {
        /// 1 for the first.
        pub version: u32,
        /// `staged`, `active`, `retiring`, `retired` or `lost`.
        pub state: String,
        /// Where its value is; none where there is none any more.
        pub place: Option<SecretPlace>,
        /// The last four characters.
        pub last_four: Option<String>,
        /// The beginning of its fingerprint: equal secrets have equal fingerprints on this computer.
        pub fingerprint: String,
        /// When it was stored, RFC 3339.
        pub created_at: String,
        /// Since when logins use it, or used it, RFC 3339.
        pub promoted_at: Option<String>,
        /// Since when another version is used in its place, RFC 3339.
        pub retiring_since: Option<String>,
        /// When it was retired, RFC 3339.
        pub retired_at: Option<String>,
        /// When its value was removed from where it was kept, RFC 3339.
        pub removed_at: Option<String>,
        /// When it is due, RFC 3339; only of the active one.
        pub due_at: Option<String>,
        /// The last time the provider was asked whether it accepts it.
        pub proof: Option<SecretProof>,
        /// When the provider last accepted it, RFC 3339.
        pub accepted_at: Option<String>,
    }

    /// A client as typed so far, to be judged.
    secret pub struct ClientDraft {
        /// The provider.
        pub provider: String,
        /// Which server.
        pub environment: Environment,
        /// The client being edited; none for a new one.
        pub client: Option<String>,
        /// The name.
        pub name: String,
        /// The client identifier; none when the twin will give it.
        pub client_id: Option<String>,
        /// The pasted secret; none when the twin will give it or it stays as it is.
        pub secret: Option<String>,
        /// The redirect URIs.
        pub redirect_uris: Vec<String>,
        /// What its logins are to do otherwise; left out, it stays as it is.
        pub protocol: Option<ProtocolSettings>,
    }

    /// What is wrong or doubtful in a draft.
    pub struct DraftFindings {
        /// In the order of the form.
        pub findings: Vec<DraftFinding>,
        /// Whether the draft can be kept.
        pub acceptable: bool,
    }

    /// One thing that is wrong or doubtful.
    pub struct DraftFinding {
        /// `name`, `clientId`, `secret`, `redirectUris.0`, `protocol.maxAge`, `protocol.tokenParameters.0` …
        pub field: String,
        /// Whether the draft cannot be kept with it.
        pub error: bool,
        /// Stable code.
        pub code: String,
        /// What is off.
        #[serde(serialize_with = "crate::text::ours")]
        pub message: String,
        /// What to do.
        #[serde(serialize_with = "crate::text::ours")]
        pub hint: Option<String>,
        /// A value that would be right, for one click.
        pub fix: Option<String>,
    }

    /// Register at the sandbox twin.
    pub struct ClientRegister {
        /// The provider.
        pub provider: String,
        /// The name.
        pub name: String,
        /// The redirect URIs.
        pub redirect_uris: Vec<String>,
        /// The sandbox user who registers it and owns it there.
        pub register_as: String,
        /// The user's tag.
        pub tag: String,
        /// The user's notes.
        pub notes: String,
    }

    /// Keep a client that exists already.
    secret pub struct ClientEnter {
        /// The provider.
        pub provider: String,
        /// Which server.
        pub environment: Environment,
        /// The name.
        pub name: String,
        /// The client identifier, pasted.
        pub client_id: String,
        /// The secret, pasted; none for a public client.
        pub secret: Option<String>,
        /// The redirect URIs.
        pub redirect_uris: Vec<String>,
        /// Whose it is.
        pub ownership: Ownership,
        /// The owner, in the user's words.
        pub owner: String,
        /// The user's tag.
        pub tag: String,
        /// The user's notes.
        pub notes: String,
        /// What its logins are to do otherwise; nothing when left out.
        pub protocol: Option<ProtocolSettings>,
    }

    /// Change an owned client. Tag and notes may be changed on a shared one too.
    pub struct ClientChange {
        /// The record id.
        pub client: String,
        /// The name.
        pub name: String,
        /// The client identifier; at a sandbox twin it cannot change.
        pub client_id: String,
        /// The redirect URIs.
        pub redirect_uris: Vec<String>,
        /// The owner, in the user's words.
        pub owner: String,
        /// The user's tag.
        pub tag: String,
        /// The user's notes.
        pub notes: String,
        /// What its logins are to do otherwise; left out, it stays as it is.
        pub protocol: Option<ProtocolSettings>,
    }

    /// Something was deleted and can come back for a while.
    pub struct Deleted {
        /// What was deleted, for the sentence: a name or a number of runs.
        pub what: String,
        /// Until when it can be restored, RFC 3339.
        pub undo_until: String,
        /// The same, in milliseconds from now.
        pub undo_ms: u32,
    }
}
