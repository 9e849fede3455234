//! The command table, answered. Each command is one line here and a use case elsewhere.

use gatewright_contract::app::{AppState, Nothing};
use gatewright_contract::audit::{AuditExport, AuditExported, AuditList, AuditQuery};
use gatewright_contract::client::{
    ClientChange, ClientDetail, ClientDraft, ClientEnter, ClientList, ClientQuery, ClientRef, ClientRegister, Deleted,
    DraftFindings,
};
use gatewright_contract::discovery::{Discovery, DiscoveryAdopt, IssuerText, MetadataChange, OfferDecision};
use gatewright_contract::evidence::{EvidenceList, PictureRef, PictureShown, PictureStock, PictureStockQuery};
use gatewright_contract::fault::{FaultRules, Faults};
use gatewright_contract::handover::{
    BackupMade, BackupMake, BackupReady, BackupRestore, BackupState, Exported, ImportLook, ImportPreview, ImportRef,
    ImportTake, Imported, PlainExport, SealedExport,
};
use gatewright_contract::lab::{
    CancelCorrection, CancelLab, CancelLabQuery, RedirectLab, RedirectLabQuery, RedirectTrial, RedirectTried,
};
use gatewright_contract::login::{CallbackPasted, LoginAddress, LoginStart};
use gatewright_contract::observation::{ObservationPlace, ObservationReport, ObservationReportSave, Observations};
use gatewright_contract::path::{PathAnswer, PathQuestion, PlaceRef};
use gatewright_contract::preflight::{Preflight, PreflightAsking, PreflightRef, PreflightStart};
use gatewright_contract::provider::{
    BaseUrlChange, NearbyHostRef, ProfileCheck, ProfileFindings, ProfileText, ProviderDetail, ProviderList, ProviderRef,
};
use gatewright_contract::registration::{
    CreationOffer, ProviderPlace, RegistrationCreate, RegistrationDelete, RegistrationImport, RegistrationRead,
    RegistrationState, SecretProved,
};
use gatewright_contract::report::{CurlCommand, ExchangePlace, ReportExport, ReportProgress};
use gatewright_contract::result::{
    DiagramSaved, Drawing, RunCompareQuery, RunComparison, RunDiagramQuery, RunDiagramSave, RunStock, RunStockQuery,
    RunTagging, RunTags, RunTrend, RunTrendQuery, SavedFilter, SavedFilterRef, SavedFilters,
};
use gatewright_contract::rotation::{
    DeploymentTick, RotationBoard, RotationBoardQuery, RotationConfirm, RotationDetail, RotationLogin, RotationOptions,
    RotationPaste, RotationRef, RotationStart,
};
use gatewright_contract::run::{RunDetail, RunList, RunQuery, RunRef, RunRefs, TokenRef};
use gatewright_contract::sandbox::{SandboxLog, SandboxStart, SandboxState};
use gatewright_contract::secret::{Copied, Revealed, SecretPaste, SecretRef};
use gatewright_contract::secret_search::{SecretSearch, SecretSearchStart, SecretSought, SecretsRecognised};
use gatewright_contract::secret_version::{
    DeploymentAdd, DeploymentRef, DeploymentRename, DeploymentVersion, SecretBinding, SecretBindingConfirm,
    SecretPolicyChange,
};
use gatewright_contract::settings::{KeyringState, Settings};
use gatewright_contract::snippet::{ClientSnippet, SnippetWish};
use gatewright_contract::test_user::{
    TestUserChange, TestUserCreate, TestUserDetail, TestUserList, TestUserQuery, TestUserRef,
};
use gatewright_contract::token::{JwtDetail, TokenRefresh};
use gatewright_contract::walk::{
    RunWalk, WalkDetail, WalkJudge, WalkList, WalkPlanDetail, WalkPlanDuplicate, WalkPlanFindings, WalkPlanList,
    WalkPlanRead, WalkPlanRef, WalkPlanSave, WalkPlanText, WalkQuery, WalkRef, WalkScenarioRef, WalkScenariosStart,
    WalkSkip, WalkStart,
};
use gatewright_contract::{Event, Failure, Handler};
use gatewright_model::ClientRecordId;
use gatewright_store::setting;

use crate::{App, failure, settings};

/// Commands and their answers: on each line a command of the table and the use case that does it. A table, because as functions they
/// would be five hundred lines of which a reader needs one in five.
macro_rules! answers {
    ($( $command:ident($app:ident, $request:tt: $question:ty) -> $answer:ty { $($use_case:tt)+ } )+) => {
        $(
            async fn $command(&$app, $request: $question) -> Result<$answer, Failure> {
                $($use_case)+
            }
        )+
    };
}

impl Handler for App {
    answers! {
        app_state(self, _: Nothing) -> AppState { self.state().await }
        client_list(self, query: ClientQuery) -> ClientList { self.clients(query).await }
        client_show(self, request: ClientRef) -> ClientDetail { self.client_detail(&ClientRecordId::new(request.client)).await }
        client_check(self, draft: ClientDraft) -> DraftFindings { self.check_client(draft).await }
        client_register(self, request: ClientRegister) -> ClientDetail { self.register_client(request).await }
        client_enter(self, request: ClientEnter) -> ClientDetail { self.enter_client(request).await }
        client_change(self, request: ClientChange) -> ClientDetail { self.change_client(request).await }
        client_duplicate(self, request: ClientRef) -> ClientDetail { self.duplicate_client(&request.client).await }
        client_delete(self, request: ClientRef) -> Deleted { self.delete_client(&request.client).await }
        client_restore(self, request: ClientRef) -> ClientDetail { self.restore_client(&request.client).await }
        client_snippet(self, wish: SnippetWish) -> ClientSnippet { self.client_snippet_of(wish).await }
        creation_offer(self, request: ProviderPlace) -> CreationOffer { self.offer_creation(&request) }
        registration_create(self, request: RegistrationCreate) -> ClientDetail { self.create_registration(request).await }
        registration_import(self, request: RegistrationImport) -> ClientDetail { self.import_registration(request).await }
        registration_show(self, request: ClientRef) -> RegistrationState { self.show_registration(&request.client).await }
        registration_read(self, request: RegistrationRead) -> RegistrationState { self.read_registration(request).await }
        registration_push(self, request: ClientRef) -> RegistrationState { self.push_registration(&request.client).await }
        registration_withdraw(self, request: ClientRef) -> RegistrationState { self.withdraw_agreement(&request.client).await }
        registration_delete(self, request: RegistrationDelete) -> RegistrationState { self.delete_registration(request).await }
        secret_prove(self, request: ClientRef) -> SecretProved { self.prove_secret(&request.client).await }
        secret_reveal(self, request: SecretRef) -> Revealed { self.reveal(request).await }
        secret_copy(self, request: SecretRef) -> Copied { self.copy_secret(request).await }
        secret_paste(self, request: SecretPaste) -> ClientDetail { self.paste_secret(request).await }
        secret_recognise(self, request: SecretSought) -> SecretsRecognised { self.recognise_secret(request).await }
        secret_search_start(self, request: SecretSearchStart) -> SecretSearch { self.start_secret_search(request).await }
        secret_search_show(self, _: Nothing) -> SecretSearch { Ok(self.secret_search_now()) }
        secret_search_stop(self, _: Nothing) -> SecretSearch { Ok(self.stop_secret_search()) }
        rotation_board(self, request: RotationBoardQuery) -> RotationBoard { self.rotation_board_page(request).await }
        rotation_options(self, request: ClientRef) -> RotationOptions { self.rotation_ways(&request.client).await }
        rotation_start(self, request: RotationStart) -> RotationDetail { self.start_rotation(request).await }
        rotation_show(self, request: RotationRef) -> RotationDetail { self.rotation_detail(&request.rotation).await }
        rotation_prove_old(self, request: RotationRef) -> RotationDetail { self.prove_old_secret(&request.rotation).await }
        rotation_obtain(self, request: RotationConfirm) -> RotationDetail { self.obtain_new_secret(&request).await }
        rotation_paste_new(self, request: RotationPaste) -> RotationDetail { self.paste_new_secret(request).await }
        rotation_store_again(self, request: RotationRef) -> RotationDetail { self.store_new_secret_again(&request.rotation).await }
        rotation_tick_deployment(self, request: DeploymentTick) -> RotationDetail { self.tick_deployment(request).await }
        rotation_prove_new(self, request: RotationRef) -> RotationDetail { self.prove_new_secret(&request.rotation).await }
        rotation_login(self, request: RotationLogin) -> RunRef { self.prove_by_login(request).await }
        rotation_promote(self, request: RotationConfirm) -> RotationDetail { self.promote_new_secret(&request).await }
        rotation_retire(self, request: RotationConfirm) -> RotationDetail { self.retire_old_secret(&request).await }
        rotation_pass_over(self, request: RotationConfirm) -> RotationDetail { self.pass_step_over(&request).await }
        rotation_roll_back(self, request: RotationConfirm) -> RotationDetail { self.roll_rotation_back(&request).await }
        rotation_abandon(self, request: RotationConfirm) -> RotationDetail { self.abandon_rotation(&request).await }
        secret_set_policy(self, request: SecretPolicyChange) -> ClientDetail { self.set_secret_policy(request).await }
        secret_binding(self, request: ClientRef) -> SecretBinding { self.secret_binding_of(&request.client).await }
        secret_confirm_binding(self, request: SecretBindingConfirm) -> ClientDetail { self.confirm_secret_binding(request).await }
        deployment_add(self, request: DeploymentAdd) -> ClientDetail { self.add_deployment(request).await }
        deployment_rename(self, request: DeploymentRename) -> ClientDetail { self.rename_deployment(request).await }
        deployment_set_version(self, request: DeploymentVersion) -> ClientDetail { self.set_deployed_version(request).await }
        deployment_remove(self, request: DeploymentRef) -> Deleted { self.remove_deployment(&request.deployment).await }
        deployment_restore(self, request: DeploymentRef) -> ClientDetail { self.restore_deployment(&request.deployment).await }
        test_user_list(self, query: TestUserQuery) -> TestUserList { self.list_test_users(query).await }
        test_user_create(self, request: TestUserCreate) -> TestUserDetail { self.create_test_user(request).await }
        test_user_create_from_twin(self, request: ProviderPlace) -> TestUserList { self.create_test_users_from_twin(request).await }
        test_user_change(self, request: TestUserChange) -> TestUserDetail { self.change_test_user(request).await }
        test_user_delete(self, request: TestUserRef) -> Deleted { self.delete_test_user(&request).await }
        test_user_restore(self, request: TestUserRef) -> TestUserDetail { self.restore_test_user(&request).await }
        test_user_forget_storage(self, request: TestUserRef) -> TestUserDetail { self.forget_storage(&request).await }
        audit_list(self, query: AuditQuery) -> AuditList { self.audit_page(query).await }
        audit_export(self, request: AuditExport) -> AuditExported { self.export_audit(request).await }
        preflight_start(self, request: PreflightStart) -> PreflightRef { Box::pin(self.start_preflight(request)).await }
        preflight_show(self, request: PreflightRef) -> Preflight { self.show_preflight(&request) }
        preflight_set_asking(self, request: PreflightAsking) -> Nothing { self.set_preflight_asking(request).await.map(|()| Nothing {}) }
        cancel_lab_start(self, request: LoginStart) -> RunRef { Box::pin(self.start_cancel_lab(request)).await }
        cancel_lab_show(self, request: CancelLabQuery) -> CancelLab { self.cancel_lab(request).await }
        cancel_lab_correct(self, request: CancelCorrection) -> Nothing { self.correct_cancel(request).await.map(|()| Nothing {}) }
        redirect_lab_show(self, request: RedirectLabQuery) -> RedirectLab { self.redirect_lab(request).await }
        redirect_lab_try(self, request: RedirectTrial) -> RedirectTried { self.try_redirect(request).await }
        login_start(self, request: LoginStart) -> RunRef { self.start_login(request).await }
        login_paste(self, request: CallbackPasted) -> RunRef { self.paste_callback(request) }
        login_address(self, request: RunRef) -> LoginAddress { self.login_address_of(&request) }
        login_focus(self, request: RunRef) -> Nothing { self.focus_login(&request).map(|()| Nothing {}) }
        run_list(self, query: RunQuery) -> RunList { self.runs(query).await }
        run_show(self, request: RunRef) -> RunDetail { self.run_detail(&request).await }
        run_delete(self, request: RunRefs) -> Deleted { self.delete_runs(request).await }
        run_restore(self, request: RunRefs) -> Nothing { self.restore_runs(request).await.map(|()| Nothing {}) }
        report_export(self, request: ReportExport) -> ReportProgress { self.export_report(request).await }
        report_show(self, _: Nothing) -> ReportProgress { Ok(self.report_now()) }
        report_stop(self, _: Nothing) -> ReportProgress { Ok(self.stop_report()) }
        exchange_as_curl(self, request: ExchangePlace) -> CurlCommand { self.curl_of(&request).await }
        run_diagram(self, query: RunDiagramQuery) -> Drawing { self.draw_run(query).await }
        run_diagram_save(self, request: RunDiagramSave) -> DiagramSaved { self.save_diagram(request).await }
        run_compare(self, query: RunCompareQuery) -> RunComparison { self.compare_runs(query).await }
        run_tags(self, _: Nothing) -> RunTags { self.run_tags_in_use().await }
        run_tag(self, request: RunTagging) -> RunTags { self.tag_runs(request).await }
        run_untag(self, request: RunTagging) -> RunTags { self.untag_runs(request).await }
        filter_list(self, _: Nothing) -> SavedFilters { self.saved_filters().await }
        filter_save(self, request: SavedFilter) -> SavedFilters { self.save_filter(request).await }
        filter_remove(self, request: SavedFilterRef) -> SavedFilters { self.remove_filter(request).await }
        run_trend(self, query: RunTrendQuery) -> RunTrend { self.run_trend_of(query).await }
        run_stock(self, query: RunStockQuery) -> RunStock { self.stock_of_runs(query).await }
        token_copy(self, request: TokenRef) -> Copied { self.copy_token(request).await }
        evidence_list(self, request: RunRef) -> EvidenceList { self.evidence_pages(&request).await }
        evidence_picture(self, request: PictureRef) -> PictureShown { self.picture(&request).await }
        evidence_delete(self, request: PictureRef) -> Deleted { self.delete_picture(&request).await }
        evidence_restore(self, request: PictureRef) -> Nothing { self.restore_picture(&request).await.map(|()| Nothing {}) }
        evidence_stock(self, request: PictureStockQuery) -> PictureStock { self.picture_stock(&request).await }
        token_refresh(self, request: TokenRefresh) -> RunDetail { self.refresh_tokens(request).await }
        token_revoke(self, request: TokenRef) -> RunDetail { self.revoke_token(request).await }
        token_introspect(self, request: TokenRef) -> RunDetail { self.introspect_token(request).await }
        token_userinfo(self, request: RunRef) -> RunDetail { self.ask_identity(request).await }
        token_decode(self, request: TokenRef) -> JwtDetail { self.decode_token(request).await }
        login_end(self, request: RunRef) -> RunDetail { Box::pin(self.begin_logout(request)).await }
        walk_plans(self, _: Nothing) -> WalkPlanList { self.walk_plan_page().await }
        walk_plan_show(self, request: WalkPlanRef) -> WalkPlanDetail { self.walk_plan_detail(&request).await }
        walk_plan_check(self, request: WalkPlanText) -> WalkPlanFindings { self.check_walk_plan(&request).await }
        walk_plan_save(self, request: WalkPlanSave) -> WalkPlanDetail { self.save_walk_plan(request).await }
        walk_plan_take_back(self, request: WalkPlanRead) -> WalkPlanDetail { self.take_back_walk_plan(request).await }
        walk_plan_duplicate(self, request: WalkPlanDuplicate) -> WalkPlanDetail { self.duplicate_walk_plan(request).await }
        walk_plan_delete(self, request: WalkPlanRef) -> Deleted { self.delete_walk_plan(&request).await }
        walk_plan_restore(self, request: WalkPlanRef) -> WalkPlanDetail { self.restore_walk_plan(&request).await }
        walk_start(self, request: WalkStart) -> WalkDetail { self.start_walk(request).await }
        walk_list(self, query: WalkQuery) -> WalkList { self.walk_page(query).await }
        walk_show(self, request: WalkRef) -> WalkDetail { self.walk_detail(&request).await }
        walk_scenario_start(self, request: WalkScenarioRef) -> WalkDetail { Box::pin(self.start_scenario(request)).await }
        walk_scenarios_start(self, request: WalkScenariosStart) -> WalkDetail { self.start_scenarios(request).await }
        walk_scenarios_end(self, request: WalkRef) -> WalkDetail { self.end_queue(&request).await }
        walk_judge(self, request: WalkJudge) -> WalkDetail { self.judge_scenario(request).await }
        walk_skip(self, request: WalkSkip) -> WalkDetail { self.skip_scenario(request).await }
        walk_pause(self, request: WalkRef) -> WalkDetail { self.pause_walk(&request).await }
        walk_resume(self, request: WalkRef) -> WalkDetail { self.resume_walk(&request).await }
        walk_delete(self, request: WalkRef) -> Deleted { self.delete_walk(&request).await }
        walk_restore(self, request: WalkRef) -> WalkDetail { self.restore_walk(&request).await }
        run_walk(self, request: RunRef) -> RunWalk { self.walk_of_run(request).await }
        provider_list(self, _: Nothing) -> ProviderList { self.providers().await }
        provider_show(self, request: ProviderRef) -> ProviderDetail { self.provider_detail(&request.provider).await }
        observations_show(self, place: ObservationPlace) -> Observations { self.observations(&place).await }
        observations_renew(self, place: ObservationPlace) -> Observations { self.renew_observations(&place).await }
        observation_report(self, place: ObservationPlace) -> ObservationReport { self.observation_report_of(&place).await }
        observation_report_save(self, request: ObservationReportSave) -> ObservationReport { self.save_observation_report(request).await }
        provider_set_base_url(self, request: BaseUrlChange) -> ProviderDetail { self.set_base_url(request).await }
        provider_text(self, request: ProviderRef) -> ProfileText { self.profile_text(&request.provider).await }
        provider_check(self, request: ProfileCheck) -> ProfileFindings { Ok(self.check_profile(&request)) }
        provider_save(self, request: ProfileCheck) -> ProviderDetail { self.save_profile(request).await }
        provider_delete(self, request: ProviderRef) -> Nothing { self.delete_profile(&request.provider).await.map(|()| Nothing {}) }
        provider_discover(self, request: IssuerText) -> Discovery { self.discover_issuer(request).await }
        provider_adopt(self, request: DiscoveryAdopt) -> ProviderDetail { self.adopt_issuer(request).await }
        provider_refresh(self, request: ProviderRef) -> MetadataChange { self.refresh_metadata(&request.provider).await }
        provider_accept_change(self, request: OfferDecision) -> ProviderDetail { self.accept_offer(request).await }
        provider_decline_change(self, request: OfferDecision) -> ProviderDetail { self.decline_offer(request).await }
        nearby_host_confirm(self, request: NearbyHostRef) -> ProviderDetail { self.confirm_nearby(request).await }
        nearby_host_withdraw(self, request: NearbyHostRef) -> ProviderDetail { self.withdraw_nearby(&request).await }
        sandbox_state(self, _: Nothing) -> SandboxState { Ok(self.sandbox_now().await) }
        sandbox_start(self, request: SandboxStart) -> SandboxState { self.start_sandbox(request).await }
        sandbox_stop(self, _: Nothing) -> SandboxState { Ok(self.stop_sandbox().await) }
        sandbox_log(self, _: Nothing) -> SandboxLog { Ok(self.sandbox_requests().await) }
        sandbox_log_clear(self, _: Nothing) -> SandboxLog { Ok(self.clear_sandbox_requests().await) }
        sandbox_faults(self, _: Nothing) -> Faults { Ok(self.faults().await) }
        sandbox_faults_set(self, request: FaultRules) -> Faults { self.set_faults(request).await }
        clients_export(self, request: PlainExport) -> Exported { self.export_plain(request).await }
        clients_export_sealed(self, request: SealedExport) -> Exported { self.export_sealed(request).await }
        import_look(self, request: ImportLook) -> ImportPreview { self.look_at_import(request).await }
        import_take(self, request: ImportTake) -> Imported { self.take_import(request).await }
        import_undo(self, request: ImportRef) -> Nothing { self.undo_import(&request.import).await.map(|()| Nothing {}) }
        backup_make(self, request: BackupMake) -> BackupMade { self.make_backup(request).await }
        backup_restore(self, request: BackupRestore) -> BackupReady { self.restore_backup(request).await }
        backup_state(self, _: Nothing) -> BackupState { Ok(self.backup_state_now()) }
        backup_stop(self, _: Nothing) -> BackupState { Ok(self.stop_backup()) }
        place_show(self, request: PlaceRef) -> Nothing { self.show_place(request.known).await.map(|()| Nothing {}) }
        settings_show(self, _: Nothing) -> Settings { Ok(self.0.settings.get()) }
        keyring_probe(self, _: Nothing) -> KeyringState { self.probe_keyring().await }
        database_confirm_older(self, _: Nothing) -> AppState { self.confirm_older_database().await }
    }

    async fn creation_page_open(&self, request: ProviderPlace) -> Result<Nothing, Failure> {
        self.open_creation_page(&request)?;
        Ok(Nothing {})
    }

    async fn login_cancel(&self, request: RunRef) -> Result<Nothing, Failure> {
        self.stop_login(&request);
        Ok(Nothing {})
    }

    async fn restart(&self, _: Nothing) -> Result<Nothing, Failure> {
        self.0.options.desktop.restart();
        Ok(Nothing {})
    }

    async fn path_choose(&self, request: PathQuestion) -> Result<PathAnswer, Failure> {
        let chosen = self.0.options.desktop.choose_path(request).await;
        Ok(PathAnswer { path: chosen.map(|path| path.display().to_string()) })
    }

    async fn settings_change(&self, request: Settings) -> Result<Settings, Failure> {
        let settings = settings::bounded(request);
        let kept = settings.clone();
        self.store()?
            .write_durably(move |tx| setting::put(tx, settings::KEY, &kept))
            .await
            .map_err(failure::of_store)?;
        self.0.settings.set(settings.clone());
        self.tell(Event::SettingsChanged);
        let app = self.clone();
        self.0.tasks.spawn(async move {
            app.remove_old_values().await;
            app.remove_old_pictures().await;
            app.remove_old_runs().await;
        });
        Ok(settings)
    }
}
