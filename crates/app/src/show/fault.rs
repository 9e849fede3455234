//! Faults, from the wire and onto it.

use gatewright_contract::Failure;
use gatewright_contract::fault::{
    FaultDefinition as WireDefinition, FaultInjection, FaultRule as WireRule, FaultTiming as WireTiming, Faults,
};
use gatewright_sandbox::{FaultDefinition, FaultEndpoint, FaultRule, FaultTiming, Injection, Twin, fault_catalogue};

use crate::failure;

/// The catalogue, the rules in force, and what happened.
pub(crate) fn faults(rules: &[FaultRule], injections: &[Injection]) -> Faults {
    Faults {
        catalogue: fault_catalogue().map(definition).collect(),
        rules: rules.iter().map(rule).collect(),
        injections: injections.iter().map(injection).collect(),
    }
}

fn definition(definition: &FaultDefinition) -> WireDefinition {
    WireDefinition {
        id: definition.id.to_owned(),
        sentence: definition.sentence.to_owned(),
        endpoint: endpoint(definition.endpoint).to_owned(),
        also: definition.also.map(|also| endpoint(also).to_owned()),
        twins: definition.twins.iter().map(|twin| twin.id().to_owned()).collect(),
        variants: definition.variants.iter().map(|variant| (*variant).to_owned()).collect(),
        wire: definition.wire,
        delay_ms: definition.delay_ms,
    }
}

const fn endpoint(endpoint: FaultEndpoint) -> &'static str {
    match endpoint {
        FaultEndpoint::Authorization => "authorization",
        FaultEndpoint::Token => "token",
        FaultEndpoint::Jwks => "jwks",
        FaultEndpoint::Discovery => "discovery",
        FaultEndpoint::Userinfo => "userinfo",
        FaultEndpoint::Refresh => "refresh",
        FaultEndpoint::Revocation => "revocation",
        FaultEndpoint::Introspection => "introspection",
        FaultEndpoint::Logout => "logout",
    }
}

fn rule(rule: &FaultRule) -> WireRule {
    WireRule {
        fault: rule.fault.clone(),
        variant: rule.variant.clone(),
        twin: rule.twin.id().to_owned(),
        client_id: rule.client_id.clone(),
        when: match &rule.when {
            FaultTiming::Always => WireTiming::Always,
            FaultTiming::Nth(which) => WireTiming::Nth(which.clone()),
            FaultTiming::First(count) => WireTiming::First(*count),
            FaultTiming::Probability(share) => WireTiming::Probability(*share),
        },
        delay_ms: rule.delay_ms,
    }
}

/// A rule as the window sent it; the place is its number in the list.
pub(crate) fn read(place: usize, rule: WireRule) -> Result<FaultRule, Failure> {
    let twin = Twin::from_id(&rule.twin)
        .ok_or_else(|| failure::invalid(&format!("rules.{place}.twin"), "There is no twin of this provider."))?;
    Ok(FaultRule {
        fault: rule.fault,
        variant: rule.variant,
        twin,
        client_id: rule.client_id,
        when: match rule.when {
            WireTiming::Always => FaultTiming::Always,
            WireTiming::Nth(which) => FaultTiming::Nth(which),
            WireTiming::First(count) => FaultTiming::First(count),
            WireTiming::Probability(share) => FaultTiming::Probability(share),
        },
        delay_ms: rule.delay_ms,
    })
}

fn injection(injection: &Injection) -> FaultInjection {
    FaultInjection {
        sequence: u32::try_from(injection.sequence).unwrap_or(u32::MAX),
        at: injection.time.to_string(),
        request_id: injection.request_id.clone(),
        fault: injection.fault.to_owned(),
        variant: injection.variant.map(str::to_owned),
        twin: injection.twin.id().to_owned(),
        endpoint: endpoint(injection.endpoint).to_owned(),
        client_id: injection.client_id.clone(),
    }
}

/// A fault as the request log names it: `AZ-02`, `TK-14:negative`.
pub(crate) fn named(injection: &Injection) -> String {
    match injection.variant {
        Some(variant) => format!("{}:{variant}", injection.fault),
        None => injection.fault.to_owned(),
    }
}
