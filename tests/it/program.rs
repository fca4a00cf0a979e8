//! The published program: public, cacheable, and to the byte what its digest says.

use serde_json::json;

use crate::edge::{Answer, Request};

fn program(shop: &str) -> Request {
    Request::new("GET", format!("/v1/program?shop={shop}"))
}

/// What every answer about a program tells pages and caches.
fn public(answer: &Answer, tag: &str) {
    assert_eq!(answer.header("etag"), tag);
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    let cache = answer.header("cache-control");
    assert!(
        cache.contains("public") && cache.contains("max-age="),
        "{cache}"
    );
}

#[test]
fn a_program_is_public_and_tagged_with_its_digest() {
    let answer = program("bakery").send();
    let document = answer.expect(200);
    assert_eq!(
        (&document["version"], &document["name"]),
        (&json!(3), &json!("The bakery's club"))
    );
    assert_eq!(document["welcome_points"], 100);
    let digest = document["digest"].as_str().expect("a digest");
    assert!(digest.starts_with("sha256:"), "{digest}");
    public(&answer, &format!("\"{digest}\""));
    // Another page gets the same.
    let foreign = program("bakery")
        .with("origin", "https://anywhere.example")
        .send();
    assert_eq!(foreign.body, answer.body);
    public(&foreign, answer.header("etag"));
}

#[test]
fn who_has_the_program_is_told_that_it_is_the_same() {
    let tag = program("bakery").send().header("etag").to_owned();
    for known in [
        tag.clone(),
        format!("W/{tag}"),
        format!("\"old\", {tag}"),
        "*".to_owned(),
    ] {
        let answer = program("bakery").with("if-none-match", &known).send();
        assert_eq!((answer.status, answer.body.as_str()), (304, ""), "{known}");
        public(&answer, &tag);
    }
    for other in ["\"old\"", "\"sha256:0\"", "nonsense"] {
        let answer = program("bakery").with("if-none-match", other).send();
        answer.expect(200);
        public(&answer, &tag);
    }
    let others = program("bookshop").with("if-none-match", &tag).send();
    others.expect(200);
}

#[test]
fn the_head_of_a_program_is_that_of_its_document() {
    let whole = program("bakery").send();
    let head = Request::new("HEAD", "/v1/program?shop=bakery").send();
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    public(&head, whole.header("etag"));
}

#[test]
fn a_shop_without_a_program_has_none() {
    for shop in [
        "nowhere",
        "Bakery",
        "a%20b",
        "",
        "../bakery",
        "program:bakery",
        &"a".repeat(600),
    ] {
        let answer = program(shop).send();
        answer.expect_problem(404, "program_not_published");
        // A page may read what went wrong, and no cache keeps it.
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{shop}");
        assert_eq!(answer.header("cache-control"), "no-store", "{shop}");
    }
    let unnamed = Request::new("GET", "/v1/program").send();
    let problem = unnamed.expect_problem(400, "parameter_invalid");
    assert_eq!(problem["parameter"], "shop");
}
