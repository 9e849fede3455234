//! The rules for a client as it is typed: what the provider's own form would refuse, what a login would stumble over later, and what a
//! clipboard adds. They live here and not in the window, so that every way to enter a client meets the same ones.
//!
//! A finding never holds any part of a secret, and never offers one.

mod base_url;
mod client_id;
mod exact_match;
mod mix_up;
mod name;
mod placeholder;
mod private_key;
mod protocol_settings;
mod redirect_uri;
mod secret;

use gatewright_protocol::Secret;
use serde::{Deserialize, Serialize};

pub use base_url::check_base_url;
pub use protocol_settings::check_protocol_settings;

use crate::{Environment, Mark, Provider, dialect::ClientAuthentication};

/// A client as far as it has been typed.
#[derive(Clone, Debug)]
pub struct ClientDraft {
    /// Which server it is for.
    pub environment: Environment,
    /// The name.
    pub name: String,
    /// The client identifier; `None` when the provider is going to give one.
    pub client_id: Option<String>,
    /// The secret as pasted; `None` when none is given, or none is to be changed.
    pub secret: Option<Secret>,
    /// How the client authenticates where it differs from the provider's usual way. With `private_key_jwt` the secret is a private key.
    pub client_authentication: Option<ClientAuthentication>,
    /// Redirect URIs in their order.
    pub redirect_uris: Vec<String>,
    /// Hosts that belong to other providers, to catch a mix-up. The built-in ones are known anyway.
    pub other_provider_hosts: Vec<ProviderHost>,
    /// Redirect URIs that clients of other providers have, as far as this draft has them, too.
    pub shared_redirect_uris: Vec<SharedRedirectUri>,
}

/// A host and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderHost {
    /// The provider's name.
    pub provider: String,
    /// The host without port.
    pub host: String,
}

/// A redirect URI to which another provider sends callbacks as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedRedirectUri {
    /// The redirect URI, exactly as registered.
    pub uri: String,
    /// The other provider's name.
    pub provider: String,
    /// The name of its client.
    pub client: String,
}

impl ClientDraft {
    /// An empty form.
    pub fn new(environment: Environment) -> Self {
        Self {
            environment,
            name: String::new(),
            client_id: None,
            secret: None,
            client_authentication: None,
            redirect_uris: Vec::new(),
            other_provider_hosts: Vec::new(),
            shared_redirect_uris: Vec::new(),
        }
    }
}

/// Something about one field of a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The field it is about.
    pub field: DraftField,
    /// Whether it stands in the way of saving.
    pub level: FindingLevel,
    /// Which rule, in a word that stays the same.
    pub code: FindingCode,
    /// What was found.
    pub message: String,
    /// What was expected or what to do.
    pub hint: String,
    /// A value to put in the field's place with one click. Never for secrets.
    pub fix: Option<String>,
}

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "index", rename_all = "snake_case")]
pub enum DraftField {
    /// The name.
    Name,
    /// The client identifier.
    ClientId,
    /// The secret.
    Secret,
    /// A redirect URI, counted from 0.
    RedirectUri(usize),
    /// The provider's base URL.
    BaseUrl,
    /// How the client authenticates.
    ClientAuthentication,
    /// The algorithm of its assertions.
    AssertionSigningAlg,
    /// The algorithm of its ID tokens.
    IdTokenSignedResponseAlg,
    /// The algorithm of its UserInfo answers.
    UserinfoSignedResponseAlg,
    /// A parameter added to the authorization request, counted from 0.
    AuthorizationParameter(usize),
    /// A parameter added to the token request, counted from 0.
    TokenParameter(usize),
    /// A parameter added to the refresh request, counted from 0.
    RefreshParameter(usize),
    /// What the provider shall ask of the person.
    Prompt,
    /// A trusted audience, counted from 0.
    TrustedAudience(usize),
    /// An authentication context, counted from 0.
    AcrValue(usize),
    /// Where the provider sends the person after a logout.
    PostLogoutRedirectUri,
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingLevel {
    /// Cannot be right: the draft is not saved.
    Error,
    /// Can be right and is wrong more often: the person decides.
    Warning,
}

/// Which rule found something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "a word for each rule; the rule and its sentence stand where the finding is made")]
pub enum FindingCode {
    NameEmpty,
    NameTooShort,
    NameTooLong,
    NameEdgeSpace,
    RedirectUriMissing,
    RedirectUriTooMany,
    RedirectUriRepeated,
    RedirectUriTooShort,
    RedirectUriTooLong,
    RedirectUriWhitespace,
    RedirectUriNotAbsolute,
    RedirectUriUnusableScheme,
    RedirectUriFragment,
    RedirectUriPlainHttp,
    RedirectUriUserInfo,
    RedirectUriBackslash,
    RedirectUriMalformed,
    RedirectUriPlaceholder,
    RedirectUriIsCallback,
    RedirectUriAtProvider,
    RedirectUriShared,
    MissingSlash,
    UpperCaseHost,
    UpperCasePath,
    UnencodedAmpersand,
    NonAscii,
    LocalhostName,
    DefaultPort,
    PrivilegedPort,
    DotSegments,
    Wildcard,
    SchemeWithoutDomain,
    ClientIdEmpty,
    ClientIdWhitespace,
    ClientIdQuoted,
    ClientIdPlaceholder,
    ClientIdNotANumber,
    ClientIdNotCanonical,
    ClientIdNotPrintable,
    SecretEmpty,
    SecretEdgeWhitespace,
    SecretLineBreak,
    SecretInnerSpace,
    SecretNotPrintable,
    SecretQuoted,
    SecretPlaceholder,
    SecretMasked,
    SecretIsClientId,
    SecretLooksLikeToken,
    SecretLooksLikeUrl,
    ProviderMixUp,
    BaseUrlEmpty,
    BaseUrlWhitespace,
    BaseUrlNotAbsolute,
    BaseUrlPlainHttp,
    BaseUrlTrailingSlash,
    BaseUrlTooMuch,
    BaseUrlPlaceholder,
    BaseUrlIsEndpoint,
    PrivateKeyMalformed,
    PrivateKeyIsPublic,
    PrivateKeyEncrypted,
    AuthenticationNotAccepted,
    AssertionNotInForm,
    AlgorithmUnfitting,
    HmacNotAllowed,
    ParameterNameEmpty,
    ParameterNameMalformed,
    ParameterReserved,
    ParameterRepeated,
    PromptNoneNotAlone,
    TrustedAudienceEmpty,
    AcrValueMalformed,
    AcrValueMissing,
    PostLogoutRedirectUriMalformed,
}

impl Finding {
    fn new(field: DraftField, level: FindingLevel, code: FindingCode, message: impl Into<String>) -> Self {
        Self { field, level, code, message: message.into(), hint: String::new(), fix: None }
    }

    pub(crate) fn error(field: DraftField, code: FindingCode, message: impl Into<String>) -> Self {
        Self::new(field, FindingLevel::Error, code, message)
    }

    pub(crate) fn warning(field: DraftField, code: FindingCode, message: impl Into<String>) -> Self {
        Self::new(field, FindingLevel::Warning, code, message)
    }

    pub(crate) fn at(mut self, level: FindingLevel) -> Self {
        self.level = level;
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    pub(crate) fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }
}

/// Everything the rules find in `draft`, field by field in the order of the form.
pub fn check_draft(provider: &Provider, draft: &ClientDraft) -> Vec<Finding> {
    let mut findings = name::check(provider, draft);
    findings.extend(redirect_uri::check(provider, draft));
    findings.extend(client_id::check(provider, draft));
    findings.extend(secret::check(provider, draft));
    findings.extend(mix_up::check(provider, draft));
    findings
}

/// How a limit of the provider's form weighs. One that nobody has documented or seen is only ours, so it must not stand in the way at
/// the real provider; the twin keeps to the profile's numbers and would refuse.
fn limit_level(mark: Mark, draft: &ClientDraft) -> FindingLevel {
    match (mark, draft.environment) {
        (Mark::Unknown, Environment::Production) => FindingLevel::Warning,
        _ => FindingLevel::Error,
    }
}

/// The words after a limit that nobody has documented or seen.
fn limit_words(mark: Mark) -> &'static str {
    if mark == Mark::Unknown { " The provider's own limit is not known; this one is ours." } else { "" }
}

#[cfg(test)]
mod tests;
