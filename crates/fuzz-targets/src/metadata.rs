//! What a provider says about itself.

use gatewright_protocol::metadata::{DocumentKind, Endpoint, Issuer, Merged, Metadata, Reach, diff};
use serde_json::Value;

use crate::input::Input;
use crate::shown::{assert_discrepancy_inert, assert_inert};

/// Metadata that are believed name their issuer and only addresses that may be used; what is kept of them is read again alike.
///
/// The choice: which document. Then a line with the issuer, and the document.
pub fn metadata(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let kind = input.choose(&[DocumentKind::OpenId, DocumentKind::OAuth]);
    let (Some(issuer), Some(text)) = (input.line(), input.text()) else { return };
    let Ok(issuer) = Issuer::parse(issuer) else { return };
    well_known_addresses_stay_with(&issuer);
    match Metadata::parse(text, &issuer, kind) {
        Ok(metadata) => is_to_be_believed(&metadata, &issuer, kind),
        Err(defect) => {
            assert_inert(&defect.to_string());
            let discrepancies = defect.discrepancies();
            assert!(!discrepancies.is_empty());
            discrepancies.iter().for_each(assert_discrepancy_inert);
        }
    }
}

fn well_known_addresses_stay_with(issuer: &Issuer) {
    let well_known = issuer.well_known();
    for address in [&well_known.openid, &well_known.oauth] {
        let own = url::Url::parse(issuer.as_str()).unwrap();
        assert_eq!(address.origin(), own.origin());
        assert!(address.path().contains("/.well-known/") && address.query().is_none());
    }
    assert!(well_known.openid.path().ends_with("/.well-known/openid-configuration"));
    assert!(well_known.oauth.path().starts_with("/.well-known/oauth-authorization-server"));
}

fn is_to_be_believed(metadata: &Metadata, issuer: &Issuer, kind: DocumentKind) {
    assert_eq!(metadata.issuer(), issuer.as_str());
    assert!([Endpoint::Authorization, Endpoint::Token].iter().all(|needed| metadata.endpoint(*needed).is_some()));
    for url in Endpoint::ALL.into_iter().filter_map(|endpoint| metadata.endpoint(endpoint)) {
        let reach = Reach::of(&url);
        assert!(url.scheme() == "https" || (url.scheme() == "http" && reach == Reach::ThisComputer), "{url}");
        assert!(reach >= issuer.reach() && url.host().is_some() && url.port() != Some(0), "{url}");
        assert!(url.username().is_empty() && url.password().is_none() && url.fragment().is_none(), "{url}");
    }
    for found in metadata.hosts() {
        assert!(found.host.is_ascii());
    }
    assert!(diff(metadata, metadata).is_empty());
    assert_eq!(Merged::of(metadata, metadata), Merged { metadata: metadata.clone(), conflicts: Vec::new() });
    let members = Value::Object(metadata.members().clone());
    // serde_json reads some fractions as their neighbours; no member that means something is one.
    if !has_fraction(&members) {
        assert_eq!(Metadata::parse(&members.to_string(), issuer, kind).as_ref(), Ok(metadata));
    }
}

fn has_fraction(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(items) => items.iter().any(has_fraction),
        Value::Object(members) => members.values().any(has_fraction),
        _ => false,
    }
}
