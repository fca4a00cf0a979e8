//! What a page showed of an order, told with it: the answer says whether that is what was booked.

use serde_json::{Value, json};

use crate::edge::Answer;
use crate::shop::{Member, cart, fresh, shop};

fn order(member: &Member, id: &str, preview: &Value) -> Answer {
    let customer = json!({ "member_id": member.id });
    let order =
        json!({ "id": id, "customer": customer, "cart": cart("20.00"), "preview": preview });
    shop("bakery").post("/v1/orders", &order).send()
}

/// What the page showed, as its preview told it.
fn shown(member: &Member) -> Value {
    let body = json!({ "cart": cart("20.00"), "member": member.snapshot() });
    let preview = shop("bakery").page_post("/v1/preview", &body).send();
    let preview = preview.expect(200);
    json!({
        "program_version": preview["program"]["version"],
        "program_digest": preview["program"]["digest"],
        "engine": preview["engine"],
        "points": preview["points"],
    })
}

#[test]
fn what_was_shown_and_booked_matches() {
    let member = shop("bakery").enrol();
    let same = json!({ "matches": true, "differs": [] });
    let booked = order(&member, &fresh("order"), &shown(&member)).expect(201);
    assert_eq!(booked["preview"], same);
    for part in [json!({}), json!({ "points": 20 })] {
        let booked = order(&member, &fresh("order"), &part).expect(201);
        assert_eq!(booked["preview"], same, "{part}");
    }
    // Where nothing is said of it, nothing is answered of it.
    let booked = order(&member, &fresh("order"), &Value::Null).expect(201);
    assert_eq!(booked.get("preview"), None);
    let guest = json!({ "id": fresh("order"), "cart": cart("20.00"), "preview": { "points": 20 } });
    let guest = shop("bakery").post("/v1/orders", &guest).send().expect(201);
    assert_eq!(guest["preview"], same);
}

#[test]
fn what_was_shown_otherwise_is_told_and_changes_nothing_that_is_booked() {
    let member = shop("bakery").enrol();
    let mut other = shown(&member);
    other["program_version"] = json!(2);
    other["points"] = json!(9_000);
    let booked = order(&member, &fresh("order"), &other).expect(201);
    assert_eq!(
        booked["preview"],
        json!({ "matches": false, "differs": ["program_version", "points"] })
    );
    assert_eq!(booked["points"], 20);
    let other = json!({ "program_digest": "sha256:0", "engine": "0.0.0", "points": -1 });
    let booked = order(&member, &fresh("order"), &other).expect(201);
    assert_eq!(
        booked["preview"]["differs"],
        json!(["program_digest", "engine", "points"])
    );
    assert_eq!(member.balance(), 140);
    member.sound_entries();
}

#[test]
fn it_is_no_part_of_the_order() {
    let member = shop("bakery").enrol();
    let id = fresh("order");
    let first = order(&member, &id, &json!({ "points": 7 }));
    first.expect(201);
    for other in [json!({ "points": 20 }), Value::Null, json!({})] {
        let again = order(&member, &id, &other);
        assert_eq!((again.status, &again.body), (200, &first.body), "{other}");
    }
    assert_eq!(member.sound_entries().len(), 2);
}

#[test]
fn it_has_the_fields_that_it_has() {
    let member = shop("bakery").enrol();
    for (code, pointer, preview) in [
        ("field_unknown", "/preview/point", json!({ "point": 20 })),
        (
            "field_invalid",
            "/preview/points",
            json!({ "points": "20" }),
        ),
        (
            "field_invalid",
            "/preview/program_version",
            json!({ "program_version": -1 }),
        ),
        ("field_invalid", "/preview", json!([3])),
        ("field_invalid", "/preview", json!(20)),
    ] {
        let refused = order(&member, &fresh("order"), &preview);
        refused.expect_problem_at(422, code, pointer);
    }
}
