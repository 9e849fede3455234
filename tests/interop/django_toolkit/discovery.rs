//! The server's documents about itself.

use gatewright_protocol::authorization::{AuthorizationResponse, Defect};
use gatewright_protocol::metadata::{DocumentKind, Endpoint, Issuer, Metadata, MetadataDefect, Weight};

use crate::by_hand::ByHand;
use crate::discovered::{Discovered, get};
use crate::stage::Stage;

/// §2: discovery is split. Registration, revocation and introspection stand in the RFC 8414 document alone, whose address has the
/// issuer's path at its end; userinfo and logout stand in the OpenID document alone.
#[tokio::test]
async fn only_both_documents_together_know_every_endpoint() {
    let stage = Stage::django_toolkit().await;
    let discovered = Discovered::of(&stage).await;
    let lacks = |metadata: &Metadata| {
        let absent = |endpoint: &Endpoint| metadata.endpoint(*endpoint).is_none();
        Endpoint::ALL.into_iter().filter(absent).map(Endpoint::member).collect::<Vec<_>>()
    };
    // Neither names the endpoints for devices and for pushed requests, of which the first exists.
    let unnamed = ["device_authorization_endpoint", "pushed_authorization_request_endpoint"];
    let only_oauth = ["introspection_endpoint", "revocation_endpoint", "registration_endpoint"];
    let only_openid = ["userinfo_endpoint", "end_session_endpoint"];
    assert_eq!(lacks(&discovered.openid), [&only_oauth[..1], &only_oauth[1..], &unnamed].concat());
    assert_eq!(lacks(&discovered.oauth), [&only_openid[..], &unnamed].concat());
    assert_eq!(lacks(&discovered.merged.metadata), unnamed);
}

/// §2: about what both documents say they agree but for the response types, to which OpenID Connect adds its own.
#[tokio::test]
async fn a_conflict_between_the_documents_is_told_and_weighed() {
    let stage = Stage::django_toolkit().await;
    let merged = Discovered::of(&stage).await.merged;
    let conflicts: Vec<_> = merged.conflicts.iter().map(|found| (found.member.as_str(), found.weight)).collect();
    assert_eq!(conflicts, [("response_types_supported", Weight::Other)]);
    let told = merged.conflicts[0].discrepancy();
    assert_eq!((told.code, told.received.as_str()), ("metadata_conflict", r#"["code","token"]"#));
    assert!(merged.metadata.response_types().unwrap().contains(&"code id_token".to_owned()), "OpenID Connect counts");
    assert_eq!(merged.metadata.code_challenge_methods().unwrap(), ["plain", "S256"]);
}

/// §2: the issuer is `…/o`; but at any path that is asked, the server answers with an RFC 8414 document that names that very path its
/// issuer. A person who enters the origin therefore gets a document that cannot be told from a right one; the callback can.
#[tokio::test]
async fn a_wrong_issuer_that_the_document_confirms_is_found_out_at_the_callback() {
    let stage = Stage::django_toolkit().await;
    let origin = Issuer::parse(stage.peer.issuer().strip_suffix("/o").unwrap()).unwrap();
    let addresses = origin.well_known();
    let openid = Metadata::read(&get(&stage, &addresses.openid).await, &origin, DocumentKind::OpenId);
    assert!(matches!(openid, Err(MetadataDefect::Absent(404))), "{openid:?}");

    let mut hand = ByHand::client(&stage, "confidential").await;
    let oauth = Metadata::read(&get(&stage, &addresses.oauth).await, &origin, DocumentKind::OAuth).unwrap();
    hand.discovered.merged.metadata = oauth;
    let callback = hand.visit(&hand.challenged(&["openid"]).url()).await;
    let AuthorizationResponse::Rejected(Defect::OtherIssuer { expected, received }) = callback else {
        panic!("{callback:?}");
    };
    assert_eq!((expected.as_str(), received.as_str()), (origin.as_str(), stage.peer.issuer()));
}
