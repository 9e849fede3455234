//! What a provider's form for an app accepts.

use url::{Host, Url};

use super::AppRefusalCode::Invalid;
use super::{AppForm, AppRefusal, AppRefusalCode};
use crate::Twin;
use crate::user::{Rank, SandboxUser};

/// Whether this person may create apps at this twin.
pub(crate) fn may_create(twin: Twin, user: &SandboxUser) -> Result<(), AppRefusal> {
    let refusal = |sentence: String| Err(AppRefusal::new(AppRefusalCode::NotAllowed, sentence));
    match twin {
        Twin::Chattr if !user.phone_verified => refusal(format!(
            "Chattr lets phone-verified users create OAuth apps, and {}'s phone number is not verified. \
             Verify the number, or create the app as somebody else.",
            user.given_name
        )),
        Twin::ContentDb if user.rank == Rank::Newcomer => refusal(format!(
            "ContentDB lets members create OAuth2 applications, and {} has only just registered. \
             Create the application as somebody else.",
            user.given_name
        )),
        _ => Ok(()),
    }
}

/// The form as it will be kept, or the first field that is wrong.
pub(super) fn check(twin: Twin, form: AppForm) -> Result<AppForm, AppRefusal> {
    let name = checked_name(twin, &form.name)?;
    if form.redirect_uris.is_empty() {
        let sentence = "Enter a redirect URI: people are sent back to it after they have decided.";
        return Err(AppRefusal::of_field(Invalid, "redirect_uris", sentence));
    }
    check_redirect_uris(twin, &form.redirect_uris)?;
    Ok(AppForm { name, redirect_uris: form.redirect_uris })
}

/// The name without the spaces around it.
pub(super) fn checked_name(twin: Twin, name: &str) -> Result<String, AppRefusal> {
    let name = name.trim();
    check_length("name", "The name", name, twin.form_rules().name)?;
    Ok(name.to_owned())
}

/// Whether there are not too many, none is given twice, and each is one the provider takes.
pub(super) fn check_redirect_uris(twin: Twin, uris: &[String]) -> Result<(), AppRefusal> {
    let rules = twin.form_rules();
    let refuse = |sentence: String| Err(AppRefusal::of_field(Invalid, "redirect_uris", sentence));
    if uris.len() > rules.redirect_uris_max {
        let most = match rules.redirect_uris_max {
            1 => "one redirect URI".to_owned(),
            number => format!("{number} redirect URIs"),
        };
        return refuse(format!("{} takes {most} per app, and {} were given.", twin.name(), uris.len()));
    }
    for (position, uri) in uris.iter().enumerate() {
        check_length("redirect_uris", "The redirect URI", uri, rules.redirect_uri)?;
        if rules.redirect_uri_checked {
            check_redirect_uri(uri).or_else(refuse)?;
        }
        if uris[..position].contains(uri) {
            return refuse(format!("The redirect URI {uri} is given twice."));
        }
    }
    Ok(())
}

fn check_length(field: &'static str, noun: &str, text: &str, (min, max): (usize, usize)) -> Result<(), AppRefusal> {
    let length = text.chars().count();
    let refusal = |sentence| Err(AppRefusal::of_field(Invalid, field, sentence));
    if length == 0 {
        return refusal(format!("{noun} is empty."));
    }
    if length < min {
        return refusal(format!("{noun} has {length} characters; it needs at least {min}."));
    }
    if length > max {
        return refusal(format!("{noun} has {length} characters; it may have at most {max}."));
    }
    Ok(())
}

/// RFC 6749 §3.1.2: an absolute URI without a fragment. Plain http only where it stays on this computer (RFC 8252 §7.3).
fn check_redirect_uri(text: &str) -> Result<(), String> {
    let url = Url::parse(text).map_err(|_| {
        format!("The redirect URI “{text}” is not an absolute URI such as https://app.example/callback.")
    })?;
    if text.chars().any(|character| character.is_whitespace() || character.is_control()) {
        return Err(format!("The redirect URI “{text}” holds a space or a line break."));
    }
    if text.contains('#') {
        return Err(format!("The redirect URI “{text}” has a fragment (#…), which browsers never send."));
    }
    match url.scheme() {
        "http" if !is_loopback(&url) => Err(format!(
            "The redirect URI “{text}” uses http, which is accepted for this computer only (127.0.0.1, localhost)."
        )),
        "javascript" | "data" | "file" | "blob" | "about" => {
            Err(format!("A redirect URI cannot begin with {}:.", url.scheme()))
        }
        _ => Ok(()),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::{AppForm, Twin};

    fn form(name: &str, redirect_uris: &[&str]) -> AppForm {
        AppForm { name: name.into(), redirect_uris: redirect_uris.iter().map(|uri| (*uri).to_owned()).collect() }
    }

    fn field(twin: Twin, name: &str, redirect_uris: &[&str]) -> Option<&'static str> {
        check(twin, form(name, redirect_uris)).err().and_then(|refusal| refusal.field)
    }

    #[test]
    fn contentdb_counts_characters_and_looks_no_further() {
        assert_eq!(field(Twin::ContentDb, "Four", &["https://a.example/"]), Some("name"));
        assert_eq!(field(Twin::ContentDb, &"x".repeat(31), &["https://a.example/"]), Some("name"));
        assert_eq!(field(Twin::ContentDb, "Mod list", &["http"]), Some("redirect_uris"));
        assert_eq!(field(Twin::ContentDb, "Mod list", &["anything goes"]), None);
    }

    #[test]
    fn one_redirect_uri_everywhere_but_at_chaster() {
        let two = ["https://a.example/", "https://b.example/"];
        assert_eq!(field(Twin::Chattz, "Two", &two), Some("redirect_uris"));
        assert_eq!(field(Twin::Chaster, "Two", &two), None);
    }

    #[test]
    fn http_is_for_this_computer_only() {
        for good in ["http://127.0.0.1:7000/cb", "http://localhost/cb", "http://[::1]/cb", "com.example.app:/cb"] {
            assert_eq!(field(Twin::Gitter, "App", &[good]), None, "{good}");
        }
        for bad in
            ["http://example.com/cb", "/cb", "https://a.example/#x", "https://a.example/ b", "javascript:alert(1)"]
        {
            assert_eq!(field(Twin::Gitter, "App", &[bad]), Some("redirect_uris"), "{bad}");
        }
    }
}
