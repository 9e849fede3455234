//! Rotating the secret of a client: the board of all secrets by age, and one runbook a rotation.
//!
//! What can be done next is data: the window shows [`RotationAction`]s as buttons and knows nothing of the order of the steps. A command
//! whose action is not offered is refused and changes nothing.

mod board;

pub use self::board::{
    RotationBoard, RotationBoardQuery, RotationBoardRow, RotationFilter, RotationProgress, SecretAge,
};
use crate::client::{Environment, SecretPlace};
use crate::run::Browser;
pub use crate::secret_version::{RotationUrgency, SecretStanding};
use crate::wire;

wire! { "rotation.ts";
    /// A rotation, by its id.
    pub struct RotationRef {
        /// The id.
        pub rotation: String,
    }

    /// How the secret of a client is replaced by another.
    #[derive(Copy, Eq)]
    pub enum RotationStrategy {
        /// The provider takes two secrets at once; the old one goes when nobody uses it any more.
        Overlap,
        /// The provider makes the new secret beforehand and changes over when it is told to.
        Staged,
        /// The new secret takes the place of the old one at once.
        CutOver,
        /// The provider cannot change a secret: a second client is made, and the first is deleted when nobody uses it any more.
        ReplaceClient,
        /// Only the provider's support can do it.
        AskSupport,
    }

    /// Who does at the provider what has to be done there.
    #[derive(Copy, Eq)]
    pub enum RotationDriver {
        /// A person, on the provider's page.
        ByHand,
        /// Gatewright, through the sandbox's own interface.
        Sandbox,
        /// Gatewright, through client management (RFC 7592).
        Registration,
        /// Gatewright, through Keycloak's admin interface.
        Keycloak,
    }

    /// How a client's secret could be rotated.
    pub struct RotationOptions {
        /// The client's record id.
        pub client: String,
        /// Why no rotation can be started right now, in one sentence; none when one can.
        #[serde(serialize_with = "crate::text::ours")]
        pub obstacle: Option<String>,
        /// The rotation under way, which has to end first.
        pub under_way: Option<String>,
        /// The ways, the best one first.
        pub ways: Vec<RotationWay>,
        /// Who uses the secret, as the owner has written it down: each of these has to move.
        pub deployments: Vec<String>,
    }

    /// One way to rotate a client's secret.
    pub struct RotationWay {
        /// The strategy.
        pub strategy: RotationStrategy,
        /// Who does it at the provider; the best one first.
        pub drivers: Vec<RotationDriver>,
        /// What happens, in one or two sentences.
        #[serde(serialize_with = "crate::text::ours")]
        pub sentence: String,
        /// How it is known that the provider can do this: `documented`, `observed` or `unknown`.
        pub mark: String,
        /// Where that is known from, or what to know about it.
        #[serde(serialize_with = "crate::text::ours")]
        pub note: Option<String>,
        /// Whether what uses the old secret stops working before it is moved.
        pub downtime: bool,
        /// The titles of the steps, in order.
        #[serde(serialize_with = "crate::text::ours")]
        pub steps: Vec<String>,
    }

    /// Start a rotation.
    pub struct RotationStart {
        /// The client's record id.
        pub client: String,
        /// The strategy.
        pub strategy: RotationStrategy,
        /// Who does it at the provider.
        pub driver: RotationDriver,
    }

    /// One rotation with its runbook.
    pub struct RotationDetail {
        /// The id.
        pub id: String,
        /// The client's record id.
        pub client: String,
        /// Its name.
        pub client_name: String,
        /// The provider's id.
        pub provider: String,
        /// The provider's name.
        pub provider_name: String,
        /// Which server.
        pub environment: Environment,
        /// The strategy.
        pub strategy: RotationStrategy,
        /// Why this one, in a few words: "this provider cannot change a secret".
        #[serde(serialize_with = "crate::text::ours")]
        pub strategy_reason: String,
        /// Who does it at the provider.
        pub driver: RotationDriver,
        /// How it stands.
        pub state: RotationState,
        /// How it stands, in one sentence.
        #[serde(serialize_with = "crate::text::ours")]
        pub sentence: String,
        /// The steps, in order.
        pub steps: Vec<RotationStepDetail>,
        /// The old secret and, once there is one, the new one.
        pub secrets: Vec<RotationSecret>,
        /// Who uses the secret.
        pub deployments: Vec<RotationDeployment>,
        /// What would be the case if this computer stopped now; always true.
        #[serde(serialize_with = "crate::text::ours")]
        pub if_stopped_now: String,
        /// What can be done, the next thing first. Empty when the rotation is over.
        pub actions: Vec<RotationAction>,
        /// What a person has to do on the provider's page, line by line; empty when nobody has to.
        pub guide: Vec<RotationGuideLine>,
        /// The login that is to prove the new secret.
        pub login_run: Option<String>,
        /// When it was started, RFC 3339.
        pub started_at: String,
        /// When it was over, RFC 3339.
        pub ended_at: Option<String>,
    }

    /// How a rotation stands.
    #[derive(Copy, Eq)]
    pub enum RotationState {
        /// Under way.
        UnderWay,
        /// Over: the new secret is in use and the old one is gone.
        Completed,
        /// Over: the old secret is in use and the new one is gone.
        RolledBack,
        /// Over: it was given up before there was a new secret.
        Abandoned,
    }

    /// What a step is about.
    #[derive(Copy, Eq)]
    pub enum RotationStepKind {
        /// Prove that the secret in use works.
        ProveOld,
        /// Get the new secret and store it.
        ObtainNew,
        /// Move everything that uses the old one.
        MoveDeployments,
        /// Prove that the new one works: by a probe, then by a real login.
        ProveNew,
        /// Let logins use the new one.
        Promote,
        /// End the old one at the provider, prove that it is refused, and forget it.
        RetireOld,
    }

    /// One step of a runbook.
    pub struct RotationStepDetail {
        /// 1 for the first.
        pub number: u32,
        /// What it is about.
        pub kind: RotationStepKind,
        /// What it is about, in a few words.
        #[serde(serialize_with = "crate::text::ours")]
        pub title: String,
        /// What was found, or what will be done.
        #[serde(serialize_with = "crate::text::ours")]
        pub sentence: String,
        /// How it stands.
        pub state: RotationStepState,
        /// Who it waits for, when it is the next one.
        pub waits_for: RotationWaitsFor,
    }

    /// How a step stands.
    #[derive(Copy, Eq)]
    pub enum RotationStepState {
        /// Done.
        Done,
        /// Passed over: the person went on without it.
        PassedOver,
        /// The next one.
        Next,
        /// The next one, and something is off: its sentence says what.
        Attention,
        /// Not yet.
        Later,
        /// The rotation ended before it.
        NotReached,
    }

    /// Who a step waits for.
    #[derive(Copy, Eq)]
    pub enum RotationWaitsFor {
        /// Nobody: it is not the next one.
        Nobody,
        /// A person.
        Person,
        /// Gatewright, which is working on it.
        Gatewright,
    }

    /// One of the two secrets of a rotation.
    pub struct RotationSecret {
        /// Its version.
        pub version: u32,
        /// Whether it is the one that was there before.
        pub is_old: bool,
        /// The client ID it belongs to.
        pub client_id: String,
        /// Its last four characters.
        pub last_four: Option<String>,
        /// `staged`, `active`, `retiring`, `retired` or `lost`.
        pub state: String,
        /// Where its value is; none where there is none any more.
        pub place: Option<SecretPlace>,
        /// What the provider last said to it.
        pub proof: Option<RotationProof>,
    }

    /// What the provider said to a secret.
    pub struct RotationProof {
        /// What it said.
        pub standing: SecretStanding,
        /// When, RFC 3339.
        pub at: String,
        /// How that is known, in one sentence.
        #[serde(serialize_with = "crate::text::ours")]
        pub sentence: String,
        /// The login that showed it; none when it was a probe.
        pub run: Option<String>,
    }

    /// Something that uses the secret.
    pub struct RotationDeployment {
        /// Its id.
        pub deployment: String,
        /// What the owner calls it.
        pub name: String,
        /// Whether it uses the new secret.
        pub moved: bool,
    }

    /// Something that can be done now.
    pub struct RotationAction {
        /// What.
        pub kind: RotationActionKind,
        /// What stands on the button.
        #[serde(serialize_with = "crate::text::ours")]
        pub label: String,
        /// Whether it is the next thing to do.
        pub primary: bool,
        /// What the person has to read and confirm first; none when it can be done at once. The command then wants `confirmed`.
        #[serde(serialize_with = "crate::text::ours")]
        pub confirm: Option<String>,
    }

    /// What can be done: the command of the same name.
    #[derive(Copy, Eq)]
    pub enum RotationActionKind {
        /// `rotation_prove_old`.
        ProveOld,
        /// `rotation_obtain`.
        Obtain,
        /// `rotation_paste_new`.
        PasteNew,
        /// `rotation_store_again`.
        StoreAgain,
        /// `rotation_tick_deployment`.
        TickDeployment,
        /// `rotation_prove_new`.
        ProveNew,
        /// `rotation_login`.
        Login,
        /// `rotation_promote`.
        Promote,
        /// `rotation_retire`.
        Retire,
        /// `rotation_pass_over`: go on without what the step asks for.
        PassOver,
        /// `rotation_roll_back`.
        RollBack,
        /// `rotation_abandon`.
        Abandon,
    }

    /// One thing to do on the provider's page.
    pub struct RotationGuideLine {
        /// What to do.
        #[serde(serialize_with = "crate::text::ours")]
        pub text: String,
        /// What to type or paste there, for the copy button.
        pub copy: Option<String>,
        /// A page to open in the browser.
        pub page: Option<String>,
    }

    /// Do something that may have to be confirmed.
    secret pub struct RotationConfirm {
        /// The rotation.
        pub rotation: String,
        /// The person has read [`RotationAction::confirm`] and wants it.
        pub confirmed: bool,
        /// Where the driver is Keycloak's admin interface at a real provider: an access token of somebody who may manage clients. It is
        /// used for this one command and not kept.
        #[serde(default)]
        #[cfg_attr(test, ts(optional))]
        pub access_token: Option<String>,
    }

    /// The new secret, as pasted.
    secret pub struct RotationPaste {
        /// The rotation.
        pub rotation: String,
        /// The new client ID; only where the client is replaced.
        pub client_id: Option<String>,
        /// The new secret.
        pub secret: String,
    }

    /// Something uses the new secret, or not after all.
    pub struct DeploymentTick {
        /// The rotation.
        pub rotation: String,
        /// The deployment's id.
        pub deployment: String,
        /// Whether it uses the new secret.
        pub moved: bool,
    }

    /// Prove the new secret by a real login.
    pub struct RotationLogin {
        /// The rotation.
        pub rotation: String,
        /// The browser.
        pub browser: Browser,
        /// The redirect URI; none for the first that fits the browser.
        pub redirect_uri: Option<String>,
    }
}
