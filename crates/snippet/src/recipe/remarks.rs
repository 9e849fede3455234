//! What is particular to a provider, said beside the lines that it explains.

use gatewright_model::dialect::{
    AnswerEncoding, ClientAuthentication, JsonType, Presence, RefusalSignal, StateReturn, SuccessRule,
};
use gatewright_model::provider::SlashPolicy;
use gatewright_protocol::ClientIdKind;
use gatewright_protocol::authorization::ResponseMode;
use gatewright_protocol::http::BodyEncoding;

use super::Source;
use super::build::Ingredients;
use crate::comment::Remark;

impl Ingredients<'_> {
    pub(super) fn authorization_remarks(&self) -> Vec<Remark> {
        let dialect = &self.provider.dialect.authorization;
        let slash = &self.provider.endpoints.trailing_slash;
        let mut remarks = Vec::new();
        if slash.value == SlashPolicy::Required {
            remarks.push(Remark::on(slash, "The slash at the end of every path is part of it."));
        }
        if dialect.response_type.value == Presence::Absent {
            remarks.push(Remark::on(&dialect.response_type, "There is no response_type, which RFC 6749 asks for."));
        }
        if dialect.pkce.value == Presence::Absent {
            remarks.push(Remark::on(&dialect.pkce, "No PKCE challenge is sent."));
        } else {
            remarks.push(Remark::on(&dialect.pkce, "The challenge ties the code to this program (PKCE, RFC 7636)."));
        }
        if let Some(note) = dialect.default_scopes.note.as_ref().filter(|_| !self.scopes().is_empty()) {
            remarks.push(Remark::on(&dialect.default_scopes, note));
        }
        remarks.extend(self.response_mode_remark());
        remarks
    }

    /// A program that reads an address cannot read a posted form.
    fn response_mode_remark(&self) -> Option<Remark> {
        let mode = self.client.protocol_settings.asked_response_mode(self.provider)?;
        (mode != ResponseMode::Query).then(|| {
            let mode = mode.as_str();
            Remark::new(format!("In Gatewright this client asks for response_mode={mode}; a program that reads an address takes the query."))
        })
    }

    pub(super) fn callback_remarks(&self) -> Vec<Remark> {
        let dialect = &self.provider.dialect.authorization;
        let mut remarks = Vec::new();
        match dialect.state_returned.value {
            StateReturn::Always => {}
            StateReturn::OnApproval => {
                remarks
                    .push(Remark::on(&dialect.state_returned, "state comes back with a code, and with nothing else."));
            }
            StateReturn::Unknown => {
                remarks.push(Remark::on(
                    &dialect.state_returned,
                    "Whether state comes back is not known: it is compared when it does.",
                ));
            }
        }
        match dialect.cancel.value {
            RefusalSignal::BareRedirect => remarks.push(Remark::on(
                &dialect.cancel,
                "Who cancels comes back without any parameter: no code, no error, no state. Never take that for a login.",
            )),
            RefusalSignal::Unknown => {
                remarks.push(Remark::on(&dialect.cancel, "What a cancel looks like is not known."));
            }
            RefusalSignal::AccessDenied => {}
        }
        remarks
    }

    pub(super) fn exchange_remarks(&self) -> Vec<Remark> {
        let dialect = &self.provider.dialect;
        let request = &dialect.token_request;
        let mut remarks = self.body_remarks();
        if request.grant_type.value == Presence::Absent {
            remarks.push(Remark::on(&request.grant_type, "There is no grant_type, which RFC 6749 asks for."));
        }
        if request.redirect_uri.value == Presence::Absent {
            remarks.push(Remark::on(&request.redirect_uri, "redirect_uri is not sent again."));
        }
        if self.client.authentication(self.provider) == ClientAuthentication::Basic {
            remarks.push(Remark::new(
                "Identifier and secret are form-encoded before they become a header (RFC 6749 §2.3.1).",
            ));
        }
        if dialect.token_response.encoding.value == AnswerEncoding::FormOrJson {
            let encoding = &dialect.token_response.encoding;
            remarks.push(Remark::on(
                encoding,
                "The answer is JSON where Accept is heeded, and form-encoded else: read both.",
            ));
        }
        match &dialect.token_response.success.value {
            SuccessRule::AccessToken => {}
            SuccessRule::FlagAndAccessToken(_) => {
                remarks
                    .push(Remark::on(&dialect.token_response.success, "A flag in the answer says whether it worked."));
            }
            SuccessRule::Present(_) => {
                let success = &dialect.token_response.success;
                remarks.push(Remark::on(success, "No access token comes: the answer itself is the identity."));
            }
        }
        remarks
    }

    fn body_remarks(&self) -> Vec<Remark> {
        let encoding = &self.provider.dialect.token_request.encoding;
        let kind = &self.provider.client_form.client_id;
        match (encoding.value, kind.value) {
            (BodyEncoding::Json, ClientIdKind::Integer) => vec![
                Remark::on(encoding, "The body is JSON."),
                Remark::on(kind, "The client ID is a number in it, without quotes: \"7\" is not 7."),
            ],
            (BodyEncoding::Json, ClientIdKind::Text) => vec![Remark::on(encoding, "The body is JSON.")],
            (BodyEncoding::Multipart, _) => vec![Remark::on(encoding, "The body is multipart, as curl -F writes it.")],
            (BodyEncoding::Form, _) => Vec::new(),
        }
    }

    pub(super) fn identity_remarks(&self, source: &Source) -> Vec<Remark> {
        let dialect = &self.provider.dialect.identity;
        let mut remarks = Vec::new();
        match source {
            Source::TokenAnswer => {}
            Source::Endpoint(_) | Source::EndpointByForm(_) => {
                if self.asks_for_id_token() {
                    remarks.push(Remark::new(
                        "The ID token is left alone: who wants to use it has to verify it (OpenID Connect Core §3.1.3.7).",
                    ));
                }
                remarks.extend(dialect.signed_in_flag.as_ref().map(|flag| {
                    Remark::on(flag, "The status is no sign of a login here: this flag is.")
                }));
            }
            Source::IdToken(_) => remarks.push(Remark::new(
                "The ID token came straight from the token endpoint, so TLS stands for its signature (OpenID Connect Core §3.1.3.7, 6).",
            )),
            Source::Nowhere => remarks.push(Remark::new("This login gives a token and does not say who it was.")),
        }
        let member = dialect.subject.value.trim_start_matches('/');
        let is_number = |field: &&gatewright_model::dialect::AnswerField| {
            field.name == member && field.json_type == JsonType::Number
        };
        if !matches!(source, Source::IdToken(_)) && dialect.fields.value.iter().any(|field| is_number(&field)) {
            remarks.push(Remark::on(&dialect.subject, "Who it was is a JSON number."));
        }
        remarks
    }
}
