//! Pinned formats: what is stored, sent or signed, byte for byte.
//!
//! A change here breaks what shops have embedded and what orders have pinned. It needs a reason, and
//! where old bytes are kept, a way to read them.

use expect_test::expect;
use serde_json::json;

use super::{CartDocument, EarningDocument, ProgramDocument, SnapshotDocument};
use crate::{Cart, Program, Snapshot, Timestamp, compile, evaluate};

const EVERYTHING: &str = r#"
version = 3
name = "Slow Harbour Beans"
welcome_points = 100
starts_at = 2026-03-01T00:00:00+01:00
ends_at = 2027-03-01T00:00:00+01:00

[points]
one = "bean"
other = "beans"
worth = { EUR = "0.010" }

[earn]
per_unit = { JPY = 0.01, EUR = "1.50" }
minimum_order = { EUR = 5.00 }
include_tax = false
include_shipping = true
rounding = "half-even"
round_per = "line"

[[tiers]]
id = "silver"
name = "Silver"
from_points = 300
multiplier = "1.250"

[[tiers]]
id = "plain"
name = "Plain"
from_points = 400

[[exclusions]]
id = "gift-cards"
label = "Gift cards don't earn beans"
when = { categories = ["gift-cards"] }

[[rules]]
id = "double-coffee"
label = "2x on coffee ☕"
grant = { multiply = 2 }

[rules.when]
products = ["kenya-aa"]
categories = ["coffee"]
tags = ["new"]
tiers = ["silver"]
from = 2026-06-01T17:00:00+02:00
until = 2026-06-01T18:00:00+02:00

[[rules]]
id = "bundle"
label = "Tasting bundle"
when = { products = ["tasting-bundle"] }
grant = { bonus = 25, per = "item" }

[[rules]]
id = "thanks"
label = "A thank-you"
grant = { bonus = 1 }
"#;

const CART: &str = r#"{"currency":"EUR","lines":[{"id":"l1","product":"tasting-bundle","quantity":2,"unit_price":"19.9"},{"id":"l2","product":"card","categories":["gift-cards"],"quantity":1,"unit_price":"5","tax":"0.00"}],"discount":"4.00","shipping":"0"}"#;

#[test]
fn a_published_program() {
    let document = compile::compile(EVERYTHING)
        .expect("a valid program")
        .document;
    expect![[r#"{"version":3,"name":"Slow Harbour Beans","digest":"sha256:92e165b7c7efb0987899381905fbe81b45feb47fbac430e0c4975ab4a72da2a8","points":{"one":"bean","other":"beans","worth":{"EUR":"0.01"}},"starts_at":1772319600000,"ends_at":1803855600000,"earn":{"rates":[{"currency":"EUR","label":"1.5 beans per 1.00 EUR","spend":{"currency":"EUR","per_unit":"1.5"},"minimum_order_minor":500},{"currency":"JPY","label":"1 bean per 100 JPY","spend":{"currency":"JPY","per_unit":"0.01"}}],"include_tax":false,"include_shipping":true,"rounding":"half-even","round_per":"line"},"welcome_points":100,"tiers":[{"id":"silver","name":"Silver","label":"Silver: 1.25x","from_points":300,"multiplier":"1.25"},{"id":"plain","name":"Plain","label":"Plain: 1x","from_points":400}],"exclusions":[{"id":"gift-cards","label":"Gift cards don't earn beans","when":[{"fact":"category","any_of":["gift-cards"]}]}],"rules":[{"id":"double-coffee","label":"2x on coffee ☕","when":[{"fact":"product","any_of":["kenya-aa"]},{"fact":"category","any_of":["coffee"]},{"fact":"tag","any_of":["new"]},{"fact":"tier","any_of":["silver"]},{"fact":"instant","within":[{"from":1780326000000,"to":1780329599999}]}],"grant":{"multiply":"2"}},{"id":"bundle","label":"Tasting bundle","when":[{"fact":"product","any_of":["tasting-bundle"]}],"grant":{"bonus":25,"per":"item"}},{"id":"thanks","label":"A thank-you","grant":{"bonus":1}}]}"#]].assert_eq(&document);
}

#[test]
fn the_smallest_published_program() {
    let source =
        "version = 1\nname = 'C'\npoints = { one = 's', other = 's' }\nearn.per_unit = { EUR = 1 }";
    let document = compile::compile(source).expect("a valid program").document;
    expect![[r#"{"version":1,"name":"C","digest":"sha256:16c0e3886a117be81105e2f960969b090682f023a485be11020144433ec4ee0d","points":{"one":"s","other":"s"},"earn":{"rates":[{"currency":"EUR","label":"1 s per 1.00 EUR","spend":{"currency":"EUR","per_unit":"1"}}],"include_tax":true,"include_shipping":false,"rounding":"floor","round_per":"order"},"welcome_points":0}"#]].assert_eq(&document);
}

#[test]
fn the_same_program_has_the_same_digest_however_it_is_written() {
    let shuffled = "earn = { per_unit = { 'EUR' = 0x1 } } # a comment\n\
                    points.other = 's'\npoints.one = \"s\"\nname = '''C'''\nversion = 1_0\n";
    let tidy = "version = 10\nname = 'C'\npoints = { one = 's', other = 's' }\nearn.per_unit = { EUR = '1.00' }";
    let document = |source| compile::compile(source).expect("a valid program").document;
    assert_eq!(document(shuffled), document(tidy));
    assert_ne!(document(tidy), document(&tidy.replace("10", "11")));
}

#[test]
fn a_published_program_is_read_as_it_was_compiled() {
    let compiled = compile::compile(EVERYTHING).expect("a valid program");
    let document: ProgramDocument = serde_json::from_str(&compiled.document).expect("a document");
    assert_eq!(
        serde_json::to_string(&document).expect("JSON"),
        compiled.document
    );
    assert_eq!(Program::try_from(document), Ok(compiled.program));
}

#[test]
fn an_earning() {
    let program = compile::compile(EVERYTHING)
        .expect("a valid program")
        .program;
    let cart: CartDocument = serde_json::from_str(CART).expect("a cart document");
    let cart = Cart::try_from(cart).expect("a valid cart");
    let member = SnapshotDocument {
        tier: Some("silver".into()),
        ..SnapshotDocument::default()
    };
    let member = Snapshot::try_from(member).expect("a snapshot");
    let now = Timestamp::from_millis(1_780_000_000_000);
    let earning = evaluate(&program, &member, &cart, now).expect("few points");
    let document = EarningDocument::new(&program, &cart, &earning);
    let text = serde_json::to_string(&document).expect("JSON");
    let engine = json!(crate::ENGINE_VERSION).to_string();
    expect![[r#"{"points":119,"currency":"EUR","counted":"36.25","lines":[{"id":"l1","points":119,"counted":"36.25","reasons":[{"code":"rate","rule":null,"label":"1.5 beans per 1.00 EUR","factor":"1.5","points_exact":"54.375"},{"code":"tier","rule":"silver","label":"Silver: 1.25x","factor":"1.25","points_exact":"13.59375"},{"code":"bonus","rule":"bundle","label":"Tasting bundle","factor":null,"points_exact":"50"},{"code":"bonus","rule":"thanks","label":"A thank-you","factor":null,"points_exact":"1"},{"code":"rounding","rule":null,"label":"Rounded to the nearest","factor":null,"points_exact":"0.03125"}]},{"id":"l2","points":0,"counted":"0.00","reasons":[{"code":"excluded","rule":"gift-cards","label":"Gift cards don't earn beans","factor":null,"points_exact":"0"}]}],"reasons":[{"code":"rate","rule":null,"label":"1.5 beans per 1.00 EUR","factor":"1.5","points_exact":"54.375"},{"code":"tier","rule":"silver","label":"Silver: 1.25x","factor":"1.25","points_exact":"13.59375"},{"code":"bonus","rule":"bundle","label":"Tasting bundle","factor":null,"points_exact":"50"},{"code":"bonus","rule":"thanks","label":"A thank-you","factor":null,"points_exact":"1"},{"code":"rounding","rule":null,"label":"Rounded to the nearest","factor":null,"points_exact":"0.03125"},{"code":"excluded","rule":"gift-cards","label":"Gift cards don't earn beans","factor":null,"points_exact":"0"}],"program":{"version":3,"digest":"sha256:92e165b7c7efb0987899381905fbe81b45feb47fbac430e0c4975ab4a72da2a8"},"engine":…}"#]].assert_eq(&text.replace(&format!("\"engine\":{engine}"), "\"engine\":…"));
}

#[test]
fn a_cart_in_its_canonical_form() {
    let cart: CartDocument = serde_json::from_str(CART).expect("a cart document");
    let cart = Cart::try_from(cart).expect("a valid cart");
    let text = serde_json::to_string(&CartDocument::from(&cart)).expect("JSON");
    expect![[r#"{"currency":"EUR","prices_include_tax":true,"lines":[{"id":"l1","product":"tasting-bundle","quantity":2,"unit_price":"19.90"},{"id":"l2","product":"card","categories":["gift-cards"],"quantity":1,"unit_price":"5.00"}],"discount":"4.00"}"#]].assert_eq(&text);
}

#[test]
fn a_snapshot() {
    let newcomer = Snapshot::default();
    let text = serde_json::to_string(&SnapshotDocument::from(&newcomer)).expect("JSON");
    expect![[r#"{"tier":null,"balance_points":0,"earned_points":0}"#]].assert_eq(&text);
}

#[test]
fn a_snapshot_that_nobody_can_have_is_refused() {
    let check = |document: serde_json::Value, expected: Result<(), &str>| {
        let document: SnapshotDocument = serde_json::from_value(document).expect("a document");
        let made = Snapshot::try_from(document).map(|_| ());
        assert_eq!(
            made.map_err(|error| error.to_string()),
            expected.map_err(str::to_owned)
        );
    };
    let most = crate::limits::MAX_POINTS;
    check(json!({}), Ok(()));
    check(
        json!({ "tier": null, "balance_points": most, "earned_points": 0 }),
        Ok(()),
    );
    let told = "balance_points is a whole number from 0 to 9007199254740991";
    check(json!({ "balance_points": -1 }), Err(told));
    check(
        json!({ "balance_points": 9_007_199_254_740_992_i64 }),
        Err(told),
    );
    let told = "earned_points is a whole number from 0 to 9007199254740991";
    check(json!({ "earned_points": i64::MIN }), Err(told));
}
