//! Starting a preflight, showing how it stands, and leaving an endpoint alone.

use std::sync::Arc;

use gatewright_contract::preflight::{Preflight, PreflightAsking, PreflightRef, PreflightStart};
use gatewright_contract::{Event, Failure};
use gatewright_store::setting;

use super::asks::ask_port;
use super::item::Item;
use super::recent::Told;
use super::subject::{Subject, asking_key};
use super::under_way::UnderWay;
use super::{
    Question, approval, certificate, client_id, clock, first_answer, host_name, plain_http, port, provider_host, proxy,
    redirect_uri, redirect_uri_registered, secret, server, slashes,
};
use crate::{App, failure};

impl App {
    /// Looks at everything that could keep a login from working, all at once, and returns when our own records have answered. What is
    /// asked of the keyring and the provider is told as it comes.
    pub(crate) async fn start_preflight(&self, request: PreflightStart) -> Result<PreflightRef, Failure> {
        let began = self.0.clock.elapsed();
        let subject = Arc::new(self.preflight_subject(&request.login).await?);
        let told = Told::by(&subject);
        let repeatable = told.as_ref().filter(|_| !request.afresh);
        let recent = repeatable.and_then(|told| self.0.preflights.answers.find(told, began));
        let id = self.new_id()?;
        let under_way = self.0.preflights.begin(id.clone(), UnderWay::new(&subject, recent.as_ref(), began));
        under_way.answer(by_records(&subject), self.0.clock.elapsed());
        self.ask_beside(&id, &under_way, &subject, |_, subject| async move {
            vec![(Question::Port, port::judge(&subject, ask_port(&subject)))]
        });
        self.ask_beside(&id, &under_way, &subject, |app, subject| async move {
            let seen = app.ask_secret(&subject).await;
            vec![(Question::Secret, secret::judge(&subject, seen))]
        });
        match recent {
            Some(recent) => under_way.answer(recent.items, self.0.clock.elapsed()),
            None => self.ask_beside(&id, &under_way, &subject, |app, subject| async move {
                app.by_endpoint(&subject, told).await
            }),
        }
        Ok(PreflightRef { preflight: id })
    }

    /// How a preflight stands.
    pub(crate) fn show_preflight(&self, request: &PreflightRef) -> Result<Preflight, Failure> {
        let found = self.0.preflights.find(&request.preflight);
        let under_way = found.ok_or_else(|| failure::not_found("This preflight is over.".to_owned()))?;
        Ok(under_way.shown(self.0.clock.elapsed()))
    }

    /// Asks a provider's authorization endpoint before logins from now on, or leaves it alone.
    pub(crate) async fn set_preflight_asking(&self, request: PreflightAsking) -> Result<(), Failure> {
        let provider = self.0.registry.known().get(&request.provider)?.id.clone();
        let put = move |tx: &gatewright_store::Transaction<'_>| setting::put(tx, &asking_key(&provider), &request.ask);
        self.store()?.write_durably(put).await.map_err(failure::of_store)
    }

    /// What the authorization endpoint's answer tells, kept for whoever tells it the same in a moment.
    async fn by_endpoint(&self, subject: &Subject, told: Option<Told>) -> Vec<(Question, Item)> {
        let (looked, proxy) = self.ask_endpoint(subject).await;
        let answers = vec![
            (Question::HostName, host_name::judge(&looked, proxy.as_deref())),
            (Question::Proxy, proxy::judge(&looked, proxy.as_deref())),
            (Question::Certificate, certificate::judge(&looked)),
            (Question::Clock, clock::judge(&looked)),
            (Question::FirstAnswer, first_answer::judge(subject, &looked)),
        ];
        if let Some(told) = told {
            self.0.preflights.answers.keep(told, &answers, self.0.clock.elapsed());
        }
        answers
    }

    /// Asks something in a task of its own and tells the window when it is answered.
    fn ask_beside<F, A>(&self, id: &str, under_way: &Arc<UnderWay>, subject: &Arc<Subject>, ask: A)
    where
        A: FnOnce(Self, Arc<Subject>) -> F,
        F: Future<Output = Vec<(Question, Item)>> + Send + 'static,
    {
        let asking = ask(self.clone(), Arc::clone(subject));
        let (app, under_way, id) = (self.clone(), Arc::clone(under_way), id.to_owned());
        self.0.tasks.spawn(async move {
            let answers = tokio::select! {
                answers = asking => answers,
                () = app.0.ending.cancelled() => return,
            };
            under_way.answer(answers, app.0.clock.elapsed());
            app.tell(Event::PreflightChanged(PreflightRef { preflight: id }));
        });
    }
}

/// What our own records answer.
fn by_records(subject: &Subject) -> Vec<(Question, Item)> {
    vec![
        (Question::Server, server::judge(subject)),
        (Question::ProviderHost, provider_host::judge(subject)),
        (Question::PlainHttp, plain_http::judge(subject)),
        (Question::Slashes, slashes::judge(subject)),
        (Question::ClientId, client_id::judge(subject)),
        (Question::RedirectUri, redirect_uri::judge(subject)),
        (Question::RedirectUriRegistered, redirect_uri_registered::judge(subject)),
        (Question::Approval, approval::judge(subject)),
    ]
}
