//! The command table, answered. Each command is one line here and a use case elsewhere.

use gatewright_contract::app::{AppState, Nothing};
use gatewright_contract::audit::{AuditExport, AuditExported, AuditList, AuditQuery};
use gatewright_contract::client::{
    ClientChange, ClientDetail, ClientDraft, ClientEnter, ClientList, ClientQuery, ClientRef, ClientRegister, Deleted,
    DraftFindings,
};
use gatewright_contract::discovery::{Discovery, DiscoveryAdopt, IssuerText, MetadataChange, OfferDecision};
use gatewright_contract::fault::{FaultRules, Faults};
use gatewright_contract::handover::{
    BackupMade, BackupMake, BackupReady, BackupRestore, Exported, ImportLook, ImportPreview, ImportRef, ImportTake,
    Imported, PlainExport, SealedExport,
};
use gatewright_contract::login::{CallbackPasted, LoginAddress, LoginStart};
use gatewright_contract::path::{PathAnswer, PathQuestion};
use gatewright_contract::provider::{
    BaseUrlChange, ProfileCheck, ProfileFindings, ProfileText, ProviderDetail, ProviderList, ProviderRef,
};
use gatewright_contract::registration::{
    CreationOffer, ProviderPlace, RegistrationCreate, RegistrationDelete, RegistrationImport, RegistrationRead,
    RegistrationState, SecretProved,
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
use gatewright_contract::token::{JwtDetail, TokenRefresh};
use gatewright_contract::{Event, Failure, Handler};
use gatewright_model::ClientRecordId;
use gatewright_store::setting;

use crate::{App, failure, settings};

impl Handler for App {
    async fn app_state(&self, _: Nothing) -> Result<AppState, Failure> {
        self.state().await
    }

    async fn client_list(&self, query: ClientQuery) -> Result<ClientList, Failure> {
        self.clients(query).await
    }

    async fn client_show(&self, request: ClientRef) -> Result<ClientDetail, Failure> {
        self.client_detail(&ClientRecordId::new(request.client)).await
    }

    async fn client_check(&self, draft: ClientDraft) -> Result<DraftFindings, Failure> {
        self.check_client(draft).await
    }

    async fn client_register(&self, request: ClientRegister) -> Result<ClientDetail, Failure> {
        self.register_client(request).await
    }

    async fn client_enter(&self, request: ClientEnter) -> Result<ClientDetail, Failure> {
        self.enter_client(request).await
    }

    async fn client_change(&self, request: ClientChange) -> Result<ClientDetail, Failure> {
        self.change_client(request).await
    }

    async fn client_duplicate(&self, request: ClientRef) -> Result<ClientDetail, Failure> {
        self.duplicate_client(&request.client).await
    }

    async fn client_delete(&self, request: ClientRef) -> Result<Deleted, Failure> {
        self.delete_client(&request.client).await
    }

    async fn client_restore(&self, request: ClientRef) -> Result<ClientDetail, Failure> {
        self.restore_client(&request.client).await
    }

    async fn creation_offer(&self, request: ProviderPlace) -> Result<CreationOffer, Failure> {
        self.offer_creation(&request).await
    }

    async fn creation_page_open(&self, request: ProviderPlace) -> Result<Nothing, Failure> {
        self.open_creation_page(&request).await?;
        Ok(Nothing {})
    }

    async fn registration_create(&self, request: RegistrationCreate) -> Result<ClientDetail, Failure> {
        self.create_registration(request).await
    }

    async fn registration_import(&self, request: RegistrationImport) -> Result<ClientDetail, Failure> {
        self.import_registration(request).await
    }

    async fn registration_show(&self, request: ClientRef) -> Result<RegistrationState, Failure> {
        self.show_registration(&request.client).await
    }

    async fn registration_read(&self, request: RegistrationRead) -> Result<RegistrationState, Failure> {
        self.read_registration(request).await
    }

    async fn registration_push(&self, request: ClientRef) -> Result<RegistrationState, Failure> {
        self.push_registration(&request.client).await
    }

    async fn registration_delete(&self, request: RegistrationDelete) -> Result<RegistrationState, Failure> {
        self.delete_registration(request).await
    }

    async fn secret_prove(&self, request: ClientRef) -> Result<SecretProved, Failure> {
        self.prove_secret(&request.client).await
    }

    async fn secret_reveal(&self, request: SecretRef) -> Result<Revealed, Failure> {
        self.reveal(request).await
    }

    async fn secret_copy(&self, request: SecretRef) -> Result<Copied, Failure> {
        self.copy_secret(request).await
    }

    async fn secret_paste(&self, request: SecretPaste) -> Result<ClientDetail, Failure> {
        self.paste_secret(request).await
    }

    async fn secret_recognise(&self, request: SecretSought) -> Result<SecretsRecognised, Failure> {
        self.recognise_secret(request).await
    }

    async fn secret_search_start(&self, request: SecretSearchStart) -> Result<SecretSearch, Failure> {
        self.start_secret_search(request).await
    }

    async fn secret_search_show(&self, _: Nothing) -> Result<SecretSearch, Failure> {
        Ok(self.secret_search_now())
    }

    async fn secret_search_stop(&self, _: Nothing) -> Result<SecretSearch, Failure> {
        Ok(self.stop_secret_search())
    }

    async fn rotation_board(&self, request: RotationBoardQuery) -> Result<RotationBoard, Failure> {
        self.rotation_board_page(request).await
    }

    async fn rotation_options(&self, request: ClientRef) -> Result<RotationOptions, Failure> {
        self.rotation_ways(&request.client).await
    }

    async fn rotation_start(&self, request: RotationStart) -> Result<RotationDetail, Failure> {
        self.start_rotation(request).await
    }

    async fn rotation_show(&self, request: RotationRef) -> Result<RotationDetail, Failure> {
        self.rotation_detail(&request.rotation).await
    }

    async fn rotation_prove_old(&self, request: RotationRef) -> Result<RotationDetail, Failure> {
        self.prove_old_secret(&request.rotation).await
    }

    async fn rotation_obtain(&self, request: RotationConfirm) -> Result<RotationDetail, Failure> {
        self.obtain_new_secret(&request).await
    }

    async fn rotation_paste_new(&self, request: RotationPaste) -> Result<RotationDetail, Failure> {
        self.paste_new_secret(request).await
    }

    async fn rotation_store_again(&self, request: RotationRef) -> Result<RotationDetail, Failure> {
        self.store_new_secret_again(&request.rotation).await
    }

    async fn rotation_tick_deployment(&self, request: DeploymentTick) -> Result<RotationDetail, Failure> {
        self.tick_deployment(request).await
    }

    async fn rotation_prove_new(&self, request: RotationRef) -> Result<RotationDetail, Failure> {
        self.prove_new_secret(&request.rotation).await
    }

    async fn rotation_login(&self, request: RotationLogin) -> Result<RunRef, Failure> {
        self.prove_by_login(request).await
    }

    async fn rotation_promote(&self, request: RotationConfirm) -> Result<RotationDetail, Failure> {
        self.promote_new_secret(&request).await
    }

    async fn rotation_retire(&self, request: RotationConfirm) -> Result<RotationDetail, Failure> {
        self.retire_old_secret(&request).await
    }

    async fn rotation_pass_over(&self, request: RotationConfirm) -> Result<RotationDetail, Failure> {
        self.pass_step_over(&request).await
    }

    async fn rotation_roll_back(&self, request: RotationConfirm) -> Result<RotationDetail, Failure> {
        self.roll_rotation_back(&request).await
    }

    async fn rotation_abandon(&self, request: RotationConfirm) -> Result<RotationDetail, Failure> {
        self.abandon_rotation(&request).await
    }

    async fn secret_set_policy(&self, request: SecretPolicyChange) -> Result<ClientDetail, Failure> {
        self.set_secret_policy(request).await
    }

    async fn secret_binding(&self, request: ClientRef) -> Result<SecretBinding, Failure> {
        self.secret_binding_of(&request.client).await
    }

    async fn secret_confirm_binding(&self, request: SecretBindingConfirm) -> Result<ClientDetail, Failure> {
        self.confirm_secret_binding(request).await
    }

    async fn deployment_add(&self, request: DeploymentAdd) -> Result<ClientDetail, Failure> {
        self.add_deployment(request).await
    }

    async fn deployment_rename(&self, request: DeploymentRename) -> Result<ClientDetail, Failure> {
        self.rename_deployment(request).await
    }

    async fn deployment_set_version(&self, request: DeploymentVersion) -> Result<ClientDetail, Failure> {
        self.set_deployed_version(request).await
    }

    async fn deployment_remove(&self, request: DeploymentRef) -> Result<Deleted, Failure> {
        self.remove_deployment(&request.deployment).await
    }

    async fn deployment_restore(&self, request: DeploymentRef) -> Result<ClientDetail, Failure> {
        self.restore_deployment(&request.deployment).await
    }

    async fn audit_list(&self, query: AuditQuery) -> Result<AuditList, Failure> {
        self.audit_page(query).await
    }

    async fn audit_export(&self, request: AuditExport) -> Result<AuditExported, Failure> {
        self.export_audit(request).await
    }

    async fn login_start(&self, request: LoginStart) -> Result<RunRef, Failure> {
        self.start_login(request).await
    }

    async fn login_paste(&self, request: CallbackPasted) -> Result<RunRef, Failure> {
        self.paste_callback(request)
    }

    async fn login_address(&self, request: RunRef) -> Result<LoginAddress, Failure> {
        self.login_address_of(&request)
    }

    async fn login_focus(&self, request: RunRef) -> Result<Nothing, Failure> {
        self.focus_login(&request).map(|()| Nothing {})
    }

    async fn login_cancel(&self, request: RunRef) -> Result<Nothing, Failure> {
        self.stop_login(&request);
        Ok(Nothing {})
    }

    async fn run_list(&self, query: RunQuery) -> Result<RunList, Failure> {
        self.runs(query).await
    }

    async fn run_show(&self, request: RunRef) -> Result<RunDetail, Failure> {
        self.run_detail(&request).await
    }

    async fn run_delete(&self, request: RunRefs) -> Result<Deleted, Failure> {
        self.delete_runs(request).await
    }

    async fn run_restore(&self, request: RunRefs) -> Result<Nothing, Failure> {
        self.restore_runs(request).await.map(|()| Nothing {})
    }

    async fn token_copy(&self, request: TokenRef) -> Result<Copied, Failure> {
        self.copy_token(request).await
    }

    async fn token_refresh(&self, request: TokenRefresh) -> Result<RunDetail, Failure> {
        self.refresh_tokens(request).await
    }

    async fn token_revoke(&self, request: TokenRef) -> Result<RunDetail, Failure> {
        self.revoke_token(request).await
    }

    async fn token_introspect(&self, request: TokenRef) -> Result<RunDetail, Failure> {
        self.introspect_token(request).await
    }

    async fn token_userinfo(&self, request: RunRef) -> Result<RunDetail, Failure> {
        self.ask_identity(request).await
    }

    async fn token_decode(&self, request: TokenRef) -> Result<JwtDetail, Failure> {
        self.decode_token(request).await
    }

    async fn login_end(&self, request: RunRef) -> Result<RunDetail, Failure> {
        self.begin_logout(request).await
    }

    async fn provider_list(&self, _: Nothing) -> Result<ProviderList, Failure> {
        self.providers().await
    }

    async fn provider_show(&self, request: ProviderRef) -> Result<ProviderDetail, Failure> {
        self.provider_detail(&request.provider).await
    }

    async fn provider_set_base_url(&self, request: BaseUrlChange) -> Result<ProviderDetail, Failure> {
        self.set_base_url(request).await
    }

    async fn provider_text(&self, request: ProviderRef) -> Result<ProfileText, Failure> {
        self.profile_text(&request.provider).await
    }

    async fn provider_check(&self, request: ProfileCheck) -> Result<ProfileFindings, Failure> {
        Ok(self.check_profile(&request))
    }

    async fn provider_save(&self, request: ProfileCheck) -> Result<ProviderDetail, Failure> {
        self.save_profile(request).await
    }

    async fn provider_delete(&self, request: ProviderRef) -> Result<Nothing, Failure> {
        self.delete_profile(&request.provider).await.map(|()| Nothing {})
    }

    async fn provider_discover(&self, request: IssuerText) -> Result<Discovery, Failure> {
        self.discover_issuer(request).await
    }

    async fn provider_adopt(&self, request: DiscoveryAdopt) -> Result<ProviderDetail, Failure> {
        self.adopt_issuer(request).await
    }

    async fn provider_refresh(&self, request: ProviderRef) -> Result<MetadataChange, Failure> {
        self.refresh_metadata(&request.provider).await
    }

    async fn provider_accept_change(&self, request: OfferDecision) -> Result<ProviderDetail, Failure> {
        self.accept_offer(request).await
    }

    async fn provider_decline_change(&self, request: OfferDecision) -> Result<ProviderDetail, Failure> {
        self.decline_offer(request).await
    }

    async fn sandbox_state(&self, _: Nothing) -> Result<SandboxState, Failure> {
        Ok(self.sandbox_now().await)
    }

    async fn sandbox_start(&self, request: SandboxStart) -> Result<SandboxState, Failure> {
        self.start_sandbox(request).await
    }

    async fn sandbox_stop(&self, _: Nothing) -> Result<SandboxState, Failure> {
        Ok(self.stop_sandbox().await)
    }

    async fn sandbox_log(&self, _: Nothing) -> Result<SandboxLog, Failure> {
        Ok(self.sandbox_requests().await)
    }

    async fn sandbox_log_clear(&self, _: Nothing) -> Result<SandboxLog, Failure> {
        Ok(self.clear_sandbox_requests().await)
    }

    async fn sandbox_faults(&self, _: Nothing) -> Result<Faults, Failure> {
        Ok(self.faults().await)
    }

    async fn sandbox_faults_set(&self, request: FaultRules) -> Result<Faults, Failure> {
        self.set_faults(request).await
    }

    async fn clients_export(&self, request: PlainExport) -> Result<Exported, Failure> {
        self.export_plain(request).await
    }

    async fn clients_export_sealed(&self, request: SealedExport) -> Result<Exported, Failure> {
        self.export_sealed(request).await
    }

    async fn import_look(&self, request: ImportLook) -> Result<ImportPreview, Failure> {
        self.look_at_import(request).await
    }

    async fn import_take(&self, request: ImportTake) -> Result<Imported, Failure> {
        self.take_import(request).await
    }

    async fn import_undo(&self, request: ImportRef) -> Result<Nothing, Failure> {
        self.undo_import(&request.import).await.map(|()| Nothing {})
    }

    async fn backup_make(&self, request: BackupMake) -> Result<BackupMade, Failure> {
        self.make_backup(request).await
    }

    async fn backup_restore(&self, request: BackupRestore) -> Result<BackupReady, Failure> {
        self.restore_backup(request).await
    }

    async fn restart(&self, _: Nothing) -> Result<Nothing, Failure> {
        self.0.options.desktop.restart();
        Ok(Nothing {})
    }

    async fn path_choose(&self, request: PathQuestion) -> Result<PathAnswer, Failure> {
        let chosen = self.0.options.desktop.choose_path(request).await;
        Ok(PathAnswer { path: chosen.map(|path| path.display().to_string()) })
    }

    async fn settings_show(&self, _: Nothing) -> Result<Settings, Failure> {
        Ok(self.0.settings.get())
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
        self.0.tasks.spawn(async move { app.remove_old_values().await });
        Ok(settings)
    }

    async fn keyring_probe(&self, _: Nothing) -> Result<KeyringState, Failure> {
        self.probe_keyring().await
    }

    async fn database_confirm_older(&self, _: Nothing) -> Result<AppState, Failure> {
        self.confirm_older_database().await
    }
}
