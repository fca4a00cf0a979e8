//! Rewards that rules and challenges give: kept with a code, told in the answer, and back with the order.

use earnest_ledger::{Codes, OrderBooking, RefundBooking, ReturnContent};
use serde_json::Value;

use super::{Shop, booking, order};

const CLUB: &str = "
    rules = [{ id = 'bread', label = 'A coffee with your bread', when = { products = ['rye'] }, grant = { reward = 'coffee' }, limits = { per_year = 2 } }]
    challenges = [{ id = 'two', label = '2 orders', count = 'orders', steps = [{ at = 2, reward = 'mug' }] }]
    rewards = [{ id = 'coffee', name = 'Any coffee', gives = { category = 'coffee' }, valid_days = 30 }, { id = 'mug', name = 'A mug', gives = { product = 'mug' } }]
";

impl Shop {
    /// Books an order, and tells what it was given: by whom, which reward, and how long its code is.
    fn gifts_of(&self, id: &str) -> Vec<String> {
        let order = order(self, id, "ada");
        // Each booking draws its own.
        let drawn = id.bytes().fold(0, u8::wrapping_add);
        let booking = OrderBooking {
            codes: Codes::from_random([drawn; 32]),
            ..booking(&order)
        };
        let written = self.written(&booking).expect("an order");
        self.run(&written.statements).expect("it is booked");
        let told: Value = serde_json::from_str(&written.answer).expect("JSON");
        let gifts = told["gifts"].as_array().cloned().unwrap_or_default();
        let told = gifts.iter().map(|it| {
            let code = it["code"].as_str().expect("a code");
            format!("{} {} {}", it["by"], it["reward"], code.len()).replace('"', "")
        });
        told.collect()
    }

    /// The gifts that are kept and were not taken back, by what they were given for.
    fn kept(&self) -> Vec<String> {
        let sql = "SELECT gift_of FROM redemptions WHERE withdrawn_at IS NULL ORDER BY gift_of";
        let mut prepared = self.database.prepare(sql).expect("a query");
        let rows = prepared.query_map([], |row| row.get(0)).expect("rows");
        rows.map(|row| row.expect("a text")).collect()
    }
}

#[test]
fn what_rules_and_challenges_give_is_kept_and_told_and_a_rules_goes_back_with_the_order() {
    let shop = Shop::new(CLUB);
    shop.enrol("ada");
    let coffee = shop.gifts_of("o1");
    assert_eq!(coffee, ["bread coffee 20"]);
    assert_eq!(shop.gifts_of("o2"), ["bread coffee 20", "two mug 20"]);
    // Twice a year.
    assert_eq!(shop.gifts_of("o3"), [""; 0]);
    assert_eq!(shop.kept(), ["earn:o1", "earn:o2", "order-challenge:o2"]);
    let content = ReturnContent {
        order_id: "o2".to_owned(),
        lines: None,
    };
    let refund = RefundBooking {
        shop: "market",
        refund_id: "r2",
        content: &content,
    };
    assert_eq!(shop.book(&refund), Ok(true));
    // Two orders are left: what was achieved stays.
    assert_eq!(shop.kept(), ["earn:o1", "order-challenge:o2"]);
    assert_eq!(shop.balance("ada"), 140);
}
