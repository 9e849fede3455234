//! Signed tokens.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gatewright_protocol::Secret;
use gatewright_protocol::id_token::{IdTokenJudgement, IdTokenRules, NonceRule, VerifiedIdToken};
use gatewright_protocol::jose::{AlgorithmPolicy, Jws, JwsDefect, SigningAlgorithm, VerificationKeys};
use gatewright_protocol::jwks::JwkSet;
use gatewright_protocol::jwt_view::JwtView;
use gatewright_protocol::nonce::Nonce;
use serde_json::Value;

use crate::input::Input;
use crate::shown::{assert_discrepancy_inert, assert_inert};

const ISSUER: &str = "https://op.example";
const CLIENT_ID: &str = "client-7";
const CLIENT_SECRET: &str = "a client secret of 32 characters";
/// 2 January 2026, in seconds since 1970.
const NOW: i64 = 1_767_312_000;

/// The one key that the provider publishes. Nobody keeps its private half; tokens signed with it are in the corpus.
const KEY_X: &str = "6joH7Vcwwg8IbbCDrl-WQQYktO29HOXXQ8NCvudFgNQ";
const KEY_Y: &str = "6sLyfVdkFubVMXayeCICCyWhAcZXfknDB-MefOufW_M";

/// A token that is believed has a signature by an allowed algorithm and a key of the provider, and the claims of this login.
///
/// Choices: whether the token comes as it is or as a line with its header and then its claims, to be signed with the client secret;
/// the nonce rule; the algorithms.
pub fn jwt(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let is_raw = input.choose(&[true, false]);
    let nonce = Nonce::from_random([7; 32]);
    let nonce_rule = input.choose(&[NonceRule::Sent(&nonce), NonceRule::NotSent, NonceRule::Refreshed]);
    let algorithms = input.choose(&[
        registered(SigningAlgorithm::Hs256),
        registered(SigningAlgorithm::Es256),
        advertised(&["RS256", "ES256", "HS256", "none"]),
        AlgorithmPolicy::default(),
    ]);
    let token = if is_raw {
        input.text().map(|text| text.trim_end_matches('\n').to_owned())
    } else {
        input.line().map(|header| signed(header, input.rest()))
    };
    let Some(token) = token else { return };
    looked_into(&token);
    let judged = judge(&token, nonce_rule, algorithms.clone());
    let told = judged.discrepancies();
    told.iter().chain(&judged.notices).for_each(assert_discrepancy_inert);
    assert_eq!(judged.is_valid(), told.is_empty());
    assert!(!format!("{judged:?}").contains(CLIENT_SECRET));
    if !is_raw && algorithms.registered == Some(SigningAlgorithm::Hs256) {
        assert!(!judged.signature.defects.contains(&JwsDefect::Signature), "it was signed");
    }
    if let Some(verified) = judged.verified() {
        assert!(algorithms.allowed().contains(&verified.algorithm));
        is_signed(&token, verified.algorithm);
        is_for_this_login(&verified, nonce_rule);
        other_claims_are_not_signed(&token, nonce_rule, algorithms);
    }
}

fn registered(algorithm: SigningAlgorithm) -> AlgorithmPolicy {
    AlgorithmPolicy { registered: Some(algorithm), advertised: None }
}

fn advertised(names: &[&str]) -> AlgorithmPolicy {
    AlgorithmPolicy { registered: None, advertised: Some(names.iter().map(ToString::to_string).collect()) }
}

fn signed(header: &str, claims: &[u8]) -> String {
    let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let signature = hmac::sign(&hmac_key(), input.as_bytes());
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn hmac_key() -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, CLIENT_SECRET.as_bytes())
}

fn judge(token: &str, nonce: NonceRule<'_>, algorithms: AlgorithmPolicy) -> IdTokenJudgement {
    let document = format!(r#"{{"keys":[{{"kty":"EC","crv":"P-256","kid":"k1","x":"{KEY_X}","y":"{KEY_Y}"}}]}}"#);
    let jwks = JwkSet::parse(document.as_bytes()).unwrap();
    let secret = Secret::new(CLIENT_SECRET);
    let rules = IdTokenRules {
        issuer: ISSUER,
        client_id: CLIENT_ID,
        trusted_audiences: &[],
        nonce,
        algorithms,
        max_age: None,
        essential_acr: &[],
        access_token: None,
        code: None,
        state: None,
    };
    let keys = VerificationKeys { jwks: Some(&jwks), client_secret: Some(&secret) };
    IdTokenJudgement::of(&Secret::new(token), &rules, &keys, NOW)
}

/// The decoder shows nothing harmful, and shows all that the strict reader takes.
fn looked_into(token: &str) {
    let view = JwtView::of(token);
    let shown = match &view {
        JwtView::Signed(decoded) => [&decoded.header[..], &decoded.claims].concat(),
        JwtView::Encrypted { header } => header.clone(),
        JwtView::Opaque => Vec::new(),
    };
    for (name, value) in &shown {
        assert_inert(name);
        assert_inert(value);
    }
    if let Ok(jws) = Jws::parse(token)
        && let Ok(claims) = jws.claims()
    {
        let JwtView::Signed(decoded) = view else { panic!("{view:?}") };
        assert_eq!((decoded.header.len(), decoded.claims.len()), (jws.header().len(), claims.len()));
        assert_eq!(decoded.twice, None);
        assert_eq!(decoded.is_unsigned, token.ends_with('.'));
    }
}

/// Checked a second time, without our own code.
fn is_signed(token: &str, algorithm: SigningAlgorithm) {
    let (message, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    match algorithm {
        SigningAlgorithm::Hs256 => hmac::verify(&hmac_key(), message.as_bytes(), &signature).unwrap(),
        SigningAlgorithm::Es256 => {
            let coordinates = [KEY_X, KEY_Y].map(|text| URL_SAFE_NO_PAD.decode(text).unwrap());
            let point = [vec![4], coordinates.concat()].concat();
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message.as_bytes(), &signature).unwrap();
        }
        other => panic!("there is no key for {other}"),
    }
}

fn is_for_this_login(verified: &VerifiedIdToken, nonce: NonceRule<'_>) {
    let claims = &verified.claims;
    assert!(!verified.subject.is_empty() && claims["sub"] == verified.subject);
    assert_eq!(claims["iss"], ISSUER);
    assert!(claims["aud"] == CLIENT_ID || claims["aud"].as_array().is_some_and(|all| all.contains(&CLIENT_ID.into())));
    let seconds = |name: &str| claims[name].as_f64().unwrap();
    assert!(seconds("exp") > 1_767_311_969.0 && seconds("iat") < 1_767_312_031.0);
    match (nonce, claims.get("nonce")) {
        (NonceRule::Sent(sent), Some(Value::String(found))) => assert!(sent.matches(found)),
        (NonceRule::NotSent, None) | (NonceRule::Refreshed, _) => {}
        (_, found) => panic!("{found:?}"),
    }
}

fn other_claims_are_not_signed(token: &str, nonce: NonceRule<'_>, algorithms: AlgorithmPolicy) {
    let (message, signature) = token.rsplit_once('.').unwrap();
    let (header, _) = message.split_once('.').unwrap();
    let forged = format!("{header}.{}.{signature}", URL_SAFE_NO_PAD.encode(r#"{"sub":"somebody else"}"#));
    assert!(judge(&forged, nonce, algorithms.clone()).signature.defects.contains(&JwsDefect::Signature));
    assert!(!judge(&format!("{message}."), nonce, algorithms).is_valid(), "a token without a signature");
}
