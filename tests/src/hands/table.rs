//! The tables of the window: clients, runs.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::json;

use super::Window;
use super::window::literal;
use crate::stage::PATIENCE;

/// The cell of a table's first row that says something, by the heading above it.
const CELL: &str = "
    const [name, text, column] = arguments;
    const table = [...document.querySelectorAll('[role=grid]')].find((one) => one.ariaLabel === name);
    const heads = [...(table?.querySelectorAll('[role=columnheader]') ?? [])];
    const place = heads.findIndex((head) => head.textContent.trim() === column);
    const rows = [...(table?.querySelectorAll('[role=row]') ?? [])].filter((row) => row.querySelector('[role=gridcell]'));
    const row = rows.find((one) => one.textContent.includes(text));
    const cell = row?.querySelectorAll('[role=gridcell]')[place]?.cloneNode(true);
    cell?.querySelectorAll('[aria-hidden=true]').forEach((sign) => sign.remove());
    return cell?.textContent.trim() ?? null;";

impl Window {
    /// What stands in a column of the first row that says `row`, once there is such a row.
    pub async fn cell(&self, table: &str, row: &str, column: &str) -> Result<String> {
        self.cell_that(table, row, column, |_| true).await
    }

    /// What stands in a column of the first row that says `row`, once it meets a condition.
    pub async fn cell_that(
        &self,
        table: &str,
        row: &str,
        column: &str,
        holds: impl Fn(&str) -> bool,
    ) -> Result<String> {
        let patience = tokio::time::Instant::now() + PATIENCE;
        loop {
            let found = self.script(CELL, vec![json!(table), json!(row), json!(column)]).await?;
            if let Some(text) = found.as_str().filter(|text| holds(text)) {
                return Ok(text.to_owned());
            }
            if tokio::time::Instant::now() > patience {
                bail!("{table}, {row:?}, {column:?} says {found}; the page says:\n{}", self.text().await?);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Opens the first row of a table that says something.
    pub async fn opens_row(&self, table: &str, row: &str) -> Result<()> {
        let path = format!(
            "//*[@role='grid'][@aria-label={}]//*[@role='row'][*[@role='gridcell']][contains(., {})]",
            literal(table),
            literal(row)
        );
        self.clicks_where(&path, row).await.with_context(|| format!("opening {row:?} in {table:?}"))
    }
}
