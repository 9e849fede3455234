//! Providers found by their issuer: looked at, adopted, and looked at again.

use crate::run::{ExchangeDetail, FindingDetail};
use crate::wire;

wire! { "discovery.ts";
    /// An issuer as a person enters it.
    pub struct IssuerText {
        /// The issuer, letter by letter.
        pub issuer: String,
        /// Its host may be on this computer or in the network at hand, because the person has just said so.
        pub nearby: bool,
    }

    /// What an issuer says of itself. Nothing of it is kept.
    pub struct Discovery {
        /// The issuer that was asked.
        pub issuer: String,
        /// What came of it, in one sentence.
        #[serde(serialize_with = "crate::text::ours")]
        pub sentence: String,
        /// The places that were asked, and how each answered.
        pub documents: Vec<MetadataDocument>,
        /// Where the two documents disagree.
        pub conflicts: Vec<MetadataConflict>,
        /// What is wrong or should be looked at.
        pub findings: Vec<FindingDetail>,
        /// The requests that were made.
        pub exchanges: Vec<ExchangeDetail>,
        /// What would be kept; none when nothing that was found is to be believed.
        pub proposal: Option<ProviderProposal>,
    }

    /// One of the two well-known places.
    pub struct MetadataDocument {
        /// Which.
        pub kind: MetadataKind,
        /// Its address.
        pub address: String,
        /// The status of the answer; none when there was no answer, or the place was not asked.
        pub status: Option<u16>,
        /// Whether the document there is believed.
        pub believed: bool,
        /// How it answered, in a few words: "Believed", "Nothing there (404)".
        #[serde(serialize_with = "crate::text::ours")]
        pub outcome: String,
    }

    /// Which of the two documents.
    #[derive(Copy, Eq)]
    pub enum MetadataKind {
        /// OpenID Connect Discovery §4.
        OpenId,
        /// RFC 8414 §3.
        OAuth,
    }

    /// A member about which the two documents disagree.
    pub struct MetadataConflict {
        /// Its name.
        pub member: String,
        /// What the OpenID document says; this counts.
        pub openid: String,
        /// What the other says.
        pub oauth: String,
        /// What hangs on it.
        pub weight: MetadataWeight,
    }

    /// What hangs on a member of the metadata.
    #[derive(Copy, Eq)]
    pub enum MetadataWeight {
        /// Secrets or tokens go to this address.
        Secret,
        /// It decides whom we believe: the issuer, where the person signs in, which keys count.
        Trust,
        /// Neither.
        Other,
    }

    /// The provider that would be kept.
    pub struct ProviderProposal {
        /// SHA-256 of what is shown here: what is adopted is this and nothing else.
        pub digest: String,
        /// A name to begin with.
        pub name: String,
        /// The provider that has this issuer already.
        pub known_as: Option<String>,
        /// It speaks OpenID Connect.
        pub openid: bool,
        /// Where its endpoints are.
        pub endpoints: Vec<ProposedEndpoint>,
        /// Scopes that may be asked.
        pub scopes: Vec<String>,
        /// Scopes that would be asked when the user does not choose.
        pub default_scopes: Vec<String>,
        /// How clients would authenticate, by the name of RFC 7591 §2.
        pub client_authentication: String,
        /// The ways it lists; empty when it does not say.
        pub client_authentications: Vec<String>,
        /// Algorithms of its ID tokens.
        pub id_token_algorithms: Vec<String>,
        /// Whether PKCE would be used, in words: "S256", "Not in the document; used all the same".
        pub pkce: String,
    }

    /// Where an endpoint is, to be looked at before anything is sent there.
    pub struct ProposedEndpoint {
        /// What it is called: "Token endpoint".
        #[serde(serialize_with = "crate::text::ours")]
        pub title: String,
        /// The member of the document.
        pub member: String,
        /// Its address.
        pub address: String,
        /// Its host as it is looked up: letters beyond ASCII in Punycode.
        pub host: String,
        /// The name has letters beyond ASCII.
        pub internationalised: bool,
        /// It is another host than the issuer's.
        pub foreign: bool,
        /// What hangs on it.
        pub weight: MetadataWeight,
    }

    /// Keep the provider that was shown.
    pub struct DiscoveryAdopt {
        /// The issuer that was asked.
        pub issuer: String,
        /// The name to keep it under.
        pub name: String,
        /// The digest that was shown with it.
        pub digest: String,
        /// The issuer's host may be on this computer or in the network at hand: kept with the provider.
        pub nearby: bool,
    }

    /// What an issuer says now, against what was accepted.
    pub struct MetadataChange {
        /// The provider.
        pub provider: String,
        /// Its issuer.
        pub issuer: String,
        /// What came of it, in one sentence.
        #[serde(serialize_with = "crate::text::ours")]
        pub sentence: String,
        /// The places that were asked, and how each answered.
        pub documents: Vec<MetadataDocument>,
        /// What is wrong or should be looked at.
        pub findings: Vec<FindingDetail>,
        /// The requests that were made.
        pub exchanges: Vec<ExchangeDetail>,
        /// What waits for a decision; none when nothing differs, or nothing that was found is to be believed.
        pub offer: Option<MetadataOffer>,
    }

    /// Metadata that differ from the accepted ones. Until they are accepted the old ones count.
    pub struct MetadataOffer {
        /// SHA-256 of what is offered.
        pub digest: String,
        /// When it was fetched, RFC 3339.
        pub fetched_at: String,
        /// What differs, member by member, the weightiest first.
        pub changes: Vec<MemberChange>,
    }

    /// A member that is not what it was.
    pub struct MemberChange {
        /// Its name.
        pub member: String,
        /// What it was; none when it is new.
        pub before: Option<String>,
        /// What it is; none when it is gone.
        pub after: Option<String>,
        /// What hangs on it.
        pub weight: MetadataWeight,
    }

    /// A person's decision about an offer.
    pub struct OfferDecision {
        /// The provider.
        pub provider: String,
        /// The digest of the offer that was shown.
        pub digest: String,
    }

    /// What is kept of an issuer's own metadata.
    pub struct ProviderMetadata {
        /// The issuer.
        pub issuer: String,
        /// When the person accepted them, RFC 3339.
        pub accepted_at: String,
        /// When they were last fetched, RFC 3339.
        pub fetched_at: String,
        /// What waits for a decision.
        pub offer: Option<MetadataOffer>,
    }
}
