//! The redirect lab: what is registered, what is sent, where they differ, and how the callback is caught.

use gatewright_contract::Failure;
use gatewright_contract::lab::{RedirectCatch, RedirectLab, RedirectLabQuery};
use gatewright_contract::login::LoginStart;
use gatewright_contract::run::Browser;
use gatewright_loopback::Listener;
use gatewright_model::redirect_difference::{kinds_of_difference, lay_side_by_side};
use gatewright_protocol::authorization::ResponseMode;
use gatewright_protocol::redirect_uri::RedirectUri;
use url::{Url, form_urlencoded};

use super::show;
use crate::preflight::AtProvider;
use crate::{App, failure};

impl App {
    /// One redirect URI of a client, looked at from all sides.
    pub(crate) async fn redirect_lab(&self, request: RedirectLabQuery) -> Result<RedirectLab, Failure> {
        let login = LoginStart {
            client: request.client,
            test_user: None,
            browser: Browser::Embedded,
            redirect_uri: Some(request.redirect_uri.clone()),
            scopes: None,
        };
        let subject = self.preflight_subject(&login).await?;
        let (registered, source) = match subject.at_provider {
            AtProvider::Known { redirect_uris, source } => (redirect_uris, source),
            AtProvider::Unknown | AtProvider::Missing => {
                (subject.client.redirect_uris.clone(), "this client's record; only the provider's page tells")
            }
        };
        let sent = match request.sent.as_deref() {
            Some(text) => sent_by(text),
            None => request.redirect_uri,
        };
        let nearest = nearest(&registered, &sent).ok_or_else(|| {
            failure::invalid("redirectUri", "No redirect URI is registered.").hint("Edit the client and add one.")
        })?;
        Ok(RedirectLab {
            encoded: form_urlencoded::byte_serialize(sent.as_bytes()).collect(),
            pieces: lay_side_by_side(nearest, &sent).into_iter().map(show::piece).collect(),
            differences: kinds_of_difference(nearest, &sent)
                .into_iter()
                .map(|kind| show::difference(kind).to_owned())
                .collect(),
            catches: catches(&sent, subject.mode),
            can_try: RedirectUri::parse(&sent).is_ok_and(|uri| uri.is_loopback()),
            source: source.to_owned(),
            registered,
            sent,
        })
    }
}

/// The redirect URI in what a person pasted: itself, or that of a whole authorization URL, read as a server would.
fn sent_by(text: &str) -> String {
    let inner = Url::parse(text.trim()).ok().and_then(|url| {
        url.query_pairs().find(|(name, _)| name == "redirect_uri").map(|(_, value)| value.into_owned())
    });
    inner.unwrap_or_else(|| text.to_owned())
}

/// The one to compare with: the same, else the one with which it shares most.
fn nearest<'a>(registered: &'a [String], sent: &str) -> Option<&'a String> {
    let common = |uri: &str| -> usize {
        let pieces = lay_side_by_side(uri, sent);
        let same = pieces.iter().filter(|piece| piece.side == gatewright_model::redirect_difference::Side::Both);
        same.map(|piece| piece.text.len()).sum()
    };
    // Of equally near ones the first: it is the one that a login would take.
    registered.iter().rev().max_by_key(|uri| (uri.as_str() == sent, common(uri)))
}

fn catches(sent: &str, mode: ResponseMode) -> Vec<RedirectCatch> {
    let uri = RedirectUri::parse(sent);
    let of = |browser, (works, sentence): (bool, String)| RedirectCatch { browser, works, sentence };
    let uri = match &uri {
        Ok(uri) => uri,
        Err(cause) => {
            let why = failure::sentence(cause);
            return [Browser::Embedded, Browser::System, Browser::Paste]
                .map(|browser| of(browser, (false, why.clone())))
                .into();
        }
    };
    vec![
        of(Browser::Embedded, in_the_view(uri, mode)),
        of(Browser::System, in_the_system_browser(uri, mode)),
        of(Browser::Paste, by_pasting(mode)),
    ]
}

fn in_the_view(uri: &RedirectUri, mode: ResponseMode) -> (bool, String) {
    if mode == ResponseMode::FormPost {
        return at_the_listener(uri);
    }
    (true, "The login view stops at this address before any request leaves. Nothing has to listen there.".to_owned())
}

fn in_the_system_browser(uri: &RedirectUri, mode: ResponseMode) -> (bool, String) {
    if mode == ResponseMode::Fragment {
        return (false, "The answer comes behind #, which a browser sends to nobody.".to_owned());
    }
    at_the_listener(uri)
}

fn by_pasting(mode: ResponseMode) -> (bool, String) {
    if mode == ResponseMode::FormPost {
        return (false, "The answer is posted as a form: the address holds nothing to paste.".to_owned());
    }
    (true, "The browser ends on this address, whatever page it shows; you paste the address.".to_owned())
}

fn at_the_listener(uri: &RedirectUri) -> (bool, String) {
    if !uri.is_loopback() {
        return (
            false,
            "It is not on this computer, so a browser cannot bring it back here: use the login view, or paste."
                .to_owned(),
        );
    }
    let port = uri.loopback_port().unwrap_or_default();
    match Listener::probe(uri) {
        Ok(()) => (true, format!("Gatewright listens on port {port}, which is free right now.")),
        Err(cause) => (false, failure::sentence(&cause)),
    }
}

#[cfg(test)]
mod tests {
    use super::{nearest, sent_by};

    #[test]
    fn an_authorization_url_gives_the_redirect_uri_as_its_server_reads_it() {
        let url = "https://id.example.net/authorize?client_id=a&redirect_uri=https%3A%2F%2Fa.net%2Fcb%3Fx%3D1%26y%3D2";
        assert_eq!(sent_by(url), "https://a.net/cb?x=1&y=2");
        let unencoded = "https://id.example.net/authorize?client_id=a&redirect_uri=https://a.net/cb?x=1&y=2&state=z";
        assert_eq!(sent_by(unencoded), "https://a.net/cb?x=1");
        assert_eq!(sent_by("https://a.net/cb "), "https://a.net/cb ", "a space is what somebody looks for");
    }

    #[test]
    fn the_nearest_of_several_is_compared_with() {
        let registered = ["https://a.net/cb", "http://127.0.0.1:8914/callback"].map(str::to_owned);
        assert_eq!(nearest(&registered, "http://localhost:8914/callback"), Some(&registered[1]));
        assert_eq!(nearest(&registered, "https://a.net/cb/"), Some(&registered[0]));
        assert_eq!(nearest(&[], "https://a.net"), None);
    }
}
