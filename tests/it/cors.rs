//! Which pages may read which answers.

use serde_json::json;

use crate::edge::{Answer, Request};
use crate::shop::{cart, fresh_email, shop};

fn preflight(path: &str, origin: &str) -> Answer {
    Request::new("OPTIONS", path)
        .with("origin", origin)
        .with("access-control-request-method", "POST")
        .with(
            "access-control-request-headers",
            "authorization,content-type",
        )
        .send()
}

fn listed(answer: &Answer, header: &str, word: &str) -> bool {
    let words = answer.header(header).split(',').map(str::trim);
    words
        .into_iter()
        .any(|listed| listed.eq_ignore_ascii_case(word))
}

#[test]
fn a_preflight_lets_pages_ask_what_is_for_pages() {
    let origin = &shop("bakery").origins[0];
    for path in ["/v1/preview", "/v1/quotes", "/v1/members"] {
        let answer = preflight(path, origin);
        assert_eq!((answer.status, answer.body.as_str()), (204, ""), "{answer}");
        assert!(
            matches!(answer.header("access-control-allow-origin"), "*")
                || answer.header("access-control-allow-origin") == origin
        );
        assert!(
            listed(&answer, "access-control-allow-methods", "POST"),
            "{path}"
        );
        for header in ["authorization", "content-type"] {
            assert!(
                listed(&answer, "access-control-allow-headers", header),
                "{path}: {header}"
            );
        }
    }
}

#[test]
fn a_preflight_lets_no_page_ask_what_is_for_servers() {
    let origin = &shop("bakery").origins[0];
    for path in [
        "/v1/programs",
        "/v1/programs/3",
        "/v1/orders",
        "/v1/members/x",
        "/v1/members/x/entries",
        "/v1/members/x/events",
        "/v1/members/x/statement",
        "/v1/members/x/snapshot",
        "/v1/members/x/adjustments",
        "/v1/members/x/profile",
        "/v1/members/x/household",
        "/v1/members/x/transfers",
        "/v1/members/x/merges",
        "/v1/activities",
    ] {
        let answer = preflight(path, origin);
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
        assert_eq!(answer.header("access-control-allow-methods"), "", "{path}");
    }
    let nowhere = preflight("/v1/nowhere", origin);
    nowhere.expect_problem(404, "not_found");
    assert_eq!(nowhere.header("access-control-allow-origin"), "");
}

#[test]
fn only_the_shops_own_pages_read_what_its_publishable_key_gets() {
    let bakery = shop("bakery");
    let preview = json!({ "cart": cart("20.00") });
    for origin in &bakery.origins {
        let answer = bakery
            .page_post("/v1/preview", &preview)
            .with("origin", origin)
            .send();
        answer.expect(200);
        assert_eq!(answer.header("access-control-allow-origin"), origin);
        assert!(listed(&answer, "vary", "origin"), "{origin}");
        assert_eq!(answer.header("access-control-allow-credentials"), "");
    }
    let foreign = bakery
        .page_post("/v1/preview", &preview)
        .with("origin", "https://evil.example");
    let foreign = foreign.send();
    foreign.expect_problem(403, "origin_not_allowed");
    assert_eq!(foreign.header("access-control-allow-origin"), "");
}

#[test]
fn no_page_reads_what_a_secret_key_gets() {
    let bakery = shop("bakery");
    let member = bakery.enrol();
    let own = &bakery.origins[0];
    for path in [
        member.path(""),
        member.path("/snapshot"),
        member.path("/entries"),
    ] {
        let answer = bakery.get(&path).with("origin", own).send();
        answer.expect(200);
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
    }
}

#[test]
fn answers_are_not_cached_and_their_type_is_not_guessed() {
    let bakery = shop("bakery");
    let joins = json!({ "email": fresh_email(), "consent": { "terms": true } });
    for answer in [
        bakery
            .page_post("/v1/preview", &json!({ "cart": cart("20.00") }))
            .send(),
        bakery.page_post("/v1/members", &joins).send(),
        bakery.get(&bakery.enrol().path("")).send(),
        Request::new("GET", "/v1/nowhere").send(),
    ] {
        assert_eq!(answer.header("cache-control"), "no-store", "{answer}");
        assert_eq!(
            answer.header("x-content-type-options"),
            "nosniff",
            "{answer}"
        );
    }
}
