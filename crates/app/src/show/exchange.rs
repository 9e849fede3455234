//! Exchanges and findings, already redacted, piece by piece.

use gatewright_contract::run::{ExchangeDetail, FindingDetail, Piece as WirePiece, RecordedField as WireField};
use gatewright_model::exchange::{Piece, RecordedField};
use gatewright_model::run::Finding;
use gatewright_model::{Exchange, Redacted};
use gatewright_report::wording;

use super::run::milliseconds;

pub(crate) fn pieces(text: &Redacted) -> Vec<WirePiece> {
    text.0
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => WirePiece { text: text.clone(), reference: false, ours: false },
            Piece::Reference(reference) => WirePiece { text: reference.clone(), reference: true, ours: false },
        })
        .collect()
}

fn fields(fields: &[RecordedField]) -> Vec<WireField> {
    fields.iter().map(|field| WireField { name: field.name.clone(), value: pieces(&field.value) }).collect()
}

pub(crate) fn exchange(exchange: &Exchange) -> ExchangeDetail {
    let response = exchange.response.as_ref();
    ExchangeDetail {
        title: wording::exchange(exchange.purpose).1.to_owned(),
        method: exchange.request.method.clone(),
        url: exchange.request.url.clone(),
        query: fields(&exchange.request.query),
        request_headers: fields(&exchange.request.headers),
        encoding: exchange.request.encoding.clone(),
        fields: fields(&exchange.request.fields),
        status: response.map(|response| response.status),
        response_headers: response.map(|response| fields(&response.headers)).unwrap_or_default(),
        body: response.map(|response| pieces(&response.body)).unwrap_or_default(),
        bytes: response.map(|response| f64::from(u32::try_from(response.bytes).unwrap_or(u32::MAX))),
        cut: response.is_some_and(|response| response.cut),
        duration_ms: milliseconds(exchange.duration_us),
        failure: exchange.failure.clone(),
    }
}

pub(crate) fn finding(finding: &Finding) -> FindingDetail {
    FindingDetail {
        code: finding.code.clone(),
        title: finding.title.clone(),
        advice: finding.advice.clone(),
        field: finding.field.clone(),
        expected: side(&finding.expected, NAMES_EXPECTED.contains(&finding.code.as_str())),
        received: side(&finding.received, NAMES_RECEIVED.contains(&finding.code.as_str())),
    }
}

/// Findings that expect a person, by the name the provider has for them.
const NAMES_EXPECTED: [&str; 3] = ["wrong_person", "person_not_told", "identity_changed"];

/// Findings that received nothing but what a server wrote: a person's name, an error code.
const NAMES_RECEIVED: [&str; 3] = ["wrong_person", "identity_changed", "authorization_refused"];

/// One side of a finding. It is in our own words where it is one piece and no name.
fn side(text: &Redacted, is_name: bool) -> Vec<WirePiece> {
    let mut pieces = pieces(text);
    if let [piece] = pieces.as_mut_slice() {
        piece.ours = !is_name && !piece.reference;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sides(code: &str, expected: Redacted, received: Redacted) -> [bool; 2] {
        let text = String::new;
        let found = Finding { code: code.to_owned(), title: text(), advice: text(), field: text(), expected, received };
        let shown = finding(&found);
        [shown.expected, shown.received].map(|side| side.iter().any(|piece| piece.ours))
    }

    #[test]
    fn who_is_called_like_a_word_of_ours_is_not_taken_for_one() {
        let [nobody, nothing] = ["nobody", "nothing"].map(Redacted::text);
        assert_eq!(sides("wrong_person", nobody.clone(), nothing.clone()), [false, false]);
        assert_eq!(sides("person_not_told", nobody.clone(), nothing.clone()), [false, true]);
        assert_eq!(sides("authorization_refused", nothing.clone(), nobody), [true, false]);
        assert_eq!(sides("state_missing", Redacted::reference(&"state#1"), nothing), [false, true]);
    }
}
