//! How a connection is set up. Every one gets the same treatment, because a setting of SQLite holds for one connection, not for the file.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

/// The largest text or blob that is read or written, in bytes: well above a transcript, well below what a hostile file could claim.
const LONGEST_VALUE: i32 = 64 << 20;
/// Prepared statements kept a connection: more than there are different ones.
const STATEMENTS_KEPT: usize = 128;

/// Opens the file for writing; makes it when it is not there.
pub(crate) fn open_writer(path: &Path, busy: Duration) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    configure(&connection, busy)?;
    Ok(connection)
}

/// Opens the file for reading only; it has to be there.
pub(crate) fn open_reader(path: &Path, busy: Duration) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    configure(&connection, busy)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// Opens the file only to look at it: neither file nor log is changed, not even by closing it.
pub(crate) fn open_for_inspection(path: &Path, busy: Duration) -> rusqlite::Result<Connection> {
    let connection = open_reader(path, busy)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(connection)
}

fn configure(connection: &Connection, busy: Duration) -> rusqlite::Result<()> {
    // A file can come from anywhere: nothing in its schema may do more than ours does, and a crooked page is noticed on reading.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST_VALUE)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // What was deleted is overwritten, and nothing is spilled to files of its own.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.busy_timeout(busy)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    Ok(())
}
