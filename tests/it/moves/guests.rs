//! Guests who join while something else happens to their orders.

use earnest_core::Timestamp;
use earnest_ledger::store::{members, newcomers};
use earnest_ledger::{BookingError, GuestBooking, RefundBooking, ReturnContent, load_waiting};

use serde_json::{Value, json};

use super::{Shop, booking, codes, order};

pub(super) fn credit(order_id: &str) -> GuestBooking<'_> {
    GuestBooking {
        shop: "market",
        member_id: "ada",
        order_id,
        codes: codes(),
    }
}

fn all() -> ReturnContent {
    ReturnContent {
        order_id: "o1".to_owned(),
        lines: None,
    }
}

/// The orders that wait for Ada.
fn waiting(shop: &Shop) -> Vec<String> {
    let [found] = shop
        .batch(&[load_waiting("market", "ada", &shop.program)])
        .expect("rows");
    newcomers::order_ids(&found).expect("ids")
}

#[test]
fn an_order_of_a_guest_is_credited_once() {
    let shop = Shop::new("");
    let order = order(&shop, "o1", "ada");
    assert_eq!(shop.book(&booking(&order)), Ok(true));
    shop.enrol("ada");
    assert_eq!(waiting(&shop), ["o1"]);
    let stale = shop.planned(&credit("o1")).expect("a plan").expect("news");
    assert_eq!(shop.book(&credit("o1")), Ok(true));
    let met = shop.run(&stale).err().expect("an error");
    assert!(met.is_conflict(), "{met}");
    assert_eq!(shop.book(&credit("o1")), Ok(false));
    assert_eq!(waiting(&shop), [""; 0]);
    assert_eq!(shop.balance("ada"), 120);
}

#[test]
fn an_order_that_comes_while_she_joins_is_hers() {
    let shop = Shop::new("");
    let order = order(&shop, "o1", "ada");
    let stale = shop
        .planned(&booking(&order))
        .expect("a plan")
        .expect("news");
    shop.enrol("ada");
    let met = shop.run(&stale).err().expect("an error");
    assert!(met.is_conflict(), "{met}");
    assert_eq!(shop.book(&booking(&order)), Ok(true));
    assert_eq!(shop.balance("ada"), 120);
}

#[test]
fn what_comes_back_while_she_is_credited_is_neither_lost_nor_taken_twice() {
    let refund = all();
    let refund = RefundBooking {
        shop: "market",
        refund_id: "r1",
        content: &refund,
    };
    for credit_is_first in [true, false] {
        let shop = Shop::new("");
        let order = order(&shop, "o1", "ada");
        assert_eq!(shop.book(&booking(&order)), Ok(true));
        shop.enrol("ada");
        let credited = shop.planned(&credit("o1")).expect("a plan").expect("news");
        let refunded = shop.planned(&refund).expect("a plan").expect("news");
        let (first, second) = if credit_is_first {
            (credited, refunded)
        } else {
            (refunded, credited)
        };
        shop.run(&first).expect("the first");
        let met = shop.run(&second).err().expect("an error");
        assert!(met.is_conflict(), "{met}");
        let done = (shop.book(&credit("o1")), shop.book(&refund));
        assert_eq!(done, (Ok(!credit_is_first), Ok(credit_is_first)));
        assert_eq!(shop.balance("ada"), 100);
    }
}

#[test]
fn what_comes_back_while_its_order_comes_is_heeded() {
    let refund = all();
    let refund = RefundBooking {
        shop: "market",
        refund_id: "r1",
        content: &refund,
    };
    for order_is_first in [true, false] {
        let shop = Shop::new("");
        shop.enrol("ada");
        let order = order(&shop, "o1", "ada");
        let booked = shop.planned(&booking(&order));
        let booked = booked.expect("a plan").expect("news");
        let refunded = shop.planned(&refund).expect("a plan").expect("news");
        let (first, second) = if order_is_first {
            (booked, refunded)
        } else {
            (refunded, booked)
        };
        shop.run(&first).expect("the first");
        let met = shop.run(&second).err().expect("an error");
        assert!(met.is_conflict(), "{met}");
        let done = (shop.book(&booking(&order)), shop.book(&refund));
        assert_eq!(done, (Ok(!order_is_first), Ok(order_is_first)));
        assert_eq!(shop.balance("ada"), 100);
    }
}

#[test]
fn a_guest_who_is_credited_less_than_she_was_told_owes_no_more_than_that_when_it_comes_back() {
    // 50 points and 5.00 of credit, once: her own order has them before the guest's is credited.
    let mut shop = Shop::new(
        "balances = [{ id = 'credit', name = 'Credit', currency = 'EUR' }]\n\
         tiers_by = { what = 'points', period = 'calendar-year' }\n\
         tiers = [{ id = 'gold', name = 'Gold', from_points = 500 }]\n\
         rules = [{ id = 'once', label = 'x', grant = { bonus = 50 }, limits = { times = 1 } }, \
         { id = 'back', label = 'y', balance = 'credit', grant = { bonus = 5 }, limits = { times = 1 } }]",
    );
    let guests = order(&shop, "o1", "ada");
    assert_eq!(shop.book(&booking(&guests)), Ok(true));
    shop.enrol("ada");
    assert_eq!(shop.book(&booking(&order(&shop, "o2", "ada"))), Ok(true));
    let told = |shop: &Shop| {
        let [found] = shop
            .batch(&[members::load_by_id("market", "ada")])
            .expect("rows");
        let member = members::member(&found).expect("a row").expect("a member");
        let member = member.snapshot().expect("a snapshot");
        let counted: i64 = member.standing.buckets.iter().map(|(_, sum)| sum).sum();
        (shop.balance("ada"), counted, member.credits)
    };
    let credit = |minor| vec![("credit".to_owned(), minor)];
    assert_eq!(told(&shop), (170, 70, credit(500)));
    assert_eq!(shop.book(&self::credit("o1")), Ok(true));
    assert_eq!(told(&shop), (190, 90, credit(500)));
    shop.now = Timestamp::from_millis(shop.now.as_millis() + 1);
    let refund = all();
    let refund = RefundBooking {
        shop: "market",
        refund_id: "r1",
        content: &refund,
    };
    assert_eq!(shop.book(&refund), Ok(true));
    assert_eq!(told(&shop), (170, 70, credit(500)));
}

#[test]
fn an_order_waits_as_long_as_the_programme_says() {
    let check = |guests: &str, days: i64, found: usize| {
        let mut shop = Shop::new(guests);
        let order = order(&shop, "o1", "ada");
        assert_eq!(shop.book(&booking(&order)), Ok(true));
        shop.now = Timestamp::from_millis(shop.now.as_millis() + days * 86_400_000);
        shop.enrol("ada");
        assert_eq!(waiting(&shop).len(), found, "{guests} {days}");
    };
    check("", 30, 1);
    check("", 31, 0);
    check("guests = { days = 2 }", 2, 1);
    check("guests = { days = 2 }", 3, 0);
    check("guests = { days = 0 }", 0, 0);
}

#[test]
fn everybody_is_a_newcomer_until_her_orders_were_looked_for() {
    let shop = Shop::new("");
    let order = order(&shop, "o1", "ada");
    assert_eq!(shop.book(&booking(&order)), Ok(true));
    shop.enrol("ada");
    shop.enrol("bea");
    let due = |limit| {
        let [found] = shop
            .batch(&[newcomers::load_due(shop.now, limit)])
            .expect("rows");
        newcomers::newcomers(&found).expect("newcomers")
    };
    let found = due(10);
    let told: Vec<_> = found
        .iter()
        .map(|it| (it.member_id.as_str(), it.has_orders()))
        .collect();
    assert_eq!(told, [("ada", true), ("bea", false)]);
    let later = Timestamp::from_millis(shop.now.as_millis() + 1);
    let put_off = newcomers::store_later(&found[0], later);
    let done = newcomers::store_done(&found[1..]);
    shop.run(&[put_off, done]).expect("both");
    assert_eq!(due(10), []);
    let unknown = GuestBooking {
        member_id: "nobody",
        ..credit("o1")
    };
    assert_eq!(shop.book(&unknown), Err(BookingError::MemberUnknown));
}

#[test]
fn it_does_not_matter_whether_an_order_or_she_who_placed_it_came_first() {
    let mut shop = Shop::new("");
    let day = 86_400_000;
    let at = |days: i64| Some(Timestamp::from_millis(shop.now.as_millis() - days * day));
    // The program remembers thirty days.
    let days = [31, 29, 31, 31];
    let mut orders = [1, 2, 3, 4].map(|nth| order(&shop, &format!("o{nth}"), "ada"));
    for (order, days) in orders.iter_mut().zip(days) {
        order.placed_at = at(days);
    }
    shop.enrol("ada");
    // Her own account is no guest's.
    orders[2].customer.member_id = Some("ada".to_owned());
    orders[3].customer.id = Some("shop-ada".to_owned());
    let told = orders.each_ref().map(|order| {
        let written = shop.written(&booking(order)).expect("an order");
        shop.run(&written.statements).expect("an order");
        let told: Value = serde_json::from_str(&written.answer).expect("an answer");
        (told["status"].clone(), told["reason"].clone())
    });
    let booked = (json!("booked"), Value::Null);
    let guests = (json!("guest"), json!("placed_before_guest_window"));
    assert_eq!(told, [guests, booked.clone(), booked.clone(), booked]);
    assert_eq!(shop.balance("ada"), 160);
    // What is nobody's for good waits for nobody.
    shop.now = Timestamp::from_millis(shop.now.as_millis() + day);
    assert_eq!(waiting(&shop), [""; 0]);
    assert_eq!(shop.book(&booking(&orders[0])), Ok(false));
}
