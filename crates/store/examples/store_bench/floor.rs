//! The floor: the same statements through rusqlite alone.

use std::hint::black_box;
use std::path::Path;

use gatewright_model::Run;
use gatewright_store::client::ClientQuery;
use gatewright_store::run::RunQuery;
use gatewright_store::{seed, statements};
use rusqlite::types::Value;
use rusqlite::{Connection, Params, TransactionBehavior, params};

/// One connection that reads and one that writes, set up as the store sets its up where that costs time.
pub(crate) struct Floor {
    reader: Connection,
    writer: Connection,
    durable: bool,
}

impl Floor {
    pub(crate) fn open(path: &Path) -> rusqlite::Result<Self> {
        let open = || {
            let connection = Connection::open(path)?;
            connection.set_prepared_statement_cache_capacity(128);
            let _: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
            connection.execute_batch(
                "PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;",
            )?;
            connection.pragma_update(None, "secure_delete", true)?;
            Ok::<_, rusqlite::Error>(connection)
        };
        Ok(Self { reader: open()?, writer: open()?, durable: true })
    }

    pub(crate) fn list_clients(&self, query: &ClientQuery) -> rusqlite::Result<usize> {
        let (sql, values) = statements::client_list(query);
        rows(&self.reader, &sql, rusqlite::params_from_iter(values))
    }

    pub(crate) fn list_runs(&self, query: &RunQuery) -> rusqlite::Result<usize> {
        let (sql, values) = statements::run_list(query);
        rows(&self.reader, &sql, rusqlite::params_from_iter(values))
    }

    /// Says how many steps the run has.
    pub(crate) fn open_run(&self, id: &str) -> rusqlite::Result<usize> {
        let [run, children @ ..] = statements::OPEN;
        let seq: i64 = self.reader.prepare_cached(run)?.query_row([id], |row| {
            columns(row)?;
            row.get(0)
        })?;
        let counts: Vec<usize> = children.iter().map(|sql| rows(&self.reader, sql, [seq])).collect::<Result<_, _>>()?;
        Ok(counts[0])
    }

    /// The whole of a run up to its last step, in one transaction a step, as the store is asked to do it.
    pub(crate) fn start(&mut self, run: &Run) -> rusqlite::Result<()> {
        self.write(false, |db| {
            db.prepare_cached(statements::START)?.execute(params![
                run.id.as_str(),
                run.client.as_str(),
                run.client_name,
                run.provider.as_str(),
                "sandbox",
                "embedded",
                run.meant.as_ref().map(|meant| meant.id.as_str()),
                run.meant.as_ref().map(|meant| &meant.name),
                run.meant.as_ref().map(|_| "teal"),
                run.started_at.as_microsecond(),
                None::<i64>,
                None::<i64>,
                "running",
                "running",
                0,
                None::<&str>,
                None::<&str>,
                None::<&str>,
                None::<&str>,
                None::<&str>,
                None::<&str>,
            ])
        })?;
        Ok(())
    }

    pub(crate) fn append(&mut self, run: &str, position: u32, json: &StepJson) -> rusqlite::Result<()> {
        let [going_on, put, insert] = statements::PUT;
        self.write(false, |db| {
            let seq: i64 = db.prepare_cached(going_on)?.query_row([run], |row| row.get(0))?;
            db.prepare_cached(put)?.execute(params![
                "token_request",
                "passed",
                json.sentence,
                1_200,
                false,
                json.findings,
                None::<&str>,
                seq,
                position,
            ])?;
            let exchange = params![seq, position, "token", 38_000, None::<&str>, json.request, json.response];
            db.prepare_cached(insert)?.execute(exchange)
        })?;
        Ok(())
    }

    pub(crate) fn finish(&mut self, run: &Run, fields: &str, tokens: &str) -> rusqlite::Result<()> {
        let identity = run.identity.as_ref();
        self.write(true, |db| {
            db.prepare_cached(statements::FINISH)?.execute(params![
                600,
                100,
                "logged_in",
                "passed",
                0,
                None::<&str>,
                None::<&str>,
                identity.map(|identity| &identity.subject),
                identity.and_then(|identity| identity.display_name.as_ref()),
                fields,
                tokens,
                run.id.as_str(),
            ])
        })?;
        Ok(())
    }

    fn write<T>(
        &mut self,
        durable: bool,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        if self.durable != durable {
            self.writer.pragma_update(None, "synchronous", if durable { "FULL" } else { "NORMAL" })?;
            self.durable = durable;
        }
        let transaction = self.writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let result = work(&transaction)?;
        transaction.commit()?;
        Ok(result)
    }
}

/// What a step holds, as the text that is bound.
pub(crate) struct StepJson {
    sentence: String,
    findings: Option<String>,
    request: String,
    response: Option<String>,
}

impl StepJson {
    pub(crate) fn of(step: &gatewright_model::Step) -> anyhow::Result<Self> {
        let exchange = &step.exchanges[0];
        Ok(Self {
            sentence: step.sentence.clone(),
            findings: if step.findings.is_empty() { None } else { Some(serde_json::to_string(&step.findings)?) },
            request: serde_json::to_string(&exchange.request)?,
            response: exchange.response.as_ref().map(serde_json::to_string).transpose()?,
        })
    }
}

/// The id of a run, as text.
pub(crate) fn run_id(number: u32) -> String {
    seed::run_id(number).to_string()
}

fn rows(db: &Connection, sql: &str, params: impl Params) -> rusqlite::Result<usize> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        columns(row)?;
        count += 1;
    }
    Ok(count)
}

/// Reads every column of a row as a value of its own.
fn columns(row: &rusqlite::Row<'_>) -> rusqlite::Result<()> {
    for column in 0..row.as_ref().column_count() {
        black_box(row.get::<_, Value>(column)?);
    }
    Ok(())
}
