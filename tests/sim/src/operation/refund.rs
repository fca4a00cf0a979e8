//! An order is sent back, whole or in parts: after it was booked, before that, or without it ever being.
//!
//! What is taken back is never more than the order earned, and all of it where everything is back.

use std::sync::Arc;

use earnest_ledger::{BookingError, RefundBooking, ReturnContent, ReturnError, ReturnLine};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;

use super::order::DeliverOrder;
use super::{Operation, adjustment, order};
use crate::Violation;
use crate::edge::Request;
use crate::errand::{self, Errand, Reply, expect};
use crate::program::SURPRISE_POINTS;
use crate::random::Random;
use crate::shell::{Shell, Told, shop_id};

#[derive(Clone, Debug)]
pub(super) struct SendBack {
    pub(super) order: DeliverOrder,
    /// How many of the refunds come before the order does.
    before: usize,
    /// What happens between the order and its refunds.
    between: Option<Arc<dyn Operation>>,
    /// Each refund: its id, and what it sends back; everything that is left where it names no lines.
    refunds: Vec<(u64, Option<Vec<Line>>)>,
}

/// The place of a line, units of it, and what is paid back.
type Line = (usize, u32, i64);

/// What is kept of a refund.
#[derive(Deserialize)]
struct Kept {
    content: String,
    answer: String,
}

/// What a client reads in an answer.
#[derive(Deserialize)]
struct Answer {
    points: i64,
    #[serde(default)]
    challenge_points: i64,
    taken_points: i64,
    owed_points: i64,
}

impl Answer {
    /// Whether no more is taken than came back, with what challenges and surprises had given.
    fn is_covered(&self) -> bool {
        let back = self.points + self.challenge_points + SURPRISE_POINTS;
        self.taken_points + self.owed_points <= back
    }
}

pub(super) fn draw(random: &mut Random) -> Arc<dyn Operation> {
    let order = order::any(random);
    Arc::new(SendBack {
        before: if random.one_in(4) { random.place(3) } else { 0 },
        between: match random.below(3) {
            0 => None,
            1 => Some(super::draw(random)),
            // What was earned is gone when it is to be taken back.
            _ => order
                .who
                .person()
                .map(|person| adjustment::taking(order.shop, person, random)),
        },
        ..any(order, random)
    })
}

/// An order that is sent back after it was booked.
pub(super) fn any(order: DeliverOrder, random: &mut Random) -> SendBack {
    let refunds = (0..random.between(1, 3)).map(|_| {
        let lines = random.between(1, 2);
        let line = |random: &mut Random| {
            let quantity = random.pick(&[0, 1, 1, 2, 7]);
            (random.place(5), quantity, random.pick(&[0, 0, 0, 50]))
        };
        let lines = (0..lines).map(|_| line(random)).collect();
        (random.below(60), (!random.one_in(3)).then_some(lines))
    });
    SendBack {
        refunds: refunds.collect(),
        before: 0,
        between: None,
        order,
    }
}

/// The same, and what happens before it is sent back.
pub(super) fn after(
    order: DeliverOrder,
    between: Option<Arc<dyn Operation>>,
    random: &mut Random,
) -> SendBack {
    SendBack {
        between,
        ..any(order, random)
    }
}

impl SendBack {
    /// Who bought may be on her way into another member.
    fn waits_for_a_merge(&self, shell: &Shell) -> bool {
        let on_their_way = "SELECT transfer_id FROM transfers WHERE shop = ?1 AND kind = 'merge' AND arrived_at IS NULL";
        let shop = shop_id(self.order.shop);
        let found: Vec<IgnoredAny> = shell.database.ask(on_their_way, &[shop]);
        !found.is_empty()
    }

    fn carry_back(&self, nth: usize, errand: &mut Errand<'_>) -> Result<(), Violation> {
        let Some((id, lines)) = self.refunds.get(nth) else {
            return Ok(());
        };
        let shop = self.order.shop;
        let (refund_id, order_id) = (format!("r-{id}"), self.order.id());
        let mut body = json!({ "id": refund_id, "order_id": order_id });
        if let Some(lines) = lines {
            let lines: Vec<_> = lines.iter().map(return_line).collect();
            body["lines"] = json!(lines);
        }
        // A refund is known by its id alone, whichever order it is of.
        let request = Request::post(shop, "/v1/refunds", &body);
        match errand.book(("refund", refund_id.clone()), &request)? {
            Reply::Booked(told, _) => {
                let told: Answer = serde_json::from_value(told).expect("an answer of a refund");
                Violation::unless(told.is_covered(), "a refund takes more than came back")
            }
            Reply::Refused(code) if code == "refund_differs" => Violation::unless(
                errand.was_sent_otherwise("refund", shop, &refund_id),
                "a refund was refused as another, and it is the same",
            ),
            Reply::Refused(code) => expect(
                &code,
                &[
                    "refund_line_unknown",
                    "refund_exceeds_order",
                    "refund_of_nothing",
                    "field_invalid",
                ],
            ),
        }
    }

    fn send_back(&self, nth: usize, shell: &mut Shell) -> Result<(), Violation> {
        let Some((id, lines)) = self.refunds.get(nth) else {
            return Ok(());
        };
        let shop = shop_id(self.order.shop);
        let refund_id = format!("r-{id}");
        let lines = lines
            .as_ref()
            .map(|lines| lines.iter().map(return_line).collect());
        let content = &ReturnContent {
            order_id: self.order.id(),
            lines,
        };
        let told = shell.book(
            self.order.shop,
            &RefundBooking {
                shop,
                refund_id: &refund_id,
                content,
            },
        );
        let kept = "SELECT content, answer FROM refunds WHERE shop = ?1 AND order_id = ?2 AND refund_id = ?3";
        let kept: Vec<Kept> = shell
            .database
            .ask(kept, &[shop, &content.order_id, &refund_id]);
        Violation::unless(kept.len() < 2, "a refund is kept twice")?;
        let kept = kept.into_iter().next();
        let kept_waits = kept.as_ref().is_some_and(|it| errand::waits(&it.answer));
        let same = |answer: &str| kept.as_ref().is_some_and(|kept| kept.answer == answer);
        let what = (
            "refund",
            self.order.shop,
            format!("{} {refund_id}", content.order_id),
        );
        match told {
            Told::First(answer) => {
                Violation::unless(same(&answer), "a refund was acknowledged and is not there")?;
                let told: Answer = serde_json::from_str(&answer).expect("an answer is JSON");
                Violation::unless(
                    told.is_covered(),
                    format!("a refund takes more than came back: {answer}"),
                )?;
                shell.acknowledge(what, &answer, true)
            }
            // One that came before its order is answered what became of it, as soon as that has come.
            Told::Again(answer) if !errand::waits(&answer) && kept_waits => {
                shell.acknowledge(("what became of a refund", what.1, what.2), &answer, false)
            }
            Told::Again(answer) => {
                Violation::unless(same(&answer), "a refund is answered from nowhere")?;
                shell.acknowledge(what, &answer, false)
            }
            Told::Not(BookingError::Return(ReturnError::Differs(_))) => Violation::unless(
                kept.is_some_and(|kept| kept.content != earnest_ledger::json(content)),
                "a refund was refused as another, and it is the same",
            ),
            Told::Not(BookingError::Return(
                ReturnError::OfOtherOrder | ReturnError::Order(_) | ReturnError::Amount { .. },
            )) => Violation::unless(kept.is_none(), "a refund is kept, and was refused"),
            Told::Not(error) if error.is_conflict() => Violation::unless(
                self.waits_for_a_merge(shell),
                "a refund waits, and nobody is on her way",
            ),
            Told::Not(error) => shell.may_fail(self.order.shop, &error),
        }
    }
}

fn return_line((line, quantity, minor): &Line) -> ReturnLine {
    ReturnLine {
        id: format!("l{line}"),
        quantity: *quantity,
        amount: (*minor > 0).then(|| format!("{}.{:02}", minor / 100, minor % 100)),
    }
}

impl Operation for SendBack {
    fn perform(&self, shell: &mut Shell) -> Result<(), Violation> {
        for nth in 0..self.before {
            self.send_back(nth, shell)?;
        }
        self.order.deliver(None, shell)?;
        if let Some(between) = &self.between {
            between.perform(shell)?;
        }
        for nth in self.before..self.refunds.len() {
            self.send_back(nth, shell)?;
        }
        Ok(())
    }

    fn carry(&self, errand: &mut Errand<'_>) -> Result<(), Violation> {
        for nth in 0..self.before {
            self.carry_back(nth, errand)?;
        }
        self.order.carry(errand)?;
        if let Some(between) = &self.between {
            between.carry(errand)?;
        }
        for nth in self.before..self.refunds.len() {
            self.carry_back(nth, errand)?;
        }
        Ok(())
    }
}
