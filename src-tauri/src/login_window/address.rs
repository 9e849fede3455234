//! Which addresses a login window opens, and how it says where it is.

use gatewright_app::desktop::ViewTitle;
use url::{Host, Url};

/// Why a login window does not open an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Not a web address: `file:`, `data:`, an application's own scheme …
    Scheme(String),
    /// The address of an application's own pages, ours or another's. A page there would count as local.
    AppOrigin(String),
}

/// Judges an address a page wants to go to; the callback was looked for before.
///
/// `own_dev_server` is where our own UI comes from while it is being developed.
pub(super) fn may_open(url: &Url, own_dev_server: Option<&Url>) -> Result<(), Refusal> {
    match url.scheme() {
        // Frames start blank, or with the text their page gave them.
        "about" if matches!(url.path(), "blank" | "srcdoc") => return Ok(()),
        "http" | "https" => {}
        other => return Err(Refusal::Scheme(other.to_owned())),
    }
    let own = own_dev_server.is_some_and(|dev| dev.origin() == url.origin());
    if own || url.domain().is_some_and(is_app_domain) {
        return Err(Refusal::AppOrigin(host(url)));
    }
    Ok(())
}

/// Whether a name is one that programs serve their own pages under (`tauri.localhost`, `ipc.localhost` …). `localhost` itself is
/// the computer, where a provider under test may well run.
fn is_app_domain(domain: &str) -> bool {
    domain.trim_end_matches('.').ends_with(".localhost")
}

/// Host and port of a page, in the letters the network uses (so that a look-alike name shows as `xn--…`).
pub(super) fn host(url: &Url) -> String {
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => format!("{}:", url.scheme()),
    }
}

/// The window's title. It starts with where the page is, which the page cannot change, and never shows the page's own title.
pub(super) fn title(url: &Url, given: &ViewTitle) -> String {
    let is_open = url.scheme() == "http" && !is_this_computer(url);
    let open = if is_open { format!(" ({})", given.not_encrypted) } else { String::new() };
    format!("{}{open} – {} – {}", host(url), given.login, given.kind)
}

fn is_this_computer(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name.trim_end_matches('.') == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(address: &str) -> Result<(), Refusal> {
        may_open(&address.parse().unwrap(), Some(&"http://127.0.0.1:5173".parse().unwrap()))
    }

    #[test]
    fn web_pages_open() {
        for page in [
            "https://example.org/authorize?client_id=1",
            "http://127.0.0.1:9/chattr/oauth/authorize",
            "http://localhost:8080/",
            "about:blank",
            "about:srcdoc",
        ] {
            assert_eq!(judge(page), Ok(()), "{page}");
        }
    }

    #[test]
    fn what_is_not_a_web_page_stays_closed() {
        for address in [
            "file:///etc/passwd",
            "data:text/html,<h1>x",
            "blob:https://example.org/0f",
            "javascript:alert(1)",
            "tauri://localhost/",
            "asset://localhost/x",
            "ipc://localhost/app_state",
            "myapp://callback?code=1",
            "about:config",
            "urn:ietf:wg:oauth:2.0:oob",
        ] {
            assert!(matches!(judge(address), Err(Refusal::Scheme(_))), "{address}");
        }
    }

    #[test]
    fn no_page_becomes_one_of_our_own() {
        for address in [
            "http://tauri.localhost/",
            "https://TAURI.localhost./index.html",
            "http://ipc.localhost/app_state",
            "http://asset.localhost/",
            "http://127.0.0.1:5173/",
        ] {
            assert!(matches!(judge(address), Err(Refusal::AppOrigin(_))), "{address}");
        }
    }

    #[test]
    fn the_title_starts_with_where_the_page_is() {
        let [login, kind, not_encrypted] = ["Chattz, my shop", "Gatewright login", "not encrypted"].map(str::to_owned);
        let given = ViewTitle { login, kind, not_encrypted };
        let title = |address: &str| title(&address.parse().unwrap(), &given);
        assert_eq!(
            title("https://accounts.example.org/login"),
            "accounts.example.org – Chattz, my shop – Gatewright login"
        );
        assert_eq!(title("http://127.0.0.1:41000/chattz/"), "127.0.0.1:41000 – Chattz, my shop – Gatewright login");
        assert!(title("https://аpple.example/").starts_with("xn--pple-43d.example – "), "a look-alike letter shows");
        assert!(title("http://example.org/").starts_with("example.org (not encrypted) – "));
    }
}
