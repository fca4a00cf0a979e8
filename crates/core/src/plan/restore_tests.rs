//! What a refund takes and gives back, as far as the shared vectors (`tests/vectors/life/refunds.json`) do not tell.

use super::story::{CLUB, Story, at, cart};
use super::*;
use crate::lot::put;
use crate::refund::{BookedOrder, Refund, SentBack, Surprised, take_back};
use crate::{Currency, compile, evaluate};

/// What a refund of all of an order of so many euros takes back.
fn whole_of(program: &Program, euros: i64, placed_at: Timestamp) -> TakenBack {
    let (cart, member) = (cart(euros), program.newcomer());
    let earned = evaluate(program, &member, &cart, placed_at).expect("points");
    let order = BookedOrder {
        cart: &cart,
        member: &member,
        evaluated_at: placed_at,
        placed_at,
        points: earned.points,
        credits: &[],
        spent: &[],
        tendered: &[],
        surprises: &Surprised::default(),
    };
    let after = SentBack::default().with(&cart, &Refund::Rest);
    take_back(Some(program), &order, &[], &after.expect("a refund")).expect("points")
}

fn refund(taken_back: &TakenBack) -> Command<'_> {
    Command::Refund {
        refund_id: "f1",
        taken_back,
    }
}

fn adjust(points: i64) -> Command<'static> {
    Command::Adjust {
        key: "k",
        points,
        reason: "sorry",
        by: None,
    }
}

/// Points of no order that came back, with their end.
fn lot(points: i64, expires_at: Option<&str>) -> Lot {
    Lot {
        points,
        matures_at: at("2026-01-01T00:00:00Z"),
        expires_at: expires_at.map(at),
        currency: None,
    }
}

#[test]
fn a_refund_lowers_the_tier_that_its_order_had_reached() {
    let mut story = Story::new("");
    let placed = "2026-03-01T12:00:00Z";
    let said = story.order("o1", 600, placed);
    assert_eq!(said, "earn 600, [tier.changed], (pending 600)");
    let said = story.refund("f1", (600, placed), 5_000, "2026-03-02T12:00:00Z");
    assert_eq!(said, "clawback -50, (pending 550)", "550 still are gold");
    let said = story.refund("f2", (600, placed), 10_000, "2026-03-02T12:00:00Z");
    assert_eq!(said, "clawback -100, [tier.changed], (pending 450)");
    assert_eq!(story.member.tier, None);
    // Who was given a tier keeps it.
    let mut story = Story::new("");
    story.member.tier = Some("gold".into());
    story.order("o1", 20, placed);
    let said = story.refund("f1", (20, placed), 2_000, "2026-03-02T12:00:00Z");
    assert_eq!(said, "clawback -20, ()");
}

#[test]
fn what_a_challenge_gave_goes_back_with_the_order_without_which_it_is_not_reached() {
    let mut story = Story::new(
        "refunds = { deficit = true }\n\
         challenges = [{ id = 'two', label = '2 orders', count = 'orders', steps = [{ at = 2, points = 50 }] }]",
    );
    let placed = "2026-03-01T12:00:00Z";
    assert_eq!(story.order("o1", 40, placed), "earn 40, (pending 40)");
    let said = story.order("o2", 30, placed);
    assert_eq!(said, "earn 30, order-challenge 50, (pending 120)");
    // A part of it that stays keeps it an order.
    let said = story.refund("f1", (40, placed), 1_000, placed);
    assert_eq!(said, "clawback -10, (pending 110)");
    let said = story.refund("f2", (40, placed), 4_000, placed);
    assert_eq!(said, "clawback -90, (pending 20)");
    let rules = story.entries.iter().map(|entry| entry.rules.concat());
    assert_eq!(rules.collect::<Vec<_>>(), ["two"]);
    assert_eq!(story.member.earned.get(), 20, "challenges lift no tier");
    let said = story.order("o3", 20, placed);
    assert_eq!(said, "earn 20, order-challenge 50, (pending 90)");
}

#[test]
fn what_comes_back_of_an_order_counts_for_no_challenge_of_spending_and_the_rest_of_it_does() {
    for bonuses in ["proportional", "threshold"] {
        let mut story = Story::new(&format!(
            "refunds = {{ bonuses = '{bonuses}', deficit = true }}\n\
             challenges = [{{ id = 'spend', label = '100.00', count = 'spend', currency = 'EUR', repeat = true, \
                steps = [{{ at = 100, points = 500 }}] }}]",
        ));
        let placed = "2026-03-01T12:00:00Z";
        // As often as she likes: all but a trifle comes back each time.
        for nth in 1..4 {
            let said = story.order(&format!("o{nth}"), 101, placed);
            assert!(said.contains("order-challenge 500"), "{said}");
            let refund = format!("f{nth}");
            let said = story.refund(&refund, (101, placed), 10_000, placed);
            assert!(said.starts_with("clawback -600"), "{bonuses}: {said}");
            let marks = story.member.challenges.iter().flat_map(|it| &it.marks);
            let counts: i64 = marks.map(|mark| mark.amount).sum();
            assert_eq!(counts, nth * 100, "{bonuses}");
        }
        // What was kept counts: 3.00 and 97.00.
        let said = story.order("o4", 97, placed);
        assert!(said.contains("order-challenge 500"), "{said}");
        // Nothing of it is missing as long as a round is there without it.
        story.order("o5", 10, placed);
        let said = story.refund("f5", (97, placed), 1_000, placed);
        assert!(said.starts_with("clawback -10,"), "{said}");
    }
}

#[test]
fn an_order_that_an_older_program_decides_counts_on_the_way_to_the_tiers_of_today() {
    let mut story = Story::new("");
    let last_years = story.program.clone();
    let today = CLUB.replace("from_points = 500", "from_orders = 2");
    let today = today.replace("what = \"points\"", "what = \"orders\"");
    story.program = compile::compile(&today).expect("a valid program").program;
    let (placed, now) = ("2026-03-01T12:00:00Z", at("2026-03-02T12:00:00Z"));
    story.order("o1", 40, placed);
    let before = story.member.standing.clone();
    assert_eq!(
        (&*before.basis, &before.buckets[..]),
        ("orders year", &[(2026, 1)][..])
    );
    let cart = cart(600);
    let earning = evaluate(&last_years, &story.member, &cart, now).expect("points");
    let command = Command::Earn {
        order_id: "o2",
        cart: &cart,
        placed_at: now,
        earning: &earning,
        redemptions: &[],
        draws: &[],
    };
    let planned = plan_under(
        &story.program,
        &last_years,
        Some(&story.member),
        command,
        now,
    );
    let planned = planned.expect("a plan");
    let earned = planned.entries.iter().map(|it| &it.program);
    assert_eq!(earned.collect::<Vec<_>>(), [last_years.reference()]);
    story.member = planned.snapshot;
    let after = &story.member.standing;
    assert_eq!(
        (&*after.basis, &after.buckets[..]),
        ("orders year", &[(2026, 2)][..])
    );
    assert_eq!(story.member.tier.as_deref(), Some("gold"));
    // What counted on another basis is not taken out of this one.
    let back = whole_of(&last_years, 600, now);
    story.book(refund(&back), "2026-03-03T12:00:00Z");
    assert_eq!(story.member.standing.buckets, [(2026, 2)]);
}

#[test]
fn a_refund_takes_the_orders_own_points_by_the_terms_under_which_it_was_booked() {
    let (placed, now) = ("2026-03-01T12:00:00Z", "2026-03-02T12:00:00Z");
    let later = "pending = { return_days = 30 }";
    let elsewhere = "time_zone = \"America/Los_Angeles\"";
    for (from, to) in [
        ("pending = { return_days = 14 }", later),
        ("time_zone = \"Europe/Berlin\"", elsewhere),
    ] {
        let mut story = Story::new("");
        story.book(adjust(100), placed);
        story.order("o1", 30, placed);
        // More than the order's own goes, and its price stays with these.
        let back = TakenBack {
            points: 40,
            ..whole_of(&story.program, 30, at(placed))
        };
        let decided_by = story.program.reference().clone();
        let today = compile::compile(&CLUB.replace(from, to));
        story.program = today.expect("a valid program").program;
        let said = story.book(refund(&back), now);
        assert_eq!(said, "clawback -40, (free 90)", "{to}");
        let entry = story.entries.first().expect("an entry");
        let pools = entry.pools.iter();
        let pools: Vec<_> = pools
            .map(|it| (it.currency.map(Currency::code), it.points, it.spent_minor))
            .collect();
        assert_eq!(pools, [(Some("EUR"), -30, -3_000), (None, -10, 0)], "{to}");
        assert_eq!(entry.program, decided_by, "{to}");
    }
    // What the order earned was spent: what others in its currency earned is taken before what none did, and its price
    // is that of its currency, whatever else is taken.
    let mut story = Story::new("");
    story.book(adjust(100), placed);
    story.order("o1", 30, placed);
    story.order("o2", 20, now);
    story.member.holdings.lots.retain(|lot| lot.points != 30);
    story.member.balance = Points::new(120).expect("points");
    let said = story.refund("f1", (30, placed), 3_000, now);
    assert_eq!(said, "clawback -30, (free 90)");
}

#[test]
fn a_refund_takes_what_its_order_earned_then_others_in_its_currency_then_whatever_is_spent_first() {
    let (first, second) = ("2026-03-01T12:00:00Z", "2026-03-02T12:00:00Z");
    // Of nobody's order, of the two orders, and in francs, which mature with the first.
    let check = |placed: &str, matures_with: Option<&str>, points: i64, left: [i64; 4]| {
        let mut story = Story::new("");
        story.book(adjust(100), first);
        story.order("o1", 30, first);
        story.order("o2", 20, second);
        let of = |placed| matures_on_its_day(&story.program, at(placed));
        let (of_first, of_second) = (of(first), of(second));
        let euro = Currency::parse("EUR").ok();
        let franc = Currency::parse("CHF").ok();
        let francs = Lot {
            matures_at: of_first,
            currency: franc,
            ..lot(40, None)
        };
        put(&mut story.member.holdings.lots, francs);
        story.member.balance = Points::new(190).expect("points");
        let back = TakenBack {
            points,
            matures_at: matures_with.map(of),
            ..whole_of(&story.program, 30, at(placed))
        };
        story.book(refund(&back), second);
        let lots = &story.member.holdings.lots;
        let rest = |currency, matures_at| {
            let mut lots = lots.iter();
            let lot = lots.find(|it| it.currency == currency && it.matures_at == matures_at);
            lot.map_or(0, |lot| lot.points)
        };
        let nobodys = lots.iter().find(|it| it.currency.is_none());
        let found = [
            nobodys.map_or(0, |lot| lot.points),
            rest(euro, of_first),
            rest(euro, of_second),
            rest(franc, of_first),
        ];
        assert_eq!(found, left, "{points} of {placed}, {matures_with:?}");
    };
    check(first, Some(first), 30, [100, 0, 20, 40]);
    check(second, Some(second), 20, [100, 30, 0, 40]);
    check(first, Some(first), 45, [100, 0, 5, 40]);
    check(second, Some(second), 45, [100, 5, 0, 40]);
    check(first, Some(first), 70, [80, 0, 0, 40]);
    check(first, Some(first), 170, [0, 0, 0, 20]);
    // When they mature the program says that decided the order, and today's where that is not to be had.
    check(first, Some(second), 20, [100, 30, 0, 40]);
    check(first, None, 30, [100, 0, 20, 40]);
}

#[test]
fn an_order_counts_until_nothing_of_it_is_left() {
    let mut story = Story::new("");
    let placed = "2026-03-01T12:00:00Z";
    for id in ["o1", "o2", "o3"] {
        story.order(id, 40, placed);
    }
    assert_eq!(story.member.orders, 3);
    story.refund("f1", (40, placed), 1_000, placed);
    assert_eq!(story.member.orders, 3);
    story.refund("f2", (40, placed), 4_000, placed);
    assert_eq!(story.member.orders, 2);
}

#[test]
fn an_order_that_is_no_more_is_taken_off_once_where_the_orders_of_a_lifetime_count() {
    let mut story = Story::new("");
    let by_orders = CLUB.replace("from_points = 500", "from_orders = 2");
    let by_orders = by_orders.replace(
        "what = \"points\", period = \"calendar-year\"",
        "what = \"orders\"",
    );
    story.program = compile::compile(&by_orders).expect("a program").program;
    let placed = "2026-03-01T12:00:00Z";
    for id in ["o1", "o2", "o3"] {
        story.order(id, 40, placed);
    }
    for (refund, orders, tier) in [("f1", 2, Some("gold")), ("f2", 1, None)] {
        story.refund(refund, (40, placed), 4_000, placed);
        let after = (story.member.orders, story.member.tier.as_deref());
        assert_eq!(after, (orders, tier));
    }
}

#[test]
fn what_counted_for_a_tier_is_taken_out_of_the_period_of_its_order_in_the_measure_of_the_tiers() {
    let (placed, later) = ("2026-12-30T12:00:00Z", "2027-01-02T12:00:00Z");
    let check = |what: &str, from: &str, of_back: fn(TakenBack) -> TakenBack, left: [i64; 2]| {
        let club = CLUB.replace("what = \"points\"", what);
        let club = club.replace("from_points = 500", from);
        let mut story = Story::new("");
        story.program = compile::compile(&club).expect("a valid program").program;
        story.order("o1", 40, placed);
        story.order("o2", 30, later);
        let back = of_back(whole_of(&story.program, 40, at(placed)));
        story.book(refund(&back), later);
        let buckets = [(2026, left[0]), (2027, left[1])];
        assert_eq!(story.member.standing.buckets, buckets, "{what}");
    };
    check("what = \"points\"", "from_points = 500", |it| it, [0, 30]);
    let (spend, from) = ("what = \"spend\", currency = \"EUR\"", "from_spend = 500");
    check(spend, from, |it| it, [0, 3_000]);
    // What was spent in another currency did not count.
    let in_francs = |it| TakenBack {
        counted_in: Currency::parse("CHF").expect("a currency"),
        ..it
    };
    check(spend, from, in_francs, [4_000, 3_000]);
    let (orders, from) = ("what = \"orders\"", "from_orders = 5");
    check(orders, from, |it| it, [0, 1]);
    // What of it never counted may still be there, and what is whole may have counted no more before.
    let of_a_part = |it| TakenBack {
        is_whole: false,
        ..it
    };
    check(orders, from, of_a_part, [0, 1]);
    let of_the_rest = |it| TakenBack {
        counts_no_more: false,
        ..it
    };
    check(orders, from, of_the_rest, [1, 1]);
}

#[test]
fn what_comes_back_keeps_its_end_or_lives_as_long_as_is_promised_or_she_was_active() {
    let check = |more: &str, end: Option<&str>, expected: Option<&str>| {
        let mut story = Story::new(more);
        story.order("o1", 40, "2026-02-01T12:00:00Z");
        let back = TakenBack {
            points: 0,
            returned: vec![lot(20, end)],
            ..whole_of(&story.program, 40, at("2026-02-01T12:00:00Z"))
        };
        story.book(refund(&back), "2026-03-02T12:00:00Z");
        let mut lots = story.member.holdings.lots.iter();
        let lot = lots.find(|lot| lot.points == 20).expect("what came back");
        assert_eq!(lot.expires_at, expected.map(at), "{more} {end:?}");
    };
    // The 30th day after is 1 April, to its end in Berlin.
    let least = Some("2026-04-01T22:00:00Z");
    check("", Some("2026-03-03T00:00:00Z"), least);
    check("", Some("2026-04-01T21:59:59Z"), least);
    let later = Some("2026-04-02T22:00:00Z");
    check("", later, later);
    check("", None, None);
    let longer = "refunds = { minimum_days = 31 }";
    check(longer, Some("2026-03-03T00:00:00Z"), later);
    // Her rest counts from her order.
    let resting = "expiry = { after_inactive_months = 6 }";
    check(resting, least, Some("2026-08-01T22:00:00Z"));
}

#[test]
fn what_comes_back_pays_off_what_is_owed() {
    let mut story = Story::new("refunds = { deficit = true }");
    let placed = "2026-03-01T12:00:00Z";
    story.member.holdings.owed = 15;
    let back = TakenBack {
        points: 5,
        returned: vec![lot(25, None)],
        ..whole_of(&story.program, 40, at(placed))
    };
    let said = story.book(refund(&back), placed);
    assert_eq!(said, "return 25, clawback -5, repay -15, (free 5)");
}

#[test]
fn where_points_are_held_the_newest_hold_ends_first() {
    let mut story = Story::new("");
    let placed = "2026-03-01T12:00:00Z";
    story.book(adjust(70), placed);
    for id in ["r1", "r2"] {
        story.reserve(id, placed);
    }
    let back = TakenBack {
        points: 40,
        ..whole_of(&story.program, 40, at(placed))
    };
    let said = story.book(refund(&back), placed);
    assert_eq!(said, "clawback -40, [redemption.cancelled], (held 30)");
    let held = story.member.holdings.reservations.iter();
    assert_eq!(held.map(|it| it.id.as_str()).collect::<Vec<_>>(), ["r1"]);
    // What is there without them is enough.
    let back = TakenBack { points: 0, ..back };
    let said = story.book(refund(&back), placed);
    assert_eq!(said, "(held 30)");
}

#[test]
fn a_refund_lowers_no_tier_that_was_not_reached_by_orders_and_gives_none() {
    let placed = "2026-03-01T12:00:00Z";
    let story = |of_gold: &str| {
        let silver = "[[tiers]]\nid = 'silver'\nname = 'Silver'\nfrom_points = 100\n";
        let club = CLUB.replace("[[tiers]]", &format!("{silver}[[tiers]]"));
        let club = club.replace("from_points = 500", of_gold);
        let mut story = Story::new("");
        story.program = compile::compile(&club).expect("a valid program").program;
        story
    };
    let given = |tier: &str| {
        let mut story = story("from_points = 500");
        story.member.tier = Some(tier.to_owned());
        story.order("o1", 150, placed);
        story.refund("f1", (150, placed), 15_000, placed);
        story.member.tier
    };
    assert_eq!(given("silver"), None, "her order reached it as well");
    assert_eq!(given("gold").as_deref(), Some("gold"));
    // What she has reached by rules that ask for less now is hers with her next order.
    let mut her = story("from_points = 500");
    her.order("o1", 400, placed);
    her.program = story("from_points = 300").program;
    her.refund("f1", (400, placed), 1_000, placed);
    assert_eq!(her.member.tier.as_deref(), Some("silver"));
}
