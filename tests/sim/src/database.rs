//! The database: the real migrations in memory, on what runs batches as D1 does.
//!
//! A batch happens whole or not at all, and numbers are bound as JavaScript has them. To migrate and to prepare
//! statements takes longer than an episode, so a thread keeps its connection: an episode is one transaction, which
//! is undone, and a batch is a savepoint in it. That is the same as long as no constraint waits for the end.
//! Invariant: whoever checks the books reads them by statements of his own, not by the ledger's.

use std::cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::LazyLock;
use std::thread;

use earnest_ledger::store::exact;
use earnest_ledger::{Rows, Statement, StoreError, Value as Bound};
use rusqlite::config::DbConfig;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};
use serde::de::value::{Error, MapDeserializer};
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use crate::touched;

/// Statements that are kept prepared: more than there are.
const PREPARED: usize = 256;

/// The migrations, in the order in which they apply.
static MIGRATIONS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../crates/worker/migrations"
    );
    let entries = fs::read_dir(folder).expect("the folder of the migrations");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry of the folder").path())
        .collect();
    paths.sort();
    let read = |path: PathBuf| {
        let migration = fs::read_to_string(path).expect("a migration");
        let waits = migration.to_ascii_uppercase().contains("DEFERR");
        assert!(!waits, "a savepoint would not see what is deferred");
        migration
    };
    paths.into_iter().map(read).collect()
});

thread_local! {
    /// A connection that no episode uses, as it is after the migrations.
    static KEPT: cell::Cell<Option<Rc<Connection>>> = const { cell::Cell::new(None) };
}

/// A database in memory.
pub(crate) struct Database(Rc<Connection>);

/// The rows that one statement gave.
pub(crate) struct SqliteRows {
    columns: Vec<String>,
    rows: Vec<Vec<Value>>,
}

impl Database {
    /// As it is after the migrations.
    pub(crate) fn new() -> Self {
        let open = || Rc::new(opened().expect("the migrations apply to a new database"));
        let database = Self(KEPT.take().unwrap_or_else(open));
        let begun = database.run("BEGIN");
        begun.expect("a connection that is kept has no transaction");
        database
    }

    /// The ledger of a running edge, to be read.
    pub(crate) fn of_edge(path: &Path) -> Self {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = Connection::open_with_flags(path, flags).and_then(|connection| {
            connection.set_prepared_statement_cache_capacity(PREPARED);
            touched::note_by_hand(&connection)?;
            Ok(connection)
        });
        Self(Rc::new(opened.expect("the ledger of an edge is a file")))
    }

    /// Runs statements in one transaction: all, or none.
    pub(crate) fn batch(&self, statements: &[Statement]) -> Result<Vec<SqliteRows>, StoreError> {
        let end = |how| self.run(how).expect("nothing but its end ends a batch");
        end("SAVEPOINT batch");
        let rows = statements.iter().map(|statement| self.one(statement));
        let rows: Result<Vec<_>, _> = rows.collect();
        if rows.is_err() {
            end("ROLLBACK TO batch");
        }
        end("RELEASE batch");
        rows
    }

    /// Reads as of now, whatever others write meanwhile.
    pub(crate) fn at_one_instant<T>(&self, read: impl FnOnce() -> T) -> T {
        let turn = |how| {
            self.run(how)
                .expect("a database that is read is in no transaction");
        };
        turn("BEGIN");
        let found = read();
        turn("ROLLBACK");
        found
    }

    /// Rows that were written so far, undone ones too.
    pub(crate) fn written(&self) -> u64 {
        self.0.total_changes()
    }

    fn run(&self, sql: &str) -> Result<(), StoreError> {
        let mut prepared = self.0.prepare_cached(sql).map_err(|error| as_d1(&error))?;
        prepared
            .execute([])
            .map(drop)
            .map_err(|error| as_d1(&error))
    }

    fn one(&self, statement: &Statement) -> Result<SqliteRows, StoreError> {
        let mut prepared = self
            .0
            .prepare_cached(statement.sql)
            .map_err(|error| as_d1(&error))?;
        for (nth, value) in (1..).zip(&statement.values) {
            prepared
                .raw_bind_parameter(nth, bound(value)?)
                .map_err(|error| as_d1(&error))?;
        }
        let names = prepared.column_names();
        let columns: Vec<String> = names.map(str::to_owned).collect();
        let mut rows = Vec::new();
        let mut found = prepared.raw_query();
        while let Some(row) = found.next().map_err(|error| as_d1(&error))? {
            let values = (0..columns.len()).map(|nth| row.get(nth));
            rows.push(
                values
                    .collect::<Result<_, _>>()
                    .map_err(|error| as_d1(&error))?,
            );
        }
        Ok(SqliteRows { columns, rows })
    }

    /// Runs a statement of the simulator's own that gives no rows.
    pub(crate) fn tell(&self, sql: &'static str, about: &[&str]) {
        let _none: Vec<IgnoredAny> = self.ask(sql, about);
    }

    /// The rows of a question about the books.
    pub(crate) fn ask<T: DeserializeOwned>(&self, sql: &'static str, about: &[&str]) -> Vec<T> {
        let values: Vec<Bound> = about.iter().map(|text| Bound::from(*text)).collect();
        let rows = self.one(&Statement::new(sql, values));
        let rows = rows.and_then(|rows| rows.all());
        rows.unwrap_or_else(|error| panic!("{error}, in {sql}"))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // The ledger of an edge is in no transaction, and is not kept.
        if !thread::panicking() && self.run("ROLLBACK").is_ok() {
            KEPT.set(Some(Rc::clone(&self.0)));
        }
    }
}

fn opened() -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_in_memory_with_flags(flags)?;
    // Otherwise SQLite plans a statement anew whenever it binds other values.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // D1 always enforces them.
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.set_prepared_statement_cache_capacity(PREPARED);
    for migration in MIGRATIONS.iter() {
        connection.execute_batch(migration)?;
    }
    touched::observe(&connection)?;
    Ok(connection)
}

/// A value as D1 binds it: every number is a REAL, and STRICT columns turn it back.
fn bound(value: &Bound) -> Result<Value, StoreError> {
    Ok(match value {
        Bound::Null => Value::Null,
        Bound::Text(text) => Value::Text(text.clone()),
        Bound::Whole(number) => Value::Real(exact(*number)?),
    })
}

/// An error as D1 words it.
fn as_d1(error: &rusqlite::Error) -> StoreError {
    StoreError::from_message(format!("D1_ERROR: {error}"))
}

impl Rows for SqliteRows {
    fn all<T: DeserializeOwned>(&self) -> Result<Vec<T>, StoreError> {
        let row = |values: &Vec<Value>| {
            let columns = self.columns.iter().map(String::as_str);
            let fields = columns.zip(values.iter().map(Cell));
            T::deserialize(MapDeserializer::new(fields))
        };
        let rows: Result<Vec<T>, Error> = self.rows.iter().map(row).collect();
        rows.map_err(|error| StoreError::Broken(error.to_string()))
    }
}

/// A value of a row, on its way into a field.
#[derive(Clone, Copy)]
struct Cell<'a>(&'a Value);

impl IntoDeserializer<'_> for Cell<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Cell<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Integer(number) => visitor.visit_i64(*number),
            Value::Real(number) => visitor.visit_f64(*number),
            Value::Text(text) => visitor.visit_str(text),
            Value::Blob(bytes) => visitor.visit_bytes(bytes),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Value::Text(text) => visitor.visit_enum(text.as_str().into_deserializer()),
            _ => self.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}
