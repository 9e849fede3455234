//! The JSON document's types. They are its schema: a member is renamed or removed only together with [`VERSION`].

mod filled;

use serde::Serialize;

use crate::wording::Verdict;

/// The version of the schema.
const VERSION: u32 = 1;

/// Declares types of the document: serialised as they stand, and in tests described as a schema.
macro_rules! document {
    ($( $(#[$doc:meta])* $kind:ident $name:ident $(<$life:lifetime>)? { $($body:tt)* } )+) => {
        $(
            $(#[$doc])*
            #[derive(Serialize)]
            #[cfg_attr(test, derive(schemars::JsonSchema))]
            #[serde(rename_all = "snake_case")]
            pub(super) $kind $name $(<$life>)? { $($body)* }
        )+
    };
}

document! {
    /// A report of Gatewright.
    #[cfg(test)]
    struct Document<'a> {
        /// What the report is about.
        report: CoverDocument<'a>,
        /// What it consists of, in order.
        parts: Vec<PartDocument<'a>>,
    }

    /// What the report is about.
    struct CoverDocument<'a> {
        /// The version of this schema: 1.
        schema_version: u32,
        /// The title.
        title: &'a str,
        /// When the report was made, RFC 3339 in UTC.
        made_at: String,
        /// What made it.
        made_by: MakerDocument<'a>,
        /// How many parts have which verdict; verdicts that no part has are left out.
        verdicts: Vec<CountDocument>,
        /// The walk, when the report is about one.
        walk: Option<WalkDocument<'a>>,
    }

    /// The program that made the report.
    struct MakerDocument<'a> {
        /// `Gatewright`.
        program: &'static str,
        /// Its version.
        version: &'a str,
        /// The operating system and the processor.
        system: &'a str,
    }

    /// How many parts have a verdict.
    struct CountDocument {
        /// The verdict.
        verdict: Verdict,
        /// How many parts have it.
        parts: usize,
    }

    /// A consent walk.
    struct WalkDocument<'a> {
        /// The plan's title.
        plan: &'a str,
        /// What the plan is about.
        about: &'a str,
        /// The client's name.
        client: &'a str,
        /// The provider's name.
        provider: &'a str,
        /// `production` or `sandbox`.
        environment: &'static str,
        /// When it was begun, RFC 3339 in UTC.
        started_at: String,
        /// When the last verdict came, RFC 3339 in UTC.
        ended_at: Option<String>,
        /// The test user who walked.
        test_user: Option<&'a str>,
    }

    /// One part of the report.
    struct PartDocument<'a> {
        /// The run's id, or the scenario's id in the plan.
        key: &'a str,
        /// The client's name, or the scenario's title.
        title: &'a str,
        /// What came of it; for a scenario what the machine found.
        verdict: Verdict,
        /// The same in a few words.
        result: String,
        /// The provider's name.
        provider: &'a str,
        /// `production` or `sandbox`.
        environment: &'static str,
        /// When it started, RFC 3339 in UTC.
        started_at: Option<String>,
        /// How long it took, in milliseconds.
        duration_ms: Option<u64>,
        /// What was asked of the person and what was found, when the part is a scenario of a walk.
        scenario: Option<ScenarioDocument<'a>>,
        /// The logins: one, or as many as the scenario took.
        runs: Vec<RunDocument<'a>>,
    }

    /// A scenario of a walk.
    struct ScenarioDocument<'a> {
        /// What the person was told to do.
        instruction: &'a str,
        /// What should happen.
        expected: &'a [String],
        /// What did happen, or why nothing did.
        sentence: &'a str,
        /// What was compared.
        comparisons: Vec<ComparisonDocument<'a>>,
        /// What the person was asked afterwards.
        answers: Vec<AnswerDocument<'a>>,
        /// What the person found.
        person: Option<Verdict>,
        /// What the person noted.
        notes: &'a str,
    }

    /// One thing that was expected, beside what came.
    struct ComparisonDocument<'a> {
        /// What it is about.
        about: &'a str,
        /// What should have been.
        expected: &'a str,
        /// What was.
        received: &'a str,
        /// Whether that is the same.
        verdict: Verdict,
    }

    /// A question to the person.
    struct AnswerDocument<'a> {
        /// The question.
        question: &'a str,
        /// The answer; null when there is none.
        yes: Option<bool>,
    }

    /// One login.
    struct RunDocument<'a> {
        /// Its id.
        id: &'a str,
        /// Its part in the scenario.
        part: Option<&'a str>,
        /// The client's name at the time.
        client: &'a str,
        /// The provider's id.
        provider: &'a str,
        /// `production` or `sandbox`.
        environment: &'static str,
        /// `embedded`, `system` or `paste`.
        browser: &'static str,
        /// The test user it was started for.
        test_user: Option<&'a str>,
        /// When it started, RFC 3339 in UTC.
        started_at: String,
        /// How long it took, in milliseconds.
        duration_ms: Option<u64>,
        /// Of which waiting for the person, in milliseconds.
        person_ms: Option<u64>,
        /// How it stands.
        verdict: Verdict,
        /// `running`, `logged_in`, or the reason it ended.
        outcome: &'static str,
        /// What happened, in one sentence.
        sentence: Option<&'a str>,
        /// What to do next, in one sentence.
        next: Option<&'a str>,
        /// Who logged in.
        identity: Option<IdentityDocument<'a>>,
        /// What was issued, without values.
        tokens: Option<TokensDocument<'a>>,
        /// The steps, in order.
        steps: Vec<StepDocument<'a>>,
        /// Pictures of the pages; left out unless they were asked for.
        #[serde(skip_serializing_if = "Option::is_none")]
        pictures: Option<Vec<PictureDocument<'a>>>,
    }

    /// Who logged in.
    struct IdentityDocument<'a> {
        /// The provider's identifier of the person.
        subject: &'a str,
        /// The name to show.
        name: Option<&'a str>,
        /// Every field of the identity, in the order of arrival.
        fields: Vec<NamedText<'a>>,
    }

    /// A name with its text.
    struct NamedText<'a> {
        /// The name.
        name: &'a str,
        /// The text.
        text: &'a str,
    }

    /// What was issued, without values.
    struct TokensDocument<'a> {
        /// `access_token`, `refresh_token`, `id_token`.
        issued: &'a [String],
        /// As the server wrote it.
        token_type: Option<&'a str>,
        /// Seconds the access token lives.
        expires_in: Option<u64>,
        /// Seconds the refresh token lives.
        refresh_expires_in: Option<u64>,
        /// As the server wrote it.
        scope: Option<&'a str>,
    }

    /// One step of a login.
    struct StepDocument<'a> {
        /// `authorization_request`, `pages`, `callback`, `token_request` …
        kind: &'static str,
        /// `running`, `passed`, `warned` or `failed`.
        status: StepStatusDocument,
        /// What happened, in one sentence.
        sentence: &'a str,
        /// How long it took, in microseconds.
        duration_us: Option<u64>,
        /// Whether that time was the person's.
        waited_for_person: bool,
        /// What was off.
        findings: Vec<FindingDocument<'a>>,
        /// The addresses of pages seen, without query.
        pages: &'a [String],
        /// The requests; left out unless they were asked for.
        #[serde(skip_serializing_if = "Option::is_none")]
        exchanges: Option<Vec<ExchangeDocument<'a>>>,
    }

    /// How a step stands.
    enum StepStatusDocument {
        /// Going on.
        Running,
        /// As it should be.
        Passed,
        /// Done, but something was off.
        Warned,
        /// The login ended here.
        Failed,
    }

    /// Something that was off.
    struct FindingDocument<'a> {
        /// A stable code.
        code: &'a str,
        /// What it is about.
        title: &'a str,
        /// Why it matters and what to do.
        advice: &'a str,
        /// The field it is about.
        field: &'a str,
        /// What should have been there.
        expected: Vec<PieceDocument<'a>>,
        /// What was there.
        received: Vec<PieceDocument<'a>>,
    }

    /// A piece of recorded text.
    enum PieceDocument<'a> {
        /// As it was.
        Text(&'a str),
        /// Stands for a secret: `secret:v3`, `code#1`, `token#2`.
        Reference(&'a str),
    }

    /// One HTTP request with its response.
    struct ExchangeDocument<'a> {
        /// `authorization`, `token`, `identity` …
        purpose: &'static str,
        /// `GET`, `POST` …
        method: &'a str,
        /// The URL without its query.
        url: &'a str,
        /// Query parameters.
        query: Vec<FieldDocument<'a>>,
        /// Header fields of the request.
        headers: Vec<FieldDocument<'a>>,
        /// How the body is written: `form`, `json`, `multipart`, or empty.
        encoding: &'a str,
        /// Body fields.
        fields: Vec<FieldDocument<'a>>,
        /// The response, when one came.
        response: Option<ResponseDocument<'a>>,
        /// From sending to the last byte, in microseconds.
        duration_us: u64,
        /// Why there is no response.
        failure: Option<&'a str>,
    }

    /// A named value of a request or response.
    struct FieldDocument<'a> {
        /// Its name on the wire.
        name: &'a str,
        /// Its value.
        value: Vec<PieceDocument<'a>>,
    }

    /// A recorded response.
    struct ResponseDocument<'a> {
        /// The status code; 0 for a callback, which is a navigation and has none.
        status: u16,
        /// Header fields.
        headers: Vec<FieldDocument<'a>>,
        /// The body; JSON is laid out.
        body: Vec<PieceDocument<'a>>,
        /// Bytes of the body as it arrived.
        bytes: u64,
        /// The body was longer than the limit and is cut.
        cut: bool,
    }

    /// A picture of a page.
    struct PictureDocument<'a> {
        /// What it shows.
        caption: &'a str,
        /// The address of the page, without its query.
        address: &'a str,
        /// When it was taken, RFC 3339 in UTC.
        taken_at: String,
        /// A PNG file in base64.
        png: String,
    }
}
