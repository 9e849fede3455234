//! Proving a secret without a login, against servers that answer as the real ones do (servers.md).

use std::time::Duration;

use gatewright_engine::grant::GrantPlan;
use gatewright_engine::login::ClientSecret;
use gatewright_engine::probe::{ProbeDoubt, ProbeError, ProbeOutcome, ProbePace, ProbePlan, Probed, calibrate, probe};
use gatewright_model::dialect::ClientAuthentication;
use gatewright_model::exchange::ExchangePurpose;
use gatewright_model::run::Step;
use gatewright_protocol::RedirectUri;
use gatewright_protocol::probe::{Calibration, Doubt};
use gatewright_testkit::{Answer, ReceivedRequest};

use crate::registration::nobody;
use crate::stage::*;

/// Status and body.
type Said = (u16, &'static str);

/// How each of the five tells a wrong code from a wrong secret: status and body, for the code and for the secret.
const FIVE: [(&str, Said, Said); 5] = [
    ("chattr", (400, r#"{"error":"unknown code"}"#), (401, r#"{"error":"unknown app"}"#)),
    ("chattz", (400, r#"{"error":"invalid_grant"}"#), (401, r#"{"error":"invalid_client"}"#)),
    (
        "chaster",
        (400, r#"{"error":"invalid_grant","error_description":"Code not valid"}"#),
        (401, r#"{"error":"unauthorized_client","error_description":"Invalid client or Invalid client credentials"}"#),
    ),
    (
        "gitter",
        (403, r#"{"error":"invalid_grant","error_description":"Invalid authorization code"}"#),
        (401, r#"{"error":"server_error","error_description":"Unauthorized"}"#),
    ),
    (
        "contentdb",
        (400, r#"{"error":"Incorrect code. It may have already been redeemed","success":false}"#),
        (400, r#"{"error":"client_id and/or client_secret is incorrect","success":false}"#),
    ),
];

/// Whether the request holds the stage's own secret, in a form, in JSON or in multipart.
fn is_right(request: &ReceivedRequest) -> bool {
    let secret = gatewright_testkit::Canary::new("secret");
    request.body.contains(secret.as_str()) || field(request, "client_secret").as_deref() == Some(secret.as_str())
}

/// A server that looks at the secret first.
async fn server(provider: &'static str) -> Stage {
    let (_, code, secret) = *FIVE.iter().find(|(name, ..)| *name == provider).unwrap();
    Stage::at(provider, move |request| {
        let (status, body) = if is_right(request) { code } else { secret };
        Answer::json(status, body)
    })
    .await
}

fn plan(stage: &Stage) -> ProbePlan {
    ProbePlan { client: GrantPlan::from(&stage.plan), redirect_uri: RedirectUri::parse(REDIRECT_URI).unwrap() }
}

fn wrong(stage: &Stage) -> ProbePlan {
    let mut plan = plan(stage);
    let value = gatewright_protocol::Secret::new("a-wrong-secret-0123456789");
    plan.client.client_secret = Some(ClientSecret { value, version: 2 });
    plan
}

/// Turns the clock whenever somebody waits for it.
async fn while_time_passes<T>(stage: &Stage, doing: impl Future<Output = T>) -> T {
    let turning = async {
        loop {
            stage.clock.until_somebody_sleeps().await;
            stage.clock.advance(Duration::from_millis(100));
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        end = doing => end,
        () = turning => unreachable!("it never ends"),
    }
}

async fn calibrated(stage: &Stage, pace: &ProbePace) -> Result<Calibration, ProbeDoubt> {
    let ports = stage.ports(nobody());
    let end = while_time_passes(stage, calibrate(&plan(stage), pace, &ports, &stage.cancel)).await.unwrap();
    assert_clean(stage, &end.step);
    end.outcome
}

async fn probed(
    stage: &Stage,
    plan: &ProbePlan,
    calibration: Option<&Calibration>,
    pace: &ProbePace,
) -> (Probed, Step) {
    let ports = stage.ports(nobody());
    let end = while_time_passes(stage, probe(plan, calibration, pace, &ports, &stage.cancel)).await.unwrap();
    assert_clean(stage, &end.step);
    (end.outcome, end.step)
}

fn assert_clean(stage: &Stage, step: &Step) {
    let record = format!("{} {step:?}", serde_json::to_string(step).unwrap());
    assert_eq!(stage.secret.traces_in(record.as_bytes()), [] as [&str; 0], "{record}");
    assert!(!record.contains("a-wrong-secret"), "{record}");
}

#[tokio::test]
async fn at_each_of_the_five_a_calibrated_proof_tells_a_good_secret_from_a_wrong_one() {
    for (provider, ..) in FIVE {
        let (stage, pace) = (server(provider).await, ProbePace::default());
        let calibration = calibrated(&stage, &pace).await.unwrap();
        let text = serde_json::to_string(&calibration).unwrap();
        assert_eq!(stage.secret.traces_in(text.as_bytes()), [] as [&str; 0], "{text}");
        let (good, step) = probed(&stage, &plan(&stage), Some(&calibration), &pace).await;
        assert_eq!(good.outcome, ProbeOutcome::Accepted, "{provider}");
        assert_eq!((step.exchanges.len(), step.exchanges[0].purpose), (1, ExchangePurpose::SecretProbe));
        let (bad, _) = probed(&stage, &wrong(&stage), Some(&calibration), &pace).await;
        assert_eq!(bad.outcome, ProbeOutcome::Refused, "{provider}");
    }
}

#[tokio::test]
async fn at_each_of_the_five_a_first_proof_tells_a_good_secret_and_makes_a_calibration() {
    for (provider, ..) in FIVE {
        let (stage, pace) = (server(provider).await, ProbePace::default());
        let (good, step) = probed(&stage, &plan(&stage), None, &pace).await;
        assert_eq!((good.outcome, step.exchanges.len()), (ProbeOutcome::Accepted, 3), "{provider}");
        let (bad, _) = probed(&stage, &wrong(&stage), good.calibration.as_ref(), &pace).await;
        assert_eq!(bad.outcome, ProbeOutcome::Refused, "{provider}");
    }
}

#[tokio::test]
async fn a_first_proof_of_a_wrong_secret_is_a_refusal_only_where_the_words_say_so() {
    for (provider, _, (status, _)) in FIVE {
        let (stage, pace) = (server(provider).await, ProbePace::default());
        let (bad, _) = probed(&stage, &wrong(&stage), None, &pace).await;
        let expected = if status == 401 {
            ProbeOutcome::Refused
        } else {
            ProbeOutcome::CannotTell(ProbeDoubt::Answer(Doubt::SameAnswer))
        };
        assert_eq!((bad.outcome, bad.calibration), (expected, None), "{provider}");
    }
}

#[tokio::test]
async fn a_server_that_looks_at_the_code_first_is_said_to_prove_nothing() {
    let stage = Stage::at("chattz", |_| Answer::json(400, r#"{"error":"invalid_grant"}"#)).await;
    let pace = ProbePace::default();
    assert_eq!(calibrated(&stage, &pace).await, Err(ProbeDoubt::Answer(Doubt::SameAnswer)));
    let (found, step) = probed(&stage, &plan(&stage), None, &pace).await;
    assert_eq!(found.outcome, ProbeOutcome::CannotTell(ProbeDoubt::Answer(Doubt::SameAnswer)));
    assert!(step.sentence.contains("looks at the code first"), "{}", step.sentence);
}

#[tokio::test]
async fn requests_are_a_second_apart() {
    let (stage, pace) = (server("chattz").await, ProbePace::default());
    probed(&stage, &plan(&stage), None, &pace).await;
    probed(&stage, &plan(&stage), None, &pace).await;
    assert_eq!(stage.server.requests().len(), 6);
    assert!(stage.clock.elapsed() >= Duration::from_secs(5), "{:?}", stage.clock.elapsed());
}

#[tokio::test]
async fn a_server_that_says_when_to_come_back_is_left_alone_until_then() {
    let stage = Stage::at("chattz", |_| Answer::json(429, "{}").with("retry-after", "30")).await;
    let pace = ProbePace::default();
    let (found, _) = probed(&stage, &plan(&stage), None, &pace).await;
    assert!(matches!(found.outcome, ProbeOutcome::CannotTell(ProbeDoubt::Answer(Doubt::RateLimited(_)))));
    let (found, _) = probed(&stage, &plan(&stage), None, &pace).await;
    assert!(matches!(found.outcome, ProbeOutcome::CannotTell(ProbeDoubt::LeftAlone { .. })), "{:?}", found.outcome);
    assert_eq!(stage.server.requests().len(), 1);
    stage.clock.advance(Duration::from_secs(30));
    probed(&stage, &plan(&stage), None, &pace).await;
    assert_eq!(stage.server.requests().len(), 2);
}

#[tokio::test]
async fn a_fourth_wrong_secret_in_a_row_is_not_sent() {
    let (stage, pace) = (server("chattz").await, ProbePace::default());
    let calibration = calibrated(&stage, &pace).await.unwrap();
    for _ in 0..3 {
        let (found, _) = probed(&stage, &wrong(&stage), Some(&calibration), &pace).await;
        assert_eq!(found.outcome, ProbeOutcome::Refused);
    }
    let sent = stage.server.requests().len();
    let (found, _) = probed(&stage, &plan(&stage), Some(&calibration), &pace).await;
    assert_eq!(found.outcome, ProbeOutcome::CannotTell(ProbeDoubt::TooManyWrong));
    assert_eq!(stage.server.requests().len(), sent);
}

#[tokio::test]
async fn a_client_without_a_shared_secret_cannot_be_proved() {
    let stage = server("chaster").await;
    for authentication in [ClientAuthentication::None, ClientAuthentication::PrivateKeyJwt] {
        let mut plan = plan(&stage);
        plan.client.settings.client_authentication = Some(authentication);
        let ports = stage.ports(nobody());
        let refused = probe(&plan, None, &ProbePace::default(), &ports, &stage.cancel).await;
        assert_eq!(refused.unwrap_err(), ProbeError::NoSharedSecret);
    }
}

#[tokio::test]
async fn a_server_that_takes_the_made_up_code_is_told_and_its_token_in_no_record() {
    let stage = Stage::at("chattz", |_| tokens()).await;
    let (found, step) = probed(&stage, &plan(&stage), None, &ProbePace::default()).await;
    assert_eq!(found.outcome, ProbeOutcome::CannotTell(ProbeDoubt::Answer(Doubt::NonsenseAccepted)));
    assert_eq!(token().traces_in(serde_json::to_string(&step).unwrap().as_bytes()), [] as [&str; 0]);
}
