//! Every variant of every fault of the code flow, at every twin where the catalogue says that it can happen.

use gatewright_sandbox::{AppForm, FaultDefinition, FaultEndpoint, FaultRule, Twin, fault_catalogue};

use super::stage::Stage;
use crate::browser::{CALLBACK, Callback};

/// What the catalogue's rows leave to the twins: a member that a twin never sends cannot be missing, and nobody is mixed up with himself.
/// AZ-06 needs two people at once, AZ-35 and AZ-36 somebody who is signed in, AZ-38 a login without a state, TK-40 a client that speaks TLS;
/// they have tests of their own.
fn cannot_happen(fault: &str, variant: &str, twin: Twin) -> bool {
    match (fault, variant) {
        ("AZ-06" | "AZ-35" | "AZ-36" | "AZ-38" | "TK-40", _) => true,
        ("AZ-32", other) => other == twin.id(),
        ("TK-19", "missing") => twin != Twin::Chaster,
        ("TK-17", "missing") => matches!(twin, Twin::Gitter | Twin::ContentDb),
        ("TK-18", "missing") => matches!(twin, Twin::Chattz | Twin::ContentDb),
        _ => false,
    }
}

/// One login as far as the faulty endpoint; the answer itself is not waited for, because some never come.
async fn walk(stage: &Stage, definition: &FaultDefinition, rule: FaultRule) {
    let scope = if definition.id == "TK-33" { "openid" } else { "profile" };
    let scope = if stage.login.twin == Twin::ContentDb { "public" } else { scope };
    let authorize = |state: &str| stage.client.get(stage.login.authorize(&[("state", state), ("scope", scope)]));
    let request = if definition.endpoint == FaultEndpoint::Authorization {
        stage.set_rule(rule);
        if definition.id == "AZ-05" {
            authorize("an-earlier-login").send().await.unwrap();
        }
        authorize("this-login")
    } else {
        stage.login.sandbox.clear_faults();
        let callback = authorize("this-login").send().await.unwrap();
        let code = Callback(super::stage::location(&callback).parse().unwrap()).code();
        stage.set_rule(rule);
        stage.token_request(&code)
    };
    let mut log = stage.login.sandbox.subscribe();
    let request = tokio::spawn(request.send());
    log.recv().await.unwrap();
    request.abort();
}

#[tokio::test]
async fn every_variant_of_every_fault_really_happens() {
    for twin in Twin::ALL {
        let stage = Stage::at(twin).await;
        for other in Twin::ALL.into_iter().filter(|other| *other != twin) {
            let form = AppForm { name: "Elsewhere".into(), redirect_uris: vec![CALLBACK.into()] };
            stage.login.sandbox.create_app(other, "olivia", form).await.unwrap();
        }
        let of_the_code_flow = |it: &&FaultDefinition| it.id.starts_with("AZ") || it.id.starts_with("TK");
        for definition in fault_catalogue().filter(of_the_code_flow).filter(|it| it.twins.contains(&twin)) {
            let variants = if definition.variants.is_empty() { &[""] } else { definition.variants };
            for variant in variants.iter().filter(|variant| !cannot_happen(definition.id, variant, twin)) {
                let before = stage.injected().len();
                let rule = FaultRule { delay_ms: definition.delay_ms.map(|_| 1), ..stage.rule(definition.id, variant) };
                walk(&stage, definition, rule).await;
                let expected = format!("{}:{variant}", definition.id);
                // AZ-05 takes two logins, and either may find an earlier one.
                let since = stage.injected().split_off(before);
                assert!(!since.is_empty(), "{expected} did not happen at {}", twin.name());
                assert!(since.iter().all(|fault| *fault == expected), "{since:?} at {}", twin.name());
            }
        }
    }
}
