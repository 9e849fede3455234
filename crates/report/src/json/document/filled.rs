//! The document's types, filled from a report.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gatewright_model::exchange::{Exchange, Piece, RecordedField, RecordedResponse};
use gatewright_model::run::{Finding, Identity, StepStatus, TokenSummary};
use gatewright_model::{Outcome, Redacted, Step};

use super::{
    AnswerDocument, ComparisonDocument, CountDocument, CoverDocument, ExchangeDocument, FieldDocument, FindingDocument,
    IdentityDocument, MakerDocument, NamedText, PartDocument, PictureDocument, PieceDocument, ResponseDocument,
    RunDocument, ScenarioDocument, StepDocument, StepStatusDocument, TokensDocument, VERSION, WalkDocument,
};
use crate::report::{Cover, Include, Part, Picture, RecordedRun, WalkCover, WalkedScenario};
use crate::wording::{self, Verdict};

impl<'a> CoverDocument<'a> {
    pub(in crate::json) fn of(cover: &'a Cover) -> Self {
        let count = |verdict| cover.contents.iter().filter(|entry| entry.verdict == verdict).count();
        let counts = Verdict::ALL.map(|verdict| CountDocument { verdict, parts: count(verdict) });
        Self {
            schema_version: VERSION,
            title: &cover.title,
            made_at: cover.made_at.to_string(),
            made_by: MakerDocument {
                program: "Gatewright",
                version: &cover.maker.version,
                system: &cover.maker.system,
            },
            verdicts: counts.into_iter().filter(|count| count.parts > 0).collect(),
            walk: cover.walk.as_ref().map(walk),
        }
    }
}

fn walk(walk: &WalkCover) -> WalkDocument<'_> {
    WalkDocument {
        plan: &walk.plan,
        about: &walk.about,
        client: &walk.client,
        provider: &walk.provider,
        environment: wording::environment(walk.environment).0,
        started_at: walk.started_at.to_string(),
        ended_at: walk.ended_at.map(|at| at.to_string()),
        test_user: walk.test_user.as_deref(),
    }
}

impl<'a> PartDocument<'a> {
    pub(in crate::json) fn of(part: &'a Part, include: Include) -> Self {
        let entry = part.entry();
        let (key, title, provider, scenario) = match part {
            Part::Run(run) => (run.run.id.as_str(), &run.run.client_name, &run.provider, None),
            Part::Scenario(one) => {
                (one.entry.key.as_str(), &one.entry.title, &one.entry.provider, Some(self::scenario(one)))
            }
        };
        Self {
            key,
            title,
            verdict: entry.verdict,
            result: entry.words,
            provider,
            environment: wording::environment(entry.environment).0,
            started_at: entry.started_at.map(|at| at.to_string()),
            duration_ms: entry.duration_ms,
            scenario,
            runs: part.runs().iter().map(|recorded| run(recorded, include)).collect(),
        }
    }
}

fn scenario(scenario: &WalkedScenario) -> ScenarioDocument<'_> {
    let comparisons = scenario.comparisons.iter().map(|one| ComparisonDocument {
        about: &one.about,
        expected: &one.expected,
        received: &one.received,
        verdict: one.verdict,
    });
    let answers = scenario.answers.iter().map(|one| AnswerDocument { question: &one.question, yes: one.yes });
    ScenarioDocument {
        instruction: &scenario.instruction,
        expected: &scenario.expected,
        sentence: &scenario.sentence,
        comparisons: comparisons.collect(),
        answers: answers.collect(),
        person: scenario.person,
        notes: &scenario.notes,
    }
}

fn run(recorded: &RecordedRun, include: Include) -> RunDocument<'_> {
    let run = &recorded.run;
    let ending = match &run.outcome {
        Outcome::Ended(ending) => Some(ending),
        Outcome::Running | Outcome::LoggedIn { .. } => None,
    };
    RunDocument {
        id: run.id.as_str(),
        part: recorded.part.as_deref(),
        client: &run.client_name,
        provider: run.provider.as_str(),
        environment: wording::environment(run.environment).0,
        browser: wording::browser(run.browser).0,
        test_user: run.meant.as_ref().map(|meant| meant.name.as_str()),
        started_at: run.started_at.to_string(),
        duration_ms: run.duration_ms,
        person_ms: run.person_ms,
        verdict: Verdict::of_outcome(&run.outcome),
        outcome: wording::outcome_code(&run.outcome),
        sentence: ending.map(|ending| ending.sentence.as_str()),
        next: ending.map(|ending| ending.next.as_str()),
        identity: run.identity.as_ref().map(identity),
        tokens: run.tokens.as_ref().map(tokens),
        steps: recorded.steps.iter().map(|one| step(one, include)).collect(),
        pictures: include.pictures.then(|| recorded.pictures.iter().map(picture).collect()),
    }
}

fn identity(identity: &Identity) -> IdentityDocument<'_> {
    IdentityDocument {
        subject: &identity.subject,
        name: identity.display_name.as_deref(),
        fields: identity.fields.iter().map(|(name, text)| NamedText { name, text }).collect(),
    }
}

fn tokens(tokens: &TokenSummary) -> TokensDocument<'_> {
    TokensDocument {
        issued: &tokens.issued,
        token_type: tokens.token_type.as_deref(),
        expires_in: tokens.expires_in,
        refresh_expires_in: tokens.refresh_expires_in,
        scope: tokens.scope.as_deref(),
    }
}

fn step(step: &Step, include: Include) -> StepDocument<'_> {
    StepDocument {
        kind: wording::step(step.kind).0,
        status: match step.status {
            StepStatus::Running => StepStatusDocument::Running,
            StepStatus::Passed => StepStatusDocument::Passed,
            StepStatus::Warned => StepStatusDocument::Warned,
            StepStatus::Failed => StepStatusDocument::Failed,
        },
        sentence: &step.sentence,
        duration_us: step.duration_us,
        waited_for_person: step.waited_for_person,
        findings: step.findings.iter().map(finding).collect(),
        pages: &step.pages,
        exchanges: include.exchanges.then(|| step.exchanges.iter().map(exchange).collect()),
    }
}

fn finding(finding: &Finding) -> FindingDocument<'_> {
    FindingDocument {
        code: &finding.code,
        title: &finding.title,
        advice: &finding.advice,
        field: &finding.field,
        expected: pieces(&finding.expected),
        received: pieces(&finding.received),
    }
}

fn exchange(exchange: &Exchange) -> ExchangeDocument<'_> {
    let request = &exchange.request;
    ExchangeDocument {
        purpose: wording::exchange(exchange.purpose).0,
        method: &request.method,
        url: &request.url,
        query: fields(&request.query),
        headers: fields(&request.headers),
        encoding: &request.encoding,
        fields: fields(&request.fields),
        response: exchange.response.as_ref().map(response),
        duration_us: exchange.duration_us,
        failure: exchange.failure.as_deref(),
    }
}

fn response(response: &RecordedResponse) -> ResponseDocument<'_> {
    ResponseDocument {
        status: response.status,
        headers: fields(&response.headers),
        body: pieces(&response.body),
        bytes: response.bytes,
        cut: response.cut,
    }
}

fn fields(fields: &[RecordedField]) -> Vec<FieldDocument<'_>> {
    fields.iter().map(|field| FieldDocument { name: &field.name, value: pieces(&field.value) }).collect()
}

fn pieces<'a>(text: &'a Redacted) -> Vec<PieceDocument<'a>> {
    let piece = |piece: &'a Piece| match piece {
        Piece::Text(text) => PieceDocument::Text(text),
        Piece::Reference(reference) => PieceDocument::Reference(reference),
    };
    text.0.iter().map(piece).collect()
}

fn picture(picture: &Picture) -> PictureDocument<'_> {
    PictureDocument {
        caption: &picture.caption,
        address: &picture.address,
        taken_at: picture.taken_at.to_string(),
        png: STANDARD.encode(&picture.png),
    }
}
