//! Refunds: what of an order came back, and what that takes with it.
//!
//! Owns the arithmetic; the entries are `plan/restore.rs`'s. Everything is worked out for all that has come back
//! so far, and a refund takes the difference. So its invariants: several refunds take together what one of them
//! all would, in whatever order they come; never more than the order earned; and all of it when all is back.

mod kept;
mod sent_back;

use self::kept::{Kept, kept};
pub use self::sent_back::{Refund, RefundError, RefundedLine, SentBack};
use crate::lot::{between, points_of};
use crate::partner::OfPartner;
use crate::plan::matures_on_its_day;
use crate::{
    Cart, Currency, Earning, EntryKind, EvaluateError, Lot, Plan, Points, Present, Program,
    ProgramRef, Snapshot, Timestamp, evaluate,
};

/// An order as it was booked: with these, [`evaluate`](crate::evaluate()) says again what it earned.
#[derive(Clone, Copy, Debug)]
pub struct BookedOrder<'a> {
    /// What was bought.
    pub cart: &'a Cart,
    /// The member as she was evaluated.
    pub member: &'a Snapshot,
    /// The instant for which it was evaluated.
    pub evaluated_at: Timestamp,
    /// When it was placed, from when on its points count their days.
    pub placed_at: Timestamp,
    /// What was booked for it.
    pub points: Points,
    /// Money that was booked for it, by the id of the balance, in minor units.
    pub credits: &'a [(String, i64)],
    /// What its redemptions took, in the order in which they took it.
    pub spent: &'a [Lot],
    /// Money of balances that paid for it, by the id of the balance, in minor units.
    pub tendered: &'a [(String, i64)],
    /// What it was given by surprise.
    pub surprises: &'a Surprised,
}

/// What an order was given by surprise. It goes back with the order, in proportion: or who buys and sends back would
/// be drawn as often as she likes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surprised {
    /// Points.
    pub points: i64,
    /// Money, by the id of the balance, in minor units.
    pub credits: Vec<(String, i64)>,
}

impl Surprised {
    /// What a plan gives. Rewards are taken back by whoever keeps them, when all of the order is back.
    #[must_use]
    pub fn by(plan: &Plan) -> Self {
        let mut given = Self::default();
        let gifts = plan.gifts.iter();
        for gift in gifts.filter(|it| it.kind == EntryKind::Surprise) {
            match &gift.what {
                Present::Points(points) => {
                    given.points = given.points.saturating_add(points.get());
                }
                Present::Money { balance, amount } => {
                    add(&mut given.credits, balance, amount.minor());
                }
                Present::Reward { .. } => {}
            }
        }
        given
    }
}

fn add(credits: &mut Vec<(String, i64)>, balance: &str, minor: i64) {
    match credits.iter_mut().find(|(known, _)| known == balance) {
        Some((_, sum)) => *sum = sum.saturating_add(minor),
        None => credits.push((balance.to_owned(), minor)),
    }
}

/// What a refund takes back, and what it gives back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenBack {
    /// Points that the order earned.
    pub points: i64,
    /// Points that it was given by surprise.
    pub surprise_points: i64,
    /// Money that it earned or was given, by the id of the balance, in minor units.
    pub credits: Vec<(String, i64)>,
    /// What of its price was the shop's: without tax, in minor units.
    pub spent_minor: i64,
    /// What of it counted for earning, in minor units of the cart's currency.
    pub counted_minor: i64,
    /// What of it counts still.
    pub counted_left_minor: i64,
    /// The currency of its cart.
    pub counted_in: Currency,
    /// The bases of tiers that it may have been counted on: of the program that decided it, and of her standing then.
    pub counted_on: Vec<String>,
    /// Whether it counted as an order until now, and does so no more.
    pub counts_no_more: bool,
    /// Points that were spent on it, by their lots.
    pub returned: Vec<Lot>,
    /// Money of balances that paid for it, by the id of the balance, in minor units.
    pub returned_credits: Vec<(String, i64)>,
    /// Whether nothing of the order is left.
    pub is_whole: bool,
    /// The rules that gave a reward for it and would not have for what is left, where bonuses go by that. Where nothing is
    /// left, all are.
    pub lost_gifts: Vec<String>,
    /// What it counted for challenges, where less of it counts now.
    pub achieved: Option<Achieved>,
    /// When the order was placed.
    pub placed_at: Timestamp,
    /// When its own points mature, by the program that decided it, where that is to be had.
    pub matures_at: Option<Timestamp>,
    /// The currency of the order; `None` for a partner's.
    pub currency: Option<Currency>,
    /// The partner whose order it was.
    pub partner: Option<OfPartner>,
    /// The program that decided the order, and so decides this; `None` where that is not to be had any more.
    pub program: Option<ProgramRef>,
}

/// What an order counted for challenges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Achieved {
    /// The ids of the challenges that there were.
    pub challenges: Vec<String>,
    /// Its lines.
    pub lines: Vec<AchievedLine>,
}

/// What of a line counted for challenges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AchievedLine {
    /// Its categories.
    pub categories: Vec<String>,
    /// What of it counted until now, in minor units.
    pub was_minor: i64,
    /// What of it counts still, in minor units.
    pub is_minor: i64,
}

/// What a refund takes back: the difference between what had come back before it and what has after it. `before` is
/// what had come back after each refund so far, the oldest first: where a part that comes back would raise what the rest
/// earns, nothing is given, and what was taken once is not taken again. `program` is the one that decided the order;
/// where it is not to be had any more, or says by now something else than was booked, what was booked is taken back in
/// proportion to what comes back.
///
/// # Errors
/// When the points of the order would be beyond 2^53 - 1, which they were not when it was booked.
pub fn take_back(
    program: Option<&Program>,
    order: &BookedOrder<'_>,
    before: &[SentBack],
    after: &SentBack,
) -> Result<TakenBack, EvaluateError> {
    let cart = order.cart;
    let decided = order.decided(program)?;
    let kept = |back: &SentBack| match &decided {
        Some((program, earned)) => kept(program, order, earned, back),
        None => Ok(order.kept_in_proportion(back)),
    };
    let (none, is) = (kept(&SentBack::default())?, kept(after)?);
    let was: Vec<Kept> = before.iter().map(kept).collect::<Result<_, _>>()?;
    // Never more than was booked for it, all refunds together.
    let gone = |all: i64, most: i64, of: &dyn Fn(&Kept) -> i64| {
        let taken = |kept: &Kept| all.saturating_sub(of(kept)).clamp(0, most.max(0));
        let before = was.iter().map(taken).max().unwrap_or(0);
        taken(&is).saturating_sub(before).max(0)
    };
    let nothing = SentBack::default();
    let was_counted = was.iter().all(|kept| kept.counted_minor > 0) && none.counted_minor > 0;
    let before = before.last().unwrap_or(&nothing);
    let revenue = revenue_minor(cart);
    let part = |back: &SentBack, whole| back.part_of(cart, whole);
    let more = |whole| {
        part(after, whole)
            .saturating_sub(part(before, whole))
            .max(0)
    };
    let mut credits = Vec::new();
    for (nth, (balance, minor)) in order.credits.iter().enumerate() {
        let of = |kept: &Kept| kept.credits.get(nth).copied().unwrap_or(0);
        // What a rule's reward gave in money was booked with what was earned.
        let of_given = |kept: &Kept| kept.given.get(nth).copied().unwrap_or(0);
        let earned = of(&none).min(*minor);
        let given = minor.saturating_sub(earned);
        let back = gone(earned, earned, &of).saturating_add(gone(given, given, &of_given));
        credits.push((balance.clone(), back));
    }
    for (balance, minor) in &order.surprises.credits {
        add(&mut credits, balance, more(*minor));
    }
    credits.retain(|(_, minor)| *minor > 0);
    let spent = points_of(order.spent);
    let spent = |back: &SentBack| back.part_of_price(cart, spent);
    let is_whole = after.is_whole(cart) && !before.is_whole(cart);
    let achieved = decided.as_ref();
    let achieved = achieved.and_then(|(it, earned)| order.achieved(it, earned, (&was, &is)));
    let of_program = decided
        .as_ref()
        .map(|(it, _)| it.tier_rules().basis.clone());
    let mut lost_gifts = none.gifts;
    lost_gifts.retain(|rule| !is.gifts.contains(rule));
    let of_standing = order.member.standing.basis.clone();
    Ok(TakenBack {
        points: gone(none.points, order.points.get(), &|kept| kept.points),
        surprise_points: more(order.surprises.points),
        credits,
        spent_minor: part(after, revenue).saturating_sub(part(before, revenue)),
        counted_minor: gone(none.counted_minor, none.counted_minor, &|kept| {
            kept.counted_minor
        }),
        counted_left_minor: is.counted_minor,
        counted_in: cart.currency(),
        counted_on: of_program.into_iter().chain([of_standing]).collect(),
        counts_no_more: was_counted && is.counted_minor <= 0,
        returned: between(order.spent, spent(before), spent(after)),
        returned_credits: order.tendered_between(before, after),
        is_whole,
        lost_gifts,
        achieved,
        placed_at: order.placed_at,
        matures_at: program.map(|it| matures_on_its_day(it, order.placed_at)),
        currency: own_currency(cart),
        partner: OfPartner::of(cart),
        program: decided.map(|(program, _)| program.reference().clone()),
    })
}

impl BookedOrder<'_> {
    /// The program that decided it, with what that says; `None` where that is not what was booked.
    fn decided<'p>(
        &self,
        program: Option<&'p Program>,
    ) -> Result<Option<(&'p Program, Earning)>, EvaluateError> {
        let Some(program) = program else {
            return Ok(None);
        };
        let earned = evaluate(program, self.member, self.cart, self.evaluated_at)?;
        // More was booked where a rule's reward gave money.
        let is_booked = |(id, minor): &(String, i64)| {
            let mut booked = self.credits.iter();
            booked.any(|(known, booked)| known == id && booked >= minor)
        };
        let mut told = credits_of(program, &earned).into_iter();
        let is_as_booked = earned.points == self.points && told.all(|it| is_booked(&it));
        Ok(is_as_booked.then_some((program, earned)))
    }

    /// What comes back of the money that paid for it, in proportion to its price, as points do.
    fn tendered_between(&self, before: &SentBack, after: &SentBack) -> Vec<(String, i64)> {
        let tendered = self.tendered.iter().map(|(balance, minor)| {
            let part = |back: &SentBack| back.part_of_price(self.cart, *minor);
            (balance.clone(), part(after).saturating_sub(part(before)))
        });
        tendered.filter(|(_, minor)| *minor > 0).collect()
    }

    /// What it counted for the challenges of the program that decided it; `None` where as much counts as did.
    fn achieved(
        &self,
        program: &Program,
        earned: &Earning,
        (was, is): (&[Kept], &Kept),
    ) -> Option<Achieved> {
        let challenges = program.challenges().iter();
        let open = challenges.filter(|it| it.activity.is_none() && it.is_open(self.placed_at));
        let challenges: Vec<String> = open.map(|it| it.id.clone()).collect();
        if challenges.is_empty() || !program.runs_at(self.placed_at) {
            return None;
        }
        let lines = self.cart.lines().iter().zip(&earned.lines);
        let lines = lines.enumerate().map(|(nth, (line, earned))| {
            let of = |kept: &Kept| kept.lines_minor.get(nth).copied().unwrap_or(0);
            let was_minor = was.iter().map(of).fold(earned.counted_minor, i64::min);
            AchievedLine {
                categories: line.categories.clone(),
                was_minor,
                is_minor: of(is).min(was_minor),
            }
        });
        let lines: Vec<AchievedLine> = lines.collect();
        let counts_less = lines.iter().any(|line| line.is_minor < line.was_minor);
        counts_less.then_some(Achieved { challenges, lines })
    }
}

/// The money that a plan books for its order, by the id of the balance, in minor units: what was earned, and what
/// rules' rewards gave.
#[must_use]
pub fn credits_booked(plan: &Plan) -> Vec<(String, i64)> {
    let credits = plan.credits.iter();
    let booked = credits.filter(|it| it.kind == EntryKind::Earn && it.minor > 0);
    booked.map(|it| (it.balance.clone(), it.minor)).collect()
}

/// The money of balances that a plan pays its order with, by the id of the balance, in minor units.
#[must_use]
pub fn tendered_by(plan: &Plan) -> Vec<(String, i64)> {
    let mut tendered = Vec::new();
    for it in plan
        .credits
        .iter()
        .filter(|it| it.kind == EntryKind::Tender)
    {
        add(&mut tendered, &it.balance, it.minor.saturating_neg());
    }
    tendered
}

/// The money that an earning gives, by the id of the balance, in minor units.
#[must_use]
pub fn credits_of(program: &Program, earned: &Earning) -> Vec<(String, i64)> {
    let credits = earned.credits.iter().filter(|credit| credit.minor > 0);
    let named = credits.filter_map(|credit| {
        let balance = program.balances().get(credit.balance)?;
        Some((balance.id.clone(), credit.minor))
    });
    named.collect()
}

/// The currency of a cart whose price is the shop's own; `None` for a partner's, whose price is the partner's.
#[must_use]
pub fn own_currency(cart: &Cart) -> Option<Currency> {
    let is_own = cart.checkout().partner.is_none();
    is_own.then(|| cart.currency())
}

/// What was paid to the shop for a cart, without tax: what accountants call its price. In minor units; nothing
/// for a partner's.
#[must_use]
pub fn revenue_minor(cart: &Cart) -> i64 {
    if own_currency(cart).is_none() {
        return 0;
    }
    let totals = cart.totals();
    let price = cart.goods_minor().saturating_add(totals.shipping_minor);
    if !totals.prices_include_tax {
        return price;
    }
    let taxes = cart.lines().iter();
    let taxes = taxes.fold(totals.shipping_tax_minor, |sum, line| {
        sum.saturating_add(line.tax_minor)
    });
    price.saturating_sub(taxes).max(0)
}

#[cfg(all(test, feature = "compile"))]
mod booked_tests;
#[cfg(all(test, feature = "compile"))]
#[expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that overflows or panics fails"
)]
mod tests;
