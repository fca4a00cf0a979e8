//! What is settled with partners, over the real statements: whatever becomes of an order, the report is the sum of the
//! entries that carry its partner.

use earnest_core::wire::CartDocument;
use earnest_core::{Cart, compile};
use earnest_ledger::store::programs::{self, NewProgram};
use earnest_ledger::{
    Ending, MergeBooking, Order, Period, ReturnLine, load_partners, settle_partners,
};

use super::guests::credit;
use super::redemptions::told;
use super::{Shop, booking, order, transfer};

const DAYS: Period = Period {
    from: 20_600,
    to: 20_640,
};

/// A bakery and a cinema, and what they pay for a point; a coffee costs 10 of them.
fn town(bakery: &str, cinema: &str) -> String {
    format!(
        "redemptions.hold_minutes = 60\n\
         [[rewards]]\nid = 'coffee'\nname = 'Coffee'\npoints = 10\ngives = {{ experience = 'Coffee' }}\n\
         [[challenges]]\nid = 'two'\nlabel = '2 orders'\ncount = 'orders'\nsteps = [{{ at = 2, points = 33 }}]\n\
         [[partners]]\nid = 'bakery'\nname = 'Bakery'\nearn = {{ EUR = 1 }}\n{bakery}\n\
         [[partners]]\nid = 'cinema'\nname = 'Cinema'\nearn = {{ EUR = 0.5 }}\n{cinema}\n\
         [transfers]\nbetween_members = true\n"
    )
}

fn usual() -> Shop {
    let town = town(
        "spend = { EUR = 0.01 }\npays = { EUR = 0.0125 }",
        "spend = { EUR = 0.015 }",
    );
    let shop = Shop::new(&town);
    shop.enrol("ada");
    shop
}

/// An order of 20.00 at a partner.
fn order_at(shop: &Shop, partner: &str, id: &str, name: &str) -> Order {
    let order = order(shop, id, name);
    let mut cart = CartDocument::from(&order.cart);
    cart.partner = Some(partner.to_owned());
    Order {
        cart: Cart::try_from(cart).expect("a cart"),
        ..order
    }
}

impl Shop {
    fn order_at(&self, partner: &str, id: &str, redemptions: &[&str]) -> String {
        let order = Order {
            redemptions: redemptions.iter().map(|id| (*id).to_owned()).collect(),
            ..order_at(self, partner, id, "ada")
        };
        told(self.book(&booking(&order)))
    }

    fn hold_at(&self, partner: &str, id: &str) -> String {
        let order = order_at(self, partner, "any", "ada");
        self.hold(id, "ada", "coffee", Some(&order))
    }

    /// Publishes a second version.
    fn publish_second(&mut self, more: &str) {
        let source = format!(
            "version = 2\nname = 'Club'\npoints = {{ one = 'star', other = 'stars' }}\n\
             earn = {{ per_unit = {{ EUR = 1 }} }}\nwelcome_points = 100\n{more}"
        );
        let compiled = compile::compile(&source).expect("a program");
        self.program = compiled.program;
        let published = NewProgram {
            reference: self.program.reference(),
            source: &source,
            document: &compiled.document,
            published_at: self.now,
        };
        let kept = self.run(&[programs::store("market", published)]);
        kept.expect("another version");
    }

    /// Each partner with the points earned and spent there, what it owes and what the shop owes; which are the sums of
    /// the entries.
    fn settled(&self) -> Vec<String> {
        let rows = self.batch(&load_partners("market", DAYS)).expect("rows");
        let settled = settle_partners(&rows).expect("small sums");
        let sum = |kinds: &str, partner: &str| -> i64 {
            let sql = format!(
                "SELECT coalesce(sum(points), 0) FROM entries WHERE partner = ?1 AND kind {kinds} ('redeem', 'return')"
            );
            let sum = self.database.query_row(&sql, [partner], |row| row.get(0));
            sum.expect("a sum")
        };
        let told = settled.iter().map(|it| {
            let points = (sum("NOT IN", &it.partner), -sum("IN", &it.partner));
            assert_eq!((it.earned, it.spent), points, "{}", it.partner);
            let minor = (it.partner_owes_minor, it.shop_owes_minor);
            assert_eq!(it.net_minor, minor.0 - minor.1);
            let rest = (it.unsettled_earned, it.unsettled_spent);
            format!("{} {points:?} {minor:?} {rest:?}", it.partner)
        });
        let told: Vec<String> = told.collect();
        let entries = "SELECT count(DISTINCT partner) FROM entries";
        let partners: u32 = self
            .database
            .query_row(entries, [], |row| row.get(0))
            .expect("a count");
        assert_eq!(u32::try_from(told.len()), Ok(partners), "{told:?}");
        told
    }

    /// The newest entries, with their partners.
    fn newest(&self, count: u32) -> String {
        let sql = "SELECT group_concat(it, ', ') FROM (SELECT kind || ' ' || points || ' ' || coalesce(partner, '-') \
                   || ' ' || coalesce(partner_currency, '-') AS it FROM (SELECT * FROM entries ORDER BY seq DESC LIMIT ?1) ORDER BY seq)";
        let told = self.database.query_row(sql, [count], |row| row.get(0));
        told.expect("entries")
    }
}

#[test]
fn two_brands_settle_what_was_earned_and_spent_there() {
    let shop = usual();
    assert_eq!(shop.settled(), [""; 0]);
    assert_eq!(shop.order_at("bakery", "o1", &[]), "booked");
    assert_eq!(shop.hold_at("cinema", "r1"), "booked");
    assert_eq!(shop.order_at("cinema", "o2", &["r1"]), "booked");
    // 20 x 0.0125; 10 x 0.015 for what was earned and, on the other side, for what was spent. The 33 of the challenge
    // are the shop's.
    assert_eq!(
        shop.settled(),
        [
            "bakery (20, 0) (25, 0) (0, 0)",
            "cinema (10, 10) (15, 15) (0, 0)"
        ]
    );
    // What the shop itself sells is settled with nobody.
    assert_eq!(shop.pay("o3", "ada", &[]), "booked");
    assert_eq!(shop.settled().len(), 2);
    let half = vec![ReturnLine {
        id: "l1".to_owned(),
        quantity: 1,
        amount: None,
    }];
    assert_eq!(shop.refund("f1", "o2", Some(half)), "booked");
    assert_eq!(shop.settled()[1], "cinema (5, 5) (7, 7) (0, 0)");
    assert_eq!(shop.refund("f2", "o2", None), "booked");
    assert_eq!(shop.refund("f3", "o1", None), "booked");
    assert_eq!(
        shop.settled(),
        ["bakery (0, 0) (0, 0) (0, 0)", "cinema (0, 0) (0, 0) (0, 0)"]
    );
}

#[test]
fn what_a_challenge_gave_goes_back_with_the_order_and_is_not_the_partners() {
    let shop = usual();
    assert_eq!(shop.order_at("bakery", "o1", &[]), "booked");
    assert_eq!(shop.order_at("cinema", "o2", &[]), "booked");
    assert_eq!(shop.newest(2), "earn 10 cinema EUR, order-challenge 33 - -");
    // Another brand's order takes the challenge with it.
    assert_eq!(shop.refund("f1", "o1", None), "booked");
    assert_eq!(shop.newest(2), "clawback -20 bakery EUR, clawback -33 - -");
    assert_eq!(
        shop.settled(),
        [
            "bakery (0, 0) (0, 0) (0, 0)",
            "cinema (10, 0) (15, 0) (0, 0)"
        ]
    );
    assert_eq!(shop.balance("ada"), 110);
}

#[test]
fn what_comes_back_is_settled_by_the_rates_of_the_version_under_which_it_went() {
    let mut shop = usual();
    assert_eq!(shop.hold_at("bakery", "r1"), "booked");
    assert_eq!(shop.order_at("bakery", "o1", &["r1"]), "booked");
    assert_eq!(shop.settled(), ["bakery (20, 10) (25, 10) (0, 0)"]);
    shop.publish_second(&town(
        "spend = { EUR = 0.02 }\npays = { EUR = 0.05 }",
        "spend = { EUR = 0.015 }",
    ));
    assert_eq!(shop.order_at("bakery", "o2", &[]), "booked");
    assert_eq!(shop.settled(), ["bakery (40, 10) (125, 10) (0, 0)"]);
    assert_eq!(shop.refund("f1", "o1", None), "booked");
    assert_eq!(shop.settled(), ["bakery (20, 0) (100, 0) (0, 0)"]);
}

#[test]
fn a_redemption_without_an_order_is_spent_at_the_partner_for_which_it_was_asked() {
    let shop = usual();
    for id in ["r1", "r2"] {
        assert_eq!(shop.hold_at("cinema", id), "booked");
    }
    assert_eq!(shop.end("r1", Ending::Commit), "booked");
    assert_eq!(shop.newest(1), "redeem -10 cinema EUR");
    assert_eq!(shop.end("r2", Ending::Release), "booked");
    assert_eq!(shop.hold("r3", "ada", "coffee", None), "booked");
    assert_eq!(shop.end("r3", Ending::Commit), "booked");
    assert_eq!(shop.newest(1), "redeem -10 - -");
    assert_eq!(shop.settled(), ["cinema (0, 10) (0, 15) (0, 0)"]);
}

#[test]
fn a_redemption_is_of_no_use_at_another_brand_than_it_was_asked_for() {
    let shop = usual();
    assert_eq!(shop.hold_at("cinema", "r1"), "booked");
    let of_shop = order(&shop, "any", "ada");
    assert_eq!(shop.hold("r2", "ada", "coffee", Some(&of_shop)), "booked");
    assert_eq!(shop.hold("r3", "ada", "coffee", None), "booked");
    let elsewhere = "the redemption \"r1\" was asked for an order at the partner \"cinema\": \
                     release it, and ask again for the cart of this order";
    assert_eq!(shop.order_at("bakery", "o1", &["r1"]), elsewhere);
    assert_eq!(shop.pay("o1", "ada", &["r1"]), elsewhere);
    let of_shop = "the redemption \"r2\" was asked for an order of the shop's own: \
                   release it, and ask again for the cart of this order";
    assert_eq!(shop.order_at("cinema", "o1", &["r1", "r2"]), of_shop);
    assert_eq!(shop.settled(), [""; 0]);
    assert_eq!(shop.pay("o1", "ada", &["r2"]), "booked");
    // One that was asked for no cart is good anywhere.
    assert_eq!(shop.order_at("cinema", "o2", &["r3"]), "booked");
    assert_eq!(shop.order_at("cinema", "o3", &["r1"]), "booked");
    assert_eq!(shop.settled(), ["cinema (20, 20) (30, 30) (0, 0)"]);
}

#[test]
fn orders_of_guests_and_members_who_are_merged_are_settled_once() {
    let shop = Shop::new(&town("spend = { EUR = 0.01 }", "spend = { EUR = 0.015 }"));
    assert_eq!(shop.order_at("bakery", "o1", &[]), "booked");
    assert_eq!(shop.settled(), [""; 0]);
    shop.enrol("ada");
    shop.enrol("bea");
    assert_eq!(shop.book(&credit("o1")), Ok(true));
    assert_eq!(shop.settled(), ["bakery (20, 0) (20, 0) (0, 0)"]);
    assert_eq!(shop.book(&transfer("t1", "ada", "bea", 110)), Ok(true));
    assert_eq!(shop.bring(), 1);
    let merge = MergeBooking::new("market", "ada", "bea");
    assert_eq!(shop.book(&merge), Ok(true));
    assert_eq!(shop.bring(), 1);
    assert_eq!(shop.settled(), ["bakery (20, 0) (20, 0) (0, 0)"]);
    assert_eq!(shop.refund("f1", "o1", None), "booked");
    assert_eq!(shop.settled(), ["bakery (0, 0) (0, 0) (0, 0)"]);
    assert_eq!((shop.balance("ada"), shop.balance("bea")), (0, 200));
}

#[test]
fn points_that_nobody_has_a_rate_for_are_told_apart() {
    let shop = Shop::new("");
    shop.enrol("ada");
    assert_eq!(shop.order_at("sauna", "o1", &[]), "booked");
    assert_eq!(shop.settled(), ["sauna (20, 0) (0, 0) (20, 0)"]);
}

#[test]
fn what_a_refund_cannot_take_because_it_was_spent_is_still_the_partners_to_pay() {
    let town = town("spend = { EUR = 0.01 }", "spend = { EUR = 0.015 }");
    let shop = Shop::new(&format!("refunds = {{ deficit = true }}\n{town}"));
    shop.enrol("ada");
    shop.enrol("bea");
    assert_eq!(shop.order_at("bakery", "o1", &[]), "booked");
    assert_eq!(shop.book(&transfer("t1", "ada", "bea", 115)), Ok(true));
    assert_eq!(shop.refund("f1", "o1", None), "booked");
    assert_eq!(shop.settled(), ["bakery (15, 0) (15, 0) (0, 0)"]);
    // What she owes she pays off with what she earns anywhere, and to the shop.
    assert_eq!(shop.order_at("cinema", "o2", &[]), "booked");
    assert_eq!(shop.newest(2), "earn 10 cinema EUR, repay -10 - -");
    assert_eq!(
        shop.settled(),
        [
            "bakery (15, 0) (15, 0) (0, 0)",
            "cinema (10, 0) (15, 0) (0, 0)"
        ]
    );
}
