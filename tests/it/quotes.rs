//! Quotes: what was promised is earned though the program changed in between, once, and never past a limit.
//!
//! The quay is the shop of these scenarios alone. Each publishes the programme that is quoted and then another,
//! so the scenarios take turns.

use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::edge::{at_once, setting};
use crate::shop::{Member, Shop, cart, fresh, fresh_email, points, shop};

fn quay() -> &'static Shop {
    shop("quay")
}

/// The newest version of the quay, and the turn to publish the next.
struct Turn(MutexGuard<'static, u64>);

impl Turn {
    fn wait() -> Self {
        static NEWEST: Mutex<u64> = Mutex::new(0);
        let mut newest = NEWEST.lock().unwrap_or_else(PoisonError::into_inner);
        let page = quay().get("/v1/programs?limit=1").send().expect(200);
        *newest = page["programs"][0]["version"].as_u64().expect("a version");
        Self(newest)
    }

    /// Publishes a programme that gives so many shells per euro, and answers its version.
    fn publish(&mut self, per_euro: u32) -> u64 {
        *self.0 += 1;
        let version = *self.0;
        let source = format!(
            r#"
            version = {version}
            name = "The quay's club"
            points = {{ one = "shell", other = "shells" }}
            earn = {{ per_unit = {{ EUR = {per_euro} }} }}
            [[rules]]
            id = "crew"
            label = "3x for the crew"
            when = {{ segments = ["crew"] }}
            grant = {{ multiply = 3 }}
            [[rules]]
            id = "gift"
            label = "50 once, with the coupon"
            when = {{ coupons = ["GIFT"] }}
            grant = {{ bonus = 50 }}
            limits = {{ times = 1 }}
            "#
        );
        quay().publish("", &source).send().expect(201);
        version
    }
}

/// What the shop's server is quoted for a customer.
fn quote(customer: &Value, cart: &Value) -> Value {
    let body = json!({ "cart": cart, "customer": customer });
    quay().post("/v1/quotes", &body).send().expect(200)
}

/// What one of its pages is quoted.
fn page_quote(member: &Value, cart: &Value) -> Value {
    let body = json!({ "cart": cart, "member": member });
    quay().page_post("/v1/quotes", &body).send().expect(200)
}

/// The body of an order that brings a quote.
fn bringing(quote: &Value, id: &str, customer: &Value, cart: &Value) -> Value {
    json!({ "id": id, "customer": customer, "cart": cart, "quote": quote["quote"] })
}

/// Orders a cart with a quote, and answers the points and what became of it.
fn order(quote: &Value, customer: &Value, cart: &Value) -> (i64, Value) {
    let body = bringing(quote, &fresh("order"), customer, cart);
    let booked = quay().post("/v1/orders", &body).send().expect(201);
    (points(&booked["points"]), booked["quote"].clone())
}

fn named(member: &Member) -> Value {
    json!({ "member_id": member.id })
}

#[test]
fn an_order_earns_what_was_quoted_though_the_programme_changed_in_between() {
    let mut turn = Turn::wait();
    let quoted = turn.publish(10);
    let member = quay().enrol();
    let (cart, customer) = (cart("20.00"), named(&member));
    let quote = quote(&customer, &cart);
    assert_eq!(
        (&quote["points"], &quote["member_id"]),
        (&json!(200), &json!(member.id))
    );
    turn.publish(1);

    let body = bringing(&quote, &fresh("order"), &customer, &cart);
    let booked = quay().post("/v1/orders", &body).send();
    let answer = booked.expect(201);
    assert_eq!(answer["points"], 200);
    assert_eq!(answer["quote"], json!({ "honoured": true, "points": 200 }));
    assert_eq!(answer["earning"], quote["earning"]);
    assert_eq!(answer["earning"]["program"]["version"], quoted);
    assert_eq!(member.sound_entries()[0]["program"]["version"], quoted);
    // Delivered again, with the quote or without, it is the same order.
    let mut without = body.clone();
    without.as_object_mut().expect("an order").remove("quote");
    for again in [&body, &without] {
        let again = quay().post("/v1/orders", again).send();
        assert_eq!((again.status, &again.body), (200, &booked.body));
    }
    // Another order cannot have it too.
    let (points, became) = order(&quote, &customer, &cart);
    assert_eq!(points, 20);
    assert_eq!(
        became,
        json!({ "honoured": false, "points": 200, "reason": "quote_used" })
    );
}

#[test]
fn a_page_is_quoted_for_whoever_joins_with_the_order() {
    let mut turn = Turn::wait();
    turn.publish(10);
    let cart = cart("20.00");
    let quote = page_quote(&Value::Null, &cart);
    assert_eq!(
        (&quote["points"], &quote["member_id"]),
        (&json!(200), &Value::Null)
    );
    turn.publish(1);
    let email = fresh_email();
    let member = quay().enrol_as(email.clone(), &json!({}));
    let honoured = json!({ "honoured": true, "points": 200 });
    assert_eq!(
        order(&quote, &json!({ "email": email }), &cart),
        (200, honoured.clone())
    );
    assert_eq!(member.balance(), 200);
    // A guest has it as well, for the points that she would have had.
    let quote = page_quote(&Value::Null, &cart);
    turn.publish(10);
    let (points, became) = order(&quote, &json!({}), &cart);
    assert_eq!((points, &became["honoured"]), (20, &json!(true)));
}

#[test]
fn what_a_page_says_of_its_member_promises_nothing() {
    let mut turn = Turn::wait();
    turn.publish(10);
    let cart = cart("20.00");
    let member = quay().enrol();
    let quote = page_quote(&json!({ "segments": ["crew"] }), &cart);
    assert_eq!(quote["points"], 600);
    turn.publish(1);
    // The programme is held still; who she is the ledger knows.
    let became = json!({ "honoured": false, "points": 600, "reason": "quote_of_other_facts" });
    assert_eq!(order(&quote, &named(&member), &cart), (200, became));
}

#[test]
fn what_the_ledger_knew_of_a_customer_is_held_still_and_what_is_used_up_is_not() {
    let mut turn = Turn::wait();
    turn.publish(10);
    let member = quay().enrol();
    let customer = named(&member);
    let is_crew = |segments: Value| {
        let profile = json!({ "segments": segments });
        quay()
            .post(&member.path("/profile"), &profile)
            .send()
            .expect(200);
    };
    is_crew(json!(["crew"]));
    let mut with_gift = cart("20.00");
    with_gift["coupons"] = json!(["GIFT"]);
    let [first, second] = [(); 2].map(|()| quote(&customer, &with_gift));
    assert_eq!(
        (&first["points"], &second["points"]),
        (&json!(650), &json!(650))
    );
    is_crew(json!([]));
    turn.publish(1);
    let honoured = json!({ "honoured": true, "points": 650 });
    assert_eq!(order(&first, &customer, &with_gift), (650, honoured));
    // The gift is there once, so the second quote cannot be kept, and today's programme decides.
    let used_up = json!({ "honoured": false, "points": 650, "reason": "quote_used_up" });
    assert_eq!(order(&second, &customer, &with_gift), (20, used_up));
}

#[test]
fn of_orders_that_race_with_one_quote_one_is_given_it() {
    let mut turn = Turn::wait();
    turn.publish(10);
    let member = quay().enrol();
    let (cart, customer) = (cart("20.00"), named(&member));
    let quote = quote(&customer, &cart);
    turn.publish(1);
    let mut earned: Vec<i64> = at_once(0..6, |_| order(&quote, &customer, &cart).0);
    earned.sort_unstable();
    assert_eq!(earned, [20, 20, 20, 20, 20, 200]);
    assert_eq!(member.balance(), 300);
    member.sound_entries();
}

#[test]
fn a_quote_that_is_forged_or_anothers_is_refused_by_name_and_the_order_is_booked() {
    let mut turn = Turn::wait();
    turn.publish(10);
    let [ada, bea] = [(); 2].map(|()| quay().enrol());
    let twenty = cart("20.00");
    let hers = quote(&named(&ada), &twenty);
    let elsewhere = json!({ "cart": twenty });
    let elsewhere = shop("bakery")
        .post("/v1/quotes", &elsewhere)
        .send()
        .expect(200);
    turn.publish(1);
    let check = |quote: &Value, who: &Member, cart: &Value, reason: &str| {
        let (points, became) = order(quote, &named(who), cart);
        assert_eq!(
            (points, &became["honoured"]),
            (20, &json!(false)),
            "{reason}"
        );
        assert_eq!(became["reason"], reason);
    };
    let token = hers["quote"].as_str().expect("a token");
    let (payload, signature) = token.split_once('.').expect("two parts");
    for forged in [
        "",
        "quote",
        payload,
        &format!("{}{}.{signature}", &payload[..20], &payload[24..]),
        &format!("{payload}.{}", signature.to_uppercase()),
    ] {
        check(&json!({ "quote": forged }), &ada, &twenty, "quote_forged");
    }
    check(&elsewhere, &ada, &twenty, "quote_of_other_shop");
    let mut other = twenty.clone();
    other["lines"][0]["product"] = json!("wheat");
    check(&hers, &ada, &other, "quote_of_other_cart");
    check(&hers, &bea, &twenty, "quote_of_other_member");
    // None of these has used it up; today's programme is another again.
    assert_eq!(order(&hers, &named(&ada), &twenty).0, 200);
}

/// The same quote, made so many minutes earlier. Nobody waits for half an hour, so it is signed here, with the secret
/// of the edge under test.
fn earlier(quote: &Value, minutes: i64) -> Value {
    let token = quote["quote"].as_str().expect("a token");
    let (payload, _) = token.split_once('.').expect("two parts");
    let payload = URL_SAFE_NO_PAD.decode(payload).expect("base64url");
    let mut said: Value = serde_json::from_slice(&payload).expect("what the quote says");
    said["id"] = json!(fresh("quo"));
    said["issued_at"] = json!(Timestamp::now().as_millisecond() - minutes * 60_000);
    let payload = URL_SAFE_NO_PAD.encode(said.to_string());
    let key = setting("QUOTE_KEY");
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("a key of any length");
    mac.update(format!("earnest-quote-v1\0{payload}").as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    json!({ "quote": format!("{payload}.{signature}") })
}

#[test]
fn a_quote_that_has_expired_is_refused_by_name_and_the_order_is_booked() {
    let mut turn = Turn::wait();
    turn.publish(10);
    let member = quay().enrol();
    let (cart, customer) = (cart("20.00"), named(&member));
    let quote = quote(&customer, &cart);
    let issued: Timestamp = Timestamp::now();
    let ends_at = quote["expires_at"].as_str().expect("an instant");
    let ends_at: Timestamp = ends_at.parse().expect("an instant");
    let lives = ends_at.as_millisecond() - issued.as_millisecond();
    assert!((29 * 60_000..=30 * 60_000).contains(&lives), "{lives} ms");
    turn.publish(1);
    let expired = json!({ "honoured": false, "points": 200, "reason": "quote_expired" });
    for minutes in [30, 31, 40_000] {
        let late = order(&earlier(&quote, minutes), &customer, &cart);
        assert_eq!(late, (20, expired.clone()), "after {minutes} minutes");
    }
    let honoured = json!({ "honoured": true, "points": 200 });
    let in_time = order(&earlier(&quote, 29), &customer, &cart);
    assert_eq!(in_time, (200, honoured));
    // An order counts by when it was placed, however late its shop tells of it.
    let mut told_late = bringing(&earlier(&quote, 31), &fresh("order"), &customer, &cart);
    let placed_at = Timestamp::now() - jiff::SignedDuration::from_mins(5);
    told_late["placed_at"] = json!(placed_at.to_string());
    let booked = quay().post("/v1/orders", &told_late).send().expect(201);
    assert_eq!(booked["quote"]["honoured"], true, "{booked}");
    assert_eq!(member.balance(), 3 * 20 + 2 * 200);
}

#[test]
fn a_quote_holds_for_who_took_its_member_over_and_for_no_order_of_before() {
    let mut turn = Turn::wait();
    turn.publish(10);
    let [ada, bea] = [(); 2].map(|()| quay().enrol());
    let cart = cart("20.00");
    let [first, second] = [(); 2].map(|()| quote(&named(&ada), &cart));
    turn.publish(1);
    let mut early = bringing(&first, &fresh("order"), &named(&ada), &cart);
    early["placed_at"] =
        json!((Timestamp::now() - jiff::SignedDuration::from_hours(24)).to_string());
    let booked = quay().post("/v1/orders", &early).send().expect(201);
    let before = json!({ "honoured": false, "points": 200, "reason": "quote_placed_before" });
    assert_eq!((&booked["points"], &booked["quote"]), (&json!(20), &before));
    let merge = quay().post(&ada.path("/merges"), &json!({ "into": bea.id }));
    merge.deliver().expect(201);
    let honoured = json!({ "honoured": true, "points": 200 });
    assert_eq!(order(&second, &named(&bea), &cart), (200, honoured));
}

#[test]
fn what_comes_back_of_an_order_under_a_quote_takes_what_was_quoted() {
    let mut turn = Turn::wait();
    turn.publish(10);
    let member = quay().enrol();
    let customer = named(&member);
    let is_crew = |segments: Value| {
        let profile = json!({ "segments": segments });
        let told = quay().post(&member.path("/profile"), &profile);
        told.send().expect(200);
    };
    is_crew(json!(["crew"]));
    let mut two_lines = cart("20.00");
    two_lines["lines"]
        .as_array_mut()
        .expect("lines")
        .push(json!({ "id": "l2", "product": "jam", "quantity": 2, "unit_price": "5.00" }));
    let quoted = quote(&customer, &two_lines);
    is_crew(json!([]));
    turn.publish(1);
    // By what she is now and the programme of today all of it would be 30.
    let id = fresh("order");
    let body = bringing(&quoted, &id, &customer, &two_lines);
    let booked = quay().post("/v1/orders", &body).send().expect(201);
    assert_eq!(booked["points"], 900, "{booked}");
    let refund = |lines: Value| {
        let mut body = json!({ "id": fresh("refund"), "order_id": id });
        if !lines.is_null() {
            body["lines"] = lines;
        }
        let taken = quay().post("/v1/refunds", &body).send().expect(201);
        (points(&taken["taken_points"]), member.balance())
    };
    assert_eq!(refund(json!([{ "id": "l2", "quantity": 1 }])), (150, 750));
    assert_eq!(refund(Value::Null), (750, 0));
    let points: Vec<i64> = member
        .sound_entries()
        .iter()
        .map(|entry| points(&entry["points"]))
        .collect();
    assert_eq!(points, [-750, -150, 900]);
}

#[test]
fn a_page_names_no_customer_and_a_customer_is_somebody() {
    let cart = cart("20.00");
    let body = json!({ "cart": cart, "customer": { "email": fresh_email() } });
    let answer = quay().page_post("/v1/quotes", &body).send();
    answer.expect_problem(403, "secret_key_needed");
    let body = json!({ "cart": cart, "customer": {}, "member": {} });
    let answer = quay().post("/v1/quotes", &body).send();
    answer.expect_problem_at(422, "field_invalid", "/member");
    let body = json!({ "cart": cart, "customer": { "member_id": fresh("nobody") } });
    let answer = quay().post("/v1/quotes", &body).send();
    answer.expect_problem(422, "member_unknown");
}
