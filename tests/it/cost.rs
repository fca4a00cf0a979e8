//! What a request costs by D1's own count, which is the bill: an order is one read and one batch, and no
//! request reads more because there is more.
//!
//! Counts do not jitter as times do. The edge tells them to servers, in the header `earnest-cost`.

use std::collections::BTreeMap;

use serde_json::json;

use crate::edge::{Answer, at_once};
use crate::shop::{Member, cart, fresh, shop};

/// The rows that booking an order may write: member, entry, order, an entry of store credit, a budget, and what
/// their indexes take.
const ROWS_AN_ORDER: u32 = 8;

/// Those that holding points for rewards may write, and giving them back: the member, and the redemption.
const ROWS_A_HOLD: u32 = 4;

/// Those that spending what is held may write: an entry besides.
const ROWS_A_COMMIT: u32 = 6;

/// Those that holding and spending at once may write.
const ROWS_A_REDEMPTION: u32 = 8;

/// What an order writes more for each redemption that it is paid with: an entry, its source, its day, and that the
/// redemption is spent. So of twenty it writes 88 at most.
const ROWS_A_REDEMPTION_MORE: u32 = 4;

/// Those that a refund may write: it takes back, gives back and is kept.
const ROWS_A_REFUND: u32 = 10;

/// `reads=1 writes=1 rows_read=5 rows_written=6`, by name.
fn cost(answer: &Answer) -> BTreeMap<String, u32> {
    let told = answer.header("earnest-cost");
    let counts: BTreeMap<_, _> = told
        .split(' ')
        .filter_map(|count| count.split_once('='))
        .map(|(name, count)| (name.to_owned(), count.parse().expect("a count")))
        .collect();
    assert_eq!(counts.len(), 4, "{told:?} of {answer}");
    counts
}

fn order(member: &Member) -> Answer {
    let answer = member.order(&fresh("order"), &cart("10.00"));
    answer.expect(201);
    answer
}

#[test]
fn an_order_is_one_read_and_one_batch_of_at_most_eight_rows() {
    let bakery = shop("bakery");
    let member = bakery.enrol();
    let id = fresh("order");
    let booked = member.order(&id, &cart("10.00"));
    let guests = bakery
        .order(&fresh("order"), &json!({}), &cart("10.00"))
        .send();
    for answer in [&booked, &guests] {
        answer.expect(201);
        let cost = cost(answer);
        assert_eq!((cost["reads"], cost["writes"]), (1, 1), "{cost:?}");
        assert!(cost["rows_written"] <= ROWS_AN_ORDER, "{cost:?}");
    }
    // One that gives store credit and takes from a budget, and an activity.
    let gym = shop("gym").enrol();
    let mut paid = cart("10.00");
    paid["payment_method"] = json!("gym-card");
    paid["coupons"] = json!(["OPENING"]);
    let review =
        json!({ "id": fresh("act"), "kind": "review", "customer": { "member_id": gym.id } });
    for answer in [
        gym.order(&fresh("order"), &paid),
        shop("gym").post("/v1/activities", &review).send(),
    ] {
        answer.expect(201);
        let cost = cost(&answer);
        assert_eq!((cost["reads"], cost["writes"]), (1, 1), "{cost:?}");
        assert!(cost["rows_written"] <= ROWS_AN_ORDER, "{cost:?}");
    }
    let again = member.order(&id, &cart("10.00"));
    again.expect(200);
    let again = cost(&again);
    let expected = [("reads", 1), ("writes", 0), ("rows_written", 0)];
    assert_eq!(expected.map(|(name, _)| (name, again[name])), expected);
}

#[test]
fn an_order_at_a_partner_writes_one_row_more_at_most() {
    let member = shop("gym").enrol();
    order(&member);
    let mut at_partner = cart("10.00");
    at_partner["partner"] = json!("sauna");
    let own = cost(&order(&member));
    let answer = member.order(&fresh("order"), &at_partner);
    answer.expect(201);
    let partners = cost(&answer);
    assert_eq!((partners["reads"], partners["writes"]), (1, 1));
    assert!(
        partners["rows_written"] <= own["rows_written"] + 1,
        "{partners:?} {own:?}"
    );
    assert!(partners["rows_written"] <= ROWS_AN_ORDER, "{partners:?}");
}

#[test]
fn redemptions_and_refunds_are_one_read_and_one_batch_of_few_rows() {
    let tavern = shop("tavern");
    let member = tavern.enrol();
    let customer = json!({ "member_id": member.id });
    let check = |answer: &Answer, most: u32| {
        assert!(answer.status < 300, "{answer}");
        let cost = cost(answer);
        assert_eq!((cost["reads"], cost["writes"]), (1, 1), "{cost:?}");
        assert!(cost["rows_written"] <= most, "{cost:?} of {answer}");
    };
    let redeem = |id: &str, reward: &str, commit: bool| {
        let ask = json!({ "id": id, "customer": customer, "rewards": [{ "id": reward }], "commit": commit });
        tavern.post("/v1/redemptions", &ask).send()
    };
    let [nuts, olives, committed, released] = [(); 4].map(|()| fresh("red"));
    for id in [&committed, &released] {
        check(&redeem(id, "change", false), ROWS_A_HOLD);
    }
    check(&redeem(&fresh("red"), "change", true), ROWS_A_REDEMPTION);
    let end = |id: &str, how: &str| {
        let path = format!("/v1/redemptions/{id}/{how}");
        tavern.post(&path, &json!({})).send()
    };
    check(&end(&committed, "commit"), ROWS_A_COMMIT);
    check(&end(&released, "release"), ROWS_A_HOLD);
    check(&redeem(&nuts, "nuts", false), ROWS_A_HOLD);
    check(&redeem(&olives, "olives", false), ROWS_A_HOLD);
    let check_paid = |redemptions: &[&String], most: u32| {
        let id = fresh("order");
        let order = json!({ "id": id, "customer": customer, "cart": cart("10.00"), "redemptions": redemptions });
        check(&tavern.post("/v1/orders", &order).send(), most);
        let refund = json!({ "id": fresh("r"), "order_id": id });
        check(&tavern.post("/v1/refunds", &refund).send(), ROWS_A_REFUND);
    };
    // One entry for each, since each is a booking of its own.
    check_paid(
        &[&nuts, &olives],
        ROWS_AN_ORDER + 2 * ROWS_A_REDEMPTION_MORE,
    );
    let one = fresh("red");
    check(&redeem(&one, "change", false), ROWS_A_HOLD);
    check_paid(&[&one], ROWS_AN_ORDER + ROWS_A_REDEMPTION_MORE);
}

#[test]
fn no_request_reads_more_rows_because_there_is_more() {
    let bakery = shop("bakery");
    let member = bakery.enrol();
    let costs = || {
        let page = member.get("/entries?limit=1");
        [
            order(&member),
            page,
            member.get(""),
            member.get("/snapshot"),
        ]
        .map(|answer| cost(&answer))
    };
    order(&member);
    let before = costs();
    at_once(0..4, |_| (0..8).for_each(|_| drop(order(&bakery.enrol()))));
    (0..30).for_each(|_| drop(order(&member)));
    assert_eq!(costs(), before);
}

#[test]
fn what_is_refused_writes_nothing_by_d1s_count() {
    let member = shop("bakery").enrol();
    let id = fresh("order");
    member.order(&id, &cart("10.00")).expect(201);
    for refused in [
        member.order(&id, &cart("11.00")),
        member.order(&fresh("order"), &cart("-1.00")),
        member.adjust(&fresh("key"), -1000, "too much"),
        shop("bookshop").get(&member.path("")).send(),
    ] {
        assert!(refused.status >= 400, "{refused}");
        assert_eq!(cost(&refused)["rows_written"], 0, "{refused}");
    }
}
