//! Faults of the design that no answer of the sandbox can be: what would have to misbehave is somewhere else. Each says why, so that none is
//! passed over in silence, and has tests all the same.

/// A fault that the sandbox does not inject.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Elsewhere {
    /// Its name in the design: `RF-09`.
    pub(crate) id: &'static str,
    /// What happens, in one sentence.
    pub(crate) sentence: &'static str,
    /// Where it happens instead, and what its tests do.
    pub(crate) reason: &'static str,
}

const fn elsewhere(id: &'static str, sentence: &'static str, reason: &'static str) -> Elsewhere {
    Elsewhere { id, sentence, reason }
}

/// A program on a desk has no address that a server could call.
const NO_BACK_CHANNEL: &str = "Nobody can call back-channel addresses of a program on a desk. The reader of such tokens is there and tested by itself.";

/// All of them, in the order of their names.
pub(crate) const ELSEWHERE: &[Elsewhere] = &[
    elsewhere(
        "AZ-24",
        "A callback comes while no login waits for one.",
        "The browser does it, after a login that the sandbox has treated well.",
    ),
    elsewhere(
        "AZ-31",
        "A callback comes after the login was given up.",
        "The person and the clock do it; the sandbox only takes its time (AZ-33).",
    ),
    elsewhere(
        "DI-12",
        "WebFinger has no answer, or a wrong one.",
        "WebFinger is never asked, so that nothing could answer. The tests show that it is not.",
    ),
    elsewhere(
        "RF-09",
        "The answer to a refresh takes half a minute, and the person stops waiting.",
        "The person does it; the sandbox only takes its time (TK-31).",
    ),
    elsewhere("RF-10", "Two refreshes of one grant begin at once.", "Two callers do it, here and not at the server."),
    elsewhere(
        "RF-12",
        "The program is killed between the answer and its being stored.",
        "It happens to the program, not to the server.",
    ),
    elsewhere("LO-04", "A logout token has no signature.", NO_BACK_CHANNEL),
    elsewhere("LO-05", "A logout token names no event.", NO_BACK_CHANNEL),
    elsewhere("LO-06", "A logout token has a nonce.", NO_BACK_CHANNEL),
    elsewhere("LO-07", "A logout token is signed by another algorithm.", NO_BACK_CHANNEL),
    elsewhere("LO-08", "A logout token is for another client.", NO_BACK_CHANNEL),
    elsewhere("LO-09", "A logout token names another event.", NO_BACK_CHANNEL),
    elsewhere("LO-10", "A logout token comes from another issuer.", NO_BACK_CHANNEL),
    elsewhere(
        "LO-11",
        "A frame of the provider says that the session has changed.",
        "No frame of a provider is ever loaded. The test shows that what comes for it with the callback is passed over.",
    ),
    elsewhere(
        "LO-12",
        "A page of the provider loads the client's front-channel address in a frame.",
        "A program on a desk has no such address. The tests knock at the listener, which knows its callback alone.",
    ),
];

/// Rules whose breach no fault of the sandbox is, and why.
pub(crate) const WITHOUT_FAULTS: [(&str, &str); 1] = [(
    "RG",
    "none: the sandbox's faults are a login's, so the engine's own tests play the server that registers wrongly",
)];

/// Why no fault breaks a rule, where that is so.
pub(crate) fn why_without_faults(rule: &str) -> Option<&'static str> {
    WITHOUT_FAULTS.iter().find(|(id, _)| *id == rule).map(|(_, reason)| *reason)
}

/// The fault with this name, when it is one of these.
pub(crate) fn find(id: &str) -> Option<&'static Elsewhere> {
    ELSEWHERE.iter().find(|fault| fault.id == id)
}

#[cfg(test)]
mod tests {
    use gatewright_sandbox::fault_catalogue;

    use super::find;

    /// The families of the design's catalogue and how many faults each has, but for WV, which are pages and stand in SECURITY.md.
    const DESIGN: [(&str, u32); 9] =
        [("AZ", 33), ("TK", 43), ("ID", 30), ("JK", 12), ("DI", 13), ("UI", 12), ("RF", 12), ("RV", 6), ("LO", 12)];

    #[test]
    fn every_fault_of_the_design_is_injected_by_the_sandbox_or_says_why_not() {
        for (family, last) in DESIGN {
            for number in 1..=last {
                let id = format!("{family}-{number:02}");
                let here = fault_catalogue().filter(|fault| fault.id == id).count();
                assert_eq!(here + usize::from(find(&id).is_some()), 1, "{id}");
            }
        }
    }
}
