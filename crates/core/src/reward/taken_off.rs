//! What rewards take off a cart: minor units in, minor units out.
//!
//! Its invariant: no line and no shipping ever becomes less than nothing, and neither the order in which
//! rewards are chosen nor that of the lines changes what is taken off. Free products come first, then
//! percentages of what is left, then amounts, then free shipping; among equals, by id.

use super::{Benefit, Reward, amount_in, percent_of};
use crate::allocation::split;
use crate::{Cart, Line, Points};

/// A reward that somebody uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen<'r> {
    /// The reward.
    pub reward: &'r Reward,
    /// The points that she pays for it; they say how many steps it is, where it is taken in steps.
    pub points: Points,
}

/// What rewards take off a cart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TakenOff {
    /// Off each line, in the cart's order.
    pub lines_minor: Vec<i64>,
    /// Off the shipping.
    pub shipping_minor: i64,
    /// What each reward takes off, in the order in which they were chosen; it sums to the rest.
    pub by_reward: Vec<i64>,
}

impl TakenOff {
    /// All of it.
    #[must_use]
    pub fn total_minor(&self) -> i64 {
        self.by_reward.iter().copied().fold(0, i64::saturating_add)
    }
}

/// What these rewards take off a cart, each line after all discounts that it has already. Whether somebody
/// may have them is [`take`](super::take)'s business.
///
/// ```
/// # use earnest_core::{Points, reward::take_off, wire::CartDocument, Cart};
/// # let cart = CartDocument { currency: "EUR".into(), ..CartDocument::default() };
/// # let cart = Cart::try_from(cart).expect("a cart");
/// assert_eq!(take_off(&cart, &[]).total_minor(), 0);
/// ```
#[must_use]
pub fn take_off(cart: &Cart, chosen: &[Chosen<'_>]) -> TakenOff {
    let mut bill = Bill::new(cart);
    let mut by_reward = vec![0; chosen.len()];
    for nth in in_order(chosen.iter().map(|it| it.reward)) {
        if let (Some(chosen), Some(taken)) = (chosen.get(nth), by_reward.get_mut(nth)) {
            *taken = bill.take(*chosen);
        }
    }
    let lines = bill.lines_minor.iter().zip(cart.discounted_minor());
    TakenOff {
        lines_minor: lines
            .map(|(left, before)| before.saturating_sub(*left))
            .collect(),
        shipping_minor: cart
            .totals()
            .shipping_minor
            .saturating_sub(bill.shipping_minor),
        by_reward,
    }
}

/// The places of rewards in the order in which they take off.
pub(super) fn in_order<'r>(rewards: impl Iterator<Item = &'r Reward>) -> Vec<usize> {
    let mut places: Vec<_> = rewards
        .enumerate()
        .map(|(nth, reward)| (rank(&reward.gives), reward.id.as_str(), nth))
        .collect();
    places.sort_unstable();
    places.into_iter().map(|(_, _, nth)| nth).collect()
}

fn rank(benefit: &Benefit) -> u8 {
    match benefit {
        Benefit::Product { .. } | Benefit::Category { .. } => 0,
        Benefit::PercentOff { .. } => 1,
        Benefit::AmountOff(_) => 2,
        Benefit::FreeShipping { .. } => 3,
        Benefit::GiftCard(_)
        | Benefit::StoreCredit { .. }
        | Benefit::Experience(_)
        | Benefit::Donation { .. } => 4,
    }
}

/// What is still to be paid while rewards take off.
#[derive(Clone)]
pub(super) struct Bill<'cart> {
    cart: &'cart Cart,
    /// The lines after all discounts, before any reward.
    pub(super) worth_minor: i64,
    lines_minor: Vec<i64>,
    /// The units of each line that are not free, and what they cost: what a ceiling leaves to pay of a free unit is
    /// none of theirs.
    units: Vec<(u32, i64)>,
    shipping_minor: i64,
}

impl<'cart> Bill<'cart> {
    pub(super) fn new(cart: &'cart Cart) -> Self {
        let lines_minor = cart.discounted_minor();
        let units = cart.lines().iter().map(|line| line.quantity);
        Self {
            cart,
            worth_minor: sum(&lines_minor),
            units: units.zip(lines_minor.iter().copied()).collect(),
            lines_minor,
            shipping_minor: cart.totals().shipping_minor,
        }
    }

    /// What is left of the lines.
    pub(super) fn left_minor(&self) -> i64 {
        sum(&self.lines_minor)
    }

    /// Takes off what the reward gives; answers with how much that is.
    pub(super) fn take(&mut self, Chosen { reward, points }: Chosen<'_>) -> i64 {
        let currency = self.cart.currency();
        match &reward.gives {
            Benefit::Product { product, quantity } => {
                let of_product = |line: &Line| line.product == *product;
                self.take_units(*quantity, i64::MAX, of_product, false)
            }
            Benefit::Category {
                category,
                quantity,
                up_to,
            } => {
                let of_category = |line: &Line| line.categories.contains(category);
                self.take_units(*quantity, most_of(up_to, currency), of_category, true)
            }
            Benefit::PercentOff { percent, up_to } => {
                let most = most_of(up_to, currency);
                self.take_amount(percent_of(self.left_minor(), *percent).min(most))
            }
            Benefit::AmountOff(amounts) => {
                let amount = match reward.steps {
                    None => amount_in(amounts, currency),
                    Some(steps) => {
                        let share = steps.share.map(|share| percent_of(self.worth_minor, share));
                        let worth = reward.worth_of(points, currency);
                        worth.map(|worth| worth.min(share.unwrap_or(i64::MAX)))
                    }
                };
                self.take_amount(amount.unwrap_or(0))
            }
            Benefit::FreeShipping { up_to } => {
                let taken = self.shipping_minor.min(most_of(up_to, currency));
                self.shipping_minor = self.shipping_minor.saturating_sub(taken);
                taken
            }
            Benefit::GiftCard(_)
            | Benefit::StoreCredit { .. }
            | Benefit::Experience(_)
            | Benefit::Donation { .. } => 0,
        }
    }

    /// An amount falls on the lines in proportion to what is left of them, by largest remainder.
    fn take_amount(&mut self, minor: i64) -> i64 {
        let taken = minor.clamp(0, self.left_minor());
        if taken > 0 {
            let ids: Vec<_> = self.ids().collect();
            let shares = split(taken, &self.lines_minor, &ids);
            for (left, share) in self.lines_minor.iter_mut().zip(shares) {
                *left = left.saturating_sub(share);
            }
        }
        taken
    }

    /// The units are those of the first lines by id, or by the price of a unit as it is now, each for its part
    /// of the line, rounded down. What costs nothing already is not taken once more.
    fn take_units(
        &mut self,
        quantity: u32,
        most_minor: i64,
        is_wanted: impl Fn(&Line) -> bool,
        is_cheapest_first: bool,
    ) -> i64 {
        let left = self.lines_minor.iter_mut().zip(&mut self.units);
        let lines = self.cart.lines().iter().zip(left);
        let mut wanted: Vec<_> = lines
            .filter(|(line, (_, (_, minor)))| *minor > 0 && is_wanted(line))
            .collect();
        wanted.sort_unstable_by(|(one, (_, one_units)), (other, (_, units))| {
            let by_price = times(one_units.1, units.0).cmp(&times(units.1, one_units.0));
            let by_price = by_price.then_with(|| one.id.cmp(&other.id));
            if is_cheapest_first {
                by_price
            } else {
                one.id.cmp(&other.id)
            }
        });
        let (mut wished, mut taken) = (quantity, 0_i64);
        for (_, (left_minor, (units, minor))) in wanted {
            let free = wished.min(*units);
            wished = wished.saturating_sub(free);
            let part = times(*minor, free).checked_div((*units).into());
            let part = i64::try_from(part.unwrap_or(0)).unwrap_or(0);
            *minor = minor.saturating_sub(part);
            *units = units.saturating_sub(free);
            let part = part.min(most_minor.saturating_sub(taken));
            *left_minor = left_minor.saturating_sub(part);
            taken = taken.saturating_add(part);
        }
        taken
    }

    fn ids(&self) -> impl Iterator<Item = &'cart str> {
        self.cart.lines().iter().map(|line| line.id.as_str())
    }
}

fn times(minor: i64, units: u32) -> i128 {
    i128::from(minor).saturating_mul(units.into())
}

fn sum(lines_minor: &[i64]) -> i64 {
    lines_minor.iter().copied().fold(0, i64::saturating_add)
}

/// The ceiling in a currency. A list that does not name it covers it with nothing.
fn most_of(up_to: &[crate::Money], currency: crate::Currency) -> i64 {
    if up_to.is_empty() {
        i64::MAX
    } else {
        amount_in(up_to, currency).unwrap_or(0)
    }
}

#[cfg(test)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]
pub(super) mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::super::tests::{in_steps, money, points, reward};
    use super::super::{Reward, Steps};
    use super::*;
    use crate::wire::{CartDocument, LineDocument};
    use crate::{Decimal, Money};

    /// A cart in EUR: product, units and price of each line, and the shipping.
    pub(in super::super) fn cart(lines: &[(&str, u32, &str)], shipping: &str) -> Cart {
        let lines = lines.iter().enumerate();
        let lines = lines.map(|(nth, (product, quantity, price))| LineDocument {
            id: format!("l{nth}"),
            product: (*product).to_owned(),
            quantity: *quantity,
            unit_price: (*price).to_owned(),
            ..LineDocument::default()
        });
        let document = CartDocument {
            currency: "EUR".into(),
            prices_include_tax: true,
            lines: lines.collect(),
            shipping: Some(shipping.to_owned()),
            ..CartDocument::default()
        };
        Cart::try_from(document).expect("a cart of the test")
    }

    fn percent(percent: &str, up_to: &[Money]) -> Reward {
        let percent = percent.parse().expect("a decimal of the test");
        reward(
            &format!("p{percent}"),
            Benefit::PercentOff {
                percent,
                up_to: up_to.to_vec(),
            },
        )
    }

    fn off(minor: i64) -> Reward {
        reward("off", Benefit::AmountOff(vec![money(minor, "EUR")]))
    }

    fn mug(quantity: u32) -> Reward {
        let product = "mug".to_owned();
        reward("mug", Benefit::Product { product, quantity })
    }

    /// Of 19.99, twice 4.50, a mug for 12.00 and 4.90 shipping.
    fn check(rewards: &[(&Reward, i64)], lines: [i64; 3], shipping: i64, by_reward: &[i64]) {
        let cart = cart(
            &[
                ("kenya", 1, "19.99"),
                ("filter", 2, "4.50"),
                ("mug", 1, "12"),
            ],
            "4.90",
        );
        let chosen: Vec<_> = rewards
            .iter()
            .map(|(reward, count)| Chosen {
                reward,
                points: points(*count),
            })
            .collect();
        let taken = take_off(&cart, &chosen);
        assert_eq!(taken.lines_minor, lines);
        assert_eq!(taken.shipping_minor, shipping);
        assert_eq!(taken.by_reward, by_reward);
    }

    #[test]
    fn an_amount_is_split_over_the_lines_and_never_more_than_they_are_worth() {
        check(&[], [0, 0, 0], 0, &[]);
        check(&[(&off(500), 500)], [244, 110, 146], 0, &[500]);
        check(&[(&off(1), 500)], [1, 0, 0], 0, &[1]);
        check(&[(&off(4_099), 500)], [1_999, 900, 1_200], 0, &[4_099]);
        check(&[(&off(9_999), 500)], [1_999, 900, 1_200], 0, &[4_099]);
        let pounds = reward("pounds", Benefit::AmountOff(vec![money(500, "GBP")]));
        check(&[(&pounds, 500)], [0, 0, 0], 0, &[0]);
    }

    #[test]
    fn a_percentage_is_of_what_is_left_and_ends_at_its_ceiling() {
        check(&[(&percent("10", &[]), 500)], [199, 90, 120], 0, &[409]);
        check(
            &[(&percent("100", &[]), 500)],
            [1_999, 900, 1_200],
            0,
            &[4_099],
        );
        let up_to = [money(300, "EUR")];
        check(&[(&percent("10", &up_to), 500)], [146, 66, 88], 0, &[300]);
        // 10% of 40.99, then 20% of 36.90.
        let (ten, twenty) = (percent("10", &[]), percent("20", &[]));
        check(
            &[(&ten, 500), (&twenty, 500)],
            [559, 252, 336],
            0,
            &[409, 738],
        );
        check(
            &[(&twenty, 500), (&ten, 500)],
            [559, 252, 336],
            0,
            &[738, 409],
        );
    }

    #[test]
    fn a_free_product_takes_off_its_units_and_nothing_where_it_is_not_in_the_cart() {
        check(&[(&mug(1), 500)], [0, 0, 1_200], 0, &[1_200]);
        check(&[(&mug(3), 500)], [0, 0, 1_200], 0, &[1_200]);
        let filter = reward(
            "filter",
            Benefit::Product {
                product: "filter".into(),
                quantity: 1,
            },
        );
        check(&[(&filter, 500)], [0, 450, 0], 0, &[450]);
        let other = reward(
            "other",
            Benefit::Product {
                product: "other".into(),
                quantity: 1,
            },
        );
        check(&[(&other, 500)], [0, 0, 0], 0, &[0]);
        // Two lines of a product: by id, and a part of a line rounded down.
        let cart = cart(&[("mug", 2, "12"), ("mug", 3, "9.99")], "0");
        let mug = mug(3);
        let chosen = Chosen {
            reward: &mug,
            points: points(500),
        };
        assert_eq!(take_off(&cart, &[chosen]).lines_minor, [2_400, 999]);
    }

    #[test]
    fn of_a_category_the_cheapest_units_that_cost_something_are_free() {
        let cafe = |prices: &[(u32, &str)]| {
            let lines = prices
                .iter()
                .enumerate()
                .map(|(nth, (quantity, price))| LineDocument {
                    id: format!("l{nth}"),
                    product: format!("p{nth}"),
                    categories: vec!["hot".into(), "coffee".into()],
                    quantity: *quantity,
                    unit_price: (*price).to_owned(),
                    ..LineDocument::default()
                });
            let document = CartDocument {
                currency: "EUR".into(),
                lines: lines.collect(),
                ..CartDocument::default()
            };
            Cart::try_from(document).expect("a cart of the test")
        };
        let coffee = |quantity, up_to: &[Money]| Benefit::Category {
            category: "coffee".into(),
            quantity,
            up_to: up_to.to_vec(),
        };
        let check = |prices: &[(u32, &str)], gives: &[Benefit], lines: &[i64]| {
            let rewards: Vec<_> = gives.iter().map(|it| reward("r", it.clone())).collect();
            let points = points(9);
            let chosen = rewards.iter().map(|reward| Chosen { reward, points });
            let taken = take_off(&cafe(prices), &chosen.collect::<Vec<_>>());
            assert_eq!(taken.lines_minor, lines, "{prices:?}");
        };
        let one = || coffee(1, &[]);
        check(&[(1, "4.80"), (1, "3.20")], &[one()], &[0, 320]);
        // A unit of the second line is cheaper, though the line is not.
        check(&[(1, "4.80"), (3, "3.20")], &[one()], &[0, 320]);
        // The same price: by id. What is free already is not given.
        check(&[(1, "3.20"), (1, "3.20")], &[one()], &[320, 0]);
        check(&[(1, "0"), (1, "3.20")], &[one()], &[0, 320]);
        // Three units: both of the cheap line, then one of the dear one.
        check(&[(2, "4.80"), (2, "3.20")], &[coffee(3, &[])], &[480, 640]);
        // A ceiling is of all units together.
        let most = [money(500, "EUR")];
        check(&[(2, "3.20")], &[coffee(2, &most)], &[500]);
        check(&[(1, "3.20")], &[coffee(1, &[money(500, "USD")])], &[0]);
        // Two rewards give two units, each at its whole price.
        check(&[(3, "4.00")], &[one(), one()], &[800]);
        // What a ceiling leaves to pay of one unit makes no other unit dearer.
        let a_euro = coffee(1, &[money(100, "EUR")]);
        check(&[(3, "4.00")], &[a_euro, one()], &[500]);
        let other = Benefit::Category {
            category: "tea".into(),
            quantity: 1,
            up_to: Vec::new(),
        };
        check(&[(1, "3.20")], &[other], &[0]);
    }

    #[test]
    fn free_shipping_takes_off_shipping_up_to_its_ceiling() {
        let shipping = |up_to: &[Money]| {
            let up_to = up_to.to_vec();
            reward("shipping", Benefit::FreeShipping { up_to })
        };
        check(&[(&shipping(&[]), 500)], [0, 0, 0], 490, &[490]);
        check(
            &[(&shipping(&[money(300, "EUR")]), 500)],
            [0, 0, 0],
            300,
            &[300],
        );
        check(
            &[(&shipping(&[money(300, "USD")]), 500)],
            [0, 0, 0],
            0,
            &[0],
        );
    }

    #[test]
    fn steps_take_off_what_full_ones_are_worth_up_to_their_share_of_the_order() {
        check(&[(&in_steps(), 500)], [244, 110, 146], 0, &[500]);
        check(&[(&in_steps(), 599)], [244, 110, 146], 0, &[500]);
        let half = Reward {
            steps: Some(Steps {
                at_least: points(100),
                at_most: None,
                share: Some(Decimal::from(50)),
            }),
            ..in_steps()
        };
        // Half of 40.99 is 20.49, rounded down.
        check(&[(&half, 9_000)], [999, 450, 600], 0, &[2_049]);
    }

    #[test]
    fn what_is_no_discount_takes_nothing_off() {
        for gives in [
            Benefit::GiftCard(vec![money(2_500, "EUR")]),
            Benefit::Experience("A tasting".into()),
            Benefit::StoreCredit {
                balance: "credit".into(),
                amount: money(500, "EUR"),
            },
            Benefit::Donation {
                to: "Sea rescue".into(),
                amounts: vec![money(500, "EUR")],
            },
        ] {
            check(&[(&reward("other", gives), 500)], [0, 0, 0], 0, &[0]);
        }
    }

    #[test]
    fn products_come_first_then_percentages_then_amounts() {
        let (mug, ten, off) = (mug(1), percent("10", &[]), off(500));
        let free = (&mug, 500);
        // 12.00 for the mug; 10% of 28.99; 5.00 of what is left.
        let lines = [544, 245, 1_200];
        check(
            &[free, (&ten, 500), (&off, 500)],
            lines,
            0,
            &[1_200, 289, 500],
        );
        check(
            &[(&off, 500), (&ten, 500), free],
            lines,
            0,
            &[500, 289, 1_200],
        );
    }

    proptest! {
        #[test]
        fn nothing_is_taken_off_twice_and_no_order_of_lines_or_rewards_matters(
            lines in vec((0_u8..3, 1_u32..9, 0_u32..100_000), 0..12),
            shares in vec(1_i64..=10_000, 0..3),
            amounts in vec(1_i64..200_000, 0..3),
            mugs in 0_u32..5,
        ) {
            let mut rewards: Vec<_> = shares
                .iter()
                .map(|hundredths| percent(&Decimal::new(*hundredths, 2).to_string(), &[]))
                .chain(amounts.iter().map(|minor| off(*minor)))
                .chain([mug(mugs), reward("ship", Benefit::FreeShipping { up_to: Vec::new() })])
                .enumerate()
                .map(|(nth, reward)| Reward { id: format!("{nth}"), ..reward })
                .collect();
            let line = |(nth, (product, quantity, cents)): (usize, &(u8, u32, u32))| LineDocument {
                id: format!("l{nth}"),
                product: if *product == 0 { "mug".into() } else { "x".into() },
                quantity: *quantity,
                unit_price: format!("{}.{:02}", cents / 100, cents % 100),
                ..LineDocument::default()
            };
            let document = CartDocument {
                currency: "EUR".into(),
                prices_include_tax: true,
                lines: lines.iter().enumerate().map(line).collect(),
                shipping: Some("4.90".into()),
                ..CartDocument::default()
            };
            let mut backwards = document.clone();
            backwards.lines.reverse();
            let cart = Cart::try_from(document).expect("a cart");
            let chosen = |rewards: &[Reward]| -> TakenOff {
                let chosen: Vec<_> = rewards
                    .iter()
                    .map(|reward| Chosen { reward, points: points(500) })
                    .collect();
                take_off(&cart, &chosen)
            };
            let taken = chosen(&rewards);
            for (taken, worth) in taken.lines_minor.iter().zip(cart.discounted_minor()) {
                prop_assert!((0..=worth).contains(taken));
            }
            prop_assert!((0..=490).contains(&taken.shipping_minor));
            let lines: i64 = taken.lines_minor.iter().sum();
            prop_assert_eq!(lines + taken.shipping_minor, taken.total_minor());
            rewards.reverse();
            let mut again = chosen(&rewards);
            again.by_reward.reverse();
            prop_assert_eq!(&again, &taken);
            rewards.reverse();
            let backwards = Cart::try_from(backwards).expect("a cart");
            let all: Vec<_> = rewards
                .iter()
                .map(|reward| Chosen { reward, points: points(500) })
                .collect();
            let mut mirrored = take_off(&backwards, &all);
            mirrored.lines_minor.reverse();
            prop_assert_eq!(mirrored, taken);
        }
    }
}
