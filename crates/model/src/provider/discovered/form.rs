//! What can be said of the client form of a provider that nobody has described: bounds that are in nobody's way.

use gatewright_protocol::{ClientIdKind, metadata::Metadata};

use super::{assumed, observed, text};
use crate::provider::{ClientForm, CreateRule, Length, LogInRule, ManageRule, OwnershipRules};

const NOT_SAID: &str = "A discovery document does not say.";

pub(super) fn client_form(name: &str, metadata: &Metadata) -> ClientForm {
    ClientForm {
        noun: assumed("client".to_owned(), "The word of RFC 6749 §1.1."),
        name: assumed(Length { min: 1, max: 100 }, NOT_SAID),
        name_unique: assumed(false, NOT_SAID),
        redirect_uris: assumed(10, NOT_SAID),
        redirect_uri: assumed(Length { min: 1, max: 2000 }, NOT_SAID),
        client_id: assumed(ClientIdKind::Text, "RFC 6749 §2.2."),
        page: assumed(
            format!("Where {name} lets clients be registered; its discovery document does not say."),
            NOT_SAID,
        ),
        api: match text(metadata, "registration_endpoint") {
            Some(_) => observed(true, "registration_endpoint"),
            None => assumed(false, "The document names no registration endpoint."),
        },
        rotation: assumed(false, NOT_SAID),
        rotation_strategies: None,
    }
}

pub(super) fn ownership() -> OwnershipRules {
    OwnershipRules {
        create: assumed(CreateRule::AnyAccount, NOT_SAID),
        manage: assumed(ManageRule::OwnerOnly, NOT_SAID),
        log_in: assumed(LogInRule::AnyAccount, NOT_SAID),
    }
}
