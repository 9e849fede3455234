//! AZ: the authorization endpoint and the redirect back to the app.

use super::{Family, FaultDefinition, FaultEndpoint, Opportunity, fault};

const fn row(id: &'static str, opportunity: Opportunity, sentence: &'static str) -> FaultDefinition {
    fault(Family::Authorization, id, FaultEndpoint::Authorization, opportunity, sentence)
}

pub(super) static FAULTS: &[FaultDefinition] = &[];
