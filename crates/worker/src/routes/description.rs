//! `www/openapi.json` and the table of routes, held together: neither has what the other lacks.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Need, ROUTES, parameters};

const DESCRIPTION: &str = include_str!("../../../../www/openapi.json");

fn description() -> Value {
    serde_json::from_str(DESCRIPTION).expect("the description is JSON")
}

/// The codes that the description lists.
pub(crate) fn described_codes() -> BTreeSet<String> {
    let codes = &description()["components"]["schemas"]["Problem"]["properties"]["code"]["enum"];
    let codes = codes.as_array().expect("the description lists the codes");
    let code = |code: &Value| code.as_str().expect("a code is text").to_owned();
    codes.iter().map(code).collect()
}

#[test]
fn the_description_has_exactly_our_routes_and_who_may_use_them() {
    let description = description();
    let paths = description["paths"]
        .as_object()
        .expect("an object of paths");
    let described: BTreeSet<String> = paths
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().expect("an object of methods");
            methods.iter().map(move |(method, operation)| {
                let schemes = operation["security"].as_array().expect("each says who may");
                let schemes: Vec<&String> = schemes
                    .iter()
                    .flat_map(|scheme| scheme.as_object().expect("a scheme").keys())
                    .collect();
                format!("{} {path} {schemes:?}", method.to_uppercase())
            })
        })
        .collect();
    let ours = ROUTES.iter().map(|route| {
        let schemes: &[&str] = match route.need {
            None => &[],
            Some(Need::AnyKey) => &["publishableKey", "secretKey"],
            Some(Need::SecretKey) => &["secretKey"],
        };
        format!("{} {} {schemes:?}", route.method, route.path)
    });
    assert_eq!(described, ours.collect());
}

#[test]
fn the_description_has_exactly_the_parameters_that_are_heeded() {
    let description = description();
    for route in ROUTES.iter().filter(|it| it.need == Some(Need::SecretKey)) {
        let method = route.method.to_lowercase();
        let operation = &description["paths"][route.path][method];
        let described = operation["parameters"].as_array().into_iter().flatten();
        let of_query = described.filter(|it| it["in"] == "query");
        let described: Vec<&str> = of_query.filter_map(|it| it["name"].as_str()).collect();
        assert_eq!(described, parameters(route.endpoint), "{}", route.path);
    }
}

#[test]
fn every_reference_of_the_description_leads_somewhere() {
    fn check(value: &Value, whole: &Value) {
        match value {
            Value::Object(fields) => {
                if let Some(Value::String(target)) = fields.get("$ref") {
                    let found = target.strip_prefix('#').and_then(|at| whole.pointer(at));
                    assert!(found.is_some(), "{target} leads nowhere");
                }
                fields.values().for_each(|field| check(field, whole));
            }
            Value::Array(items) => items.iter().for_each(|item| check(item, whole)),
            _ => {}
        }
    }
    let description = description();
    check(&description, &description);
}
