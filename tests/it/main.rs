//! Scenarios against a running edge, one file per group.

mod ledger;
mod vectors;
