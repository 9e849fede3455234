mod refusals;

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::*;
use crate::run::{EndReason, Ending, Finding, Identity, StepKind, StepStatus, TokenSummary};
use crate::{ClientRecordId, Environment, Outcome, Redacted, Run, RunId, Step, WalkId};

fn scenario(id: &str) -> Scenario {
    Plan::find_ready("any").unwrap().scenarios.iter().find(|scenario| scenario.id == id).unwrap().clone()
}

fn ended(reason: EndReason) -> Outcome {
    Outcome::Ended(Ending { reason, sentence: String::new(), next: String::new() })
}

fn run(outcome: Outcome, subject: Option<&str>) -> Run {
    Run {
        id: RunId::new("run"),
        client: ClientRecordId::new("client"),
        client_name: "Client".to_owned(),
        provider: ProviderId::new("chattz"),
        environment: Environment::Sandbox,
        browser: Browser::Embedded,
        meant: None,
        started_at: Timestamp::UNIX_EPOCH,
        duration_ms: None,
        person_ms: None,
        outcome,
        identity: subject.map(|subject| Identity {
            subject: subject.to_owned(),
            display_name: None,
            fields: Vec::new(),
        }),
        tokens: None,
    }
}

fn found(code: &str) -> Step {
    Step {
        kind: StepKind::Callback,
        status: StepStatus::Failed,
        sentence: String::new(),
        duration_us: None,
        waited_for_person: false,
        findings: vec![Finding {
            code: code.to_owned(),
            title: String::new(),
            advice: String::new(),
            field: String::new(),
            expected: Redacted::text(""),
            received: Redacted::text(""),
        }],
        exchanges: Vec::new(),
        pages: Vec::new(),
    }
}

/// Judges a scenario by logins of which each has a part, a run and steps.
fn judged(scenario: &Scenario, logins: &[(Part, Run, Vec<Step>)], answers: &[(&str, bool)]) -> MachineVerdict {
    with_evidence(logins, answers, |evidence| judge(scenario, evidence))
}

/// Whether a scenario waits for answers alone.
fn waits(scenario: &Scenario, logins: &[(Part, Run, Vec<Step>)], answers: &[(&str, bool)]) -> bool {
    with_evidence(logins, answers, |evidence| awaits_answers(scenario, evidence))
}

fn with_evidence<T>(
    logins: &[(Part, Run, Vec<Step>)],
    answers: &[(&str, bool)],
    look: impl FnOnce(&Evidence<'_>) -> T,
) -> T {
    let logins: Vec<_> = logins.iter().map(|(part, run, steps)| Login { part: *part, run, steps }).collect();
    let answers = answers.iter().map(|(question, yes)| ((*question).to_owned(), *yes)).collect();
    let asked = ["openid".to_owned()];
    look(&Evidence { logins: &logins, expected_subject: Some("theo"), asked_scopes: &asked, answers: &answers })
}

fn only(outcome: Outcome, subject: Option<&str>) -> Vec<(Part, Run, Vec<Step>)> {
    vec![(Part::Only, run(outcome, subject), Vec::new())]
}

const LOGGED_IN: Outcome = Outcome::LoggedIn { findings: 0 };

#[test]
fn there_is_a_ready_plan_for_each_provider_and_one_for_any_other() {
    let ids: Vec<_> = Plan::ready().iter().map(|plan| plan.id.as_str()).collect();
    assert_eq!(ids, ["chattr", "chattz", "chaster", "gitter", "contentdb", "any"]);
    assert_eq!(Plan::ready_for(&ProviderId::new("gitter")).unwrap().id, "gitter");
    assert_eq!(Plan::ready_for(&ProviderId::new("my-own")).unwrap().id, "any");
}

#[test]
fn every_ready_plan_has_all_sixteen_scenarios_and_says_why_one_does_not_apply() {
    // Not in the same order: at ContentDB an approval without a token comes after what needs the last one.
    let ids_of = |plan: &Plan| plan.scenarios.iter().map(|one| one.id.clone()).collect::<BTreeSet<_>>();
    let all = ids_of(Plan::find_ready("any").unwrap());
    assert_eq!(all.len(), 16);
    for plan in Plan::ready() {
        assert_eq!((ids_of(plan), plan.scenarios.len()), (all.clone(), 16), "{}", plan.id);
        for scenario in &plan.scenarios {
            let sentences = scenario.not_applicable.iter().chain([&scenario.instruction]);
            assert!(sentences.clone().all(|text| text.ends_with('.')), "{} {}", plan.id, scenario.id);
            assert!(!scenario.records.is_empty(), "{} {}", plan.id, scenario.id);
        }
    }
}

#[test]
fn an_instruction_is_written_with_the_names_of_those_it_is_about() {
    let names = Names { provider: "Chattz", client: Some("Forum"), person: Some("QA-1"), other: Some("QA-2") };
    assert_eq!(scenario("wrong_account").instruction_for(&names), "Sign in as QA-2, not as QA-1, and approve.");
    for plan in Plan::ready() {
        for scenario in &plan.scenarios {
            assert!(!scenario.instruction_for(&names).contains('{'), "{} {}", plan.id, scenario.id);
        }
    }
}

#[test]
fn the_text_of_a_ready_plan_under_another_name_is_the_same_plan() {
    for plan in Plan::ready() {
        let text = Plan::text_renamed(Plan::ready_text(&plan.id).unwrap(), "mine", "It's \"mine\"");
        let again = Plan::from_toml(&text).unwrap();
        assert_eq!((again.id.as_str(), again.title.as_str()), ("mine", "It's \"mine\""));
        assert_eq!(again.scenarios, plan.scenarios);
    }
}

#[test]
fn every_mistake_in_a_plan_names_its_field_and_line() {
    let text = "id = \"Mine\"\ntitle = \"Mine\"\nabout = \"\"\n\
        [[scenario]]\nuse = \"aprove\"\n\
        [[scenario]]\nuse = \"deny\"\nexpect = { outcomes = [\"refused\"] }\n\
        [[scenario]]\nid = \"own\"\ntitle = \"Own\"\n\
        [[scenario]]\nuse = \"cancel\"\nbrowsr = \"paste\"\n\
        [[scenario]]\nuse = \"expired_code\"\npreparation = { kind = \"hold_code\", seconds = 0 }\n\
        [[scenario]]\nuse = \"approve\"\n[[scenario]]\nuse = \"approve\"\n";
    let problems = Plan::from_toml(text).unwrap_err();
    let places: Vec<_> = problems.iter().map(|problem| (problem.path.as_str(), problem.line)).collect();
    assert_eq!(
        places,
        [
            ("id", Some(1)),
            ("scenario[0].use", Some(5)),
            ("scenario[1].expect.outcomes[0]", Some(8)),
            ("scenario[2].instruction", Some(9)),
            ("scenario[2].expect", Some(9)),
            ("scenario[3].browsr", Some(14)),
            ("scenario[4].preparation.seconds", Some(17)),
            ("scenario[6].id", Some(20)),
        ],
        "{problems:#?}"
    );
    assert_eq!(problems[1].hint.as_deref(), Some("Did you mean approve?"));
    assert_eq!(problems[5].hint.as_deref(), Some("Did you mean browser?"));
}

#[test]
fn a_scenario_that_is_there_twice_is_named() {
    let text = "id = \"mine\"\ntitle = \"Mine\"\nabout = \"\"\n[[scenario]]\nuse = \"approve\"\n[[scenario]]\nuse = \"approve\"\n";
    let problems = Plan::from_toml(text).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!((problems[0].path.as_str(), problems[0].found.as_str()), ("scenario[1].id", "\"approve\""));
    let broken = Plan::from_toml("id = \"mine").unwrap_err();
    assert_eq!((broken.len(), broken[0].line), (1, Some(1)));
    let empty = Plan::from_toml("id = \"mine\"\ntitle = \"Mine\"\nabout = \"\"\n").unwrap_err();
    assert_eq!(empty[0].path, "scenario");
}

#[test]
fn what_was_expected_passes_and_says_what_came() {
    let verdict = judged(&scenario("approve"), &only(LOGGED_IN, Some("theo")), &[]);
    assert_eq!((verdict.verdict, verdict.sentence.as_str()), (Verdict::Pass, "As expected: logged in."));
    let about: Vec<_> = verdict.comparisons.iter().map(|one| one.about.as_str()).collect();
    assert_eq!(about, ["Ending", "Identity"]);
}

#[test]
fn another_ending_fails_and_says_both() {
    let verdict = judged(&scenario("approve"), &only(ended(EndReason::TokenRefused), None), &[]);
    assert_eq!(verdict.verdict, Verdict::Fail);
    assert_eq!(verdict.sentence, "Ending: expected logged in, received the code was refused.");
}

#[test]
fn an_odd_ending_warns() {
    let verdict = judged(&scenario("deny"), &only(ended(EndReason::Cancelled), None), &[]);
    assert_eq!(verdict.verdict, Verdict::Warn);
}

#[test]
fn an_ending_that_says_nothing_about_the_provider_is_inconclusive() {
    for reason in [EndReason::Stopped, EndReason::WindowClosed, EndReason::TimedOut, EndReason::ListenerFailed] {
        let verdict = judged(&scenario("approve"), &only(ended(reason), None), &[]);
        assert_eq!(verdict.verdict.word(), VerdictWord::Inconclusive, "{reason:?}");
    }
    let verdict = judged(&scenario("close_window"), &only(ended(EndReason::WindowClosed), None), &[]);
    assert_eq!(verdict.verdict, Verdict::Pass, "where the window is to be closed it says what it should");
}

#[test]
fn the_wrong_person_fails_where_the_right_one_was_expected_and_passes_where_not() {
    let approved = judged(&scenario("approve"), &only(LOGGED_IN, Some("tara")), &[]);
    assert_eq!(approved.sentence, "Identity: expected theo, received tara.");
    let wrong = |subject| judged(&scenario("wrong_account"), &only(ended(EndReason::WrongPerson), Some(subject)), &[]);
    assert_eq!(wrong("tara").verdict, Verdict::Pass);
    assert_eq!(wrong("theo").verdict, Verdict::Fail);
}

#[test]
fn without_an_expected_identity_a_wrong_account_cannot_be_told() {
    let (run, answers) = (run(ended(EndReason::WrongPerson), Some("tara")), Answers::new());
    let logins = [Login { part: Part::Only, run: &run, steps: &[] }];
    let evidence = Evidence { logins: &logins, expected_subject: None, asked_scopes: &[], answers: &answers };
    let verdict = judge(&scenario("wrong_account"), &evidence);
    assert_eq!(verdict.verdict.word(), VerdictWord::Inconclusive);
}

#[test]
fn a_finding_that_has_to_be_there_is_looked_for() {
    let rejected = |step| vec![(Part::Only, run(ended(EndReason::CallbackRejected), None), vec![step])];
    let held = judged(&scenario("tampered_state"), &rejected(found("state_mismatch")), &[]);
    assert_eq!(held.verdict, Verdict::Pass);
    let missing = judged(&scenario("tampered_state"), &rejected(found("state_missing")), &[]);
    assert_eq!(missing.sentence, "Finding: expected state_mismatch, received state_missing.");
}

#[test]
fn a_finding_that_must_not_be_there_fails_and_any_finding_can_be_worth_a_warning() {
    let mut strict = scenario("approve");
    strict.expect.forbidden_findings = vec!["cache_allowed".to_owned()];
    strict.expect.nothing_off = true;
    let with = |code| judged(&strict, &[(Part::Only, run(LOGGED_IN, Some("theo")), vec![found(code)])], &[]);
    assert_eq!(with("cache_allowed").verdict, Verdict::Fail);
    assert_eq!(with("token_type_odd").verdict, Verdict::Warn);
}

#[test]
fn a_scope_nobody_asked_for_fails() {
    let granted = |scope: Option<&str>| {
        let mut one = run(LOGGED_IN, Some("theo"));
        one.tokens = Some(TokenSummary { scope: scope.map(str::to_owned), ..TokenSummary::default() });
        judged(&scenario("scope_reduced"), &[(Part::Only, one, Vec::new())], &[]).verdict
    };
    assert_eq!(granted(Some("openid")), Verdict::Pass);
    assert_eq!(granted(None), Verdict::Pass, "RFC 6749 §5.1");
    assert_eq!(granted(Some("openid email")), Verdict::Fail);
}

#[test]
fn an_answer_counts_and_one_that_is_missing_leaves_it_open() {
    let remembered = scenario("already_signed_in");
    let logins = [Part::Before, Part::Only].map(|part| (part, run(LOGGED_IN, Some("theo")), Vec::new()));
    let open = judged(&remembered, &logins, &[]);
    assert_eq!(open.verdict.word(), VerdictWord::Inconclusive);
    assert!(waits(&remembered, &logins, &[]));
    assert!(!waits(&remembered, &logins, &[("signed_in_again", false)]));
    let failed = [
        (Part::Before, run(LOGGED_IN, Some("theo")), Vec::new()),
        (Part::Only, run(ended(EndReason::Denied), None), Vec::new()),
    ];
    assert!(!waits(&remembered, &failed, &[]), "the answer would change nothing");
    assert!(!waits(&remembered, &failed[1..], &[]));
    assert_eq!(judged(&remembered, &logins, &[("signed_in_again", false)]).verdict, Verdict::Pass);
    let again = judged(&remembered, &logins, &[("signed_in_again", true)]);
    assert_eq!(again.sentence, "At the second login, did you have to sign in again? Expected no, received yes.");
}

#[test]
fn a_login_before_that_failed_is_no_ground_to_judge_on() {
    let logins = [(Part::Before, run(ended(EndReason::Denied), None), Vec::new())];
    let verdict = judged(&scenario("already_signed_in"), &logins, &[("signed_in_again", false)]);
    assert_eq!(verdict.verdict.word(), VerdictWord::Inconclusive);
    assert!(verdict.sentence.contains("consent denied"), "{}", verdict.sentence);
}

#[test]
fn of_two_logins_at_once_each_has_to_end_as_it_should() {
    let second = |outcome| {
        let logins = [
            (Part::First, run(LOGGED_IN, Some("theo")), Vec::new()),
            (Part::Second, run(outcome, Some("theo")), Vec::new()),
        ];
        judged(&scenario("second_login"), &logins, &[])
    };
    assert_eq!(second(LOGGED_IN).verdict, Verdict::Pass);
    let mixed = second(ended(EndReason::CallbackRejected));
    assert!(mixed.sentence.starts_with("Ending of the second login: expected logged in"), "{}", mixed.sentence);
}

#[test]
fn what_does_not_apply_is_never_judged_otherwise() {
    let plan = Plan::find_ready("contentdb").unwrap();
    let deny = plan.scenarios.iter().find(|scenario| scenario.id == "deny").unwrap();
    assert_eq!(judged(deny, &only(LOGGED_IN, None), &[]).verdict.word(), VerdictWord::NotApplicable);
}

fn walk() -> Walk {
    let plan = Plan::find_ready("contentdb").unwrap().clone();
    let wanted: BTreeSet<&str> = ["approve", "deny", "cancel"].into();
    let begin =
        |one: &Scenario| ScenarioProgress::beginning(one, wanted.contains(one.id.as_str()), Timestamp::UNIX_EPOCH);
    let progress = plan.scenarios.iter().map(begin).collect();
    Walk {
        id: WalkId::new("walk"),
        plan,
        client: ClientRecordId::new("client"),
        client_name: "Client".to_owned(),
        provider: ProviderId::new("contentdb"),
        environment: Environment::Sandbox,
        test_user: None,
        other_test_user: None,
        browser: Browser::Embedded,
        started_at: Timestamp::UNIX_EPOCH,
        ended_at: None,
        status: WalkStatus::GoingOn,
        progress,
    }
}

#[test]
fn a_walk_begins_with_verdicts_on_what_does_not_apply_and_was_not_chosen() {
    let walk = walk();
    let word = |id| walk.progress_of(id).unwrap().machine.as_ref().map(|machine| machine.verdict.word());
    assert_eq!(word("approve"), None);
    assert_eq!(word("deny"), Some(VerdictWord::NotApplicable));
    assert_eq!(word("tampered_state"), Some(VerdictWord::Skipped));
    assert_eq!(walk.current().unwrap().scenario, "approve");
}

#[test]
fn a_walk_says_whether_the_person_or_the_machine_is_waited_for() {
    let mut walk = walk();
    let waits = |walk: &Walk, id: &str, at| walk.waits_for(walk.progress_of(id).unwrap(), at, "Press Cancel.");
    assert_eq!(waits(&walk, "approve", None).0, WaitsFor::Person);
    assert_eq!(waits(&walk, "cancel", None).0, WaitsFor::Nobody, "its turn comes later");
    walk.progress[0].begin(Timestamp::UNIX_EPOCH);
    assert_eq!(waits(&walk, "approve", Some(Waiting::OnPages)), (WaitsFor::Person, "Press Cancel.".to_owned()));
    assert_eq!(waits(&walk, "approve", Some(Waiting::HoldingCode)).0, WaitsFor::Machine);
    assert_eq!(waits(&walk, "approve", Some(Waiting::AtWork)).0, WaitsFor::Machine);
    walk.progress[0].stage = Stage::Asking;
    assert_eq!(waits(&walk, "approve", None).0, WaitsFor::Person);
    walk.status = WalkStatus::Paused;
    assert_eq!(waits(&walk, "approve", None).0, WaitsFor::Nobody);
}

#[test]
fn walking_a_scenario_again_forgets_what_was_found_and_keeps_the_notes() {
    let mut walk = walk();
    let progress = &mut walk.progress[0];
    progress.notes = "The logo is missing.".to_owned();
    progress.conclude(MachineVerdict::inconclusive("It was stopped."), Timestamp::UNIX_EPOCH);
    progress.begin(Timestamp::UNIX_EPOCH);
    assert_eq!(
        (progress.stage, &progress.machine, progress.notes.as_str()),
        (Stage::GoingOn, &None, "The logo is missing.")
    );
    progress.put_back();
    assert_eq!((progress.stage, progress.started_at), (Stage::Open, None));
    assert!(!walk.is_complete());
}

#[test]
fn a_beginning_that_is_taken_back_leaves_what_was_found_earlier() {
    let mut progress = walk().progress[0].clone();
    progress.answers.insert("signed_in_again".to_owned(), true);
    progress.runs.push(ScenarioRun { run: RunId::new("run"), part: Part::Only });
    progress.conclude(MachineVerdict::inconclusive("It was stopped."), Timestamp::UNIX_EPOCH);
    let (earlier, begun) = (progress.clone(), Timestamp::MAX);
    progress.begin(begun);
    assert!(progress.goes_on_since(begun) && !progress.goes_on_since(Timestamp::UNIX_EPOCH));
    progress.notes = "The keyring was locked.".to_owned();
    progress.take_back(earlier.clone());
    assert_eq!(progress, ScenarioProgress { notes: "The keyring was locked.".to_owned(), ..earlier });
    assert!(!progress.goes_on_since(begun));
}
