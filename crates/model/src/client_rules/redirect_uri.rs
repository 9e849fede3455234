//! Rules for redirect URIs: how many, how long, and whether each is one.

use gatewright_protocol::redirect_uri::{RedirectUri, RedirectUriError};

use super::{
    ClientDraft, DraftField, Finding, FindingCode, exact_match, limit_level, limit_words,
    placeholder::holds_placeholder,
};
use crate::Provider;

/// What is wrong with the redirect URIs.
pub(super) fn check(provider: &Provider, draft: &ClientDraft) -> Vec<Finding> {
    if draft.redirect_uris.iter().all(|text| text.trim().is_empty()) {
        let field = DraftField::RedirectUri(0);
        let finding = Finding::error(field, FindingCode::RedirectUriMissing, "There is no redirect URI.");
        return vec![finding.hint(format!(
            "A login has to come back somewhere. With none at hand, use http://127.0.0.1:8914/cb/{}.",
            provider.id
        ))];
    }
    let mut findings: Vec<Finding> = too_many(provider, draft).into_iter().collect();
    for (index, text) in draft.redirect_uris.iter().enumerate() {
        let field = DraftField::RedirectUri(index);
        findings.extend(repeated(draft, index));
        findings.extend(length(provider, draft, field, text));
        match unreadable(field, text) {
            Some(finding) => findings.push(finding),
            None => findings.extend(exact_match::check(field, text)),
        }
    }
    findings
}

fn too_many(provider: &Provider, draft: &ClientDraft) -> Option<Finding> {
    let limit = &provider.client_form.redirect_uris;
    let most = limit.value as usize;
    let count = draft.redirect_uris.len();
    (count > most).then(|| {
        let uris = if most == 1 { "one redirect URI".to_owned() } else { format!("{most} redirect URIs") };
        let message = format!("{} keeps {uris} for each client; there are {count}.", provider.name);
        Finding::error(DraftField::RedirectUri(most), FindingCode::RedirectUriTooMany, message)
            .at(limit_level(limit.mark, draft))
            .hint(format!("Make a second client for the others.{}", limit_words(limit.mark)))
    })
}

fn repeated(draft: &ClientDraft, index: usize) -> Option<Finding> {
    let text = &draft.redirect_uris[index];
    (!text.is_empty() && draft.redirect_uris[..index].contains(text)).then(|| {
        Finding::warning(
            DraftField::RedirectUri(index),
            FindingCode::RedirectUriRepeated,
            "This redirect URI is there twice.",
        )
        .hint("Once is enough.")
    })
}

fn length(provider: &Provider, draft: &ClientDraft, field: DraftField, text: &str) -> Option<Finding> {
    let limit = &provider.client_form.redirect_uri;
    let length = text.chars().count();
    let (code, wanted) = if length < limit.value.min as usize && length > 0 {
        (FindingCode::RedirectUriTooShort, format!("wants at least {}", limit.value.min))
    } else if length > limit.value.max as usize {
        (FindingCode::RedirectUriTooLong, format!("takes at most {}", limit.value.max))
    } else {
        return None;
    };
    let message = format!("The redirect URI has {length} characters; {} {wanted}.", provider.name);
    let hint = format!("Choose another path or host.{}", limit_words(limit.mark));
    Some(Finding::error(field, code, message).at(limit_level(limit.mark, draft)).hint(hint))
}

/// Why a text is no redirect URI at all.
fn unreadable(field: DraftField, text: &str) -> Option<Finding> {
    if holds_placeholder(text) {
        return Some(
            Finding::error(field, FindingCode::RedirectUriPlaceholder, "This still holds the stand-in of a document.")
                .hint("Put the real address of your callback in its place."),
        );
    }
    let error = RedirectUri::parse(text).err()?;
    let (code, hint) = explain(error);
    let finding = Finding::error(field, code, sentence(error)).hint(hint);
    Some(match correction(error, text).filter(|fix| RedirectUri::parse(fix).is_ok()) {
        Some(fix) => finding.fix(fix),
        None => finding,
    })
}

/// The error's text as a sentence.
fn sentence(error: RedirectUriError) -> String {
    let text = error.to_string();
    let mut characters = text.chars();
    characters.next().map(|first| format!("{}{}.", first.to_uppercase(), characters.as_str())).unwrap_or_default()
}

fn explain(error: RedirectUriError) -> (FindingCode, &'static str) {
    match error {
        RedirectUriError::Empty => (FindingCode::RedirectUriMissing, "Fill it in, or take this line away."),
        RedirectUriError::Whitespace => (
            FindingCode::RedirectUriWhitespace,
            "Providers compare character by character. Take it away at the ends; write %20 for a space inside.",
        ),
        RedirectUriError::NotAbsolute => {
            (FindingCode::RedirectUriNotAbsolute, "Write the whole address, for example https://example.com/callback.")
        }
        RedirectUriError::UnusableScheme => (
            FindingCode::RedirectUriUnusableScheme,
            "Use https, http to 127.0.0.1, or your app's own scheme such as com.example.app.",
        ),
        RedirectUriError::Fragment => (
            FindingCode::RedirectUriFragment,
            "Browsers do not send it, so no server could compare it. Register the address without it.",
        ),
        RedirectUriError::PlainHttp => {
            (FindingCode::RedirectUriPlainHttp, "Use https: the code would cross the network in the clear.")
        }
        RedirectUriError::UserInfo => {
            (FindingCode::RedirectUriUserInfo, "Register the address without it; the real host is what follows the @.")
        }
        RedirectUriError::Backslash => {
            (FindingCode::RedirectUriBackslash, "Browsers turn it into a slash, providers do not. Write a slash.")
        }
        RedirectUriError::Malformed(_) => {
            (FindingCode::RedirectUriMalformed, "Check host and port; type the address anew if need be.")
        }
    }
}

/// What the person most likely meant.
fn correction(error: RedirectUriError, text: &str) -> Option<String> {
    match error {
        RedirectUriError::Whitespace => Some(without_whitespace(text)),
        RedirectUriError::NotAbsolute => Some(made_absolute(text)),
        RedirectUriError::Fragment => text.split_once('#').map(|(before, _)| before.to_owned()),
        RedirectUriError::PlainHttp => text.split_once(':').map(|(_, rest)| format!("https:{rest}")),
        RedirectUriError::Backslash => Some(text.replace('\\', "/")),
        _ => None,
    }
}

/// Line breaks and tabs come from wrapping, spaces inside are meant.
fn without_whitespace(text: &str) -> String {
    let joined: String = text.trim().chars().filter(|character| *character == ' ' || !is_blank(*character)).collect();
    joined.replace(' ', "%20")
}

fn is_blank(character: char) -> bool {
    character.is_whitespace() || character.is_control()
}

/// Undoes percent-encoding of the whole, or adds the scheme that is missing.
fn made_absolute(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    if lower.starts_with("https%3a") || lower.starts_with("http%3a") {
        return percent_decoded(text);
    }
    let bare = text.trim_start_matches("https:").trim_start_matches("http:").trim_start_matches('/');
    let host = bare.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let is_local = host == "localhost" || host == "127.0.0.1";
    // A single word is a path more often than a host.
    if !is_local && !host.contains('.') {
        return String::new();
    }
    format!("{}://{bare}", if is_local { "http" } else { "https" })
}

fn percent_decoded(text: &str) -> String {
    url::form_urlencoded::parse(text.replace('+', "%2B").replace('&', "%26").replace('=', "%3D").as_bytes())
        .map(|(name, _)| name.into_owned())
        .collect()
}
