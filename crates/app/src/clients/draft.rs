//! Judging a client as it is typed. The rules are in the model; this brings the draft there and the findings back.

use gatewright_contract::client::{ClientDraft as WireDraft, DraftFinding, DraftFindings};
use gatewright_contract::{Failure, FailureCode};
use gatewright_model::client_rules::{
    ClientDraft, DraftField, Finding, FindingLevel, ProviderHost, SharedRedirectUri, check_draft,
    check_protocol_settings,
};
use gatewright_model::{Client, Environment, ProtocolSettings, Provider, ProviderId};
use gatewright_protocol::Secret;
use gatewright_store::{client, redirect_uri};
use url::Url;

use super::list::model_environment;
use crate::show::protocol;
use crate::{App, failure};

impl App {
    /// What is wrong or doubtful in a draft, and whether it can be kept.
    pub(crate) async fn check_client(&self, draft: WireDraft) -> Result<DraftFindings, Failure> {
        let provider = self.0.registry.known().get(&draft.provider)?;
        let environment = model_environment(draft.environment);
        let settings = draft.protocol.map(protocol::read);
        let shared_redirect_uris = self.shared_redirect_uris(&provider, environment, &draft.redirect_uris).await?;
        let model = ClientDraft {
            name: draft.name,
            client_id: draft.client_id,
            secret: draft.secret.map(Secret::new),
            client_authentication: settings.as_ref().and_then(|settings| settings.client_authentication),
            redirect_uris: draft.redirect_uris,
            other_provider_hosts: self.other_hosts(&provider),
            shared_redirect_uris,
            ..ClientDraft::new(environment)
        };
        let mut findings: Vec<DraftFinding> = check_draft(&provider, &model).iter().map(wire).collect();
        let on_settings = settings.iter().flat_map(|settings| check_protocol_settings(&provider, settings));
        findings.extend(on_settings.map(|finding| wire(&finding)));
        findings.extend(self.kept_already(&provider, environment, &model, draft.client.as_deref()).await?);
        let acceptable = findings.iter().all(|finding| !finding.error);
        Ok(DraftFindings { findings, acceptable })
    }

    /// Refuses a draft with an error in it, in the words of its first error.
    pub(crate) fn refuse_bad_draft(&self, provider: &Provider, mut draft: ClientDraft) -> Result<(), Failure> {
        draft.other_provider_hosts = self.other_hosts(provider);
        let errors = check_draft(provider, &draft).into_iter().filter(|finding| finding.level == FindingLevel::Error);
        first_as_failure(errors)
    }

    /// Refuses protocol settings with an error in them, in the words of the first.
    pub(crate) fn refuse_bad_settings(provider: &Provider, settings: &ProtocolSettings) -> Result<(), Failure> {
        let findings = check_protocol_settings(provider, settings).into_iter();
        first_as_failure(findings.filter(|finding| finding.level == FindingLevel::Error))
    }

    /// Refuses a secret that cannot be one.
    pub(crate) fn refuse_bad_secret(client: &Client, provider: &Provider, secret: &Secret) -> Result<(), Failure> {
        let draft = ClientDraft {
            name: client.name.clone(),
            client_id: Some(client.client_id.to_string()),
            secret: Some(secret.clone()),
            redirect_uris: client.redirect_uris.clone(),
            client_authentication: client.protocol_settings.client_authentication,
            ..ClientDraft::new(client.environment)
        };
        let errors = check_draft(provider, &draft)
            .into_iter()
            .filter(|finding| finding.level == FindingLevel::Error && finding.field == DraftField::Secret);
        first_as_failure(errors)
    }

    /// A client kept twice under one identifier would have two secrets that disagree sooner or later.
    async fn kept_already(
        &self,
        provider: &Provider,
        environment: Environment,
        draft: &ClientDraft,
        editing: Option<&str>,
    ) -> Result<Option<DraftFinding>, Failure> {
        let Some(text) = draft.client_id.as_deref() else { return Ok(None) };
        let Ok(client_id) = gatewright_protocol::ClientId::parse(text, provider.client_form.client_id.value) else {
            return Ok(None);
        };
        let provider = provider.id.clone();
        let found = self
            .store()?
            .read(move |db| {
                let id = client::find_by_identifier(db, &provider, environment, &client_id)?;
                id.map(|id| client::find(db, &id)).transpose()
            })
            .await
            .map_err(failure::of_store)?;
        Ok(found.filter(|client| editing != Some(client.id.as_str())).map(|client| DraftFinding {
            field: field_name(DraftField::ClientId),
            error: true,
            code: "client_id_kept_already".to_owned(),
            message: format!("This client ID is kept already, as “{}”.", client.name),
            hint: Some("Open that client to change it.".to_owned()),
            fix: None,
        }))
    }

    /// Which of these redirect URIs clients of other providers have as well, in the same environment.
    async fn shared_redirect_uris(
        &self,
        provider: &Provider,
        environment: Environment,
        uris: &[String],
    ) -> Result<Vec<SharedRedirectUri>, Failure> {
        let (id, uris) = (provider.id.clone(), uris.to_vec());
        let shared = self.store()?.read(move |db| redirect_uri::shared(db, &id, environment, &uris)).await;
        let known = self.0.registry.known();
        let named = |(uri, id, client): (String, ProviderId, String)| {
            let provider = known.find(&id).map_or_else(|| id.to_string(), |provider| provider.name.clone());
            SharedRedirectUri { uri, provider, client }
        };
        Ok(shared.map_err(failure::of_store)?.into_iter().map(named).collect())
    }

    /// The hosts of every other provider, to catch a mix-up.
    pub(crate) fn other_hosts(&self, provider: &Provider) -> Vec<ProviderHost> {
        let known = self.0.registry.known();
        let others = known.all().iter().filter(|other| other.id != provider.id);
        others
            .filter_map(|other| {
                let other = known.with_base_url(other);
                let host = Url::parse(&other.environments.production.authorization).ok()?.host_str()?.to_owned();
                Some(ProviderHost { provider: other.name.clone(), host })
            })
            .collect()
    }
}

fn first_as_failure(mut errors: impl Iterator<Item = Finding>) -> Result<(), Failure> {
    match errors.next() {
        None => Ok(()),
        Some(finding) => {
            Err(Failure::new(FailureCode::Invalid, finding.message).hint(finding.hint).field(field_name(finding.field)))
        }
    }
}

fn wire(finding: &Finding) -> DraftFinding {
    DraftFinding {
        field: field_name(finding.field),
        error: finding.level == FindingLevel::Error,
        code: code_name(finding),
        message: finding.message.clone(),
        hint: (!finding.hint.is_empty()).then(|| finding.hint.clone()),
        fix: finding.fix.clone(),
    }
}

/// The stable code as the wire writes it: what serde makes of the enum.
fn code_name(finding: &Finding) -> String {
    serde_json::to_value(finding.code).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The field of the form as the window names it.
pub(crate) fn field_name(field: DraftField) -> String {
    match field {
        DraftField::Name => "name".to_owned(),
        DraftField::ClientId => "clientId".to_owned(),
        DraftField::Secret => "secret".to_owned(),
        DraftField::RedirectUri(index) => format!("redirectUris.{index}"),
        DraftField::BaseUrl => "baseUrl".to_owned(),
        DraftField::ClientAuthentication => "protocol.clientAuthentication".to_owned(),
        DraftField::AssertionSigningAlg => "protocol.assertionSigningAlg".to_owned(),
        DraftField::IdTokenSignedResponseAlg => "protocol.idTokenSignedResponseAlg".to_owned(),
        DraftField::UserinfoSignedResponseAlg => "protocol.userinfoSignedResponseAlg".to_owned(),
        DraftField::AuthorizationParameter(index) => format!("protocol.authorizationParameters.{index}"),
        DraftField::TokenParameter(index) => format!("protocol.tokenParameters.{index}"),
        DraftField::RefreshParameter(index) => format!("protocol.refreshParameters.{index}"),
        DraftField::Prompt => "protocol.prompt".to_owned(),
        DraftField::TrustedAudience(index) => format!("protocol.trustedAudiences.{index}"),
        DraftField::AcrValue(index) => format!("protocol.acrValues.{index}"),
        DraftField::PostLogoutRedirectUri => "protocol.postLogoutRedirectUri".to_owned(),
    }
}
