//! What of an order stands when a part of it has come back: what its rest earns, or in proportion.
//!
//! Invariant: nothing of it where nothing is left, and all of it where nothing has come back.

use super::sent_back::{left_minor, share};
use super::{BookedOrder, SentBack};
use crate::custody::Bonuses;
use crate::evaluate::gifts_of_order;
use crate::reward::{Benefit, Gift};
use crate::{
    Cart, CartTotals, CreditEarning, Earning, EvaluateError, Line, Program, RuleGift, evaluate,
};

/// What of an order stands.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) points: i64,
    pub(super) credits: Vec<i64>,
    /// What of the money that rules' rewards gave stands, in the order of the credits.
    pub(super) given: Vec<i64>,
    /// The rules that give a reward for what is left, where that decides what becomes of it.
    pub(super) gifts: Vec<String>,
    pub(super) counted_minor: i64,
    /// What of each line counts, in the cart's order.
    pub(super) lines_minor: Vec<i64>,
}

impl BookedOrder<'_> {
    /// Each of what was booked stands for the part of the order that has not come back.
    pub(super) fn kept_in_proportion(&self, back: &SentBack) -> Kept {
        let kept = |whole: i64| whole.saturating_sub(back.part_of(self.cart, whole));
        let credits = self.credits.iter().map(|(_, minor)| kept(*minor));
        Kept {
            points: kept(self.points.get()),
            credits: credits.collect(),
            given: Vec::new(),
            gifts: Vec::new(),
            counted_minor: kept(self.cart.goods_minor()),
            lines_minor: Vec::new(),
        }
    }
}

/// What the program that decided an order says of what is left of it.
pub(super) fn kept(
    program: &Program,
    order: &BookedOrder<'_>,
    earned: &Earning,
    back: &SentBack,
) -> Result<Kept, EvaluateError> {
    let cart = order.cart;
    let back = back.of(cart);
    if back.is_whole(cart) {
        return Ok(Kept::default());
    }
    // More was booked than earned where a rule's reward gave money.
    let given = order.credits.iter().map(|(id, minor)| {
        let earned = credit_of(program, earned, id).map_or(0, |credit| credit.minor);
        (id, minor.saturating_sub(earned).max(0))
    });
    let shares = || {
        let credits = order.credits.iter();
        let credits = credits.map(|(id, _)| credit_of(program, earned, id));
        let given = given.clone();
        let given = given.map(|(_, minor)| minor.saturating_sub(back.part_of(cart, minor)));
        Kept {
            given: given.collect(),
            ..in_proportion(cart, earned, credits, &back)
        }
    };
    match program.custody().refunds.bonuses {
        Bonuses::Proportional => Ok(shares()),
        Bonuses::Threshold => {
            let Some(rest) = rest_of(cart, &back) else {
                return Ok(shares());
            };
            let again = evaluate(program, order.member, &rest, order.evaluated_at)?;
            let credits = order.credits.iter().map(|(id, _)| {
                let again = credit_of(program, &again, id);
                again.map_or(0, |credit| credit.minor)
            });
            let mut counted = again.lines.iter().map(|line| line.counted_minor);
            let lines = cart.lines().iter().zip(&back.0);
            let gifts = gifts_of_order(program, order.member, &rest, order.evaluated_at);
            let given = given.clone();
            let given = given.map(|(id, minor)| minor.min(money_of(program, &gifts, id)));
            // Lines of which no unit is left are not in the rest.
            let of_line = |is_there: bool| is_there.then(|| counted.next()).flatten();
            let lines = lines
                .map(|(line, sent)| line.quantity > sent.0)
                .map(of_line);
            let lines = lines.map(Option::unwrap_or_default);
            Ok(Kept {
                points: again.points.get(),
                credits: credits.collect(),
                given: given.collect(),
                gifts: gifts.iter().map(|rule| rule.id.clone()).collect(),
                counted_minor: again.counted_minor,
                lines_minor: lines.collect(),
            })
        }
    }
}

/// Each line takes its own share with it, in proportion to what of it comes back, rounded down.
fn in_proportion<'a>(
    cart: &Cart,
    earned: &Earning,
    credits: impl Iterator<Item = Option<&'a CreditEarning>>,
    back: &SentBack,
) -> Kept {
    let worths = cart.discounted_minor();
    let kept_of = |nth: usize, whole: i64| {
        let parts = (cart.lines().get(nth), worths.get(nth), back.0.get(nth));
        let (Some(line), Some(worth), Some(sent)) = parts else {
            return whole;
        };
        let gone = if *worth > 0 {
            let left = left_minor(line, *worth, *sent);
            share(whole, worth.saturating_sub(left), *worth)
        } else {
            share(whole, sent.0.into(), line.quantity.into())
        };
        whole.saturating_sub(gone)
    };
    let sum = |wholes: &mut dyn Iterator<Item = i64>| {
        let kept = wholes.enumerate().map(|(nth, whole)| kept_of(nth, whole));
        kept.fold(0, i64::saturating_add)
    };
    let credits = credits
        .map(|credit| credit.map_or(0, |credit| sum(&mut credit.lines_minor.iter().copied())));
    let counted = earned.lines.iter().map(|line| line.counted_minor);
    let counted = counted.enumerate();
    let lines_minor: Vec<i64> = counted.map(|(nth, whole)| kept_of(nth, whole)).collect();
    Kept {
        points: sum(&mut earned.lines.iter().map(|line| line.points.get())),
        credits: credits.collect(),
        given: Vec::new(),
        gifts: Vec::new(),
        counted_minor: lines_minor.iter().copied().fold(0, i64::saturating_add),
        lines_minor,
    }
}

/// The cart as if only what is kept had been bought; the order's discount stays with the lines that it fell on.
fn rest_of(cart: &Cart, back: &SentBack) -> Option<Cart> {
    let worths = cart.discounted_minor();
    let mut lines = Vec::new();
    for ((line, worth), sent) in cart.lines().iter().zip(&worths).zip(&back.0) {
        let quantity = line.quantity.saturating_sub(sent.0);
        if quantity == 0 {
            continue;
        }
        let left = left_minor(line, *worth, *sent);
        let gross = line.unit_price_minor.saturating_mul(quantity.into());
        lines.push(Line {
            quantity,
            discount_minor: gross.saturating_sub(left).max(0),
            tax_minor: share(line.tax_minor, left, *worth).min(line.tax_minor),
            ..line.clone()
        });
    }
    let totals = CartTotals {
        discount_minor: 0,
        ..cart.totals()
    };
    let rest = Cart::new(totals, lines).ok()?;
    rest.placed(cart.checkout().clone()).ok()
}

/// The money that rules' rewards give to the balance of this id, in minor units.
fn money_of(program: &Program, rules: &[&RuleGift], id: &str) -> i64 {
    let money = rules.iter().filter_map(|rule| {
        let Gift::Reward(given) = &rule.gift else {
            return None;
        };
        let reward = program.rewards().iter().find(|it| it.id == *given)?;
        match &reward.gives {
            Benefit::StoreCredit { balance, amount } if balance == id => Some(amount.minor()),
            _ => None,
        }
    });
    money.fold(0, i64::saturating_add)
}

/// What an earning gives to the balance of this id.
fn credit_of<'a>(program: &Program, earned: &'a Earning, id: &str) -> Option<&'a CreditEarning> {
    let place = program.balances().iter().position(|it| it.id == id)?;
    let mut credits = earned.credits.iter();
    credits.find(|credit| credit.balance == place)
}
