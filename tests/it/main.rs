//! Scenarios against a running edge, one file per group.

mod arbitrary;
mod hostile_input;
mod ledger;
mod properties;
mod vectors;
