//! Cells of the document that nothing fills.

use gatewright_engine::rules_table::RULES;
use gatewright_sandbox::fault_catalogue;

use crate::claim::Claim;
use crate::document::{id_of, names, proves_by};
use crate::elsewhere::{ELSEWHERE, why_without_faults};
use crate::list::{ROWS, Row};

/// One line for each: a rule that is never broken or never tested, a fault that no test injects or that no rule is proved by, a row of
/// somebody's list without a test or without one of its faults.
pub(crate) fn gaps(claims: &[Claim]) -> Vec<String> {
    let mut found = Vec::new();
    for rule in RULES {
        let proofs = about(claims, rule.id);
        if proofs.is_empty() {
            found.push(format!("{} has no test", rule.id));
        } else if why_without_faults(rule.id).is_none() && proofs.iter().all(|claim| claim.faults.is_empty()) {
            found.push(format!("{} has no fault", rule.id));
        }
    }
    let by_the_sandbox = fault_catalogue().flat_map(names);
    for fault in by_the_sandbox.chain(ELSEWHERE.iter().map(|fault| fault.id.to_owned())) {
        let mut proofs = claims.iter().filter(|claim| proves_by(claim, &fault)).peekable();
        if proofs.peek().is_none() {
            found.push(format!("{fault} has no test"));
        } else if !proofs.flat_map(|claim| &claim.subjects).any(|subject| !subject.contains('/')) {
            found.push(format!("{fault} has no rule"));
        }
    }
    found.extend(ROWS.iter().flat_map(|row| gaps_of(row, claims)));
    found
}

fn gaps_of(row: &Row, claims: &[Claim]) -> Vec<String> {
    let proofs = about(claims, row.name);
    if proofs.is_empty() {
        return vec![format!("{} has no test", row.name)];
    }
    let is_used = |id: &str| proofs.iter().flat_map(|claim| &claim.faults).any(|fault| id_of(fault) == id);
    let unused = row.faults.iter().filter(|id| !is_used(id));
    unused.map(|id| format!("{} has no test with {id}", row.name)).collect()
}

/// The claims about a rule or a row.
fn about<'a>(claims: &'a [Claim], subject: &str) -> Vec<&'a Claim> {
    claims.iter().filter(|claim| claim.subjects.iter().any(|name| name == subject)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Claims that leave no gap.
    fn complete() -> Vec<Claim> {
        let every_fault = fault_catalogue().flat_map(names).chain(ELSEWHERE.iter().map(|fault| fault.id.to_owned()));
        let every_fault: Vec<String> = every_fault.collect();
        let rules = RULES.iter().map(|rule| rule.id);
        rules.chain(ROWS.iter().map(|row| row.name)).map(|subject| Claim::about(subject, &every_fault)).collect()
    }

    #[test]
    fn a_rule_a_fault_and_a_row_without_a_test_are_gaps() {
        assert!(gaps(&complete()).is_empty());
        let mut claims = complete();
        claims.retain(|claim| {
            !["V-04", "rp/invalid-iss"].iter().any(|gone| claim.subjects.contains(&(*gone).to_owned()))
        });
        assert_eq!(gaps(&claims), ["V-04 has no test", "rp/invalid-iss has no test"]);
        for gone in ["AZ-03:same", "RF-09"] {
            let mut claims = complete();
            for claim in &mut claims {
                claim.faults.retain(|fault| fault != gone);
            }
            assert_eq!(gaps(&claims), [format!("{gone} has no test")]);
        }
    }

    #[test]
    fn a_rule_that_nothing_breaks_and_a_fault_that_breaks_no_rule_are_gaps() {
        let mut claims = complete();
        let rule = claims.iter_mut().find(|claim| claim.subjects == ["V-04"]).into_iter();
        rule.for_each(|claim| claim.faults.clear());
        assert_eq!(gaps(&claims), ["V-04 has no fault"]);

        let mut claims = complete();
        for claim in claims.iter_mut().filter(|claim| !claim.subjects[0].contains('/')) {
            claim.faults.retain(|fault| fault != "AZ-01");
        }
        assert_eq!(gaps(&claims), ["AZ-01 has no rule"]);
    }

    #[test]
    fn a_row_needs_a_test_with_each_of_its_faults() {
        let mut claims = complete();
        let row = claims.iter_mut().find(|claim| claim.subjects == ["rp/userinfo-signed"]).into_iter();
        row.for_each(|claim| claim.faults.retain(|fault| fault != "UI-03"));
        assert_eq!(gaps(&claims), ["rp/userinfo-signed has no test with UI-03"]);
    }
}
