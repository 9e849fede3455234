//! What becomes of a client's secret: how it stands, when it is due, where it is deployed, where it may be sent.

use crate::wire;

wire! { "secretVersion.ts";
    /// Whether a provider accepts a secret.
    #[derive(Copy, Eq)]
    pub enum SecretStanding {
        /// It does.
        Accepted,
        /// It does not.
        Refused,
        /// Its answer does not tell.
        CannotTell,
    }

    /// The last time a provider was asked whether it accepts a secret.
    pub struct SecretProof {
        /// What it said.
        pub standing: SecretStanding,
        /// When, RFC 3339.
        pub at: String,
    }

    /// How a secret stands against the day it should be replaced.
    #[derive(Copy, Eq)]
    pub enum RotationUrgency {
        /// There is time.
        Fine,
        /// The day is near.
        Soon,
        /// The owner wants no reminder.
        Never,
        /// The day is past.
        Due,
    }

    /// A place that uses a client's secret, as its owner keeps it.
    pub struct DeploymentDetail {
        /// Its id.
        pub id: String,
        /// What the owner calls it.
        pub name: String,
        /// Where it is, in the owner's words; may be empty.
        pub place: String,
        /// The version it has, as far as the owner said.
        pub version: Option<u32>,
        /// When the owner said so, RFC 3339.
        pub ticked_at: Option<String>,
    }

    /// A deployment, by its id.
    pub struct DeploymentRef {
        /// The id.
        pub deployment: String,
    }

    /// A deployment to be added.
    pub struct DeploymentAdd {
        /// The client's record id.
        pub client: String,
        /// What the owner calls it.
        pub name: String,
        /// Where it is; may be empty.
        pub place: String,
    }

    /// Another name or place for a deployment.
    pub struct DeploymentRename {
        /// The deployment's id.
        pub deployment: String,
        /// What the owner calls it.
        pub name: String,
        /// Where it is; may be empty.
        pub place: String,
    }

    /// Which version a deployment has.
    pub struct DeploymentVersion {
        /// The deployment's id.
        pub deployment: String,
        /// The version; none when nobody knows.
        pub version: Option<u32>,
    }

    /// When a client's secret is due.
    pub struct SecretPolicyChange {
        /// The client's record id.
        pub client: String,
        /// After how many days, 1 to 3650; none for never.
        pub rotate_after_days: Option<u32>,
    }

    /// Where a client's secret was allowed to be sent when it was stored, as against where it would be sent now.
    pub struct SecretBinding {
        /// The client's record id.
        pub client: String,
        /// Whether every kept version of the secret may be sent where it would be sent now.
        pub intact: bool,
        /// The versions that may not; the secret is not used until that is confirmed.
        pub refused_versions: Vec<u32>,
        /// What differs. With `former_known` everything that does; without it, all that the secret would be bound to.
        pub differences: Vec<BindingDifference>,
        /// Whether it is known where the secret was allowed to be sent. It is not when what was written down beside the secret is gone or
        /// was changed too.
        pub former_known: bool,
        /// Stands for exactly what is shown here; to be given back when it is confirmed.
        pub digest: String,
    }

    /// One thing a secret is bound to.
    pub struct BindingDifference {
        /// What.
        pub field: BindingField,
        /// What it was when the secret was stored; none when that is unknown, or there was none.
        pub from: Option<String>,
        /// What it is now; none when there is none.
        pub to: Option<String>,
    }

    /// What a secret is bound to.
    #[derive(Copy, Eq)]
    pub enum BindingField {
        /// The authorization server.
        Issuer,
        /// Where codes are exchanged, and the secret with them.
        TokenEndpoint,
        /// Where tokens are revoked.
        RevocationEndpoint,
        /// Where the server says what a token is worth.
        IntrospectionEndpoint,
        /// Where an access token becomes an identity.
        IdentityEndpoint,
        /// The client identifier.
        ClientId,
        /// How the client authenticates.
        Authentication,
        /// The value in the keyring is not the one the row was made for.
        Value,
    }

    /// The person has seen what differs and wants the secret to be used so.
    pub struct SecretBindingConfirm {
        /// The client's record id.
        pub client: String,
        /// [`SecretBinding::digest`] as it was shown.
        pub digest: String,
    }
}
