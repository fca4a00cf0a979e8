//! The database: batches sent to D1, counted, and sent again where that is safe.
//!
//! Invariant: every batch is safe to send twice. Reads are; writes are because each carries a key that is
//! unique, so a write whose reply was lost comes back as a conflict, and who then reads finds it done.

use std::cell::Cell;
use std::fmt;

use earnest_ledger::store::exact;
use earnest_ledger::{Rows, Statement, StoreError, Value};
use serde::de::DeserializeOwned;
use worker::wasm_bindgen::JsValue;
use worker::{D1Database, D1Result};

/// Times that a batch is sent before the database counts as away.
const ATTEMPTS: u32 = 3;

/// What a request has cost so far, by D1's own count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cost {
    reads: u32,
    writes: u32,
    rows_read: usize,
    /// With what their indexes take.
    pub(crate) rows_written: usize,
}

/// The database, as one request sees it.
#[derive(Debug)]
pub(crate) struct Database {
    d1: D1Database,
    cost: Cell<Cost>,
}

/// The rows that one statement of a batch gave.
#[derive(Debug)]
pub(crate) struct D1Rows(D1Result);

impl Database {
    /// Starts counting at nothing.
    pub(crate) fn new(d1: D1Database) -> Self {
        Self {
            d1,
            cost: Cell::default(),
        }
    }

    /// Reads, by one round trip; one answer for each statement.
    pub(crate) async fn read(
        &self,
        statements: impl IntoIterator<Item = Statement>,
    ) -> Result<Vec<D1Rows>, StoreError> {
        let statements: Vec<Statement> = statements.into_iter().collect();
        let found = self.send(&statements).await?;
        self.count(|cost| cost.reads += 1);
        if found.len() == statements.len() {
            Ok(found)
        } else {
            let message = "a batch gave another number of results".to_owned();
            Err(StoreError::Broken(message))
        }
    }

    /// Writes all of it, or nothing.
    pub(crate) async fn write(&self, statements: &[Statement]) -> Result<(), StoreError> {
        let written = self.send(statements).await;
        self.count(|cost| cost.writes += 1);
        written.map(drop)
    }

    /// What it has cost so far.
    pub(crate) fn cost(&self) -> Cost {
        self.cost.get()
    }

    async fn send(&self, statements: &[Statement]) -> Result<Vec<D1Rows>, StoreError> {
        let mut attempt = 1;
        loop {
            match self.send_once(statements).await {
                Err(StoreError::Away(why)) if attempt < ATTEMPTS => {
                    worker::console_warn!("sending a batch again: {why}");
                    attempt += 1;
                }
                settled => return settled,
            }
        }
    }

    async fn send_once(&self, statements: &[Statement]) -> Result<Vec<D1Rows>, StoreError> {
        let mut prepared = Vec::with_capacity(statements.len());
        for statement in statements {
            let values = statement.values.iter().map(bound);
            let values = values.collect::<Result<Vec<_>, _>>()?;
            let bound = self.d1.prepare(statement.sql).bind(&values);
            prepared.push(bound.map_err(broken)?);
        }
        let results = self.d1.batch(prepared).await.map_err(broken)?;
        for result in &results {
            if let Some(meta) = result.meta().map_err(broken)? {
                self.count(|cost| {
                    cost.rows_read += meta.rows_read.unwrap_or(0);
                    cost.rows_written += meta.rows_written.unwrap_or(0);
                });
            }
        }
        Ok(results.into_iter().map(D1Rows).collect())
    }

    fn count(&self, add: impl FnOnce(&mut Cost)) {
        let mut cost = self.cost.get();
        add(&mut cost);
        self.cost.set(cost);
    }
}

impl Rows for D1Rows {
    fn all<T: DeserializeOwned>(&self) -> Result<Vec<T>, StoreError> {
        self.0.results().map_err(broken)
    }
}

/// A value as D1 takes it.
fn bound(value: &Value) -> Result<JsValue, StoreError> {
    match value {
        Value::Null => Ok(JsValue::NULL),
        Value::Text(text) => Ok(JsValue::from_str(text)),
        Value::Whole(number) => exact(*number).map(JsValue::from_f64),
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "reads={} writes={} rows_read={} rows_written={}",
            self.reads, self.writes, self.rows_read, self.rows_written
        )
    }
}

fn broken(error: impl Into<worker::Error>) -> StoreError {
    let message = match error.into() {
        worker::Error::D1(error) => {
            let error: &worker::js_sys::Error = error.as_ref();
            String::from(error.message())
        }
        other => other.to_string(),
    };
    StoreError::from_message(message)
}
