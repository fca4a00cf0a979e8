//! What members get for what they bought: stamps, notes, money back, leaves of three brands.

use earnest_core::lifetime::{expires_at, matures_at};
use earnest_core::partner::{Traffic, settle};
use earnest_core::reward::{Had, Taker, Wish, take};
use earnest_core::{Currency, Points};
use serde_json::json;

use super::instant;
use super::story::{Does, Story, cart_of};

#[test]
fn the_tenth_coffee_is_free() {
    let mut story = Story::of("stamp-card", "EUR");
    let coffee = || Does::Buys("3.20", "coffee");
    let stamp: &[_] = &[("earn", 1)];
    story.tell(vec![
        ("2026-06-01T07:00:00Z", Does::Joins, &[], 0),
        ("2026-06-01T07:00:00Z", coffee(), stamp, 1),
        ("2026-06-02T07:00:00Z", coffee(), stamp, 2),
        ("2026-06-03T07:00:00Z", coffee(), stamp, 3),
        ("2026-06-03T12:00:00Z", Does::Buys("4.50", "cake"), &[], 3),
        ("2026-06-04T07:00:00Z", coffee(), stamp, 4),
        ("2026-06-05T07:00:00Z", coffee(), stamp, 5),
        ("2026-06-08T07:00:00Z", coffee(), stamp, 6),
        ("2026-06-09T07:00:00Z", coffee(), stamp, 7),
        ("2026-06-10T07:00:00Z", coffee(), stamp, 8),
    ]);
    let tenth = story.cart("3.20", "coffee");
    let at = "2026-06-12T07:00:00Z";
    assert_eq!(
        story.offer("free-coffee", &tenth, at),
        Err("not_enough_points")
    );
    story.tell(vec![("2026-06-11T07:00:00Z", coffee(), stamp, 9)]);
    assert_eq!(story.offer("free-coffee", &tenth, at), Ok((9, 320)));
    let tea = story.cart("2.80", "tea");
    assert_eq!(
        story.offer("free-coffee", &tea, at),
        Err("product_not_in_cart")
    );
    // Of two coffees the cheaper one is free, whichever stands first.
    let two = cart_of(json!({ "currency": "EUR", "lines": [
        { "id": "a", "product": "latte-grande", "categories": ["coffee"], "quantity": 2, "unit_price": "4.80" },
        { "id": "b", "product": "espresso", "categories": ["coffee"], "quantity": 1, "unit_price": "2.40" },
    ] }));
    assert_eq!(story.offer("free-coffee", &two, at), Ok((9, 240)));
    // The card is empty again, and the free coffee gets no stamp.
    let free = json!({ "currency": "EUR", "lines": [
        { "id": "a", "product": "coffee", "categories": ["coffee"], "quantity": 1, "unit_price": "3.20", "discount": "3.20" },
    ] });
    story.tell(vec![
        (at, Does::Spends(9), &[("adjust", -9)], 0),
        (at, Does::Orders(free), &[], 0),
        ("2026-06-15T07:00:00Z", coffee(), stamp, 1),
    ]);
}

#[test]
fn a_small_shop_welcomes_and_counts() {
    let mut story = Story::of("small-shop", "EUR");
    story.tell(vec![
        ("2026-06-01T07:00:00Z", Does::Joins, &[("welcome", 50)], 50),
        (
            "2026-06-01T08:00:00Z",
            Does::Buys("19.99", "vases"),
            &[("earn", 19)],
            69,
        ),
        ("2026-06-02T08:00:00Z", Does::Buys("0.50", "pins"), &[], 69),
    ]);
}

#[test]
fn a_thousand_points_are_a_note_whatever_was_paid_with() {
    let mut story = Story::of("points-per-spend", "USD");
    let by = |method: &str, price: &str| {
        Does::Orders(
            json!({ "currency": "USD", "payment_method": method, "lines": [
            { "id": "a", "product": "coat", "quantity": 1, "unit_price": price },
        ] }),
        )
    };
    story.tell(vec![
        ("2026-06-01T15:00:00Z", Does::Joins, &[], 0),
        (
            "2026-06-01T15:00:00Z",
            by("visa", "499.00"),
            &[("earn", 499)],
            499,
        ),
        (
            "2026-06-08T15:00:00Z",
            by("cash", "499.00"),
            &[("earn", 499)],
            998,
        ),
    ]);
    let at = "2026-07-20T15:00:00Z";
    let boots = story.cart("180.00", "shoes");
    assert_eq!(story.offer("note", &boots, at), Err("not_enough_points"));
    story.tell(vec![(
        "2026-06-09T15:00:00Z",
        by("store-card", "2.00"),
        &[("earn", 2)],
        1_000,
    )]);
    assert_eq!(story.offer("note", &boots, at), Ok((1_000, 1_000)));
    let (program, ordered) = (&story.program, instant("2026-06-09T15:00:00Z"));
    let free = matures_at(program.pending(), ordered, program.calendar());
    assert_eq!(story.date_of(free), "2026-07-10");
    let gone = expires_at(program.expiry(), ordered, ordered, program.calendar());
    assert_eq!(
        gone.map(|gone| story.date_of(gone)).as_deref(),
        Some("2028-06-10")
    );
}

#[test]
fn cash_comes_back_to_the_cent_and_the_new_cards_share_ends() {
    let mut story = Story::of("cash-back-card", "USD");
    story.tell(vec![("2026-06-01T15:00:00Z", Does::Joins, &[], 0)]);
    story.member.segments.push("new-card".into());
    let by = |method: &str, price: &str| {
        Does::Orders(
            json!({ "currency": "USD", "payment_method": method, "lines": [
            { "id": "a", "product": "sofa", "quantity": 1, "unit_price": price },
        ] }),
        )
    };
    // Price, method, what is booked and what she has then, in cents.
    for (at, method, price, minor, has) in [
        ("2026-06-02T15:00:00Z", "visa", "49.99", 99, 99),
        (
            "2026-06-03T15:00:00Z",
            "store-card",
            "1500.00",
            15_000,
            15_099,
        ),
        // 5% and 5% of 800.00 are 40.00 and 40.00; of the second 25.00 are left.
        (
            "2026-06-04T15:00:00Z",
            "store-card",
            "800.00",
            6_500,
            21_599,
        ),
        (
            "2026-06-05T15:00:00Z",
            "store-card",
            "800.00",
            4_000,
            25_599,
        ),
    ] {
        let plan = story.book(at, by(method, price));
        assert!(plan.entries.is_empty(), "no points");
        let booked: Vec<_> = plan
            .credits
            .iter()
            .map(|it| (it.minor, it.balance_minor))
            .collect();
        assert_eq!(booked, [(minor, has)], "{at}");
    }
    assert_eq!(story.member.credits, [("credit".to_owned(), 25_599)]);
}

#[test]
fn leaves_of_three_brands_are_one_balance_and_each_pays_its_own() {
    let mut story = Story::of("coalition", "EUR");
    let at_brand = |partner: &str, price: &str| {
        Does::Orders(json!({ "currency": "EUR", "partner": partner, "lines": [
            { "id": "a", "product": "a", "quantity": 1, "unit_price": price },
        ] }))
    };
    story.tell(vec![
        ("2026-06-01T09:00:00Z", Does::Joins, &[], 0),
        (
            "2026-06-01T09:00:00Z",
            at_brand("bakery", "150.00"),
            &[("earn", 300)],
            300,
        ),
        (
            "2026-06-02T09:00:00Z",
            at_brand("books", "310.00"),
            &[("earn", 310)],
            610,
        ),
        (
            "2026-06-02T18:00:00Z",
            at_brand("cinema", "23.00"),
            &[("earn", 31)],
            641,
        ),
    ]);
    let plan = story.book("2026-06-03T09:00:00Z", at_brand("bakery", "10.00"));
    assert_eq!(
        plan.entries
            .first()
            .and_then(|entry| entry.partner.as_ref())
            .map(|it| (it.id.as_str(), it.currency.code())),
        Some(("bakery", "EUR"))
    );
    // 661 leaves are 6.00, in full steps, and at most half of the order.
    let at = "2026-06-04T09:00:00Z";
    for (price, offer) in [
        ("40.00", Ok((500, 600))),
        ("11.00", Ok((500, 500))),
        ("9.99", Err("order_below_minimum")),
    ] {
        let books = story.cart(price, "books");
        assert_eq!(story.offer("leaves-off", &books, at), offer, "{price}");
    }
    let cart = story.cart("40.00", "books");
    let had = Had::of(story.program.rewards(), &story.member);
    let taker = Taker::new(&story.program, &story.member, &had, instant(at));
    let wish = Wish {
        reward: "leaves-off",
        points: Points::new(600).ok(),
    };
    let given = take(
        story.program.rewards(),
        &taker,
        Some(&cart),
        &[wish],
        instant(at),
    );
    let given = given.expect("a reward");
    assert_eq!(
        (given.points.get(), given.off.lines_minor),
        (600, vec![600])
    );
    let currency = Currency::parse("EUR").ok();
    let traffic = [("bakery", 320, 0), ("books", 310, 600), ("cinema", 31, 0)].map(
        |(partner, earned, spent)| Traffic {
            partner,
            currency,
            version: 1,
            earned,
            spent,
        },
    );
    let rates = [(1, story.program.partners().to_vec())];
    let settled = settle(&rates, &traffic).expect("small sums");
    let owed: Vec<_> = settled
        .iter()
        .map(|it| {
            (
                it.partner.as_str(),
                it.partner_owes_minor,
                it.shop_owes_minor,
                it.net_minor,
            )
        })
        .collect();
    assert_eq!(
        owed,
        [
            ("bakery", 384, 0, 384),
            ("books", 372, 600, -228),
            ("cinema", 37, 0, 37)
        ]
    );
}
