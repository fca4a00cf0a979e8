//! Which rewards are offered, on what terms, and which refusal comes first.

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::taken_off::tests::cart;
use super::super::tests::{in_steps, money, points, reward};
use super::super::{Benefit, Steps};
use super::*;
use crate::Decimal;

fn now() -> Timestamp {
    Timestamp::from_millis(1_000)
}

fn five_off() -> Reward {
    reward("off", Benefit::AmountOff(vec![money(500, "EUR")]))
}

fn gold(count: i64) -> Taker<'static> {
    Taker {
        points: points(count),
        tier: Some("gold"),
        ..Taker::default()
    }
}

/// The terms as `least..most: off`, or the code of the refusal with what it says.
fn told(answer: Result<Terms, RewardRefusal>) -> String {
    match answer {
        Ok(terms) => format!("{}..{}: {}", terms.least, terms.most, terms.off_minor),
        Err(RewardRefusal::NotEnoughPoints { missing }) => format!("not_enough_points {missing}"),
        Err(RewardRefusal::BelowMinimum { missing_minor }) => {
            format!("order_below_minimum {missing_minor}")
        }
        Err(refusal) => refusal.code().to_owned(),
    }
}

/// What is offered for a cart of 40.00 and 4.90 for shipping.
fn check(reward: &Reward, taker: &Taker<'_>, expected: &str) {
    let cart = cart(&[("kenya", 2, "10"), ("mug", 1, "20")], "4.90");
    let rewards = [reward.clone()];
    let offers = offers(&rewards, taker, Some(&cart), &[], now());
    assert_eq!(offers.len(), 1);
    for offer in offers {
        assert_eq!(told(offer.answer), expected, "{reward:?}");
    }
}

#[test]
fn a_reward_is_offered_with_its_price_and_what_it_takes_off() {
    let check = |gives, expected| check(&reward("r", gives), &gold(500), expected);
    let eur = |minor| vec![money(minor, "EUR")];
    check(Benefit::AmountOff(eur(500)), "500..500: 500");
    check(Benefit::AmountOff(eur(5_000)), "500..500: 4000");
    let percent = Decimal::from(20);
    let up_to = eur(600);
    check(Benefit::PercentOff { percent, up_to }, "500..500: 600");
    let product = "mug".to_owned();
    let quantity = 1;
    check(Benefit::Product { product, quantity }, "500..500: 2000");
    let up_to = Vec::new();
    check(Benefit::FreeShipping { up_to }, "500..500: 490");
    check(Benefit::GiftCard(eur(2_500)), "500..500: 0");
    check(Benefit::Experience("A tasting".into()), "500..500: 0");
    let to = "Sea rescue".to_owned();
    let amounts = eur(500);
    check(Benefit::Donation { to, amounts }, "500..500: 0");
    let balance = "credit".to_owned();
    let amount = money(500, "USD");
    check(Benefit::StoreCredit { balance, amount }, "500..500: 0");
}

#[test]
fn steps_are_offered_up_to_what_she_has_what_is_allowed_and_what_the_order_takes() {
    let check = |count, at_least, at_most: Option<i64>, share: Option<i64>, expected| {
        let steps = Steps {
            at_least: points(at_least),
            at_most: at_most.map(points),
            share: share.map(Decimal::from),
        };
        let reward = Reward {
            steps: Some(steps),
            ..in_steps()
        };
        check(&reward, &gold(count), expected);
    };
    check(1_250, 500, None, None, "500..1200: 1200");
    check(500, 500, None, None, "500..500: 500");
    check(499, 500, None, None, "not_enough_points 1");
    check(9_999, 500, None, None, "500..4000: 4000");
    check(9_999, 500, Some(3_000), None, "500..3000: 3000");
    check(9_999, 500, None, Some(50), "500..2000: 2000");
    check(9_999, 500, None, Some(33), "500..1300: 1300");
    // A fifth of the order must be 10.00; an eighth of 40.00 is just 5.00.
    check(9_999, 1_000, None, Some(20), "order_below_minimum 1000");
    check(9_999, 4_100, None, None, "order_below_minimum 100");
    check(9_999, 500, None, Some(12), "order_below_minimum 167");
}

#[test]
fn each_refusal_is_told_by_its_own_name() {
    let her = gold(500);
    check(&five_off(), &gold(499), "not_enough_points 1");
    check(&five_off(), &Taker::default(), "not_enough_points 500");
    let later = Some(Timestamp::from_millis(1_001));
    let soon = Reward {
        from: later,
        ..five_off()
    };
    check(&soon, &her, "reward_not_now");
    let ends = Reward {
        from: Some(now()),
        until: later,
        ..five_off()
    };
    check(&ends, &her, "500..500: 500");
    let over = Reward {
        until: Some(now()),
        ..five_off()
    };
    check(&over, &her, "reward_not_now");
    let tiers = |tiers: &[&str]| Reward {
        tiers: tiers.iter().map(|tier| (*tier).to_owned()).collect(),
        ..five_off()
    };
    check(&tiers(&["silver", "gold"]), &her, "500..500: 500");
    check(&tiers(&["silver"]), &her, "reward_not_in_tier");
    let untiered = Taker { tier: None, ..her };
    check(&tiers(&["silver"]), &untiered, "reward_not_in_tier");
    let given = Reward {
        points: None,
        ..five_off()
    };
    check(&given, &her, "reward_not_for_points");
    let free = Reward {
        points: Some(Points::ZERO),
        ..five_off()
    };
    check(&free, &Taker::default(), "0..0: 500");
    let counts = [("off".to_owned(), 3), ("other".to_owned(), 9)];
    let counted = Taker {
        had: &counts,
        gone: &counts,
        ..her
    };
    let stocked = |stock| Reward {
        stock: Some(stock),
        ..five_off()
    };
    check(&stocked(4), &counted, "500..500: 500");
    check(&stocked(3), &counted, "reward_out_of_stock");
    check(&stocked(0), &her, "reward_out_of_stock");
    let limited = |per_member| Reward {
        per_member: Some(per_member),
        ..five_off()
    };
    check(&limited(4), &counted, "500..500: 500");
    check(&limited(3), &counted, "reward_limit_reached");
    check(&limited(1), &her, "500..500: 500");
    let from = |minor, code| Reward {
        minimum_order: vec![money(minor, code)],
        ..five_off()
    };
    check(&from(4_000, "EUR"), &her, "500..500: 500");
    check(&from(4_001, "EUR"), &her, "order_below_minimum 1");
    check(&from(1, "USD"), &her, "currency_not_covered");
    let dollars = reward("off", Benefit::AmountOff(vec![money(500, "USD")]));
    check(&dollars, &her, "currency_not_covered");
    let product = "cup".to_owned();
    let cup = reward(
        "cup",
        Benefit::Product {
            product,
            quantity: 1,
        },
    );
    check(&cup, &her, "product_not_in_cart");
}

#[test]
fn without_a_cart_nothing_is_said_about_one() {
    let rewards = [
        Reward {
            minimum_order: vec![money(100_000, "USD")],
            ..five_off()
        },
        in_steps(),
    ];
    let offers = offers(&rewards, &gold(1_250), None, &[], now());
    let told: Vec<_> = offers.iter().map(|offer| told(offer.answer)).collect();
    assert_eq!(told, ["500..500: 0", "500..1200: 0"]);
}

#[test]
fn what_is_chosen_already_leaves_less_and_may_not_go_with_others() {
    let cart = cart(&[("kenya", 1, "12")], "0");
    let combinable = |id: &str, minor, is_combinable| Reward {
        is_combinable,
        ..reward(id, Benefit::AmountOff(vec![money(minor, "EUR")]))
    };
    let rewards = [
        combinable("a", 500, true),
        combinable("b", 800, true),
        combinable("c", 100, false),
        Reward {
            is_combinable: true,
            ..in_steps()
        },
    ];
    let check = |count, chosen: usize, expected: [&str; 4]| {
        let chosen = rewards.get(chosen).map(|reward| Chosen {
            reward,
            points: points(500),
        });
        let taker = gold(count);
        let chosen: Vec<_> = chosen.into_iter().collect();
        let offers = offers(&rewards, &taker, Some(&cart), &chosen, now());
        let told: Vec<_> = offers.iter().map(|offer| told(offer.answer)).collect();
        assert_eq!(told, expected);
    };
    let (none, twice) = ("reward_not_combinable", "reward_taken_twice");
    check(
        1_600,
        9,
        [
            "500..500: 500",
            "500..500: 800",
            "500..500: 100",
            "500..1200: 1200",
        ],
    );
    check(1_600, 0, [twice, "500..500: 700", none, "500..700: 700"]);
    check(1_600, 2, [none, none, twice, none]);
    let poor = "not_enough_points 1";
    check(999, 0, [poor, poor, poor, poor]);
    // 8.00 are chosen: less is left than the least steps take off.
    check(
        1_600,
        1,
        ["500..500: 400", twice, none, "nothing_to_take_off"],
    );
}

#[test]
fn wishes_are_taken_all_or_none() {
    let cart = cart(&[("kenya", 2, "10"), ("mug", 1, "20")], "4.90");
    let combinable = |reward: Reward| Reward {
        is_combinable: true,
        ..reward
    };
    let rewards = [
        combinable(five_off()),
        combinable(in_steps()),
        reward("alone", Benefit::FreeShipping { up_to: Vec::new() }),
    ];
    let wish = |reward, count: Option<i64>| Wish {
        reward,
        points: count.map(points),
    };
    let check = |count, wishes: &[Wish<'_>], expected: Result<(i64, Vec<i64>), (usize, &str)>| {
        let taken = take(&rewards, &gold(count), Some(&cart), wishes, now());
        let taken = taken.map(|taken| {
            let cost: i64 = taken.chosen.iter().map(|it| it.points.get()).sum();
            assert_eq!(cost, taken.points.get());
            (cost, taken.off.by_reward)
        });
        let told = taken.map_err(|refused| (refused.nth, refused.refusal.code()));
        assert_eq!(told, expected, "{wishes:?}");
    };
    let off = wish("off", None);
    check(1_000, &[], Ok((0, vec![])));
    check(1_000, &[off], Ok((500, vec![500])));
    check(1_000, &[wish("alone", None)], Ok((500, vec![490])));
    let both = [wish("steps", Some(700)), off];
    check(1_200, &both, Ok((1_200, vec![700, 500])));
    check(1_199, &both, Err((0, "too_many_points")));
    check(999, &both, Err((0, "not_enough_points")));
    check(9_999, &[off, off], Err((1, "reward_taken_twice")));
    check(
        9_999,
        &[off, wish("alone", None)],
        Err((1, "reward_not_combinable")),
    );
    check(
        9_999,
        &[off, wish("lost", None)],
        Err((1, "reward_unknown")),
    );
    check(9_999, &[wish("off", Some(499))], Err((0, "too_few_points")));
    check(
        9_999,
        &[wish("off", Some(501))],
        Err((0, "too_many_points")),
    );
    check(
        9_999,
        &[wish("steps", Some(550))],
        Err((0, "points_not_in_steps")),
    );
    check(
        9_999,
        &[wish("steps", Some(400))],
        Err((0, "too_few_points")),
    );
    check(
        9_999,
        &[wish("steps", Some(4_100))],
        Err((0, "too_many_points")),
    );
    check(9_999, &[wish("steps", None)], Ok((500, vec![500])));
}

#[test]
fn what_somebody_has_is_used_by_the_rules_of_the_cart_alone() {
    let cart = cart(&[("kenya", 2, "10"), ("mug", 1, "20")], "4.90");
    let gold_only = Reward {
        points: None,
        tiers: vec!["gold".into()],
        until: Some(Timestamp::from_millis(1)),
        stock: Some(0),
        per_member: Some(0),
        is_combinable: true,
        ..five_off()
    };
    let steps = Reward {
        is_combinable: true,
        ..in_steps()
    };
    let dear = Reward {
        minimum_order: vec![money(4_001, "EUR")],
        ..five_off()
    };
    let alone = reward("alone", Benefit::FreeShipping { up_to: Vec::new() });
    let product = "cup".to_owned();
    let cup = reward(
        "cup",
        Benefit::Product {
            product,
            quantity: 1,
        },
    );
    let dollars = reward("usd", Benefit::AmountOff(vec![money(500, "USD")]));
    let gift = reward("gift", Benefit::GiftCard(vec![money(500, "EUR")]));
    let held = |reward, count, expires_at: Option<i64>| Held {
        chosen: Chosen {
            reward,
            points: points(count),
        },
        expires_at: expires_at.map(Timestamp::from_millis),
    };
    let check = |held: &[Held<'_>], expected: Result<Vec<i64>, (usize, &str)>| {
        let used = redeem(held, &cart, now()).map(|off| off.by_reward);
        let told = used.map_err(|refused| (refused.nth, refused.refusal.code()));
        assert_eq!(told, expected, "{held:?}");
    };
    let off = held(&gold_only, 0, None);
    check(&[], Ok(vec![]));
    check(&[off], Ok(vec![500]));
    check(&[held(&gold_only, 0, Some(1_001))], Ok(vec![500]));
    check(
        &[held(&gold_only, 0, Some(1_000))],
        Err((0, "reward_code_expired")),
    );
    check(&[held(&steps, 1_200, None), off], Ok(vec![1_200, 500]));
    // 90.00 of points: what the cart does not take is lost.
    check(&[held(&steps, 9_000, None)], Ok(vec![4_000]));
    check(&[held(&steps, 9_000, None), off], Ok(vec![3_500, 500]));
    check(&[held(&steps, 99, None)], Err((0, "nothing_to_take_off")));
    check(&[off, off], Err((1, "reward_taken_twice")));
    check(
        &[off, held(&alone, 500, None)],
        Err((1, "reward_not_combinable")),
    );
    check(&[held(&dear, 500, None)], Err((0, "order_below_minimum")));
    check(&[held(&cup, 500, None)], Err((0, "product_not_in_cart")));
    check(
        &[held(&dollars, 500, None)],
        Err((0, "currency_not_covered")),
    );
    check(&[held(&gift, 500, None)], Ok(vec![0]));
}

#[test]
fn of_several_refusals_the_first_declared_is_told() {
    let cart = cart(&[("kenya", 1, "10")], "0");
    let counts = [("r".to_owned(), 1)];
    let nobody = Taker {
        had: &counts,
        gone: &counts,
        ..Taker::default()
    };
    let product = "cup".to_owned();
    let worst = Reward {
        from: Some(Timestamp::from_millis(2_000)),
        tiers: vec!["gold".into()],
        points: None,
        stock: Some(1),
        per_member: Some(1),
        minimum_order: vec![money(1, "USD")],
        ..reward(
            "r",
            Benefit::Product {
                product,
                quantity: 1,
            },
        )
    };
    let mends: [fn(&mut Reward); 9] = [
        |it| it.from = None,
        |it| it.tiers.clear(),
        |it| it.points = Some(points(1)),
        |it| it.points = Some(Points::ZERO),
        |it| it.stock = None,
        |it| it.per_member = None,
        |it| it.minimum_order = vec![money(2_000, "EUR")],
        |it| it.minimum_order.clear(),
        |it| it.gives = Benefit::AmountOff(vec![money(1, "EUR")]),
    ];
    let other = five_off();
    let chosen = [Chosen {
        reward: &other,
        points: Points::ZERO,
    }];
    let mut refusals = Vec::new();
    let mut mended = worst;
    let mut tell = |reward: &Reward| {
        let rewards = [reward.clone()];
        let wishes = [Wish {
            reward: "r",
            points: None,
        }];
        let offered = offers(&rewards, &nobody, Some(&cart), &chosen, now());
        refusals.extend(offered.iter().filter_map(|offer| offer.answer.err()));
        // Alone, it is taken as it is offered.
        let taken = take(&rewards, &nobody, Some(&cart), &wishes, now());
        let alone = offers(&rewards, &nobody, Some(&cart), &[], now());
        let alone: Vec<_> = alone
            .iter()
            .filter_map(|offer| offer.answer.err())
            .collect();
        let refused: Vec<_> = taken.err().iter().map(|it| it.refusal).collect();
        assert_eq!(refused, alone);
    };
    tell(&mended);
    for mend in mends {
        mend(&mut mended);
        tell(&mended);
    }
    let codes: Vec<_> = refusals.iter().map(|refusal| refusal.code()).collect();
    assert_eq!(
        codes,
        [
            "reward_not_now",
            "reward_not_in_tier",
            "reward_not_for_points",
            "not_enough_points",
            "reward_out_of_stock",
            "reward_limit_reached",
            "currency_not_covered",
            "order_below_minimum",
            "product_not_in_cart",
            "reward_not_combinable",
        ]
    );
    assert!(refusals.is_sorted(), "as they are declared");
}

/// A reward of any kind, drawn from a few numbers.
fn any_reward() -> impl Strategy<Value = Reward> {
    let numbers = (0_u8..9, 1_i64..3_000, 0_i64..9, 0_i64..6_000, any::<bool>());
    numbers.prop_map(|(kind, minor, price, minimum, is_combinable)| {
        let eur = || vec![money(minor, "EUR")];
        let up_to = if minimum % 2 == 0 { Vec::new() } else { eur() };
        let percent = Decimal::new(minor.min(100), 0);
        let gives = match kind {
            0 | 1 => Benefit::AmountOff(eur()),
            2 | 3 => Benefit::PercentOff { percent, up_to },
            4 => Benefit::FreeShipping { up_to },
            5 => Benefit::GiftCard(eur()),
            _ => Benefit::Product {
                product: "mug".into(),
                quantity: u32::from(kind),
            },
        };
        let steps = Steps {
            at_least: points((price + 1) * 300),
            at_most: (minimum % 3 == 0).then(|| points((price + 1) * 900)),
            share: (minimum % 5 == 0).then_some(percent),
        };
        Reward {
            points: (price < 8).then(|| points((price + 1) * 100)),
            steps: (kind == 1).then_some(steps),
            minimum_order: vec![money(minimum, "EUR")],
            is_combinable,
            ..reward("", gives)
        }
    })
}

proptest! {
    #[test]
    fn what_is_offered_can_be_taken_and_nothing_else(
        rewards in vec(any_reward(), 1..6),
        balance in 0_i64..5_000,
        lines in vec((any::<bool>(), 1_u32..5, 0_u32..30), 0..5),
        wishes in vec((0_usize..6, 0_i64..40), 0..4),
    ) {
        let named = rewards.into_iter().enumerate();
        let rewards: Vec<_> = named
            .map(|(nth, reward)| Reward { id: nth.to_string(), ..reward })
            .collect();
        let prices: Vec<_> = lines.iter().map(|(_, _, price)| price.to_string()).collect();
        let lines: Vec<_> = lines
            .iter()
            .zip(&prices)
            .map(|((is_mug, units, _), price)| {
                (if *is_mug { "mug" } else { "tea" }, *units, price.as_str())
            })
            .collect();
        let cart = cart(&lines, "4.90");
        let worth: i64 = cart.discounted_minor().iter().sum::<i64>() + 490;
        let taker = gold(balance);
        for offer in offers(&rewards, &taker, Some(&cart), &[], now()) {
            let id = offer.reward.id.as_str();
            let try_take = |count: Points| {
                let wish = Wish { reward: id, points: Some(count) };
                take(&rewards, &taker, Some(&cart), &[wish], now())
            };
            match offer.answer {
                Ok(terms) => {
                    prop_assert!(terms.least <= terms.most && terms.most.get() <= balance);
                    let taken = try_take(terms.most).map_err(|it| it.refusal.code());
                    let off = taken.as_ref().map(|taken| taken.off.total_minor());
                    prop_assert_eq!(off, Ok(terms.off_minor));
                    prop_assert!(try_take(terms.least).is_ok());
                    prop_assert!(try_take(points(terms.least.get() - 1)).is_err());
                    prop_assert!(try_take(points(terms.most.get() + 1)).is_err());
                }
                Err(refusal) => {
                    let refused = try_take(Points::ZERO).map(|_| ()).map_err(|it| it.refusal);
                    prop_assert_eq!(refused, Err(refusal));
                }
            }
        }
        let ids: Vec<_> = wishes.iter().map(|(nth, _)| nth.to_string()).collect();
        let wishes: Vec<_> = ids
            .iter()
            .zip(&wishes)
            .map(|(id, (_, hundreds))| Wish {
                reward: id,
                points: (*hundreds < 20).then(|| points(hundreds * 100)),
            })
            .collect();
        if let Ok(taken) = take(&rewards, &taker, Some(&cart), &wishes, now()) {
            prop_assert_eq!(taken.chosen.len(), wishes.len());
            prop_assert!(taken.points.get() <= balance);
            prop_assert!(taken.off.total_minor() <= worth);
            // What was taken can be used, and takes off what was said.
            let held: Vec<_> = taken
                .chosen
                .iter()
                .map(|chosen| Held { chosen: *chosen, expires_at: None })
                .collect();
            let used = redeem(&held, &cart, now()).map_err(|it| it.refusal.code());
            prop_assert_eq!(used, Ok(taken.off));
        }
    }
}
