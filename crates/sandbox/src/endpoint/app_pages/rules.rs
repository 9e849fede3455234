//! What each provider calls things on its pages for apps, and what can be done there.

use crate::Twin;

/// One provider's pages for apps. The words are those of its document; where it has none, ours are plain.
pub(crate) struct AppPageRules {
    /// The heading of the list.
    pub(crate) heading: &'static str,
    /// One of them, in a sentence.
    pub(crate) noun: &'static str,
    /// What the button that makes one says, and the way to its form.
    pub(crate) create: &'static str,
    /// Whether the form stands on the list itself.
    pub(crate) form_on_list: bool,
    /// The label of the name.
    pub(crate) name: &'static str,
    /// What is said below the name.
    pub(crate) name_hint: &'static str,
    /// The label of the redirect URI, or of their list.
    pub(crate) redirect_uri: &'static str,
    /// What is said below the redirect URI.
    pub(crate) redirect_uri_hint: &'static str,
    /// The label of the client identifier.
    pub(crate) client_id: &'static str,
    /// Whether the secret can be read at any time, or only once.
    pub(crate) secret_stays: bool,
    /// What can be done to an app besides deleting it.
    actions: &'static [Action],
}

/// Something that can be done to an app on its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Change name and redirect URIs.
    Edit,
    /// Make a new secret.
    Regenerate,
    /// End every token the app was given.
    Revoke,
}

const PLAIN: AppPageRules = AppPageRules {
    heading: "",
    noun: "",
    create: "",
    form_on_list: false,
    name: "Name",
    name_hint: "People see it when they are asked for consent.",
    redirect_uri: "Redirect URI",
    redirect_uri_hint: "People are sent back to it. It is compared character by character.",
    client_id: "Client ID",
    secret_stays: false,
    actions: &[Action::Edit],
};

/// "Only the app owner can manage (edit or delete) their OAuth apps."
const CHATTR: AppPageRules =
    AppPageRules { heading: "OAuth apps", noun: "OAuth app", create: "Create OAuth app", client_id: "App ID", ..PLAIN };

/// "Go to OAuth Clients. Provide name and redirect URI. Click Add Client."
const CHATTZ: AppPageRules = AppPageRules {
    heading: "OAuth Clients",
    noun: "OAuth client",
    create: "Add Client",
    form_on_list: true,
    name_hint: "A label for your own reference like “My Website Login”.",
    redirect_uri_hint: "The URL on your site where users will be sent after authentication.",
    ..PLAIN
};

/// Not described; Keycloak keeps a list of redirect URIs and can make a new secret.
const CHASTER: AppPageRules = AppPageRules {
    heading: "Applications",
    noun: "application",
    create: "Create application",
    redirect_uri: "Redirect URIs",
    redirect_uri_hint: "One on each line, ten at most.",
    actions: &[Action::Edit, Action::Regenerate],
    ..PLAIN
};

/// Its server can list, make and delete applications, shows the secret in the list, and changes neither name nor address.
const GITTER: AppPageRules = AppPageRules {
    heading: "Applications",
    noun: "application",
    create: "Register application",
    redirect_uri: "Redirect URL",
    secret_stays: true,
    actions: &[],
    ..PLAIN
};

/// "Settings > OAuth2 Applications > Create."
const CONTENTDB: AppPageRules = AppPageRules {
    heading: "OAuth2 Applications",
    noun: "OAuth2 application",
    create: "Create",
    name: "Title",
    name_hint: "5 to 30 characters; no two applications share one.",
    redirect_uri: "Redirect URL",
    redirect_uri_hint: "5 to 123 characters. It is not looked at any further, and compared character by character.",
    secret_stays: true,
    actions: &[Action::Edit, Action::Revoke],
    ..PLAIN
};

impl AppPageRules {
    pub(crate) const fn of(twin: Twin) -> &'static Self {
        match twin {
            Twin::Chattr => &CHATTR,
            Twin::Chattz => &CHATTZ,
            Twin::Chaster => &CHASTER,
            Twin::Gitter => &GITTER,
            Twin::ContentDb => &CONTENTDB,
        }
    }

    pub(crate) fn can(&self, action: Action) -> bool {
        self.actions.contains(&action)
    }
}

/// The address of a page below the list; the list itself when there are no parts. Where the list's address ends in a slash, so does every
/// other.
pub(crate) fn path(twin: Twin, parts: &[&str]) -> String {
    let list = twin.apps_path();
    let slash = if list.ends_with('/') { "/" } else { "" };
    let mut path = list.trim_end_matches('/').to_owned();
    for part in parts {
        path.push('/');
        path.push_str(part);
    }
    path + slash
}

/// Whether this is the address of one of a twin's pages for apps.
pub(crate) fn is_page(twin: Twin, address: &str) -> bool {
    let rest = address.strip_prefix(twin.apps_path().trim_end_matches('/'));
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'/' || byte == b'-';
    rest.is_some_and(|rest| (rest.is_empty() || rest.starts_with('/')) && rest.bytes().all(is_plain))
}

#[cfg(test)]
mod tests {
    use super::{is_page, path};
    use crate::Twin;

    #[test]
    fn contentdb_ends_every_path_in_a_slash() {
        assert_eq!(path(Twin::ContentDb, &["new"]), "/contentdb/user/apps/new/");
        assert_eq!(path(Twin::Chattr, &["7", "delete"]), "/chattr/settings/oauth-apps/7/delete");
        assert_eq!(path(Twin::Chattz, &[]), "/chattz/oauth/clients");
    }

    #[test]
    fn only_the_twins_own_pages_can_be_gone_to_after_signing_in() {
        assert!(is_page(Twin::Chattr, "/chattr/settings/oauth-apps/7/delete"));
        assert!(is_page(Twin::ContentDb, "/contentdb/user/apps/"));
        for elsewhere in [
            "/chattr/settings/oauth-apps.example",
            "/chattr/settings/oauth-apps/../../x",
            "/chattr/settings/oauth-apps/7?x=1",
            "/chattz/oauth/clients",
            "//chattr/settings/oauth-apps",
        ] {
            assert!(!is_page(Twin::Chattr, elsewhere), "{elsewhere}");
        }
    }
}
