//! Settling: what time alone has done, booked for whoever it is due, in slices.
//!
//! Owns the round of a cron: what to read next, whom that finds, what to write for each of them, and when to stop.
//! Its place is in the database, since who is settled is due later; so a round may break off anywhere, and the
//! next one goes on. Invariants: a round never asks a database more often than [`MAX_QUERIES`]; who cannot be
//! settled is put off, so that nobody keeps others waiting.

use earnest_core::{Command, Program, Snapshot, Timestamp, plan};

use crate::BookingError;
use crate::store::append::{self, Base};
use crate::store::members::{self, MemberRow};
use crate::store::{Rows, Statement, StoreError};

/// Statements that one round runs at most. D1 takes 1,000 from one call of a Worker.
pub const MAX_QUERIES: usize = 800;

/// Statements that a round runs at most for which somebody waits.
const BRIEF_QUERIES: usize = 200;

/// Members that are read at once.
const SLICE: u32 = 50;

/// For so long somebody is put off who cannot be settled now.
const PUT_OFF_MILLIS: i64 = 3_600_000;

/// A round of settling.
#[derive(Clone, Debug)]
pub struct Settling {
    /// The one shop whose members are settled; `None` for all.
    shop: Option<String>,
    now: Timestamp,
    queries_left: usize,
    is_over: bool,
}

/// A member for whom something is due.
#[derive(Clone, Debug)]
pub struct Due {
    member: MemberRow,
    now: Timestamp,
}

impl Settling {
    /// A round that begins.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self {
            shop: None,
            now,
            queries_left: MAX_QUERIES,
            is_over: false,
        }
    }

    /// A short round among a shop's members, for somebody who waits: what holds that have ended took from a stock comes
    /// back with it.
    #[must_use]
    pub fn brief(shop: &str, now: Timestamp) -> Self {
        Self {
            shop: Some(shop.to_owned()),
            queries_left: BRIEF_QUERIES,
            ..Self::new(now)
        }
    }

    /// What to read next; `None` once nobody else is due, or no more may be asked.
    pub fn next_slice(&mut self) -> Option<Statement> {
        if self.is_over || self.queries_left == 0 {
            return None;
        }
        self.queries_left = self.queries_left.saturating_sub(1);
        Some(match &self.shop {
            Some(shop) => members::load_due_of(shop, self.now, SLICE),
            None => members::load_due(self.now, SLICE),
        })
    }

    /// Whom it found.
    ///
    /// # Errors
    /// Where a row is not as the ledger keeps it.
    pub fn found(&mut self, rows: &impl Rows) -> Result<Vec<Due>, StoreError> {
        let found = members::members(rows)?;
        self.is_over = u32::try_from(found.len()).is_ok_and(|found| found < SLICE);
        let now = self.now;
        let due = found.into_iter().map(|member| Due { member, now });
        Ok(due.collect())
    }

    /// Whether so many statements may still be run; then they count. Where not, the round is over.
    pub fn may_run(&mut self, statements: &[Statement]) -> bool {
        let left = self.queries_left.checked_sub(statements.len());
        self.is_over |= left.is_none();
        self.queries_left = left.unwrap_or(0);
        left.is_some()
    }
}

impl Due {
    /// Her shop: its program decides.
    #[must_use]
    pub fn shop(&self) -> &str {
        &self.member.shop
    }

    /// Her id.
    #[must_use]
    pub fn member_id(&self) -> &str {
        &self.member.member_id
    }

    /// What settles her, by one batch. Where another writer is first it has settled her.
    ///
    /// # Errors
    /// Where she is stored as nobody can be, or the core refuses; then she is to be put off.
    pub fn settle(&self, program: &Program) -> Result<Vec<Statement>, BookingError> {
        let snapshot = self.member.snapshot()?;
        let planned = plan(program, Some(&snapshot), Command::Settle, self.now);
        let planned = planned.map_err(|refusal| BookingError::refused(refusal, None))?;
        let base = Base::of(&self.member)?;
        let (shop, now) = (self.shop(), self.now);
        Ok(append::store_plan(shop, &base, program, &planned, now))
    }

    /// What puts her off: for whom no program is published, or who cannot be settled as she is.
    #[must_use]
    pub fn put_off(&self) -> Statement {
        let later = self.now.as_millis().saturating_add(PUT_OFF_MILLIS);
        let later = Timestamp::from_millis(later);
        members::store_due(self.shop(), self.member_id(), self.member.revision, later)
    }
}

/// A member as she is at an instant, whether or not what time has done to her is booked.
///
/// # Errors
/// The refusal of the core, which no member that it has planned gets.
pub fn settled(
    program: &Program,
    member: &Snapshot,
    now: Timestamp,
) -> Result<Snapshot, BookingError> {
    let planned = plan(program, Some(member), Command::Settle, now);
    let planned = planned.map_err(|refusal| BookingError::refused(refusal, None))?;
    Ok(planned.snapshot)
}

#[cfg(test)]
mod tests {
    use earnest_core::compile;
    use serde::de::DeserializeOwned;
    use serde_json::json;

    use super::*;

    /// Rows as a database would give them.
    struct Given(serde_json::Value);

    impl Rows for Given {
        fn all<T: DeserializeOwned>(&self) -> Result<Vec<T>, StoreError> {
            serde_json::from_value(self.0.clone())
                .map_err(|error| StoreError::Broken(error.to_string()))
        }
    }

    fn now() -> Timestamp {
        Timestamp::from_millis(1_000_000)
    }

    /// So many members, each with 5 points that were over at 900 seconds.
    fn members(count: usize, holdings: &str) -> Given {
        let member = |nth| {
            json!({
                "shop": "bakery", "member_id": format!("mem_{nth}"), "customer_id": null, "email_hash": null,
                "terms_at": 0, "marketing_at": null, "enrolled_at": 0, "revision": 7, "merged_into": null,
                "facts": "{}", "holdings": holdings, "signs": "{}", "due_at": 900_000, "head_hash": null, "seq": 1,
                "balance_points": 5, "earned_points": 5, "tier": null
            })
        };
        Given((0..count).map(member).collect())
    }

    const OVER: &str = r#"{"lots":[[5,0,900000,null]],"settled_at":0}"#;

    fn program() -> Program {
        let source = "version = 1\nname = 'Club'\npoints = { one = 'star', other = 'stars' }\n\
                      earn.per_unit = { EUR = 1 }";
        compile::compile(source).expect("a program").program
    }

    #[test]
    fn a_round_ends_with_the_last_who_is_due_and_asks_no_more_than_it_may() {
        let check = |found: &[usize], writes, slices, queries| {
            let mut round = Settling::new(now());
            let mut found = found.iter().copied();
            let (mut asked, mut sent) = (0, 0);
            while round.next_slice().is_some() {
                asked += 1;
                sent += 1;
                let slice = members(found.next().unwrap_or(50), OVER);
                for due in round.found(&slice).expect("members") {
                    let statements = vec![due.put_off(); writes];
                    if !round.may_run(&statements) {
                        break;
                    }
                    sent += statements.len();
                }
            }
            assert_eq!((asked, sent), (slices, queries), "{writes} statements each");
        };
        check(&[0], 1, 1, 1);
        check(&[3], 2, 1, 7);
        check(&[50, 0], 1, 2, 52);
        check(&[50, 50, 1], 3, 3, 306);
        // Without an end it stops where it must: 15 slices of 51, and 34 of one more.
        check(&[], 1, 16, MAX_QUERIES);
        // 5 slices of 151, and 14 of one more, which leaves less than the next one takes.
        check(&[], 3, 6, 798);
        check(&[], 1000, 1, 1);
    }

    #[test]
    fn however_much_is_due_of_a_member_it_is_a_few_statements() {
        // Points of 900 days that are over, and as many holds that have ended.
        let lots = |nth| json!([5, 0, 899_000 + nth, null]);
        let held = |nth| json!({ "id": format!("r{nth}"), "ends_at": 898_000 + nth, "drawn": [[1, 0, null, null]] });
        let holdings = json!({
            "lots": (0..900).map(lots).collect::<Vec<_>>(),
            "reservations": (0..900).map(held).collect::<Vec<_>>(),
            "settled_at": 0,
        });
        let mut round = Settling::new(now());
        let mut slice = members(1, &holdings.to_string());
        slice.0[0]["balance_points"] = json!(5_400);
        let due = round.found(&slice).expect("a member").remove(0);
        let statements = due.settle(&program()).expect("statements");
        let events = statements.last().map(|it| it.values[3].clone());
        let Some(crate::Value::Text(events)) = events else {
            panic!("events are told last")
        };
        assert_eq!(events.matches("points.expired").count(), 900);
        assert_eq!(events.matches("redemption.timed_out").count(), 900);
        assert_eq!(statements.len(), 3, "entries, the member, events");
        assert!(round.may_run(&statements));
    }

    #[test]
    fn who_is_due_is_settled_or_put_off_and_of_two_writers_one_is_first() {
        let mut round = Settling::new(now());
        let due = round.found(&members(1, OVER)).expect("a member").remove(0);
        assert_eq!((due.shop(), due.member_id()), ("bakery", "mem_0"));
        let statements = due.settle(&program()).expect("statements");
        let sql: Vec<&str> = statements.iter().map(|it| &it.sql[..19]).collect();
        let expected = [
            "INSERT INTO entries",
            "UPDATE members SET ",
            "INSERT INTO events ",
        ];
        assert_eq!(sql, expected);
        assert_eq!(statements[1].values[2], 8_u64.into());

        let broken = members(1, r#"{"lots":[[-5,0,900000,null]]}"#);
        let due = round.found(&broken).expect("a member").remove(0);
        assert!(due.settle(&program()).is_err());
        let later = [8_i64, 4_600_000].map(crate::Value::from);
        assert_eq!(due.put_off().values[2..], later);
    }
}
