//! Whether others than the client's owner can log in. At ContentDB they see 404 until staff has approved the client, as if its ID were
//! wrong.

use gatewright_model::provider::LogInRule;

use super::item::Item;
use super::subject::{Approval, Subject};

pub(super) fn judge(subject: &Subject) -> Item {
    let name = &subject.provider.name;
    if subject.provider.ownership.log_in.value == LogInRule::AnyAccount {
        return Item::good(format!("{name} lets anybody with an account log in."));
    }
    match &subject.approval {
        Approval::Approved => Item::good("The twin's staff has approved it."),
        Approval::OtherLoggedIn { one, other } => {
            Item::good(format!("{one} and {other} have logged in with it, so not only its owner can."))
        }
        Approval::NotApproved { owner } => Item::warning(format!(
            "Not approved yet: only {owner} can log in. Everybody else sees 404, as if the client ID were wrong."
        ))
        .expecting("an approved client", "one that waits for approval"),
        Approval::Unknown => Item::warning(format!(
            "Until {name} has approved a client, only its owner can log in; everybody else sees 404. No two people are known to have logged in with this one yet."
        )),
    }
}
