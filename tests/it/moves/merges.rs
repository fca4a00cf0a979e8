//! Merges that break off, meet each other, or meet transfers on their way.

use earnest_ledger::store::members;
use earnest_ledger::{BookingError, MergeBooking, RefundBooking, ReturnContent};

use super::{Shop, booking, order, transfer};

fn market() -> Shop {
    let shop = Shop::new("transfers = { between_members = true }");
    for name in ["ada", "bea", "cleo"] {
        shop.enrol(name);
    }
    shop
}

fn merge<'a>(member: &'a str, into: &'a str) -> MergeBooking<'a> {
    MergeBooking::new("market", member, into)
}

#[test]
fn a_merge_that_broke_off_is_finished_by_the_next_delivery_or_by_the_cron() {
    let shop = market();
    let booking = merge("ada", "bea");
    assert_eq!(shop.book(&booking), Ok(true));
    assert_eq!((shop.balance("ada"), shop.balance("bea")), (0, 100));
    assert_eq!(shop.book(&booking), Ok(false));
    assert_eq!(shop.book(&booking.arrival()), Ok(true));
    assert_eq!((shop.balance("ada"), shop.balance("bea")), (0, 200));
    assert_eq!(shop.bring(), 0);
    assert_eq!(shop.book(&merge("bea", "cleo")), Ok(true));
    assert_eq!(shop.bring(), 1);
    assert_eq!(shop.balance("cleo"), 300);
}

#[test]
fn what_is_on_its_way_to_who_was_merged_goes_to_who_she_is_now() {
    let shop = market();
    assert_eq!(shop.book(&transfer("t1", "cleo", "ada", 30)), Ok(true));
    assert_eq!(shop.book(&merge("ada", "bea")), Ok(true));
    // Nothing has arrived when the second is merged into the third.
    assert_eq!(shop.book(&merge("bea", "cleo")), Ok(true));
    assert_eq!(shop.balance("cleo"), 70);
    assert_eq!(shop.bring(), 3);
    assert_eq!(shop.balance("cleo"), 300);
    assert_eq!((shop.balance("ada"), shop.balance("bea")), (0, 0));
}

#[test]
fn what_either_agreed_to_stands_and_the_answer_of_who_stays_is_not_touched() {
    let check = |hers: Option<i64>, others: Option<i64>, expected: Option<i64>| {
        let shop = market();
        for (name, marketing_at) in [("ada", others), ("bea", hers)] {
            let agreed = "UPDATE members SET marketing_at = ?2, revision = revision + 1 WHERE member_id = ?1";
            let agreed = shop.database.execute(agreed, (name, marketing_at));
            assert_eq!(agreed, Ok(1));
        }
        assert_eq!(shop.book(&merge("ada", "bea")), Ok(true));
        assert_eq!(shop.bring(), 1);
        let [found] = shop
            .batch(&[members::load_by_id("market", "bea")])
            .expect("rows");
        let member = members::member(&found).expect("a row").expect("a member");
        assert_eq!(member.marketing_at, expected, "{hers:?} {others:?}");
    };
    check(None, None, None);
    check(Some(5), None, Some(5));
    check(None, Some(7), Some(7));
    check(Some(5), Some(7), Some(5));
    check(Some(7), Some(5), Some(7));
}

#[test]
fn of_two_merges_at_once_none_ends_nowhere() {
    let shop = market();
    let planned =
        |booking: &MergeBooking<'_>| shop.planned(booking).expect("a plan").expect("news");
    let (first, second) = (merge("bea", "cleo"), merge("ada", "bea"));
    let (one, other) = (planned(&first), planned(&second));
    shop.run(&one).expect("the first");
    let met = shop.run(&other).err().expect("an error");
    assert!(met.is_conflict(), "{met}");
    let refused = shop.book(&second);
    assert!(matches!(refused, Err(BookingError::MemberMerged { into, .. }) if into == "cleo"));
    // Each into the other.
    let shop = market();
    let planned =
        |booking: &MergeBooking<'_>| shop.planned(booking).expect("a plan").expect("news");
    let (one, other) = (planned(&merge("ada", "bea")), planned(&merge("bea", "ada")));
    shop.run(&one).expect("the first");
    assert!(shop.run(&other).err().expect("an error").is_conflict());
}

#[test]
fn a_merge_and_whatever_is_written_at_once_are_one_after_the_other() {
    let shop = market();
    let booking = merge("ada", "bea");
    let stale = shop.planned(&booking).expect("a plan").expect("news");
    assert_eq!(shop.book(&transfer("t1", "ada", "cleo", 40)), Ok(true));
    assert!(shop.run(&stale).err().expect("an error").is_conflict());
    assert_eq!(shop.book(&booking), Ok(true));
    assert_eq!(shop.bring(), 2);
    assert_eq!((shop.balance("bea"), shop.balance("cleo")), (160, 140));
    let sum = shop
        .database
        .query_row("SELECT sum(points) FROM days", [], |row| {
            row.get::<_, i64>(0)
        });
    assert_eq!(sum, Ok(300));
}

#[test]
fn a_refund_waits_until_who_owes_it_has_arrived() {
    let shop = market();
    let order = order(&shop, "o1", "ada");
    assert_eq!(shop.book(&booking(&order)), Ok(true));
    assert_eq!(shop.balance("ada"), 120);
    let content = ReturnContent {
        order_id: "o1".to_owned(),
        lines: None,
    };
    let refund = RefundBooking {
        shop: "market",
        refund_id: "r1",
        content: &content,
    };
    // Bea has spent all of hers: there is nothing to take until Ada's are there.
    assert_eq!(shop.book(&transfer("t1", "bea", "cleo", 100)), Ok(true));
    assert_eq!(shop.book(&merge("ada", "bea")), Ok(true));
    let waits = |met: Result<bool, BookingError>| met.is_err_and(|met| met.is_conflict());
    assert!(waits(shop.book(&refund)));
    assert_eq!(shop.bring(), 2);
    assert_eq!(shop.book(&merge("bea", "cleo")), Ok(true));
    assert!(waits(shop.book(&refund)));
    assert_eq!(shop.bring(), 1);
    assert_eq!(shop.book(&refund), Ok(true));
    assert_eq!(shop.balance("cleo"), 300);
}

#[test]
fn the_database_lets_nobody_write_to_who_was_merged() {
    let shop = market();
    assert_eq!(shop.book(&merge("ada", "bea")), Ok(true));
    for (sql, words) in [
        (
            "UPDATE members SET seq = seq, revision = revision + 1 WHERE member_id = 'ada'",
            "she is another member now",
        ),
        (
            "UPDATE members SET merged_into = 'ada', revision = revision + 1 WHERE member_id = 'cleo'",
            "has been merged herself",
        ),
        (
            "UPDATE members SET merged_into = 'cleo', revision = revision + 1 WHERE member_id = 'cleo'",
            "has been merged herself",
        ),
        (
            "INSERT INTO orders (shop, order_id, email_hash, content, answer, points, program_version, program_digest, placed_at, booked_at) \
             SELECT shop, 'o1', email_hash, '{}', '{}', 1, 1, '', 1, 1 FROM members WHERE member_id = 'ada'",
            "the guest has joined",
        ),
    ] {
        let done = shop.database.execute_batch(sql);
        let said = done.map_or_else(|error| error.to_string(), |()| "it was done".to_owned());
        assert!(said.contains(words), "{sql}: {said}");
    }
}
