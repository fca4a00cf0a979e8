use earnest_core::wire::CartDocument;
use earnest_core::{Timestamp, compile, evaluate};
use serde_json::{Value, json};

use super::*;

#[test]
fn an_earning_is_told_as_serde_tells_it() {
    let source = r#"
        version = 7
        name = "Beans"
        points = { one = "bean", other = "beans" }
        earn.per_unit = { EUR = 1.5 }
        balances = [{ id = "credit", name = "Store \\ credit", currency = "EUR" }]
        tiers = [{ id = "new", name = "New", from_points = 0, multiplier = 1.25 }]
        rules = [
            { id = "tea", label = "2x", when.categories = ["tea"], grant.multiply = 2 },
            { id = "each", label = "+5", grant = { bonus = 5, per = "item" } },
            { id = "back", label = "3% back", grant.percent = 3, balance = "credit" },
        ]
        [[exclusions]]
        id = "cards"
        label = "\"Cards\" don't\n earn \\ beans \u0001 ü 🫘"
        when.categories = ["cards"]
    "#;
    let program = compile::compile(source)
        .expect("a program of the test")
        .program;
    for lines in [
        json!([]),
        json!([{"id": "a\"b", "product": "p", "categories": ["tea"], "quantity": 2, "unit_price": "9.99"},
               {"id": "2", "product": "p", "categories": ["cards"], "quantity": 1, "unit_price": "5.00"}]),
    ] {
        let cart: CartDocument = serde_json::from_value(json!({"currency": "EUR", "lines": lines}))
            .expect("a document of the test");
        let cart = Cart::try_from(cart).expect("a cart of the test");
        let now = Timestamp::from_millis(0);
        let earning = evaluate(&program, &program.newcomer(), &cart, now).expect("an earning");
        let told: Value = serde_json::from_str(&tell(&program, &cart, &earning)).expect("JSON");
        let document = EarningDocument::new(&program, &cart, &earning);
        assert_eq!(told, serde_json::to_value(&document).expect("a value"));
    }
}
