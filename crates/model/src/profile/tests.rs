use insta::assert_snapshot;

use super::BUILT_IN;
use crate::{Environment, Mark, Provider, ProviderId, provider::Endpoint};

/// The built-in profile number `index`, with pieces of its text exchanged.
fn changed(index: usize, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(BUILT_IN[index].to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from:?} is not in the profile");
        text.replacen(from, to, 1)
    })
}

const CHATTR: usize = 0;
const CHATTZ: usize = 1;
const CHASTER: usize = 2;
const CONTENTDB: usize = 4;

/// What is said about a built-in profile after `changes`.
fn complaints(index: usize, changes: &[(&str, &str)]) -> String {
    let problems = Provider::from_toml(&changed(index, changes)).unwrap_err();
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_five_providers_are_known_from_the_start() {
    let names: Vec<_> = Provider::built_in().into_iter().map(|provider| provider.name).collect();
    assert_eq!(names, ["Chattr", "Chattz", "Chaster", "Gitter", "ContentDB"]);
}

#[test]
fn an_exported_profile_is_read_back_as_it_was() {
    for provider in Provider::built_in() {
        assert_eq!(Provider::from_toml(&provider.to_toml().unwrap()), Ok(provider));
    }
}

#[test]
fn every_statement_of_the_five_that_claims_knowledge_says_from_where() {
    for provider in Provider::built_in() {
        let mut statements = 0;
        visit(&toml::Value::try_from(&provider).unwrap(), &mut |statement| {
            statements += 1;
            let mark: Mark = statement["mark"].clone().try_into().unwrap();
            assert!(mark == Mark::Unknown || statement.contains_key("place"), "{}: {statement}", provider.name);
        });
        assert!(statements > 40, "{} has only {statements} statements", provider.name);
    }
}

/// Calls `each` with every statement.
fn visit(value: &toml::Value, each: &mut impl FnMut(&toml::Table)) {
    match value {
        toml::Value::Table(table) => {
            if table.contains_key("mark") {
                each(table);
            }
            table.values().for_each(|inner| visit(inner, each));
        }
        toml::Value::Array(items) => items.iter().for_each(|inner| visit(inner, each)),
        _ => {}
    }
}

#[test]
fn only_chattr_waits_for_a_real_address() {
    let waiting: Vec<_> =
        Provider::built_in().into_iter().filter(|provider| provider.environments.production.placeholder).collect();
    assert_eq!(waiting.iter().map(|provider| provider.name.as_str()).collect::<Vec<_>>(), ["Chattr"]);
}

#[test]
fn a_field_with_a_slip_in_its_name_is_told_what_it_should_be_called() {
    assert_snapshot!(complaints(CHATTZ, &[("[endpoints.token]\nvalue", "[endpoints.token]\nvalu"), ("[dialect.identity.source]", "[dialect.identity.sorce]")]), @"
    line 24: endpoints.token.valu: found a field named valu, expected one of the fields value, mark, place, note. Did you mean value?
    line 163: dialect.identity.sorce: found a field named sorce, expected one of the fields source, userinfo_token_placement, subject, display_name, signed_in_flag, fields. Did you mean source?
    ");
}

#[test]
fn a_value_of_the_wrong_type_is_told_the_right_one() {
    assert_snapshot!(complaints(CHASTER, &[
        ("value = \"/protocol/openid-connect/token\"", "value = 7"),
        ("value = 300", "value = \"300\""),
        ("value = 600", "value = -600"),
        ("[\"openid\", \"profile\"]", "\"openid profile\""),
        ("value = 10\n", "value = { max = 10 }\n"),
        ("type = \"number\" }", "type = 5 }"),
    ]), @r#"
    line 24: endpoints.token.value: found the number 7, expected text in quotes.
    line 131: dialect.authorization.default_scopes.value: found "openid profile", expected a list in square brackets.
    line 238: dialect.token_response.fields.value[1].type: found the number 5, expected a word in quotes.
    line 287: dialect.tokens.access_token_seconds.value: found "300", expected a whole number from 0 on.
    line 298: dialect.tokens.code_seconds.value: found the number -600, expected a whole number from 0 on.
    line 336: client_form.redirect_uris.value: found a table, expected a whole number from 0 on.
    "#);
}

#[test]
fn a_word_nobody_knows_is_told_the_known_ones() {
    assert_snapshot!(complaints(CHATTZ, &[("value = \"form\"", "value = \"fom\""), ("mark = \"documented\"", "mark = \"sure\""), ("value = \"access_token\"", "value = \"accesstoken\"")]), @r#"
    line 19: endpoints.authorization.mark: found "sure", expected "documented", "observed" or "unknown".
    line 108: dialect.token_request.encoding.value: found "fom", expected "form", "json" or "multipart". Did you mean form?
    line 136: dialect.token_response.success.value: found "accesstoken", expected "access_token", "flag_and_access_token" or "present". Did you mean access_token?
    "#);
}

#[test]
fn a_statement_without_mark_value_or_place_is_told_which() {
    assert_snapshot!(complaints(CHATTR, &[
        ("value = \"/oauth/authorize\"\nmark = \"documented\"", "value = \"/oauth/authorize\""),
        ("value = \"/oauth/token\"\n", ""),
        ("place = \"Step 2, cURL sample (Content-Type header)\"\n", ""),
        ("place = \"Response format\"", "place = \" \""),
    ]), @r#"
    line 18: endpoints.authorization.mark: found nothing, expected text in quotes. Say how the value is known; write "unknown" when nobody has said or seen it.
    line 22: endpoints.token.value: found nothing, expected text in quotes. A statement holds value, mark and, when documented, place.
    line 101: dialect.token_request.encoding.place: found nothing, expected where the document says it. Name the heading, table row or sample, or write mark = "unknown".
    line 128: dialect.token_response.encoding.place: found empty text, expected where it stands in the document. Leave the field out when nobody knows.
    "#);
}

#[test]
fn a_bare_value_in_place_of_a_statement_is_shown_how_a_statement_looks() {
    assert_snapshot!(complaints(CHATTZ, &[("[endpoints.token]\nvalue = \"/oauth/token\"\nmark = \"documented\"\nplace = \"Exchange the Code for an Access Token; fetch sample\"\n", "[endpoints]\ntoken = \"/oauth/token\"\n")]), @r#"line 24: endpoints.token: found "/oauth/token", expected a table of fields. Write a table: { value = …, mark = "…", place = "…" }."#);
}

#[test]
fn a_missing_part_is_named_once_and_not_field_by_field() {
    let text = "id = \"own\"\nname = \"Own\"\n";
    let problems = Provider::from_toml(text).unwrap_err();
    assert_snapshot!(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"), @r#"
    summary: found nothing, expected text in quotes.
    document: found nothing, expected text in quotes.
    environments: found nothing, expected a table of fields.
    endpoints: found nothing, expected a table of fields.
    dialect: found nothing, expected a table of fields.
    client_form: found nothing, expected a table of fields.
    ownership: found nothing, expected a table of fields.
    "#);
}

#[test]
fn text_that_is_not_toml_is_told_the_line() {
    assert_snapshot!(complaints(CHATTZ, &[("name = \"Chattz\"", "name = \"Chattz"), ("[endpoints.token]", "[endpoints.token")]), @r#"
    line 5: found text that is not TOML (invalid basic string, expected `"`), expected a profile in TOML. Look for a quote or bracket that is missing, or a field given twice, on this line or the one before.
    line 23: found text that is not TOML (unclosed table, expected `]`), expected a profile in TOML. Look for a quote or bracket that is missing, or a field given twice, on this line or the one before.
    "#);
}

#[test]
fn paths_and_addresses_have_to_have_their_form() {
    assert_snapshot!(complaints(CHATTZ, &[
        ("authorization = \"https://chattz.net\"", "authorization = \"http://chattz.net\""),
        ("\"{sandbox}/chattz\"", "\"{sandbox}/chattz/\""),
        ("value = \"/oauth/authorize\"", "value = \"http://chattz.net/oauth/authorize\""),
        ("value = \"/oauth/token\"", "value = \"oauth/token\""),
        ("value = \"/oauth/userinfo\"", "value = \"/oauth/user info\""),
        ("id = \"chattz\"", "id = \"My Chattz\""),
    ]), @r#"
    line 4: id: found "My Chattz", expected up to 40 lower-case letters, digits and hyphens, a letter first. Write "my-chattz".
    line 10: environments.production.authorization: found "http://chattz.net", expected an absolute URL with https. http is allowed to this machine only: 127.0.0.1, [::1] or localhost (RFC 8252 §7.3).
    line 13: environments.sandbox.authorization: found "{sandbox}/chattz/", expected {sandbox}/ and a path, or an absolute URL. Leave the slash at the end away: "{sandbox}/chattz".
    line 18: endpoints.authorization.value: found "http://chattz.net/oauth/authorize", expected a path that begins with /, or an absolute URL with https. http is allowed to this machine only: 127.0.0.1, [::1] or localhost (RFC 8252 §7.3).
    line 24: endpoints.token.value: found "oauth/token", expected a path that begins with /, or an absolute URL with https. Write "/oauth/token".
    line 29: endpoints.identity.value: found "/oauth/user info", expected a path that begins with /, or an absolute URL with https. A path has no spaces, no ? and no #.
    "#);
    assert_snapshot!(complaints(CHATTR, &[("\"https://chattr.example.com\"\n", "\"chattr.school.test\"\n"), ("\"{sandbox}/chattr\"", "\"sandbox/chattr\"")]), @r#"
    line 10: environments.production.authorization: found "chattr.school.test", expected an absolute URL with https. The base URL is not absolute: it has to start with a scheme, as in https:// (RFC 6749 §3.1.2).
    line 14: environments.sandbox.authorization: found "sandbox/chattr", expected {sandbox}/ and a path, or an absolute URL. The base URL is not absolute: it has to start with a scheme, as in https:// (RFC 6749 §3.1.2).
    "#);
    assert_snapshot!(complaints(CHATTR, &[("\"https://chattr.example.com\"\n", "\"{sandbox}/x\"\n"), ("name = \"Chattr\"", "name = \"\"")]), @r#"
    line 5: name: found empty text, expected a few words for people.
    line 10: environments.production.authorization: found "{sandbox}/x", expected an absolute URL with https. {sandbox} stands for the twin's address and belongs into environments.sandbox.
    "#);
}

#[test]
fn pointers_scopes_and_lengths_have_to_have_their_form() {
    assert_snapshot!(complaints(CHATTZ, &[("value = \"/id\"", "value = \"user.id\""), ("value = \"/username\"", "value = \"/usrname\""), ("value = { min = 1, max = 100 }", "value = { min = 100, max = 1 }")]), @r#"
    line 170: dialect.identity.subject.value: found "user.id", expected a JSON pointer such as /user/id (RFC 6901). Write "/user/id".
    line 176: dialect.identity.display_name.value: found "/usrname", expected a pointer to one of the fields "id", "username", "email", "first_name", "last_name" or "avatar". Did you mean "/username"?
    line 224: client_form.name.value.min: found 100, expected at most 1, the value of max. Were the two exchanged?
    "#);
    assert_snapshot!(complaints(CHASTER, &[("value = \"/sub\"", "value = \"/a~b\""), ("\"openid\", \"profile\", \"email\"", "\"openid\", \"profile email\""), ("value = 10\n", "value = 0\n")]), @r#"
    line 125: dialect.authorization.scopes.value[1]: found "profile email", expected one scope: no spaces, quotes or backslashes (RFC 6749 §3.3). Write each on its own: "profile", "email".
    line 264: dialect.identity.subject.value: found "/a~b", expected a JSON pointer such as /user/id (RFC 6901). Write ~0 for ~ and ~1 for / inside a name.
    line 336: client_form.redirect_uris.value: found 0, expected at least 1. A client without a redirect URI cannot log in.
    "#);
}

#[test]
fn success_and_source_of_identity_have_to_agree() {
    assert_snapshot!(complaints(CHATTR, &[("value = { present = \"/chattr_user_id\" }", "value = \"access_token\"")]), @"line 134: dialect.token_response.success.value: found access_token, expected present, because the token response is the identity. Change it, or change dialect.identity.source.value.");
    assert_snapshot!(complaints(CHATTZ, &[("value = \"access_token\"\n", "value = { present = \"/access_token\" }\n")]), @"line 136: dialect.token_response.success.value: found present, expected access_token or flag_and_access_token, because identity is asked for with a token. Change it, or change dialect.identity.source.value.");
}

#[test]
fn endpoints_have_to_be_there_when_something_needs_them() {
    assert_snapshot!(complaints(CHATTZ, &[("value = \"endpoint\"", "value = \"token_response\"")]), @r#"
    line 136: dialect.token_response.success.value: found access_token, expected present, because the token response is the identity. Change it, or change dialect.identity.source.value.
    line 195: dialect.tokens.access_token_seconds: found a lifetime, expected nothing, because the token response is the identity and there is no token.
    "#);
    assert_snapshot!(complaints(CHATTR, &[("value = \"token_response\"", "value = \"endpoint\"")]), @r#"
    line 18: endpoints.identity: found nothing, expected the path of the identity endpoint. Add it, or write dialect.identity.source.value = "token_response" if the token response is the identity.
    line 134: dialect.token_response.success.value: found present, expected access_token or flag_and_access_token, because identity is asked for with a token. Change it, or change dialect.identity.source.value.
    "#);
    assert_snapshot!(complaints(CHATTZ, &[("[dialect.tokens.revocation]\nvalue = \"none\"", "[dialect.tokens.revocation]\nvalue = \"rfc7009\"")]), @r#"line 17: endpoints.revocation: found nothing, expected a path, because dialect.tokens.revocation.value says how tokens are revoked. Add the endpoint, or write "none" there."#);
    assert_snapshot!(complaints(CONTENTDB, &[("value = \"delete_with_token\"", "value = \"none\""), ("value = \"/oauth/token/\"", "value = \"/oauth/token\"")]), @r#"
    line 25: endpoints.token.value: found "/oauth/token", expected a path that ends in /, because endpoints.trailing_slash is "required". Write "/oauth/token/".
    line 35: endpoints.revocation: found "/api/delete-token/", expected no such endpoint, because dialect.tokens.revocation.value is "none". Say there how a token is revoked, or take the endpoint away.
    "#);
}

#[test]
fn scopes_asked_by_default_have_to_be_known() {
    assert_snapshot!(complaints(CHASTER, &[("value = [\"openid\", \"profile\"]", "value = [\"openid\", \"profil\"]")]), @r#"line 131: dialect.authorization.default_scopes.value[1]: found "profil", expected one of "openid", "profile", "email", "offline_access", "locks", "keyholder", "shared_locks" or "messaging". Did you mean "profile"?"#);
    assert_snapshot!(complaints(CHASTER, &[("[dialect.authorization.openid]\nvalue = true", "[dialect.authorization.openid]\nvalue = false")]), @r#"
    line 70: openid: found a section on OpenID Connect, expected nothing, because dialect.authorization.openid.value is false. Change it there, or take the section away.
    line 141: dialect.authorization.openid.value: found false, expected true, because "openid" is among the scopes. Change it, or change dialect.authorization.scopes.value.
    "#);
}

#[test]
fn an_endpoint_may_be_written_as_an_absolute_address() {
    let text =
        changed(CHASTER, &[("value = \"/protocol/openid-connect/certs\"", "value = \"https://keys.test/jwks?v=1\"")]);
    let provider = Provider::from_toml(&text).unwrap();
    let bases = provider.bases(Environment::Production, None);
    assert_eq!(provider.address(Endpoint::Jwks, &bases).as_deref(), Some("https://keys.test/jwks?v=1"));
    assert_eq!(
        provider.address(Endpoint::Token, &bases).as_deref(),
        Some("https://sso.chaster.app/auth/realms/app/protocol/openid-connect/token")
    );
    assert_snapshot!(complaints(CHASTER, &[("value = \"/protocol/openid-connect/certs\"", "value = \"https://keys.test/#now\"")]), @r#"line 44: endpoints.jwks.value: found "https://keys.test/#now", expected a path that begins with /, or an absolute URL with https. The address has a fragment, the part from # on (RFC 6749 §3.1.2)."#);
}

#[test]
fn only_the_identity_hangs_below_the_base_of_the_api() {
    let provider = Provider::find_built_in(&ProviderId::new("gitter")).unwrap();
    let bases = provider.bases(Environment::Production, None);
    let address = |endpoint| provider.address(endpoint, &bases).unwrap();
    assert!(address(Endpoint::Identity).starts_with("https://api.gitter.im/"));
    assert!(address(Endpoint::Token).starts_with("https://gitter.im/"));
    assert_eq!(provider.address(Endpoint::Jwks, &bases), None);
}

#[test]
fn the_issuer_is_the_base_unless_it_is_written_down() {
    const BASE: &str = "authorization = \"https://sso.chaster.app/auth/realms/app\"";
    let issuer = |more: &str| {
        let text = changed(CHASTER, &[(BASE, &format!("{BASE}\n{more}"))]);
        Provider::from_toml(&text).map(|provider| provider.bases(Environment::Production, None).issuer().to_owned())
    };
    assert_eq!(issuer("").as_deref(), Ok("https://sso.chaster.app/auth/realms/app"));
    assert_eq!(issuer("issuer = \"https://sso.chaster.app/\"").as_deref(), Ok("https://sso.chaster.app/"));
    assert_snapshot!(issuer("issuer = \"http://sso.chaster.app\"").unwrap_err()[0], @r#"line 12: environments.production.issuer: found "http://sso.chaster.app", expected an absolute URL with https. http is allowed to this machine only: 127.0.0.1, [::1] or localhost (RFC 8252 §7.3)."#);
    let chaster = Provider::find_built_in(&ProviderId::new("chaster")).unwrap();
    let sandbox = chaster.bases(Environment::Sandbox, Some("http://127.0.0.1:7"));
    assert_eq!(sandbox.issuer(), "http://127.0.0.1:7/chaster/auth/realms/app");
}

#[test]
fn what_is_said_of_openid_has_to_have_its_form() {
    const RS256: &str = "[openid.id_token_signed_response_alg]\nvalue = \"RS256\"";
    assert_snapshot!(complaints(CHASTER, &[
        (RS256, "[openid.id_token_signed_response_alg]\nvalue = \"rs256\""),
        ("value = [\"0\", \"1\"]", "value = [\"0 1\"]"),
        ("[openid.nonce]\nvalue = \"optional\"", "[openid.nonce]\nvalue = true"),
        ("[openid.at_hash]", "[openid.athash]"),
        ("[\"body\", \"basic\", \"client_secret_jwt\", \"private_key_jwt\"]", "[\"body\", \"client_secret_hmac\"]"),
    ]), @r#"
    line 76: openid.id_token_signed_response_alg.value: found "rs256", expected "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512" or "EdDSA". Did you mean RS256?
    line 86: openid.nonce.value: found true, expected a word in quotes.
    line 90: openid.athash: found a field named athash, expected one of the fields id_token_signing_algorithms, id_token_signed_response_alg, userinfo_signing_algorithms, nonce, at_hash, acr_values. Did you mean at_hash?
    line 96: openid.acr_values.value[0]: found "0 1", expected one value without spaces, as urn:example:mfa.
    line 198: dialect.token_request.accepted_client_authentications.value[1]: found "client_secret_hmac", expected "body", "client_secret_post", "basic", "client_secret_basic", "client_secret_jwt", "private_key_jwt" or "none". Did you mean client_secret_basic?
    "#);
    assert_snapshot!(complaints(CHASTER, &[("[openid.id_token_signing_algorithms]\nvalue = [\"RS256\", ", "[openid.id_token_signing_algorithms]\nvalue = [")]), @r#"line 76: openid.id_token_signed_response_alg.value: found "RS256", expected "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "HS256", "HS384" or "HS512". Change it, or add it to openid.id_token_signing_algorithms.value."#);
    assert_snapshot!(complaints(CHASTER, &[("[\"body\", \"basic\", \"client_secret_jwt\", \"private_key_jwt\"]", "[]")]), @"line 198: dialect.token_request.accepted_client_authentications.value: found an empty list, expected at least one way. Leave the field out when nobody knows.");
}

#[test]
fn what_is_said_of_openid_has_to_agree() {
    assert_snapshot!(complaints(CHATTZ, &[("# Authorization request", "[openid.id_token_signing_algorithms]\nvalue = [\"RS256\"]\nmark = \"unknown\"\n[openid.nonce]\nvalue = \"optional\"\nmark = \"unknown\"\n# Authorization request")]), @"line 39: openid: found a section on OpenID Connect, expected nothing, because dialect.authorization.openid.value is false. Change it there, or take the section away.");
    assert_snapshot!(complaints(CHATTZ, &[("value = \"endpoint\"", "value = \"id_token\"")]), @"line 164: dialect.identity.source.value: found id_token, expected another source, because dialect.authorization.openid.value is false and there is no ID token.");
    assert_snapshot!(complaints(CHASTER, &[("[\"body\", \"basic\", \"client_secret_jwt\", \"private_key_jwt\"]", "[\"client_secret_basic\"]")]), @r#"line 192: dialect.token_request.client_authentication.value: found client_secret_post, expected "client_secret_basic". Change it, or add it to dialect.token_request.accepted_client_authentications.value."#);
    assert_snapshot!(complaints(CHATTR, &[("[dialect.token_request.client_authentication]\nvalue = \"body\"", "[dialect.token_request.client_authentication]\nvalue = \"client_secret_jwt\"")]), @r#"line 121: dialect.token_request.client_authentication.value: found client_secret_jwt, expected another way, or dialect.token_request.encoding.value = "form". A signed assertion is a form parameter (RFC 7521 §4.2)."#);
}

#[test]
fn a_value_put_in_by_us_is_never_complained_about() {
    // Mended to what Chattr has, "token_response", with which the rule for success would not agree.
    let problems =
        Provider::from_toml(&changed(CHATTZ, &[("value = \"endpoint\"", "value = \"endpont\"")])).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
}

proptest::proptest! {
    #[test]
    fn any_line_left_out_is_either_fine_or_told_with_its_field(line in 0_usize..300) {
        let mut lines: Vec<_> = BUILT_IN[CHATTR].lines().collect();
        lines.remove(line);
        if let Err(problems) = Provider::from_toml(&lines.join("\n")) {
            proptest::prop_assert!(!problems.is_empty() && problems.len() < 8, "{:?}", problems);
        }
    }

    #[test]
    fn reading_any_text_never_panics(text in "([a-z.\\[\\]{}=\"0-9, ]{0,20}\n){0,8}") {
        proptest::prop_assert!(Provider::from_toml(&text).is_err());
    }
}
