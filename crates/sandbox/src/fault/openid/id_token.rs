//! ID: the ID token is taken out of a finished answer, altered, and signed anew, so that everything else about it is right.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::super::answer::Finished;
use super::super::catalogue::FaultEndpoint;
use super::super::inject::Context;
use super::super::token::Members;
use super::{claims, jwks, shape, signature, weak_key};
use crate::Twin;
use crate::app::App;
use crate::server::Server;
use crate::signing::{SignatureAlgorithm, Signer, encoded};

/// An ID token taken apart, to be put together wrongly.
pub(super) struct IdToken {
    pub(super) header: Map<String, Value>,
    pub(super) claims: Members,
    /// What has signed it.
    pub(super) signer: Signer,
    /// The app it is for.
    pub(super) app: Arc<App>,
    /// The access token that came with it.
    pub(super) access_token: String,
}

/// Bends the ID token of a finished answer, or the keys it is checked with.
pub(super) async fn bend(context: &Context<'_>, answer: &mut Finished) -> bool {
    if context.occasion.endpoint == FaultEndpoint::Jwks {
        return jwks::bend(context, answer).await;
    }
    let Some(mut members) = Members::read(answer) else { return false };
    let Some(token) = IdToken::open(context.server, &members).await else { return false };
    let Some(bent) = bent(context, token).await else { return false };
    members.set("id_token", Value::from(bent).to_string());
    members.write(answer);
    true
}

/// The bent token; none when the fault cannot happen to this one.
async fn bent(context: &Context<'_>, mut token: IdToken) -> Option<String> {
    let (server, variant) = (context.server, context.variant);
    match context.fault {
        "ID-22" => return shape::misshapen(&token, variant),
        "ID-23" => return shape::unreadable(&mut token, variant),
        "ID-32" => return shape::headed(&token, variant),
        "ID-24" => {
            token.header.insert("typ".to_owned(), Value::from(variant.replace('_', "+")));
        }
        "ID-25" => token.claims.add("filler", format!("\"{}\"", "x".repeat(10 << 20))),
        "ID-26" => {
            token.header.remove("kid");
        }
        "ID-27" => return replaced_keys(server, token, variant).await,
        "ID-29" => return weakly_signed(&token, variant),
        "ID-01" | "ID-02" | "ID-03" | "ID-04" | "ID-05" | "ID-06" | "ID-08" | "ID-09" => {
            return signature::forged(server, &mut token, context.fault, variant).await;
        }
        _ => {
            if !claims::alter(server, &mut token, context.fault, variant) {
                return None;
            }
        }
    }
    token.signed()
}

/// ID-27: before signing, the token is signed anew and the old keys are gone; between logins, the token stays and so do the old keys.
async fn replaced_keys(server: &Server, token: IdToken, variant: &str) -> Option<String> {
    let before = variant == "before_signing";
    let as_it_was = token.signed()?;
    let algorithm = token.algorithm()?;
    server.keys.rotate(!before).await.ok()?;
    if !before {
        return Some(as_it_was);
    }
    let signer = server.keys.signer(algorithm, token.app.secrets.text()).await.ok()?;
    IdToken { header: signer.header(), signer, ..token }.signed()
}

/// ID-29.
fn weakly_signed(token: &IdToken, variant: &str) -> Option<String> {
    let header = json!({"alg": weak_key::algorithm(variant), "typ": "JWT", "kid": weak_key::KID});
    let signed = format!("{}.{}", encoded(&header).ok()?, URL_SAFE_NO_PAD.encode(token.claims.to_json()));
    let signature = URL_SAFE_NO_PAD.encode(weak_key::signature(variant, signed.as_bytes())?);
    Some(format!("{signed}.{signature}"))
}

impl IdToken {
    /// Takes the ID token of a token answer apart.
    pub(super) async fn open(server: &Server, answer: &Members) -> Option<Self> {
        let text = answer.text("id_token")?;
        let mut parts = text.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).ok());
        let mut object = || serde_json::from_slice::<Map<String, Value>>(&parts.next()??).ok();
        let (header, claims) = (object()?, Members::of(&object()?));
        let app = server.apps.find(Twin::Chaster, &claims.text("azp")?)?;
        let algorithm = SignatureAlgorithm::from_name(header.get("alg")?.as_str()?)?;
        let signer = server.keys.signer(algorithm, app.secrets.text()).await.ok()?;
        Some(Self { header, claims, signer, app, access_token: answer.text("access_token")? })
    }

    /// The algorithm it was signed by.
    pub(super) fn algorithm(&self) -> Option<SignatureAlgorithm> {
        SignatureAlgorithm::from_name(self.header.get("alg")?.as_str()?)
    }

    /// The token as it stands now, signed.
    pub(super) fn signed(&self) -> Option<String> {
        self.signed_over(&self.claims.to_json())
    }

    /// The same with another text for the claims.
    pub(super) fn signed_over(&self, claims: &str) -> Option<String> {
        let signed = self.unsigned(claims)?;
        let signature = self.signer.signature(signed.as_bytes()).ok()?;
        Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// What the signature is over: header and claims.
    pub(super) fn unsigned(&self, claims: &str) -> Option<String> {
        Some(format!("{}.{}", encoded(&self.header).ok()?, URL_SAFE_NO_PAD.encode(claims)))
    }
}
