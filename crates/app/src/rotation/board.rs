//! The board: the secrets of all owned clients by the day they are due, with the rotations under way.

use std::collections::HashMap;

use gatewright_contract::Failure;
use gatewright_contract::rotation::{
    RotationBoard, RotationBoardQuery, RotationBoardRow, RotationFilter, RotationProgress, RotationUrgency, SecretAge,
};
use gatewright_model::secret_version::DueStanding;
use gatewright_model::{ClientRecordId, Rotation};
use gatewright_store::secret_version::due::{self, DueRow};
use gatewright_store::{Connection, StoreError, secret_rotation};
use jiff::Timestamp;

use super::{show, steps, words};
use crate::registry::Known;
use crate::{App, failure};

/// The most rows a page has.
const MOST_ROWS: u32 = 200;
/// The bounds of the age groups, in days.
const AGES: [u32; 2] = [60, 90];

/// What the database says of a page.
struct Page {
    rows: Vec<DueRow>,
    total: u32,
    due: u32,
    ages: [u32; 3],
    under_way: HashMap<ClientRecordId, Rotation>,
}

impl App {
    /// One page of the board.
    pub(crate) async fn rotation_board_page(&self, query: RotationBoardQuery) -> Result<RotationBoard, Failure> {
        let now = self.now();
        let page = self.store()?.read(move |db| page(db, &query, now)).await.map_err(failure::of_store)?;
        let known = self.0.registry.known();
        let rows = page.rows.iter().map(|row| self.board_row(row, page.under_way.get(&row.client), &known, now));
        Ok(RotationBoard {
            rows: rows.collect(),
            total: page.total,
            due: page.due,
            under_way: u32::try_from(page.under_way.len()).unwrap_or(u32::MAX),
            ages: ages(page.ages),
        })
    }

    fn board_row(&self, row: &DueRow, rotation: Option<&Rotation>, known: &Known, now: Timestamp) -> RotationBoardRow {
        let since = row.promoted_at.unwrap_or(row.created_at);
        RotationBoardRow {
            client: row.client.to_string(),
            client_name: row.name.clone(),
            provider: row.provider.to_string(),
            provider_name: known.name(&row.provider),
            environment: crate::show::run::environment(row.environment),
            version: row.version,
            age_days: u32::try_from(now.duration_since(since).as_hours() / 24).unwrap_or(0),
            due_at: row.due_at.map(|at| at.to_string()),
            urgency: urgency(DueStanding::of(row.due_at, now)),
            standing: row.last_proof.map(|proof| show::standing(proof.verdict)),
            proved_at: row.last_proof.map(|proof| proof.at.to_string()),
            deployments: row.deployments,
            rotation: rotation.and_then(|rotation| progress(rotation, self.0.unstored_secrets.has(&rotation.id))),
        }
    }
}

fn page(db: &Connection, query: &RotationBoardQuery, now: Timestamp) -> Result<Page, StoreError> {
    let limit = query.limit.min(MOST_ROWS);
    let open = secret_rotation::list_under_way(db)?;
    let under_way: HashMap<_, _> = open.into_iter().map(|kept| (kept.rotation.client.clone(), kept.rotation)).collect();
    let due = due::count_between(db, Timestamp::MIN, now)?;
    let (rows, total) = match query.only {
        RotationFilter::All => (due::page(db, limit, query.offset)?, due::count(db)?),
        // Those that are due come first.
        RotationFilter::Due => (due::page(db, limit.min(due.saturating_sub(query.offset)), query.offset)?, due),
        RotationFilter::UnderWay => {
            let all = due::of_clients(db, under_way.keys())?;
            let total = u32::try_from(all.len()).unwrap_or(u32::MAX);
            let skipped = all.into_iter().skip(usize::try_from(query.offset).unwrap_or(usize::MAX));
            (skipped.take(usize::try_from(limit).unwrap_or(usize::MAX)).collect(), total)
        }
    };
    Ok(Page { rows, total, due, ages: due::count_by_age(db, AGES, now)?, under_way })
}

fn progress(rotation: &Rotation, is_unstored: bool) -> Option<RotationProgress> {
    let step = rotation.step()?;
    Some(RotationProgress {
        rotation: rotation.id.to_string(),
        step: rotation.number(step).unwrap_or_default(),
        steps: u32::try_from(rotation.strategy.steps().len()).unwrap_or_default(),
        title: words::title(step, rotation.strategy).to_owned(),
        waits_for: steps::waits_for(rotation, is_unstored),
    })
}

fn urgency(standing: DueStanding) -> RotationUrgency {
    match standing {
        DueStanding::Due => RotationUrgency::Due,
        DueStanding::Soon => RotationUrgency::Soon,
        DueStanding::Later => RotationUrgency::Fine,
        DueStanding::Never => RotationUrgency::Never,
    }
}

fn ages(counts: [u32; 3]) -> Vec<SecretAge> {
    let labels = ["under 60 days", "60 to 90 days", "over 90 days"];
    let urgencies = [RotationUrgency::Fine, RotationUrgency::Soon, RotationUrgency::Due];
    let groups = labels.into_iter().zip(counts).zip(urgencies);
    groups.map(|((label, secrets), urgency)| SecretAge { label: label.to_owned(), secrets, urgency }).collect()
}
