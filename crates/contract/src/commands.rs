//! The command table.

use ts_rs::TS;

use crate::app::{AppState, Nothing};
use crate::audit::{AuditExport, AuditExported, AuditList, AuditQuery};
use crate::client::{
    ClientChange, ClientDetail, ClientDraft, ClientEnter, ClientList, ClientQuery, ClientRef, ClientRegister, Deleted,
    DraftFindings,
};
use crate::discovery::{Discovery, DiscoveryAdopt, IssuerText, MetadataChange, OfferDecision};
use crate::evidence::{EvidenceList, PictureRef, PictureShown, PictureStock, PictureStockQuery};
use crate::failure::Failure;
use crate::fault::{FaultRules, Faults};
use crate::handover::{
    BackupMade, BackupMake, BackupReady, BackupRestore, Exported, ImportLook, ImportPreview, ImportRef, ImportTake,
    Imported, PlainExport, SealedExport,
};
use crate::login::{CallbackPasted, LoginAddress, LoginStart};
use crate::path::{PathAnswer, PathQuestion};
use crate::preflight::{Preflight, PreflightAsking, PreflightRef};
use crate::provider::{
    BaseUrlChange, NearbyHostRef, ProfileCheck, ProfileFindings, ProfileText, ProviderDetail, ProviderList, ProviderRef,
};
use crate::registration::{
    CreationOffer, ProviderPlace, RegistrationCreate, RegistrationDelete, RegistrationImport, RegistrationRead,
    RegistrationState, SecretProved,
};
use crate::rotation::{
    DeploymentTick, RotationBoard, RotationBoardQuery, RotationConfirm, RotationDetail, RotationLogin, RotationOptions,
    RotationPaste, RotationRef, RotationStart,
};
use crate::run::{RunDetail, RunList, RunQuery, RunRef, RunRefs, TokenRef};
use crate::sandbox::{SandboxLog, SandboxStart, SandboxState};
use crate::secret::{Copied, Revealed, SecretPaste, SecretRef};
use crate::secret_search::{SecretSearch, SecretSearchStart, SecretSought, SecretsRecognised};
use crate::secret_version::{
    DeploymentAdd, DeploymentRef, DeploymentRename, DeploymentVersion, SecretBinding, SecretBindingConfirm,
    SecretPolicyChange,
};
use crate::settings::{KeyringState, Settings};
use crate::test_user::{TestUserChange, TestUserCreate, TestUserDetail, TestUserList, TestUserQuery, TestUserRef};
use crate::token::{JwtDetail, TokenRefresh};

/// Request and response of one command.
#[derive(TS)]
#[ts(export, export_to = "Commands.ts")]
#[allow(dead_code)]
pub struct Signature<Q, S> {
    request: Q,
    response: S,
}

/// Declares every command once; see `for_each_command!` for who reads the table.
macro_rules! commands {
    ($( $(#[$doc:meta])* $name:ident($request:ident) -> $response:ident; )+) => {
        /// Wire names of every command, in table order.
        pub const COMMAND_NAMES: &[&str] = &[$(stringify!($name)),+];

        /// Request and response of every command, exported for the UI.
        #[derive(TS)]
        #[ts(export, export_to = "Commands.ts")]
        #[allow(dead_code)]
        pub struct Commands { $( $(#[$doc])* $name: Signature<$request, $response>, )+ }

        /// Hands the command table to another macro.
        #[macro_export]
        macro_rules! for_each_command {
            ($callback:ident) => { $callback! { $( $name($request) -> $response; )+ } };
        }

        /// What a host has to implement.
        pub trait Handler {
            $(
                $(#[$doc])*
                fn $name(&self, request: $request) -> impl Future<Output = Result<$response, Failure>> + Send;
            )+
        }
    };
}

/// Every type the command table names, for the code that a table macro writes.
pub mod names {
    pub use crate::app::*;
    pub use crate::audit::*;
    pub use crate::client::*;
    pub use crate::discovery::*;
    pub use crate::evidence::*;
    pub use crate::fault::*;
    pub use crate::handover::*;
    pub use crate::login::*;
    pub use crate::path::*;
    pub use crate::preflight::*;
    pub use crate::provider::*;
    pub use crate::registration::*;
    pub use crate::rotation::*;
    pub use crate::run::*;
    pub use crate::sandbox::*;
    pub use crate::secret::*;
    pub use crate::secret_search::*;
    pub use crate::secret_version::*;
    pub use crate::settings::*;
    pub use crate::test_user::*;
    pub use crate::token::*;
}

commands! {
    /// What the window needs to paint its frame: versions, keyring, sandbox, counts.
    app_state(Nothing) -> AppState;

    /// One page of the list of clients.
    client_list(ClientQuery) -> ClientList;
    /// One client with everything the detail pane shows.
    client_show(ClientRef) -> ClientDetail;
    /// Judges a draft as it is typed; changes nothing.
    client_check(ClientDraft) -> DraftFindings;
    /// Registers a new client at the sandbox twin and keeps it with its secret.
    client_register(ClientRegister) -> ClientDetail;
    /// Keeps a client that exists already: ID and secret were pasted.
    client_enter(ClientEnter) -> ClientDetail;
    /// Changes an owned client; at a sandbox twin also there.
    client_change(ClientChange) -> ClientDetail;
    /// Makes a new client with the fields of another; at a sandbox twin it is registered there with an ID and a secret of its own.
    client_duplicate(ClientRef) -> ClientDetail;
    /// Deletes a client; it can be restored until `Deleted.undo_until`, then its secrets leave the keyring too.
    client_delete(ClientRef) -> Deleted;
    /// Takes a deletion back.
    client_restore(ClientRef) -> ClientDetail;
    /// A program that logs in as a client does, in one language; the secret is not in it.

    /// How a client can be made at a provider: by its API, or by a person on its own page.
    creation_offer(ProviderPlace) -> CreationOffer;
    /// Opens the page on which a client is made, in the person's own browser.
    creation_page_open(ProviderPlace) -> Nothing;
    /// Registers a new client at its provider (RFC 7591) and keeps it with everything it was issued.
    registration_create(RegistrationCreate) -> ClientDetail;
    /// Takes over a client that was registered before: its address and a token are pasted.
    registration_import(RegistrationImport) -> ClientDetail;
    /// How a client stands at its provider, by what is known; asks nobody.
    registration_show(ClientRef) -> RegistrationState;
    /// Asks the provider what it has of a client (RFC 7592 §2.1).
    registration_read(RegistrationRead) -> RegistrationState;
    /// Makes the provider have what is kept here (RFC 7592 §2.2), and leaves everything else there as it is.
    registration_push(ClientRef) -> RegistrationState;
    /// Deletes a client at its provider for good (RFC 7592 §2.3). What is kept of it here stays.
    registration_delete(RegistrationDelete) -> RegistrationState;
    /// Asks the provider, with a made-up code, what it thinks of the active secret.
    secret_prove(ClientRef) -> SecretProved;

    /// Shows the active secret for twenty seconds; the person has confirmed it.
    secret_reveal(SecretRef) -> Revealed;
    /// Puts the active secret on the clipboard, marked as concealed, and clears it after thirty seconds.
    secret_copy(SecretRef) -> Copied;
    /// Replaces a secret that was entered wrongly or is lost, as the next version.
    secret_paste(SecretPaste) -> ClientDetail;

    /// Says which of the secrets ever kept here a pasted text is, or has in it. The text is not kept.
    secret_recognise(SecretSought) -> SecretsRecognised;
    /// Starts to look for them in files and folders; how that goes is told by events. A search under way is stopped.
    secret_search_start(SecretSearchStart) -> SecretSearch;
    /// How the last search stands.
    secret_search_show(Nothing) -> SecretSearch;
    /// Stops the search.
    secret_search_stop(Nothing) -> SecretSearch;

    /// One page of the secrets of all owned clients, by how long they are due, with the rotations under way.
    rotation_board(RotationBoardQuery) -> RotationBoard;
    /// How a client's secret could be rotated.
    rotation_options(ClientRef) -> RotationOptions;
    /// Starts a rotation. A client has at most one under way.
    rotation_start(RotationStart) -> RotationDetail;
    /// One rotation with its runbook.
    rotation_show(RotationRef) -> RotationDetail;
    /// Asks the provider, with a nonsense code, whether it accepts the old secret.
    rotation_prove_old(RotationRef) -> RotationDetail;
    /// Gets the new secret from the provider and stores it.
    rotation_obtain(RotationConfirm) -> RotationDetail;
    /// Stores the new secret, which a person has got on the provider's page.
    rotation_paste_new(RotationPaste) -> RotationDetail;
    /// Stores a new secret that is in memory because keyring or disk did not take it.
    rotation_store_again(RotationRef) -> RotationDetail;
    /// Says whether something that uses the secret uses the new one.
    rotation_tick_deployment(DeploymentTick) -> RotationDetail;
    /// Asks the provider, with a nonsense code, whether it accepts the new secret.
    rotation_prove_new(RotationRef) -> RotationDetail;
    /// Starts a real login with the new secret. When it succeeds, the secret is proved.
    rotation_login(RotationLogin) -> RunRef;
    /// Makes logins use the new secret.
    rotation_promote(RotationConfirm) -> RotationDetail;
    /// Ends the old secret at the provider, proves that it is refused, and removes it from the keyring.
    rotation_retire(RotationConfirm) -> RotationDetail;
    /// Goes on without what the next step asks for.
    rotation_pass_over(RotationConfirm) -> RotationDetail;
    /// Makes logins use the old secret again and forgets the new one.
    rotation_roll_back(RotationConfirm) -> RotationDetail;
    /// Gives a rotation up that has no new secret yet.
    rotation_abandon(RotationConfirm) -> RotationDetail;

    /// Sets after how many days a client's secret is due.
    secret_set_policy(SecretPolicyChange) -> ClientDetail;
    /// Whether a client's secret would be sent where it was stored for, and what differs.
    secret_binding(ClientRef) -> SecretBinding;
    /// Lets a client's secret be sent where it would be sent now, exactly as `secret_binding` showed it.
    secret_confirm_binding(SecretBindingConfirm) -> ClientDetail;
    /// Adds a place that uses a client's secret.
    deployment_add(DeploymentAdd) -> ClientDetail;
    /// Calls a deployment something else.
    deployment_rename(DeploymentRename) -> ClientDetail;
    /// Says which version of the secret a deployment has.
    deployment_set_version(DeploymentVersion) -> ClientDetail;
    /// Removes a deployment; it can be restored until `Deleted.undo_until`.
    deployment_remove(DeploymentRef) -> Deleted;
    /// Takes a removal back.
    deployment_restore(DeploymentRef) -> ClientDetail;

    /// The test users of a provider, or of all.
    test_user_list(TestUserQuery) -> TestUserList;
    /// Adds a test user.
    test_user_create(TestUserCreate) -> TestUserDetail;
    /// Makes test users of a sandbox twin's own people who are none yet, each with the identity to expect.
    test_user_create_from_twin(ProviderPlace) -> TestUserList;
    /// Changes a test user.
    test_user_change(TestUserChange) -> TestUserDetail;
    /// Deletes a test user; it can be restored until `Deleted.undo_until`, then what the login view kept of it goes too.
    test_user_delete(TestUserRef) -> Deleted;
    /// Takes a deletion back.
    test_user_restore(TestUserRef) -> TestUserDetail;
    /// Forgets what the login view kept of a test user: the next login begins like the first.
    test_user_forget_storage(TestUserRef) -> TestUserDetail;

    /// One page of the audit trail.
    audit_list(AuditQuery) -> AuditList;
    /// Writes the audit trail to a file.
    audit_export(AuditExport) -> AuditExported;

    /// Looks at everything that could keep this login from working, without starting it; `PreflightChanged` tells of the answers.
    preflight_start(LoginStart) -> PreflightRef;
    /// How a preflight stands.
    preflight_show(PreflightRef) -> Preflight;
    /// Lets a provider's authorization endpoint be asked before logins, or leaves it alone.
    preflight_set_asking(PreflightAsking) -> Nothing;

    /// Starts a login.
    login_start(LoginStart) -> RunRef;
    /// Gives a run the callback address that the person pasted.
    login_paste(CallbackPasted) -> RunRef;
    /// The address the browser was sent to, for "copy link" and the paste way.
    login_address(RunRef) -> LoginAddress;
    /// Brings the login window of a run to the front.
    login_focus(RunRef) -> Nothing;
    /// Stops a run.
    login_cancel(RunRef) -> Nothing;

    /// One page of the list of runs.
    run_list(RunQuery) -> RunList;
    /// One run with its steps and exchanges.
    run_show(RunRef) -> RunDetail;
    /// Deletes runs; they can be restored until `Deleted.undo_until`.
    run_delete(RunRefs) -> Deleted;
    /// Takes a deletion back.
    run_restore(RunRefs) -> Nothing;
    /// Puts a token of a run on the clipboard, marked as concealed, and clears it after thirty seconds.
    token_copy(TokenRef) -> Copied;

    /// The pages of a run with what is known of their looks.
    evidence_list(RunRef) -> EvidenceList;
    /// A picture of a page.
    evidence_picture(PictureRef) -> PictureShown;
    /// Deletes a picture alone; it can be restored until `Deleted.undo_until`.
    evidence_delete(PictureRef) -> Deleted;
    /// Takes that back.
    evidence_restore(PictureRef) -> Nothing;
    /// How many pictures there are, and what would go if they were kept a number of days.
    evidence_stock(PictureStockQuery) -> PictureStock;

    /// Refreshes the tokens of a run. The new ones are kept before they can be used; what came of it is a new step of the run.
    token_refresh(TokenRefresh) -> RunDetail;
    /// Revokes a token of a run; a new step says what came of it.
    token_revoke(TokenRef) -> RunDetail;
    /// Asks the provider what a token of a run is worth; a new step says what came of it.
    token_introspect(TokenRef) -> RunDetail;
    /// Asks again who the access token of a run speaks of; a new step says what came of it.
    token_userinfo(RunRef) -> RunDetail;
    /// Reads a token of a run without believing it; sends nothing.
    token_decode(TokenRef) -> JwtDetail;
    /// Logs the person out at the provider, in the browser of the run. Returns as soon as that has begun; the rest is told as the run's
    /// progress. `login_cancel`, `login_paste`, `login_address` and `login_focus` work as with a login.
    login_end(RunRef) -> RunDetail;

    /// Every provider, the built-in ones first.
    provider_list(Nothing) -> ProviderList;
    /// What one profile says, each statement with its mark and place.
    provider_show(ProviderRef) -> ProviderDetail;
    /// Sets the real base URL of a provider whose document gives only a placeholder.
    provider_set_base_url(BaseUrlChange) -> ProviderDetail;
    /// A profile as TOML text, to read or to start one's own from.
    provider_text(ProviderRef) -> ProfileText;
    /// Judges the text of a profile; changes nothing.
    provider_check(ProfileCheck) -> ProfileFindings;
    /// Keeps a profile of the user's own, new or changed.
    provider_save(ProfileCheck) -> ProviderDetail;
    /// Deletes a profile of the user's own that no client uses.
    provider_delete(ProviderRef) -> Nothing;

    /// Asks an issuer what it says of itself; keeps nothing.
    provider_discover(IssuerText) -> Discovery;
    /// Keeps the provider that was shown, exactly as it was shown.
    provider_adopt(DiscoveryAdopt) -> ProviderDetail;
    /// Asks the issuer of a discovered provider again. What differs is offered, and until it is accepted the old endpoints count.
    provider_refresh(ProviderRef) -> MetadataChange;
    /// Accepts an offer exactly as it was shown. The secrets of the provider's clients may go to its new endpoints from then on, tokens of
    /// earlier logins may not.
    provider_accept_change(OfferDecision) -> ProviderDetail;
    /// Drops an offer; the old endpoints stay.
    provider_decline_change(OfferDecision) -> ProviderDetail;
    /// Lets requests of a provider go to a host that is on this computer or in the network at hand.
    nearby_host_confirm(NearbyHostRef) -> ProviderDetail;
    /// Takes that back.
    nearby_host_withdraw(NearbyHostRef) -> ProviderDetail;

    /// Whether the sandbox runs, where, its users and its apps.
    sandbox_state(Nothing) -> SandboxState;
    /// Starts the sandbox.
    sandbox_start(SandboxStart) -> SandboxState;
    /// Stops the sandbox.
    sandbox_stop(Nothing) -> SandboxState;
    /// The last requests the sandbox answered, newest last.
    sandbox_log(Nothing) -> SandboxLog;
    /// Forgets the requests shown so far.
    sandbox_log_clear(Nothing) -> SandboxLog;

    /// What the twins can do wrong, what they are to do wrong, and what they did.
    sandbox_faults(Nothing) -> Faults;
    /// Makes the twins misbehave by these rules and no others.
    sandbox_faults_set(FaultRules) -> Faults;

    /// Writes clients to a folder, one plain file each, without their secrets.
    clients_export(PlainExport) -> Exported;
    /// Writes clients with their secrets to one encrypted file. The secrets of clients that are shared with you never go along.
    clients_export_sealed(SealedExport) -> Exported;
    /// Looks at a file, to see what an import would take and what it would leave. Changes nothing.
    import_look(ImportLook) -> ImportPreview;
    /// Takes clients in, exactly as they were shown. Those of an encrypted file are shared with you from then on.
    import_take(ImportTake) -> Imported;
    /// Takes an import back.
    import_undo(ImportRef) -> Nothing;
    /// Writes the database and every entry of the keyring to one encrypted file.
    backup_make(BackupMake) -> BackupMade;
    /// Opens a backup and gets it ready: at the next start it takes the place of what is here, which is put aside.
    backup_restore(BackupRestore) -> BackupReady;
    /// Ends Gatewright and starts it again.
    restart(Nothing) -> Nothing;

    /// Asks the person for a file or folder, in the desktop's own dialog.
    path_choose(PathQuestion) -> PathAnswer;

    /// The settings.
    settings_show(Nothing) -> Settings;
    /// Changes the settings.
    settings_change(Settings) -> Settings;
    /// Writes a probe to the keyring, reads it back, deletes it, and says how that went.
    keyring_probe(Nothing) -> KeyringState;
    /// The person knows that the database is from an earlier day and goes on with it.
    database_confirm_older(Nothing) -> AppState;
}
