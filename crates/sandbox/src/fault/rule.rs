//! Rules: which fault, at which twin, for which client, when.

use std::sync::atomic::{AtomicU32, Ordering};

use serde::{Deserialize, Serialize};

use super::catalogue::{self, FaultDefinition, Opportunity};
use crate::Twin;
use crate::entropy::Entropy;

/// A fault to inject. Several rules can be in force together; they are applied in their order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// The name in the catalogue: "AZ-02".
    pub fault: String,
    /// Which of its variants; the first one when left out.
    #[serde(default)]
    pub variant: Option<String>,
    /// The twin that misbehaves.
    pub twin: Twin,
    /// Only requests of this client (as text, at Chattr too); all clients when left out.
    #[serde(default)]
    pub client_id: Option<String>,
    /// At which of its opportunities.
    #[serde(default)]
    pub when: FaultTiming,
    /// How long a fault that waits does so, in milliseconds; what the catalogue says when left out.
    #[serde(default)]
    pub delay_ms: Option<u32>,
}

/// At which of its opportunities a fault happens. An opportunity is a request at which it could; they count from 1.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultTiming {
    /// At each.
    #[default]
    Always,
    /// At these.
    Nth(Vec<u32>),
    /// At this many from the beginning.
    First(u32),
    /// At each with this probability between 0 and 1, drawn from the sandbox's own source: repeatable with a seed.
    Probability(f64),
}

impl FaultRule {
    /// A fault's first variant, at each opportunity, for every client.
    pub fn always(fault: impl Into<String>, twin: Twin) -> Self {
        Self { fault: fault.into(), variant: None, twin, client_id: None, when: FaultTiming::Always, delay_ms: None }
    }

    /// The same rule with a variant.
    #[must_use]
    pub fn with_variant(self, variant: impl Into<String>) -> Self {
        Self { variant: Some(variant.into()), ..self }
    }
}

/// A rule that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("fault rule {}: {mistake}", place + 1)]
pub struct FaultRuleError {
    /// The rule's position in the list, counted from 0.
    pub place: usize,
    /// What is wrong with it.
    pub mistake: FaultRuleMistake,
}

/// What is wrong with a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultRuleMistake {
    /// The catalogue has no such fault.
    #[error("there is no fault “{0}”; the catalogue lists them all")]
    UnknownFault(String),
    /// The fault has no such variant.
    #[error("{fault} has no variant “{variant}”; {}", variants(known))]
    UnknownVariant {
        /// The fault.
        fault: &'static str,
        /// What was asked for.
        variant: String,
        /// What there is.
        known: &'static [&'static str],
    },
    /// The fault does not exist at this twin.
    #[error("{fault} cannot happen at {}; it can at {}", twin.name(), names(possible))]
    ImpossibleAtTwin {
        /// The fault.
        fault: &'static str,
        /// The twin that was asked for.
        twin: Twin,
        /// The twins where it can.
        possible: &'static [Twin],
    },
    /// The sandbox was started without this twin.
    #[error("the sandbox was started without {}", .0.name())]
    TwinOff(Twin),
    /// `nth` is empty or has a zero, or `first` is zero: the fault would never happen.
    #[error("opportunities are counted from 1, and at least one is needed")]
    Never,
    /// The probability is none.
    #[error("a probability is a number above 0 and at most 1")]
    NoProbability,
    /// The fault happens before anybody has said which client asks.
    #[error("{0} happens before anybody has said which client asks, so it cannot be for one alone")]
    NoClient(&'static str),
    /// The fault does not wait.
    #[error("{0} does not wait, so there is no delay to set")]
    NoDelay(&'static str),
}

impl FaultRuleMistake {
    /// The field of the rule that is wrong.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::UnknownFault(_) => "fault",
            Self::UnknownVariant { .. } => "variant",
            Self::ImpossibleAtTwin { .. } | Self::TwinOff(_) => "twin",
            Self::Never | Self::NoProbability => "when",
            Self::NoClient(_) => "client_id",
            Self::NoDelay(_) => "delay_ms",
        }
    }
}

fn variants(known: &[&str]) -> String {
    if known.is_empty() { "it has none".to_owned() } else { format!("it has {}", known.join(", ")) }
}

fn names(twins: &[Twin]) -> String {
    twins.iter().map(|twin| twin.name()).collect::<Vec<_>>().join(", ")
}

/// A rule in force.
pub(crate) struct ActiveRule {
    pub(super) rule: FaultRule,
    pub(super) definition: &'static FaultDefinition,
    /// The variant's name; empty for a fault that has none.
    pub(super) variant: &'static str,
    opportunities: AtomicU32,
}

impl ActiveRule {
    /// The rule when the catalogue knows what it asks for.
    pub(super) fn check(rule: FaultRule, twins: &[Twin]) -> Result<Self, FaultRuleMistake> {
        let definition =
            catalogue::find(&rule.fault).ok_or_else(|| FaultRuleMistake::UnknownFault(rule.fault.clone()))?;
        let variant = match &rule.variant {
            None => definition.variants.first().copied().unwrap_or_default(),
            Some(wanted) => definition.variants.iter().find(|known| *known == wanted).copied().ok_or_else(|| {
                FaultRuleMistake::UnknownVariant {
                    fault: definition.id,
                    variant: wanted.clone(),
                    known: definition.variants,
                }
            })?,
        };
        if !definition.twins.contains(&rule.twin) {
            let (fault, possible) = (definition.id, definition.twins);
            return Err(FaultRuleMistake::ImpossibleAtTwin { fault, twin: rule.twin, possible });
        }
        if !twins.contains(&rule.twin) {
            return Err(FaultRuleMistake::TwinOff(rule.twin));
        }
        match &rule.when {
            FaultTiming::First(0) => return Err(FaultRuleMistake::Never),
            FaultTiming::Nth(numbers) if numbers.is_empty() || numbers.contains(&0) => {
                return Err(FaultRuleMistake::Never);
            }
            FaultTiming::Probability(share) if !(*share > 0.0 && *share <= 1.0) => {
                return Err(FaultRuleMistake::NoProbability);
            }
            _ => {}
        }
        if rule.client_id.is_some() && definition.opportunity == Opportunity::Handshake {
            return Err(FaultRuleMistake::NoClient(definition.id));
        }
        if rule.delay_ms.is_some() && definition.delay_ms.is_none() {
            return Err(FaultRuleMistake::NoDelay(definition.id));
        }
        Ok(Self { rule, definition, variant, opportunities: AtomicU32::new(0) })
    }

    /// Counts an opportunity; says whether the fault happens at it.
    pub(super) fn takes_opportunity(&self, entropy: &Entropy) -> bool {
        let number = self.opportunities.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        match &self.rule.when {
            FaultTiming::Always => true,
            FaultTiming::Nth(numbers) => numbers.contains(&number),
            FaultTiming::First(last) => number <= *last,
            FaultTiming::Probability(share) => entropy.fraction() < *share,
        }
    }

    /// How many opportunities there have been.
    pub(super) fn opportunities(&self) -> u32 {
        self.opportunities.load(Ordering::Relaxed)
    }

    /// How long to wait, in milliseconds.
    pub(super) fn delay_ms(&self) -> u32 {
        self.rule.delay_ms.or(self.definition.delay_ms).unwrap_or_default()
    }
}
