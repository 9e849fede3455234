//! What a complete profile looks like: every field that any built-in profile has, and the few that none of them needs. Wrong fields of a profile are replaced from here while
//! it is read, so that reading can go on and find the next mistake.

use std::sync::LazyLock;

use toml::{Table, Value};

use super::{
    BUILT_IN,
    field::{self, Step},
};

/// Fields that no built-in profile needs.
const RARE: &str = r#"
[environments.production]
issuer = "https://example.org"
[environments.sandbox]
issuer = "{sandbox}/example"
[dialect.authorization.response_mode]
value = "query"
mark = "unknown"
"#;

static TEMPLATE: LazyLock<Value> = LazyLock::new(|| {
    let mut all = Table::new();
    for text in BUILT_IN.into_iter().chain([RARE]) {
        merge(&mut all, text.parse().unwrap_or_default());
    }
    Value::Table(all)
});

/// Adds what `all` has not got yet.
fn merge(all: &mut Table, more: Table) {
    for (key, value) in more {
        match (all.get_mut(&key), value) {
            // A statement's value is whole: two rules for success are none.
            (Some(Value::Table(inner)), Value::Table(more)) if key != "value" => merge(inner, more),
            (Some(_), _) => {}
            (None, value) => _ = all.insert(key, value),
        }
    }
}

/// A right value for the field at `steps`. Any item of a list is as good as another.
pub(super) fn value_at(steps: &[Step]) -> Option<&'static Value> {
    let first_items: Vec<Step> =
        steps.iter().map(|step| if matches!(step, Step::Index(_)) { Step::Index(0) } else { step.clone() }).collect();
    match first_items.last() {
        // Whatever takes the place of a mark that is wrong must not ask for a place of its own.
        Some(Step::Key(key)) if key == "mark" => Some(&UNKNOWN),
        _ => field::get(&TEMPLATE, &first_items),
    }
}

static UNKNOWN: LazyLock<Value> = LazyLock::new(|| Value::String("unknown".to_owned()));

#[cfg(test)]
mod tests {
    use crate::{Provider, provider::Endpoint};

    #[test]
    fn the_template_has_every_field_a_provider_can_have() {
        let provider: Provider = super::TEMPLATE.clone().try_into().unwrap();
        assert!(provider.environments.production.api.is_some() && provider.environments.production.issuer.is_some());
        assert!(Endpoint::ALL.into_iter().all(|endpoint| provider.endpoints.get(endpoint).is_some()));
        let openid = provider.openid.unwrap();
        assert!(openid.id_token_signed_response_alg.is_some() && openid.userinfo_signing_algorithms.is_some());
        assert!(openid.at_hash.is_some() && openid.acr_values.is_some());
        let authorization = provider.dialect.authorization;
        assert!(authorization.response_mode.is_some() && authorization.issuer_returned.is_some());
        let token_request = provider.dialect.token_request;
        assert!(token_request.accept.is_some() && token_request.accepted_client_authentications.is_some());
        assert!(token_request.assertion_signing_algorithms.is_some());
        assert!(provider.dialect.identity.userinfo_token_placement.is_some());
        assert!(
            provider.dialect.token_response.token_type.is_some()
                && provider.dialect.token_response.scope_separator.is_some()
        );
        assert!(provider.dialect.identity.display_name.is_some() && provider.dialect.identity.signed_in_flag.is_some());
        let tokens = provider.dialect.tokens;
        assert!(
            tokens.access_token_seconds.is_some()
                && tokens.refresh_token_seconds.is_some()
                && tokens.code_seconds.is_some()
        );
        assert!(!provider.advice.is_empty());
    }
}
