//! Who may ask: keys and the origins of pages. Who may not learns that and nothing else, and nothing is
//! written for her.

use serde_json::json;

use crate::edge::Request;
use crate::shop::{Member, Shop, cart, fresh, fresh_email, shop};

/// A request to every endpoint that takes a key, without one; each would be answered with 2xx to one.
fn requests(member: &Member) -> Vec<(Request, bool)> {
    let get = |rest| Request::new("GET", member.path(rest));
    let post = |path: String, body| Request::new("POST", path).json(&body);
    let order = json!({ "id": fresh("order"), "customer": { "member_id": member.id }, "cart": cart("20.00") });
    let joins = json!({ "email": fresh_email(), "consent": { "terms": true } });
    let gift = json!({ "points": 5, "reason": "a gift" });
    let review =
        json!({ "id": fresh("act"), "kind": "review", "customer": { "member_id": member.id } });
    vec![
        (get(""), SERVERS),
        (get("/snapshot"), SERVERS),
        (get("/entries"), SERVERS),
        (get("/events"), SERVERS),
        (get("/statement"), SERVERS),
        (get("/household"), SERVERS),
        (Request::new("GET", "/v1/programs"), SERVERS),
        (Request::new("GET", "/v1/programs/3"), SERVERS),
        (
            Request::new("POST", "/v1/programs?dry_run=true")
                .with("content-type", "text/plain")
                .bytes(PROGRAM),
            SERVERS,
        ),
        (post("/v1/orders".into(), order), SERVERS),
        (post("/v1/activities".into(), review), SERVERS),
        (post(member.path("/profile"), json!({})), SERVERS),
        (
            post(member.path("/adjustments"), gift).with("idempotency-key", fresh("key")),
            SERVERS,
        ),
        (
            post("/v1/preview".into(), json!({ "cart": cart("20.00") })),
            PAGES_TOO,
        ),
        (
            post("/v1/quotes".into(), json!({ "cart": cart("20.00") })),
            PAGES_TOO,
        ),
        (post("/v1/members".into(), joins), PAGES_TOO),
    ]
}

/// A program that nobody publishes.
const PROGRAM: &str = "version = 9\nname = \"x\"\npoints = { one = \"a\", other = \"b\" }\nearn.per_unit = { EUR = 1 }";

/// Who an endpoint is for.
const SERVERS: bool = false;
const PAGES_TOO: bool = true;

/// Sends each request with these headers, and finds the member as she was.
fn refused(headers: &[(&str, String)], status: u16, code: &str, which: impl Fn(bool) -> bool) {
    let member = shop("bakery").enrol();
    let before = (member.document(), member.entries());
    let requests = requests(&member).into_iter();
    for (request, audience) in requests.filter(|(_, audience)| which(*audience)) {
        let request = headers
            .iter()
            .fold(request, |request, (name, value)| request.with(name, value));
        let answer = request.send();
        answer.expect_problem(status, code);
        // Pages of the shop's own may read what is wrong with their key; nobody else's page learns it.
        let origin = headers.iter().find(|(name, _)| *name == "origin");
        let own = origin.is_some_and(|(_, origin)| shop("bakery").origins.contains(origin));
        if audience == SERVERS || !own {
            let allowed = answer.header("access-control-allow-origin");
            assert_eq!(allowed, "", "{answer}");
        }
        if status == 401 {
            assert_eq!(answer.header("www-authenticate"), "Bearer", "{answer}");
        }
    }
    assert_eq!((member.document(), member.entries()), before);
}

fn with_key(key: &str) -> [(&'static str, String); 2] {
    // From a page of the shop's own, so that the key alone is what is wrong.
    let origin = shop("bakery").origins[0].clone();
    [
        ("authorization", format!("Bearer {key}")),
        ("origin", origin),
    ]
}

#[test]
fn without_a_key_nobody_is_let_in() {
    refused(&[], 401, "key_missing", |_| true);
    for header in ["", "Bearer", "Basic YTpi", &shop("bakery").secret_key] {
        let headers = [("authorization", header.to_owned())];
        refused(&headers, 401, "key_missing", |_| true);
    }
}

#[test]
fn a_key_that_is_not_the_shops_is_unknown() {
    let Shop {
        secret_key,
        publishable_key,
        ..
    } = shop("bakery");
    let other_last = |key: &str| {
        let (start, last) = key.split_at(key.len() - 1);
        format!("{start}{}", if last == "0" { "1" } else { "0" })
    };
    for key in [
        "nonsense",
        "sk_",
        "sk_bakery",
        "sk_bakery_",
        "sk__0123456789abcdef0123456789abcdef",
        "sk_nowhere_0123456789abcdef0123456789abcdef",
        "sk_bakery' OR '1'='1_0123456789abcdef0123456789abcdef",
        &other_last(secret_key),
        &other_last(publishable_key).replacen("pk", "sk", 1),
        &publishable_key.replacen("pk", "sk", 1),
        &secret_key[..secret_key.len() - 1],
        &format!("{secret_key}0"),
        &secret_key.to_uppercase(),
        &format!("{secret_key} {secret_key}"),
    ] {
        refused(&with_key(key), 401, "key_unknown", |_| true);
    }
    for key in [
        other_last(publishable_key),
        secret_key.replacen("sk", "pk", 1),
    ] {
        refused(&with_key(&key), 401, "key_unknown", |audience| {
            audience == PAGES_TOO
        });
    }
}

#[test]
fn a_page_never_does_what_takes_the_secret_key() {
    let key = with_key(&shop("bakery").publishable_key);
    refused(&key, 403, "secret_key_needed", |audience| {
        audience == SERVERS
    });
}

#[test]
fn a_publishable_key_works_on_the_shops_own_pages_alone() {
    let key = (
        "authorization",
        format!("Bearer {}", shop("bakery").publishable_key),
    );
    let pages = |audience| audience == PAGES_TOO;
    refused(std::slice::from_ref(&key), 403, "origin_not_allowed", pages);
    for origin in [
        "https://evil.example",
        "null",
        "http://shop.example",
        "https://shop.example.evil.example",
        "https://shop.example:8443",
        "https://SHOP.example",
        "https://shop.example/",
    ] {
        let headers = [key.clone(), ("origin", origin.to_owned())];
        refused(&headers, 403, "origin_not_allowed", pages);
    }
    // And there it does work.
    let member = shop("bakery").enrol();
    for origin in &shop("bakery").origins {
        for (request, _) in requests(&member)
            .into_iter()
            .filter(|(_, who)| *who == PAGES_TOO)
        {
            let answer = request.with(key.0, &key.1).with("origin", origin).send();
            assert!(matches!(answer.status, 200 | 202), "{answer}");
            assert_eq!(answer.header("access-control-allow-origin"), origin);
        }
    }
}

#[test]
fn the_secret_key_works_wherever_it_comes_from() {
    let bakery = shop("bakery");
    let member = bakery.enrol();
    for (request, _) in requests(&member) {
        let key = format!("Bearer {}", bakery.secret_key);
        let answer = request.with("authorization", key).send();
        assert!(matches!(answer.status, 200 | 201), "{answer}");
    }
    assert_eq!(member.balance(), 128);
}

#[test]
fn who_may_not_ask_is_not_told_what_is_wrong_with_her_request() {
    let member = shop("bakery").enrol();
    let malformed = Request::new("POST", "/v1/orders")
        .with("content-type", "application/json")
        .bytes("{");
    malformed.clone().send().expect_problem(401, "key_missing");
    malformed
        .with(
            "authorization",
            "Bearer sk_bakery_0123456789abcdef0123456789abcdef",
        )
        .send()
        .expect_problem(401, "key_unknown");
    for path in [member.path(""), "/v1/members/nobody".to_owned()] {
        Request::new("GET", path)
            .with(
                "authorization",
                "Bearer sk_bakery_0123456789abcdef0123456789abcdef",
            )
            .send()
            .expect_problem(401, "key_unknown");
    }
}
