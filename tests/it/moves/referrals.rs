//! Friends who are brought: both are given what is theirs, once, and a limit holds whoever meets whom.

use earnest_core::reward::RewardCode;
use earnest_ledger::store::{gifts_sent, members, referrals};
use earnest_ledger::{
    Enrolment, GiftArrival, GuestBooking, MergeBooking, Order, ReferralBooking, RefundBooking,
    ReturnContent, Signs, advocate_gift_of_joining, advocate_gift_of_order,
    advocate_gift_taken_back, sent_by_order,
};
use serde_json::{Value, json};

use super::{Shop, booking, codes, email_hash, order};

/// 50 points for who brought her, and 20 for the friend, for her first order from 10.00 on; two friends at most.
const CLUB: &str = "[referral]\nadvocate = { points = 50 }\nfriend = { points = 20 }\n\
    minimum_order = { EUR = 10 }\nlimits = { per_advocate = 2 }\n";

/// 50 points and 20 for joining.
const ON_JOINING: &str = "[referral]\nadvocate = { points = 50, on = 'joining' }\n\
    friend = { points = 20, on = 'joining' }\n";

fn code_of(name: &str) -> RewardCode {
    let mut bytes = [0; 10];
    for (byte, letter) in bytes.iter_mut().zip(name.bytes()) {
        *byte = letter;
    }
    RewardCode::from_random(bytes)
}

/// By what somebody of this name may turn out to be somebody else.
fn card(name: &str) -> Signs {
    Signs::new(None, Some(&email_hash(name)), None)
}

impl Shop {
    /// With Ada, who has a code for her friends and pays with a card.
    fn with_ada(more: &str) -> Self {
        let shop = Self::new(more);
        shop.join("ada", None, card("visa"));
        shop.asks_for_code("ada");
        shop
    }

    fn asks_for_code(&self, name: &str) {
        let code = members::store_referral_code("market", name, self.revision(name), code_of(name));
        self.run(&[code]).expect("a code");
    }

    fn revision(&self, name: &str) -> u64 {
        let [found] = self
            .batch(&[members::load_by_id("market", name)])
            .expect("rows");
        let member = members::member(&found).expect("a row").expect("a member");
        member.revision
    }

    fn join(&self, name: &str, by: Option<&str>, signs: Signs) {
        let enrolment = Enrolment {
            email_hash: email_hash(name),
            customer_id: None,
            marketing: false,
            signs,
            referral_code: by.map(code_of),
        };
        self.enrol_as(name, &enrolment);
    }

    /// Somebody joins by the code of another, and her joining is decided.
    fn refer(&self, name: &str, by: &str) -> Value {
        self.join(name, Some(by), Signs::default());
        self.decide(name);
        self.told(name)["joined"].clone()
    }

    fn decide(&self, name: &str) -> bool {
        let booking = ReferralBooking {
            shop: "market",
            friend_id: name,
            codes: codes(),
        };
        self.book(&booking).expect("a friend")
    }

    fn buys(&self, id: &str, name: &str) -> Value {
        let order = order(self, id, name);
        self.place(&order)
    }

    /// Places an order; what the answer says of a referral.
    fn place(&self, order: &Order) -> Value {
        let written = self.written(&booking(order)).expect("an order");
        self.run(&written.statements).expect("a new order");
        let answer: Value = serde_json::from_str(&written.answer).expect("an answer");
        let sent = sent_by_order(&written.answer);
        assert_eq!(
            sent.is_some(),
            answer["referral"]["advocate"].is_object(),
            "{answer}"
        );
        answer["referral"].clone()
    }

    /// Gives what is on its way, as the cron does; how much that was.
    pub(super) fn give(&self) -> usize {
        let later = earnest_core::Timestamp::from_millis(self.now.as_millis() + 60_000);
        let [found] = self
            .batch(&[gifts_sent::load_due(later, 10)])
            .expect("rows");
        let due = gifts_sent::due(&found).expect("what is due");
        for it in &due {
            self.arrive(&it.gift_id);
        }
        due.len()
    }

    fn arrive(&self, gift_id: &str) -> bool {
        let arrival = GiftArrival {
            shop: "market",
            gift_id,
            codes: codes(),
        };
        self.book(&arrival).expect("a gift")
    }

    /// What became of a friend.
    fn told(&self, name: &str) -> Value {
        let [found] = self
            .batch(&[referrals::load_friend("market", name)])
            .expect("rows");
        let friends = referrals::friends(&found).expect("rows");
        let friend = friends.first().expect("a friend");
        let read = |json: &Option<String>| {
            let json = json.as_deref().unwrap_or("null");
            serde_json::from_str::<Value>(json).expect("JSON")
        };
        json!({
            "joined": read(&friend.joined), "ordered": read(&friend.ordered),
            "order": friend.order_id, "back": friend.taken_back_at.is_some(),
            "by": friend.advocate_id,
        })
    }

    fn returns(&self, order_id: &str) {
        let content = ReturnContent {
            order_id: order_id.to_owned(),
            lines: None,
        };
        let refund = RefundBooking {
            shop: "market",
            refund_id: &format!("back-{order_id}"),
            content: &content,
        };
        assert!(self.book(&refund).expect("a refund"));
    }

    /// Books a refund; its answer.
    fn sends_back(&self, refund_id: &str, content: &ReturnContent) -> Value {
        let refund = RefundBooking {
            shop: "market",
            refund_id,
            content,
        };
        let written = self.written(&refund).expect("a refund");
        self.run(&written.statements).expect("a new refund");
        serde_json::from_str(&written.answer).expect("an answer")
    }

    fn merge(&self, name: &str, into: &str) {
        let merge = MergeBooking::new("market", name, into);
        assert!(self.book(&merge).expect("a merge"));
        assert_eq!(self.bring(), 1);
    }
}

/// A refund of a line: so many units, or so much money.
fn part(order_id: &str, quantity: u32, amount: Option<&str>) -> ReturnContent {
    let line = json!({ "id": "l1", "quantity": quantity, "amount": amount });
    let content = json!({ "order_id": order_id, "lines": [line] });
    serde_json::from_value(content).expect("a refund")
}

fn gave(advocate: i64, friend: i64) -> Value {
    json!({ "advocate": { "points": advocate }, "friend": { "points": friend } })
}

#[test]
fn a_first_order_gives_to_the_friend_at_once_and_to_who_brought_her_when_it_arrives() {
    let shop = Shop::with_ada(CLUB);
    let joined = shop.refer("bea", "ada");
    assert_eq!(
        joined,
        json!({ "refused": "referral_nothing_for_this_step" })
    );
    assert_eq!(shop.buys("o1", "bea"), gave(50, 20));
    assert_eq!((shop.balance("ada"), shop.balance("bea")), (100, 140));
    assert_eq!(shop.give(), 1);
    assert_eq!((shop.balance("ada"), shop.balance("bea")), (150, 140));
    // Once, however often it is told.
    assert!(!shop.arrive(&advocate_gift_of_order("bea")));
    assert!(!shop.decide("bea"));
    assert_eq!(shop.buys("o2", "bea"), Value::Null);
    assert_eq!((shop.give(), shop.balance("ada")), (0, 150));
}

#[test]
fn joining_gives_to_both() {
    let shop = Shop::with_ada(ON_JOINING);
    assert_eq!(shop.refer("bea", "ada"), gave(50, 20));
    assert_eq!(shop.balance("bea"), 120);
    assert!(shop.arrive(&advocate_gift_of_joining("bea")));
    assert_eq!(shop.balance("ada"), 150);
    let refused = json!({ "refused": "referral_nothing_for_this_step" });
    assert_eq!(shop.buys("o1", "bea"), refused);
}

#[test]
fn who_refers_herself_gets_nothing() {
    let shop = Shop::with_ada(CLUB);
    shop.join("eve", Some("ada"), card("visa"));
    shop.decide("eve");
    let refused = json!({ "refused": "referral_same_payment" });
    assert_eq!(shop.told("eve")["joined"], refused);
    assert_eq!(shop.buys("o1", "eve"), refused);
    // The card is known from an order, too; and what the order tells is kept.
    shop.refer("mia", "ada");
    let paid = Order {
        signs: card("visa"),
        ..order(&shop, "o2", "mia")
    };
    assert_eq!(shop.place(&paid), refused);
    shop.asks_for_code("mia");
    shop.join("zoe", Some("mia"), card("visa"));
    assert_eq!(shop.buys("o3", "zoe"), refused);
    assert_eq!(shop.give(), 0);
}

#[test]
fn a_limit_holds_for_friends_who_order_at_once() {
    let shop = Shop::with_ada(CLUB);
    let friends = ["bea", "cleo", "dora"];
    for friend in friends {
        shop.refer(friend, "ada");
    }
    let orders = friends.map(|friend| order(&shop, friend, friend));
    let plans = orders.each_ref().map(|order| {
        let planned = shop.planned(&booking(order)).expect("a plan");
        planned.expect("it is new")
    });
    // All were decided when nobody had been rewarded. One is first; the others read again.
    shop.run(&plans[0]).expect("the first");
    for plan in &plans[1..] {
        let met = shop
            .run(plan)
            .map(drop)
            .expect_err("it counts as the first too");
        assert!(met.is_conflict(), "{met}");
    }
    assert_eq!(shop.place(&orders[1]), gave(50, 20));
    let refused = json!({ "refused": "referral_limit_reached" });
    assert_eq!(shop.place(&orders[2]), refused);
    assert_eq!((shop.give(), shop.balance("ada")), (2, 200));
}

#[test]
fn a_first_order_that_comes_back_whole_takes_from_both_and_after_what_it_gave() {
    let shop = Shop::with_ada(CLUB);
    shop.refer("bea", "ada");
    shop.buys("o1", "bea");
    shop.returns("o1");
    assert_eq!(shop.balance("bea"), 100);
    // What goes back waits for what was given.
    let back = advocate_gift_taken_back("bea");
    let early = GiftArrival {
        shop: "market",
        gift_id: &back,
        codes: codes(),
    };
    let met = shop.book(&early).expect_err("it is still on its way");
    assert!(met.is_conflict(), "{met}");
    assert_eq!(shop.give(), 2);
    assert_eq!(shop.balance("ada"), 100);
    let told = shop.told("bea");
    assert_eq!(
        (&told["order"], &told["back"]),
        (&json!("o1"), &json!(true))
    );
    // Nor does the next order give again.
    assert_eq!(shop.buys("o2", "bea"), Value::Null);
}

#[test]
fn what_a_friend_was_given_before_she_was_another_goes_back_with_her_order() {
    let shop = Shop::with_ada(
        "[referral]\nadvocate = { points = 50 }\nfriend = { reward = 'mug' }\n\
         [[rewards]]\nid = 'mug'\nname = 'A mug'\npoints = 10\ngives = { product = 'mug' }\n",
    );
    shop.enrol("bee");
    shop.refer("bea", "ada");
    shop.buys("o1", "bea");
    shop.merge("bea", "bee");
    shop.returns("o1");
    let count = "SELECT count(*) FROM redemptions WHERE withdrawn_at IS NOT NULL";
    let withdrawn: i64 = shop
        .database
        .query_row(count, [], |row| row.get(0))
        .expect("a count");
    assert_eq!(withdrawn, 1);
    // What goes back waits for what was given, whoever the friend is now.
    let back = GiftArrival {
        shop: "market",
        gift_id: &advocate_gift_taken_back("bea"),
        codes: codes(),
    };
    let met = shop.book(&back).expect_err("it is still on its way");
    assert!(met.is_conflict(), "{met}");
    assert_eq!((shop.give(), shop.balance("ada")), (2, 100));
}

#[test]
fn of_money_only_what_was_given_goes_back() {
    let club = "[[balances]]\nid = 'credit'\nname = 'Credit'\ncurrency = 'EUR'\n\
        [[rewards]]\nid = 'coin'\nname = 'A coin'\npoints = 10\nstock = 3\n\
        gives = { store_credit = 5, balance = 'credit' }\n\
        [referral]\nadvocate = { reward = 'coin' }\nfriend = { reward = 'coin' }\n";
    let mut shop = Shop::with_ada(club);
    for friend in ["bea", "cleo"] {
        shop.refer(friend, "ada");
        shop.buys(friend, friend);
        shop.give();
    }
    let money = |shop: &Shop| {
        let sum = "SELECT coalesce(sum(minor), 0) FROM credit_entries WHERE member_id = ?1";
        ["ada", "bea", "cleo"].map(|name| {
            let sum = shop.database.query_row(sum, [name], |row| row.get(0));
            sum.unwrap_or_else(|error| panic!("{error}"))
        })
    };
    // There was none left of it for Ada when she brought Cleo.
    assert_eq!(money(&shop), [500_i64, 500, 500]);
    // A coin is worth less by now, which says nothing of those that were given.
    let cheaper = club.replace("store_credit = 5", "store_credit = 4");
    shop.program = Shop::new(&cheaper).program;
    shop.returns("cleo");
    assert_eq!((shop.give(), money(&shop)), (1, [500, 500, 0]));
    shop.returns("bea");
    assert_eq!((shop.give(), money(&shop)), (1, [0, 0, 0]));
}

#[test]
fn a_part_that_comes_back_leaves_what_was_given() {
    let shop = Shop::with_ada(CLUB);
    shop.refer("bea", "ada");
    shop.buys("o1", "bea");
    let lines = json!({ "order_id": "o1", "lines": [{ "id": "l1", "quantity": 1 }] });
    let content: ReturnContent = serde_json::from_value(lines).expect("a refund");
    let refund = RefundBooking {
        shop: "market",
        refund_id: "r1",
        content: &content,
    };
    assert!(shop.book(&refund).expect("a refund"));
    assert_eq!((shop.give(), shop.balance("ada")), (1, 150));
    assert_eq!(shop.balance("bea"), 100 + 10 + 20);
    // The rest comes back: now it is all of it.
    shop.returns("o1");
    assert_eq!((shop.give(), shop.balance("ada")), (1, 100));
    assert_eq!(shop.balance("bea"), 100);
}

#[test]
fn what_is_given_follows_both_to_who_they_are_now() {
    let shop = Shop::with_ada(CLUB);
    shop.enrol("ann");
    shop.enrol("bee");
    shop.refer("bea", "ada");
    shop.merge("bea", "bee");
    shop.merge("ada", "ann");
    assert_eq!(shop.buys("o1", "bea"), gave(50, 20));
    assert_eq!(shop.give(), 1);
    assert_eq!((shop.balance("ann"), shop.balance("bee")), (250, 240));
    // Her code leads to who she is now, and so does her limit.
    for (friend, verdict) in [
        ("cleo", gave(50, 20)),
        ("dora", json!({ "refused": "referral_limit_reached" })),
    ] {
        shop.refer(friend, "ada");
        assert_eq!(shop.told(friend)["by"], "ann");
        assert_eq!(shop.buys(friend, friend), verdict);
    }
}

#[test]
fn whom_an_advocate_brought_before_she_was_another_is_counted_once() {
    let shop = Shop::with_ada(
        "[referral]\nadvocate = { points = 50, on = 'joining' }\nfriend = { points = 20 }\n\
         limits = { per_advocate = 4 }\n",
    );
    shop.enrol("ann");
    shop.asks_for_code("ann");
    for (friend, by) in [("bea", "ada"), ("cleo", "ann"), ("dora", "ada")] {
        let joined = json!({ "advocate": { "points": 50 } });
        assert_eq!(shop.refer(friend, by), joined);
    }
    shop.merge("ada", "ann");
    let joined = json!({ "friend": { "points": 20 } });
    for friend in ["dora", "bea", "cleo"] {
        assert_eq!(shop.buys(friend, friend), joined);
    }
    // She has been given something for three.
    let refused = json!({ "refused": "referral_limit_reached" });
    assert_eq!(shop.refer("emma", "ann")["refused"], Value::Null);
    assert_eq!(shop.refer("fay", "ann"), refused);
}

#[test]
fn who_turns_out_to_be_her_own_friend_gets_nothing() {
    let shop = Shop::with_ada(CLUB);
    shop.refer("bea", "ada");
    shop.merge("bea", "ada");
    let refused = json!({ "refused": "referral_same_customer" });
    assert_eq!(shop.buys("o1", "bea"), refused);
}

#[test]
fn who_was_a_customer_before_is_decided_also_where_an_order_of_hers_was_first() {
    let mut shop = Shop::with_ada("");
    shop.place(&order(&shop, "o1", "cleo"));
    shop.now = earnest_core::Timestamp::from_millis(shop.now.as_millis() + 2 * 86_400_000);
    shop.join("cleo", Some("ada"), Signs::default());
    let refused = json!({ "refused": "no_referrals" });
    assert_eq!(shop.buys("o2", "cleo"), refused);
    shop.program = Shop::new(CLUB).program;
    assert!(shop.decide("cleo"));
    let told = shop.told("cleo");
    let known = json!({ "refused": "referral_friend_known" });
    assert_eq!((&told["joined"], &told["ordered"]), (&known, &refused));
}

#[test]
fn an_order_as_a_guest_is_her_first_where_she_joins_with_it_and_makes_her_known_where_it_is_old() {
    let mut shop = Shop::with_ada(CLUB);
    let day = 86_400_000;
    for (friend, days, verdict) in [
        ("bea", 0, gave(50, 20)),
        ("cleo", 2, json!({ "refused": "referral_friend_known" })),
    ] {
        let ordered_at = shop.now;
        let guest = order(&shop, friend, friend);
        assert_eq!(shop.place(&guest), Value::Null);
        shop.now = earnest_core::Timestamp::from_millis(ordered_at.as_millis() + days * day + 1);
        shop.refer(friend, "ada");
        let credit = GuestBooking {
            shop: "market",
            member_id: friend,
            order_id: friend,
            codes: codes(),
        };
        assert!(shop.book(&credit).expect("a credit"));
        assert_eq!(shop.told(friend)["ordered"], verdict, "{friend}");
    }
    assert_eq!((shop.give(), shop.balance("ada")), (1, 150));
}

#[test]
fn a_first_order_that_is_paid_back_whole_takes_from_both() {
    let shop = Shop::with_ada(CLUB);
    shop.refer("bea", "ada");
    shop.buys("o1", "bea");
    shop.sends_back("r1", &part("o1", 0, Some("20.00")));
    assert_eq!((shop.give(), shop.balance("ada")), (2, 100));
    assert_eq!(shop.balance("bea"), 100);
}

#[test]
fn a_part_that_leaves_too_little_takes_back_what_was_given_where_bonuses_hang_on_thresholds() {
    let club = CLUB.replace("{ EUR = 10 }", "{ EUR = 11 }");
    let threshold = "refunds = { bonuses = 'threshold' }\n";
    // One of two comes back: 10.00 is left.
    for (rules, is_taken) in [
        (club.clone(), false),
        (format!("{threshold}{club}"), true),
        (format!("{threshold}{CLUB}"), false),
    ] {
        let shop = Shop::with_ada(&rules);
        shop.refer("bea", "ada");
        assert_eq!(shop.buys("o1", "bea"), gave(50, 20));
        let told = shop.sends_back("r1", &part("o1", 1, None));
        assert_eq!(told["referral"].is_object(), is_taken, "{rules}");
        shop.give();
        let balances = [shop.balance("ada"), shop.balance("bea")];
        let expected = if is_taken { [100, 110] } else { [150, 130] };
        assert_eq!(balances, expected, "{rules}");
        // The rest comes back, and nothing is taken twice.
        shop.returns("o1");
        shop.give();
        let balances = [shop.balance("ada"), shop.balance("bea")];
        assert_eq!(balances, [100, 100], "{rules}");
        // The other way round it is the same: what came back before the order is not counted for her either.
        let shop = Shop::with_ada(&rules);
        shop.refer("bea", "ada");
        shop.sends_back("r1", &part("o1", 1, None));
        let refused = json!({ "refused": "order_below_minimum" });
        let verdict = if is_taken { refused } else { gave(50, 20) };
        assert_eq!(shop.buys("o1", "bea"), verdict, "{rules}");
    }
}

#[test]
fn what_a_guest_paid_with_is_a_sign_when_she_joins() {
    for (club, step) in [(CLUB, "ordered"), (ON_JOINING, "joined")] {
        let shop = Shop::with_ada(club);
        let paid = Order {
            signs: card("visa"),
            ..order(&shop, "o1", "mia")
        };
        assert_eq!(shop.place(&paid), Value::Null);
        shop.refer("mia", "ada");
        let refused = json!({ "refused": "referral_same_payment" });
        assert_eq!(shop.told("mia")["joined"], refused);
        let credit = GuestBooking {
            shop: "market",
            member_id: "mia",
            order_id: "o1",
            codes: codes(),
        };
        assert!(shop.book(&credit).expect("a credit"));
        assert_eq!(shop.told("mia")[step], refused);
        assert_eq!((shop.give(), shop.balance("mia")), (0, 120));
        // It is hers from then on, and tells who brings herself next.
        shop.asks_for_code("mia");
        shop.join("zoe", Some("mia"), card("visa"));
        shop.decide("zoe");
        assert_eq!(shop.told("zoe")["joined"], refused);
    }
}

#[test]
fn friends_of_who_was_merged_are_told_with_hers() {
    let mut shop = Shop::with_ada(CLUB);
    shop.enrol("ann");
    shop.asks_for_code("ann");
    for (friend, by) in [
        ("bea", "ada"),
        ("cleo", "ann"),
        ("dora", "ada"),
        ("emma", "ann"),
    ] {
        shop.now = earnest_core::Timestamp::from_millis(shop.now.as_millis() + 1);
        shop.refer(friend, by);
    }
    shop.merge("ada", "ann");
    let page = |before: Option<(i64, &str)>, limit| {
        let read = referrals::load_page("market", "ann", before, limit);
        let [found] = shop.batch(&[read]).expect("rows");
        let friends = referrals::friends(&found).expect("rows").into_iter();
        let friends = friends.map(|it| (it.referred_at, it.friend_id));
        friends.collect::<Vec<_>>()
    };
    let names = |page: &[(i64, String)]| page.iter().map(|it| it.1.clone()).collect::<Vec<_>>();
    assert_eq!(names(&page(None, 9)), ["emma", "dora", "cleo", "bea"]);
    let first = page(None, 2);
    assert_eq!(names(&first), ["emma", "dora"]);
    let last = (first[1].0, first[1].1.as_str());
    assert_eq!(names(&page(Some(last), 2)), ["cleo", "bea"]);
}

#[test]
fn a_limit_holds_for_who_is_merged_while_a_friend_of_hers_is_decided() {
    // Of the two, one friend each was rewarded, and two is the limit. Whoever's friend was decided before the merge
    // and is stored after it, was decided for somebody who had fewer.
    for late in ["dora", "emma"] {
        let shop = Shop::with_ada(CLUB);
        shop.enrol("ann");
        shop.asks_for_code("ann");
        for (friend, by) in [
            ("bea", "ada"),
            ("cleo", "ann"),
            ("dora", "ada"),
            ("emma", "ann"),
        ] {
            shop.refer(friend, by);
        }
        shop.buys("o1", "bea");
        shop.buys("o2", "cleo");
        let order = order(&shop, "o3", late);
        let stale = shop
            .planned(&booking(&order))
            .expect("a plan")
            .expect("news");
        shop.merge("ada", "ann");
        let met = shop.run(&stale).map(drop).expect_err("she is another one");
        assert!(met.is_conflict(), "{met}");
        let refused = json!({ "refused": "referral_limit_reached" });
        assert_eq!(shop.place(&order), refused, "{late}");
    }
}
