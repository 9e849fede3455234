//! Reading the few things of a web page that a person acts on.

/// A web page that asks something.
pub(crate) struct Form {
    /// Where the answer goes; empty for the page's own address.
    pub(crate) action: String,
    fields: Vec<Tag>,
    buttons: Vec<Tag>,
}

impl Form {
    /// The first form that is sent by POST.
    pub(crate) fn read(page: &str) -> Option<Self> {
        let start = page.find("<form")?;
        let form = tags(&page[start..start + page[start..].find("</form>")?]);
        // Some pages keep their buttons outside of the form and tie them to it by its id.
        let buttons = tags(page).into_iter().filter(Tag::is_submit).collect();
        let action = form.first().and_then(|tag| tag.attribute("action")).unwrap_or_default();
        let fields = form.into_iter().filter(|tag| tag.0.starts_with("input") && !tag.is_submit()).collect();
        Some(Self { action, fields, buttons })
    }

    /// Whether it asks for a password.
    pub(crate) fn signs_in(&self) -> bool {
        self.fields.iter().any(|field| field.attribute("type").as_deref() == Some("password"))
    }

    /// The body of the form with name and password filled in.
    pub(crate) fn signed(&self, login: &str, password: &str) -> String {
        self.filled(|kind| match kind {
            "text" | "email" => Some(login.to_owned()),
            "password" => Some(password.to_owned()),
            _ => None,
        })
    }

    /// The body of the form after the button that says yes, which bears a name where there is one that says no.
    pub(crate) fn approved(&self) -> String {
        self.with_button(self.buttons.iter().find(|button| button.attribute("name").is_some()))
    }

    /// The body of the form after the button that says no.
    pub(crate) fn declined(&self) -> String {
        self.with_button(None)
    }

    fn with_button(&self, button: Option<&Tag>) -> String {
        let body = self.filled(|_| None);
        let Some((name, value)) = button.and_then(Tag::pair) else { return body };
        url::form_urlencoded::Serializer::new(body).append_pair(&name, &value).finish()
    }

    fn filled(&self, own: impl Fn(&str) -> Option<String>) -> String {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        for field in &self.fields {
            let Some((name, value)) = field.pair() else { continue };
            let kind = field.attribute("type").unwrap_or_else(|| "text".to_owned());
            body.append_pair(&name, &own(&kind).unwrap_or(value));
        }
        body.finish()
    }
}

/// The address of the page's link that holds this text.
pub(crate) fn link_with(page: &str, part: &str) -> Option<String> {
    let links = tags(page).into_iter().filter(|tag| tag.0.starts_with("a "));
    links.filter_map(|link| link.attribute("href")).find(|address| address.contains(part))
}

/// A tag with its attributes: everything between its brackets.
struct Tag(String);

impl Tag {
    fn is_submit(&self) -> bool {
        self.0.starts_with("button") || self.attribute("type").as_deref() == Some("submit")
    }

    /// Name and value, when it has a name.
    fn pair(&self) -> Option<(String, String)> {
        Some((self.attribute("name")?, self.attribute("value").unwrap_or_default()))
    }

    fn attribute(&self, name: &str) -> Option<String> {
        let start = self.0.find(&format!(" {name}=\""))? + name.len() + 3;
        let text = self.0[start..].split('"').next()?;
        Some(text.replace("&amp;", "&").replace("&quot;", "\"").replace("&#x27;", "'"))
    }
}

fn tags(page: &str) -> Vec<Tag> {
    page.split('<').skip(1).filter_map(|piece| Some(Tag(piece.split('>').next()?.to_owned()))).collect()
}
