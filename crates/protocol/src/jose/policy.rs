//! Which algorithm a signature may have.

use super::SigningAlgorithm;

/// Which algorithm a provider's signatures may have, decided before a token is looked at: the header of a token never
/// chooses by itself (RFC 8725 §3.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlgorithmPolicy {
    /// What the client is registered for: `id_token_signed_response_alg`, `userinfo_signed_response_alg`. Then only that.
    pub registered: Option<SigningAlgorithm>,
    /// What the metadata lists, as written there.
    pub advertised: Option<Vec<String>>,
}

impl AlgorithmPolicy {
    /// The algorithms that may be used: the registered one, else those advertised that we know, else RS256, which
    /// OpenID Connect Core §3.1.3.7 (7) makes the default.
    ///
    /// HMAC needs a registration. A list in a public document must not turn the client secret into a key by which
    /// everybody who holds it can speak as the provider. Empty when the provider advertises nothing we know.
    pub fn allowed(&self) -> Vec<SigningAlgorithm> {
        match (self.registered, &self.advertised) {
            (Some(registered), _) => vec![registered],
            (None, Some(names)) => SigningAlgorithm::ALL
                .into_iter()
                .filter(|algorithm| !algorithm.is_symmetric() && names.iter().any(|name| name == algorithm.name()))
                .collect(),
            (None, None) => vec![SigningAlgorithm::Rs256],
        }
    }

    /// The allowed algorithms for a sentence: `RS256 or ES256`.
    pub(crate) fn in_words(&self) -> String {
        let names: Vec<_> = self.allowed().into_iter().map(SigningAlgorithm::name).collect();
        if names.is_empty() {
            return "an algorithm that both the provider's metadata and this program know".to_owned();
        }
        names.join(" or ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advertised(names: &[&str]) -> AlgorithmPolicy {
        AlgorithmPolicy { registered: None, advertised: Some(names.iter().map(ToString::to_string).collect()) }
    }

    #[test]
    fn without_any_word_about_it_only_rs256_is_allowed() {
        assert_eq!(AlgorithmPolicy::default().allowed(), [SigningAlgorithm::Rs256]);
    }

    #[test]
    fn a_registered_algorithm_shuts_out_everything_that_is_advertised() {
        let policy = AlgorithmPolicy { registered: Some(SigningAlgorithm::Es256), ..advertised(&["RS256"]) };
        assert_eq!(policy.allowed(), [SigningAlgorithm::Es256]);
    }

    #[test]
    fn an_advertised_hmac_or_none_is_not_allowed_by_the_advertisement() {
        assert_eq!(advertised(&["none", "HS256", "PS256", "RS1"]).allowed(), [SigningAlgorithm::Ps256]);
        assert_eq!(advertised(&["HS256"]).allowed(), []);
    }
}
