//! What refunds take: hand-worked orders, and sums that hold for any.

use proptest::prelude::*;

use super::sent_back::left_minor;
use super::*;
use crate::compile;
use crate::wire::CartDocument;

const CLUB: &str = r#"
    version = 1
    name = "Club"
    points = { one = "star", other = "stars" }
    earn.per_unit = { EUR = 1 }
    balances = [{ id = "credit", name = "Store credit", currency = "EUR" }]
    [[rules]]
    id = "big"
    label = "A big order"
    when.order_amount = { EUR = { at_least = 50 } }
    grant = { bonus = 20 }
    [[rules]]
    id = "back"
    label = "Cash back"
    balance = "credit"
    grant = { percent = 10 }
"#;

pub(super) fn club(more: &str) -> Program {
    let source = format!("{more}\n{CLUB}");
    compile::compile(&source).expect("a valid program").program
}

pub(super) fn cart(lines: &[(&str, u32, &str)]) -> Cart {
    let lines: Vec<_> = lines
        .iter()
        .map(|(id, quantity, price)| {
            serde_json::json!({ "id": id, "product": id, "quantity": quantity, "unit_price": price })
        })
        .collect();
    let document = serde_json::json!({ "currency": "EUR", "lines": lines });
    let document: CartDocument = serde_json::from_value(document).expect("a cart");
    Cart::try_from(document).expect("a cart of the test")
}

pub(super) fn line(id: &str, quantity: u32, amount_minor: i64) -> RefundedLine {
    RefundedLine {
        id: id.to_owned(),
        quantity,
        amount_minor: (amount_minor > 0).then_some(amount_minor),
    }
}

fn lots(points: &[i64]) -> Vec<Lot> {
    let lots = points.iter().zip(1..).map(|(points, nth)| Lot {
        points: *points,
        matures_at: Timestamp::from_millis(nth),
        expires_at: None,
        currency: None,
    });
    lots.collect()
}

/// The refunds of one order after each other: points, credit, points that come back, of each.
fn check(
    program: &Program,
    cart: &Cart,
    spent: &[Lot],
    refunds: &[Refund],
    expected: &[(i64, i64, i64)],
) {
    let member = program.newcomer();
    let placed_at = Timestamp::from_millis(0);
    let earned = evaluate(program, &member, cart, placed_at).expect("few points");
    let order = BookedOrder {
        cart,
        member: &member,
        evaluated_at: placed_at,
        placed_at,
        points: earned.points,
        credits: &credits_of(program, &earned),
        spent,
        tendered: &[],
        surprises: &Surprised::default(),
    };
    let mut before = vec![SentBack::default()];
    let mut told = Vec::new();
    for refund in refunds {
        let after = before[before.len() - 1]
            .with(cart, refund)
            .expect("a refund of the order");
        let back = take_back(Some(program), &order, &before, &after).expect("few points");
        let credit = back.credits.iter().map(|(_, minor)| minor).sum();
        told.push((back.points, credit, points_of(&back.returned)));
        before.push(after);
    }
    assert_eq!(told, expected, "{refunds:?}");
}

#[test]
fn a_refund_takes_back_what_its_lines_earned() {
    let club = club("");
    // 30 + 20 stars, and a bonus of 20 that falls on the lines as 12 + 8; credit of 3.00 + 2.00.
    let cart = cart(&[("a", 3, "10"), ("b", 1, "20")]);
    let lines = |lines: Vec<RefundedLine>| Refund::Lines(lines);
    check(&club, &cart, &[], &[Refund::Rest], &[(70, 500, 0)]);
    check(
        &club,
        &cart,
        &[],
        &[lines(vec![line("b", 1, 0)]), Refund::Rest],
        &[(28, 200, 0), (42, 300, 0)],
    );
    // A unit of three: a third of 42, each time.
    let one = lines(vec![line("a", 1, 0)]);
    check(
        &club,
        &cart,
        &[],
        &[one.clone(), one.clone(), one],
        &[(14, 100, 0), (14, 100, 0), (14, 100, 0)],
    );
    // 5.00 for a scratch, of 20.00: a quarter of 28; then the thing itself after all.
    check(
        &club,
        &cart,
        &[],
        &[lines(vec![line("b", 0, 500)]), lines(vec![line("b", 1, 0)])],
        &[(7, 50, 0), (21, 150, 0)],
    );
}

#[test]
fn a_bonus_that_hung_on_a_threshold_goes_whole_where_the_programme_says_so() {
    let club = club("refunds = { bonuses = \"threshold\" }");
    let cart = cart(&[("a", 3, "10"), ("b", 1, "20")]);
    // Below 50.00 there is no bonus: the first refund takes all of it, the second its own points alone.
    let lines = |it: RefundedLine| Refund::Lines(vec![it]);
    check(
        &club,
        &cart,
        &[],
        &[lines(line("a", 1, 0)), lines(line("b", 1, 0)), Refund::Rest],
        &[(30, 100, 0), (20, 200, 0), (20, 200, 0)],
    );
}

#[test]
fn spent_points_come_back_in_proportion_and_lot_by_lot() {
    let club = club("");
    let cart = cart(&[("a", 3, "10"), ("b", 1, "20")]);
    let spent = lots(&[30, 71]);
    let lines = |it: RefundedLine| Refund::Lines(vec![it]);
    // 101 points for an order of 50.00: 20.00 of it bring back 40, rounded down, and the rest the rest.
    check(
        &club,
        &cart,
        &spent,
        &[lines(line("b", 1, 0)), Refund::Rest],
        &[(28, 200, 40), (42, 300, 61)],
    );
    let parts = between(&spent, 20, 40);
    assert_eq!(
        parts,
        [
            Lot {
                points: 10,
                ..spent[0]
            },
            Lot {
                points: 10,
                ..spent[1]
            }
        ]
    );
    // An order that points alone paid for: by units.
    let free = self::cart(&[("a", 4, "0")]);
    check(
        &club,
        &free,
        &lots(&[100]),
        &[lines(line("a", 1, 0)), Refund::Rest],
        &[(0, 0, 25), (0, 0, 75)],
    );
}

#[test]
fn what_is_taken_once_is_not_taken_again_when_a_bonus_comes_and_goes() {
    // 50 more for orders of 50 to 80 euros alone.
    let source = "version = 1\nname = 'Club'\npoints = { one = 'star', other = 'stars' }\nearn.per_unit = { EUR = 1 }\n\
                  refunds = { bonuses = 'threshold' }\n[[rules]]\nid = 'middle'\nlabel = 'x'\n\
                  when.order_amount = { EUR = { at_least = 50, at_most = 80 } }\ngrant = { bonus = 50 }";
    let club = compile::compile(source).expect("a valid program").program;
    let cart = cart(&[("a", 1, "60"), ("b", 1, "30"), ("c", 1, "30")]);
    let lines = |it: RefundedLine| Refund::Lines(vec![it]);
    // 120 points; without b 90, without c as well 60 + 50, and then nothing.
    let refunds = [lines(line("b", 1, 0)), lines(line("c", 1, 0)), Refund::Rest];
    let expected = [(30, 0, 0), (0, 0, 0), (90, 0, 0)];
    check(&club, &cart, &[], &refunds, &expected);
}

/// What refunds take of an order for which 20 points and 5.00 were booked, although the program says 70.
fn taken_of_twenty(program: Option<&Program>, refunds: &[Refund]) -> Vec<(i64, i64, i64)> {
    let (cart, member) = (cart(&[("a", 3, "10"), ("b", 1, "20")]), Snapshot::default());
    let placed_at = Timestamp::from_millis(0);
    let order = BookedOrder {
        cart: &cart,
        member: &member,
        evaluated_at: placed_at,
        placed_at,
        points: Points::new(20).expect("points"),
        credits: &[("gone".to_owned(), 500)],
        spent: &[],
        tendered: &[],
        surprises: &Surprised::default(),
    };
    let mut before = vec![SentBack::default()];
    let told = refunds.iter().map(|refund| {
        let after = before[before.len() - 1]
            .with(&cart, refund)
            .expect("a refund");
        let back = take_back(program, &order, &before, &after).expect("few points");
        before.push(after);
        let credit = back.credits.iter().map(|(_, minor)| minor).sum();
        (back.points, credit, back.counted_minor)
    });
    told.collect()
}

#[test]
fn what_was_booked_is_taken_back_in_proportion_where_no_program_says_so_any_more() {
    let club = club("refunds = { bonuses = \"threshold\" }");
    let one = Refund::Lines(vec![line("a", 1, 0)]);
    let refunds = [one.clone(), one, Refund::Rest];
    // Each unit is a fifth of the order.
    let expected = [(4, 100, 1_000), (4, 100, 1_000), (12, 300, 3_000)];
    assert_eq!(taken_of_twenty(None, &refunds), expected);
    // One that says something else now is no better.
    assert_eq!(taken_of_twenty(Some(&club), &refunds), expected);
    let all = [(20, 500, 5_000)];
    assert_eq!(taken_of_twenty(None, &[Refund::Rest]), all);
    assert_eq!(taken_of_twenty(Some(&club), &[Refund::Rest]), all);
}

#[test]
fn more_than_was_bought_does_not_come_back() {
    let cart = cart(&[("a", 3, "10"), ("b", 1, "20")]);
    let check = |before: &SentBack, refund: Refund, expected: &str| {
        let told = before.with(&cart, &refund);
        let told = told.map_or_else(|error| error.to_string(), |_| "it may".to_owned());
        assert_eq!(told, expected, "{refund:?}");
    };
    let lines = |it: RefundedLine| Refund::Lines(vec![it]);
    let nothing = SentBack::default();
    let nothing_back =
        "nothing comes back: name units or an amount, or leave out the lines for all that is left";
    let is_left = |line: &str, units: u32, amount: &str| {
        format!(
            "more would come back of line \"{line}\" than is left, which is {units} of its units and {amount} EUR"
        )
    };
    check(&nothing, lines(line("a", 3, 0)), "it may");
    check(&nothing, lines(line("a", 3, 3_000)), "it may");
    check(&nothing, lines(line("a", 4, 0)), &is_left("a", 3, "30.00"));
    check(
        &nothing,
        lines(line("a", 4, 100)),
        &is_left("a", 3, "30.00"),
    );
    check(
        &nothing,
        lines(line("a", 1, 3_001)),
        &is_left("a", 3, "30.00"),
    );
    check(
        &nothing,
        lines(line("b", 0, 2_001)),
        &is_left("b", 1, "20.00"),
    );
    check(
        &nothing,
        lines(line("b", 1, 2_001)),
        &is_left("b", 1, "20.00"),
    );
    check(
        &nothing,
        lines(line("c", 1, 0)),
        "the order has no line \"c\"",
    );
    check(&nothing, lines(line("a", 0, 0)), nothing_back);
    let all = nothing.with(&cart, &Refund::Rest).expect("all of it");
    check(&all, Refund::Rest, nothing_back);
    check(&all, lines(line("b", 0, 1)), &is_left("b", 0, "0.00"));
    // Also where it came back by a scratch first, and then itself.
    let by_parts = [
        line("b", 0, 500),
        line("b", 1, 0),
        line("a", 0, 100),
        line("a", 3, 0),
    ];
    let by_parts = nothing.with(&cart, &Refund::Lines(by_parts.to_vec()));
    let by_parts = by_parts.expect("all of it");
    assert_eq!(by_parts, all);
    check(&by_parts, Refund::Rest, nothing_back);
    // Or was paid back for less, or the rest came after a scratch.
    let with_fee = [line("b", 1, 800), line("a", 3, 0)];
    let with_fee = nothing.with(&cart, &Refund::Lines(with_fee.to_vec()));
    assert_eq!(with_fee.expect("all of it"), all);
    let scratched = nothing.with(&cart, &lines(line("b", 0, 500)));
    let scratched = scratched.and_then(|it| it.with(&cart, &Refund::Rest));
    assert_eq!(scratched.expect("all of it"), all);
    // A line of nothing is told with its place, nothing in all is not.
    let nth = |refund: Refund| match all.with(&cart, &refund) {
        Err(RefundError::NothingBack { nth }) => nth,
        other => panic!("{other:?}"),
    };
    assert_eq!(nth(lines(line("a", 0, 0))), Some(0));
    assert_eq!(nth(Refund::Rest), None);
}

#[test]
fn units_that_do_not_share_evenly_are_rounded_together() {
    // 10.01 for three: 3.33, 3.34 and 3.34.
    let document: CartDocument = serde_json::from_value(serde_json::json!({
        "currency": "EUR",
        "lines": [{ "id": "a", "product": "a", "quantity": 3, "unit_price": "3.34", "discount": "0.01" }],
    }))
    .expect("a cart");
    let cart = Cart::try_from(document).expect("a cart of the test");
    let one = Refund::Lines(vec![line("a", 1, 0)]);
    let mut back = SentBack::default();
    let mut left = vec![1_001];
    for _ in 0..3 {
        back = back.with(&cart, &one).expect("a unit");
        left.push(left_minor(&cart.lines()[0], 1_001, back.of(&cart).0[0]));
    }
    assert_eq!(left, [1_001, 668, 334, 0]);
}

#[test]
fn units_come_back_with_what_is_left_of_their_money_or_what_the_shop_pays_for_them() {
    let club = club("");
    // 30 stars of three units, and no bonus; credit of 3.00.
    let cart = cart(&[("a", 3, "10")]);
    let lines = |it: RefundedLine| Refund::Lines(vec![it]);
    // Half of it was paid back already: two units are worth more than is left, and the third has nothing.
    let refunds = [line("a", 0, 1_500), line("a", 2, 0), line("a", 1, 0)].map(lines);
    check(
        &club,
        &cart,
        &[],
        &refunds,
        &[(15, 150, 0), (15, 150, 0), (0, 0, 0)],
    );
    // A shop that pays two times 5.00 for them says so, and 5.00 are left of the third.
    let refunds = [line("a", 0, 1_500), line("a", 2, 1_000), line("a", 1, 0)].map(lines);
    check(
        &club,
        &cart,
        &[],
        &refunds,
        &[(15, 150, 0), (10, 100, 0), (5, 50, 0)],
    );
    // It keeps a fee of 2.00 of each: what it keeps has earned, until nothing is left.
    let refunds = [line("a", 1, 800), line("a", 1, 800), line("a", 1, 800)].map(lines);
    check(
        &club,
        &cart,
        &[],
        &refunds,
        &[(8, 80, 0), (8, 80, 0), (14, 140, 0)],
    );
}

#[test]
fn what_points_made_free_is_not_kept_and_paid_back_as_well() {
    let document: CartDocument = serde_json::from_value(serde_json::json!({
        "currency": "EUR",
        "lines": [
            { "id": "coffee", "product": "coffee", "quantity": 1, "unit_price": "3.50", "discount": "3.50" },
            { "id": "cake", "product": "cake", "quantity": 1, "unit_price": "1.00" },
        ],
    }))
    .expect("a cart");
    let cart = Cart::try_from(document).expect("a cart of the test");
    // The cake is all that was paid for, and 1.00 of 4.50: two of nine points.
    let cake = Refund::Lines(vec![line("cake", 1, 0)]);
    check(
        &club(""),
        &cart,
        &lots(&[9]),
        &[cake, Refund::Rest],
        &[(1, 10, 2), (0, 0, 7)],
    );
}

#[test]
fn an_order_that_is_paid_back_whole_is_whole_also_where_no_unit_came_back() {
    let club = club("refunds = { bonuses = \"threshold\" }");
    let lines = |lines: Vec<RefundedLine>| Refund::Lines(lines);
    // A sample besides, which nobody paid for.
    let cart = cart(&[("a", 3, "10"), ("b", 1, "20"), ("sample", 1, "0")]);
    let spent = lots(&[30]);
    let refunds = [
        lines(vec![line("a", 1, 3_000)]),
        lines(vec![line("b", 0, 2_000)]),
        Refund::Rest,
    ];
    let expected = [(50, 300, 18), (20, 200, 12), (0, 0, 0)];
    check(&club, &cart, &spent, &refunds, &expected);
    let nothing = SentBack::default();
    let check = |lines: &[RefundedLine], expected: bool| {
        let back = nothing.with(&cart, &Refund::Lines(lines.to_vec()));
        let back = back.expect("a refund");
        assert_eq!(back.is_whole(&cart), expected, "{lines:?}");
    };
    check(&[line("a", 0, 3_000), line("b", 0, 2_000)], true);
    check(&[line("a", 0, 2_999), line("b", 1, 0)], false);
    check(&[line("a", 3, 0), line("b", 1, 0)], true);
    check(&[line("a", 0, 3_000)], false);
    // Where nothing was paid for at all, units are what comes back.
    let free = self::cart(&[("a", 2, "0")]);
    let one = nothing.with(&free, &lines(vec![line("a", 1, 0)]));
    assert!(!one.expect("a refund").is_whole(&free));
}

#[test]
fn revenue_is_what_was_paid_without_tax() {
    let check = |with_tax: bool, expected| {
        let document: CartDocument = serde_json::from_value(serde_json::json!({
            "currency": "EUR", "prices_include_tax": with_tax, "discount": "1.00",
            "shipping": "5.00", "shipping_tax": "0.80",
            "lines": [{ "id": "a", "product": "a", "quantity": 2, "unit_price": "6.00", "tax": "1.60" }],
        }))
        .expect("a cart");
        let cart = Cart::try_from(document).expect("a cart of the test");
        assert_eq!(revenue_minor(&cart), expected);
    };
    check(true, 1_100 + 500 - 160 - 80);
    check(false, 1_100 + 500);
    // What a partner sells, it sells for its own account.
    let checkout = crate::Checkout {
        partner: Some("bakery".into()),
        ..crate::Checkout::default()
    };
    let partners = cart(&[("a", 3, "10")]).placed(checkout).expect("a cart");
    assert_eq!(
        (own_currency(&partners), revenue_minor(&partners)),
        (None, 0)
    );
}

/// A refund of all that is left of what was paid, and of the units of what was free.
fn left_of(cart: &Cart, back: &SentBack) -> Refund {
    let (back, worths) = (back.of(cart), cart.discounted_minor());
    let lines = cart.lines().iter().zip(&worths).zip(&back.0);
    let lines = lines.map(|((it, worth), sent)| match worth {
        0 => line(&it.id, it.quantity - sent.0, 0),
        _ => line(&it.id, 0, left_minor(it, *worth, *sent)),
    });
    let lines = lines.filter(|it| it.quantity > 0 || it.amount_minor.is_some());
    Refund::Lines(lines.collect())
}

proptest! {
    #[test]
    fn refunds_add_up_whatever_their_order_and_leave_nothing(
        prices in prop::collection::vec((1_u32..5, 0_i64..5_000), 1..4),
        steps in prop::collection::vec((0_usize..4, 0_u32..3, 0_i64..900), 0..6),
        threshold: bool,
        by_amounts: bool,
    ) {
        let club = club(if threshold { "refunds = { bonuses = \"threshold\" }" } else { "" });
        let named: Vec<_> = prices.iter().enumerate()
            .map(|(nth, (quantity, minor))| (nth.to_string(), *quantity, format!("{}.{:02}", minor / 100, minor % 100)))
            .collect();
        let lines: Vec<_> = named.iter().map(|(id, quantity, price)| (id.as_str(), *quantity, price.as_str())).collect();
        let cart = cart(&lines);
        let member = club.newcomer();
        let placed_at = Timestamp::from_millis(0);
        let earned = evaluate(&club, &member, &cart, placed_at).expect("few points");
        let spent = lots(&[7, 40]);
        let order = BookedOrder { cart: &cart, member: &member, evaluated_at: placed_at, placed_at, points: earned.points, credits: &credits_of(&club, &earned), spent: &spent, tendered: &[], surprises: &Surprised::default() };
        let mut before = vec![SentBack::default()];
        let (mut points, mut credit, mut returned, mut revenue) = (0, 0, 0, 0);
        let steps = steps.iter().map(|(nth, quantity, minor)| Refund::Lines(vec![line(&nth.to_string(), *quantity, *minor)]));
        // At last the rest, or all that is left of what was paid.
        let last = if by_amounts { Refund::Lines(Vec::new()) } else { Refund::Rest };
        for refund in steps.chain([last]) {
            let refund = match refund {
                Refund::Lines(lines) if lines.is_empty() => left_of(&cart, &before[before.len() - 1]),
                refund => refund,
            };
            let Ok(after) = before[before.len() - 1].with(&cart, &refund) else { continue };
            let back = take_back(Some(&club), &order, &before, &after).expect("few points");
            prop_assert!(back.points >= 0 && back.spent_minor >= 0);
            points += back.points;
            credit += back.credits.iter().map(|(_, minor)| minor).sum::<i64>();
            returned += points_of(&back.returned);
            revenue += back.spent_minor;
            before.push(after);
        }
        prop_assert!(before[before.len() - 1].is_whole(&cart));
        prop_assert_eq!(points, earned.points.get());
        prop_assert_eq!(credit, earned.credits.iter().map(|it| it.minor).sum::<i64>());
        prop_assert_eq!(returned, 47);
        prop_assert_eq!(revenue, revenue_minor(&cart));
    }
}

#[test]
fn what_an_order_was_given_by_surprise_goes_back_in_proportion() {
    let club = club("");
    let (cart, member) = (cart(&[("a", 3, "10"), ("b", 1, "20")]), club.newcomer());
    let placed_at = Timestamp::from_millis(0);
    let order = BookedOrder {
        cart: &cart,
        member: &member,
        evaluated_at: placed_at,
        placed_at,
        points: Points::new(70).expect("points"),
        credits: &[("credit".to_owned(), 500)],
        spent: &[],
        tendered: &[],
        surprises: &Surprised {
            points: 101,
            credits: vec![("credit".to_owned(), 50), ("gifts".to_owned(), 1)],
        },
    };
    // 10.00 of 50.00: a fifth, rounded down. Of the order's own credit 1.00 of 5.00 goes with it.
    let first = Refund::Lines(vec![line("a", 1, 0)]);
    let mut before = vec![SentBack::default()];
    let told = [first, Refund::Rest].map(|refund| {
        let after = before[before.len() - 1]
            .with(&cart, &refund)
            .expect("a refund of the order");
        let back = take_back(Some(&club), &order, &before, &after).expect("few points");
        before.push(after);
        (back.surprise_points, back.credits)
    });
    let credits = |credits: &[(&str, i64)]| -> Vec<(String, i64)> {
        let credits = credits.iter();
        credits
            .map(|(id, minor)| ((*id).to_owned(), *minor))
            .collect()
    };
    assert_eq!(told[0], (20, credits(&[("credit", 110)])));
    assert_eq!(told[1], (81, credits(&[("credit", 440), ("gifts", 1)])));
}
