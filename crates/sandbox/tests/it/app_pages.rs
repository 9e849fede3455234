//! The twins' own pages for apps, walked as their owners would.

use gatewright_protocol::ClientId;
use gatewright_sandbox::{Sandbox, SandboxHandle, SandboxOptions, Twin};
use reqwest::{StatusCode, Url};

use crate::browser::{self, Browser, CALLBACK, End, Login, Page, authorize, wire};

/// Somebody who has signed in at a twin to look after their apps.
struct Owner {
    browser: Browser,
    twin: Twin,
    origin: String,
}

impl Owner {
    /// Opens the list and signs in on the way.
    async fn signs_in(sandbox: &SandboxHandle, twin: Twin, username: &str) -> Self {
        let (browser, origin) = (Browser::new(sandbox), sandbox.origin().to_owned());
        let owner = Self { browser, twin, origin };
        let sign_in = owner.open(twin.apps_path()).await;
        let list = owner.browser.sign_in(&sign_in, username).await.page();
        assert_eq!((list.url.path(), list.status), (twin.apps_path(), StatusCode::OK));
        owner
    }

    async fn open(&self, path: &str) -> Page {
        self.browser.open(format!("{}{path}", self.origin)).await.page()
    }

    async fn list(&self) -> Page {
        self.open(self.twin.apps_path()).await
    }

    /// The page with the form for a new app: the list itself at Chattz, and behind a button elsewhere.
    async fn form(&self) -> Page {
        let list = self.list().await;
        match link(&list, "new") {
            Some(path) => self.open(&path).await,
            None => list,
        }
    }

    async fn creates(&self, name: &str, redirect_uri: &str) -> Page {
        self.sends(&self.form().await, "new-app", &[("name", name), ("redirect_uri", redirect_uri)]).await
    }

    /// Sends a form of a page with its CSRF token.
    async fn sends(&self, page: &Page, form: &str, fields: &[(&str, &str)]) -> Page {
        let token = page.hidden("csrf_token");
        self.browser.submit(page, form, &[&[("csrf_token", &*token)], fields].concat()).await.page()
    }

    /// Opens an app's page anew.
    async fn reloads(&self, app: &Page) -> Page {
        self.open(app.url.path()).await
    }

    async fn deletes(&self, app: &Page) -> Page {
        let question = self.open(&link(app, "delete").unwrap()).await;
        assert!(question.title().starts_with("Delete"), "{}", question.title());
        self.sends(&question, "delete-app", &[]).await
    }
}

/// Where the link with this id leads.
fn link(page: &Page, id: &str) -> Option<String> {
    let before = page.html.split(&format!("\" id=\"{id}\"")).next().filter(|before| before.len() < page.html.len())?;
    before.rsplit("href=\"").next().map(str::to_owned)
}

/// What stands in a read-only field.
fn shown(page: &Page, id: &str) -> Option<String> {
    let field = page.html.split(&format!("<input id=\"{id}\"")).nth(1)?;
    Some(field.split("value=\"").nth(1)?.split('"').next()?.to_owned())
}

fn client_id(page: &Page) -> String {
    shown(page, "client-id").unwrap_or_else(|| panic!("no ID on {}: {}", page.url, page.html))
}

fn secret(page: &Page) -> String {
    shown(page, "client-secret").unwrap_or_else(|| panic!("no secret on {}: {}", page.url, page.html))
}

#[tokio::test]
async fn an_app_made_on_a_twins_page_logs_people_in() {
    for twin in Twin::ALL {
        let sandbox = browser::sandbox().await;
        let owner = Owner::signs_in(&sandbox, twin, "olivia").await;
        let app = owner.creates("Kitten Board", CALLBACK).await;
        let (id, secret) = (client_id(&app), secret(&app));
        let registered = sandbox.apps(twin).remove(0);
        assert_eq!((registered.client_id.to_string(), &*registered.owner), (id.clone(), "olivia"), "{twin:?}");

        let mut parameters = vec![("client_id", &*id), ("redirect_uri", CALLBACK)];
        parameters.extend((twin != Twin::Chattr).then_some(("response_type", "code")));
        let code = Browser::new(&sandbox).log_in(&authorize(&sandbox, twin, &parameters), "theo").await.code();
        let url = format!("{}{}", sandbox.origin(), twin.token_path());
        let request = if twin == Twin::Chattr {
            let number: i64 = id.parse().unwrap();
            wire().post(url).json(&serde_json::json!({
                "client_id": number, "client_secret": secret, "code": code, "redirect_uri": CALLBACK,
            }))
        } else {
            let fields = [
                ("grant_type", "authorization_code"),
                ("client_id", &*id),
                ("client_secret", &*secret),
                ("code", &*code),
                ("redirect_uri", CALLBACK),
            ];
            wire().post(url).form(&fields)
        };
        assert_eq!(request.send().await.unwrap().status(), 200, "{twin:?}");
    }
}

#[tokio::test]
async fn each_provider_has_its_own_words_and_kind_of_id() {
    let sandbox = browser::sandbox().await;
    for (twin, heading, button, id_label) in [
        (Twin::Chattr, "OAuth apps", "Create OAuth app", "App ID"),
        (Twin::Chattz, "OAuth Clients", "Add Client", "Client ID"),
        (Twin::Chaster, "Applications", "Create application", "Client ID"),
        (Twin::Gitter, "Applications", "Register application", "Client ID"),
        (Twin::ContentDb, "OAuth2 Applications", "Create", "Client ID"),
    ] {
        let owner = Owner::signs_in(&sandbox, twin, "olivia").await;
        assert_eq!(owner.list().await.title(), format!("{heading} – {} (sandbox)", twin.name()));
        assert!(owner.form().await.html.contains(&format!("id=\"create\">{button}</button>")), "{twin:?}");
        let app = owner.creates("Kitten Board", CALLBACK).await;
        assert!(app.html.contains(&format!("<label for=\"client-id\">{id_label}</label>")), "{twin:?}");
        let id = client_id(&app);
        assert_eq!(
            sandbox.apps(twin)[0].client_id,
            match twin {
                Twin::Chattr => ClientId::Integer(id.parse().unwrap()),
                _ => ClientId::Text(id),
            }
        );
    }
}

#[tokio::test]
async fn a_secret_is_shown_once_where_the_provider_does_and_always_at_gitter_and_contentdb() {
    let sandbox = browser::sandbox().await;
    for twin in Twin::ALL {
        let owner = Owner::signs_in(&sandbox, twin, "olivia").await;
        let app = owner.creates("Kitten Board", CALLBACK).await;
        let first = secret(&app);
        let stays = matches!(twin, Twin::Gitter | Twin::ContentDb);
        for _ in 0..2 {
            let again = owner.reloads(&app).await;
            assert_eq!(shown(&again, "client-secret"), stays.then(|| first.clone()), "{twin:?}");
        }
    }
}

#[tokio::test]
async fn after_a_restart_contentdb_says_why_it_cannot_show_the_secret() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("apps.json");
    let start = || Sandbox::start(SandboxOptions { apps_file: Some(path.clone()), ..SandboxOptions::default() });
    let first = start().await.unwrap();
    let app = Owner::signs_in(&first, Twin::ContentDb, "olivia").await.creates("Kitten Board", CALLBACK).await;
    first.stop().await;
    let second = start().await.unwrap();
    let page = Owner::signs_in(&second, Twin::ContentDb, "olivia").await.open(app.url.path()).await;
    assert_eq!(shown(&page, "client-secret"), None);
    assert!(page.html.contains("only a digest"), "{}", page.html);
}

#[tokio::test]
async fn the_forms_keep_their_limits_and_what_was_typed() {
    let sandbox = browser::sandbox().await;
    let long = format!("https://app.example/{}", "x".repeat(104));
    for (twin, name, redirect_uri, part) in [
        (Twin::ContentDb, "Four", CALLBACK, "at least 5"),
        (Twin::ContentDb, &*"x".repeat(31), CALLBACK, "at most 30"),
        (Twin::ContentDb, "Kitten Board", "http", "at least 5"),
        (Twin::ContentDb, "Kitten Board", &long, "at most 123"),
        (Twin::Chattr, "", CALLBACK, "empty"),
        (Twin::Chattz, "Kitten Board", "http://app.example/cb", "this computer only"),
        (Twin::Gitter, "Kitten Board", "/callback", "not an absolute URI"),
        (Twin::Chaster, "Kitten Board", "https://a.example/\nhttps://a.example/", "given twice"),
    ] {
        let owner = Owner::signs_in(&sandbox, twin, "olivia").await;
        let again = owner.creates(name, redirect_uri).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{twin:?} {name}");
        let problem = again.html.split("role=\"alert\">").nth(1).unwrap().split('<').next().unwrap();
        assert!(problem.contains(part), "{problem}");
        assert!(again.html.contains(&format!("value=\"{name}\"")), "{twin:?}: what was typed stays");
        assert!(sandbox.apps(twin).is_empty());
    }
    let theos = Owner::signs_in(&sandbox, Twin::ContentDb, "theo").await;
    theos.creates("Kitten Board", CALLBACK).await;
    let olivias = Owner::signs_in(&sandbox, Twin::ContentDb, "olivia").await;
    assert!(olivias.creates("KITTEN board", CALLBACK).await.html.contains("The name is taken"));
}

#[tokio::test]
async fn chaster_takes_several_redirect_uris_and_the_others_one() {
    let sandbox = browser::sandbox().await;
    let owner = Owner::signs_in(&sandbox, Twin::Chaster, "olivia").await;
    owner.creates("Kitten Board", "https://a.example/\r\n\r\n https://b.example/ ").await;
    assert_eq!(sandbox.apps(Twin::Chaster)[0].redirect_uris, ["https://a.example/", "https://b.example/"]);
    assert!(owner.form().await.html.contains("<textarea id=\"redirect-uri\""));
    let chattr = Owner::signs_in(&sandbox, Twin::Chattr, "olivia").await.form().await;
    assert!(chattr.html.contains("<input id=\"redirect-uri\""));
}

#[tokio::test]
async fn who_may_not_create_an_app_reads_why_and_gets_no_form() {
    let sandbox = browser::sandbox().await;
    for (twin, part) in [(Twin::Chattr, "phone-verified"), (Twin::ContentDb, "members")] {
        let una = Owner::signs_in(&sandbox, twin, "una").await;
        let list = una.list().await;
        assert!(list.html.contains(part) && link(&list, "new").is_none(), "{}", list.html);
        let form = una.open(&format!("{}/new{}", twin.apps_path().trim_end_matches('/'), slash(twin))).await;
        assert!(form.html.contains(part) && !form.html.contains("id=\"new-app\""));
        // Whoever sends the form all the same is refused, too.
        let url = form.url.join(form.url.path()).unwrap();
        let fields = [("csrf_token", form.hidden("csrf_token")), ("name", "Una's own app".to_owned())];
        let end = una.browser.post(url, &fields).await.page();
        assert_eq!(end.status, StatusCode::FORBIDDEN);
        assert!(sandbox.apps(twin).is_empty());
    }
    Owner::signs_in(&sandbox, Twin::Chattz, "una").await.creates("Una's own app", CALLBACK).await;
    assert_eq!(sandbox.apps(Twin::Chattz)[0].owner, "una");
}

fn slash(twin: Twin) -> &'static str {
    if twin == Twin::ContentDb { "/" } else { "" }
}

#[tokio::test]
async fn nobody_sees_changes_or_deletes_somebody_elses_app() {
    for twin in Twin::ALL {
        let login = Login::prepare(twin).await;
        let theo = Owner::signs_in(&login.sandbox, twin, "theo").await;
        let list = theo.list().await;
        assert!(!list.html.contains("Kitten Board"), "{twin:?}");
        let page_of = |id: &str, rest: &str| {
            format!("{}{}/{id}{rest}{}", login.sandbox.origin(), twin.apps_path().trim_end_matches('/'), slash(twin))
        };
        let fields = [("csrf_token", list.hidden("csrf_token"))];
        for rest in ["", "/delete"] {
            let theirs = theo.browser.open(page_of(&login.id(), rest)).await.page();
            let none = theo.browser.open(page_of("999", rest)).await.page();
            assert_eq!((theirs.status, &theirs.html), (StatusCode::NOT_FOUND, &none.html), "{twin:?}{rest}");
            // Gitter has no form there: nobody can change an app.
            let expected = if twin == Twin::Gitter && rest.is_empty() {
                StatusCode::METHOD_NOT_ALLOWED
            } else {
                StatusCode::NOT_FOUND
            };
            let url = Url::parse(&page_of(&login.id(), rest)).unwrap();
            assert_eq!(theo.browser.post(url, &fields).await.page().status, expected, "{twin:?}{rest}");
        }
        assert_eq!(login.sandbox.apps(twin)[0].name, "Kitten Board", "{twin:?}");
    }
}

#[tokio::test]
async fn editing_keeps_id_and_secret_and_gitter_does_not_offer_it() {
    for twin in [Twin::Chattr, Twin::Chattz, Twin::Chaster, Twin::ContentDb] {
        let login = Login::prepare(twin).await;
        let owner = Owner::signs_in(&login.sandbox, twin, "olivia").await;
        let path = link_to(&owner.list().await, "Kitten Board");
        let moved = [("name", "Kitten Boards"), ("redirect_uri", "http://127.0.0.1:9/new")];
        let app = owner.sends(&owner.open(&path).await, "edit-app", &moved).await;
        assert_eq!((app.status, client_id(&app)), (StatusCode::OK, login.id()), "{twin:?}");
        let registered = login.sandbox.apps(twin).remove(0);
        assert_eq!((&*registered.name, &*registered.redirect_uris[0]), ("Kitten Boards", "http://127.0.0.1:9/new"));
        let wrong = owner.sends(&app, "edit-app", &[("name", ""), ("redirect_uri", CALLBACK)]).await;
        assert_eq!((wrong.status, client_id(&wrong)), (StatusCode::UNPROCESSABLE_ENTITY, login.id()));
        assert_eq!(login.sandbox.apps(twin)[0].name, "Kitten Boards");
    }
    let login = Login::prepare(Twin::Gitter).await;
    let owner = Owner::signs_in(&login.sandbox, Twin::Gitter, "olivia").await;
    let app = owner.open(&link_to(&owner.list().await, "Kitten Board")).await;
    assert!(!app.html.contains("id=\"edit-app\"") && app.html.contains("cannot be changed"));
}

/// Where the link with this text leads.
fn link_to(page: &Page, text: &str) -> String {
    let before = page.html.split(&format!("\">{text}</a>")).next().unwrap();
    before.rsplit("href=\"").next().unwrap().to_owned()
}

#[tokio::test]
async fn an_app_that_is_deleted_and_made_again_has_another_id() {
    for twin in Twin::ALL {
        let sandbox = browser::sandbox().await;
        let owner = Owner::signs_in(&sandbox, twin, "olivia").await;
        let first = owner.creates("Kitten Board", CALLBACK).await;
        let list = owner.deletes(&first).await;
        assert!(list.url.path() == twin.apps_path() && list.html.contains("You have no"), "{twin:?}");
        assert_eq!(owner.reloads(&first).await.status, StatusCode::NOT_FOUND);
        let second = owner.creates("Kitten Board", CALLBACK).await;
        assert_ne!((client_id(&second), secret(&second)), (client_id(&first), secret(&first)), "{twin:?}");
    }
}

#[tokio::test]
async fn only_chaster_can_make_a_new_secret_on_its_page() {
    for twin in Twin::ALL {
        let login = Login::prepare(twin).await;
        let owner = Owner::signs_in(&login.sandbox, twin, "olivia").await;
        let app = owner.open(&link_to(&owner.list().await, "Kitten Board")).await;
        assert_eq!(app.html.contains("id=\"regenerate\""), twin == Twin::Chaster, "{twin:?}");
        if twin != Twin::Chaster {
            continue;
        }
        assert!(app.html.contains("The present secret works for 2 days more."));
        let renewed = owner.sends(&app, "regenerate", &[]).await;
        let second = secret(&renewed);
        assert_ne!(second, login.app.secret.expose());
        assert_eq!(shown(&owner.reloads(&app).await, "client-secret"), None, "it is shown once");
        let code = login.approved("theo").await.code();
        assert_eq!(login.exchange(&code, &[("client_secret", &second)]).await.0, 200);
        let code = login.approved("theo").await.code();
        assert_eq!(login.exchange(&code, &[]).await.0, 200, "the rotation policy keeps the earlier one");
    }
}

#[tokio::test]
async fn contentdb_revokes_every_users_token_on_request() {
    let login = Login::prepare(Twin::ContentDb).await;
    let (_, tokens) = login.exchange(&login.approved("theo").await.code(), &[]).await;
    let token = tokens["access_token"].as_str().unwrap();
    assert_eq!(login.identity(token).await.0, 200);
    let owner = Owner::signs_in(&login.sandbox, Twin::ContentDb, "olivia").await;
    let app = owner.open(&link_to(&owner.list().await, "Kitten Board")).await;
    owner.sends(&app, "revoke", &[]).await;
    assert_eq!(login.identity(token).await.0, 403);
    let sign_in = Browser::new(&login.sandbox);
    let page = sign_in.open(login.authorize(&[])).await.page();
    assert!(matches!(sign_in.sign_in(&page, "theo").await, End::Page(_)), "people are asked again");
}

#[tokio::test]
async fn an_app_that_waits_for_approval_says_so_to_its_owner() {
    let sandbox = browser::sandbox().await;
    let theo = Owner::signs_in(&sandbox, Twin::ContentDb, "theo").await;
    let app = theo.creates("Kitten Board", CALLBACK).await;
    assert!(app.html.contains("id=\"not-approved\"") && theo.list().await.html.contains("(not approved)"));
    sandbox.set_approved(Twin::ContentDb, &client_id(&app), true).await.unwrap();
    assert!(!theo.reloads(&app).await.html.contains("id=\"not-approved\""));
    let olivia = Owner::signs_in(&sandbox, Twin::ContentDb, "olivia").await;
    assert!(!olivia.creates("Olivia's Board", CALLBACK).await.html.contains("id=\"not-approved\""));
}

#[tokio::test]
async fn a_form_of_another_sign_in_or_of_none_changes_nothing() {
    for twin in Twin::ALL {
        let login = Login::prepare(twin).await;
        let olivia = Owner::signs_in(&login.sandbox, twin, "olivia").await;
        let app = olivia.open(&link_to(&olivia.list().await, "Kitten Board")).await;
        let question = olivia.open(&link(&app, "delete").unwrap()).await;
        for token in ["", "guess"] {
            let refused = olivia.browser.submit(&question, "delete-app", &[("csrf_token", token)]).await.page();
            assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{twin:?}");
        }
        let fields = [("csrf_token", question.hidden("csrf_token"))];
        let theo = Owner::signs_in(&login.sandbox, twin, "theo").await;
        assert_eq!(theo.browser.post(question.url.clone(), &fields).await.page().status, StatusCode::BAD_REQUEST);
        let stranger = Browser::new(&login.sandbox).post(question.url.clone(), &fields).await.page();
        assert!(stranger.title().starts_with("Sign in"), "{}", stranger.title());
        assert_eq!(login.sandbox.apps(twin).len(), 1, "{twin:?}");
    }
}

#[tokio::test]
async fn the_pages_are_whole_without_scripts_and_every_field_has_a_label() {
    for twin in Twin::ALL {
        let sandbox = browser::sandbox().await;
        let owner = Owner::signs_in(&sandbox, twin, "olivia").await;
        let app = owner.creates("<b onclick=x>\"&'", CALLBACK).await;
        for page in [&owner.list().await, &owner.form().await, &app] {
            assert!(
                !page.html.contains("<script") && !page.html.contains("style=\"") && !page.html.contains("<b onclick")
            );
            let fields = page.html.split("<input ").skip(1).chain(page.html.split("<textarea ").skip(1));
            for field in fields.filter(|field| !field.starts_with("type=\"hidden\"")) {
                let id = field.split("id=\"").nth(1).unwrap().split('"').next().unwrap();
                assert!(page.html.contains(&format!("<label for=\"{id}\">")), "{id} at {twin:?}");
            }
        }
        let other = owner.browser.sign_out(&owner.list().await).await.page();
        assert!(other.title().starts_with("Sign in"), "{twin:?}: {}", other.title());
    }
}
