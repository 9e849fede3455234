//! What the forms on the pages for apps do.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;

use super::super::answer::{self, Noted as _, Refused};
use super::Visit;
use crate::app::{CreatedSecret, OwnedApp};
use crate::page::apps::Filled;
use crate::sandbox::{create_app, delete_app, on_disk};
use crate::{AppForm, AppRefusal, AppRefusalCode, CreatedApp};

impl Visit {
    /// Creates an app; its page shows the secret.
    pub(super) async fn create(&self) -> Response {
        let (twin, username, form) = (self.twin, self.session.user.username, self.app_form());
        let created = on_disk(Arc::clone(&self.server), move |server| create_app(server, twin, username, form)).await;
        match created {
            Ok(CreatedApp { app, secret }) => {
                let client_id = app.client_id.to_string();
                self.server.reveal_once(twin, &client_id, &self.session, secret);
                answer::redirect(&super::rules::path(twin, &[&client_id])).noted("app created")
            }
            Err(refusal) => {
                let filled = self.filled(&refusal);
                let status = status_of(&refusal);
                let page =
                    if self.rules.form_on_list { self.list(status, &filled) } else { self.form_page(status, &filled) };
                page.noted("app refused")
            }
        }
    }

    /// Changes name and redirect URIs.
    pub(super) async fn save(&self) -> Result<Response, Refused> {
        let (twin, username, form, client_id) =
            (self.twin, self.session.user.username, self.app_form(), self.client_id.clone());
        let saved =
            on_disk(Arc::clone(&self.server), move |server| server.apps.update(twin, username, &client_id, form));
        match saved.await {
            Ok(_) => Ok(answer::redirect(&self.path_of_app(&[])).noted("app changed")),
            Err(refusal) if refusal.code == AppRefusalCode::NotFound => Err(self.not_found(&refusal)),
            Err(refusal) => {
                let filled = self.filled(&refusal);
                Ok(self.app_page(&*self.app()?, status_of(&refusal), Some(&filled)).noted("app refused"))
            }
        }
    }

    /// Deletes the app for good; made again, it is another one with another ID.
    pub(super) async fn delete(&self) -> Result<Response, Refused> {
        let (twin, username, client_id) = (self.twin, self.session.user.username, self.client_id.clone());
        let deleted = on_disk(Arc::clone(&self.server), move |server| delete_app(server, twin, username, &client_id));
        deleted.await.map_err(|refusal| self.failed(&refusal))?;
        Ok(answer::redirect(twin.apps_path()).noted("app deleted"))
    }

    /// Gives the app a new secret, which its page shows.
    pub(super) async fn regenerate(&self) -> Result<Response, Refused> {
        let (twin, acting_user, client_id) = (self.twin, self.session.user.username, self.client_id.clone());
        let rotated = on_disk(Arc::clone(&self.server), move |server| {
            let of = OwnedApp { twin, acting_user, client_id: &client_id };
            server.apps.rotate_secret(of, server.rotated_secret_seconds, &server.entropy, server.now())
        });
        let CreatedSecret { value, .. } = rotated.await.map_err(|refusal| self.failed(&refusal))?;
        self.server.reveal_once(twin, &self.client_id, &self.session, value);
        Ok(answer::redirect(&self.path_of_app(&[])).noted("client secret replaced"))
    }

    /// Ends every token the app was given, and every consent.
    pub(super) fn revoke(&self) -> Result<Response, Refused> {
        let app = self.app()?;
        self.server.grants(self.twin).forget_client(&app.key);
        Ok(answer::redirect(&self.path_of_app(&[])).noted("all tokens of the app revoked"))
    }

    /// A refusal that no field of a form can be blamed for.
    fn failed(&self, refusal: &AppRefusal) -> Refused {
        if refusal.code == AppRefusalCode::NotFound {
            return self.not_found(refusal);
        }
        let page = answer::notice(self.twin, status_of(refusal), "This was not done", &refusal.sentence, None);
        page.noted("app refused").into()
    }

    /// The form as it was sent: one address, or one on each line where there may be several.
    fn app_form(&self) -> AppForm {
        let addresses = self.form.text("redirect_uri").unwrap_or_default();
        let redirect_uris = if self.twin.form_rules().redirect_uris_max == 1 {
            vec![addresses.to_owned()].into_iter().filter(|address| !address.is_empty()).collect()
        } else {
            addresses.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
        };
        AppForm { name: self.form.text("name").unwrap_or_default().to_owned(), redirect_uris }
    }

    /// The form again, with what is wrong.
    fn filled(&self, refusal: &AppRefusal) -> Filled {
        Filled {
            name: self.form.text("name").unwrap_or_default().to_owned(),
            redirect_uris: self.form.text("redirect_uri").unwrap_or_default().to_owned(),
            problem: Some(refusal.sentence.clone()),
            field: refusal.field.unwrap_or_default(),
        }
    }
}

const fn status_of(refusal: &AppRefusal) -> StatusCode {
    match refusal.code {
        AppRefusalCode::NotAllowed => StatusCode::FORBIDDEN,
        AppRefusalCode::NotSaved => StatusCode::INTERNAL_SERVER_ERROR,
        AppRefusalCode::NotFound | AppRefusalCode::TwinOff => StatusCode::NOT_FOUND,
        AppRefusalCode::UnknownUser
        | AppRefusalCode::Invalid
        | AppRefusalCode::NameTaken
        | AppRefusalCode::NoSecondSecret
        | AppRefusalCode::TooManySecrets
        | AppRefusalCode::LastSecret => StatusCode::UNPROCESSABLE_ENTITY,
    }
}
