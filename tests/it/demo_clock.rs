//! The clock of a demo: a request says what time it is, and time passes as fast as a developer asks.
//!
//! That nobody else's clock can be moved is tested where it is read, in the Worker's `call.rs`.

use serde_json::json;

use crate::edge::Request;
use crate::settling::next_turn;
use crate::shop::{Member, cart, fresh, fresh_email, points, shop};

/// Long before anybody else of the orchard did anything.
const JOINED: &str = "2011-01-01T12:00:00Z";
const BOUGHT: &str = "2011-01-02T12:00:00Z";
/// The orchard's points have matured, and are not over yet.
const MATURED: &str = "2011-03-02T12:00:00Z";

fn joined() -> Member {
    let body = json!({ "email": fresh_email(), "consent": { "terms": true } });
    let told = shop("orchard").post("/v1/members", &body).at(JOINED).send();
    let told = told.expect(201);
    assert_eq!(told["enrolled_at"], "2011-01-01T12:00:00.000Z");
    shop("orchard").member(told["id"].as_str().expect("an id"))
}

fn bought(member: &Member) {
    let order = member
        .order_request(&fresh("order"), &cart("20.00"))
        .at(BOUGHT);
    let told = order.send().expect(201);
    assert_eq!(told["booked_at"], "2011-01-02T12:00:00.000Z");
}

fn free_and_pending(member: &Member, at: &str) -> [i64; 2] {
    let document = member.clone().at(at).document();
    ["available_points", "pending_points"].map(|name| points(&document[name]))
}

#[test]
fn a_member_is_read_and_served_as_of_the_instant_that_a_request_says() {
    let _turn = next_turn();
    let member = joined();
    bought(&member);
    assert_eq!(free_and_pending(&member, BOUGHT), [0, 20]);
    assert_eq!(free_and_pending(&member, MATURED), [20, 0]);
    assert_eq!(
        free_and_pending(&member, "2014-03-02T13:00:00+01:00"),
        [0, 0]
    );
    let tomorrow = json!({ "id": fresh("order"), "customer": { "member_id": member.id },
        "cart": cart("1.00"), "placed_at": "2011-01-03T12:00:00Z" });
    let early = shop("orchard").post("/v1/orders", &tomorrow).at(BOUGHT);
    early
        .send()
        .expect_problem_at(422, "placed_in_future", "/placed_at");
}

#[test]
fn a_cron_settles_who_is_due_by_the_instant_that_it_is_told_or_one_member_alone() {
    let _turn = next_turn();
    let (ada, bea) = (joined(), joined());
    bought(&ada);
    bought(&bea);
    let hers = |member: &Member| {
        let feed = shop("orchard")
            .get("/v1/events?limit=100")
            .send()
            .expect(200);
        let all = feed["events"].as_array().expect("events").clone();
        let hers = all.iter().filter(|it| it["member_id"] == *member.id);
        hers.count()
    };
    let settle = |path: &str| Request::new("POST", path).at(MATURED).send().expect(200);
    let alone = settle(&format!("/demo/settle?shop=orchard&member={}", ada.id));
    assert!(points(&alone["settled"][&ada.id]) > 0, "{alone}");
    assert_eq!([&ada, &bea].map(hers), [1, 0], "ada's points have matured");
    let all = settle("/demo/settle");
    assert_eq!(all["settled"][&ada.id], json!(null), "{all}");
    assert!(points(&all["settled"][&bea.id]) > 0, "{all}");
    assert_eq!([&ada, &bea].map(hers), [1, 1]);
    let nobody = Request::new("POST", "/demo/settle?shop=orchard&member=nobody");
    nobody.send().expect_problem(404, "member_not_found");
}

#[test]
fn what_is_no_instant_is_refused_by_the_name_of_the_header() {
    for text in ["yesterday", "2026-06-15", "2026-06-15T12:00:00", ""] {
        let program = Request::new("GET", "/v1/program?shop=orchard").at(text);
        let settle = Request::new("POST", "/demo/settle").at(text);
        for request in [program, settle] {
            let problem = request.send().expect_problem(400, "parameter_invalid");
            assert_eq!(problem["parameter"], "demo-now", "{text}: {problem}");
        }
    }
}

#[test]
fn the_demo_stores_own_server_passes_the_instant_on() {
    let member = shop("demo").enrol();
    let form = json!({
        "items": [{ "sku": "dripper", "quantity": 1 }], "coupon": null, "delivery": "standard",
        "email": member.email, "customer": null, "expected_total": "29.80"
    });
    let order = Request::new("POST", "/demo/order")
        .json(&form)
        .at("2031-05-01T12:00:00Z");
    let told = order.send().expect(201);
    assert_eq!(
        told["booked"]["booked_at"], "2031-05-01T12:00:00.000Z",
        "{told}"
    );
}
