//! Facts about members that rules ask for: what her shop tells, what her orders make of her, and what all
//! members share.

use serde_json::{Value, json};

use crate::edge::{Answer, at_once};
use crate::shop::{Member, Shop, cart, fresh, fresh_email, points, shop};

fn gym() -> &'static Shop {
    shop("gym")
}

fn tell(member: &Member, profile: &Value) -> Answer {
    gym().post(&member.path("/profile"), profile).send()
}

/// What an order of 10.00 earns, with the cart's further fields.
fn earned(member: &Member, more: &Value) -> Value {
    booked(member, &fresh("order"), more)["points"].clone()
}

fn booked(member: &Member, id: &str, more: &Value) -> Value {
    let mut cart = cart("10.00");
    for (name, value) in more.as_object().expect("further fields") {
        cart[name] = value.clone();
    }
    member.order(id, &cart).expect(201)
}

#[test]
fn what_the_shop_tells_of_a_member_is_what_rules_ask_for() {
    let member = gym().enrol();
    assert_eq!(earned(&member, &json!({})), 10 + 7);
    let told = tell(&member, &json!({ "segments": ["regular", "early"] })).expect(200);
    assert_eq!(told["profile"]["segments"], json!(["early", "regular"]));
    assert_eq!(earned(&member, &json!({})), 20);

    let order = |placed_at: &str| {
        let order = json!({
            "id": fresh("order"), "placed_at": placed_at,
            "customer": { "member_id": member.id }, "cart": cart("10.00"),
        });
        gym().post("/v1/orders", &order).send().expect(201)["points"].clone()
    };
    tell(&member, &json!({ "birthday": "05-14", "segments": null })).expect(200);
    assert_eq!(order("2026-05-14T12:00:00Z"), 110);
    assert_eq!(order("2026-05-15T12:00:00Z"), 10);

    tell(
        &member,
        &json!({ "paid_until": "2026-06-01T00:00:00+02:00" }),
    )
    .expect(200);
    assert_eq!(order("2026-05-20T12:00:00Z"), 13);
    assert_eq!(order("2026-05-31T22:00:00Z"), 10);
    member.sound_entries();
}

#[test]
fn a_profile_is_told_in_parts_and_taken_back_by_null() {
    let member = gym().enrol();
    let empty = json!({
        "birthday": null, "segments": [], "tags": [], "paid_until": null, "invited_tier": null,
        "household": null, "display_name": null
    });
    assert_eq!(member.document()["profile"], empty);
    tell(&member, &json!({ "birthday": "02-29", "tags": ["a"] })).expect(200);
    let told = tell(&member, &json!({ "paid_until": "2030-01-01T00:00:00Z" })).expect(200);
    assert_eq!(
        told["profile"],
        json!({
            "birthday": "02-29", "segments": [], "tags": ["a"],
            "paid_until": "2030-01-01T00:00:00.000Z", "invited_tier": null,
            "household": null, "display_name": null
        })
    );
    assert_eq!(member.document(), told);
    let snapshot = member.snapshot();
    assert_eq!(
        (&snapshot["birthday"], &snapshot["tags"]),
        (&json!("02-29"), &json!(["a"]))
    );
    assert_eq!(tell(&member, &json!({})).expect(200), told);
    let nothing = json!({ "birthday": null, "segments": null, "tags": null, "paid_until": null });
    assert_eq!(tell(&member, &nothing).expect(200)["profile"], empty);
    // Points are no part of it.
    assert_eq!(member.sound_entries().len(), 1);
}

#[test]
fn who_is_invited_to_a_tier_is_in_it_until_it_is_taken_back() {
    let member = gym().enrol();
    booked(&member, &fresh("order"), &json!({}));
    let told = tell(&member, &json!({ "invited_tier": "circle" })).expect(200);
    assert_eq!(
        (&told["tier"], &told["profile"]["invited_tier"]),
        (&json!("circle"), &json!("circle"))
    );
    assert_eq!(earned(&member, &json!({})), 30);
    let unknown = tell(&member, &json!({ "invited_tier": "square" }));
    unknown.expect_problem_at(422, "tier_unknown", "/invited_tier");
    let told = tell(&member, &json!({ "invited_tier": null })).expect(200);
    assert_eq!(told["tier"], Value::Null);
    assert_eq!(earned(&member, &json!({})), 10);
    member.sound_entries();
}

#[test]
fn a_profile_that_cannot_be_used_is_refused_at_the_field() {
    let member = gym().enrol();
    let many: Vec<String> = (0..51).map(|nth| nth.to_string()).collect();
    for (code, pointer, profile) in [
        (
            "birthday_malformed",
            "/birthday",
            json!({ "birthday": "02-30" }),
        ),
        (
            "birthday_malformed",
            "/birthday",
            json!({ "birthday": "1990-05-14" }),
        ),
        ("field_invalid", "/birthday", json!({ "birthday": 514 })),
        (
            "text_empty",
            "/segments/1",
            json!({ "segments": ["a", ""] }),
        ),
        ("too_many_labels", "/tags", json!({ "tags": many })),
        (
            "instant_malformed",
            "/paid_until",
            json!({ "paid_until": "2026-06-01" }),
        ),
        (
            "field_unknown",
            "/balance_points",
            json!({ "balance_points": 5 }),
        ),
        ("field_invalid", "", json!(["05-14"])),
    ] {
        tell(&member, &profile).expect_problem_at(422, code, pointer);
    }
    let nobody = gym().post("/v1/members/nobody/profile", &json!({})).send();
    nobody.expect_problem(404, "member_not_found");
}

#[test]
fn orders_are_counted_and_of_many_at_once_one_is_the_first() {
    let member = gym().enrol();
    let answers = at_once(0..8, |_| {
        member
            .order_request(&fresh("order"), &cart("10.00"))
            .deliver()
    });
    let sum: i64 = answers
        .iter()
        .map(|answer| points(&answer.expect(201)["points"]))
        .sum();
    assert_eq!(sum, 8 * 10 + 7);
    assert_eq!(member.document()["orders"], 8);
    assert_eq!(member.balance(), 25 + sum);
    member.sound_entries();
}

#[test]
fn what_is_told_while_she_orders_is_kept_and_so_are_her_orders() {
    let member = gym().enrol();
    at_once(0..10, |nth| {
        if nth % 2 == 0 {
            let order = member.order_request(&fresh("order"), &cart("10.00"));
            order.deliver().expect(201);
        } else {
            let field = ["birthday", "segments", "tags", "paid_until"][nth / 2 % 4];
            let value = match field {
                "birthday" => json!("05-14"),
                "paid_until" => json!("2020-01-01T00:00:00Z"),
                _ => json!(["a"]),
            };
            let told = gym().post(&member.path("/profile"), &json!({ field: value }));
            told.deliver().expect(200);
        }
    });
    let document = member.document();
    assert_eq!(document["orders"], 5);
    assert_eq!(
        document["profile"],
        json!({
            "birthday": "05-14", "segments": ["a"], "tags": ["a"],
            "paid_until": "2020-01-01T00:00:00.000Z", "invited_tier": null,
            "household": null, "display_name": null
        })
    );
    assert_eq!(member.balance(), 25 + 5 * 10 + 7);
    member.sound_entries();
}

#[test]
fn an_order_that_earns_nothing_counts_as_an_order_too() {
    let member = gym().enrol();
    let mut foreign = cart("10.00");
    foreign["currency"] = json!("USD");
    let first = member.order(&fresh("order"), &foreign).expect(201);
    assert_eq!(member.document()["orders"], 1);
    let entries = usize::from(first["points"] != 0);
    assert_eq!(member.sound_entries().len(), 1 + entries);
}

#[test]
fn store_credit_is_booked_beside_the_points_and_once() {
    let member = gym().enrol();
    let id = fresh("order");
    let card = json!({ "payment_method": "gym-card" });
    let first = booked(&member, &id, &card);
    let credit = &first["earning"]["credits"][0];
    assert_eq!(
        (&credit["balance"], &credit["amount"]),
        (&json!("credit"), &json!("0.50"))
    );
    assert_eq!(first["points"], 17);
    let mut same = cart("10.00");
    same["payment_method"] = json!("gym-card");
    let again = at_once(0..8, |_| member.order_request(&id, &same).deliver());
    assert!(again.iter().all(|answer| answer.status == 200), "{again:?}");
    assert_eq!(member.snapshot()["credits"], json!([["credit", 50]]));
    at_once(0..6, |_| {
        let order = member.order_request(&fresh("order"), &same);
        order.deliver().expect(201);
    });
    assert_eq!(member.snapshot()["credits"], json!([["credit", 350]]));
    member.sound_entries();
    // How it was paid is part of the order.
    let other = member.order(&id, &cart("10.00"));
    other.expect_problem_at(409, "order_differs", "/cart/payment_method");
}

#[test]
fn an_entry_of_a_partners_order_names_the_partner() {
    let member = gym().enrol();
    booked(&member, &fresh("order"), &json!({ "partner": "sauna" }));
    booked(&member, &fresh("order"), &json!({}));
    let entries = member.sound_entries();
    assert_eq!(entries[1]["partner"], "sauna");
    assert_eq!(entries[1]["rules"], json!(["first"]));
    assert_eq!(entries[0].get("partner"), None);
    assert_eq!(entries[0]["rules"], json!([]));
}

#[test]
fn what_a_page_previews_with_a_snapshot_of_facts_is_what_the_order_earns() {
    let member = gym().enrol();
    let mut paid = cart("10.00");
    paid["payment_method"] = json!("gym-card");
    let profile = json!({ "segments": ["regular"], "paid_until": "2999-01-01T00:00:00Z" });
    tell(&member, &profile).expect(200);
    for cart in [paid.clone(), cart("10.00"), paid] {
        let body = json!({ "cart": cart, "member": member.snapshot() });
        let preview = gym().page_post("/v1/preview", &body).send().expect(200);
        let booked = member.order(&fresh("order"), &cart).expect(201);
        assert_eq!(booked["earning"], preview);
    }
    member.sound_entries();
}

#[test]
fn of_members_who_compete_for_a_budget_none_overspends_it() {
    let kiosk = shop("kiosk");
    let members: Vec<Member> = (0..9).map(|_| kiosk.enrol()).collect();
    let answers = at_once(&members, |member| {
        member
            .order_request(&fresh("order"), &cart("10.00"))
            .deliver()
    });
    let sum: i64 = answers
        .iter()
        .map(|answer| points(&answer.expect(201)["points"]))
        .sum();
    assert_eq!(sum, 9 * 10 + 50);
    for member in &members {
        member.sound_entries();
    }
    let snapshot = members[0].snapshot();
    assert_eq!(snapshot["budgets"], json!([["opening", 50]]));
    // It is spent for pages too, with a snapshot and without.
    for member in [snapshot, Value::Null] {
        let body = json!({ "cart": cart("10.00"), "member": member });
        let preview = kiosk.page_post("/v1/preview", &body).send().expect(200);
        assert_eq!(preview["points"], 10);
    }
}

#[test]
fn a_budget_for_joining_runs_out_and_everybody_joins_all_the_same() {
    let stall = shop("stall");
    let members = at_once(0..5, |_| stall.enrol());
    let sum: i64 = members.iter().map(Member::balance).sum();
    assert_eq!(sum, 25);
    for member in &members {
        member.sound_entries();
    }
    // By a page too, which is answered as ever.
    let email = fresh_email();
    let joins = json!({ "email": email, "consent": { "terms": true } });
    stall.page_post("/v1/members", &joins).send().expect(202);
    let known = stall.post("/v1/members", &joins).send().expect(200);
    assert_eq!(known["balance_points"], 0);
    // Of the programme's own 40, joining has left 15 for all orders together.
    let earned = |member: &Member| {
        let booked = member.order(&fresh("order"), &cart("10.00")).expect(201);
        points(&booked["points"])
    };
    assert_eq!(
        [&members[0], &members[1], &members[0]].map(earned),
        [10, 5, 0]
    );
    let budgets = members[0].snapshot()["budgets"].clone();
    assert_eq!(budgets, json!([["", 40], ["early", 25]]));
}
