//! How numbers are said: in the shopper's locale, by the browser's `Intl`.
//!
//! Owns number formats and the plural rule. Its invariant: numbers reach `Intl` as decimal text, so no
//! amount passes through a float.

use earnest_core::Money;
use js_sys::{Array, Function, Intl, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

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

/// The browser's `Intl` in one locale.
#[derive(Debug)]
pub(crate) struct Locale {
    locales: Array,
    count: Function,
    step: Function,
    plural: Intl::PluralRules,
}

impl Locale {
    /// Speaks as the page does; a locale that the browser refuses is the browser's own.
    pub(crate) fn new(locale: &str) -> Self {
        let wanted = Array::of1(&locale.into());
        let supported = Intl::NumberFormat::supported_locales_of(&wanted, &Object::new());
        let locales = if supported.length() > 0 {
            wanted
        } else {
            Array::new()
        };
        let step = options(&[
            ("signDisplay", "exceptZero"),
            ("maximumFractionDigits", "10"),
        ]);
        Self {
            count: Intl::NumberFormat::new(&locales, &Object::new()).format(),
            step: Intl::NumberFormat::new(&locales, &step).format(),
            plural: Intl::PluralRules::new(&locales, &Object::new()),
            locales,
        }
    }
}

impl Tongue for Locale {
    fn count(&self, points: i64) -> String {
        format(&self.count, &points.to_string())
    }

    fn step(&self, exact: &str) -> String {
        format(&self.step, exact)
    }

    fn money(&self, money: Money) -> String {
        let currency = money.currency().code();
        let options = options(&[("style", "currency"), ("currency", currency)]);
        let money_format = Intl::NumberFormat::new(&self.locales, &options).format();
        format(&money_format, &money.amount().to_string())
    }

    fn is_one(&self, points: i64) -> bool {
        self.plural.select(crate::engine::points_number(points)) == "one"
    }
}

/// `Intl` takes numbers as text and formats every digit of them.
fn format(format: &Function, number: &str) -> String {
    let formatted = format.call1(&JsValue::UNDEFINED, &number.into());
    formatted
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_else(|| number.to_owned())
}

fn options(pairs: &[(&str, &str)]) -> Object {
    let options = Object::new();
    for (key, value) in pairs {
        // Setting a property of an object that was just made cannot fail.
        let _set = Reflect::set(&options, &(*key).into(), &(*value).into());
    }
    options.unchecked_into()
}
