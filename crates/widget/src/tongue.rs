//! How numbers are said.
//!
//! Owns what a text may ask for. The browser's `Intl` does the saying, through `tongue.js`.

use earnest_core::Money;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::engine::points_number;

/// What a text needs to say numbers.
pub(crate) trait Tongue {
    /// A whole number: `1,234`.
    fn count(&self, points: i64) -> String;
    /// A step of a sum, with its sign: `+39.98`.
    fn step(&self, exact: &str) -> String;
    /// An amount of money: `€1.20`.
    fn money(&self, money: Money) -> String;
    /// Whether the number takes the word for one.
    fn is_one(&self, points: i64) -> bool;
}

#[wasm_bindgen(module = "/src/tongue.js")]
extern "C" {
    /// The browser's `Intl` in the page's locale.
    pub(crate) type Speech;

    #[wasm_bindgen(constructor)]
    pub(crate) fn new(locale: &str) -> Speech;

    #[wasm_bindgen(method, js_name = count)]
    fn say_count(this: &Speech, points: f64) -> String;

    #[wasm_bindgen(method, js_name = step)]
    fn say_step(this: &Speech, exact: &str) -> String;

    #[wasm_bindgen(method, js_name = money)]
    fn say_money(this: &Speech, amount: &str, currency: &str) -> String;

    #[wasm_bindgen(method, js_name = isOne)]
    fn takes_one(this: &Speech, points: f64) -> bool;
}

impl Tongue for Speech {
    fn count(&self, points: i64) -> String {
        self.say_count(points_number(points))
    }

    fn step(&self, exact: &str) -> String {
        self.say_step(exact)
    }

    fn money(&self, money: Money) -> String {
        self.say_money(&money.amount().to_string(), money.currency().code())
    }

    fn is_one(&self, points: i64) -> bool {
        self.takes_one(points_number(points))
    }
}
