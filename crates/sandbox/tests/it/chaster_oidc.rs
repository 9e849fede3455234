//! The independent judge: the `openidconnect` crate, which knows nothing of this project, logs in at Chaster's twin.

use std::error::Error;
use std::fmt;

use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata, CoreUserInfoClaims};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse, IssuerUrl, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, RedirectUrl, Scope, TokenResponse as _,
};

use gatewright_sandbox::{OpenIdSettings, SignatureAlgorithm, Twin};

use crate::browser::{Browser, CALLBACK, Login, wire};

/// What our HTTP client says in a form the judge accepts as an error.
#[derive(Debug)]
struct Failed(String);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Failed {}

async fn http(request: HttpRequest) -> Result<HttpResponse, Failed> {
    let failed = |error: reqwest::Error| Failed(error.to_string());
    let response = wire().execute(request.try_into().map_err(failed)?).await.map_err(failed)?;
    let (status, headers) = (response.status(), response.headers().clone());
    let mut answer = HttpResponse::new(response.bytes().await.map_err(failed)?.to_vec());
    *answer.status_mut() = status;
    *answer.headers_mut() = headers;
    Ok(answer)
}

#[tokio::test]
async fn an_independent_library_discovers_logs_in_and_verifies_the_id_token() {
    let login = Login::prepare(Twin::Chaster).await;
    logs_in(&login).await;
}

/// The judge knows no curve P-521; that ES512 signs what ES512 verifies is a unit test beside the keys.
#[tokio::test]
async fn the_independent_library_verifies_every_algorithm_it_knows() {
    let login = Login::prepare(Twin::Chaster).await;
    for algorithm in SignatureAlgorithm::ALL.into_iter().filter(|one| *one != SignatureAlgorithm::Es512) {
        let settings = OpenIdSettings { id_token_signed_response_alg: algorithm, ..OpenIdSettings::default() };
        login.sandbox.set_openid_settings(&login.id(), settings).await.unwrap();
        assert_eq!(logs_in(&login).await, algorithm.name());
    }
}

/// A whole login with PKCE and nonce, then userinfo and a refresh; gives the algorithm of the ID token.
async fn logs_in(login: &Login) -> String {
    let issuer = IssuerUrl::new(login.at("/chaster/auth/realms/app")).unwrap();
    let metadata = CoreProviderMetadata::discover_async(issuer, &http).await.unwrap();
    let client = CoreClient::from_provider_metadata(
        metadata,
        ClientId::new(login.id()),
        Some(ClientSecret::new(login.app.secret.expose().to_owned())),
    )
    .set_redirect_uri(RedirectUrl::new(CALLBACK.to_owned()).unwrap());
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state, nonce) = client
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
        .add_scope(Scope::new("profile".into()))
        .add_scope(Scope::new("email".into()))
        .set_pkce_challenge(challenge)
        .url();

    let callback = Browser::new(&login.sandbox).log_in(url.as_str(), "tara").await;
    assert_eq!(callback.get("state").as_ref(), Some(state.secret()));
    let code = AuthorizationCode::new(callback.code());
    let tokens = client.exchange_code(code).unwrap().set_pkce_verifier(verifier).request_async(&http).await.unwrap();

    let id_token = tokens.id_token().expect("openid was asked");
    let judge = client.id_token_verifier();
    let claims = id_token.claims(&judge, &nonce).expect("signature, issuer, audience, expiry and nonce hold");
    assert_eq!(claims.preferred_username().unwrap().as_str(), "tara");
    let algorithm = id_token.signing_alg().unwrap();
    // With HMAC there is no key to look up, and the judge's way to the hash leads past one.
    if let Ok(key) = id_token.signing_key(&judge) {
        let hash = AccessTokenHash::from_token(tokens.access_token(), algorithm, key).unwrap();
        assert_eq!(claims.access_token_hash(), Some(&hash));
    }

    let subject = claims.subject().clone();
    let person: CoreUserInfoClaims = client
        .user_info(tokens.access_token().clone(), Some(subject))
        .unwrap()
        .request_async(&http)
        .await
        .expect("the same subject at userinfo");
    assert_eq!(person.email().unwrap().as_str(), "tara@sandbox.example");

    let refresh_token = tokens.refresh_token().unwrap();
    let again = client.exchange_refresh_token(refresh_token).unwrap().request_async(&http).await.unwrap();
    again.id_token().unwrap().claims(&judge, &nonce).expect("the refreshed ID token holds, too");
    serde_json::to_value(algorithm).unwrap().as_str().unwrap().to_owned()
}
