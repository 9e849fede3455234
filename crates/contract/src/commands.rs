//! The command table.

pub mod names;
mod table;

#[allow(clippy::wildcard_imports, reason = "the table names nearly every type of the wire")]
use self::names::*;
use self::table::commands;
use crate::failure::Failure;

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
    client_snippet(SnippetWish) -> ClientSnippet;

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
    /// Takes back what the person agreed to: that another place than the provider's own may look after a client.
    registration_withdraw(ClientRef) -> RegistrationState;
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
    preflight_start(PreflightStart) -> PreflightRef;
    /// How a preflight stands.
    preflight_show(PreflightRef) -> Preflight;
    /// Lets a provider's authorization endpoint be asked before logins, or leaves it alone.
    preflight_set_asking(PreflightAsking) -> Nothing;

    /// Starts a login in which the person is going to cancel on the provider's page.
    cancel_lab_start(LoginStart) -> RunRef;
    /// What is known of a provider's cancel at one of its servers.
    cancel_lab_show(CancelLabQuery) -> CancelLab;
    /// Takes the person's word for what they saw where nothing came back.
    cancel_lab_correct(CancelCorrection) -> Nothing;
    /// One redirect URI of a client: what is registered, what is sent, where they differ, how it is caught.
    redirect_lab_show(RedirectLabQuery) -> RedirectLab;
    /// Catches a visit to a redirect URI on this computer, to see whether that works. Nothing is kept.
    redirect_lab_try(RedirectTrial) -> RedirectTried;

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
    /// Draws a run: who sent what to whom, or how long what took.
    run_diagram(RunDiagramQuery) -> Drawing;
    /// Draws a run into a file, as SVG or PNG.
    run_diagram_save(RunDiagramSave) -> DiagramSaved;
    /// A run beside another: what differs, and what of that means nothing.
    run_compare(RunCompareQuery) -> RunComparison;
    /// Every tag that is on a run.
    run_tags(Nothing) -> RunTags;
    /// Puts a tag on runs.
    run_tag(RunTagging) -> RunTags;
    /// Takes a tag off runs.
    run_untag(RunTagging) -> RunTags;
    /// The filters of the list of runs that have names.
    filter_list(Nothing) -> SavedFilters;
    /// Keeps a filter under its name, in the place of what was kept under it.
    filter_save(SavedFilter) -> SavedFilters;
    /// Forgets a filter.
    filter_remove(SavedFilterRef) -> SavedFilters;
    /// What became of runs day by day, drawn and as numbers.
    run_trend(RunTrendQuery) -> RunTrend;
    /// How many runs there are, and how many would go if they were kept a number of days.
    run_stock(RunStockQuery) -> RunStock;
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

    /// Begins to write a report; how that goes is told by events. One that is being written is stopped.
    report_export(ReportExport) -> ReportProgress;
    /// How the last report stands.
    report_show(Nothing) -> ReportProgress;
    /// Stops the report that is being written; nothing of it is left.
    report_stop(Nothing) -> ReportProgress;
    /// An exchange of a run as a command for a shell, with variables where secrets were.
    exchange_as_curl(ExchangePlace) -> CurlCommand;

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

    /// Every plan for consent walks, the ready ones first.
    walk_plans(Nothing) -> WalkPlanList;
    /// One plan with its scenarios and its text.
    walk_plan_show(WalkPlanRef) -> WalkPlanDetail;
    /// Judges the text of a plan; changes nothing.
    walk_plan_check(WalkPlanText) -> WalkPlanFindings;
    /// Keeps a plan of the person's own, new or changed, as a file in the folder of their plans. Not where that file has changed since it
    /// was read.
    walk_plan_save(WalkPlanSave) -> WalkPlanDetail;
    /// Takes back that this was written over a file, for as long as a deletion can be taken back; what was in the file is there again.
    walk_plan_take_back(WalkPlanRead) -> WalkPlanDetail;
    /// Makes a plan of the person's own from any other.
    walk_plan_duplicate(WalkPlanDuplicate) -> WalkPlanDetail;
    /// Deletes a plan of the person's own; it can be restored until `Deleted.undo_until`.
    walk_plan_delete(WalkPlanRef) -> Deleted;
    /// Takes that deletion back.
    walk_plan_restore(WalkPlanRef) -> WalkPlanDetail;
    /// Starts a walk through the scenarios of a plan. Nothing is sent before the first scenario is started.
    walk_start(WalkStart) -> WalkDetail;
    /// One page of walks, newest first.
    walk_list(WalkQuery) -> WalkList;
    /// One walk with its scenarios.
    walk_show(WalkRef) -> WalkDetail;
    /// Starts a scenario of a walk, also again, and with it its first login. A walk that was paused goes on.
    walk_scenario_start(WalkScenarioRef) -> WalkDetail;
    /// Starts scenarios of a walk one after the other, each as soon as the one before has its verdict, whatever the window shows. Pausing
    /// the walk ends that at once.
    walk_scenarios_start(WalkScenariosStart) -> WalkDetail;
    /// Lets no further scenario start by itself; the one that goes on comes to its end.
    walk_scenarios_end(WalkRef) -> WalkDetail;
    /// Writes down what the person found: verdict, notes, answers. The machine's verdict stays beside it.
    walk_judge(WalkJudge) -> WalkDetail;
    /// Leaves a scenario out, with a reason.
    walk_skip(WalkSkip) -> WalkDetail;
    /// Puts a walk aside, to be gone on with on another day. A scenario that goes on is stopped and can be begun again.
    walk_pause(WalkRef) -> WalkDetail;
    /// Goes on with a walk that was put aside.
    walk_resume(WalkRef) -> WalkDetail;
    /// Deletes a walk; it can be restored until `Deleted.undo_until`. Its runs stay.
    walk_delete(WalkRef) -> Deleted;
    /// Takes that deletion back.
    walk_restore(WalkRef) -> WalkDetail;
    /// Which scenario of which walk started a run.
    run_walk(RunRef) -> RunWalk;

    /// Every provider, the built-in ones first.
    provider_list(Nothing) -> ProviderList;
    /// What one profile says, each statement with its mark and place.
    provider_show(ProviderRef) -> ProviderDetail;
    /// What runs have shown of the statements of a profile.
    observations_show(ObservationPlace) -> Observations;
    /// Looks through a provider's newest runs again.
    observations_renew(ObservationPlace) -> Observations;
    /// What the provider's document says beside what was seen, to send to the provider.
    observation_report(ObservationPlace) -> ObservationReport;
    /// Saves that report as a file.
    observation_report_save(ObservationReportSave) -> ObservationReport;
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
    /// Writes the database and every entry of the keyring to one encrypted file, and the pictures of login pages where they are wanted.
    backup_make(BackupMake) -> BackupMade;
    /// Opens a backup and gets it ready: at the next start it takes the place of what is here, which is put aside.
    backup_restore(BackupRestore) -> BackupReady;
    /// How backup and restore stand: how far the one is that is under way, and which backup waits for the next start.
    backup_state(Nothing) -> BackupState;
    /// Stops it; nothing of it is left. Whoever waits for it is told.
    backup_stop(Nothing) -> BackupState;
    /// Ends Gatewright and starts it again.
    restart(Nothing) -> Nothing;

    /// Asks the person for a file or folder, in the desktop's own dialog.
    path_choose(PathQuestion) -> PathAnswer;
    /// Shows a file that was written, or a folder that was told of, in the desktop's own program for files.
    place_show(PlaceRef) -> Nothing;

    /// The settings.
    settings_show(Nothing) -> Settings;
    /// Changes the settings.
    settings_change(Settings) -> Settings;
    /// Writes a probe to the keyring, reads it back, deletes it, and says how that went.
    keyring_probe(Nothing) -> KeyringState;
    /// The person knows that the database is from an earlier day and goes on with it.
    database_confirm_older(Nothing) -> AppState;
}
