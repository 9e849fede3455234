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
            Piece::Text(text) => WirePiece { text: text.clone(), reference: false },
            Piece::Reference(reference) => WirePiece { text: reference.clone(), reference: true },
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
        expected: pieces(&finding.expected),
        received: pieces(&finding.received),
    }
}
