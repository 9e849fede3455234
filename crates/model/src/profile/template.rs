//! What a complete profile looks like: every field that any built-in profile has. Wrong fields of a profile are replaced from here while
//! it is read, so that reading can go on and find the next mistake.

use std::sync::LazyLock;

use toml::{Table, Value};

use super::{
    BUILT_IN,
    field::{self, Step},
};

static TEMPLATE: LazyLock<Value> = LazyLock::new(|| {
    let mut all = Table::new();
    for text in BUILT_IN {
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
    use crate::Provider;

    #[test]
    fn the_template_has_every_field_a_provider_can_have() {
        let provider: Provider = super::TEMPLATE.clone().try_into().unwrap();
        assert!(provider.environments.production.api.is_some());
        assert!(
            provider.endpoints.identity.is_some()
                && provider.endpoints.revocation.is_some()
                && provider.endpoints.discovery.is_some()
        );
        assert!(provider.dialect.token_request.accept.is_some());
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
