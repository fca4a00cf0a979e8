//! Refunds of orders that nobody can evaluate any more as they were.

use earnest_core::compile;
use earnest_ledger::store::{events, members};
use earnest_ledger::{Booking, Found, RefundBooking, ReturnContent, ReturnLine};
use serde_json::{Value, json};

use super::guests::credit;
use super::{Shop, booking, order};

#[test]
fn what_was_booked_under_a_program_that_is_gone_comes_back_whole_and_in_proportion() {
    let balance = "balances = [{ id = 'credit', name = 'Credit', currency = 'EUR' }]\n\
                   rules = [{ id = 'back', label = 'y', balance = 'credit', grant = { bonus = 5 } }]";
    let club = |version: u32, rate: u32, more: &str| {
        let source = format!(
            "version = {version}\nname = 'Club'\npoints = {{ one = 'star', other = 'stars' }}\n\
             earn = {{ per_unit = {{ EUR = {rate} }} }}\n{more}"
        );
        compile::compile(&source).expect("a program").program
    };
    let mut shop = Shop::new(balance);
    shop.enrol("ada");
    // This one is kept nowhere.
    shop.program = club(8, 2, balance);
    assert_eq!(shop.book(&booking(&order(&shop, "o1", "ada"))), Ok(true));
    shop.program = club(9, 7, "");
    let told = |shop: &Shop| {
        let [found] = shop
            .batch(&[members::load_by_id("market", "ada")])
            .expect("rows");
        let member = members::member(&found).expect("a row").expect("a member");
        let member = member.snapshot().expect("a snapshot");
        (shop.balance("ada"), member.earned.get(), member.credits)
    };
    let credit = |minor| vec![("credit".to_owned(), minor)];
    assert_eq!(told(&shop), (140, 40, credit(500)));
    let one = ReturnLine {
        id: "l1".to_owned(),
        quantity: 1,
        amount: None,
    };
    let half = ReturnContent {
        order_id: "o1".to_owned(),
        lines: Some(vec![one]),
    };
    let refund = |refund_id| RefundBooking {
        shop: "market",
        refund_id,
        content: &half,
    };
    assert_eq!(shop.book(&refund("r1")), Ok(true));
    assert_eq!(told(&shop), (120, 20, credit(250)));
    assert_eq!(shop.book(&refund("r2")), Ok(true));
    assert_eq!(told(&shop), (100, 0, credit(0)));
}

#[test]
fn what_a_guest_reached_on_the_tiers_of_today_goes_when_her_order_comes_back() {
    let mut shop = Shop::new(
        "tiers_by = { what = 'points', period = 'calendar-year' }\n\
         tiers = [{ id = 'gold', name = 'Gold', from_points = 500 }]",
    );
    assert_eq!(shop.book(&booking(&order(&shop, "o1", "ada"))), Ok(true));
    let today = "version = 2\nname = 'Club'\npoints = { one = 'star', other = 'stars' }\n\
                 earn = { per_unit = { EUR = 1 } }\n\
                 tiers_by = { what = 'orders', period = 'calendar-year' }\n\
                 tiers = [{ id = 'gold', name = 'Gold', from_orders = 1 }]";
    shop.program = compile::compile(today).expect("a program").program;
    shop.enrol("ada");
    let told = |shop: &Shop| {
        let found = shop.batch(&[members::load_by_id("market", "ada")]);
        let [found] = found.expect("rows");
        let member = members::member(&found).expect("a row").expect("a member");
        let member = member.snapshot().expect("a snapshot");
        (member.tier, member.standing.buckets)
    };
    assert_eq!(shop.book(&credit("o1")), Ok(true));
    assert_eq!(told(&shop), (Some("gold".to_owned()), vec![(2026, 1)]));
    let content = ReturnContent {
        order_id: "o1".to_owned(),
        lines: None,
    };
    let refund = RefundBooking {
        shop: "market",
        refund_id: "r1",
        content: &content,
    };
    assert_eq!(shop.book(&refund), Ok(true));
    assert_eq!(told(&shop), (None, vec![(2026, 0)]));
}

#[test]
fn an_order_of_which_much_came_back_before_is_credited_by_a_few_statements() {
    let shop = Shop::new("");
    let guests = order(&shop, "o1", "ada");
    assert_eq!(shop.book(&booking(&guests)), Ok(true));
    let scratch = ReturnLine {
        id: "l1".to_owned(),
        quantity: 0,
        amount: Some("0.10".to_owned()),
    };
    let content = ReturnContent {
        order_id: "o1".to_owned(),
        lines: Some(vec![scratch]),
    };
    for nth in 0..190 {
        let refund = RefundBooking {
            shop: "market",
            refund_id: &format!("r{nth}"),
            content: &content,
        };
        assert_eq!(shop.book(&refund), Ok(true));
    }
    shop.enrol("ada");
    let credit = credit("o1");
    let planned = shop.planned(&credit).expect("a plan").expect("news");
    assert!(planned.len() <= 5, "{} statements", planned.len());
    assert_eq!(shop.book(&credit), Ok(true));
    // 19.00 of 20.00 are back.
    assert_eq!(shop.balance("ada"), 101);
}

#[test]
fn what_came_before_its_order_and_does_not_fit_it_is_told_by_its_id_by_the_order_and_by_an_event() {
    let shop = Shop::new("");
    shop.enrol("ada");
    let content = |id: &str, quantity: u32| ReturnContent {
        order_id: "o1".to_owned(),
        lines: Some(vec![ReturnLine {
            id: id.to_owned(),
            quantity,
            amount: None,
        }]),
    };
    let sent = [content("l1", 3), content("l1", 1), content("l2", 1)];
    let refund = |nth: usize| RefundBooking {
        shop: "market",
        refund_id: ["r1", "r2", "r3"][nth],
        content: &sent[nth],
    };
    for nth in 0..3 {
        assert_eq!(shop.book(&refund(nth)), Ok(true));
    }
    assert_eq!(answered(&shop, &refund(0))["status"], "waiting");
    let order = order(&shop, "o1", "ada");
    let written = shop.written(&booking(&order)).expect("an order");
    shop.run(&written.statements).expect("an order");
    let told: Value = serde_json::from_str(&written.answer).expect("an answer");
    assert_eq!(
        (shop.balance("ada"), &told["refunded_points"]),
        (110, &json!(10))
    );
    let became = [0, 1, 2].map(|nth| answered(&shop, &refund(nth)));
    assert_eq!(told["refunds"], json!(became));
    let of = |field: &str| became.each_ref().map(|it| it[field].clone());
    assert_eq!(of("status"), ["refused", "booked", "refused"]);
    assert_eq!(
        of("reason"),
        [
            json!("refund_exceeds_order"),
            Value::Null,
            json!("refund_line_unknown")
        ]
    );
    assert_eq!(
        became[0]["detail"],
        "more would come back of line \"l1\" than is left, which is 2 of its units and 20.00 EUR"
    );
    let [found] = shop
        .batch(&[events::load_page("market", 0, 10)])
        .expect("rows");
    let found = events::events(&found).expect("events");
    let refused = found.iter().filter(|it| it.kind == "refund.refused");
    let refused: Vec<&str> = refused.map(|it| it.content.as_str()).collect();
    let say = |id: &str, reason: &str| {
        format!(r#"{{"refund_id":"{id}","order_id":"o1","reason":"{reason}"}}"#)
    };
    assert_eq!(
        refused,
        [
            say("r1", "refund_exceeds_order"),
            say("r3", "refund_line_unknown")
        ]
    );
    // Of a guest's too, though it takes nobody's points.
    let order = self::order(&shop, "o2", "bea");
    let of_guest = ReturnContent {
        order_id: "o2".to_owned(),
        ..content("l2", 1)
    };
    let early = RefundBooking {
        shop: "market",
        refund_id: "r4",
        content: &of_guest,
    };
    assert_eq!(shop.book(&early), Ok(true));
    assert_eq!(shop.book(&booking(&order)), Ok(true));
    assert_eq!(answered(&shop, &early)["status"], "refused");
}

/// What a refund that is known is answered.
fn answered(shop: &Shop, refund: &RefundBooking<'_>) -> Value {
    let rows = shop.batch(&refund.reads()).expect("rows");
    match refund.find(&rows) {
        Ok(Found::Booked(answer)) => serde_json::from_str(&answer).expect("an answer"),
        found => panic!("it is not known: {found:?}"),
    }
}
