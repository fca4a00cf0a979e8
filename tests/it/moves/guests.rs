//! Guests who join while something else happens to their orders.

use earnest_core::Timestamp;
use earnest_ledger::store::newcomers;
use earnest_ledger::{BookingError, GuestBooking, RefundBooking, ReturnContent, load_waiting};

use super::{Shop, booking, order};

fn credit(order_id: &str) -> GuestBooking<'_> {
    GuestBooking {
        shop: "market",
        member_id: "ada",
        order_id,
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
