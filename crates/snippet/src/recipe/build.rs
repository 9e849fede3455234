//! From a provider's dialect and a client to a recipe. The engine builds its requests from the same dialect, and a test compares who both
//! of them find.

use gatewright_model::dialect::{
    AnswerEncoding, ClientAuthentication, IdentitySource, Presence, StateReturn, SuccessRule, TokenPlacement,
};
use gatewright_model::provider::{Bases, Endpoint};
use gatewright_model::{Client, Provider};
use gatewright_protocol::authorization::Prompt;
use gatewright_protocol::custom_parameter::{self, RequestKind};
use gatewright_protocol::http::BodyEncoding;
use gatewright_protocol::jose::SigningKey;
use url::Url;

use super::{Authorization, Callback, Exchange, Identity, Parameter, Recipe, RecipeError, Source, StateCheck, Value};
use crate::pointer::Pointer;

/// The only kind of assertion there is (RFC 7523 §2.2).
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Everything a recipe is made of.
#[derive(Clone, Copy)]
pub(super) struct Ingredients<'a> {
    pub(super) client: &'a Client,
    pub(super) provider: &'a Provider,
    pub(super) bases: &'a Bases,
    pub(super) key: Option<&'a SigningKey>,
}

impl Recipe {
    /// What a program has to do to log in as `client` at its `provider`, whose base URLs are `bases`, and to come back at `redirect_uri`,
    /// one of the client's. It asks for the scopes that the provider's logins ask for.
    ///
    /// `key` is the private key of a client that signs with one, as far as it is known. A program has its name and an algorithm that fits
    /// it, and nothing else of it.
    ///
    /// # Errors
    /// See [`RecipeError`].
    pub fn of(
        client: &Client,
        provider: &Provider,
        bases: &Bases,
        redirect_uri: &str,
        key: Option<&SigningKey>,
    ) -> Result<Self, RecipeError> {
        let of = Ingredients { client, provider, bases, key };
        for kind in [RequestKind::Authorization, RequestKind::Token] {
            custom_parameter::check(kind, &client.protocol_settings.parameters(kind))?;
        }
        Ok(Self {
            provider: provider.name.clone(),
            client: client.name.clone(),
            document: provider.document.clone(),
            client_id: client.client_id.clone(),
            redirect_uri: redirect_uri.to_owned(),
            authorization: of.authorization()?,
            callback: of.callback(),
            exchange: of.exchange()?,
            identity: of.identity()?,
        })
    }
}

impl Ingredients<'_> {
    fn authorization(&self) -> Result<Authorization, RecipeError> {
        let dialect = &self.provider.dialect.authorization;
        let mut parameters = vec![parameter("client_id", Value::ClientId)];
        let mut add = |wanted: bool, name: &str, value: Value| {
            parameters.extend(wanted.then(|| parameter(name, value)));
        };
        add(dialect.response_type.value.is_sent(), "response_type", text("code"));
        add(dialect.redirect_uri.value.is_sent(), "redirect_uri", Value::RedirectUri);
        add(!self.scopes().is_empty(), "scope", text(self.scopes().join(" ")));
        add(dialect.state.value.is_sent(), "state", Value::State);
        add(self.sends_challenge(), "code_challenge", Value::Challenge);
        add(self.sends_challenge(), "code_challenge_method", text("S256"));
        parameters.extend(self.wishes());
        Ok(Authorization {
            endpoint: self.address(Endpoint::Authorization)?,
            parameters,
            remarks: self.authorization_remarks(),
        })
    }

    /// What the client's own settings add to the authorization request.
    fn wishes(&self) -> Vec<Parameter> {
        let settings = &self.client.protocol_settings;
        let mut wishes = Vec::new();
        wishes.extend(settings.login_hint.as_ref().map(|hint| parameter("login_hint", text(hint))));
        let prompt: Vec<&str> = self.prompt().into_iter().map(Prompt::as_str).collect();
        wishes.extend((!prompt.is_empty()).then(|| parameter("prompt", text(prompt.join(" ")))));
        wishes.extend(self.reads_id_token().then(|| parameter("nonce", Value::Nonce)));
        if self.asks_for_id_token() {
            wishes.extend(settings.max_age.map(|seconds| parameter("max_age", text(seconds.to_string()))));
            wishes.extend(self.contexts());
        }
        let own = settings.parameters(RequestKind::Authorization);
        wishes.extend(own.into_iter().map(|(name, value)| parameter(&name, Value::Text(value))));
        wishes
    }

    /// The wanted authentication contexts. Essential ones are a claim and no parameter (OpenID Connect Core §5.5.1.1).
    fn contexts(&self) -> Option<Parameter> {
        let settings = &self.client.protocol_settings;
        if settings.acr_values.is_empty() {
            return None;
        }
        Some(if settings.acr_essential {
            let acr = serde_json::json!({ "essential": true, "values": settings.acr_values });
            parameter("claims", text(serde_json::json!({ "id_token": { "acr": acr } }).to_string()))
        } else {
            parameter("acr_values", text(settings.acr_values.join(" ")))
        })
    }

    /// A refresh token for the time in which the person is away takes their consent (OpenID Connect Core §11).
    fn prompt(&self) -> Vec<Prompt> {
        let mut prompt = self.client.protocol_settings.prompt.clone();
        let may_ask = !prompt.contains(&Prompt::None) && !prompt.contains(&Prompt::Consent);
        let offline = self.asks_for_id_token() && self.scopes().iter().any(|scope| scope == "offline_access");
        prompt.extend((may_ask && offline).then_some(Prompt::Consent));
        prompt
    }

    fn callback(&self) -> Callback {
        let dialect = &self.provider.dialect.authorization;
        let sent = dialect.state.value.is_sent();
        let check = match dialect.state_returned.value {
            StateReturn::Always | StateReturn::OnApproval => StateCheck::Required,
            StateReturn::Unknown => StateCheck::WhenThere,
        };
        let may_name_issuer = dialect.issuer_returned.is_some() || self.provider.openid.is_some();
        Callback {
            state: sent.then_some(check),
            issuer: may_name_issuer.then(|| self.bases.issuer().to_owned()),
            remarks: self.callback_remarks(),
        }
    }

    fn exchange(&self) -> Result<Exchange, RecipeError> {
        let dialect = &self.provider.dialect;
        let authentication = self.client.authentication(self.provider);
        let (success_flag, success_sign) = match &dialect.token_response.success.value {
            SuccessRule::AccessToken => (None, "/access_token"),
            SuccessRule::FlagAndAccessToken(flag) => (Some(flag), "/access_token"),
            SuccessRule::Present(pointer) => (None, pointer.as_str()),
        };
        Ok(Exchange {
            endpoint: self.address(Endpoint::Token)?,
            encoding: dialect.token_request.encoding.value,
            accept: self.accept(),
            basic: authentication == ClientAuthentication::Basic,
            assertion: self.assertion(authentication)?,
            fields: self.fields(authentication),
            answer_may_be_form: dialect.token_response.encoding.value == AnswerEncoding::FormOrJson,
            success_flag: success_flag.map(|flag| Pointer::read(flag)),
            success_sign: Pointer::read(success_sign),
            remarks: self.exchange_remarks(),
        })
    }

    fn fields(&self, authentication: ClientAuthentication) -> Vec<Parameter> {
        let dialect = &self.provider.dialect.token_request;
        let mut fields = Vec::new();
        let mut add = |wanted: bool, name: &str, value: Value| {
            fields.extend(wanted.then(|| parameter(name, value)));
        };
        add(dialect.grant_type.value.is_sent(), "grant_type", text("authorization_code"));
        add(authentication != ClientAuthentication::Basic, "client_id", Value::ClientId);
        add(authentication == ClientAuthentication::Body, "client_secret", Value::Secret);
        let is_assertion = authentication.is_assertion();
        add(is_assertion, "client_assertion_type", text(JWT_BEARER));
        add(is_assertion, "client_assertion", Value::Assertion);
        add(true, "code", Value::Code);
        add(dialect.redirect_uri.value.is_sent(), "redirect_uri", Value::RedirectUri);
        add(self.sends_challenge(), "code_verifier", Value::Verifier);
        for (name, value) in self.client.protocol_settings.parameters(RequestKind::Token) {
            match fields.iter_mut().find(|field| field.name == name) {
                // A form repeats a name, an object cannot: there the values become a list.
                Some(earlier) if dialect.encoding.value == BodyEncoding::Json => earlier.value.also(value),
                _ => fields.push(parameter(&name, Value::Text(value))),
            }
        }
        fields
    }

    fn accept(&self) -> String {
        let dialect = &self.provider.dialect;
        match (&dialect.token_request.accept, dialect.token_response.encoding.value) {
            (Some(accept), _) => accept.value.clone(),
            (None, AnswerEncoding::Json) => "application/json".to_owned(),
            (None, AnswerEncoding::FormOrJson) => "*/*".to_owned(),
        }
    }

    fn identity(&self) -> Result<Identity, RecipeError> {
        let dialect = &self.provider.dialect.identity;
        let flag = dialect.signed_in_flag.as_ref().map(|pointer| Pointer::read(&pointer.value));
        let source = self.source()?;
        let signed_in_flag = flag.filter(|_| matches!(source, Source::Endpoint(_) | Source::EndpointByForm(_)));
        Ok(Identity {
            remarks: self.identity_remarks(&source),
            subject: match source {
                Source::IdToken(_) => Pointer::read("/sub"),
                _ => Pointer::read(&dialect.subject.value),
            },
            source,
            signed_in_flag,
        })
    }

    fn source(&self) -> Result<Source, RecipeError> {
        let dialect = &self.provider.dialect.identity;
        let by_form =
            dialect.userinfo_token_placement.as_ref().is_some_and(|place| place.value == TokenPlacement::Body);
        Ok(match dialect.source.value {
            IdentitySource::TokenResponse => Source::TokenAnswer,
            IdentitySource::Endpoint if self.provider.endpoints.identity.is_some() => {
                let address = self.address(Endpoint::Identity)?;
                if by_form { Source::EndpointByForm(address) } else { Source::Endpoint(address) }
            }
            IdentitySource::Endpoint | IdentitySource::IdToken if self.asks_for_id_token() => {
                Source::IdToken(self.bases.issuer().to_owned())
            }
            IdentitySource::Endpoint => return Err(RecipeError::NoAddress(Endpoint::Identity)),
            IdentitySource::IdToken | IdentitySource::Nowhere => Source::Nowhere,
        })
    }

    /// The address of an endpoint, letter by letter as the profile has it: a program must not tidy up what providers compare.
    pub(super) fn address(&self, endpoint: Endpoint) -> Result<String, RecipeError> {
        let address = self.provider.address(endpoint, self.bases).ok_or(RecipeError::NoAddress(endpoint))?;
        let usable = Url::parse(&address).is_ok_and(|url| ["http", "https"].contains(&url.scheme()) && url.has_host());
        if usable { Ok(address) } else { Err(RecipeError::NoAddress(endpoint)) }
    }

    pub(super) fn scopes(&self) -> &[String] {
        &self.provider.dialect.authorization.default_scopes.value
    }

    pub(super) fn sends_challenge(&self) -> bool {
        self.provider.dialect.authorization.pkce.value != Presence::Absent
    }

    pub(super) fn asks_for_id_token(&self) -> bool {
        self.provider.dialect.authorization.openid.value && self.scopes().iter().any(|scope| scope == "openid")
    }

    /// Whether identity is read from the ID token, which then has to bear our nonce.
    fn reads_id_token(&self) -> bool {
        self.source().is_ok_and(|source| matches!(source, Source::IdToken(_)))
    }
}

impl Value {
    /// Adds a value to a field of JSON that has one.
    fn also(&mut self, another: String) {
        match self {
            Self::Texts(values) => values.push(another),
            Self::Text(first) => *self = Self::Texts(vec![std::mem::take(first), another]),
            _ => {}
        }
    }
}

fn parameter(name: &str, value: Value) -> Parameter {
    Parameter { name: name.to_owned(), value }
}

fn text(value: impl Into<String>) -> Value {
    Value::Text(value.into())
}
