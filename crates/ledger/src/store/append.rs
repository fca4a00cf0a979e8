//! Appending: a plan of the core as the statements that store it.
//!
//! Invariants: entries come before the member whose last ones they are, and she before all else, so that
//! another writer is met as a conflict on her, before anything else; and a plan is a few statements, however much
//! it books, since a database runs only so many at once: what there may be many of is one statement's list.

use earnest_core::wire::HoldingsDocument;
use earnest_core::{
    ChainedEntry, CreditEntry, Currency, Entry, EntryHash, Plan, Program, Timestamp, due_at,
    entry_hash,
};

use super::members::MemberRow;
use super::{Statement, StoreError, Value, budgets, events, facts};
use crate::json;

/// A part of an entry as it is stored: the currency's code, points, and minor units spent.
pub(super) type PoolColumn<'a> = (Option<&'a str>, i64, i64);

/// A row as an element of the list that a statement binds, its columns in the statement's order.
type Row = serde_json::Value;

/// A member as she was read: what a plan on her is stored upon.
#[derive(Clone, Copy, Debug)]
pub struct Base<'a> {
    /// Her id.
    pub member_id: &'a str,
    /// How often she had changed.
    pub revision: u64,
    /// The hash of her last entry; `None` where the chain has not begun.
    pub head: Option<EntryHash>,
    /// When there was something to settle.
    pub due_at: Option<Timestamp>,
}

impl<'a> Base<'a> {
    /// Somebody who joins in the same batch.
    #[must_use]
    pub fn newcomer(member_id: &'a str) -> Self {
        Self {
            member_id,
            revision: 0,
            head: None,
            due_at: None,
        }
    }

    /// A member who was read.
    ///
    /// # Errors
    /// Where she is stored as nobody can be.
    pub fn of(member: &'a MemberRow) -> Result<Self, StoreError> {
        Ok(Self {
            member_id: &member.member_id,
            revision: member.revision,
            head: member.head()?,
            due_at: member.due_at(),
        })
    }
}

/// The statements that store a plan on a member.
pub fn store_plan(
    shop: &str,
    base: &Base<'_>,
    program: &Program,
    plan: &Plan,
    now: Timestamp,
) -> Vec<Statement> {
    let mut head = base.head;
    let mut statements = Vec::new();
    let mut entries = Vec::with_capacity(plan.entries.len());
    for entry in &plan.entries {
        let hash = entry_hash(head.as_ref(), base.member_id, &chained(entry));
        entries.push(entry_row(entry, &hash));
        head = Some(hash);
    }
    if !entries.is_empty() {
        statements.push(store_entries(shop, base.member_id, &entries));
    }
    let due_at = due_at(program, &plan.snapshot, now);
    statements.push(store_snapshot(shop, base, plan, head, due_at));
    if !plan.credits.is_empty() {
        statements.push(store_credits(shop, base.member_id, &plan.credits));
    }
    statements.extend(budgets::store_given_back(shop, &plan.budgets));
    let taken = plan.budgets.iter().filter(|it| it.points >= 0);
    statements.extend(taken.map(|taken| budgets::store_use(shop, taken)));
    if !plan.events.is_empty() {
        statements.push(events::store(shop, base.member_id, &plan.events, now));
    }
    statements
}

/// The hash of the last entry once a plan is stored.
#[must_use]
pub fn head_after(base: &Base<'_>, plan: &Plan) -> Option<EntryHash> {
    plan.entries.iter().fold(base.head, |head, entry| {
        Some(entry_hash(head.as_ref(), base.member_id, &chained(entry)))
    })
}

fn chained(entry: &Entry) -> ChainedEntry<'_> {
    ChainedEntry {
        seq: entry.seq,
        kind: entry.kind.name(),
        points: entry.points.get(),
        balance: entry.balance.get(),
        source: &entry.source,
        reason: entry.reason.as_deref(),
        rules: &entry.rules,
        partner: entry.partner.as_ref().map(|it| it.id.as_str()),
        program_version: entry.program.version,
        program_digest: &entry.program.digest,
        booked_at: entry.booked_at,
        day: entry.day,
        pools: &entry.pools,
        by: entry.by.as_deref(),
    }
}

/// An entry as an element of the list that is stored.
fn entry_row(entry: &Entry, hash: &EntryHash) -> Row {
    let pools = entry.pools.iter();
    let pools = pools.map(|it| (it.currency.map(Currency::code), it.points, it.spent_minor));
    let pools: Vec<PoolColumn<'_>> = pools.collect();
    let partner = entry.partner.as_ref();
    serde_json::json!([
        entry.seq,
        entry.kind.name(),
        entry.source,
        entry.points.get(),
        entry.balance.get(),
        entry.reason,
        entry.program.version,
        entry.program.digest,
        entry.booked_at.as_millis(),
        rules(&entry.rules),
        partner.map(|it| &it.id),
        entry.day,
        pools,
        hash.to_string(),
        entry.by,
        partner.map(|it| it.currency.code()),
    ])
}

fn store_entries(shop: &str, member_id: &str, entries: &[Row]) -> Statement {
    Statement::new(
        "INSERT INTO entries (shop, member_id, seq, kind, source, points, balance_points, reason, \
         program_version, program_digest, booked_at, rules, partner, day, pools, hash, decided_by, partner_currency) \
         SELECT ?1, ?2, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, \
         value ->> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12, value ->> 13, value ->> 14, \
         value ->> 15 FROM json_each(?3)",
        [
            shop.into(),
            member_id.into(),
            json(&entries).as_str().into(),
        ],
    )
}

/// The member after the plan. Her place in the ledger is that of her last entry: it is named only where the
/// plan has entries; and when she is due only where that has changed, since each mention writes its index anew.
fn store_snapshot(
    shop: &str,
    base: &Base<'_>,
    plan: &Plan,
    head: Option<EntryHash>,
    due_at: Option<Timestamp>,
) -> Statement {
    let snapshot = &plan.snapshot;
    let holdings = json(&HoldingsDocument::from(&snapshot.holdings));
    let mut values: Vec<Value> = vec![
        shop.into(),
        base.member_id.into(),
        base.revision.saturating_add(1).into(),
        snapshot.earned.into(),
        snapshot.tier.as_deref().into(),
        facts::write(snapshot).as_str().into(),
        holdings.as_str().into(),
    ];
    let is_due_anew = due_at != base.due_at;
    if !plan.entries.is_empty() {
        let head = head.map(|hash| hash.to_string());
        values.extend([
            snapshot.seq.into(),
            snapshot.balance.into(),
            head.as_deref().into(),
        ]);
    }
    if is_due_anew {
        values.push(due_at.into());
    }
    let sql = match (plan.entries.is_empty(), is_due_anew) {
        (true, false) => {
            "UPDATE members SET revision = ?3, earned_points = ?4, tier = ?5, facts = ?6, holdings = ?7 \
             WHERE shop = ?1 AND member_id = ?2"
        }
        (true, true) => {
            "UPDATE members SET revision = ?3, earned_points = ?4, tier = ?5, facts = ?6, holdings = ?7, \
             due_at = ?8 WHERE shop = ?1 AND member_id = ?2"
        }
        (false, false) => {
            "UPDATE members SET revision = ?3, earned_points = ?4, tier = ?5, facts = ?6, holdings = ?7, \
             seq = ?8, balance_points = ?9, head_hash = ?10 WHERE shop = ?1 AND member_id = ?2"
        }
        (false, true) => {
            "UPDATE members SET revision = ?3, earned_points = ?4, tier = ?5, facts = ?6, holdings = ?7, \
             seq = ?8, balance_points = ?9, head_hash = ?10, due_at = ?11 \
             WHERE shop = ?1 AND member_id = ?2"
        }
    };
    Statement::new(sql, values)
}

/// Each entry is the next of its balance: after what is there, and after those before it in the list.
fn store_credits(shop: &str, member_id: &str, credits: &[CreditEntry]) -> Statement {
    let rows = credits.iter().enumerate().map(|(place, entry)| {
        let before = credits.iter().take(place);
        let before = before.filter(|other| other.balance == entry.balance);
        serde_json::json!([
            entry.balance,
            before.count().saturating_add(1),
            entry.kind.name(),
            entry.source,
            entry.minor,
            entry.balance_minor,
            rules(&entry.rules),
            entry.program.version,
            entry.program.digest,
            entry.booked_at.as_millis(),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    Statement::new(
        "INSERT INTO credit_entries (shop, member_id, balance, seq, kind, source, minor, balance_minor, \
         rules, program_version, program_digest, booked_at) \
         SELECT ?1, ?2, value ->> 0, value ->> 1 + coalesce((SELECT max(seq) FROM credit_entries \
         WHERE shop = ?1 AND member_id = ?2 AND balance = value ->> 0), 0), value ->> 2, value ->> 3, value ->> 4, \
         value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9 FROM json_each(?3)",
        [shop.into(), member_id.into(), json(&rows).as_str().into()],
    )
}

/// The ids of rules, as a list; null for none.
fn rules(ids: &[String]) -> Option<&[String]> {
    (!ids.is_empty()).then_some(ids)
}
