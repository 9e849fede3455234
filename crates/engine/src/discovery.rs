//! Finding out what an issuer says of itself, before a provider is made of it or a changed document accepted.
//!
//! Both well-known documents are fetched, because real servers split what they say between them. Nothing but public addresses is asked,
//! and nothing is sent that is worth stealing.

use gatewright_model::Step;
use gatewright_model::exchange::ExchangePurpose;
use gatewright_model::run::{Finding, StepKind, StepStatus};
use gatewright_protocol::http::HttpResponse;
use gatewright_protocol::metadata::{
    Change, Conflict, DocumentKind, EndpointHost, Issuer, Merged, Metadata, MetadataDefect, diff,
};
use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::finding;
use crate::key_supply::get;
use crate::ports::{Ports, SendError};
use crate::step::OpenStep;
use crate::wire::{Unanswered, Wire};

/// What came of asking an issuer, with the exchanges and findings of it.
#[derive(Clone, Debug)]
pub struct Discovery {
    /// What it says, or why that is not believed.
    pub result: Result<Discovered, NotDiscovered>,
    /// The exchanges, what was off, and one sentence.
    pub step: Step,
}

/// What an issuer says of itself.
#[derive(Clone, Debug)]
pub struct Discovered {
    /// Both documents together; where they disagree, OpenID Connect Discovery counts.
    pub metadata: Metadata,
    /// Where they disagree.
    pub conflicts: Vec<Conflict>,
    /// The documents that were believed, as they came.
    pub documents: Vec<FetchedDocument>,
    /// Where each endpoint is, for a person to look at: names in Punycode, so that no letter can pass for another.
    pub hosts: Vec<EndpointHost>,
}

/// A document as it was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchedDocument {
    /// Which of the two.
    pub kind: DocumentKind,
    /// Where it was.
    pub address: Url,
    /// Its text.
    pub text: String,
    /// SHA-256 of the text, in 64 hex digits: what a person accepts is this and nothing else.
    pub sha256: String,
}

/// Why nothing was discovered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotDiscovered {
    /// The user stopped it.
    #[error("it was stopped")]
    Stopped,
    /// The issuer did not answer.
    #[error(transparent)]
    Unanswered(#[from] SendError),
    /// The issuer has no document that is to be believed.
    #[error(transparent)]
    NotBelieved(#[from] MetadataDefect),
}

/// What one of the two places holds.
type Found = Result<(Metadata, FetchedDocument), NotDiscovered>;

/// Asks an issuer for both documents (OpenID Connect Discovery §4, RFC 8414 §3) and puts them together.
///
/// A document at one place that is not believed spoils only itself, unless there is no other.
pub async fn discover(issuer: &Issuer, ports: &Ports, cancel: &CancellationToken) -> Discovery {
    let mut wire = Wire::new(ports, cancel);
    let mut step = OpenStep::begin(StepKind::Discovery, &*ports.clock);
    let places = issuer.well_known();
    let openid = fetch(&mut wire, &mut step, issuer, places.openid, DocumentKind::OpenId).await;
    let oauth = match &openid {
        // Who does not answer there does not answer here either.
        Err(NotDiscovered::Stopped | NotDiscovered::Unanswered(_)) => Err(NotDiscovered::Stopped),
        _ => fetch(&mut wire, &mut step, issuer, places.oauth, DocumentKind::OAuth).await,
    };
    let result = together(&mut step, openid, oauth);
    if let Ok(found) = &result {
        // What a login remembers may be older than this.
        ports.issuers.forget(found.metadata.issuer());
        step.findings(remarks(found));
    }
    let (status, sentence) = match &result {
        Ok(found) if step.is_clean() => (StepStatus::Passed, found.sentence()),
        Ok(found) => (StepStatus::Warned, found.sentence()),
        Err(reason) => (StepStatus::Failed, format!("Nothing was found at {issuer}: {reason}")),
    };
    let (step, _) = step.end(status, &sentence, &*ports.clock, &wire.secrets);
    Discovery { result, step }
}

/// What has changed since a document was accepted (N-04). A change of an endpoint that gets secrets, or of what decides whom we believe,
/// is for a person to accept; until then the pinned document counts.
pub fn compare(pinned: &Metadata, fresh: &Metadata) -> Vec<Change> {
    diff(pinned, fresh)
}

impl Discovered {
    fn sentence(&self) -> String {
        let documents = if self.documents.len() == 2 { "two documents" } else { "one document" };
        match self.conflicts.len() {
            0 => format!("{} describes itself in {documents}", self.metadata.issuer()),
            count => format!("{} describes itself in {documents}, which disagree in {count}", self.metadata.issuer()),
        }
    }
}

async fn fetch(wire: &mut Wire<'_>, step: &mut OpenStep, issuer: &Issuer, address: Url, kind: DocumentKind) -> Found {
    let answer = wire.send(step, ExchangePurpose::Metadata, &get(&address)).await;
    let response = answer.map_err(|unanswered| match unanswered {
        Unanswered::Stopped => NotDiscovered::Stopped,
        Unanswered::Failed(error) => NotDiscovered::Unanswered(error),
    })?;
    let metadata = Metadata::read(&response, issuer, kind)?;
    let document = document(&response, address, kind);
    // Which of the two is asked for more is known here only.
    step.findings(metadata.missing(kind).into_iter().map(absent));
    Ok((metadata, document))
}

fn document(response: &HttpResponse, address: Url, kind: DocumentKind) -> FetchedDocument {
    let text = String::from_utf8_lossy(&response.body).into_owned();
    let digits = Sha256::digest(text.as_bytes()).into_iter().flat_map(|byte| [byte >> 4, byte & 0x0f]);
    let sha256 = digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect();
    FetchedDocument { kind, address, text, sha256 }
}

fn together(step: &mut OpenStep, openid: Found, oauth: Found) -> Result<Discovered, NotDiscovered> {
    let (metadata, conflicts, documents) = match (openid, oauth) {
        (Ok((openid, one)), Ok((oauth, other))) => {
            let Merged { metadata, conflicts } = Merged::of(&openid, &oauth);
            (metadata, conflicts, vec![one, other])
        }
        // A document that is there and speaks of something else counts for more than another that does not.
        (Err(reason), _) if is_alarming(&reason) => return Err(told(step, reason)),
        (Ok((metadata, document)), Err(reason)) | (Err(reason), Ok((metadata, document))) => {
            if !is_absence(&reason) {
                told(step, reason);
            }
            (metadata, Vec::new(), vec![document])
        }
        // An empty place says less than a document that is wrong.
        (Err(first), Err(second)) => {
            return Err(told(step, if is_absence(&first) { second } else { first }));
        }
    };
    let hosts = metadata.hosts();
    Ok(Discovered { metadata, conflicts, documents, hosts })
}

/// A document of another issuer, or one that names addresses that may not be used.
const fn is_alarming(reason: &NotDiscovered) -> bool {
    matches!(reason, NotDiscovered::NotBelieved(MetadataDefect::OtherIssuer { .. } | MetadataDefect::Members(_)))
}

/// That one of the two places is empty is normal.
const fn is_absence(reason: &NotDiscovered) -> bool {
    matches!(reason, NotDiscovered::NotBelieved(MetadataDefect::Absent(_)))
}

/// Tells in the step why a place gave no document.
fn told(step: &mut OpenStep, reason: NotDiscovered) -> NotDiscovered {
    match &reason {
        NotDiscovered::Stopped => {}
        NotDiscovered::NotBelieved(defect) => {
            step.findings(defect.discrepancies().iter().map(finding::of_discrepancy));
        }
        NotDiscovered::Unanswered(error) => step.finding(finding::unreachable(error)),
    }
    reason
}

/// What a person should look at before accepting.
fn remarks(found: &Discovered) -> Vec<Finding> {
    let conflicts = found.conflicts.iter().map(|conflict| finding::of_discrepancy(&conflict.discrepancy()));
    conflicts.chain(found.hosts.iter().flat_map(of_host)).collect()
}

fn of_host(host: &EndpointHost) -> Vec<Finding> {
    let member = host.endpoint.member();
    let mut found = Vec::new();
    if host.is_internationalised {
        found.push(finding::plain(
            "endpoint_host_international",
            member,
            "A host name has letters beyond ASCII.",
            "Some letters look like others. The name is shown as it is looked up; make sure that it is the one you mean.",
            "a host name in ASCII",
            &host.host,
        ));
    }
    if host.is_foreign {
        found.push(finding::plain(
            "endpoint_host_foreign",
            member,
            "An endpoint is on another host than the issuer.",
            "Some providers do so. Accept it only if you know this host.",
            "the issuer's host",
            &host.host,
        ));
    }
    found
}

fn absent(member: &str) -> Finding {
    finding::plain(
        "metadata_member_absent",
        member,
        "A member is missing that a standard requires.",
        "Logins work without it. Strict libraries refuse such a document.",
        "this member (OpenID Connect Discovery §3, RFC 8414 §2)",
        "nothing",
    )
}
