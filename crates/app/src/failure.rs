//! The one place that turns errors into what the window shows. Causes go to the log.

use gatewright_contract::FailureCode::{
    BaseUrlMissing, BrowserUnavailable, ChangedOutside, ClipboardUnavailable, DiskFull, FolderUnavailable, Internal,
    Invalid, KeyringAbsent, KeyringLocked, NotFound, NotOwned, PortTaken, ReadOnly, Refused, SandboxOff, SecretLost,
};
use gatewright_contract::{Failure, FailureCode};
use gatewright_engine::grant::{BeginRefusal, GrantError};
use gatewright_engine::login::PlanError;
use gatewright_model::rotation::RotationRefusal;
use gatewright_sandbox::{AppRefusal, FaultRuleError, StartError};
use gatewright_store::rotation::RotationRefusal as TokenRotationRefusal;
use gatewright_store::secret_rotation::SecretRotationRefusal;
use gatewright_store::{OpenError, StoreError};
use gatewright_vault::VaultError;

use crate::desktop::DesktopError;

/// [`StoreError`] as a failure.
#[expect(clippy::needless_pass_by_value, reason = "made for map_err")]
pub(crate) fn of_store(error: StoreError) -> Failure {
    match &error {
        StoreError::NoSuchClient(_) => {
            Failure::new(NotFound, "This client is gone.").hint("It may have been deleted in the meantime.")
        }
        StoreError::NoSuchRun(_) => {
            Failure::new(NotFound, "This run is gone.").hint("It may have been deleted in the meantime.")
        }
        StoreError::NoSuchPicture(_) => Failure::new(NotFound, "This picture is gone.")
            .hint("It was deleted, or it was older than pictures are kept."),
        StoreError::NoSuchGrant(_) => Failure::new(NotFound, "These tokens are gone.")
            .hint("The run they belong to may have been deleted in the meantime."),
        StoreError::NoSuchRotation(_) => Failure::new(NotFound, "There is no such rotation."),
        StoreError::SecretRotation(refusal) => of_secret_rotation(refusal),
        StoreError::NoSuchOffer(_) | StoreError::SecretVersionChange(_) => changed_meanwhile(),
        StoreError::Rotation(refusal) => of_rotation(refusal),
        StoreError::NoSuchProfile(_) => Failure::new(NotFound, "There is no such profile of your own."),
        StoreError::NoSuchSecretVersion { .. } => {
            Failure::new(SecretLost, "This client has no such secret.").hint("Paste the secret again.")
        }
        StoreError::NoSuchWalk(_) => {
            Failure::new(NotFound, "This walk is gone.").hint("It may have been deleted in the meantime.")
        }
        StoreError::NoSuchDeployment(_) => {
            Failure::new(NotFound, "This deployment is gone.").hint("It may have been removed in the meantime.")
        }
        StoreError::NoSuchTestUser(_) => {
            Failure::new(NotFound, "This test user is gone.").hint("It may have been deleted in the meantime.")
        }
        StoreError::TestUserNameTaken(_) => {
            Failure::new(Invalid, sentence(&error)).field("name").hint("Two of one name could not be told apart.")
        }
        StoreError::RunHasEnded(_) => Failure::new(FailureCode::RunEnded, "This run has ended already."),
        StoreError::RunIsGoingOn(_) => {
            Failure::new(FailureCode::InUse, "This run is still going on.").hint("Stop it first.")
        }
        StoreError::DiskFull(cause) => {
            tracing::error!(%cause, "database");
            Failure::new(DiskFull, "The disk is full: nothing was saved.")
                .hint("Make room on the disk, then try again.")
        }
        StoreError::ReadOnly(cause) => {
            tracing::error!(%cause, "database");
            Failure::new(ReadOnly, "The database cannot be written to: nothing was saved.")
                .hint("Check the rights of the folder Gatewright keeps its data in.")
        }
        _ => {
            tracing::error!(error = &error as &dyn std::error::Error, "database");
            Failure::new(Internal, "The local database did not answer.").hint("Try again; the log says more.")
        }
    }
}

/// [`OpenError`] as the notice that takes the place of the whole window: what happened and what to do.
pub(crate) fn of_open(error: &OpenError, path: &std::path::Path) -> (String, String) {
    tracing::error!(error = error as &dyn std::error::Error, "the database was not opened");
    let file = path.display();
    match error {
        OpenError::NewerSchema { found, known } => (
            format!("Your data was written by a newer Gatewright (form {found}; this version knows forms up to {known})."),
            format!("Install the newer version again. Nothing was changed in {file}."),
        ),
        OpenError::MigrationEdited { .. } => (
            "Your data was written by another build of Gatewright.".to_owned(),
            format!("Start the build that wrote it, or move {file} away to start anew. Nothing was changed."),
        ),
        OpenError::NotADatabase | OpenError::Foreign => (
            format!("{file} is not a Gatewright database."),
            "Move that file somewhere else and start Gatewright again; it will make a new one. Nothing was changed.".to_owned(),
        ),
        OpenError::ReadOnly => (
            format!("{file} cannot be written to."),
            "Give yourself the right to write to that file and its folder, then start Gatewright again.".to_owned(),
        ),
        OpenError::DiskFull => ("The disk is full.".to_owned(), "Make room, then start Gatewright again.".to_owned()),
        OpenError::Corrupt(_) => (
            format!("{file} is damaged."),
            "Put a backup in its place (Gatewright keeps one beside it before each update), or move it away to start anew. Nothing was changed.".to_owned(),
        ),
        OpenError::Locked => (
            "Another Gatewright has your data open.".to_owned(),
            "Use that window, or close it and start Gatewright again.".to_owned(),
        ),
        _ => (format!("{file} could not be opened."), "Try again; the log says more.".to_owned()),
    }
}

/// [`VaultError`] as a failure: locked, absent and lost are three things.
#[expect(clippy::needless_pass_by_value, reason = "made for map_err")]
pub(crate) fn of_vault(error: VaultError) -> Failure {
    tracing::warn!(%error, "keyring");
    let code = match &error {
        VaultError::Locked | VaultError::TimedOut => KeyringLocked,
        VaultError::Absent(_) => KeyringAbsent,
        VaultError::NoSuchEntry | VaultError::Unreadable => SecretLost,
        VaultError::ChangedOutside => ChangedOutside,
        VaultError::TooLong { .. } => return Failure::new(Invalid, error.to_string()).field("secret"),
        _ => Internal,
    };
    Failure::new(code, error.to_string())
}

/// [`DesktopError`] as a failure.
pub(crate) fn of_desktop(error: &DesktopError) -> Failure {
    match error {
        DesktopError::Browser(_) => {
            Failure::new(BrowserUnavailable, sentence(error)).hint("Copy the link and open it in a browser yourself.")
        }
        DesktopError::Clipboard(_) => {
            Failure::new(ClipboardUnavailable, sentence(error)).hint("Reveal the value and copy it by hand.")
        }
        DesktopError::Folder { path, cause } => {
            tracing::warn!(cause, "no folder was shown");
            Failure::new(FolderUnavailable, format!("The desktop did not show {}.", path.display()))
                .hint("It may have no program for folders. Copy the path and open it another way.")
        }
    }
}

/// The twin's refusal, in its own words.
pub(crate) fn of_twin(refusal: &AppRefusal) -> Failure {
    let failure = Failure::new(Refused, refusal.sentence.clone());
    match refusal.field {
        Some(field) => failure.field(field),
        None => failure,
    }
}

/// The sandbox could not be started.
pub(crate) fn of_sandbox_start(error: &StartError) -> Failure {
    tracing::warn!(%error, "sandbox");
    match error {
        StartError::PortTaken { .. } => Failure::new(PortTaken, sentence(error))
            .field("port")
            .hint("Choose another port, or leave it empty for any free one."),
        _ => Failure::new(Internal, sentence(error)),
    }
}

/// A fault rule that cannot be used.
pub(crate) fn of_fault_rule(error: &FaultRuleError) -> Failure {
    let field = match error.mistake.field() {
        "delay_ms" => "delayMs",
        "client_id" => "clientId",
        field => field,
    };
    Failure::new(Invalid, sentence(&error.mistake)).field(format!("rules.{}.{field}", error.place))
}

/// The database is from an earlier day.
pub(crate) fn older_database() -> Failure {
    Failure::new(
        FailureCode::OlderDatabase,
        "Gatewright's database is older than the one last used here: an old copy was put back, or another copy of it is in use.",
    )
    .hint("Until you confirm it, no tokens are refreshed and no secrets rotated: what was done since is not in it.")
}

/// A file could not be written.
pub(crate) fn file_not_written(path: &str, cause: &std::io::Error) -> Failure {
    tracing::warn!(%cause, "a file was not written");
    Failure::new(FailureCode::FileNotWritten, format!("{path} could not be written."))
        .hint("Choose another folder, or make room on the disk.")
}

/// The sandbox is needed and off.
pub(crate) fn sandbox_off() -> Failure {
    Failure::new(SandboxOff, "The sandbox is not running.").hint("Start it, then try again.")
}

/// A shared client is to be changed.
pub(crate) fn not_owned() -> Failure {
    Failure::new(NotOwned, "This client is shared with you: it can be tested, not changed.")
        .hint("Ask its owner to change it.")
}

/// The secret of a shared client is to be handed on.
pub(crate) fn not_to_hand_on(client: &str) -> Failure {
    Failure::new(NotOwned, format!("“{client}” is shared with you: its secret is not yours to hand on."))
        .hint("Ask its owner to hand it on, or export it without its secret.")
}

/// A provider has only a placeholder for a base URL.
pub(crate) fn base_url_missing(provider: &str) -> Failure {
    Failure::new(BaseUrlMissing, format!("{provider}'s document names no real host."))
        .hint("Fill in your server's base URL under Providers.")
}

/// A refresh token must not be sent, or its answer not be kept.
fn of_rotation(refusal: &TokenRotationRefusal) -> Failure {
    match refusal {
        TokenRotationRefusal::Leased { .. } => under_way(),
        TokenRotationRefusal::Ambiguous => grant_ambiguous(),
        TokenRotationRefusal::NotLive(_) => grant_over(),
        TokenRotationRefusal::Superseded { .. } | TokenRotationRefusal::NotBegun => changed_meanwhile(),
    }
}

/// A rotation of a client's secret that was not started or not changed.
fn of_secret_rotation(refusal: &SecretRotationRefusal) -> Failure {
    match refusal {
        SecretRotationRefusal::UnderWay(_) => {
            Failure::new(FailureCode::InUse, "The secret of this client is being rotated already.")
                .hint("Open that rotation; it is under Rotation.")
        }
        SecretRotationRefusal::Leased { .. } => {
            Failure::new(FailureCode::InUse, "Another step of this rotation is being done right now.")
                .hint("Wait for it; then look again.")
        }
        SecretRotationRefusal::GoneOn
        | SecretRotationRefusal::Impossible(RotationRefusal::Over | RotationRefusal::NotNow) => changed_meanwhile(),
        SecretRotationRefusal::Impossible(cause) => {
            Failure::new(Invalid, sentence(cause)).hint("Look at the rotation again: it says what can be done.")
        }
    }
}

/// A refresh that was not begun. Nothing was sent.
pub(crate) fn of_begin(refusal: &BeginRefusal) -> Failure {
    match refusal {
        BeginRefusal::UnderWay => under_way(),
        BeginRefusal::Ambiguous => grant_ambiguous(),
        BeginRefusal::NotLive => grant_over(),
        BeginRefusal::Superseded => changed_meanwhile(),
        BeginRefusal::NotWritten(_) => Failure::new(Internal, format!("Nothing was sent: {refusal}.")).hint(
            "A refresh token is sent only after that was written down. Make sure that there is room on the disk.",
        ),
    }
}

/// Something that was to be done with tokens and cannot be. Nothing was sent.
pub(crate) fn of_grant(error: &GrantError) -> Failure {
    match error {
        GrantError::Entropy(cause) => internal("No random numbers", cause),
        GrantError::Plan(PlanError::NoBaseUrl { provider }) => base_url_missing(provider),
        GrantError::Plan(PlanError::NoSecret { .. } | PlanError::Key(_)) => {
            Failure::new(SecretLost, sentence(error)).hint("Paste the secret again.")
        }
        GrantError::Plan(_) => Failure::new(Invalid, sentence(error))
            .hint("Nothing was sent. Compare the client and its provider's profile with what the provider says."),
    }
}

/// Two refreshes at once would be the same token sent twice.
fn under_way() -> Failure {
    Failure::new(FailureCode::InUse, "Another refresh of these tokens is under way.")
        .hint("Wait for it; then look again.")
}

/// Two refreshes in a row are too many for most providers.
pub(crate) fn too_soon(wait: std::time::Duration) -> Failure {
    Failure::new(FailureCode::InUse, "The tokens were refreshed a moment ago.")
        .hint(format!("Try again in {} seconds.", wait.as_secs().max(1)))
}

/// Whether the refresh token is used up is unknown.
pub(crate) fn grant_ambiguous() -> Failure {
    Failure::new(FailureCode::GrantAmbiguous, "The refresh token was sent before, and its answer never came: it may be used up.")
        .hint("Use the access token while it lives, log in again, or try once more; a provider that notices a second use may revoke everything that was granted.")
}

/// The grant is lost or ended.
pub(crate) fn grant_over() -> Failure {
    Failure::new(FailureCode::GrantOver, "These tokens cannot be refreshed any more.").hint("Log in again.")
}

/// What was shown is not there any more.
pub(crate) fn changed_meanwhile() -> Failure {
    Failure::new(FailureCode::ChangedMeanwhile, "This is not what was shown: it has changed in the meantime.")
        .hint("Look at it again, then decide.")
}

/// An input breaks a rule.
pub(crate) fn invalid(field: &str, message: impl Into<String>) -> Failure {
    Failure::new(Invalid, message).field(field)
}

/// A record is gone.
pub(crate) fn not_found(message: impl Into<String>) -> Failure {
    Failure::new(NotFound, message)
}

/// Something of ours broke.
pub(crate) fn internal(what: &str, cause: &(dyn std::error::Error + 'static)) -> Failure {
    tracing::error!(error = cause, "{what}");
    Failure::new(Internal, format!("{what}.")).hint("Try again; the log says more.")
}

/// An error's words as a sentence.
pub(crate) fn sentence(error: &impl ToString) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let start: String = letters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{start}{}{end}", letters.as_str())
}
