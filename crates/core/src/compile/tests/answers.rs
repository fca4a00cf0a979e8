//! From the file to the answer: what rewards, referrals, surprises, partners and lifetimes that a merchant
//! writes come to, and that no file makes any of them give more than it says.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::compile::compile;
use crate::lifetime::{expires_at, matures_at};
use crate::partner::{Traffic, settle};
use crate::referral::{Identity, ReferralEvent, ReferralFacts, ReferralRefusal, judge};
use crate::reward::{Gift, RewardRefusal, Taker, Wish, offers, take};
use crate::surprise::{NoSurprise, SurpriseFacts, decide};
use crate::wire::{CartDocument, LineDocument};
use crate::{Cart, Currency, Date, Points, Program, Timestamp};

const CLUB: &str = r#"
version = 1
name = "Club"
time_zone = "America/New_York"
points = { one = "bean", other = "beans" }
earn.per_unit = { USD = 1 }
tiers = [{ id = "gold", name = "Gold", from_points = 1000 }]
balances = [{ id = "credit", name = "Credit", currency = "USD" }]

[[rewards]]
id = "five-off"
name = "5.00 off"
points = 500
gives = { amount_off = { USD = 5 } }
minimum_order = { USD = 30 }
combinable = true

[[rewards]]
id = "gold-fifth"
name = "20% off, for Gold"
points = 800
gives = { percent_off = 20, up_to = { USD = 8 } }
tiers = ["gold"]

[[rewards]]
id = "pay-with-beans"
name = "Pay with beans"
points = 100
gives = { amount_off = { USD = 1 } }
steps = { at_least = 500, share = 50 }
combinable = true

[[rewards]]
id = "mug"
name = "Enamel mug"
points = 1200
gives = { product = "enamel-mug" }
stock = 2

[[rewards]]
id = "one-day"
name = "Free shipping on Cyber Monday"
points = 0
gives = { free_shipping = true }
from = 2026-11-30
until = 2026-11-30

[[rewards]]
id = "thanks"
name = "A thank-you"
gives = { store_credit = 3.5, balance = "credit" }

[referral]
advocate = { points = 500 }
friend = { reward = "thanks" }
minimum_order = { USD = 30 }

[[surprises]]
id = "extra"
label = "A little extra"
one_in = 4
gives = { reward = "mug" }
budget = 2400
commitment = "sha256:3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9"

[[partners]]
id = "hotel"
name = "Hotel"
earn = { USD = 0.5 }
spend = { USD = 0.01 }

[pending]
return_days = 30

[expiry]
end_of = "year"
minimum_months = 2
"#;

/// Noon in New York on 30 November 2026.
const CYBER_MONDAY: i64 = 1_796_058_000_000;

fn club() -> Program {
    compile(CLUB).expect("a valid program").program
}

fn usd() -> Currency {
    Currency::parse("USD").expect("a currency")
}

fn points(count: i64) -> Points {
    Points::new(count).expect("points of the test")
}

fn cart(lines: &[(&str, u32, &str)]) -> Cart {
    let line = |(nth, (product, quantity, price)): (usize, &(&str, u32, &str))| LineDocument {
        id: format!("l{nth}"),
        product: (*product).to_owned(),
        quantity: *quantity,
        unit_price: (*price).to_owned(),
        ..LineDocument::default()
    };
    let document = CartDocument {
        currency: "USD".into(),
        prices_include_tax: false,
        lines: lines.iter().enumerate().map(line).collect(),
        shipping: Some("4.90".into()),
        ..CartDocument::default()
    };
    Cart::try_from(document).expect("a cart of the test")
}

/// What each reward of the file is for a member with so many points: `five-off 500..500 takes 500`.
fn check_offers(taker: &Taker<'_>, cart: &Cart, now: i64, expected: [&str; 6]) {
    let club = club();
    let offered = offers(
        club.rewards(),
        taker,
        Some(cart),
        &[],
        Timestamp::from_millis(now),
    );
    let told: Vec<_> = offered
        .iter()
        .map(|offer| match offer.answer {
            Ok(terms) => format!("{}..{} takes {}", terms.least, terms.most, terms.off_minor),
            Err(RewardRefusal::NotEnoughPoints { missing }) => format!("{missing} missing"),
            Err(RewardRefusal::BelowMinimum { missing_minor }) => format!("{missing_minor} short"),
            Err(refusal) => refusal.code().to_owned(),
        })
        .collect();
    assert_eq!(told, expected);
}

#[test]
fn a_members_offers_follow_the_file() {
    let her = |count, tier| Taker {
        points: points(count),
        tier,
        ..Taker::default()
    };
    let basket = cart(&[("kenya", 2, "19.99"), ("enamel-mug", 1, "12")]);
    let (not_now, given) = ("reward_not_now", "reward_not_for_points");
    check_offers(
        &her(1_500, Some("gold")),
        &basket,
        CYBER_MONDAY,
        [
            "500..500 takes 500",
            "800..800 takes 800",
            "500..1500 takes 1500",
            "1200..1200 takes 1200",
            "0..0 takes 490",
            given,
        ],
    );
    // The day ends at midnight in New York, five hours after it has in Greenwich.
    let midnight = CYBER_MONDAY + 12 * 3_600_000;
    check_offers(
        &her(499, None),
        &basket,
        midnight - 1,
        [
            "1 missing",
            "reward_not_in_tier",
            "1 missing",
            "701 missing",
            "0..0 takes 490",
            given,
        ],
    );
    check_offers(
        &her(499, None),
        &basket,
        midnight,
        [
            "1 missing",
            "reward_not_in_tier",
            "1 missing",
            "701 missing",
            not_now,
            given,
        ],
    );
    let gone = [("mug".to_owned(), 2)];
    let late = Taker {
        gone: &gone,
        ..her(9_000, Some("silver"))
    };
    check_offers(
        &late,
        &cart(&[("kenya", 1, "12.50")]),
        0,
        [
            "1750 short",
            "reward_not_in_tier",
            "500..600 takes 600",
            "reward_out_of_stock",
            not_now,
            given,
        ],
    );
}

#[test]
fn two_rewards_are_taken_for_one_price_each() {
    let club = club();
    let basket = cart(&[("kenya", 2, "19.99")]);
    let taker = Taker {
        points: points(1_300),
        ..Taker::default()
    };
    let wish = |reward, count: Option<i64>| Wish {
        reward,
        points: count.map(points),
    };
    let wishes = [wish("pay-with-beans", Some(800)), wish("five-off", None)];
    let now = Timestamp::from_millis(0);
    let both = take(club.rewards(), &taker, Some(&basket), &wishes, now).expect("both");
    assert_eq!(
        (both.points.get(), both.off.by_reward),
        (1_300, vec![800, 500])
    );
}

#[test]
fn a_friend_brings_what_the_file_says() {
    let club = club();
    let facts = |number, counted_minor| ReferralFacts {
        event: ReferralEvent::Ordered {
            number,
            currency: usd(),
            counted_minor,
        },
        friend_is_known: false,
        advocate: Identity::default(),
        friend: Identity::default(),
        rewarded: 0,
        rewarded_this_month: 0,
    };
    let grant = judge(club.referral(), &facts(1, 3_000)).expect("a grant");
    assert_eq!(grant.advocate, Some(&Gift::Points(points(500))));
    assert_eq!(grant.friend, Some(&Gift::Reward("thanks".into())));
    let told = |number, minor| {
        judge(club.referral(), &facts(number, minor)).map_err(ReferralRefusal::code)
    };
    assert_eq!(told(1, 2_999), Err("order_below_minimum"));
    assert_eq!(told(2, 3_000), Err("referral_not_first_order"));
}

#[test]
fn a_surprise_counts_its_reward_by_its_price() {
    let club = club();
    let [surprise] = club.surprises() else {
        unreachable!("the file has one");
    };
    let check = |given, draw, expected: Result<&Gift, &str>| {
        let facts = SurpriseFacts {
            currency: usd(),
            counted_minor: 1,
            placed_at: Timestamp::from_millis(0),
            given: points(given),
            draw,
        };
        assert_eq!(decide(surprise, &facts).map_err(NoSurprise::code), expected);
    };
    let mug = Gift::Reward("mug".into());
    check(0, 0, Ok(&mug));
    check(1_200, u64::MAX / 4, Ok(&mug));
    check(1_200, u64::MAX / 4 + 1, Err("surprise_not_drawn"));
    check(1_201, 0, Err("surprise_budget_spent"));
}

#[test]
fn brands_settle_by_the_files_rates() {
    let club = club();
    let traffic = Traffic {
        partner: "hotel",
        currency: Some(usd()),
        version: 1,
        earned: 12_345,
        spent: 2_300,
    };
    let rates = [(1, club.partners().to_vec())];
    let settled = settle(&rates, &[traffic]).expect("small sums");
    let net: Vec<_> = settled.iter().map(|it| it.net_minor).collect();
    assert_eq!(net, [10_045]);
}

#[test]
fn points_live_as_the_file_says_where_the_shop_is() {
    let club = club();
    let calendar = club.calendar();
    let start = |year, month, day| calendar.start_of(Date { year, month, day }.day_number());
    let check = |earned: Timestamp, free, gone| {
        assert_eq!(matures_at(club.pending(), earned, calendar), free);
        assert_eq!(
            expires_at(club.expiry(), earned, earned, calendar),
            Some(gone)
        );
    };
    let noon = Timestamp::from_millis(CYBER_MONDAY);
    check(noon, start(2026, 12, 31), start(2028, 1, 1));
    let october = Timestamp::from_millis(start(2026, 10, 31).as_millis());
    check(october, start(2026, 12, 1), start(2027, 1, 1));
}

/// Numbers that a file might have: mostly small, some absurd.
fn any_number() -> impl Strategy<Value = i64> {
    prop_oneof![
        60 => 1_i64..2_000,
        1 => Just(0),
        1 => Just(-1),
        1 => Just(i64::MAX),
        1 => 1_000_000_i64..=1_000_000_000_000,
    ]
}

proptest! {
    #[test]
    fn no_file_gives_more_than_the_cart_or_takes_more_than_the_points(
        numbers in vec(any_number(), 12),
        percent in 0_u32..110,
        combinable in any::<bool>(),
        balance in 0_i64..3_000,
        price in 0_u32..200,
        drawn in any::<u64>(),
    ) {
        let [a, b, c, d, e, f, g, h, i, j, k, l] = numbers.as_slice() else {
            unreachable!("twelve numbers");
        };
        // Full steps, and more days than months only now and then.
        let (least, months, days) = (e.saturating_mul(g % 9), l % 100, k % 60);
        let budget = h.saturating_add(*j);
        let source = format!(
            "version = 1\nname = 'C'\npoints = {{ one = 's', other = 's' }}\nearn.per_unit.USD = 1\n\
             expiry.after_months = {months}\npending.return_days = {days}\n\
             rewards = [\n\
             {{ id = 'a', name = 'A', points = {a}, gives.amount_off.USD = '{b}', combinable = {combinable} }},\n\
             {{ id = 'p', name = 'P', points = {c}, gives = {{ percent_off = {percent}, up_to.USD = '{d}' }}, combinable = true }},\n\
             {{ id = 's', name = 'S', points = {e}, gives.amount_off.USD = '{f}', steps = {{ at_least = {least}, share = {percent} }}, combinable = true }},\n\
             {{ id = 'm', name = 'M', points = {h}, gives = {{ product = 'x', quantity = 3 }}, stock = {i} }},\n\
             ]\n\
             surprises = [{{ id = 'z', label = 'Z', one_in = {a}, budget = {budget}, gives.points = {h}, commitment = 'sha256:{}' }}]",
            "0".repeat(64),
        );
        // Whatever is written, the compiler answers; what it takes is a program that keeps its word.
        if let Ok(compiled) = compile(&source) {
            let program = compiled.program;
            let now = Timestamp::from_millis(0);
            let basket = cart(&[("x", 2, &price.to_string()), ("y", 1, "3.33")]);
            let worth: i64 = basket.discounted_minor().iter().sum();
            let taker = Taker { points: points(balance), ..Taker::default() };
            for offer in offers(program.rewards(), &taker, Some(&basket), &[], now) {
                if let Ok(terms) = offer.answer {
                    prop_assert!((0..=balance).contains(&terms.most.get()));
                    prop_assert!((0..=worth).contains(&terms.off_minor));
                }
            }
            let wishes = ["a", "p", "s"].map(|reward| Wish { reward, points: None });
            if let Ok(taken) = take(program.rewards(), &taker, Some(&basket), &wishes, now) {
                prop_assert!((0..=balance).contains(&taken.points.get()));
                prop_assert!((0..=worth).contains(&taken.off.total_minor()));
            }
            for surprise in program.surprises() {
                let facts = SurpriseFacts {
                    currency: usd(),
                    counted_minor: worth,
                    placed_at: now,
                    given: points(balance),
                    draw: drawn,
                };
                if decide(surprise, &facts).is_ok() {
                    let budget = surprise.budget.map_or(i64::MAX, Points::get);
                    prop_assert!(balance + surprise.costs.get() <= budget);
                }
            }
            let gone = expires_at(program.expiry(), now, now, program.calendar());
            let free = matures_at(program.pending(), now, program.calendar());
            prop_assert!(gone.is_none_or(|gone| gone > free), "there is time to spend them");
        }
    }
}
