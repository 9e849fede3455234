//! Texts in the templates of pages. They have none but those that they say in the reader's language.

/// What stands before a text.
const SAYS: &str = "language.says(\"";

/// Every text that a template says.
pub(super) fn texts(content: &str) -> Vec<String> {
    let said = content.split(SAYS).skip(1).filter_map(|rest| rest.split_once('"'));
    said.map(|(text, _)| text.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_template_says_is_a_text_and_nothing_else_is() {
        let template = r#"<h4 class="answer">{{ language.says("Request") }}</h4>{{ language.says(verdict.words()) }}
            {% let heading = language.says("Who sent what to whom") %}"#;
        assert_eq!(texts(template), ["Request", "Who sent what to whom"]);
    }
}
