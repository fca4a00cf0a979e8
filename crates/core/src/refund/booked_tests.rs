//! What a refund takes by what its order was booked with: what it earned and was given besides, what paid for it, and what
//! it counted for.

use super::tests::{cart, club, line};
use super::*;
use crate::wire::CartDocument;
use crate::{CartTotals, CreditEntry, Given, Line, Money, Present, compile};

/// The order as it was booked: a newcomer's, at the beginning of time, with what the program says that it earns.
fn booked<'a>(
    cart: &'a Cart,
    member: &'a Snapshot,
    points: i64,
    credits: &'a [(String, i64)],
    surprises: &'a Surprised,
) -> BookedOrder<'a> {
    BookedOrder {
        cart,
        member,
        evaluated_at: Timestamp::from_millis(0),
        placed_at: Timestamp::from_millis(0),
        points: Points::new(points).expect("points"),
        credits,
        spent: &[],
        tendered: &[],
        surprises,
    }
}

fn money(money: &[(&str, i64)]) -> Vec<(String, i64)> {
    let money = money.iter();
    money
        .map(|(id, minor)| ((*id).to_owned(), *minor))
        .collect()
}

fn one(id: &str, quantity: u32) -> Refund {
    Refund::Lines(vec![line(id, quantity, 0)])
}

/// What each of several refunds takes, one after another.
fn taken(program: &Program, order: &BookedOrder<'_>, refunds: &[Refund]) -> Vec<TakenBack> {
    let mut before = vec![SentBack::default()];
    let taken = refunds.iter().map(|refund| {
        let last = before.last().cloned().unwrap_or_default();
        let after = last.with(order.cart, refund).expect("a refund");
        let back = take_back(Some(program), order, &before, &after).expect("few points");
        before.push(after);
        back
    });
    taken.collect()
}

/// Cards earn nothing, and count for nothing.
const CARDS: &str = "exclusions = [{ id = 'cards', label = 'Cards', when.products = ['card'] }]";

#[test]
fn a_program_decides_only_where_it_says_what_was_booked() {
    // 30 stars, and 3.00 of credit.
    let (club, cart, nothing) = (club(""), cart(&[("a", 3, "10")]), Surprised::default());
    let member = club.newcomer();
    let check = |points: i64, credits: &[(&str, i64)], decides: bool| {
        let credits = money(credits);
        let order = booked(&cart, &member, points, &credits, &nothing);
        let back = taken(&club, &order, &[Refund::Rest]).remove(0);
        let expected = decides.then(|| club.reference().clone());
        assert_eq!(back.program, expected, "{points} {credits:?}");
    };
    check(30, &[("credit", 300)], true);
    check(29, &[("credit", 300)], false);
    check(30, &[("credit", 299)], false);
    check(30, &[("other", 300)], false);
    check(30, &[], false);
    // A rule's reward gave one more.
    check(30, &[("credit", 301)], true);
}

#[test]
fn money_that_was_given_beside_what_was_earned_goes_back_in_proportion() {
    let (club, cart, nothing) = (club(""), cart(&[("a", 3, "10")]), Surprised::default());
    let member = club.newcomer();
    let credits = money(&[("credit", 400), ("gifts", 50), ("none", 0)]);
    let order = booked(&cart, &member, 30, &credits, &nothing);
    let taken = taken(&club, &order, &[one("a", 1), one("a", 2)]);
    let credits: Vec<_> = taken.into_iter().map(|back| back.credits).collect();
    let expected = [
        money(&[("credit", 133), ("gifts", 16)]),
        money(&[("credit", 267), ("gifts", 34)]),
    ];
    assert_eq!(credits, expected);
}

#[test]
fn what_paid_for_it_and_its_price_come_back_in_proportion_and_once() {
    let (club, nothing) = (club(""), Surprised::default());
    let member = club.newcomer();
    let tax = |line: &Line| Line {
        tax_minor: 160,
        ..line.clone()
    };
    let cart = cart(&[("a", 1, "10"), ("b", 1, "20")]);
    let totals = CartTotals {
        prices_include_tax: true,
        ..cart.totals()
    };
    let cart = Cart::new(totals, cart.lines().iter().map(tax).collect()).expect("a cart");
    let tendered = money(&[("credit", 500), ("none", 0)]);
    let order = BookedOrder {
        tendered: &tendered,
        ..booked(&cart, &member, 0, &[], &nothing)
    };
    let taken = taken(&club, &order, &[one("a", 1), Refund::Rest]);
    let told = taken
        .into_iter()
        .map(|back| (back.spent_minor, back.returned_credits));
    // 26.80 without tax, a third of it: rounded down, and then the rest.
    let expected = [
        (893, money(&[("credit", 166)])),
        (1_787, money(&[("credit", 334)])),
    ];
    assert_eq!(told.collect::<Vec<_>>(), expected);
}

#[test]
fn an_order_counts_no_more_once_nothing_of_it_counts_whatever_is_left() {
    let (club, nothing) = (club(CARDS), Surprised::default());
    let member = club.newcomer();
    let check =
        |lines: &[(&str, u32, &str)], points: i64, refunds: &[Refund], told: &[(bool, bool)]| {
            let cart = cart(lines);
            let credits = money(&[("credit", points * 10)]);
            let credits = if points > 0 { &credits[..] } else { &[] };
            let order = booked(&cart, &member, points, credits, &nothing);
            let taken = taken(&club, &order, refunds);
            let found = taken
                .iter()
                .map(|back| (back.counts_no_more, back.is_whole));
            assert_eq!(found.collect::<Vec<_>>(), told, "{refunds:?}");
        };
    let both = [("a", 2, "10"), ("card", 1, "50")];
    let card_last = [one("a", 1), one("a", 1), one("card", 1)];
    check(
        &both,
        20,
        &card_last,
        &[(false, false), (true, false), (false, true)],
    );
    check(
        &both,
        20,
        &[one("card", 1), Refund::Rest],
        &[(false, false), (true, true)],
    );
    check(&both[1..], 0, &[Refund::Rest], &[(false, true)]);
    // What nobody paid for keeps nothing: it is whole once.
    let sample = [("a", 1, "10"), ("sample", 1, "0")];
    check(
        &sample,
        10,
        &[one("a", 1), Refund::Rest],
        &[(true, true), (false, false)],
    );
}

#[test]
fn what_it_counted_on_and_when_its_points_mature_follow_from_its_program_and_when_it_was_placed() {
    let club = club(
        "pending = { return_days = 14 }\ntiers_by = { what = 'orders', period = 'calendar-year' }",
    );
    let (cart, nothing) = (cart(&[("a", 1, "10")]), Surprised::default());
    let mut member = club.newcomer();
    member.standing.basis = "points year".into();
    let credits = money(&[("credit", 100)]);
    let day = |nth: i64| Timestamp::from_millis(nth * 86_400_000);
    let order = BookedOrder {
        placed_at: day(3),
        ..booked(&cart, &member, 10, &credits, &nothing)
    };
    let back = taken(&club, &order, &[Refund::Rest]).remove(0);
    assert_eq!(back.matures_at, Some(day(3 + 15)));
    assert_eq!(back.counted_on, ["orders year", "points year"]);
    let after = SentBack::default().with(&cart, &Refund::Rest);
    let back = take_back(None, &order, &[], &after.expect("a refund")).expect("few points");
    assert_eq!(
        (back.matures_at, &*back.counted_on),
        (None, &["points year".to_owned()][..])
    );
}

#[test]
fn what_it_counted_for_challenges_is_told_as_less_of_it_counts() {
    let challenge = |id: &str, more: &str| {
        format!(
            "[[challenges]]\nid = '{id}'\nlabel = 'C'\nsteps = [{{ at = 3, points = 5 }}]\n{more}\n"
        )
    };
    let source = format!(
        "version = 1\nname = 'Club'\npoints = {{ one = 'star', other = 'stars' }}\nearn.per_unit = {{ EUR = 1 }}\n\
         ends_at = 1970-02-01\n{}{}{}",
        challenge("open", "count = 'orders'"),
        challenge("reviews", "count = 'activities'\nactivity = 'review'"),
        challenge("closed", "count = 'orders'\nfrom = 1970-01-10"),
    );
    let club = compile::compile(&source).expect("a valid program").program;
    let (cart, nothing) = (cart(&[("a", 2, "10")]), Surprised::default());
    let member = club.newcomer();
    let order = booked(&cart, &member, 20, &[], &nothing);
    let ids = |order: &BookedOrder<'_>| {
        let backs = taken(&club, order, &[one("a", 1), Refund::Rest]).into_iter();
        let ids = backs.map(|back| {
            let it = back.achieved?;
            let lines = it.lines.iter();
            let lines = lines.map(|line| format!("{} to {}", line.was_minor, line.is_minor));
            Some(format!(
                "{}: {}",
                it.challenges.join(" "),
                lines.collect::<Vec<_>>().join(" ")
            ))
        });
        ids.collect::<Vec<_>>()
    };
    let told =
        |ids: &str| ["2000 to 1000", "1000 to 0"].map(|of_line| Some(format!("{ids}: {of_line}")));
    assert_eq!(ids(&order), told("open"));
    let later = |millis: i64| BookedOrder {
        placed_at: Timestamp::from_millis(millis),
        ..order
    };
    let day = 86_400_000;
    assert_eq!(ids(&later(20 * day)), told("open closed"));
    // The programme was over when it was placed.
    assert_eq!(ids(&later(32 * day)), [None, None]);
}

#[test]
fn what_a_plan_books_for_an_order_is_told_from_what_else_it_books() {
    let club = club("");
    let plan = crate::plan(
        &club,
        None,
        crate::Command::Enrol { member_id: "m1" },
        Timestamp::from_millis(0),
    );
    let mut plan = plan.expect("a member");
    let entry = |balance: &str, kind, minor| CreditEntry {
        balance: balance.to_owned(),
        kind,
        minor,
        balance_minor: 0,
        source: "o1".to_owned(),
        rules: Vec::new(),
        program: club.reference().clone(),
        booked_at: Timestamp::from_millis(0),
    };
    plan.credits = vec![
        entry("credit", EntryKind::Tender, -300),
        entry("credit", EntryKind::Redeem, 70),
        entry("credit", EntryKind::Earn, 40),
        entry("other", EntryKind::Tender, -5),
        entry("credit", EntryKind::Tender, -200),
    ];
    assert_eq!(credits_booked(&plan), money(&[("credit", 40)]));
    assert_eq!(tendered_by(&plan), money(&[("credit", 500), ("other", 5)]));
    let euro = Currency::parse("EUR").expect("a currency");
    let given = |kind, what| Given {
        kind,
        source: "o1".to_owned(),
        giver: "luck".to_owned(),
        what,
    };
    let points = |points| Present::Points(Points::new(points).expect("points"));
    let euros = |minor| Present::Money {
        balance: "credit".to_owned(),
        amount: Money::from_minor(minor, euro).expect("money"),
    };
    let reward = Present::Reward {
        id: "mug".to_owned(),
        ends_at: None,
    };
    plan.gifts = vec![
        given(EntryKind::Surprise, points(7)),
        given(EntryKind::OrderChallenge, points(50)),
        given(EntryKind::Surprise, reward),
        given(EntryKind::Surprise, euros(20)),
        given(EntryKind::Earn, euros(40)),
        given(EntryKind::Surprise, euros(3)),
        given(EntryKind::Surprise, points(2)),
    ];
    let expected = Surprised {
        points: 9,
        credits: money(&[("credit", 23)]),
    };
    assert_eq!(Surprised::by(&plan), expected);
}

/// An order that a program decided, and what a first refund of it takes: points, money, and what counted.
fn check_kept(more: &str, cart: &serde_json::Value, refund: Refund, expected: (i64, i64, i64)) {
    let more = format!("refunds = {{ bonuses = 'threshold' }}\n{more}");
    check_under(&more, cart, refund, expected);
}

fn check_under(more: &str, cart: &serde_json::Value, refund: Refund, expected: (i64, i64, i64)) {
    let source =
        format!("version = 1\nname = 'Club'\npoints = {{ one = 'star', other = 'stars' }}\n{more}");
    let club = compile::compile(&source).expect("a valid program").program;
    let document: CartDocument = serde_json::from_value(cart.clone()).expect("a cart");
    let cart = Cart::try_from(document).expect("a cart of the test");
    let member = club.newcomer();
    let placed_at = Timestamp::from_millis(20 * 86_400_000);
    let evaluated_at = Timestamp::from_millis(0);
    let earned = evaluate(&club, &member, &cart, evaluated_at).expect("few points");
    let credits = credits_of(&club, &earned);
    let nothing = Surprised::default();
    let order = BookedOrder {
        placed_at,
        ..booked(&cart, &member, earned.points.get(), &credits, &nothing)
    };
    let back = taken(&club, &order, &[refund]).remove(0);
    let credit = back.credits.iter().map(|(_, minor)| *minor).sum();
    assert_eq!(
        (back.points, credit, back.counted_minor),
        expected,
        "{more}"
    );
}

#[test]
fn what_is_left_is_judged_as_it_was_bought() {
    let goods = |more: serde_json::Value| {
        let mut cart = serde_json::json!({ "currency": "EUR", "lines": [
            { "id": "a", "product": "a", "quantity": 3, "unit_price": "10" },
            { "id": "b", "product": "b", "quantity": 1, "unit_price": "20" },
        ]});
        let more = more.as_object().cloned().unwrap_or_default();
        cart.as_object_mut().expect("a cart").extend(more);
        cart
    };
    let none = serde_json::Value::Null;
    let rate = "earn.per_unit = { EUR = 1 }\n";
    let rule = |more: &str| format!("{rate}[[rules]]\nid = 'r'\nlabel = 'R'\n{more}");
    check_kept(rate, &goods(none.clone()), one("b", 1), (20, 0, 2_000));
    // All of the cash back hung on 40.00; of what counted still does what is left.
    let cash = format!(
        "balances = [{{ id = 'credit', name = 'Credit', currency = 'EUR' }}]\n{}",
        rule(
            "balance = 'credit'\ngrant.percent = 10\nwhen.order_amount = { EUR = { at_least = 40 } }"
        )
    );
    check_kept(&cash, &goods(none.clone()), one("b", 1), (20, 500, 2_000));
    check_kept(&cash, &goods(none.clone()), one("a", 1), (10, 100, 1_000));
    // 5.00 off 50.00 stay with the lines that they fell on: 3.00 and 2.00.
    let off = serde_json::json!({ "discount": "5" });
    check_kept(rate, &goods(off), one("b", 1), (18, 0, 1_800));
    // Of the tax the rest has its own.
    let taxed = serde_json::json!({ "currency": "EUR", "prices_include_tax": true, "lines": [
        { "id": "a", "product": "a", "quantity": 2, "unit_price": "12", "tax": "4" },
    ]});
    let net = "earn = { per_unit = { EUR = 1 }, include_tax = false }\n";
    check_kept(net, &taxed, one("a", 1), (10, 0, 1_000));
    // It was bought in the app, and in January.
    let in_app = serde_json::json!({ "channel": "app" });
    let doubled = rule("grant.multiply = 2\nwhen.channels = ['app']");
    check_kept(&doubled, &goods(in_app), one("b", 1), (40, 0, 2_000));
    let in_time = rule("grant.multiply = 2\nwhen.until = 1970-01-10");
    check_kept(&in_time, &goods(none.clone()), one("b", 1), (40, 0, 2_000));
    // Nothing that was paid for is left: the sample besides keeps no bonus.
    let sampled = serde_json::json!({ "currency": "EUR", "lines": [
        { "id": "a", "product": "a", "quantity": 1, "unit_price": "10" },
        { "id": "sample", "product": "sample", "quantity": 2, "unit_price": "0" },
    ]});
    let each = rule("grant = { bonus = 7, per = 'item' }\nwhen.products = ['sample']");
    check_kept(&each, &sampled, one("a", 1), (24, 0, 1_000));
    // What a free line earned goes with its units.
    check_under(&each, &sampled, one("sample", 1), (7, 0, 0));
}
