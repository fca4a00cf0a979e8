//! Surprises: now and then, an order is given something, by a draw that anybody can repeat.
//!
//! Owns which order is given something, and the budget. Its invariant: the draw follows from a seed whose
//! digest was published before, and from nothing else that anybody can choose.
//!
//! # The draw
//! `draw` is the first eight bytes, as a big-endian number, of
//! HMAC-SHA256(key: the seed; message: the surprise's id, a zero byte, the shop's id of the order). No id of a
//! surprise has a zero byte in it, so no two pairs are the same message. One order in `n` on average is given
//! something: where `draw < 2^64 / n`, which is compared as `draw × n < 2^64` in 128 bits, exactly, so no draw
//! is rejected and drawn anew. Of the 2^64 draws, 2^64 / n rounded up win: the chance is 1 / n, and where `n`
//! is no power of two it is more than that by less than 2^-64, which is less than 2^-64 × n of itself.
//!
//! # The audit
//! The program publishes `sha256:` and the digest of the seed. When the seed's time is over, the shop
//! publishes the seed: then `Commitment::is_of` shows that it is the one that was published, and `draw`
//! and [`decide`], run again over the orders in the order of their entries, give each answer again.

mod commitment;
#[cfg(feature = "draw")]
mod draw;

pub use self::commitment::{Commitment, CommitmentError};
#[cfg(feature = "draw")]
pub use self::draw::{MIN_SEED_BYTES, draw, verify};
use crate::reward::{Gift, amount_in};
use crate::{Currency, Money, Points, Timestamp};

/// A surprise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surprise {
    /// Names the surprise in entries.
    pub id: String,
    /// What members read when they get it: `A little extra`.
    pub label: String,
    /// On average one order in so many gets it; 1 or more.
    pub one_in: u32,
    /// What they get.
    pub gives: Gift,
    /// What each of them takes out of the budget, in points.
    pub costs: Points,
    /// What there is to give in all, in points.
    pub budget: Option<Points>,
    /// An order that counts for less does not take part, by currency; then orders in other currencies do not
    /// either.
    pub minimum_order: Vec<Money>,
    /// The first instant.
    pub from: Option<Timestamp>,
    /// The first instant that is too late.
    pub until: Option<Timestamp>,
    /// The digest of the seed.
    pub commitment: Commitment,
}

/// What was drawn for an order, for one surprise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drawn<'a> {
    /// The id of the surprise.
    pub surprise: &'a str,
    /// The number that `draw` gives.
    pub number: u64,
}

/// The order that may be given something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SurpriseFacts {
    /// Its currency.
    pub currency: Currency,
    /// What of it counts, in minor units.
    pub counted_minor: i64,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// What the surprise has given so far, in points.
    pub given: Points,
    /// What was drawn for it.
    pub draw: u64,
}

/// Why an order is given nothing. Where several apply, the first declared is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum NoSurprise {
    /// The surprise has not started, or has ended.
    #[error("the surprise does not run now")]
    NotNow,
    /// It says nothing about orders in this currency.
    #[error("orders in this currency do not take part")]
    CurrencyNotCovered,
    /// The order counts for too little.
    #[error("the order is worth too little")]
    BelowMinimum {
        /// What is missing, in minor units of the order's currency.
        missing_minor: i64,
    },
    /// What is left to give is less than one of them.
    #[error("the budget is spent")]
    BudgetSpent,
    /// The draw says no.
    #[error("the order was not drawn")]
    NotDrawn,
}

impl NoSurprise {
    /// The stable name of the rule, for programs to act on.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotNow => "surprise_not_now",
            Self::CurrencyNotCovered => "currency_not_covered",
            Self::BelowMinimum { .. } => "order_below_minimum",
            Self::BudgetSpent => "surprise_budget_spent",
            Self::NotDrawn => "surprise_not_drawn",
        }
    }
}

/// What counts how much a surprise has given, among the holders of budgets.
#[must_use]
pub fn holder_of(surprise: &str) -> String {
    crate::telling::tell(&["surprise:", surprise])
}

/// What the order is given, or why nothing.
///
/// # Errors
/// The first rule that says no.
pub fn decide<'s>(surprise: &'s Surprise, facts: &SurpriseFacts) -> Result<&'s Gift, NoSurprise> {
    let now = facts.placed_at;
    if surprise.from.is_some_and(|from| now < from)
        || surprise.until.is_some_and(|until| until <= now)
    {
        return Err(NoSurprise::NotNow);
    }
    if !surprise.minimum_order.is_empty() {
        let minimum = amount_in(&surprise.minimum_order, facts.currency);
        let minimum = minimum.ok_or(NoSurprise::CurrencyNotCovered)?;
        let missing_minor = minimum.saturating_sub(facts.counted_minor);
        if missing_minor > 0 {
            return Err(NoSurprise::BelowMinimum { missing_minor });
        }
    }
    let after = facts.given.get().saturating_add(surprise.costs.get());
    if surprise.budget.is_some_and(|budget| after > budget.get()) {
        return Err(NoSurprise::BudgetSpent);
    }
    if !is_drawn(facts.draw, surprise.one_in) {
        return Err(NoSurprise::NotDrawn);
    }
    Ok(&surprise.gives)
}

/// Whether a draw wins where one in `one_in` does: `draw < 2^64 / one_in`, exactly.
///
/// ```
/// # use earnest_core::surprise::is_drawn;
/// assert!(is_drawn(u64::MAX, 1));
/// assert!(is_drawn(u64::MAX / 2, 2) && !is_drawn(u64::MAX / 2 + 1, 2));
/// ```
#[must_use]
pub fn is_drawn(draw: u64, one_in: u32) -> bool {
    let product = u128::from(draw).saturating_mul(one_in.max(1).into());
    product <= u128::from(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reward::tests::{money, points};

    fn surprise() -> Surprise {
        Surprise {
            id: "extra".into(),
            label: "A little extra".into(),
            one_in: 4,
            gives: Gift::Points(points(50)),
            costs: points(50),
            budget: Some(points(1_000)),
            minimum_order: vec![money(2_000, "EUR")],
            from: Some(Timestamp::from_millis(100)),
            until: Some(Timestamp::from_millis(200)),
            commitment: Commitment::from_digest([0; 32]),
        }
    }

    fn facts() -> SurpriseFacts {
        SurpriseFacts {
            currency: Currency::parse("EUR").expect("a currency"),
            counted_minor: 2_000,
            placed_at: Timestamp::from_millis(100),
            given: points(950),
            draw: u64::MAX / 4,
        }
    }

    fn check(surprise: &Surprise, facts: &SurpriseFacts, expected: &str) {
        let told = match decide(surprise, facts) {
            Ok(gift) => {
                assert_eq!(*gift, surprise.gives);
                "given".to_owned()
            }
            Err(NoSurprise::BelowMinimum { missing_minor }) => {
                format!("order_below_minimum {missing_minor}")
            }
            Err(refusal) => refusal.code().to_owned(),
        };
        assert_eq!(told, expected, "{facts:?}");
    }

    #[test]
    fn a_drawn_order_is_given_something_within_time_minimum_and_budget() {
        let her = surprise();
        check(&her, &facts(), "given");
        let at = |millis| SurpriseFacts {
            placed_at: Timestamp::from_millis(millis),
            ..facts()
        };
        check(&her, &at(99), "surprise_not_now");
        check(&her, &at(199), "given");
        check(&her, &at(200), "surprise_not_now");
        let worth = |counted_minor| SurpriseFacts {
            counted_minor,
            ..facts()
        };
        check(&her, &worth(1_999), "order_below_minimum 1");
        let given = |count| SurpriseFacts {
            given: points(count),
            ..facts()
        };
        check(&her, &given(951), "surprise_budget_spent");
        let currency = Currency::parse("USD").expect("a currency");
        let dollars = SurpriseFacts {
            currency,
            ..facts()
        };
        check(&her, &dollars, "currency_not_covered");
        let free = Surprise {
            minimum_order: Vec::new(),
            budget: None,
            ..surprise()
        };
        check(&free, &dollars, "given");
        let draw = u64::MAX / 4 + 1;
        check(
            &her,
            &SurpriseFacts { draw, ..facts() },
            "surprise_not_drawn",
        );
    }

    #[test]
    fn of_several_refusals_the_first_declared_is_told() {
        let mut worst = SurpriseFacts {
            currency: Currency::parse("USD").expect("a currency"),
            counted_minor: 0,
            placed_at: Timestamp::from_millis(0),
            given: points(1_000),
            draw: u64::MAX,
        };
        let mends: [fn(&mut SurpriseFacts); 4] = [
            |it| it.placed_at = facts().placed_at,
            |it| it.currency = facts().currency,
            |it| it.counted_minor = 2_000,
            |it| it.given = Points::ZERO,
        ];
        let surprise = surprise();
        let mut refusals = vec![decide(&surprise, &worst).expect_err("a refusal")];
        for mend in mends {
            mend(&mut worst);
            refusals.push(decide(&surprise, &worst).expect_err("a refusal"));
        }
        let codes: Vec<_> = refusals.iter().map(|refusal| refusal.code()).collect();
        assert_eq!(
            codes,
            [
                "surprise_not_now",
                "currency_not_covered",
                "order_below_minimum",
                "surprise_budget_spent",
                "surprise_not_drawn",
            ]
        );
        assert!(refusals.is_sorted(), "as they are declared");
    }

    #[test]
    fn exactly_the_draws_below_the_nth_part_win() {
        for one_in in [1_u32, 2, 3, 4, 7, 10, 1_000, 999_983, u32::MAX] {
            // 2^64 / n, rounded up: so many of the 2^64 draws win.
            let winners = (1_u128 << 64).div_ceil(one_in.into());
            let last = u64::try_from(winners - 1).expect("below 2^64");
            assert!(
                is_drawn(0, one_in) && is_drawn(last, one_in),
                "1 in {one_in}"
            );
            if let Some(loser) = last.checked_add(1) {
                assert!(!is_drawn(loser, one_in), "1 in {one_in}");
                assert!(!is_drawn(u64::MAX, one_in), "1 in {one_in}");
            }
        }
        assert!(
            is_drawn(u64::MAX, 0),
            "as one in one: no division by nothing"
        );
    }
}
