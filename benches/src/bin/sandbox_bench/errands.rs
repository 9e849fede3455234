//! What the load does: the same two errands at each side, with the words each side wants.

use anyhow::{Context, Result, ensure};
use form_urlencoded::Serializer;
use gatewright_benches::load::{Connection, Errand};
use gatewright_benches::server::App;
use serde::Deserialize;

/// Where the codes of logins are sent; nothing ever asks there.
pub(crate) const REDIRECT_URI: &str = "http://127.0.0.1:9/callback";
/// The realm of Chaster's twin.
const REALM: &str = "/chaster/auth/realms/app/protocol/openid-connect";

/// A token for a client that acts for itself (RFC 6749 §4.4).
pub(crate) struct OpaqueToken {
    path: String,
    form: String,
}

/// A login of a person who is signed in and has agreed: authorization request, token request, userinfo.
pub(crate) struct SignedLogin {
    authorize: String,
    token: String,
    form: String,
    userinfo: String,
}

/// What a login reads of a token answer.
#[derive(Deserialize)]
struct Tokens {
    access_token: String,
    id_token: Option<String>,
}

pub(crate) fn opaque_of_sandbox(app: &App) -> OpaqueToken {
    opaque(&format!("{REALM}/token"), &app.id, &app.secret)
}

/// The client as `opaque.js` has it.
pub(crate) fn opaque_of_peer() -> OpaqueToken {
    opaque("/token", "bench", "bench-secret-that-is-long-enough-for-any-rule")
}

pub(crate) fn signed_of_sandbox(app: &App) -> SignedLogin {
    let authorize = format!("{REALM}/auth");
    signed(&authorize, &format!("{REALM}/token"), &format!("{REALM}/userinfo"), (&app.id, &app.secret))
}

/// `signed.js` takes any client.
pub(crate) fn signed_of_peer() -> SignedLogin {
    signed("/authorize", "/token", "/userinfo", ("bench", "secret"))
}

fn opaque(path: &str, id: &str, secret: &str) -> OpaqueToken {
    let fields =
        [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret), ("scope", "profile")];
    OpaqueToken { path: path.to_owned(), form: encoded(&fields) }
}

fn signed(authorize: &str, token: &str, userinfo: &str, (id, secret): (&str, &str)) -> SignedLogin {
    let query = [
        ("response_type", "code"),
        ("client_id", id),
        ("redirect_uri", REDIRECT_URI),
        ("scope", "openid profile"),
        ("state", "a-state-that-nobody-has-to-guess"),
    ];
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", id),
        ("client_secret", secret),
        ("redirect_uri", REDIRECT_URI),
    ];
    SignedLogin {
        authorize: format!("{authorize}?{}", encoded(&query)),
        token: token.to_owned(),
        form: encoded(&form),
        userinfo: userinfo.to_owned(),
    }
}

fn encoded(fields: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(fields).finish()
}

impl Errand for OpaqueToken {
    async fn run(&self, connection: &mut Connection) -> Result<()> {
        let answer = connection.post(&self.path, &self.form).await?.expect(200)?;
        ensure!(answer.body.starts_with(b"{\"access_token\":"), "no access token came");
        Ok(())
    }
}

impl Errand for SignedLogin {
    async fn run(&self, connection: &mut Connection) -> Result<()> {
        let sent_back = connection.get(&self.authorize, None).await?.expect(302)?;
        let form = format!("{}&code={}", self.form, sent_back.redirect_parameter("code")?);
        let answer = connection.post(&self.token, &form).await?.expect(200)?;
        let tokens: Tokens = serde_json::from_slice(&answer.body).context("the token answer is not understood")?;
        ensure!(tokens.id_token.is_some_and(|token| token.len() > 300), "no ID token came");
        connection.get(&self.userinfo, Some(&tokens.access_token)).await?.expect(200)?;
        Ok(())
    }
}
