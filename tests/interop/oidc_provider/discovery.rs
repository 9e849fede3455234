//! The server's documents about itself.

use gatewright_protocol::metadata::{DocumentKind, Issuer, Metadata, MetadataDefect, NearMiss};

use crate::discovered::{Discovered, get};
use crate::stage::Stage;

/// §1: the document stands at both well-known addresses.
#[tokio::test]
async fn both_documents_say_the_same() {
    let stage = Stage::oidc_provider().await;
    let discovered = Discovered::of(&stage).await;
    assert_eq!(discovered.openid, discovered.oauth);
    assert_eq!(discovered.merged.conflicts, []);
    assert_eq!(discovered.openid.missing(DocumentKind::OpenId), [""; 0]);
    assert!(discovered.openid.returns_issuer());
    assert_eq!(discovered.openid.code_challenge_methods().unwrap(), ["S256"]);
    assert_eq!((discovered.keys.len(), discovered.keys.skipped()), (3, &[][..]));
}

/// §1: the issuer is the origin without a slash, and `localhost` is not 127.0.0.1.
#[tokio::test]
async fn an_issuer_under_another_spelling_is_another_issuer() {
    let stage = Stage::oidc_provider().await;
    let slash = format!("{}/", stage.peer.issuer());
    let name = stage.peer.issuer().replace("127.0.0.1", "localhost");
    for (entered, near_miss) in [(slash, Some(NearMiss::Spelling)), (name, None)] {
        let issuer = Issuer::parse(&entered).unwrap();
        let response = get(&stage, &issuer.well_known().openid).await;
        match Metadata::read(&response, &issuer, DocumentKind::OpenId) {
            Err(MetadataDefect::OtherIssuer { near_miss: found, .. }) => assert_eq!(found, near_miss, "{entered}"),
            other => panic!("{entered}: {other:?}"),
        }
    }
}
