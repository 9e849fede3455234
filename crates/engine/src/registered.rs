//! A client as it is registered at its provider: what every request in its name needs.

use gatewright_model::dialect::ClientAuthentication;
use gatewright_model::provider::{Bases, Endpoint};
use gatewright_model::{ProtocolSettings, Provider};
use gatewright_protocol::client_authentication::{ClientAssertion, ClientAuthentication as Proof, JTI_BYTES};
use gatewright_protocol::custom_parameter::{self, CustomParameterError, RequestKind};
use gatewright_protocol::http::{HttpRequest, Reference};
use gatewright_protocol::jose::{AlgorithmPolicy, SignError, SigningAlgorithm, SigningKey, SigningKeyError};
use gatewright_protocol::metadata::{AddressDefect, Issuer, IssuerError, Metadata, Reach, check_address};
use gatewright_protocol::token::TokenRequest;
use gatewright_protocol::{ClientId, RedirectUri, Secret};
use url::Url;

use crate::login::rules;
use crate::ports::NoEntropy;
use crate::transport::is_loopback;
use crate::wire::Wire;

/// A client secret, or the private key in its place, and which version of it this is.
#[derive(Clone, Debug)]
pub struct ClientSecret {
    /// The secret; for `private_key_jwt` the private key as PEM or JWK.
    pub value: Secret,
    /// Its version, 1 for the first: a transcript shows `secret:v3`.
    pub version: u32,
}

/// The version of a secret that is none: it was made up to be wrong.
const MADE_UP: u32 = 0;

impl ClientSecret {
    /// A secret that was made up to be wrong.
    pub(crate) const fn made_up(value: Secret) -> Self {
        Self { value, version: MADE_UP }
    }

    pub(crate) fn reference(&self) -> Reference {
        match self.version {
            MADE_UP => Reference::numbered("wrong_secret", 1),
            version => Reference::client_secret(version),
        }
    }
}

/// Why a plan cannot be carried out. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The provider's document names only a stand-in for its host.
    #[error("{provider} has no base URL yet: fill in where your {provider} is")]
    NoBaseUrl {
        /// The provider's name.
        provider: String,
    },
    /// Base URL and path do not make an address.
    #[error("the {endpoint} endpoint is no address: {text}")]
    NotAnAddress {
        /// The endpoint's name in a profile.
        endpoint: &'static str,
        /// What was put together.
        text: String,
    },
    /// Secrets go over HTTPS only; HTTP is for this computer.
    #[error("the {endpoint} endpoint is {url}: secrets go over https only, http is for this computer alone")]
    PlainHttp {
        /// The endpoint's name in a profile.
        endpoint: &'static str,
        /// The address without its query.
        url: String,
    },
    /// Nothing may be sent to this address.
    #[error("the {endpoint} endpoint cannot be used: {defect}")]
    Address {
        /// The endpoint's name in a profile.
        endpoint: &'static str,
        /// Why not.
        defect: AddressDefect,
    },
    /// The base URL is no issuer, so that neither metadata nor ID token can be judged.
    #[error("the base URL is no issuer: {0}")]
    NotAnIssuer(#[from] IssuerError),
    /// The profile takes the identity from an endpoint that it does not name.
    #[error("the profile of {provider} takes the identity from an endpoint but does not say which")]
    NoIdentityEndpoint {
        /// The provider's name.
        provider: String,
    },
    /// The profile does not name an endpoint that is needed.
    #[error("the profile of {provider} names no {endpoint} endpoint")]
    NoEndpoint {
        /// The provider's name.
        provider: String,
        /// The endpoint's name in a profile.
        endpoint: &'static str,
    },
    /// The client's settings do not say where the person comes back after a logout, or what they say is no such address.
    #[error("the client has no post-logout redirect URI that can be used")]
    NoPostLogoutRedirectUri,
    /// The provider wants a secret and there is none.
    #[error("{provider} wants a client secret, and this client has none")]
    NoSecret {
        /// The provider's name.
        provider: String,
    },
    /// What should be a private key is none.
    #[error("the client's private key cannot be used: {0}")]
    Key(#[from] SigningKeyError),
    /// The client's key cannot make the signature that is asked for.
    #[error("the client cannot prove who it is: {0}")]
    Assertion(#[from] SignError),
    /// A parameter of the user's own cannot be sent.
    #[error(transparent)]
    CustomParameter(#[from] CustomParameterError),
}

/// A client as it is registered at its provider. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Registered<'a> {
    pub(crate) provider: &'a Provider,
    pub(crate) bases: &'a Bases,
    pub(crate) client_id: &'a ClientId,
    pub(crate) secret: Option<&'a ClientSecret>,
    pub(crate) settings: &'a ProtocolSettings,
}

impl<'a> Registered<'a> {
    /// Whether anything can be sent in this client's name, before the first thing is.
    pub(crate) fn check(&self, requests: &[RequestKind]) -> Result<(), PlanError> {
        let provider = || self.provider.name.clone();
        if self.bases.placeholder {
            return Err(PlanError::NoBaseUrl { provider: provider() });
        }
        if self.authentication().needs_secret() && self.secret.is_none() {
            return Err(PlanError::NoSecret { provider: provider() });
        }
        for request in requests {
            custom_parameter::check(*request, &self.settings.parameters(*request))?;
        }
        Ok(())
    }

    /// How the client authenticates: as its settings say, else as the provider's dialect does.
    pub(crate) fn authentication(&self) -> ClientAuthentication {
        self.settings.authentication(self.provider)
    }

    /// The issuer identifier, letter by letter.
    pub(crate) fn issuer(&self) -> &'a str {
        self.bases.issuer()
    }

    /// The issuer identifier, parsed.
    pub(crate) fn parsed_issuer(&self) -> Result<Issuer, PlanError> {
        Ok(Issuer::parse(self.issuer())?)
    }

    /// Where one endpoint is, judged: `https`, or `http` on this computer, and no nearer than the provider's own base. None where the
    /// profile has no such endpoint.
    pub(crate) fn find_address(&self, endpoint: Endpoint) -> Result<Option<Url>, PlanError> {
        address_of(self.provider, self.bases, endpoint)
    }

    /// Where one endpoint is that has to be there.
    pub(crate) fn address(&self, endpoint: Endpoint) -> Result<Url, PlanError> {
        let missing = || PlanError::NoEndpoint { provider: self.provider.name.clone(), endpoint: endpoint.name() };
        self.find_address(endpoint)?.ok_or_else(missing)
    }

    /// The proof of who the client is, for one request to `audience`: the token endpoint's address also where another endpoint is
    /// asked (RFC 7523 §3, RFC 7009 §2.1).
    pub(crate) fn proof<E>(&self, audience: &Url, wire: &Wire<'_>) -> Result<Proof, E>
    where
        E: From<PlanError> + From<NoEntropy>,
    {
        let id = self.client_id.clone();
        let way = self.authentication();
        let Some(secret) = self.secret else { return Ok(Proof::none(id)) };
        let key = match way {
            ClientAuthentication::None => return Ok(Proof::none(id)),
            ClientAuthentication::Body => return Ok(Proof::body(id, secret.value.clone(), secret.reference())),
            ClientAuthentication::Basic => return Ok(Proof::basic(id, secret.value.clone(), secret.reference())),
            ClientAuthentication::ClientSecretJwt => SigningKey::secret(secret.value.clone()),
            ClientAuthentication::PrivateKeyJwt => SigningKey::parse(&secret.value).map_err(PlanError::from)?,
        };
        let key = match &self.settings.assertion_key_id {
            Some(name) => key.named(name),
            None => key,
        };
        let jti = wire.random::<JTI_BYTES>()?;
        let algorithm = self.assertion_algorithm(&key);
        let assertion = ClientAssertion::sign(&id, audience.as_str(), jti, wire.now(), algorithm, &key);
        Ok(Proof::assertion(id, assertion.map_err(PlanError::from)?))
    }

    /// The request that exchanges a code, without a verifier, as the dialect wants it.
    pub(crate) fn code_request(
        &self,
        endpoint: &Url,
        proof: &Proof,
        code: &Secret,
        redirect_uri: &RedirectUri,
    ) -> Result<HttpRequest, PlanError> {
        let dialect = &self.provider.dialect.token_request;
        let mut request = TokenRequest::new(dialect.encoding.value).accept(rules::accept(&self.provider.dialect));
        if dialect.grant_type.value.is_sent() {
            request = request.grant_type_authorization_code();
        }
        request = request.authenticate(proof).code(code);
        if dialect.redirect_uri.value.is_sent() {
            request = request.redirect_uri(redirect_uri);
        }
        Ok(request.custom(&self.settings.parameters(RequestKind::Token))?.into_http(endpoint))
    }

    /// The algorithm of an assertion: the one the client is registered for, else the first that the provider takes and the key can do.
    fn assertion_algorithm(&self, key: &SigningKey) -> SigningAlgorithm {
        let able = key.algorithms();
        let taken = self.provider.dialect.token_request.assertion_signing_algorithms.as_ref();
        let is_taken = |algorithm: &&SigningAlgorithm| {
            taken.is_none_or(|taken| taken.value.iter().any(|name| name == algorithm.name()))
        };
        let chosen = self.settings.assertion_signing_alg;
        chosen
            .or_else(|| able.iter().find(is_taken).copied())
            .or_else(|| able.first().copied())
            .unwrap_or(SigningAlgorithm::Rs256)
    }

    /// Which algorithms an ID token may be signed with. HMAC only where the client's settings allow it.
    pub(crate) fn id_token_algorithms(&self, metadata: Option<&Metadata>) -> AlgorithmPolicy {
        let openid = self.provider.openid.as_ref();
        let usual = openid.and_then(|openid| openid.id_token_signed_response_alg.as_ref());
        let registered = self.settings.id_token_signed_response_alg.or_else(|| usual.map(|statement| statement.value));
        let said = || openid.map(|openid| openid.id_token_signing_algorithms.value.clone());
        AlgorithmPolicy {
            registered: self.unless_forbidden(registered),
            advertised: metadata.and_then(Metadata::id_token_algorithms).or_else(said),
        }
    }

    /// Which algorithms a UserInfo answer may be signed with.
    pub(crate) fn userinfo_algorithms(&self, metadata: Option<&Metadata>) -> AlgorithmPolicy {
        let openid = self.provider.openid.as_ref();
        let said = || openid.and_then(|openid| Some(openid.userinfo_signing_algorithms.as_ref()?.value.clone()));
        AlgorithmPolicy {
            registered: self.unless_forbidden(self.settings.userinfo_signed_response_alg),
            advertised: metadata.and_then(Metadata::userinfo_algorithms).or_else(said),
        }
    }

    fn unless_forbidden(&self, registered: Option<SigningAlgorithm>) -> Option<SigningAlgorithm> {
        registered.filter(|algorithm| !algorithm.is_symmetric() || self.settings.hmac_allowed)
    }

    /// The secret with which answers may be signed: only where that is allowed, and only a secret that the provider has as well.
    pub(crate) fn shared_secret(&self) -> Option<&'a Secret> {
        let is_shared = self.authentication() != ClientAuthentication::PrivateKeyJwt;
        self.secret.filter(|_| is_shared && self.settings.hmac_allowed).map(|secret| &secret.value)
    }
}

/// Where an endpoint of a provider is: see [`Registered::find_address`].
pub(crate) fn address_of(provider: &Provider, bases: &Bases, endpoint: Endpoint) -> Result<Option<Url>, PlanError> {
    let Some(text) = provider.address(endpoint, bases) else { return Ok(None) };
    let endpoint = endpoint.name();
    let base = Url::parse(&bases.authorization).map_or(Reach::Internet, |base| Reach::of(&base));
    let plain = |url: &Url| PlanError::PlainHttp { endpoint, url: crate::sightings::without_query(url) };
    match check_address(&text, base) {
        Ok(url) if url.scheme() == "http" && !is_loopback(&url) => Err(plain(&url)),
        Ok(url) => Ok(Some(url)),
        Err(AddressDefect::PlainHttp) => match Url::parse(&text) {
            Ok(url) => Err(plain(&url)),
            Err(_) => Err(PlanError::NotAnAddress { endpoint, text }),
        },
        Err(AddressDefect::NotAnAddress) => Err(PlanError::NotAnAddress { endpoint, text }),
        Err(defect) => Err(PlanError::Address { endpoint, defect }),
    }
}
