//! Texts in profiles and plans.

use anyhow::Context as _;

/// Members that name something or cite a document in its own words.
const NOT_TEXTS: &[&str] = &["id", "name", "document", "place", "use", "kind", "provider", "mark"];

/// Every string of a TOML document that could be a text.
pub(super) fn texts(content: &str) -> anyhow::Result<Vec<String>> {
    let document: toml::Table = content.parse().context("not TOML")?;
    let mut all = Vec::new();
    of_table(&document, &mut all);
    Ok(all)
}

fn of_table(table: &toml::Table, all: &mut Vec<String>) {
    for (_, value) in table.iter().filter(|(member, _)| !NOT_TEXTS.contains(&member.as_str())) {
        of_value(value, all);
    }
}

fn of_value(value: &toml::Value, all: &mut Vec<String>) {
    match value {
        toml::Value::String(text) => all.push(text.clone()),
        toml::Value::Array(values) => values.iter().for_each(|value| of_value(value, all)),
        toml::Value::Table(table) => of_table(table, all),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cites_a_document_is_no_text_of_ours() {
        let found =
            texts("title = 'Deny'\n[[scenario]]\nuse = 'deny'\nexpected = ['It ends.']\nplace = 'Page 3'").unwrap();
        assert_eq!(found, ["It ends.", "Deny"]);
    }
}
