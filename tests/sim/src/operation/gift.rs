//! A member uses what she was given: she pays an order with it, which may come back, or her shop says that she has it.
//!
//! It is used once, and not when its time is up or what it was given for has come back.

use std::sync::Arc;

use earnest_ledger::{BookingError, Ending, RedemptionError};
use serde::Deserialize;
use serde_json::json;

use super::refund::SendBack;
use super::{Operation, SHOPS, order, redemption, refund};
use crate::Violation;
use crate::edge::Request;
use crate::errand::{Errand, expect};
use crate::random::Random;
use crate::shell::{Shell, Told, shop_id};
use crate::who::{Person, Said, anybody};

#[derive(Debug)]
struct Use {
    shop: usize,
    person: Person,
    /// Which of what she was given.
    nth: usize,
    how: How,
    /// Whether the order is paid with the next of them as well.
    with_next: bool,
    /// The order that she pays with it, and what of it comes back.
    order: SendBack,
    is_kept: bool,
}

#[derive(Clone, Copy, Debug)]
enum How {
    Order,
    Commit,
    Release,
}

/// A gift, as the books have it.
#[derive(Deserialize)]
struct Gift {
    redemption_id: String,
}

/// Whether it can be used.
#[derive(Deserialize)]
struct State {
    is_used: i64,
    is_over: i64,
}

/// What a client reads in an answer.
#[derive(Deserialize)]
struct Answer {
    status: String,
}

/// First what can be used.
const HERS: &str = "
    SELECT redemption_id FROM redemptions WHERE shop = ?1 AND gift_of IS NOT NULL AND member_id IN (
      SELECT member_id FROM members WHERE shop = ?1 AND ?2 IN (member_id, merged_into))
    ORDER BY spent_at IS NOT NULL, withdrawn_at IS NOT NULL, redemption_id LIMIT 4";
const STATE: &str = "
    SELECT spent_at IS NOT NULL AS is_used,
      withdrawn_at IS NOT NULL OR coalesce(ends_at <= CAST(?3 AS INTEGER), false) AS is_over
    FROM redemptions WHERE shop = ?1 AND redemption_id = ?2";

pub(super) fn draw(random: &mut Random) -> Arc<dyn Operation> {
    let (shop, person) = (random.place(SHOPS), anybody(random));
    let mut order = order::any(random);
    order.shop = shop;
    order.who = Said::Member(person);
    Arc::new(Use {
        shop,
        person,
        nth: random.place(12),
        how: random.pick(&[How::Order, How::Order, How::Commit, How::Release]),
        with_next: random.one_in(3),
        order: refund::any(order, random),
        is_kept: random.one_in(2),
    })
}

impl Use {
    fn state(&self, gift: &str, shell: &Shell) -> Option<State> {
        let now = shell.now.as_millis().to_string();
        let found: Vec<State> = shell.database.ask(STATE, &[shop_id(self.shop), gift, &now]);
        found.into_iter().next()
    }

    fn end(&self, gift: &str, ending: Ending, shell: &mut Shell) -> Result<(), Violation> {
        let told = redemption::end(self.shop, gift, ending, shell);
        let state = self.state(gift, shell);
        let is = |wanted: fn(&State) -> bool| state.as_ref().is_some_and(wanted);
        match told {
            Told::First(answer) if matches!(ending, Ending::Release) => {
                let told: Answer = serde_json::from_str(&answer).expect("an answer is JSON");
                let is_over = is(|it| it.is_over == 1);
                Violation::unless(
                    told.status == if is_over { "over" } else { "given" }
                        || shell.was_interrupted(),
                    format!("a gift is over ({is_over}), and told was {answer}"),
                )
            }
            Told::First(_) => {
                shell.tally.count("gifts were used without an order");
                Violation::unless(
                    is(|it| it.is_used == 1),
                    "a gift was used, and is there still",
                )
            }
            Told::Again(_) => Violation::unless(
                matches!(ending, Ending::Release) || is(|it| it.is_used == 1),
                "a gift was used already, and is there still",
            ),
            Told::Not(BookingError::Redemption(RedemptionError::Over(_))) => {
                Violation::unless(is(|it| it.is_over == 1), "a gift is over, and it is not")
            }
            Told::Not(BookingError::Redemption(RedemptionError::Spent(_))) => {
                Violation::unless(is(|it| it.is_used == 1), "a gift is spent, and it is not")
            }
            Told::Not(error) => shell.may_fail(self.shop, &error),
        }
    }

    /// The order, paid with the gift, or with the next one as well.
    fn paid(&self, gifts: &[&str], nth: usize) -> SendBack {
        let mut order = self.order.clone();
        let gifts = gifts.iter().cycle().skip(nth);
        let gifts = gifts.take(if self.with_next { 2 } else { 1 });
        order.order.redemptions = gifts.map(|it| (*it).to_owned()).collect();
        order
    }
}

impl Operation for Use {
    fn perform(&self, shell: &mut Shell) -> Result<(), Violation> {
        let member_id = shell.member_id(self.shop, self.person);
        let hers: Vec<Gift> = shell.database.ask(HERS, &[shop_id(self.shop), &member_id]);
        let Some(nth) = self.nth.checked_rem(hers.len()) else {
            return Ok(());
        };
        let gifts: Vec<&str> = hers.iter().map(|it| it.redemption_id.as_str()).collect();
        let gift = gifts[nth];
        match self.how {
            How::Order if self.is_kept => self.paid(&gifts, nth).order.deliver(None, shell),
            How::Order => self.paid(&gifts, nth).perform(shell),
            How::Commit => self.end(gift, Ending::Commit, shell),
            How::Release => self.end(gift, Ending::Release, shell),
        }
    }

    fn carry(&self, errand: &mut Errand<'_>) -> Result<(), Violation> {
        let member_id = errand.member_id(self.shop, self.person);
        let path = format!("/v1/members/{member_id}/redemptions");
        let told = errand.read(&Request::get(self.shop, path));
        if told.status != 200 {
            return expect(&errand.refused(&told)?, &["member_not_found"]);
        }
        let told = told.json();
        let listed = told["redemptions"]
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        let gifts = listed.iter().filter(|it| !it["given"].is_null());
        let gifts = gifts.map(|it| it["redemption_id"].as_str().unwrap_or_default());
        let gifts: Vec<&str> = gifts.collect();
        let Some(nth) = self.nth.checked_rem(gifts.len()) else {
            return Ok(());
        };
        let gift = gifts[nth];
        let verb = match self.how {
            How::Order if self.is_kept => return self.paid(&gifts, nth).order.carry(errand),
            How::Order => return self.paid(&gifts, nth).carry(errand),
            How::Commit => "commit",
            How::Release => "release",
        };
        let path = format!("/v1/redemptions/{gift}/{verb}");
        let answer = errand.ask(&Request::post(self.shop, path, &json!({})));
        if answer.status == 200 {
            errand.count("gifts were used without an order");
            return Ok(());
        }
        expect(
            &errand.refused(&answer)?,
            &["gift_over", "redemption_spent"],
        )
    }
}
