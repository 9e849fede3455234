//! Evidence as the window shows it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gatewright_contract::evidence::{EvidenceList, EvidencePage, PageLook, PageMoment, PictureSize, PictureStock};
use gatewright_model::evidence::Moment;
use gatewright_model::run::Browser;
use gatewright_store::evidence::{EvidenceRow, Stock};
use jiff::SignedDuration;

use crate::show::megabytes;

/// The pages of a run.
pub(super) fn list(browser: Browser, going_on: bool, rows: &[EvidenceRow]) -> EvidenceList {
    let looks = rows.chunk_by(|one, other| one.evidence.page == other.evidence.page);
    let pages: Vec<EvidencePage> = looks.filter_map(page).collect();
    let note = pages.is_empty().then(|| note(browser, going_on).to_owned());
    EvidenceList { pages, note }
}

/// When a look was, as the window calls it.
const fn moment(moment: Moment) -> PageMoment {
    match moment {
        Moment::PageLoaded => PageMoment::Loaded,
        Moment::Decided => PageMoment::Decided,
        Moment::TimeRanOut => PageMoment::TimeRanOut,
    }
}

fn note(browser: Browser, going_on: bool) -> &'static str {
    match browser {
        Browser::System => "The system browser's pages cannot be pictured: Gatewright does not see into it.",
        Browser::Paste => "The pages were in a browser of the person's own choice, which Gatewright does not see.",
        Browser::Embedded if going_on => "No page has come yet.",
        Browser::Embedded => "No page came, or the run is from before pages were pictured.",
    }
}

fn page(looks: &[EvidenceRow]) -> Option<EvidencePage> {
    let first = &looks.first()?.evidence;
    let decided = looks.iter().map(|row| &row.evidence).find(|one| one.moment == Moment::Decided);
    Some(EvidencePage {
        number: first.page.saturating_add(1),
        address: first.address.clone(),
        at: first.at.to_string(),
        decided_after_ms: decided.map(|look| milliseconds(look.at.duration_since(first.at))),
        looks: looks.iter().map(look).collect(),
    })
}

fn look(row: &EvidenceRow) -> PageLook {
    let picture = row.evidence.picture.as_ref();
    PageLook {
        id: row.id.to_string(),
        moment: moment(row.evidence.moment),
        at: row.evidence.at.to_string(),
        size: picture.ok().map(|picture| PictureSize {
            width: picture.width,
            height: picture.height,
            kilobytes: f64::from(picture.bytes) / 1e3,
        }),
        missing: picture.err().map(|missing| missing.sentence().to_owned()),
    }
}

/// A page may be acted on before it has finished loading.
fn milliseconds(duration: SignedDuration) -> f64 {
    (duration.as_secs_f64() * 1e3).max(0.0)
}

/// The stock, and what would go of it if pictures were kept that long.
pub(super) fn stock(stock: &Stock, kept_for: SignedDuration) -> PictureStock {
    PictureStock {
        pictures: stock.pictures,
        megabytes: megabytes(stock.bytes),
        going: stock.older,
        next_at: stock.oldest_other.and_then(|at| at.checked_add(kept_for).ok()).map(|at| at.to_string()),
    }
}

/// A picture as an image's source: the window's policy lets images come from here and from `data:`, and from nowhere else.
pub(super) fn source(png: &[u8]) -> String {
    format!("data:image/png;base64,{}", STANDARD.encode(png))
}

#[cfg(test)]
mod tests {
    use gatewright_model::evidence::{Evidence, Missing};

    use super::*;

    fn looked(page: u32, moment: Moment) -> EvidenceRow {
        let (address, at) = ("https://id.example.org/login".to_owned(), jiff::Timestamp::UNIX_EPOCH);
        let evidence = Evidence { page, address, moment, at, picture: Err(Missing::NotTaken) };
        EvidenceRow { id: i64::from(page), evidence }
    }

    #[test]
    fn what_a_person_pressed_is_their_decision_also_where_the_time_ran_out_later() {
        let rows = [
            looked(0, Moment::Decided),
            looked(1, Moment::PageLoaded),
            looked(1, Moment::Decided),
            looked(1, Moment::TimeRanOut),
            looked(2, Moment::TimeRanOut),
        ];
        let pages = list(Browser::Embedded, false, &rows).pages;
        let decided: Vec<bool> = pages.iter().map(|page| page.decided_after_ms.is_some()).collect();
        let looks: Vec<PageMoment> = pages.iter().flat_map(|page| &page.looks).map(|look| look.moment).collect();
        assert_eq!(decided, [true, true, false]);
        let (pressed, time_ran_out) = (PageMoment::Decided, PageMoment::TimeRanOut);
        assert_eq!(looks, [pressed, PageMoment::Loaded, pressed, time_ran_out, time_ran_out]);
    }
}
