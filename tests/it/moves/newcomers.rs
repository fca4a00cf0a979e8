//! Where who has an account is a member: the first order that names a customer makes her one, and is hers.

use earnest_ledger::store::members;
use earnest_ledger::store::members::Traces;
use earnest_ledger::{Booking, Customer, Enrolment, Found, Newcomer, Order, Signs};

use super::{Shop, booking, codes, email_hash, order};

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

impl Shop {
    /// What the edge does with an order: who has to join does, as `new_id`; then it is booked. Its answer.
    fn takes(&self, order: &Order, new_id: &str) -> String {
        if let Some(newcomer) = Newcomer::of("market", order, &self.program) {
            let rows = self.batch(&newcomer.reads()).expect("rows");
            let joining = newcomer.join(&rows, new_id, &self.program, &codes(), self.now);
            let joining = joining.expect("she may join");
            self.run(&joining).expect("she joins");
        }
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
        format!("{} {} {} {}", told[0], told[1], told[2], told[3]).replace('"', "")
    }
}

#[test]
fn the_first_order_of_a_customer_makes_her_a_member_and_is_booked_as_hers() {
    let shop = Shop::new(AUTOMATIC);
    let first = of(&shop, "o1", Some("c-1"), Some("ada"));
    assert_eq!(shop.takes(&first, "mem_1"), "booked mem_1 20 120");
    // Delivered again it is the same; the next ones are hers, by her id or by her e-mail.
    assert_eq!(shop.takes(&first, "mem_2"), "booked mem_1 20 120");
    let second = of(&shop, "o2", Some("c-1"), None);
    assert_eq!(shop.takes(&second, "mem_2"), "booked mem_1 20 140");
    let third = of(&shop, "o3", None, Some("ada"));
    assert_eq!(shop.takes(&third, "mem_2"), "booked mem_1 20 160");
    assert_eq!(shop.balance("mem_1"), 160);
}

#[test]
fn nobody_agrees_to_anything_for_her_and_what_she_ticks_later_is_kept_from_then_on() {
    let shop = Shop::new(AUTOMATIC);
    shop.takes(&of(&shop, "o1", Some("c-1"), Some("ada")), "mem_1");
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
    let link = link.expect("a link").expect("she had not agreed");
    shop.run(&[link]).expect("it is kept");
    assert_eq!(agreed(&shop), (Some(shop.now.as_millis()), None));
    // It is kept once.
    let rows = shop.batch(&joins.reads("market")).expect("rows");
    let member = joins.written(&rows).expect("it is kept");
    let link = joins.link("market", &member, shop.now);
    assert!(link.expect("a link").is_none());
}

#[test]
fn a_customer_whose_e_mail_nobody_knows_joins_by_her_id_alone() {
    let shop = Shop::new(AUTOMATIC);
    let till = of(&shop, "o1", Some("c-9"), None);
    assert_eq!(shop.takes(&till, "mem_9"), "booked mem_9 20 120");
}

#[test]
fn who_is_a_member_by_her_e_mail_is_no_second_one() {
    let shop = Shop::new(AUTOMATIC);
    shop.enrol("ada");
    let hers = of(&shop, "o1", Some("c-1"), Some("ada"));
    assert_eq!(shop.takes(&hers, "mem_2"), "booked ada 20 120");
}

#[test]
fn who_has_no_account_is_a_guest() {
    let shop = Shop::new(AUTOMATIC);
    let guest = of(&shop, "o1", None, Some("eve"));
    assert_eq!(shop.takes(&guest, "mem_1"), "guest null 20 null");
}

#[test]
fn where_members_are_asked_an_order_makes_nobody_one() {
    let shop = Shop::new("");
    let order = of(&shop, "o1", Some("c-1"), None);
    assert_eq!(shop.takes(&order, "mem_1"), "guest null 20 null");
}
