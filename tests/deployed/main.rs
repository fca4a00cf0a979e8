//! What is deployed is no demo: the Worker of the scenarios, served once more without the variable `DEMO`.
//!
//! Its invariant: whatever a developer may do on her machine, and nobody else, is not there.

use std::{env, fs};

use serde_json::{Value, json};
use ureq::http::{Request, Response};
use ureq::{Agent, Body};

/// What `cargo xtask test edge` tells of the edge that it serves.
fn told(variable: &str) -> String {
    env::var(variable).unwrap_or_else(|_| {
        panic!("{variable} is not set, so there is no edge to test: run `cargo xtask test edge`")
    })
}

/// What a shop's server sends, saying what time it is.
fn sent(method: &str, path: &str, body: &Value, now: &str) -> Response<Body> {
    let shops = fs::read_to_string(told("EARNEST_SHOPS")).expect("the list of the shops");
    let shops: Value = serde_json::from_str(&shops).expect("a list of shops");
    let mut shops = shops.as_array().expect("a list of shops").iter();
    let shop = shops.find(|shop| shop["shop"] == "alpha").expect("a shop");
    let key = shop["secret_key"].as_str().expect("a key");
    let request = Request::builder()
        .method(method)
        .uri(told("EARNEST_EDGE") + path)
        .header("authorization", format!("Bearer {key}"))
        .header("content-type", "application/json")
        .header("demo-now", now);
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let agent: Agent = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .into();
    let request = request.body(body).expect("a request");
    agent.run(request).expect("an answer")
}

fn document(mut answer: Response<Body>) -> Value {
    let text = answer.body_mut().read_to_string().expect("a text");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn nobody_says_what_time_it_is() {
    for (nth, now) in ["2011-01-01T12:00:00Z", "2999-01-01T12:00:00Z", "yesterday"]
        .into_iter()
        .enumerate()
    {
        let body =
            json!({ "email": format!("nobody-{nth}@example.com"), "consent": { "terms": true } });
        let answer = sent("POST", "/v1/members", &body, now);
        assert!(answer.status().is_success(), "{now}: {}", answer.status());
        let told = document(answer);
        let joined_at = told["enrolled_at"].as_str().expect("an instant");
        let is_moved = joined_at.starts_with("2011") || joined_at.starts_with("2999");
        assert!(!is_moved, "{now} moved the clock: {told}");
        // Only what needs the secret key would tell what it cost.
        let path = format!("/v1/members/{}", told["id"].as_str().expect("an id"));
        let answer = sent("GET", &path, &Value::Null, now);
        assert_eq!(answer.status(), 200, "{path}");
        assert!(answer.headers().get("earnest-cost").is_none());
    }
}

#[test]
fn there_is_no_demo_store_and_nobody_runs_the_cron() {
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/demo/index.html"),
        ("GET", "/demo/checkout"),
        ("GET", "/demo/account"),
        ("GET", "/demo/history"),
        ("GET", "/demo/ledger"),
        ("POST", "/demo/order"),
        ("POST", "/demo/settle"),
        ("POST", "/demo/sign-in"),
    ] {
        let answer = sent(method, path, &Value::Null, "2011-01-01T12:00:00Z");
        assert_eq!(answer.status(), 404, "{method} {path}");
        let told = document(answer);
        assert_eq!(told["code"], "not_found", "{method} {path}");
    }
}
