//! One run: its row, its steps, who logged in and with what tokens.

use gatewright_contract::client::Environment as WireEnvironment;
use gatewright_contract::run::{
    Browser as WireBrowser, IdentityCard, IssuedToken, NamedText, RunDetail, RunRow, StepDetail,
    StepStatus as WireStatus, TokenCard,
};
use gatewright_contract::token::TokenAction;
use gatewright_model::run::{Browser, Identity, StepKind, StepStatus, TokenSummary};
use gatewright_model::{Environment, Grant, Outcome, Provider, Run, Step};
use gatewright_report::wording;
use jiff::{SignedDuration, Timestamp};

use super::{exchange, outcome, test_user, token};

/// Microseconds as the milliseconds of the wire, whose numbers have no 64 bits.
#[expect(clippy::cast_precision_loss, reason = "a duration of more than 2^52 µs is 142 years")]
pub(crate) fn milliseconds(microseconds: u64) -> f64 {
    microseconds as f64 / 1000.0
}

pub(crate) fn environment(environment: Environment) -> WireEnvironment {
    match environment {
        Environment::Production => WireEnvironment::Production,
        Environment::Sandbox => WireEnvironment::Sandbox,
    }
}

pub(crate) fn browser(browser: Browser) -> WireBrowser {
    match browser {
        Browser::Embedded => WireBrowser::Embedded,
        Browser::System => WireBrowser::System,
        Browser::Paste => WireBrowser::Paste,
    }
}

pub(crate) fn row(run: &Run, provider_name: &str) -> RunRow {
    RunRow {
        id: run.id.to_string(),
        client: run.client.to_string(),
        client_name: run.client_name.clone(),
        provider: run.provider.to_string(),
        provider_name: provider_name.to_owned(),
        environment: environment(run.environment),
        browser: browser(run.browser),
        meant: run.meant.as_ref().map(test_user::meant),
        started_at: run.started_at.to_string(),
        duration_ms: run.duration_ms.map(|ms| milliseconds(ms.saturating_mul(1000))),
        verdict: outcome::verdict(&run.outcome),
        outcome: outcome::code(&run.outcome).to_owned(),
        outcome_text: outcome::words(&run.outcome),
        identity: run
            .identity
            .as_ref()
            .map(|identity| identity.display_name.clone().unwrap_or_else(|| identity.subject.clone())),
        // No part of what was recorded; whoever has read them adds them.
        tags: Vec::new(),
    }
}

/// What only a run that is going on knows.
#[derive(Clone, Default)]
pub(crate) struct LiveStanding {
    /// The run waits for a pasted callback.
    pub(crate) awaits_paste: bool,
    /// The redirect URI in use.
    pub(crate) redirect_uri: Option<String>,
}

/// The tokens of a run that is over, and what can be done with them.
#[derive(Default)]
pub(crate) struct Holdings<'a> {
    names: &'a [String],
    grant: Option<&'a Grant>,
    actions: Vec<TokenAction>,
}

impl<'a> Holdings<'a> {
    /// The tokens that are kept, by name, and what was granted. Without a provider nothing can be sent.
    pub(crate) fn of(run: &Run, names: &'a [String], grant: Option<&'a Grant>, provider: Option<&Provider>) -> Self {
        let logged_in = matches!(run.outcome, Outcome::LoggedIn { .. });
        Self { names, grant, actions: token::actions(&token::Held { names, grant, provider, logged_in }) }
    }
}

pub(crate) fn detail(
    run: &Run,
    steps: &[Step],
    provider_name: &str,
    holdings: &Holdings<'_>,
    live: &LiveStanding,
) -> RunDetail {
    let ending = match &run.outcome {
        Outcome::Ended(ending) => Some(ending),
        Outcome::Running | Outcome::LoggedIn { .. } => None,
    };
    RunDetail {
        row: row(run, provider_name),
        sentence: ending.map(|ending| ending.sentence.clone()),
        next: ending.map(|ending| ending.next.clone()),
        person_ms: run.person_ms.map(|ms| milliseconds(ms.saturating_mul(1000))),
        awaits_paste: live.awaits_paste,
        redirect_uri: live.redirect_uri.clone().or_else(|| recorded_redirect_uri(steps)),
        identity: run.identity.as_ref().map(identity_card),
        tokens: run.tokens.as_ref().map(|tokens| token_card(tokens, run, holdings)),
        grant: holdings.grant.map(token::grant),
        actions: holdings.actions.clone(),
        steps: steps_of(steps),
    }
}

/// The redirect URI as it was sent, for a run that is over.
fn recorded_redirect_uri(steps: &[Step]) -> Option<String> {
    let sent = steps.iter().flat_map(|step| &step.exchanges).flat_map(|exchange| &exchange.request.query);
    sent.into_iter().find(|field| field.name == "redirect_uri").map(|field| field.value.to_plain())
}

fn identity_card(identity: &Identity) -> IdentityCard {
    let shown = identity.display_name.as_deref().unwrap_or(&identity.subject);
    IdentityCard {
        subject: identity.subject.clone(),
        display_name: identity.display_name.clone(),
        initials: initials(shown),
        fields: identity
            .fields
            .iter()
            .map(|(name, text)| NamedText { name: name.clone(), text: text.clone() })
            .collect(),
    }
}

/// Two letters for the round picture: of the first two words, else the first two letters.
fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let letters: String = match words.as_slice() {
        [first, second, ..] => first.chars().take(1).chain(second.chars().take(1)).collect(),
        [only] => only.chars().take(2).collect(),
        [] => "?".to_owned(),
    };
    letters.to_uppercase()
}

fn token_card(tokens: &TokenSummary, run: &Run, holdings: &Holdings<'_>) -> TokenCard {
    let is_kept = |name: &String| holdings.names.iter().any(|kept| kept == name);
    let refreshed = holdings.grant.filter(|grant| grant.refreshed_at.is_some());
    let expires_at = match refreshed {
        Some(grant) => grant.access_expires_at,
        None => expiry_at_login(tokens, run),
    };
    TokenCard {
        issued: tokens.issued.iter().map(|name| IssuedToken { name: name.clone(), available: is_kept(name) }).collect(),
        token_type: tokens.token_type.clone(),
        expires_at: expires_at.map(|at| at.to_string()),
        lifetime: match tokens.expires_in {
            Some(seconds) => format!("{seconds} s"),
            None => "The provider did not say how long it lives.".to_owned(),
        },
        scope: tokens.scope.clone(),
    }
}

/// When the access token of the login ends.
fn expiry_at_login(tokens: &TokenSummary, run: &Run) -> Option<Timestamp> {
    let took = SignedDuration::from_millis(i64::try_from(run.duration_ms.unwrap_or(0)).ok()?);
    let lifetime = SignedDuration::from_secs(i64::try_from(tokens.expires_in?).ok()?);
    run.started_at.checked_add(took).ok()?.checked_add(lifetime).ok()
}

/// The steps, with those after the login told apart: what no login has, what a login has once only, and whatever comes after either.
fn steps_of(steps: &[Step]) -> Vec<StepDetail> {
    let identity = steps.iter().position(|step| step.kind == StepKind::Identity);
    let is_after = |(place, one): (usize, &Step)| {
        one.kind.is_after_login() || (one.kind == StepKind::Identity && identity.is_some_and(|first| first < place))
    };
    let login = steps.iter().enumerate().position(is_after).unwrap_or(steps.len());
    (0..).zip(steps).map(|(place, one)| step(one, place >= login)).collect()
}

fn step(step: &Step, after_login: bool) -> StepDetail {
    let (kind, title) = wording::step(step.kind);
    StepDetail {
        kind: kind.to_owned(),
        title: title.to_owned(),
        status: match step.status {
            StepStatus::Running => WireStatus::Running,
            StepStatus::Passed => WireStatus::Passed,
            StepStatus::Warned => WireStatus::Warned,
            StepStatus::Failed => WireStatus::Failed,
        },
        sentence: step.sentence.clone(),
        duration_ms: step.duration_us.map(milliseconds),
        after_login,
        waited_for_person: step.waited_for_person,
        findings: step.findings.iter().map(exchange::finding).collect(),
        exchanges: step.exchanges.iter().map(exchange::exchange).collect(),
        pages: step.pages.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn a_person_is_pictured_by_two_letters() {
        assert_eq!(initials("Theo Tester"), "TT");
        assert_eq!(initials("theo"), "TH");
        assert_eq!(initials("qa-two"), "QT");
        assert_eq!(initials(""), "?");
    }
}
