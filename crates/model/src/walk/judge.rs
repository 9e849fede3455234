//! Judging a scenario by the runs that came of it.

use std::collections::BTreeSet;

use super::expectation::{ExpectedEnding, IdentityExpectation, ScopeExpectation};
use super::progress::{Answers, Part};
use super::verdict::{Comparison, MachineVerdict, VerdictWord};
use super::words;
use super::{Preparation, Question, Scenario};
use crate::run::{EndReason, Finding, StepKind};
use crate::{Outcome, Run, Step};

/// One login of a scenario, ended.
#[derive(Clone, Copy, Debug)]
pub struct Login<'a> {
    /// Its part in the scenario.
    pub part: Part,
    /// The run.
    pub run: &'a Run,
    /// Its steps.
    pub steps: &'a [Step],
}

/// What a scenario is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// Its logins, in the order they were started.
    pub logins: &'a [Login<'a>],
    /// The subject the provider should name for the test user; none when anybody will do.
    pub expected_subject: Option<&'a str>,
    /// The scopes that were asked for.
    pub asked_scopes: &'a [String],
    /// The person's answers.
    pub answers: &'a Answers,
}

/// Says what came of a scenario. Total: whatever the runs are, there is a verdict, and every part of it says what was expected and what
/// was received.
pub fn judge(scenario: &Scenario, evidence: &Evidence<'_>) -> MachineVerdict {
    if let Some(reason) = &scenario.not_applicable {
        return MachineVerdict::not_applicable(reason);
    }
    let (before, counted): (Vec<Login<'_>>, Vec<Login<'_>>) =
        evidence.logins.iter().copied().partition(|login| login.part == Part::Before);
    if let Some(reason) = before.iter().find_map(|login| of_login_before(login)) {
        return MachineVerdict::inconclusive(reason);
    }
    if counted.is_empty() {
        return MachineVerdict::inconclusive("The login that counts was never started.");
    }
    let mut comparisons = Vec::new();
    for login in &counted {
        comparisons.push(ending(scenario, login));
        // Where the ending is another, nothing else of that login is worth a line.
        if comparisons.last().is_some_and(|ending| matches!(ending.verdict, VerdictWord::Pass | VerdictWord::Warn)) {
            comparisons.extend(identity(scenario, login, evidence.expected_subject));
            comparisons.extend(findings(scenario, login));
            comparisons.extend(scope(scenario, login, evidence.asked_scopes));
        }
    }
    comparisons.extend(scenario.questions.iter().filter_map(|question| answer(question, evidence.answers)));
    MachineVerdict::from(comparisons)
}

/// Whether the verdict waits for nothing but the person's answers.
pub fn awaits_answers(scenario: &Scenario, evidence: &Evidence<'_>) -> bool {
    let is_open = |question: &&Question| !evidence.answers.contains_key(&question.id);
    let open: BTreeSet<&str> =
        scenario.questions.iter().filter(is_open).map(|question| question.text.as_str()).collect();
    let verdict = judge(scenario, evidence);
    let holds = |one: &Comparison| matches!(one.verdict, VerdictWord::Pass | VerdictWord::Warn);
    !open.is_empty()
        && !verdict.comparisons.is_empty()
        && verdict.comparisons.iter().all(|one| holds(one) || open.contains(one.about.as_str()))
}

/// Why the login before is no ground to judge on.
fn of_login_before(login: &Login<'_>) -> Option<String> {
    let ending = ExpectedEnding::of(&login.run.outcome);
    (ending != Some(ExpectedEnding::LoggedIn)).then(|| {
        format!("The login before, which had to succeed, ended otherwise: {}.", words::of_outcome(&login.run.outcome))
    })
}

fn ending(scenario: &Scenario, login: &Login<'_>) -> Comparison {
    let outcome = &login.run.outcome;
    let is_one_of = |endings: &[ExpectedEnding]| endings.iter().any(|ending| ending.is(outcome));
    if let Some(refused) = another_refusal(scenario, login) {
        return refused;
    }
    let verdict = if is_one_of(&scenario.expect.outcomes) {
        VerdictWord::Pass
    } else if is_one_of(&scenario.expect.odd_outcomes) {
        VerdictWord::Warn
    } else if says_nothing(outcome) {
        VerdictWord::Inconclusive
    } else {
        VerdictWord::Fail
    };
    Comparison {
        about: about("Ending", login),
        expected: words::of_endings(&scenario.expect.outcomes),
        received: words::of_outcome(outcome).to_owned(),
        verdict,
    }
}

/// Where the code is to be refused because it has expired: a refusal of the client, or of one more request, says nothing about the code. One
/// more request may be refused with a page that is no token answer at all (RFC 6585 §4).
fn another_refusal(scenario: &Scenario, login: &Login<'_>) -> Option<Comparison> {
    if !matches!(scenario.preparation, Some(Preparation::HoldCode { .. })) {
        return None;
    }
    let is_refused = match ExpectedEnding::of(&login.run.outcome) {
        Some(ExpectedEnding::Ended(EndReason::TokenRefused)) => true,
        Some(ExpectedEnding::Ended(EndReason::TokenMalformed)) => false,
        _ => return None,
    };
    let step = login.steps.iter().rfind(|step| step.kind == StepKind::TokenRequest)?;
    let status = step.exchanges.last().and_then(|exchange| exchange.response.as_ref()).map(|response| response.status);
    let refusal = step.findings.iter().find(|finding| finding.code == "token_refused");
    let words = refusal.map(|finding| finding.received.to_plain().to_ascii_lowercase()).unwrap_or_default();
    let received = if status == Some(429) {
        "too many requests were refused, not the code"
    } else if is_refused && blames_client(status, &words) {
        "the client was refused, not the code"
    } else {
        return None;
    };
    Some(Comparison {
        about: about("Ending", login),
        expected: words::of_endings(&scenario.expect.outcomes),
        received: received.to_owned(),
        verdict: VerdictWord::Inconclusive,
    })
}

/// Whether a refused token request blames the client (RFC 6749 §5.2), or says so in words of its own. `invalid_grant` is about the code,
/// whatever else is said.
fn blames_client(status: Option<u16>, words: &str) -> bool {
    let says = |word: &str| words.contains(word);
    !says("invalid_grant")
        && (status == Some(401)
            || ["invalid_client", "unauthorized_client", "client_id", "client_secret"].into_iter().any(says))
}

/// Whether a run ended in a way that says nothing about the provider.
const fn says_nothing(outcome: &Outcome) -> bool {
    let Outcome::Ended(ending) = outcome else { return matches!(outcome, Outcome::Running) };
    matches!(
        ending.reason,
        EndReason::Stopped
            | EndReason::TimedOut
            | EndReason::WindowClosed
            | EndReason::Interrupted
            | EndReason::ListenerFailed
            | EndReason::BrowserFailed
            | EndReason::SecretUnavailable
    )
}

fn identity(scenario: &Scenario, login: &Login<'_>, expected: Option<&str>) -> Option<Comparison> {
    let subject = login.run.identity.as_ref().map(|identity| identity.subject.as_str());
    let named = |subject: Option<&str>| subject.map_or_else(|| "nobody".to_owned(), str::to_owned);
    let compared = |wanted: String, verdict| {
        Some(Comparison { about: about("Identity", login), expected: wanted, received: named(subject), verdict })
    };
    match (scenario.expect.identity, expected) {
        (IdentityExpectation::Any, _) => None,
        (IdentityExpectation::Received, _) | (IdentityExpectation::Expected, None) => {
            compared("somebody".to_owned(), pass_if(subject.is_some()))
        }
        (IdentityExpectation::Expected, Some(wanted)) => compared(wanted.to_owned(), pass_if(subject == Some(wanted))),
        (IdentityExpectation::Other, Some(wanted)) => {
            compared(format!("somebody else than {wanted}"), pass_if(subject.is_some_and(|subject| subject != wanted)))
        }
        (IdentityExpectation::Other, None) => Some(Comparison {
            about: about("Identity", login),
            expected: "somebody else than the test user".to_owned(),
            received: "the test user has no expected identity to compare with".to_owned(),
            verdict: VerdictWord::Inconclusive,
        }),
    }
}

fn findings(scenario: &Scenario, login: &Login<'_>) -> Vec<Comparison> {
    let found: BTreeSet<&str> = login.steps.iter().flat_map(|step| &step.findings).map(code).collect();
    let there = |code: &str| found.contains(code);
    let required = scenario.expect.required_findings.iter().map(|code| Comparison {
        about: about("Finding", login),
        expected: code.clone(),
        received: if there(code) { code.clone() } else { listed(&found) },
        verdict: pass_if(there(code)),
    });
    let forbidden = scenario.expect.forbidden_findings.iter().map(|code| Comparison {
        about: about("Finding", login),
        expected: format!("no {code}"),
        received: if there(code) { code.clone() } else { format!("no {code}") },
        verdict: pass_if(!there(code)),
    });
    let off = (scenario.expect.nothing_off && !found.is_empty()).then(|| Comparison {
        about: about("Findings", login),
        expected: NO_FINDING.to_owned(),
        received: listed(&found),
        verdict: VerdictWord::Warn,
    });
    required.chain(forbidden).chain(off).collect()
}

/// Where there is none.
const NO_FINDING: &str = "no finding";

fn code(finding: &Finding) -> &str {
    &finding.code
}

fn listed(found: &BTreeSet<&str>) -> String {
    if found.is_empty() { NO_FINDING.to_owned() } else { found.iter().copied().collect::<Vec<_>>().join(", ") }
}

/// RFC 6749 §5.1: a scope that is not named is the one that was asked for.
fn scope(scenario: &Scenario, login: &Login<'_>, asked: &[String]) -> Option<Comparison> {
    if scenario.expect.scope == ScopeExpectation::Any {
        return None;
    }
    let granted = login.run.tokens.as_ref().and_then(|tokens| tokens.scope.clone());
    let is_asked = |word: &str| asked.iter().any(|scope| scope == word);
    let verdict = pass_if(granted.iter().flat_map(|scope| scope.split_whitespace()).all(is_asked));
    Some(Comparison {
        about: about("Scope", login),
        expected: format!("nothing beyond {}", words::of_scopes(asked)),
        received: granted.unwrap_or_else(|| "not named, so as asked for".to_owned()),
        verdict,
    })
}

/// An answer that is only noted is nothing to compare.
fn answer(question: &Question, answers: &Answers) -> Option<Comparison> {
    let wanted = question.expected?;
    let given = answers.get(&question.id).copied();
    Some(Comparison {
        about: question.text.clone(),
        expected: words::yes_or_no(wanted).to_owned(),
        received: given.map_or("not answered yet", words::yes_or_no).to_owned(),
        verdict: match given {
            Some(given) => pass_if(given == wanted),
            None => VerdictWord::Inconclusive,
        },
    })
}

const fn pass_if(held: bool) -> VerdictWord {
    if held { VerdictWord::Pass } else { VerdictWord::Fail }
}

fn about(what: &str, login: &Login<'_>) -> String {
    match login.part {
        Part::Second => format!("{what} of the second login"),
        Part::First => format!("{what} of the first login"),
        Part::Before | Part::Only => what.to_owned(),
    }
}
