//! Adjustments over the real statements: who made them is in their entries and in the chain, they pay off debts, and
//! the books tell what they gave beside what they took.

use earnest_core::accounting::PointsMovement;
use earnest_core::statement::verify;
use earnest_ledger::store::members;
use earnest_ledger::{
    AdjustmentBooking, BookingError, Bookkeeping, Period, StatementExport, StatementPart,
};

use super::Shop;

impl Shop {
    fn adjust(
        &self,
        key: &str,
        name: &str,
        points: i64,
        by: Option<&str>,
    ) -> Result<bool, BookingError> {
        self.book(&AdjustmentBooking {
            shop: "market",
            member_id: name,
            key,
            points,
            reason: "a mistake at the till",
            by,
        })
    }

    /// What happened to points on the day of the test.
    fn points_of_today(&self) -> PointsMovement {
        let today = self.program.calendar().local(self.now).day;
        let period = Period {
            from: today,
            to: today,
        };
        let [expected] = self
            .batch(&[Bookkeeping::estimates("market")])
            .expect("rows");
        let bookkeeping = Bookkeeping::new(period, &expected).expect("estimates");
        let [before, within] = self.batch(&bookkeeping.days("market")).expect("rows");
        bookkeeping
            .books(&before, &within)
            .expect("books")
            .points_in_all
    }
}

#[test]
fn who_adjusts_is_told_and_cannot_be_changed_without_a_trace() {
    let shop = Shop::new("");
    shop.enrol("ada");
    assert_eq!(
        shop.adjust("k1", "ada", 50, Some(" Mia, till 3 ")),
        Ok(true)
    );
    assert_eq!(shop.adjust("k2", "ada", -30, None), Ok(true));
    assert_eq!(shop.adjust("k1", "ada", 50, Some("Mia, till 3")), Ok(false));
    // Another one under its key.
    let other = shop.adjust("k1", "ada", 50, Some("Tom"));
    assert_eq!(other, Err(BookingError::KeyReused));
    for nobody in ["", "  ", "a\nb", &"é".repeat(65)] {
        let refused = shop.adjust("k3", "ada", 50, Some(nobody));
        assert!(
            matches!(refused, Err(BookingError::Refused { .. })),
            "{nobody:?}"
        );
    }
    assert_eq!(shop.adjust("k3", "ada", 5, Some(&"é".repeat(64))), Ok(true));

    let [found] = shop
        .batch(&[members::load_by_id("market", "ada")])
        .expect("rows");
    let member = members::member(&found).expect("a row").expect("a member");
    let begun = StatementExport::new("market", &member, StatementPart::default(), shop.now);
    let mut export = begun.expect("a member").expect("all of it");
    while let Some(read) = export.read() {
        let [rows] = shop.batch(&[read]).expect("rows");
        export.take(&rows).expect("entries");
    }
    let statement = export.finish();
    let by: Vec<_> = statement
        .entries
        .iter()
        .map(|it| it.by.as_deref())
        .collect();
    let long = "é".repeat(64);
    assert_eq!(by, [None, Some("Mia, till 3"), None, Some(&*long)]);
    verify(&statement).expect("a statement that is good");
    let mut forged = statement.clone();
    forged.entries[1].by = Some("Tom".to_owned());
    assert!(verify(&forged).is_err(), "another name is found");
    let mut forged = statement;
    forged.entries[2].by = Some("Tom".to_owned());
    assert!(verify(&forged).is_err(), "and so is one that was put in");
}

#[test]
fn an_adjustment_pays_off_first_what_is_owed() {
    let shop = Shop::new("refunds = { deficit = true }\n");
    shop.enrol("ada");
    let owing =
        "UPDATE members SET holdings = json_set(holdings, '$.owed', 20), revision = revision + 1";
    shop.database.execute_batch(owing).expect("a debt");
    assert_eq!(shop.adjust("k1", "ada", 30, None), Ok(true));
    assert_eq!(shop.balance("ada"), 110);
    let [found] = shop
        .batch(&[members::load_by_id("market", "ada")])
        .expect("rows");
    let member = members::member(&found).expect("a row").expect("a member");
    assert_eq!(member.snapshot().expect("a snapshot").holdings.owed, 0);
}

#[test]
fn the_books_tell_what_adjustments_gave_beside_what_they_took_however_much_that_is() {
    let shop = Shop::new("");
    shop.enrol("ada");
    shop.enrol("bea");
    for (key, name, points) in [("k1", "ada", 50), ("k2", "ada", -30), ("k3", "bea", -20)] {
        assert_eq!(shop.adjust(key, name, points, None), Ok(true));
    }
    let told = shop.points_of_today();
    assert_eq!(
        (told.issued, told.clawed_back, told.closing),
        (250, 50, 200)
    );
    // Beyond what a number of JavaScript holds.
    let most = 9_007_199_254_740_991;
    assert_eq!(shop.adjust("k4", "ada", most - 120, None), Ok(true));
    assert_eq!(shop.adjust("k5", "bea", most - 80, None), Ok(true));
    let told = shop.points_of_today();
    assert_eq!((told.issued, told.closing), (2 * most + 50, 2 * most));
}
