//! The twins and the built-in profiles were written apart from the same documents. Here they have to agree.

use gatewright_model::provider::{Length, SlashPolicy};
use gatewright_model::{Environment, Provider, ProviderId};
use gatewright_protocol::ClientIdKind;
use gatewright_sandbox::Twin;

use crate::browser;

fn profile(twin: Twin) -> Provider {
    Provider::find_built_in(&ProviderId::new(twin.id())).expect("every twin has a profile")
}

#[test]
fn the_sandbox_environment_of_every_profile_leads_to_its_twin() {
    for twin in Twin::ALL {
        let profile = profile(twin);
        let bases = profile.bases(Environment::Sandbox, Some("http://127.0.0.1:7"));
        let at = |path: &str| format!("http://127.0.0.1:7{path}");
        assert_eq!(
            format!("{}{}", bases.authorization, profile.endpoints.authorization.value),
            at(twin.authorization_path())
        );
        assert_eq!(format!("{}{}", bases.authorization, profile.endpoints.token.value), at(twin.token_path()));
        let api = bases.api.as_ref().unwrap_or(&bases.authorization);
        let identity = profile.endpoints.identity.as_ref().map(|path| format!("{api}{}", path.value));
        assert_eq!(identity, twin.identity_path().map(at));
    }
}

#[test]
fn the_forms_limits_are_the_same_in_profile_and_twin() {
    for twin in Twin::ALL {
        let (form, rules) = (profile(twin).client_form, twin.form_rules());
        let bounds = |length: Length| (length.min as usize, length.max as usize);
        assert_eq!(bounds(form.name.value), rules.name, "{twin:?}");
        assert_eq!(bounds(form.redirect_uri.value), rules.redirect_uri, "{twin:?}");
        assert_eq!(form.redirect_uris.value as usize, rules.redirect_uris_max, "{twin:?}");
        assert_eq!(form.name_unique.value, rules.name_unique, "{twin:?}");
    }
}

#[tokio::test]
async fn client_ids_have_the_type_the_profile_says() {
    let sandbox = browser::sandbox().await;
    for twin in Twin::ALL {
        let id = browser::app(&sandbox, twin).await.app.client_id;
        let is_number = profile(twin).client_form.client_id.value == ClientIdKind::Integer;
        assert_eq!(id.to_json().is_number(), is_number, "{twin:?}");
    }
}

#[test]
fn only_contentdb_insists_on_slashes() {
    for twin in Twin::ALL {
        let insists = profile(twin).endpoints.trailing_slash.value == SlashPolicy::Required;
        assert_eq!(insists, twin.token_path().ends_with('/'), "{twin:?}");
    }
}
