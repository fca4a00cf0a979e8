//! Conditions as a merchant writes them.

use std::collections::BTreeMap;

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::wire::DecimalText;

/// When a rule applies: all that is written must hold, and of each list one item.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "When"))]
#[serde(deny_unknown_fields, default)]
pub struct ConditionSource {
    /// Product ids.
    #[serde(deserialize_with = "something")]
    pub products: Vec<String>,
    /// Categories of the product.
    #[serde(deserialize_with = "something")]
    pub categories: Vec<String>,
    /// Tags of the product, or of the activity (`photo`).
    #[serde(deserialize_with = "something")]
    pub tags: Vec<String>,
    /// Brands.
    #[serde(deserialize_with = "something")]
    pub brands: Vec<String>,
    /// Vendors, for a shop that sells for others.
    #[serde(deserialize_with = "something")]
    pub vendors: Vec<String>,
    /// What the line is worth after all discounts, by currency: `{ EUR = { at_least = 20 } }`.
    #[serde(deserialize_with = "something")]
    pub line_amount: BTreeMap<String, AmountSource>,
    /// How many units the line has, or how much the activity: `{ at_least = 3 }`.
    pub quantity: Option<CountSource>,
    /// Currencies of the order: `["EUR"]`.
    #[serde(deserialize_with = "something")]
    pub currencies: Vec<String>,
    /// What counts of the order, by currency: `{ EUR = { at_least = 50, at_most = 200 } }`.
    #[serde(deserialize_with = "something")]
    pub order_amount: BTreeMap<String, AmountSource>,
    /// How the order is paid: `["store-card"]`. The shop says so in `cart.payment_method`.
    #[serde(deserialize_with = "something")]
    pub payment_methods: Vec<String>,
    /// Where it is sold: `["web", "app", "till"]`.
    #[serde(deserialize_with = "something")]
    pub channels: Vec<String>,
    /// Stores.
    #[serde(deserialize_with = "something")]
    pub locations: Vec<String>,
    /// How the order is delivered: `["pickup", "slow"]`. The shop says so in `cart.delivery`.
    #[serde(deserialize_with = "something")]
    pub deliveries: Vec<String>,
    /// Coupons, one of which is used on the order.
    #[serde(deserialize_with = "something")]
    pub coupons: Vec<String>,
    /// Partners, one of whom the order is of.
    #[serde(deserialize_with = "something")]
    pub partners: Vec<String>,
    /// Only a member's first order.
    pub first_order: bool,
    /// Which of her orders it is: `{ at_least = 2, at_most = 5 }`.
    pub order_number: Option<CountSource>,
    /// Only every n-th order of a member: 5 for the 5th, 10th, 15th.
    pub every_nth_order: Option<i64>,
    /// Ids of tiers, in one of which the member is.
    #[serde(deserialize_with = "something")]
    pub tiers: Vec<String>,
    /// Segments, in one of which the shop has put the member.
    #[serde(deserialize_with = "something")]
    pub segments: Vec<String>,
    /// Tags that the shop has given the member.
    #[serde(deserialize_with = "something")]
    pub customer_tags: Vec<String>,
    /// Whole days since she joined: `{ at_least = 365 }`.
    pub member_days: Option<CountSource>,
    /// Whole days since her last order: `{ at_least = 60 }`. Nobody's first order fits.
    pub days_since_last_order: Option<CountSource>,
    /// Only on her birthday: the `day`, the `week` from Monday to Sunday, or the `month`.
    pub birthday: Option<BirthdayName>,
    /// Only while a paid membership runs.
    pub paid_member: bool,
    /// From when: a day, or a date with its time.
    pub from: Option<String>,
    /// Until when. A day on its own is the last one.
    pub until: Option<String>,
    /// Days of the week: `["sat", "sun"]`.
    #[serde(deserialize_with = "something")]
    pub weekdays: Vec<String>,
    /// Hours of the day: `"14:00-18:00"`, or over midnight `"22:00-02:00"`. The end is not included. Each hour is of
    /// the day on which it is: with `weekdays = ["fri"]` the second is the first two and the last two hours of Friday,
    /// and not the night to Saturday, which two rules or both days say.
    pub hours: Option<String>,
    /// Days of the month: `[1, 15]`.
    #[serde(deserialize_with = "something")]
    pub days_of_month: Vec<i64>,
    /// Months: `[12]` for December.
    #[serde(deserialize_with = "something")]
    pub months: Vec<i64>,
    /// Weeks of the month by their days: 1 is days 1 to 7, and -1 the last seven days. `[1]` with
    /// `weekdays = ["mon"]` is the first Monday.
    #[serde(deserialize_with = "something")]
    pub weeks_of_month: Vec<i64>,
    /// What must not hold.
    pub not: NotSource,
}

/// A list that says something: of nothing nobody can be one, and a rule without the list is for everybody.
pub(super) fn something<'de, D: Deserializer<'de>, T>(deserializer: D) -> Result<T, D::Error>
where
    T: Deserialize<'de> + Default + PartialEq,
{
    let written = T::deserialize(deserializer)?;
    if written == T::default() {
        return Err(D::Error::custom(
            "nothing is written here; write at least one, or remove the key",
        ));
    }
    Ok(written)
}

/// What must not hold: of each list, none may fit.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Not"))]
#[serde(deny_unknown_fields, default)]
pub struct NotSource {
    /// Product ids.
    pub products: Vec<String>,
    /// Categories of the product.
    pub categories: Vec<String>,
    /// Tags of the product.
    pub tags: Vec<String>,
    /// Brands.
    pub brands: Vec<String>,
    /// Vendors.
    pub vendors: Vec<String>,
    /// How the order is paid.
    pub payment_methods: Vec<String>,
    /// Where it is sold.
    pub channels: Vec<String>,
    /// Stores.
    pub locations: Vec<String>,
    /// How the order is delivered.
    pub deliveries: Vec<String>,
    /// Coupons.
    pub coupons: Vec<String>,
    /// Partners.
    pub partners: Vec<String>,
    /// Ids of tiers.
    pub tiers: Vec<String>,
    /// Segments.
    pub segments: Vec<String>,
    /// Tags that the shop has given the member.
    pub customer_tags: Vec<String>,
}

/// A number within bounds, both included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Count"))]
#[serde(deny_unknown_fields, default)]
pub struct CountSource {
    /// The least.
    pub at_least: Option<i64>,
    /// The most.
    pub at_most: Option<i64>,
}

/// An amount within bounds, both included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Amount"))]
#[serde(deny_unknown_fields, default)]
pub struct AmountSource {
    /// The least.
    pub at_least: Option<DecimalText>,
    /// The most.
    pub at_most: Option<DecimalText>,
}

/// How near to her birthday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Birthday"))]
#[serde(rename_all = "lowercase")]
pub enum BirthdayName {
    /// On the day.
    Day,
    /// From Monday to Sunday of its week.
    Week,
    /// In its month.
    Month,
}
