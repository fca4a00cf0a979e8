//! Surprises that meet who reveals their seed, who takes the last of a budget, who sends back and who is merged.

use earnest_core::Timestamp;
use earnest_ledger::store::{members, redemptions, seeds};
use earnest_ledger::{
    Codes, KeptSeed, MergeBooking, NewSeed, OrderBooking, RedemptionEnd, RefundBooking,
    ReturnContent, ReturnLine, Seed, SeedError,
};

use serde_json::Value;

use super::guests::credit;
use super::{Shop, booking, order};

const SEED: [u8; 32] = [3; 32];

/// A market where each order is given this by surprise.
fn market(gives: &str) -> Shop {
    let commitment = Seed::from_random(SEED).commitment();
    let shop = Shop::new(&format!(
        "balances = [{{ id = 'credit', name = 'Credit', currency = 'EUR' }}]\n\
         rewards = [{{ id = 'mug', name = 'A mug', gives = {{ product = 'mug' }}, valid_days = 30 }},\n\
         {{ id = 'five', name = 'Five', gives = {{ store_credit = 5, balance = 'credit' }} }}]\n\
         [[surprises]]\nid = 'extra'\nlabel = 'x'\none_in = 1\ncommitment = '{commitment}'\n{gives}"
    ));
    let seed = Seed::from_random(SEED);
    let kept = seed.store("market", &[], shop.now).expect("a new seed");
    shop.run(&[kept.expect("a statement")]).expect("a seed");
    shop.enrol("ada");
    shop
}

fn reveal(shop: &Shop) {
    let commitment = Seed::from_random(SEED).commitment();
    let end = seeds::store_revealed("market", &commitment, shop.now);
    shop.run(&[end]).expect("the seed is told");
}

/// How many gifts of hers are hers still.
fn kept(shop: &Shop, name: &str) -> Vec<(bool, bool)> {
    let [listed] = shop
        .batch(&[redemptions::load_by_member("market", name, 9)])
        .expect("rows");
    let listed = redemptions::listed(&listed).expect("rows");
    let told = listed
        .iter()
        .map(|it| (it.spent_at.is_some(), it.withdrawn_at.is_some()));
    told.collect()
}

fn credits(shop: &Shop) -> Vec<(String, i64)> {
    let [found] = shop
        .batch(&[members::load_by_id("market", "ada")])
        .expect("rows");
    let member = members::member(&found).expect("a row").expect("a member");
    member.snapshot().expect("a snapshot").credits
}

#[test]
fn a_seed_that_is_told_meanwhile_gives_nothing_any_more() {
    let mut shop = market("gives = { points = 50 }");
    let hers = order(&shop, "o1", "ada");
    let guests = order(&shop, "o2", "bea");
    assert_eq!(shop.book(&booking(&guests)), Ok(true));
    shop.enrol("bea");
    let stale = [
        shop.planned(&booking(&hers))
            .expect("a plan")
            .expect("news"),
        shop.planned(&credit("o2")).expect("a plan").expect("news"),
    ];
    reveal(&shop);
    for stale in &stale {
        let met = shop.run(stale).err().expect("an error");
        assert!(met.is_conflict(), "{met}");
    }
    assert_eq!(shop.book(&booking(&hers)), Ok(true));
    assert_eq!(shop.balance("ada"), 120);
    // It stays told, and the first instant at which it was.
    shop.now = Timestamp::from_millis(shop.now.as_millis() + 1);
    let commitment = Seed::from_random(SEED).commitment();
    let again = seeds::store_revealed("market", &commitment, shop.now);
    assert!(shop.run(&[again]).err().expect("an error").is_conflict());
}

#[test]
fn of_two_who_would_take_the_last_of_a_budget_one_is_given_it() {
    let shop = market("gives = { points = 50 }\nbudget = 60");
    shop.enrol("bea");
    let (adas, beas) = (order(&shop, "o1", "ada"), order(&shop, "o2", "bea"));
    let stale = shop
        .planned(&booking(&adas))
        .expect("a plan")
        .expect("news");
    assert_eq!(shop.book(&booking(&beas)), Ok(true));
    let met = shop.run(&stale).err().expect("an error");
    assert!(met.is_conflict(), "{met}");
    assert_eq!(shop.book(&booking(&adas)), Ok(true));
    assert_eq!((shop.balance("ada"), shop.balance("bea")), (120, 170));
}

#[test]
fn money_that_was_given_goes_back_with_its_order_and_nobody_elses() {
    let shop = market("gives = { reward = 'five' }");
    for id in ["o1", "o2"] {
        assert_eq!(shop.book(&booking(&order(&shop, id, "ada"))), Ok(true));
    }
    assert_eq!(credits(&shop), [("credit".to_owned(), 1_000)]);
    let half = ReturnContent {
        order_id: "o1".to_owned(),
        lines: Some(vec![ReturnLine {
            id: "l1".to_owned(),
            quantity: 1,
            amount: None,
        }]),
    };
    let rest = ReturnContent {
        lines: None,
        ..half.clone()
    };
    for (refund_id, content, left) in [("r1", &half, 750), ("r2", &rest, 500)] {
        let refund = RefundBooking {
            shop: "market",
            refund_id,
            content,
        };
        assert_eq!(shop.book(&refund), Ok(true));
        assert_eq!(credits(&shop), [("credit".to_owned(), left)]);
    }
    assert_eq!(shop.balance("ada"), 120);
}

#[test]
fn a_gift_of_who_was_merged_is_used_by_who_she_is_now() {
    let shop = market("gives = { reward = 'mug' }");
    shop.enrol("bea");
    assert_eq!(shop.book(&booking(&order(&shop, "o1", "ada"))), Ok(true));
    let merge = MergeBooking::new("market", "ada", "bea");
    assert_eq!(shop.book(&merge), Ok(true));
    assert_eq!(shop.book(&merge.arrival()), Ok(true));
    assert_eq!(kept(&shop, "bea"), [(false, false)]);
    let [listed] = shop
        .batch(&[redemptions::load_by_member("market", "bea", 9)])
        .expect("rows");
    let gift = redemptions::listed(&listed).expect("rows").remove(0);
    let mut next = order(&shop, "o2", "bea");
    next.redemptions = vec![gift.redemption_id.clone()];
    let paid = OrderBooking {
        codes: Codes::from_random([8; 32]),
        ..booking(&next)
    };
    let stale = shop.planned(&paid).expect("a plan").expect("news");
    let end = RedemptionEnd {
        shop: "market",
        redemption_id: &gift.redemption_id,
        ending: earnest_ledger::Ending::Commit,
    };
    assert_eq!(shop.book(&end), Ok(true));
    let met = shop.run(&stale).err().expect("an error");
    assert!(met.is_conflict(), "{met}");
    assert!(shop.book(&paid).is_err(), "it was used");
    assert_eq!(kept(&shop, "bea"), [(true, false)]);
}

#[test]
fn an_order_that_came_back_before_it_came_keeps_no_reward() {
    let shop = market("gives = { reward = 'mug' }");
    let all = ReturnContent {
        order_id: "o1".to_owned(),
        lines: None,
    };
    let refund = RefundBooking {
        shop: "market",
        refund_id: "r1",
        content: &all,
    };
    assert_eq!(shop.book(&refund), Ok(true));
    assert_eq!(shop.book(&booking(&order(&shop, "o1", "ada"))), Ok(true));
    assert_eq!(kept(&shop, "ada"), [(false, true)]);
    assert_eq!(shop.balance("ada"), 100);
}

#[test]
fn the_release_of_a_gift_tells_whether_it_is_hers() {
    let mut shop = market("gives = { reward = 'mug' }");
    assert_eq!(shop.book(&booking(&order(&shop, "o1", "ada"))), Ok(true));
    let released = |shop: &Shop| {
        let read = redemptions::load_by_member("market", "ada", 9);
        let [listed] = shop.batch(&[read]).expect("rows");
        let gift = redemptions::listed(&listed).expect("rows").remove(0);
        let release = RedemptionEnd {
            shop: "market",
            redemption_id: &gift.redemption_id,
            ending: earnest_ledger::Ending::Release,
        };
        let written = shop.written(&release).expect("an answer");
        shop.run(&written.statements).expect("it is written");
        let told: Value = serde_json::from_str(&written.answer).expect("JSON");
        told["status"].clone()
    };
    assert_eq!(released(&shop), "given");
    let now = shop.now;
    shop.now = Timestamp::from_millis(now.as_millis() + 31 * 86_400_000);
    assert_eq!(released(&shop), "over");
    shop.now = now;
    let all = ReturnContent {
        order_id: "o1".to_owned(),
        lines: None,
    };
    let refund = RefundBooking {
        shop: "market",
        refund_id: "r1",
        content: &all,
    };
    assert_eq!(shop.book(&refund), Ok(true));
    assert_eq!(released(&shop), "over");
}

#[test]
fn a_request_for_a_seed_that_comes_again_under_its_key_gets_the_same() {
    let shop = market("gives = { points = 5 }");
    let ask = |byte: u8, is_own: bool, key: &str| NewSeed {
        seed: Seed::from_random([byte; 32]),
        is_own,
        key: Some(key.to_owned()),
    };
    let keep = |new: &NewSeed| {
        let rows = shop.batch(&new.reads("market")).expect("rows");
        let kept = new.keep("market", &rows, shop.now).expect("rows");
        kept.map(|kept| match kept {
            KeptSeed::Known(row) => row.commitment,
            KeptSeed::New(store) => {
                shop.run(&[store]).expect("a new seed");
                new.seed.commitment()
            }
        })
    };
    let first = keep(&ask(5, false, "spring"));
    assert_eq!(first, Ok(Seed::from_random([5; 32]).commitment()));
    // Its answer was lost. Another one was drawn, and is not kept.
    assert_eq!(keep(&ask(6, false, "spring")), first);
    assert_ne!(keep(&ask(6, false, "summer")), first);
    // The shop's own seed is not another one.
    assert_eq!(keep(&ask(5, true, "spring")), first);
    let reused = Err(SeedError::KeyReused);
    assert_eq!(keep(&ask(7, true, "spring")), reused);
    // Two at once: one is first.
    let store = |byte| {
        let new = ask(byte, false, "autumn");
        let rows = shop.batch(&new.reads("market")).expect("rows");
        match new.keep("market", &rows, shop.now).expect("rows") {
            Ok(KeptSeed::New(store)) => store,
            other => panic!("{other:?}"),
        }
    };
    let (one, other) = (store(8), store(9));
    shop.run(&[one]).expect("the first");
    let met = shop.run(&[other]).map(drop).expect_err("it was first");
    assert!(met.is_conflict(), "{met}");
}

#[test]
fn a_gift_that_was_used_before_its_order_came_back_is_told() {
    let shop = market("gives = { reward = 'mug' }");
    assert_eq!(shop.book(&booking(&order(&shop, "o1", "ada"))), Ok(true));
    let read = redemptions::load_by_member("market", "ada", 9);
    let [listed] = shop.batch(&[read]).expect("rows");
    let gift = redemptions::listed(&listed).expect("rows").remove(0);
    let end = RedemptionEnd {
        shop: "market",
        redemption_id: &gift.redemption_id,
        ending: earnest_ledger::Ending::Commit,
    };
    assert_eq!(shop.book(&end), Ok(true));
    let back = |quantity: Option<u32>, refund_id: &str| {
        let line = |quantity| ReturnLine {
            id: "l1".to_owned(),
            quantity,
            amount: None,
        };
        let content = ReturnContent {
            order_id: "o1".to_owned(),
            lines: quantity.map(|quantity| vec![line(quantity)]),
        };
        let refund = RefundBooking {
            shop: "market",
            refund_id,
            content: &content,
        };
        let written = shop.written(&refund).expect("a refund");
        shop.run(&written.statements).expect("a new refund");
        serde_json::from_str::<Value>(&written.answer).expect("JSON")
    };
    // A part takes no reward back.
    assert_eq!(back(Some(1), "r1")["used_gifts"], Value::Null);
    let told = back(None, "r2");
    let used = &told["used_gifts"][0];
    assert_eq!(used["redemption_id"], gift.redemption_id.as_str());
    assert_eq!(
        (&used["reward"], &used["points"]),
        (&"mug".into(), &Value::Null)
    );
    assert_eq!(kept(&shop, "ada"), [(true, false)]);
}
