//! Refunds of orders that nobody can evaluate any more as they were.

use earnest_core::compile;
use earnest_ledger::store::members;
use earnest_ledger::{RefundBooking, ReturnContent, ReturnLine};

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
