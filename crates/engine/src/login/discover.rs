//! The first step of an OpenID Connect login: what does the issuer say of itself, and is it what the profile says?

use std::sync::Arc;

use gatewright_model::run::{Ending, Finding, StepKind};
use gatewright_protocol::metadata::{Endpoint, Metadata, MetadataDefect};
use url::Url;

use super::course::{Course, Stop};
use super::ending;
use super::plan::{Addresses, OpenIdAddresses};
use crate::finding;
use crate::key_supply::{Age, NoMetadata};
use crate::step::OpenStep;
use crate::wire::Unanswered;

impl Course<'_> {
    /// Reads the issuer's metadata and compares them with the profile, before anything is sent that is worth stealing. None for a login
    /// that has nothing to do with OpenID Connect, and for an issuer without metadata whose keys the profile knows.
    pub(super) async fn discover(&mut self, addresses: &Addresses) -> Result<Option<Arc<Metadata>>, Stop> {
        let Some(openid) = addresses.openid.as_ref().filter(|_| self.plan.judges_id_token()) else { return Ok(None) };
        let mut step = self.begin(StepKind::Discovery).await?;
        match self.wire.metadata(&mut step, &openid.issuer, &openid.metadata).await {
            Ok((metadata, age)) => {
                let moved = moved(addresses, &metadata);
                step.findings(moved.iter().map(Moved::finding));
                if moved.iter().any(|moved| moved.ends_the_login) {
                    // What was not believed is asked for again by the next login.
                    self.wire.ports.issuers.forget(openid.issuer.as_str());
                    return Err(self.fail(step, ending::endpoints_moved(self.plan)).await);
                }
                self.pass(step, &age_words(age)).await?;
                Ok(Some(metadata))
            }
            Err(reason) => self.without_metadata(step, openid, reason).await,
        }
    }

    async fn without_metadata(
        &mut self,
        mut step: OpenStep,
        openid: &OpenIdAddresses,
        reason: NoMetadata,
    ) -> Result<Option<Arc<Metadata>>, Stop> {
        if let NoMetadata::NotBelieved(defect) = &reason {
            step.findings(defect.discrepancies().iter().map(finding::of_discrepancy));
            if matches!(defect, MetadataDefect::Absent(_)) && openid.keys.is_some() {
                let sentence = "The issuer has no metadata; the profile says where everything is";
                self.pass(step, sentence).await?;
                return Ok(None);
            }
        }
        if let NoMetadata::Unanswered(Unanswered::Failed(error)) = &reason {
            step.finding(finding::unreachable(error));
        }
        let ending = self.no_metadata(&reason);
        Err(self.fail(step, ending).await)
    }

    fn no_metadata(&self, reason: &NoMetadata) -> Ending {
        match reason {
            NoMetadata::Unanswered(Unanswered::Stopped) => ending::stopped(StepKind::Discovery, self.plan),
            NoMetadata::Unanswered(Unanswered::Failed(error)) => ending::metadata_unreachable(error, self.plan),
            NoMetadata::NotBelieved(defect) => ending::metadata_rejected(defect, self.plan),
        }
    }
}

/// An endpoint that the metadata put elsewhere than the profile (N-04).
struct Moved<'a> {
    endpoint: Endpoint,
    pinned: &'a Url,
    fresh: Url,
    ends_the_login: bool,
}

impl Moved<'_> {
    fn finding(&self) -> Finding {
        finding::endpoint_changed(self.endpoint.member(), self.pinned, &self.fresh)
    }
}

/// The endpoints of this login that the metadata put elsewhere. One that gets a secret ends the login. For the authorization endpoint
/// the profile's word counts on. Keys may move on the host where they were, which many providers do when they change them.
fn moved<'a>(addresses: &'a Addresses, metadata: &Metadata) -> Vec<Moved<'a>> {
    let keys = addresses.openid.as_ref().and_then(|openid| openid.keys.as_ref());
    let pinned = [
        (Endpoint::Authorization, Some(&addresses.authorization), false),
        (Endpoint::Token, Some(&addresses.token), true),
        (Endpoint::UserInfo, addresses.identity.as_ref(), true),
        (Endpoint::Keys, keys, true),
    ];
    let differs = |(endpoint, pinned, ends_the_login): (Endpoint, Option<&'a Url>, bool)| {
        let (pinned, fresh) = (pinned?, metadata.endpoint(endpoint)?);
        let same = if endpoint == Endpoint::Keys { pinned.origin() == fresh.origin() } else { *pinned == fresh };
        (!same).then_some(Moved { endpoint, pinned, fresh, ends_the_login })
    };
    pinned.into_iter().filter_map(differs).collect()
}

fn age_words(age: Age) -> String {
    match age.map(|age| age.as_secs()) {
        None => "The issuer's metadata name the endpoints of the profile".to_owned(),
        Some(seconds) => format!("Known since {seconds} s ago; the metadata name the endpoints of the profile"),
    }
}
