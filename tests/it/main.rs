//! Scenarios against a running edge, one file per group.

mod adjustments;
mod arbitrary;
mod cors;
mod cost;
mod delivery;
mod demo;
mod documentation;
mod edge;
mod enrolment;
mod entries;
mod fields;
mod hostile_input;
mod isolation;
mod keys;
mod ledger;
mod orders;
mod program;
mod properties;
mod publishing;
mod requests;
mod shapes;
mod shop;
mod shown;
mod snapshot;
mod vectors;
mod vectors_at_edge;
