//! Earnest's core: it decides everything about points, and does nothing else.
//!
//! Two functions carry it. [`evaluate()`] is the whole of earning: the browser calls it to preview,
//! the edge calls it to award, so what the shopper sees is what is booked. [`plan()`] is the whole of
//! writing: it turns a command into the entries to append, or into a [`Refusal`] that names its rule.
//!
//! Nothing here reads a clock, draws a random number, does I/O, uses a float, or panics on input:
//! time and ids are arguments, and every conversion, sum and product that could fail is checked.
#![deny(
    clippy::float_arithmetic,
    clippy::as_conversions,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

pub mod accounting;
mod activity;
pub mod allocation;
mod bargain;
mod calendar;
mod cart;
#[cfg(feature = "ledger")]
mod chain;
pub mod challenge;
pub mod competition;
#[cfg(feature = "compile")]
pub mod compile;
mod condition;
mod currency;
pub mod custody;
mod decimal;
mod earning;
mod entry;
mod evaluate;
mod event;
mod exact;
mod explain;
mod hex;
mod holdings;
pub mod lifetime;
mod limit;
pub mod limits;
pub mod lot;
pub mod membership;
mod money;
pub mod partner;
mod perk;
mod plan;
mod points;
mod pool;
#[cfg(feature = "compile")]
pub mod presets;
mod program;
mod ranking;
pub mod receipt;
pub mod referral;
pub mod refund;
pub mod reward;
mod rounding;
mod rule;
mod snapshot;
mod spend;
mod standing;
#[cfg(feature = "ledger")]
pub mod statement;
pub mod surprise;
mod telling;
mod tier;
mod timestamp;
pub mod wire;

pub use activity::{Activity, ActivityError};
pub use bargain::Bargain;
pub use calendar::{Calendar, Date, LocalTime};
pub use cart::{Cart, CartError, CartErrorKind, CartTotals, Checkout, Line};
#[cfg(feature = "ledger")]
pub use chain::{ChainedEntry, EntryHash, EntryHashError, entry_hash};
pub use condition::{Condition, Fact, Range, Test};
pub use currency::{Currency, CurrencyError};
pub use decimal::{Decimal, DecimalError};
pub use earning::{Cause, CreditEarning, Earning, Giver, LineEarning, Reason};
pub use entry::{CreditEntry, Entry, EntryKind};
pub use evaluate::{EvaluateError, evaluate, evaluate_activity};
pub use event::{Event, EventKind};
pub use exact::{ExactPoints, ExactRate};
pub use explain::explain;
pub use holdings::{Holdings, Reservation};
pub use limit::{Limits, Usage};
pub use lot::Lot;
pub use money::{Money, MoneyError};
pub use perk::{Perk, PerkKind};
pub use plan::{
    BudgetUse, Command, Given, GivenFor, Plan, Present, Redeeming, Refusal, due_at, plan,
    plan_onto, plan_under,
};
pub use points::{Points, PointsError, PointsWord};
pub use pool::Pool;
pub use program::{Counts, Program, ProgramRef, Rate};
pub use rounding::{Rounding, RoundingScope};
pub use rule::{
    Balance, Campaign, Combine, Exclusion, Grant, GrantScope, Group, ON_ACCOUNT_CREATED, ON_ORDER,
    Rule, RuleGift,
};
pub use snapshot::Snapshot;
pub use spend::{Band, Spend};
pub use standing::{Measure, Period, Standing, TierRules};
pub use telling::tell_whole;
pub use tier::{Missing, NextTier, Tier};
pub use timestamp::Timestamp;

/// The version of this engine. Previews and awards carry it, so that a difference can be seen.
pub const ENGINE_VERSION: &str = env!("CARGO_PKG_VERSION");
