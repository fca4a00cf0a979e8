//! Redemptions that are held while the program changes, and several of them on one order: what was agreed is what is
//! given, and together they give what one of them all would.

use std::collections::BTreeMap;

use earnest_core::compile;
use earnest_core::reward::RewardCode;
use earnest_ledger::store::budgets;
use earnest_ledger::{
    BookingError, Customer, Ending, Order, Redemption, RedemptionBooking, RedemptionEnd,
};

use super::{Shop, booking, email_hash, order};

/// A shop with these rewards, and one of this program from now on.
fn rewards(rewards: &str) -> String {
    format!(
        "redemptions.hold_minutes = 60\n[[balances]]\nid = 'credit'\nname = 'Credit'\ncurrency = 'EUR'\n{rewards}"
    )
}

fn topup(amount: &str) -> String {
    rewards(&format!(
        "[[rewards]]\nid = 'topup'\nname = 'Credit'\npoints = 30\ngives = {{ store_credit = {amount}, balance = 'credit' }}\n"
    ))
}

fn coffee(stock: &str) -> String {
    rewards(&format!(
        "[[rewards]]\nid = 'coffee'\nname = 'Coffee'\npoints = 10\ngives = {{ experience = 'Coffee' }}\n{stock}\n"
    ))
}

impl Shop {
    fn publish(&mut self, more: &str) {
        let source = format!(
            "version = 2\nname = 'Club'\npoints = {{ one = 'star', other = 'stars' }}\n\
             earn = {{ per_unit = {{ EUR = 1 }} }}\nwelcome_points = 100\n{more}"
        );
        self.program = compile::compile(&source).expect("a program").program;
    }

    fn later(&mut self, minutes: i64) {
        let millis = self.now.as_millis() + minutes * 60_000;
        self.now = earnest_core::Timestamp::from_millis(millis);
    }

    /// Holds a reward; for its cart where it is given.
    fn hold(&self, id: &str, name: &str, reward: &str, paid: Option<&Order>) -> String {
        let redemption = &Redemption {
            id: id.to_owned(),
            customer: Customer {
                email_hash: Some(email_hash(name)),
                ..Customer::default()
            },
            wishes: vec![(reward.to_owned(), None)],
            cart: paid.map(|order| order.cart.clone()),
            tax_rates: BTreeMap::new(),
            is_spent_at_once: false,
        };
        let asked = RedemptionBooking {
            shop: "market",
            redemption,
            code: RewardCode::from_random([7; 10]),
        };
        told(self.book(&asked))
    }

    fn end(&self, redemption_id: &str, ending: Ending) -> String {
        let end = RedemptionEnd {
            shop: "market",
            redemption_id,
            ending,
        };
        told(self.book(&end))
    }

    /// Pays an order with redemptions.
    fn pay(&self, id: &str, name: &str, redemptions: &[&str]) -> String {
        let paid = Order {
            redemptions: redemptions.iter().map(|id| (*id).to_owned()).collect(),
            ..order(self, id, name)
        };
        told(self.book(&booking(&paid)))
    }

    fn credit(&self, name: &str) -> i64 {
        let sql = "SELECT coalesce(sum(minor), 0) FROM credit_entries WHERE member_id = ?1";
        let sum = self.database.query_row(sql, [name], |row| row.get(0));
        sum.expect("a sum")
    }

    fn gone(&self) -> Vec<(String, i64)> {
        let [found] = self.batch(&[budgets::load("market")]).expect("rows");
        budgets::budgets(&found).expect("budgets")
    }
}

fn told(booked: Result<bool, BookingError>) -> String {
    match booked {
        Ok(true) => "booked".to_owned(),
        Ok(false) => "again".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_reward_gives_the_credit_that_was_promised_when_it_was_held() {
    let mut shop = Shop::new(&topup("3"));
    shop.enrol("ada");
    for id in ["d1", "d2", "d3"] {
        assert_eq!(shop.hold(id, "ada", "topup", None), "booked");
    }
    shop.publish(&topup("1"));
    assert_eq!(shop.end("d1", Ending::Commit), "booked");
    assert_eq!((shop.credit("ada"), shop.balance("ada")), (300, 70));
    // Nor does it matter that there is no such reward any more, or that its time was up.
    shop.publish(&coffee(""));
    assert_eq!(shop.end("d2", Ending::Commit), "booked");
    assert_eq!((shop.credit("ada"), shop.balance("ada")), (600, 40));
    shop.later(61);
    assert_eq!(shop.pay("o1", "ada", &["d3"]), "booked");
    assert_eq!((shop.credit("ada"), shop.balance("ada")), (900, 30));
}

#[test]
fn a_stock_gets_back_what_was_taken_from_it_and_nothing_else() {
    // Held when there was no stock: what is let go was of none.
    let mut shop = Shop::new(&coffee(""));
    for name in ["ada", "bea", "cleo"] {
        shop.enrol(name);
    }
    assert_eq!(shop.hold("a", "ada", "coffee", None), "booked");
    shop.publish(&coffee("stock = 1"));
    assert_eq!(shop.hold("b", "bea", "coffee", None), "booked");
    let sold_out = "there is none left";
    assert_eq!(shop.hold("c", "cleo", "coffee", None), sold_out);
    assert_eq!(shop.end("a", Ending::Release), "booked");
    assert_eq!(shop.hold("c", "cleo", "coffee", None), sold_out);
    assert_eq!(shop.gone(), [("reward:coffee".to_owned(), 1)]);
    // Let go while there is no stock: it is there when there is one again.
    shop.publish(&coffee(""));
    assert_eq!(shop.end("b", Ending::Release), "booked");
    shop.publish(&coffee("stock = 1"));
    assert_eq!(shop.hold("c", "cleo", "coffee", None), "booked");
    // What is taken anew for an order is of the stock that it was of.
    shop.publish(&coffee(""));
    shop.later(61);
    assert_eq!(shop.pay("o1", "cleo", &["c"]), "booked");
    assert_eq!(shop.gone(), [("reward:coffee".to_owned(), 1)]);
}

#[test]
fn the_redemptions_of_an_order_are_judged_as_one_of_all_their_rewards() {
    let reward = |id: &str, off: i64, more: &str| {
        format!(
            "[[rewards]]\nid = '{id}'\nname = 'Off'\npoints = 10\ngives = {{ amount_off = {{ EUR = {off} }} }}\n{more}\n"
        )
    };
    let all = [
        reward("five", 5, ""),
        reward("twelve", 12, "combinable = true"),
        reward("nine", 9, "combinable = true"),
        reward("eight", 8, "combinable = true"),
    ];
    let mut shop = Shop::new(&rewards(&all.concat()));
    shop.enrol("ada");
    let bought = order(&shop, "o1", "ada");
    let kinds = [
        ("f1", "five"),
        ("f2", "five"),
        ("t", "twelve"),
        ("n", "nine"),
        ("e", "eight"),
    ];
    for (id, reward) in kinds {
        assert_eq!(shop.hold(id, "ada", reward, Some(&bought)), "booked");
    }
    let refused = |redemptions: &[&str], nth: usize, code: &str| {
        let paid = Order {
            redemptions: redemptions.iter().map(|id| (*id).to_owned()).collect(),
            ..order(&shop, "o1", "ada")
        };
        let Err(BookingError::Redemption(earnest_ledger::RedemptionError::OfOrder {
            nth: place,
            error,
        })) = shop.book(&booking(&paid))
        else {
            panic!("{redemptions:?} go together");
        };
        let earnest_ledger::RedemptionError::Together { refusal, id } = *error else {
            panic!("{error}");
        };
        assert_eq!((place, refusal.code()), (nth, code));
        assert_eq!(id, redemptions[nth]);
    };
    refused(&["f1", "f2"], 1, "reward_taken_twice");
    refused(&["t", "f1"], 1, "reward_not_combinable");
    refused(&["t", "t", "n"], 2, "discounts_exceed_cart");
    refused(&["t", "e", "n"], 2, "discounts_exceed_cart");
    // As it was when it was asked for, whatever the program says today.
    shop.publish(&coffee(""));
    let refusal = shop.pay("o1", "ada", &["f1", "t"]);
    assert!(refusal.contains("cannot be used together"), "{refusal}");
    assert_eq!(shop.pay("o1", "ada", &["t", "e"]), "booked");
    // Listed otherwise it is the same order.
    assert_eq!(shop.pay("o1", "ada", &["e", "t", "e"]), "again");
    assert_eq!(shop.balance("ada"), 100);
}
