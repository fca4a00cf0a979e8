//! Redemptions that are held while the program changes, and several of them on one order: what was agreed is what is
//! given, and together they give what one of them all would.

use std::collections::BTreeMap;

use earnest_core::reward::RewardCode;
use earnest_core::wire::{CartDocument, LineDocument};
use earnest_core::{Cart, Points, compile};
use earnest_ledger::store::{budgets, members};
use earnest_ledger::{
    BookingError, Customer, Ending, MergeBooking, Order, Redemption, RedemptionBooking,
    RedemptionEnd, RefundBooking, ReturnContent, ReturnLine, Settling,
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
    pub(super) fn hold(&self, id: &str, name: &str, reward: &str, paid: Option<&Order>) -> String {
        told(self.ask(id, name, (&[reward], &[]), paid))
    }

    /// Holds money of the balance; for a cart where it is given.
    fn tender(&self, id: &str, name: &str, amount: &str, paid: Option<&Order>) -> String {
        told(self.ask(id, name, (&[], &[amount]), paid))
    }

    fn ask(
        &self,
        id: &str,
        name: &str,
        (rewards, credits): (&[&str], &[&str]),
        paid: Option<&Order>,
    ) -> Result<bool, BookingError> {
        let redemption = &Redemption {
            id: id.to_owned(),
            customer: Customer {
                email_hash: Some(email_hash(name)),
                ..Customer::default()
            },
            wishes: rewards.iter().map(|id| ((*id).to_owned(), None)).collect(),
            cart: paid.map(|order| order.cart.clone()),
            credits: credits
                .iter()
                .map(|amount| ("credit".to_owned(), (*amount).to_owned()))
                .collect(),
            tax_rates: BTreeMap::new(),
            shipping_tax_rate: None,
            is_spent_at_once: false,
        };
        let asked = RedemptionBooking {
            shop: "market",
            redemption,
            code: RewardCode::from_random([7; 10]),
        };
        self.book(&asked)
    }

    /// What she may pay with, and what is held of it.
    fn money(&self, name: &str) -> (i64, i64) {
        let [found] = self
            .batch(&[members::load_by_id("market", name)])
            .expect("rows");
        let member = members::member(&found).expect("a row").expect("a member");
        let member = member.snapshot().expect("a snapshot");
        let booked = member.credits.iter().map(|(_, minor)| minor).sum::<i64>();
        assert_eq!(booked, self.credit(name), "{name}");
        let held = member.holdings.money_held("credit");
        (member.credit_free("credit"), held)
    }

    pub(super) fn refund(
        &self,
        id: &str,
        order_id: &str,
        lines: Option<Vec<ReturnLine>>,
    ) -> String {
        let content = &ReturnContent {
            order_id: order_id.to_owned(),
            lines,
        };
        let refund = RefundBooking {
            shop: "market",
            refund_id: id,
            content,
        };
        told(self.book(&refund))
    }

    pub(super) fn end(&self, redemption_id: &str, ending: Ending) -> String {
        let end = RedemptionEnd {
            shop: "market",
            redemption_id,
            ending,
        };
        told(self.book(&end))
    }

    /// Pays an order with redemptions.
    pub(super) fn pay(&self, id: &str, name: &str, redemptions: &[&str]) -> String {
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

pub(super) fn told(booked: Result<bool, BookingError>) -> String {
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

fn cart_of(currency: &str, price: &str, quantity: u32) -> Cart {
    let line = LineDocument {
        id: "l1".to_owned(),
        product: "p1".to_owned(),
        quantity,
        unit_price: price.to_owned(),
        ..LineDocument::default()
    };
    let cart = CartDocument {
        currency: currency.to_owned(),
        prices_include_tax: true,
        lines: vec![line],
        ..CartDocument::default()
    };
    Cart::try_from(cart).expect("a cart")
}

/// Somebody who has 6.00 of credit, and 40 points.
fn with_credit() -> Shop {
    let shop = Shop::new(&topup("3"));
    shop.enrol("ada");
    for id in ["d1", "d2"] {
        assert_eq!(shop.hold(id, "ada", "topup", None), "booked");
        assert_eq!(shop.end(id, Ending::Commit), "booked");
    }
    assert_eq!(shop.money("ada"), (600, 0));
    shop
}

#[test]
fn money_of_a_balance_is_held_for_an_order_spent_with_it_and_comes_back_in_proportion() {
    let shop = with_credit();
    let bought = order(&shop, "o1", "ada");
    assert_eq!(shop.tender("m1", "ada", "5.00", Some(&bought)), "booked");
    assert_eq!(shop.tender("m1", "ada", "5.00", Some(&bought)), "again");
    assert_eq!(shop.money("ada"), (100, 500));
    let told = shop.tender("m2", "ada", "1.01", None);
    assert!(told.contains("1.00 EUR"), "{told}");
    assert_eq!(shop.tender("m3", "ada", "1", None), "booked");
    assert_eq!(shop.end("m3", Ending::Release), "booked");
    let written = shop.written(&booking(&Order {
        redemptions: vec!["m1".to_owned()],
        ..order(&shop, "o1", "ada")
    }));
    let answer = written.expect("a plan").answer;
    let tenders = r#""tenders":[{"balance":"credit","amount":"5.00","currency":"EUR"}]"#;
    assert!(answer.contains(tenders), "{answer}");
    assert_eq!(shop.pay("o1", "ada", &["m1"]), "booked");
    // It earns as if it had been paid with nothing but money, and it is.
    assert_eq!((shop.money("ada"), shop.balance("ada")), ((100, 0), 60));
    let one = || {
        Some(vec![ReturnLine {
            id: "l1".to_owned(),
            quantity: 1,
            amount: None,
        }])
    };
    assert_eq!(shop.refund("r1", "o1", one()), "booked");
    assert_eq!(shop.money("ada"), (350, 0));
    assert_eq!(shop.refund("r2", "o1", None), "booked");
    assert_eq!((shop.money("ada"), shop.balance("ada")), ((600, 0), 40));
    let kinds = "SELECT group_concat(kind || ' ' || minor, ', ') FROM (SELECT kind, minor FROM credit_entries ORDER BY seq)";
    let kinds: String = shop
        .database
        .query_row(kinds, [], |row| row.get(0))
        .expect("entries");
    assert_eq!(
        kinds,
        "redeem 300, redeem 300, tender -500, return 250, return 250"
    );
}

// Each is judged by itself when it is asked for, with a cart of its own or with none.
#[test]
fn what_pays_for_an_order_is_no_more_than_it_comes_to_and_of_its_currency() {
    let shop = with_credit();
    let bought = order(&shop, "o1", "ada");
    let small = Order {
        cart: cart_of("EUR", "4", 1),
        ..order(&shop, "o2", "ada")
    };
    for (id, amount) in [("m1", "2.50"), ("m2", "2.50"), ("m3", "1")] {
        assert_eq!(shop.tender(id, "ada", amount, Some(&small)), "booked");
    }
    let refused = |order: &Order, redemptions: &[&str], says: &str| {
        let paid = Order {
            redemptions: redemptions.iter().map(|id| (*id).to_owned()).collect(),
            ..order.clone()
        };
        let told = told(shop.book(&booking(&paid)));
        assert!(told.contains(says), "{told}");
    };
    refused(&small, &["m1", "m2"], "more than it comes to");
    let francs = Order {
        cart: cart_of("CHF", "20", 1),
        ..bought
    };
    refused(&francs, &["m1"], "the balance is in EUR");
    let paid = Order {
        redemptions: vec!["m1".to_owned(), "m3".to_owned()],
        ..small
    };
    assert_eq!(told(shop.book(&booking(&paid))), "booked");
    assert_eq!(shop.money("ada"), (0, 250));
}

// Found by the simulator: what had come back before the order was a part of all the money, and the rest a part of each.
#[test]
fn money_of_several_tenders_comes_back_once_whichever_of_it_came_before_the_order() {
    let shop = with_credit();
    let seven = || {
        let mut bought = order(&shop, "o1", "ada");
        bought.cart = cart_of("EUR", "1.50", 7);
        bought
    };
    for (id, amount) in [("m1", "5"), ("m2", "0.50")] {
        assert_eq!(shop.tender(id, "ada", amount, Some(&seven())), "booked");
    }
    let two = ReturnLine {
        id: "l1".to_owned(),
        quantity: 2,
        amount: None,
    };
    assert_eq!(shop.refund("r1", "o1", Some(vec![two])), "booked");
    let paid = Order {
        redemptions: vec!["m1".to_owned(), "m2".to_owned()],
        ..seven()
    };
    assert_eq!(told(shop.book(&booking(&paid))), "booked");
    assert_eq!(shop.money("ada"), (50 + 157, 0));
    assert_eq!(shop.refund("r2", "o1", None), "booked");
    assert_eq!(shop.money("ada"), (600, 0));
}

#[test]
fn no_race_and_no_time_spends_money_twice() {
    let mut shop = with_credit();
    let asked = ["m1", "m2"].map(|id| Redemption {
        id: id.to_owned(),
        customer: Customer {
            email_hash: Some(email_hash("ada")),
            ..Customer::default()
        },
        wishes: Vec::new(),
        credits: vec![("credit".to_owned(), "4".to_owned())],
        cart: None,
        tax_rates: BTreeMap::new(),
        shipping_tax_rate: None,
        is_spent_at_once: true,
    });
    let plans = asked.each_ref().map(|redemption| {
        let asked = RedemptionBooking {
            shop: "market",
            redemption,
            code: RewardCode::from_random([7; 10]),
        };
        shop.planned(&asked).expect("a plan").expect("it is new")
    });
    shop.run(&plans[0]).expect("the first");
    let met = shop.run(&plans[1]).map(drop).expect_err("she has changed");
    assert!(met.is_conflict(), "{met}");
    assert_eq!(shop.money("ada"), (200, 0));
    // What was held, and whose time is up, is hers again; its order takes what is there.
    assert_eq!(shop.tender("m3", "ada", "2", None), "booked");
    shop.later(61);
    assert_eq!(shop.tender("m4", "ada", "1.50", None), "booked");
    assert_eq!(shop.money("ada"), (50, 150));
    assert_eq!(shop.pay("o1", "ada", &["m3"]), "booked");
    assert_eq!(shop.money("ada"), (0, 150));
    assert_eq!(shop.end("m4", Ending::Commit), "booked");
    assert_eq!(shop.money("ada"), (0, 0));
}

#[test]
fn who_is_merged_keeps_her_money_once_none_of_it_is_held() {
    let shop = with_credit();
    shop.enrol("bea");
    assert_eq!(shop.tender("m1", "ada", "0.50", None), "booked");
    let merge = MergeBooking::new("market", "ada", "bea");
    let open = told(shop.book(&merge));
    assert!(open.starts_with("points are held"), "{open}");
    assert_eq!(shop.end("m1", Ending::Release), "booked");
    assert_eq!(told(shop.book(&merge)), "booked");
    assert_eq!(shop.bring(), 1);
    assert_eq!((shop.money("ada"), shop.money("bea")), ((0, 0), (600, 0)));
}

#[test]
fn a_hold_that_has_ended_keeps_nobody_from_the_last_one_however_late_the_cron_is() {
    let mut shop = Shop::new(&coffee("stock = 1"));
    shop.enrol("ada");
    shop.enrol("bea");
    assert_eq!(shop.hold("a", "ada", "coffee", None), "booked");
    assert_eq!(shop.hold("b", "bea", "coffee", None), "there is none left");
    shop.later(61);
    // As the Worker does for who is told so.
    let mut round = Settling::brief("market", shop.now);
    let slice = round.next_slice().expect("a slice");
    let [found] = shop.batch(&[slice]).expect("rows");
    for due in round.found(&found).expect("who is due") {
        let statements = due.settle(&shop.program).expect("statements");
        assert!(round.may_run(&statements));
        shop.run(&statements).expect("she is settled");
    }
    assert_eq!(shop.hold("b", "bea", "coffee", None), "booked");
    assert_eq!(shop.hold("c", "ada", "coffee", None), "there is none left");
}

#[test]
fn what_is_spent_and_comes_back_at_a_partner_is_told_with_it() {
    let cinema = "[[partners]]\nid = 'cinema'\nname = 'Cinema'\nearn = { EUR = 1 }\nspend = { EUR = 0.01 }\n";
    let shop = Shop::new(&format!("{}{cinema}", coffee("")));
    shop.enrol("ada");
    assert_eq!(shop.hold("r1", "ada", "coffee", None), "booked");
    let mut cart = CartDocument::from(&order(&shop, "o1", "ada").cart);
    cart.partner = Some("cinema".to_owned());
    let bought = Order {
        cart: Cart::try_from(cart).expect("a cart"),
        redemptions: vec!["r1".to_owned()],
        ..order(&shop, "o1", "ada")
    };
    assert_eq!(told(shop.book(&booking(&bought))), "booked");
    assert_eq!(shop.refund("f1", "o1", None), "booked");
    let told = "SELECT group_concat(kind || ' ' || points || ' ' || coalesce(partner, '-'), ', ') \
                FROM (SELECT * FROM entries ORDER BY seq)";
    let told: String = shop
        .database
        .query_row(told, [], |row| row.get(0))
        .expect("entries");
    assert_eq!(
        told,
        "welcome 100 -, redeem -10 cinema, earn 20 cinema, return 10 cinema, clawback -20 cinema"
    );
    assert_eq!(shop.balance("ada"), 100);
}

#[test]
fn points_pay_at_a_partner_what_they_are_worth_there() {
    let pay = rewards(
        "[[rewards]]\nid = 'pay'\nname = 'Pay'\npoints = 10\ngives = { amount_off = { EUR = 0.10 } }\n\
         steps = { at_least = 10 }\n\
         [[partners]]\nid = 'cinema'\nname = 'Cinema'\nearn = { EUR = 1 }\nspend = { EUR = 0.015 }\n\
         [[partners]]\nid = 'garage'\nname = 'Garage'\nearn = { EUR = 1 }\npays = { EUR = 0 }\n",
    );
    let shop = Shop::new(&pay);
    shop.enrol("ada");
    let at = |partner: Option<&str>| {
        let mut cart = CartDocument::from(&order(&shop, "o1", "ada").cart);
        cart.partner = partner.map(str::to_owned);
        let redemption = Redemption {
            id: "r1".to_owned(),
            customer: Customer {
                email_hash: Some(email_hash("ada")),
                ..Customer::default()
            },
            wishes: vec![("pay".to_owned(), Points::new(100).ok())],
            credits: Vec::new(),
            cart: Some(Cart::try_from(cart).expect("a cart")),
            tax_rates: BTreeMap::new(),
            shipping_tax_rate: None,
            is_spent_at_once: false,
        };
        let asked = RedemptionBooking {
            shop: "market",
            redemption: &redemption,
            code: RewardCode::from_random([7; 10]),
        };
        match shop.written(&asked) {
            Ok(written) => {
                let told: serde_json::Value =
                    serde_json::from_str(&written.answer).expect("an answer");
                told["cart"]["discount"].to_string()
            }
            Err(error) => error.to_string(),
        }
    };
    assert_eq!(at(None), "\"1.00\"");
    assert_eq!(at(Some("cinema")), "\"1.50\"");
    let nothing = "the reward is not for orders in this currency";
    assert_eq!(at(Some("garage")), nothing);
    assert_eq!(at(Some("bank")), "the program has no such partner");
}
