//! Programs that log in as a client does, for the client's page.

use gatewright_contract::Failure;
use gatewright_contract::FailureCode::{Invalid, NotFound};
use gatewright_contract::snippet::{ClientSnippet, SnippetLanguage, SnippetWish};
use gatewright_model::dialect::ClientAuthentication;
use gatewright_model::{Client, Environment, Provider, SecretVersion};
use gatewright_protocol::jose::SigningKey;
use gatewright_snippet::{Language, Recipe, RecipeError, write};

use crate::{App, failure};

impl App {
    /// The program that logs in as a client does. Its addresses are those that a login would use right now.
    pub(crate) async fn client_snippet_of(&self, wish: SnippetWish) -> Result<ClientSnippet, Failure> {
        let (client, provider, version) = self.client_with_version(&wish.client).await?;
        let redirect_uri = chosen(&client, wish.redirect_uri)?;
        let (provider, origin) = self.place_of(&client, &provider)?;
        let bases = provider.bases(client.environment, origin.as_deref());
        let key = self.private_key(&client, &provider, version.as_ref()).await?;
        let recipe = Recipe::of(&client, &provider, &bases, &redirect_uri, key.as_ref())
            .map_err(|error| no_program(&provider, &error))?;
        let language = language(wish.language);
        let snippet = write(&recipe, language);
        Ok(ClientSnippet {
            text: snippet.text,
            file_name: language.file_name().to_owned(),
            install: snippet.install,
            run: snippet.run,
            redirect_uri,
        })
    }

    /// The private key of a client that signs with one, so that its program signs as a login does. A text that is no key is left for the
    /// login to complain about.
    async fn private_key(
        &self,
        client: &Client,
        provider: &Provider,
        version: Option<&SecretVersion>,
    ) -> Result<Option<SigningKey>, Failure> {
        let signs = client.authentication(provider) == ClientAuthentication::PrivateKeyJwt;
        let Some(row) = version.filter(|_| signs) else { return Ok(None) };
        Ok(SigningKey::parse(&self.value_of(client, provider, row).await?).ok())
    }

    /// The provider with the address the user has filled in, and the sandbox's origin for a client there.
    fn place_of(&self, client: &Client, provider: &Provider) -> Result<(Provider, Option<String>), Failure> {
        let known = self.0.registry.known();
        if known.is_placeholder(provider, client.environment) {
            return Err(failure::base_url_missing(&provider.name));
        }
        let origin = match client.environment {
            Environment::Sandbox => Some(self.0.sandbox.origin().ok_or_else(failure::sandbox_off)?),
            Environment::Production => None,
        };
        Ok((known.with_base_url(provider).into_owned(), origin))
    }
}

/// The redirect URI that was asked for, else the client's first.
fn chosen(client: &Client, wanted: Option<String>) -> Result<String, Failure> {
    let found = match wanted {
        Some(wanted) => client.redirect_uris.contains(&wanted).then_some(wanted),
        None => client.redirect_uris.first().cloned(),
    };
    found.ok_or_else(|| {
        Failure::new(NotFound, "This client has no such redirect URI any more.").hint("Choose another one.")
    })
}

fn no_program(provider: &Provider, error: &RecipeError) -> Failure {
    match error {
        RecipeError::NoAddress(_) => Failure::new(Invalid, format!("There is no program for this client: {error}."))
            .hint(format!("Look at {}'s endpoints under Providers.", provider.name)),
        RecipeError::Parameter(_) => Failure::new(Invalid, format!("There is no program for this client: {error}."))
            .hint("Edit the client and mend the parameter."),
    }
}

const fn language(language: SnippetLanguage) -> Language {
    match language {
        SnippetLanguage::Curl => Language::Curl,
        SnippetLanguage::Node => Language::Node,
        SnippetLanguage::Python => Language::Python,
        SnippetLanguage::Go => Language::Go,
        SnippetLanguage::Php => Language::Php,
        SnippetLanguage::Rust => Language::Rust,
    }
}
