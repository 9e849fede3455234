use gatewright_testkit::Canary;
use proptest::prelude::*;

use super::*;

fn one(file_name: &str, text: &str) -> (Reading, ForeignClient) {
    let reading = read(file_name, text.as_bytes()).unwrap();
    let [client] = &reading.clients[..] else { panic!("one client, not {reading:?}") };
    let client = client.clone();
    (reading, client)
}

fn holds(client: &ForeignClient, secret: &str) -> bool {
    client.secret.as_ref().is_some_and(|held| held.matches(secret))
}

#[test]
fn a_client_of_keycloak_comes_with_its_real_redirect_uris() {
    let (reading, client) = one("client.json", include_str!("../../fixtures/keycloak-client.json"));
    assert_eq!((reading.source, &*client.name, &*client.client_id), (Source::Keycloak, "Guild portal", "guild-portal"));
    assert!(holds(&client, "not-a-real-keycloak-secret"));
    assert_eq!(client.redirect_uris, ["https://guild.example.org/login", "https://guild.example.org/other"]);
    assert_eq!(client.took, ["clientId", "name", "secret", "redirectUris"]);
    assert!(
        client
            .left
            .contains(&"redirectUris: https://guild.example.org/*: a pattern; a login needs one address".to_owned())
    );
    assert!(client.left.contains(&"webOrigins".to_owned()));
}

#[test]
fn of_a_realm_of_keycloak_only_clients_people_log_in_with_are_taken() {
    let (reading, client) = one("realm.json", include_str!("../../fixtures/keycloak-realm.json"));
    assert_eq!(client.client_id, "spa");
    assert_eq!(client.authentication, Some(ClientAuthentication::None));
    assert!(reading.left.iter().any(|left| left.starts_with("saml-app: not a client")));
    assert!(reading.left.iter().any(|left| left.starts_with("api: it only takes tokens")));
}

#[test]
fn a_secret_that_keycloak_masked_is_left_and_said() {
    let (_, client) = one("c.json", r#"{"clientId": "a", "secret": "**********", "redirectUris": []}"#);
    assert!(client.secret.is_none() && client.left[0].starts_with("secret: Keycloak did not show it"));
}

#[test]
fn the_file_google_offers_is_read() {
    let (reading, client) = one("client_secret_1.json", include_str!("../../fixtures/google-client-secret.json"));
    assert_eq!((reading.source, &*client.client_id), (Source::Google, "1234-abc.apps.googleusercontent.com"));
    assert!(holds(&client, "GOCSPX-not-a-real-secret"));
    assert_eq!(client.endpoints, ["https://accounts.google.com/o/oauth2/auth", "https://oauth2.googleapis.com/token"]);
    assert!(client.left.contains(&"javascript_origins".to_owned()));
}

#[test]
fn an_environment_of_postman_gives_one_client_for_each_beginning() {
    let reading = read("env.json", include_bytes!("../../fixtures/postman-environment.json")).unwrap();
    assert_eq!(reading.source, Source::Postman);
    let told: Vec<_> = reading.clients.iter().map(|client| (&*client.name, &*client.client_id)).collect();
    assert_eq!(told, [("Staging", "abc123"), ("Chattr", "42")]);
    assert!(holds(&reading.clients[0], "not-a-real-postman-secret"));
    assert!(reading.clients[1].secret.is_none());
    assert!(reading.clients[1].left.contains(&"chattr_client_secret: stands for another value".to_owned()));
    assert!(
        reading.left.contains(&"old_client_id: switched off".to_owned())
            && reading.left.contains(&"baseUrl".to_owned())
    );
}

#[test]
fn insomnia_gives_the_clients_of_environments_and_of_requests() {
    let reading = read("insomnia.json", include_bytes!("../../fixtures/insomnia-export.json")).unwrap();
    assert_eq!(reading.source, Source::Insomnia);
    let told: Vec<_> = reading.clients.iter().map(|client| (&*client.name, &*client.client_id)).collect();
    assert_eq!(told, [("Log in", "req-1"), ("Chattz", "env-1")]);
    assert!(holds(&reading.clients[0], "not-a-real-insomnia-secret"));
    assert_eq!(reading.clients[0].authentication, Some(ClientAuthentication::Body));
}

#[test]
fn environments_of_insomnia_five_are_read_with_those_made_from_them() {
    let (reading, client) = one("env.yaml", include_str!("../../fixtures/insomnia-environment.yaml"));
    assert_eq!((reading.source, &*client.name, &*client.client_id), (Source::Insomnia, "Chattz", "env-1"));
    assert!(holds(&client, "not-a-real-insomnia-secret"));
    assert_eq!(client.redirect_uris, ["https://app.example.org/cb"]);
    assert_eq!(client.took.len(), 3, "{:?}", client.took);
    assert!(reading.left.contains(&"port: not text".to_owned()), "{:?}", reading.left);
    assert!(reading.left.iter().any(|left| left.starts_with("gitter_client_id")), "{:?}", reading.left);
    assert!(!format!("{reading:?}").contains("not-a-real"), "nothing of a secret is told");
}

#[test]
fn requests_of_insomnia_five_are_read_in_their_folders() {
    let (reading, client) = one("guild.yaml", include_str!("../../fixtures/insomnia-collection.yaml"));
    assert_eq!((&*client.name, &*client.client_id), ("Log in", "req-1"));
    assert!(holds(&client, "not-a-real-insomnia-secret"));
    assert_eq!(client.authentication, Some(ClientAuthentication::Body));
    assert!(reading.left.contains(&"1 requests and settings without OAuth 2".to_owned()), "{:?}", reading.left);
    assert!(reading.left.contains(&"cookieJar".to_owned()) && reading.left.contains(&"base_url".to_owned()));
    let json = r#"{"type": "collection.insomnia.rest/5.0", "collection": []}"#;
    assert_eq!(read("guild.json", json.as_bytes()).unwrap().source, Source::Insomnia, "the same as JSON");
}

#[test]
fn yaml_of_insomnia_that_is_broken_or_a_trap_is_refused_without_a_word_of_it() {
    let line = |n: u32| format!("a{n}: &a{n} [*a{0}, *a{0}, *a{0}, *a{0}, *a{0}, *a{0}]", n - 1);
    let laughs = (1..12).map(line).collect::<Vec<_>>().join("\n");
    for rest in ["name: [", &format!("a0: &a0 [not-a-real-secret]\n{laughs}")] {
        let text = format!("type: collection.insomnia.rest/5.0\n{rest}");
        let refused = read("insomnia.yaml", text.as_bytes()).unwrap_err();
        assert_eq!(refused, ForeignError::BrokenYaml);
        assert!(!refused.to_string().contains("not-a-real"));
    }
}

#[test]
fn a_request_of_bruno_is_read_and_what_is_switched_off_is_not() {
    let (reading, client) = one("login.bru", include_str!("../../fixtures/bruno-request.bru"));
    assert_eq!((reading.source, &*client.name, &*client.client_id), (Source::Bruno, "Log in", "abc123"));
    assert!(holds(&client, "not-a-real-bruno-secret"));
    assert_eq!(client.redirect_uris, ["https://app.example.org/callback"]);
    assert_eq!(client.authentication, Some(ClientAuthentication::Basic));
    assert!(client.left.contains(&"scope".to_owned()) && !client.left.contains(&"state".to_owned()));
}

#[test]
fn an_environment_of_bruno_says_that_its_secrets_are_elsewhere() {
    let (reading, client) = one(
        "prod.bru",
        "vars {\n  clientId: abc\n  redirectUri: https://a.example/cb\n}\nvars:secret [\n  clientSecret\n]\n",
    );
    assert_eq!((&*client.name, &*client.client_id), ("prod", "abc"));
    assert!(reading.left.iter().any(|left| left.starts_with("vars:secret")));
}

#[test]
fn an_env_file_is_read_with_quotes_comments_and_exports() {
    let (reading, client) = one(".env", include_str!("../../fixtures/dot-env"));
    assert_eq!((reading.source, &*client.name, &*client.client_id), (Source::DotEnv, "Chattz", "abc123"));
    assert!(holds(&client, "not#a-real secret"));
    assert_eq!(client.redirect_uris, ["https://app.example.org/cb", "http://127.0.0.1:8080/cb"]);
    assert_eq!(client.endpoints, ["https://chattz.net"]);
    assert!(reading.left.contains(&"DATABASE_URL".to_owned()));
    assert!(reading.left.contains(&"OTHER_CLIENT_SECRET: no client ID goes with it".to_owned()));
    assert!(reading.left.contains(&"line 9: not an assignment".to_owned()));
}

#[test]
fn what_was_left_never_says_a_value_of_a_secret() {
    let canary = Canary::of("not-a-real-secret-but-a-canary");
    for text in [
        format!("A_CLIENT_SECRET={}\nB_CLIENT_ID=1\nB_CLIENT_SECRET=x\nB_APP_SECRET={0}\n", canary.as_str()),
        format!(r#"{{"values":[{{"key":"x_client_secret","value":"{}","enabled":true}}]}}"#, canary.as_str()),
        format!(r#"{{"clientId":"a","secret":"{}","redirectUris":[]}}"#, canary.as_str()),
    ] {
        let reading = read("a.env", text.as_bytes()).unwrap();
        assert!(canary.traces_in(format!("{reading:?}").as_bytes()).is_empty(), "{reading:?}");
    }
}

#[test]
fn other_files_are_told_to_be_unknown() {
    for text in ["", "hello world", "{}", "[1, 2]", "[package]\nname = \"x\"", r#"{"web": {}}"#, r#"{"values": 1}"#] {
        assert_eq!(read("notes.txt", text.as_bytes()).unwrap_err(), ForeignError::UnknownKind, "{text}");
    }
    assert_eq!(read("x", &[0xff, 0xfe]).unwrap_err(), ForeignError::NotText);
    assert_eq!(read("x", &vec![b' '; LONGEST + 1]).unwrap_err(), ForeignError::TooLong);
}

proptest! {
    #[test]
    fn any_text_under_any_name_is_read_or_refused(
        name in "(a\\.bru|\\.env|a\\.json|a)", text in "(?s)([ -~\\n{}:=\"]{0,120}|.{0,80})",
    ) {
        let _read = read(&name, text.as_bytes());
    }

    #[test]
    fn any_json_is_read_or_refused(key in "(web|values|clients|realm|_type|resources|clientId)", inner in "[\\[\\]{}\":,a-z0-9]{0,60}") {
        let _read = read("a.json", format!("{{\"{key}\": {inner}}}").as_bytes());
    }
}
