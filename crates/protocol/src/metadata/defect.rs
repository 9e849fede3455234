//! Why a metadata document is not believed.

use super::address::AddressDefect;
use super::issuer::NearMiss;
use crate::answer::AnswerDefect;
use crate::discrepancy::Discrepancy;

/// Why a metadata document is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MetadataDefect {
    /// A status of 4xx: there is no document here, which is normal for one of the two places.
    #[error("there is no metadata document (status {0})")]
    Absent(u16),
    /// The answer cannot be used.
    #[error(transparent)]
    Answer(#[from] AnswerDefect),
    /// JSON, but no object; or a document that is no JSON.
    #[error("the metadata document is no JSON object")]
    NotAnObject,
    /// The document names another issuer (RFC 8414 §3.3), or none.
    #[error("the document names the issuer {received}")]
    OtherIssuer {
        /// The issuer whose document was asked for.
        expected: String,
        /// As named, made inert.
        received: String,
        /// How the two resemble each other.
        near_miss: Option<NearMiss>,
    },
    /// Members are missing, of the wrong type, or addresses that may not be used: all of them.
    #[error("{} members of the document cannot be used", .0.len())]
    Members(Vec<MemberDefect>),
}

/// What is wrong with one member.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MemberDefect {
    /// Nothing can be done without it.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// Of another JSON type.
    #[error("{member} is {received} instead of {expected}")]
    Type {
        /// Its name.
        member: &'static str,
        /// What it should be.
        expected: &'static str,
        /// What it is.
        received: &'static str,
    },
    /// An address that may not be used.
    #[error("{member} cannot be used: {defect}")]
    Address {
        /// Its name.
        member: &'static str,
        /// The address, made inert.
        address: String,
        /// Why.
        defect: AddressDefect,
    },
}

impl MetadataDefect {
    /// Everything that is wrong, expected against received.
    pub fn discrepancies(&self) -> Vec<Discrepancy> {
        let new = |code, field: &str, expected: &str, received: String| {
            vec![Discrepancy::new(code, field, expected, received)]
        };
        let document = "200 with a JSON object (RFC 8414 §3.2)";
        match self {
            Self::Absent(status) => new("metadata_absent", "status", "200", status.to_string()),
            Self::Answer(_) | Self::NotAnObject => new("metadata_unusable", "body", document, self.to_string()),
            Self::OtherIssuer { expected, received, near_miss } => {
                let expected = format!("{expected}{}", near_miss.map_or("", NearMiss::hint));
                new("metadata_issuer_mismatch", "issuer", &expected, received.clone())
            }
            Self::Members(defects) => defects.iter().map(MemberDefect::discrepancy).collect(),
        }
    }
}

impl MemberDefect {
    fn discrepancy(&self) -> Discrepancy {
        match self {
            Self::Missing(member) => Discrepancy::new("metadata_member_missing", *member, "this member", "nothing"),
            Self::Type { member, expected, received } => {
                Discrepancy::new("metadata_member_type", *member, *expected, *received)
            }
            Self::Address { member, address, defect } => {
                let expected = "https, no user name, no fragment, and no nearer than the issuer";
                Discrepancy::new("metadata_endpoint", *member, expected, format!("{address}: {defect}"))
            }
        }
    }
}
