//! Recognises text that stands in a document for something the reader has to fill in.

/// Whether `text` is, or still holds, a stand-in such as `{redirect_uri}`, `<client_id>`, `YOUR_CLIENT_SECRET` or `APP_ID`.
pub(super) fn holds_placeholder(text: &str) -> bool {
    holds_pair(text, '{', '}') || holds_pair(text, '<', '>') || holds_your_word(text) || is_stand_in(text)
}

/// An opening bracket with its closing one behind it.
fn holds_pair(text: &str, open: char, close: char) -> bool {
    text.find(open).is_some_and(|start| text[start..].contains(close))
}

/// `YOUR_CLIENT_ID`, `your-client-secret`, `YOURSECRET`; not `yours.example`.
fn holds_your_word(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    ["YOUR_", "YOUR-CLIENT", "YOUR-SECRET", "YOUR-APP", "YOURSECRET", "YOURTOKEN"]
        .iter()
        .any(|word| upper.contains(word))
}

/// The stand-ins of well-known documents, when they are the whole text.
fn is_stand_in(text: &str) -> bool {
    const WORDS: [&str; 14] = [
        "app_id",
        "app_secret",
        "callback_url",
        "changeme",
        "client_id",
        "client_secret",
        "clientid",
        "clientsecret",
        "redirect_uri",
        "redirect_url",
        "secret",
        "todo",
        "undefined",
        "null",
    ];
    let word = text.trim().trim_matches(['"', '\'', '$', '%']).to_ascii_lowercase().replace([' ', '-'], "_");
    WORDS.contains(&word.as_str()) || (word.len() > 3 && word.bytes().all(|byte| byte == b'x'))
}

#[cfg(test)]
mod tests {
    use super::holds_placeholder;

    #[test]
    fn stand_ins_of_documents_are_recognised() {
        for text in [
            "{redirect_uri}",
            "https://{host}/cb",
            "<client_id>",
            "YOUR_CLIENT_ID",
            "YOURTOKEN",
            "APP_ID",
            "CLIENT_SECRET",
            "xxxxxx",
            "${SECRET}",
        ] {
            assert!(holds_placeholder(text), "{text}");
        }
    }

    #[test]
    fn ordinary_values_are_not_taken_for_stand_ins() {
        for text in [
            "abc123",
            "7",
            "kittenlocks-870504",
            "https://yours.example/callback",
            "https://example.com/client_id",
            "x9",
        ] {
            assert!(!holds_placeholder(text), "{text}");
        }
    }
}
