//! Where who has an account is a member: the first order that names a customer makes her one, and is hers.

use earnest_core::Cart;
use earnest_core::wire::CartDocument;
use earnest_ledger::store::members::{self, Traces};
use earnest_ledger::store::newcomers;
use earnest_ledger::{
    Booking, BookingError, Customer, Enrolment, Found, GuestBooking, MergeBooking, Order,
    OrderError, RedemptionError, Signs,
};
use serde_json::json;

use super::guests::credit;
use super::{Shop, booking, email_hash, order};

const AUTOMATIC: &str = "joining = 'automatic'\n";

/// An order of 20 points, by a customer with this id and this e-mail.
fn of(shop: &Shop, id: &str, customer: Option<&str>, email: Option<&str>) -> Order {
    Order {
        customer: Customer {
            member_id: None,
            id: customer.map(str::to_owned),
            email_hash: email.map(email_hash),
        },
        ..order(shop, id, "ada")
    }
}

/// An order of so many lines that it cannot be kept.
fn large(shop: &Shop, id: &str) -> Order {
    let categories: Vec<_> = (10..40)
        .map(|nth| format!("{nth}{}", "x".repeat(100)))
        .collect();
    let lines = (0..1_000).map(|nth| {
        json!({ "id": nth.to_string(), "product": "rye", "quantity": 1, "unit_price": "1.00", "categories": categories })
    });
    let document = json!({ "currency": "EUR", "lines": lines.collect::<Vec<_>>() });
    let document: CartDocument = serde_json::from_value(document).expect("a cart");
    Order {
        cart: Cart::try_from(document).expect("a cart"),
        ..of(shop, id, Some("c-1"), Some("ada"))
    }
}

impl Shop {
    /// Books an order. Its answer, with who she is: the one who joined by an order is `new`.
    fn takes(&self, order: &Order) -> String {
        let booking = booking(order);
        let rows = self.batch(&booking.reads()).expect("rows");
        let answer = match booking.find(&rows).expect("an order") {
            Found::Booked(answer) => answer,
            Found::Open(known) => {
                let written = booking.decide(&self.program, known, self.now);
                let written = written.expect("an order");
                self.run(&written.statements).expect("it is booked");
                written.answer
            }
        };
        let told: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
        let told = ["status", "member_id", "points", "balance_points"].map(|it| &told[it]);
        let told = format!("{} {} {} {}", told[0], told[1], told[2], told[3]).replace('"', "");
        match self.new_member() {
            Some(id) => told.replace(&id, "new"),
            None => told,
        }
    }

    /// The id of the one who joined by an order.
    fn new_member(&self) -> Option<String> {
        let of_order = "SELECT member_id FROM members WHERE member_id GLOB 'mem_*'";
        let found = self.database.query_row(of_order, [], |row| row.get(0));
        found.ok()
    }

    fn count_members(&self) -> i64 {
        let count = "SELECT count(*) FROM members";
        let found = self.database.query_row(count, [], |row| row.get(0));
        found.expect("a count")
    }
}

#[test]
fn the_first_order_of_a_customer_makes_her_a_member_and_is_booked_as_hers() {
    let shop = Shop::new(AUTOMATIC);
    let first = of(&shop, "o1", Some("c-1"), Some("ada"));
    assert_eq!(shop.takes(&first), "booked new 20 120");
    // Delivered again it is the same; the next ones are hers, by her id or by her e-mail.
    assert_eq!(shop.takes(&first), "booked new 20 120");
    let second = of(&shop, "o2", Some("c-1"), None);
    assert_eq!(shop.takes(&second), "booked new 20 140");
    let third = of(&shop, "o3", None, Some("ada"));
    assert_eq!(shop.takes(&third), "booked new 20 160");
    assert_eq!(shop.balance(&shop.new_member().expect("she joined")), 160);
}

#[test]
fn nobody_agrees_to_anything_for_her_and_what_she_ticks_later_is_kept_from_then_on() {
    let shop = Shop::new(AUTOMATIC);
    shop.takes(&of(&shop, "o1", Some("c-1"), Some("ada")));
    let agreed = |shop: &Shop| {
        let who = Traces {
            customer_id: Some("c-1"),
            ..Traces::default()
        };
        let found = shop.batch(&[members::load_by_traces("market", who)]);
        let [found] = found.expect("rows");
        let member = members::member(&found).expect("a row").expect("a member");
        (member.terms_at(), member.marketing_at)
    };
    assert_eq!(agreed(&shop), (None, None));
    let joins = Enrolment {
        email_hash: email_hash("ada"),
        customer_id: Some("c-1".to_owned()),
        marketing: false,
        signs: Signs::default(),
        referral_code: None,
    };
    let rows = shop.batch(&joins.reads("market")).expect("rows");
    let (member, _) = joins.find(&rows).expect("one member");
    let link = joins.link("market", &member.expect("she is one"), shop.now);
    shop.run(&link.expect("she had not agreed"))
        .expect("it is kept");
    assert_eq!(agreed(&shop), (Some(shop.now.as_millis()), None));
    // It is kept once.
    let rows = shop.batch(&joins.reads("market")).expect("rows");
    let member = joins.written(&rows).expect("it is kept");
    let link = joins.link("market", &member, shop.now);
    assert!(link.expect("nothing is new").is_empty());
}

// Found by the simulator: nobody looked for them, since she had joined before anybody knew her e-mail.
#[test]
fn orders_of_a_guest_are_hers_once_her_e_mail_is_told_of_who_has_an_account() {
    let shop = Shop::new(AUTOMATIC);
    shop.takes(&of(&shop, "o1", Some("c-1"), None));
    let her_id = shop.new_member().expect("she joined");
    assert_eq!(
        shop.takes(&of(&shop, "o2", None, Some("ada"))),
        "guest null 20 null"
    );
    let due = || {
        let [found] = shop
            .batch(&[newcomers::load_due(shop.now, 10)])
            .expect("rows");
        newcomers::newcomers(&found).expect("newcomers")
    };
    shop.run(&[newcomers::store_done(&due())])
        .expect("nothing waited for her");
    let joins = Enrolment {
        email_hash: email_hash("ada"),
        customer_id: Some("c-1".to_owned()),
        marketing: false,
        signs: Signs::default(),
        referral_code: None,
    };
    let rows = shop.batch(&joins.reads("market")).expect("rows");
    let (member, _) = joins.find(&rows).expect("one member");
    let link = joins.link("market", &member.expect("she is one"), shop.now);
    shop.run(&link.expect("her e-mail is new"))
        .expect("it is kept");
    let found = due();
    assert!(found.len() == 1 && found[0].member_id == her_id && found[0].has_orders());
    let credit = GuestBooking {
        member_id: &her_id,
        ..credit("o2")
    };
    assert_eq!(shop.book(&credit), Ok(true));
    assert_eq!(shop.balance(&her_id), 140);
}

#[test]
fn a_customer_whose_e_mail_nobody_knows_joins_by_her_id_alone() {
    let shop = Shop::new(AUTOMATIC);
    let till = of(&shop, "o1", Some("c-9"), None);
    assert_eq!(shop.takes(&till), "booked new 20 120");
}

#[test]
fn who_is_a_member_by_her_e_mail_is_no_second_one() {
    let shop = Shop::new(AUTOMATIC);
    shop.enrol("ada");
    let hers = of(&shop, "o1", Some("c-1"), Some("ada"));
    assert_eq!(shop.takes(&hers), "booked ada 20 120");
    // From then on she is the customer of that name, whatever else an order tells of her.
    let till = of(&shop, "o2", Some("c-1"), None);
    assert_eq!(shop.takes(&till), "booked ada 20 140");
    assert_eq!((shop.count_members(), shop.balance("ada")), (1, 140));
}

#[test]
fn a_name_that_somebody_has_stays_hers() {
    let shop = Shop::new(AUTOMATIC);
    shop.enrol("ada");
    shop.enrol("bea");
    shop.takes(&of(&shop, "o1", Some("c-1"), Some("ada")));
    // Who was merged into her is found by her own name still, which is not hers besides.
    let merge = MergeBooking::new("market", "ada", "bea");
    assert!(shop.book(&merge).expect("a merge"));
    assert_eq!(shop.bring(), 1);
    for id in ["o2", "o3"] {
        let order = of(&shop, id, Some("c-1"), Some("bea"));
        assert!(shop.takes(&order).starts_with("booked bea 20"), "{id}");
    }
    assert_eq!(shop.balance("bea"), 260);
}

#[test]
fn an_order_that_is_refused_makes_nobody_a_member() {
    let shop = Shop::new(AUTOMATIC);
    let paid = Order {
        redemptions: vec!["r1".to_owned()],
        ..of(&shop, "o1", Some("c-1"), Some("ada"))
    };
    let refused = shop.planned(&booking(&paid)).expect_err("nothing of hers");
    let not_hers = RedemptionError::NotHers("r1".to_owned());
    let first = RedemptionError::OfOrder {
        nth: 0,
        error: Box::new(not_hers),
    };
    assert_eq!(refused, BookingError::Redemption(first));
    assert_eq!(shop.count_members(), 0);
    // The same of what is refused last, when all is planned: the batch that would add her is never written.
    let too_large = large(&shop, "o2");
    let refused = shop.planned(&booking(&too_large)).expect_err("too large");
    let refused = matches!(refused, BookingError::Order(OrderError::TooLargeToKeep(_)));
    assert!(refused && shop.count_members() == 0);
}

#[test]
fn of_two_first_orders_at_once_one_makes_her_a_member() {
    let shop = Shop::new(AUTOMATIC);
    let orders = ["o1", "o2"].map(|id| of(&shop, id, Some("c-1"), Some("ada")));
    let plans = orders.each_ref().map(|order| {
        let planned = shop.planned(&booking(order)).expect("a plan");
        planned.expect("it is new")
    });
    shop.run(&plans[0]).expect("the first");
    let met = shop.run(&plans[1]).map(drop).expect_err("she has joined");
    assert!(met.is_conflict(), "{met}");
    assert_eq!(shop.takes(&orders[1]), "booked new 20 140");
    assert_eq!(shop.count_members(), 1);
}

#[test]
fn what_she_is_welcomed_with_is_there_when_her_order_is_decided() {
    // A mug for joining, of which there is one; and one for a first order, if any is left.
    let mug = format!(
        "{AUTOMATIC}[[rewards]]\nid = 'mug'\nname = 'A mug'\npoints = 10\nstock = 1\ngives = {{ product = 'mug' }}\n\
         [[rules]]\nid = 'joined'\nlabel = 'x'\non = 'account-created'\ngrant = {{ reward = 'mug' }}\n\
         [[rules]]\nid = 'first'\nlabel = 'x'\nwhen.order_number = {{ at_most = 1 }}\ngrant = {{ reward = 'mug' }}\n"
    );
    let shop = Shop::new(&mug);
    let first = of(&shop, "o1", Some("c-1"), Some("ada"));
    assert_eq!(shop.takes(&first), "booked new 20 120");
    let given = "SELECT group_concat(gift_of) FROM redemptions";
    let given: String = shop
        .database
        .query_row(given, [], |row| row.get(0))
        .expect("what was given");
    assert!(
        given.starts_with("activity:") && !given.contains(','),
        "{given}"
    );
}

#[test]
fn who_has_no_account_is_a_guest() {
    let shop = Shop::new(AUTOMATIC);
    let guest = of(&shop, "o1", None, Some("eve"));
    assert_eq!(shop.takes(&guest), "guest null 20 null");
}

#[test]
fn where_members_are_asked_an_order_makes_nobody_one() {
    let shop = Shop::new("");
    let order = of(&shop, "o1", Some("c-1"), None);
    assert_eq!(shop.takes(&order), "guest null 20 null");
}
