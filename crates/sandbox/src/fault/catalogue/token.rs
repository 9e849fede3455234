//! TK: the token endpoint's answers.

use super::{Family, FaultDefinition, FaultEndpoint, Opportunity, fault};

const fn row(id: &'static str, opportunity: Opportunity, sentence: &'static str) -> FaultDefinition {
    fault(Family::Token, id, FaultEndpoint::Token, opportunity, sentence)
}

pub(super) static FAULTS: &[FaultDefinition] = &[];
