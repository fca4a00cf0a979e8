//! Requests that are none: bodies, paths and methods. Each gets its problem document, and nothing is
//! written.

use serde_json::{Value, json};

use crate::edge::Request;
use crate::shop::{Member, Shop, cart, fresh, shop};

/// Sends each body to every path that takes one; what comes of it is the same everywhere.
fn refused(bodies: &[&[u8]], content_type: &str, status: u16, code: &str) {
    let bakery = shop("bakery");
    let member = bakery.enrol();
    let before = (member.document(), member.entries());
    for path in posts(&member) {
        for body in bodies {
            let request = keyed(bakery, &path).with("content-type", content_type);
            request.bytes(*body).send().expect_problem(status, code);
        }
    }
    assert_eq!((member.document(), member.entries()), before);
}

#[test]
fn a_body_that_is_no_json_is_refused() {
    let bodies: [&[u8]; 8] = [
        b"",
        b"{",
        b"{\"",
        b"\xef\xbb\xbf{}",
        b"{'id':1}",
        b"{\"\xff\":1}",
        b"NaN",
        b"<order/>",
    ];
    refused(&bodies, "application/json", 400, "body_malformed");
    let order = json!({ "id": fresh("order"), "cart": cart("20.00") });
    let followed = keyed(shop("bakery"), "/v1/orders").with("content-type", "application/json");
    let followed = followed.bytes(format!("{order}{order}"));
    followed.send().expect_problem(400, "body_malformed");
    shop("bakery").post("/v1/orders", &order).send().expect(201);
}

#[test]
fn json_that_is_no_object_is_refused() {
    let bodies: [&[u8]; 5] = [b"null", b"7", b"\"text\"", b"true", b"[]"];
    refused(&bodies, "application/json", 422, "field_invalid");
    let deep = "[".repeat(5000);
    refused(&[deep.as_bytes()], "application/json", 422, "field_invalid");
}

#[test]
fn a_body_that_does_not_say_that_it_is_json_is_refused() {
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonp",
        "",
    ] {
        refused(&[b"{}"], kind, 415, "content_type_not_json");
    }
    let body = json!({ "cart": cart("20.00") });
    let request = shop("bakery")
        .post("/v1/preview", &body)
        .without("content-type");
    request.send().expect_problem(415, "content_type_not_json");
}

#[test]
fn json_may_say_its_charset() {
    let body = json!({ "cart": cart("20.00") });
    let request = shop("bakery").post("/v1/preview", &body);
    request
        .with("content-type", "Application/JSON; charset=utf-8")
        .send()
        .expect(200);
}

#[test]
fn a_body_over_its_limit_is_refused_however_its_length_is_told() {
    let bakery = shop("bakery");
    let member = bakery.enrol();
    let before = (member.document(), member.entries());
    for path in posts(&member) {
        let takes_cart = ["/v1/orders", "/v1/preview", "/v1/quotes"].contains(&&*path);
        let limit = if takes_cart { 512 } else { 16 } * 1024;
        // Sound but for its length: the blanks alone are too many.
        let body = format!("{{}}{}", " ".repeat(limit - 1));
        let post = |body: &str| {
            keyed(bakery, &path)
                .with("content-type", "application/json")
                .bytes(body)
        };
        post(&body).send().expect_problem(413, "body_too_large");
        post(&body)
            .chunked()
            .send()
            .expect_problem(413, "body_too_large");
        // One blank fewer is read, and something else is wrong with it.
        post(&body[1..])
            .send()
            .expect_problem(400, "body_malformed");
        post(&body[..limit])
            .chunked()
            .send()
            .expect_problem(422, "field_missing");
    }
    assert_eq!((member.document(), member.entries()), before);
}

#[test]
fn a_cart_of_a_thousand_lines_is_booked_and_one_more_is_refused() {
    let lines = |count: usize| {
        let line = |nth: usize| json!({ "id": format!("line-{nth}"), "product": "rye", "quantity": 1, "unit_price": "1.00", "categories": ["bread"] });
        let lines: Vec<Value> = (0..count).map(line).collect();
        json!({ "currency": "EUR", "lines": lines })
    };
    let bakery = shop("bakery");
    let member = bakery.enrol();
    let id = fresh("order");
    let refused = member.order(&id, &lines(1001));
    refused.expect_problem_at(422, "cart_too_many_lines", "/cart/lines");
    bakery
        .page_post("/v1/preview", &json!({ "cart": lines(1001) }))
        .send()
        .expect_problem_at(422, "cart_too_many_lines", "/cart/lines");
    let booked = member.order(&id, &lines(1000)).expect(201);
    assert_eq!(booked["points"], 1000);
    assert_eq!(member.sound_entries().len(), 2);
}

#[test]
fn a_path_that_is_none_is_not_found() {
    for path in [
        "/v1",
        "/v1/",
        "/v1/program/",
        "/v1/programs/",
        "/v1/programs/3/source",
        "/v1/members/",
        "/v1/members//entries",
        "/v1/members/a/b",
        "/v2/program",
        "/v1/orders/1001",
        "/V1/program",
        "/v1/keys",
        "/v1/shops",
    ] {
        for method in ["GET", "POST", "DELETE"] {
            let answer = Request::new(method, path)
                .with(
                    "authorization",
                    format!("Bearer {}", shop("bakery").secret_key),
                )
                .send();
            // What is not the Worker's is the static files'; they are not JSON, but they are not there.
            if path.starts_with("/v1/") {
                answer.expect_problem(404, "not_found");
            } else {
                assert!(matches!(answer.status, 404 | 405), "{answer}");
            }
        }
    }
}

#[test]
fn a_method_that_a_path_does_not_take_is_refused_and_told_which_it_takes() {
    let bakery = shop("bakery");
    let member = bakery.enrol();
    let before = (member.document(), member.entries());
    let (get, post) = ("GET, HEAD, OPTIONS", "POST, OPTIONS");
    let both = "GET, POST, HEAD, OPTIONS";
    let cases = [
        ("/v1/program".to_owned(), get),
        ("/v1/programs".to_owned(), both),
        ("/v1/programs/3".to_owned(), get),
        ("/v1/preview".to_owned(), post),
        ("/v1/quotes".to_owned(), post),
        ("/v1/members".to_owned(), post),
        (member.path(""), get),
        (member.path("/snapshot"), get),
        (member.path("/entries"), get),
        (member.path("/statement"), get),
        (member.path("/adjustments"), post),
        (member.path("/profile"), post),
        ("/v1/activities".to_owned(), post),
        ("/v1/orders".to_owned(), post),
    ];
    for (path, allowed) in cases {
        let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
        for method in methods
            .into_iter()
            .filter(|method| !allowed.contains(method))
        {
            let answer = Request::new(method, &path)
                .with("authorization", format!("Bearer {}", bakery.secret_key))
                .send();
            answer.expect_problem(405, "method_not_allowed");
            assert_eq!(answer.header("allow"), allowed, "{method} {path}");
        }
    }
    assert_eq!((member.document(), member.entries()), before);
}

/// The paths that take a body.
fn posts(member: &Member) -> [String; 8] {
    [
        "/v1/orders".to_owned(),
        "/v1/preview".to_owned(),
        "/v1/quotes".to_owned(),
        "/v1/members".to_owned(),
        "/v1/activities".to_owned(),
        member.path("/adjustments"),
        member.path("/transfers"),
        member.path("/merges"),
    ]
}

fn keyed(shop: &Shop, path: &str) -> Request {
    Request::new("POST", path)
        .with("authorization", format!("Bearer {}", shop.secret_key))
        .with("idempotency-key", fresh("key"))
}
