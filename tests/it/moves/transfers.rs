//! A transfer that breaks off after its first batch, or meets itself.

use earnest_core::Timestamp;
use earnest_ledger::BookingError;
use earnest_ledger::store::transfers;

use super::{Shop, transfer};

fn market() -> Shop {
    let shop = Shop::new("transfers = { between_members = true }");
    shop.enrol("ada");
    shop.enrol("bea");
    shop
}

#[test]
fn what_broke_off_is_finished_by_the_next_delivery() {
    let shop = market();
    let booking = transfer("t1", "ada", "bea", 30);
    assert_eq!(shop.book(&booking), Ok(true));
    // Here the request died.
    assert_eq!((shop.balance("ada"), shop.balance("bea")), (70, 100));
    assert_eq!(shop.book(&booking), Ok(false));
    assert_eq!(shop.book(&booking.arrival()), Ok(true));
    assert_eq!(shop.book(&booking.arrival()), Ok(false));
    assert_eq!((shop.balance("ada"), shop.balance("bea")), (70, 130));
    assert_eq!(shop.bring(), 0);
}

#[test]
fn what_broke_off_is_finished_by_the_cron_the_oldest_first() {
    let mut shop = market();
    for id in ["t1", "t2", "t3"] {
        assert_eq!(shop.book(&transfer(id, "ada", "bea", 10)), Ok(true));
        shop.now = earnest_core::Timestamp::from_millis(shop.now.as_millis() + 1);
    }
    assert_eq!(shop.bring(), 3);
    assert_eq!(shop.bring(), 0);
    assert_eq!((shop.balance("ada"), shop.balance("bea")), (70, 130));
}

#[test]
fn of_two_who_do_the_same_at_once_one_is_first() {
    let shop = market();
    let booking = transfer("t1", "ada", "bea", 30);
    let conflict = |done: Result<_, _>| BookingError::from(done.err().expect("an error"));
    let two = [(); 2].map(|()| shop.planned(&booking).expect("a plan").expect("news"));
    shop.run(&two[0]).expect("the first");
    assert!(conflict(shop.run(&two[1])).is_conflict());
    let arrival = booking.arrival();
    let two = [(); 2].map(|()| shop.planned(&arrival).expect("a plan").expect("news"));
    shop.run(&two[0]).expect("the first");
    assert!(conflict(shop.run(&two[1])).is_conflict());
    assert_eq!((shop.balance("ada"), shop.balance("bea")), (70, 130));
}

#[test]
fn points_go_on_with_the_day_on_which_they_expire() {
    let mut shop =
        Shop::new("transfers = { between_members = true }\nexpiry = { after_months = 1 }");
    shop.enrol("ada");
    let day =
        |days: i64| earnest_core::Timestamp::from_millis(1_780_000_000_000 + days * 86_400_000);
    shop.now = day(20);
    shop.enrol("bea");
    assert_eq!(shop.book(&transfer("t1", "ada", "bea", 30)), Ok(true));
    assert_eq!(shop.bring(), 1);
    shop.now = day(40);
    // Ada's own are over, and so is what she gave; Bea's welcome is not.
    let too_many = shop.book(&transfer("t2", "bea", "ada", 101));
    assert!(matches!(too_many, Err(BookingError::Refused { .. })));
    assert_eq!(shop.book(&transfer("t3", "bea", "ada", 100)), Ok(true));
    assert_eq!(shop.balance("bea"), 0);
}

#[test]
fn what_cannot_arrive_is_put_off_and_keeps_nothing_else_waiting() {
    let shop = market();
    for id in ["t1", "t2"] {
        assert_eq!(shop.book(&transfer(id, "ada", "bea", 10)), Ok(true));
    }
    let after = |minutes: i64| Timestamp::from_millis(shop.now.as_millis() + minutes * 60_000);
    let due = |minutes: i64| {
        let read = transfers::load_on_their_way(after(minutes), 1);
        let [found] = shop.batch(&[read]).expect("rows");
        let found = transfers::on_their_way(&found).expect("what is on its way");
        found.into_iter().next().map(|it| it.transfer_id)
    };
    assert_eq!(due(1).as_deref(), Some("t1"));
    let later = transfers::store_later("market", "t1", after(60));
    shop.run(std::slice::from_ref(&later))
        .expect("it is put off");
    assert_eq!(due(1).as_deref(), Some("t2"));
    let arrives = |id| shop.book(&transfer(id, "ada", "bea", 10).arrival());
    assert_eq!(arrives("t2"), Ok(true));
    assert_eq!((due(1), due(61).as_deref()), (None, Some("t1")));
    // Who brings it meanwhile was first.
    assert_eq!(arrives("t1"), Ok(true));
    let later = transfers::store_later("market", "t1", after(120));
    let met = shop.run(&[later]).map(drop).expect_err("it has arrived");
    assert!(met.is_conflict(), "{met}");
}
