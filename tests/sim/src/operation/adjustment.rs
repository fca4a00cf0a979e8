//! A person gives or takes points, under a key of hers.

use std::sync::Arc;

use earnest_core::Refusal;
use earnest_core::limits::MAX_POINTS;
use earnest_ledger::{AdjustmentBooking, BookingError};
use serde::Deserialize;
use serde_json::json;

use super::{Operation, SHOPS};
use crate::Violation;
use crate::edge::Request;
use crate::errand::{Errand, Reply, expect};
use crate::random::Random;
use crate::shell::{Shell, Told, shop_id};
use crate::who::{Person, anybody};

const KEYS: u64 = 500;

#[derive(Debug)]
struct Adjust {
    shop: usize,
    person: Person,
    key: u64,
    points: i64,
}

/// What a member has that has not expired.
#[derive(Deserialize)]
struct Living {
    points: i64,
    /// What is held for rewards besides, which counts against what anybody may have.
    held: i64,
}

/// Reservations that are over are hers again; what still is held is not to be had.
const LIVING: &str = "
    SELECT (
      SELECT coalesce(sum(lot.value ->> 0), 0) FROM (
        SELECT value FROM json_each(holdings, '$.lots')
        UNION ALL
        SELECT drawn.value FROM json_each(holdings, '$.reservations') AS held, json_each(held.value, '$.drawn') AS drawn
        WHERE held.value ->> 'ends_at' <= CAST(?3 AS INTEGER)) AS lot
      WHERE coalesce(lot.value ->> 2 > CAST(?3 AS INTEGER), true)) AS points, (
      SELECT coalesce(sum(drawn.value ->> 0), 0)
      FROM json_each(holdings, '$.reservations') AS held, json_each(held.value, '$.drawn') AS drawn
      WHERE held.value ->> 'ends_at' > CAST(?3 AS INTEGER)) AS held
    FROM members WHERE shop = ?1 AND member_id = ?2";

#[derive(Debug, PartialEq, Deserialize)]
struct Kept {
    member_id: String,
    points: i64,
}

/// What a client reads in an answer, and what the entry says.
#[derive(Deserialize)]
struct Answer {
    balance_points: i64,
}

const BALANCE: &str =
    "SELECT balance_points FROM entries WHERE shop = ?1 AND kind = 'adjust' AND source = ?2";

pub(super) fn draw(random: &mut Random) -> Arc<dyn Operation> {
    Arc::new(Adjust {
        shop: random.place(SHOPS),
        person: anybody(random),
        key: random.below(KEYS),
        points: random.pick(&[-300, -50, -50, -1, 0, 1, 50, 50, 500, MAX_POINTS]),
    })
}

/// Points are given to a person, so that she has some.
pub(super) fn giving(shop: usize, person: Person, random: &mut Random) -> Arc<dyn Operation> {
    Arc::new(Adjust {
        shop,
        person,
        key: random.below(KEYS),
        points: random.pick(&[50, 100, 300]),
    })
}

/// Points are taken from a person.
pub(super) fn taking(shop: usize, person: Person, random: &mut Random) -> Arc<dyn Operation> {
    Arc::new(Adjust {
        shop,
        person,
        key: random.below(KEYS),
        points: random.pick(&[-300, -100, -50, -20, -5]),
    })
}

impl Operation for Adjust {
    fn perform(&self, shell: &mut Shell) -> Result<(), Violation> {
        let shop = shop_id(self.shop);
        let member_id = shell.member_id(self.shop, self.person);
        let key = format!("k-{}", self.key);
        let now = shell.now.as_millis().to_string();
        let before: Vec<Living> = shell.database.ask(LIVING, &[shop, &member_id, &now]);
        let held = before.first().map_or(0, |living| living.held);
        let before = before.first().map(|living| living.points);
        let booking = AdjustmentBooking {
            shop,
            member_id: &member_id,
            key: &key,
            points: self.points,
            reason: " somebody asked for it ",
            by: None,
        };
        let told = shell.book(self.shop, &booking);
        let kept = "SELECT member_id, points FROM entries WHERE shop = ?1 AND kind = 'adjust' AND source = ?2";
        let kept: Vec<Kept> = shell.database.ask(kept, &[shop, &key]);
        let ours = Kept {
            member_id: member_id.clone(),
            points: self.points,
        };
        let what = ("adjustment", self.shop, key.clone());
        match told {
            Told::First(answer) => {
                Violation::unless(
                    kept == [ours],
                    "an adjustment was acknowledged and is not there",
                )?;
                let told: Answer = serde_json::from_str(&answer).expect("an answer is JSON");
                let entry: Vec<Answer> = shell.database.ask(BALANCE, &[shop, &key]);
                Violation::unless(
                    entry
                        .iter()
                        .all(|it| it.balance_points == told.balance_points),
                    "an adjustment was answered with another balance than there is",
                )?;
                shell.acknowledge(what, &answer, true)
            }
            Told::Again(answer) => {
                Violation::unless(kept == [ours], "an adjustment is answered from nowhere")?;
                shell.acknowledge(what, &answer, false)
            }
            Told::Not(BookingError::KeyReused) => Violation::unless(
                kept.first().is_some_and(|kept| *kept != ours),
                "a key was refused as another's, and it is its own",
            ),
            Told::Not(BookingError::MemberMerged { into, .. }) => Violation::unless(
                into == shell.who_is_now(self.shop, &member_id) && into != member_id,
                "a member counts as merged, and stands for herself",
            ),
            Told::Not(BookingError::MemberUnknown) => {
                Violation::unless(before.is_none(), "a member is unknown, and she is there")
            }
            Told::Not(BookingError::Refused { refusal, .. }) => {
                let after = before.map(|before| before.saturating_add(self.points));
                let right = match refusal {
                    Refusal::AdjustmentOfZero => self.points == 0,
                    Refusal::BalanceBelowZero => after.is_some_and(|after| after < 0),
                    // What is held for rewards is hers too, though not to be had.
                    Refusal::PointsBeyondLimit => {
                        after.is_some_and(|after| after.saturating_add(held) > MAX_POINTS)
                            || before.is_some_and(|before| before > MAX_POINTS / 2)
                    }
                    _ => false,
                };
                Violation::unless(
                    right || shell.was_interrupted(),
                    format!(
                        "a balance of {before:?} was refused {}: {refusal}",
                        self.points
                    ),
                )
            }
            Told::Not(error) => shell.may_fail(self.shop, &error),
        }
    }

    fn carry(&self, errand: &mut Errand<'_>) -> Result<(), Violation> {
        let member_id = errand.member_id(self.shop, self.person);
        let key = format!("k-{}", self.key);
        let body = json!({ "points": self.points, "reason": "somebody asked for it" });
        let request = Request {
            idempotency_key: Some(key.clone()),
            ..Request::post(
                self.shop,
                format!("/v1/members/{member_id}/adjustments"),
                &body,
            )
        };
        match errand.book(("adjustment", key.clone()), &request)? {
            Reply::Booked(told, _) => Violation::unless(
                told["entry"]["points"] == self.points,
                format!("{} were adjusted, and told was {told}", self.points),
            ),
            Reply::Refused(code) => match code.as_str() {
                "member_not_found" => Violation::unless(
                    member_id == "mem_nobody",
                    "a member is unknown, and she is there",
                ),
                "adjustment_of_zero" => {
                    Violation::unless(self.points == 0, "an adjustment was refused as one of zero")
                }
                "balance_below_zero" => {
                    Violation::unless(self.points < 0, "what was given was refused as taken")
                }
                "idempotency_key_reused" => Violation::unless(
                    errand.was_sent_otherwise("adjustment", self.shop, &key),
                    "a key was refused as another's, and it is its own",
                ),
                code => expect(code, &["member_merged"]),
            },
        }
    }
}
