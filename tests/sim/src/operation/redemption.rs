//! Points and money are held for rewards and orders, and then spent with an order, spent without one, let go, or
//! forgotten. An order may be paid with several of them.

mod ask;

use std::sync::Arc;

use earnest_core::{Refusal, Timestamp};
use earnest_ledger::{BookingError, Ending, RedemptionEnd, RedemptionError};
use serde_json::json;

use self::ask::Ask;
use super::refund::SendBack;
use super::{Operation, activity, adjustment, order, publishing, refund};
use crate::Violation;
use crate::edge::Request;
use crate::errand::{Errand, expect};
use crate::random::Random;
use crate::shell::{Shell, Told, shop_id};

const MINUTE_MS: i64 = 60_000;

#[derive(Debug)]
struct Redeem {
    /// What she is given first, so that she can pay.
    given: Vec<Arc<dyn Operation>>,
    asks: Vec<Ask>,
    /// The order for which they are, and what of it is sent back: who buys asks.
    back: SendBack,
    /// What happens before they end.
    between: Option<Arc<dyn Operation>>,
    /// How much later they end.
    later_ms: i64,
    end: End,
    /// Whether nothing of the order is sent back.
    is_kept: bool,
}

#[derive(Clone, Copy, Debug)]
enum End {
    Order,
    Commit,
    Release,
    Never,
}

pub(super) fn draw(random: &mut Random) -> Arc<dyn Operation> {
    let mut asks = vec![ask::any(random)];
    if random.one_in(3) {
        asks = (0..random.pick(&[2, 2, 3]))
            .map(|_| ask::besides(random))
            .collect();
    }
    let mut order = order::any(random);
    if !random.one_in(8) {
        order.pay_in_euros();
    }
    let mut given = Vec::new();
    if let Some(person) = order.who.person().filter(|_| !random.one_in(4)) {
        given.push(adjustment::giving(order.shop, person, random));
        if asks.iter().any(Ask::has_credits) {
            given.push(activity::giving_credit(order.shop, order.who, random));
        }
    }
    let (shop, mut paid) = (order.shop, order);
    paid.redemptions = asks.iter().map(Ask::id).collect();
    let ends = [
        End::Order,
        End::Order,
        End::Commit,
        End::Release,
        End::Never,
    ];
    Arc::new(Redeem {
        given,
        back: refund::any(paid, random),
        between: match random.below(4) {
            0..=1 => None,
            2 => Some(super::draw(random)),
            // What was agreed when she asked counts.
            _ => Some(publishing::of(shop, random)),
        },
        later_ms: random.pick(&[0, 5, 25, 45, 3_000]) * MINUTE_MS,
        // Who asks for several has an order for them.
        end: if asks.len() > 1 && !random.one_in(4) {
            End::Order
        } else {
            random.pick(&ends)
        },
        is_kept: random.one_in(3),
        asks,
    })
}

/// Ends a redemption.
pub(super) fn end(shop: usize, redemption_id: &str, ending: Ending, shell: &mut Shell) -> Told {
    let end = RedemptionEnd {
        shop: shop_id(shop),
        redemption_id,
        ending,
    };
    shell.book(shop, &end)
}

impl Redeem {
    fn shop(&self) -> usize {
        self.back.order.shop
    }

    fn carry_end(&self, verb: &str, errand: &mut Errand<'_>) -> Result<(), Violation> {
        for ask in &self.asks {
            let path = format!("/v1/redemptions/{}/{verb}", ask.id());
            let answer = errand.ask(&Request::post(self.shop(), path, &json!({})));
            if answer.status != 200 {
                let code = errand.refused(&answer)?;
                let allowed = [
                    "redemption_not_found",
                    "redemption_spent",
                    "redemption_not_held",
                ];
                expect(&code, &allowed)?;
            }
        }
        Ok(())
    }

    fn finish(&self, ending: Ending, shell: &mut Shell) -> Result<(), Violation> {
        for ask in &self.asks {
            let told = end(self.shop(), &ask.id(), ending, shell);
            if matches!(told, Told::First(_)) {
                shell.tally.count(match ending {
                    Ending::Commit => "redemptions were spent without an order",
                    Ending::Release => "redemptions were let go",
                });
            }
            match told {
                Told::First(_) | Told::Again(_) => Violation::unless(
                    ask.is_kept(self.shop(), shell),
                    "a redemption ended that there never was",
                )?,
                Told::Not(
                    BookingError::Redemption(RedemptionError::Unknown | RedemptionError::Spent(_))
                    | BookingError::Refused {
                        refusal: Refusal::RedemptionNotHeld,
                        ..
                    },
                ) => {}
                Told::Not(error) => shell.may_fail(self.shop(), &error)?,
            }
        }
        Ok(())
    }
}

impl Operation for Redeem {
    fn perform(&self, shell: &mut Shell) -> Result<(), Violation> {
        for given in &self.given {
            given.perform(shell)?;
        }
        let mut are_new = true;
        for ask in &self.asks {
            are_new &= ask.ask(&self.back.order, shell)?;
        }
        let agreed = shell.program(self.shop()).reference().version;
        if let Some(between) = &self.between {
            between.perform(shell)?;
        }
        shell.now = Timestamp::from_millis(shell.now.as_millis() + self.later_ms);
        if shell.program(self.shop()).reference().version != agreed {
            let what = "redemptions ended under another version than they were asked for";
            shell.tally.count(what);
        }
        match self.end {
            End::Order => {
                if self.is_kept {
                    self.back.order.deliver(None, shell)?;
                } else {
                    self.back.perform(shell)?;
                }
            }
            End::Commit => self.finish(Ending::Commit, shell)?,
            End::Release => self.finish(Ending::Release, shell)?,
            End::Never => {}
        }
        let is_at_once = self.between.is_none() && self.later_ms == 0;
        if !(are_new && is_at_once) || shell.was_interrupted() {
            return Ok(());
        }
        let mut asks = self.asks.iter();
        asks.try_for_each(|ask| ask.judge_paid(self.shop(), shell))
    }

    /// No clock of the edge is moved: a hold that is to be over is let be.
    fn carry(&self, errand: &mut Errand<'_>) -> Result<(), Violation> {
        for ask in &self.asks {
            ask.carry(&self.back.order, errand)?;
        }
        if let Some(between) = &self.between {
            between.carry(errand)?;
        }
        match self.end {
            End::Order if self.is_kept => self.back.order.carry(errand),
            End::Order => self.back.carry(errand),
            End::Commit => self.carry_end("commit", errand),
            End::Release => self.carry_end("release", errand),
            End::Never => Ok(()),
        }
    }
}
