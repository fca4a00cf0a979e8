//! Conditions: what must hold for a rule to apply, as uniform tests of facts.
//!
//! Owns the facts that there are and how one is tested; what a fact is worth on an occasion is
//! [`evaluate`](crate::evaluate())'s business. Its invariant: a fact that is not known fits no test that
//! asks for something.

use crate::Currency;

/// All that a rule asks for: every test must hold; an empty condition always does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// Tests that are the same for every line: of the order, the member and the time.
    pub order: Vec<Test>,
    /// Tests of a line.
    pub line: Vec<Test>,
    /// The [`mark`]s of texts of which a line has one at least; 0 where it need not.
    pub(crate) marks: u64,
}

/// A test of one fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// One of the fact's texts is among these; with `not`, none of them is.
    Text {
        /// What is tested.
        fact: Fact,
        /// Whether none must fit.
        not: bool,
        /// The texts.
        texts: Vec<String>,
    },
    /// The fact's number is within one of these ranges.
    Number {
        /// What is tested.
        fact: Fact,
        /// The ranges.
        ranges: Vec<Range>,
    },
}

/// Some whole numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// Where the number is an amount: only in this currency, in its minor units.
    pub currency: Option<Currency>,
    /// The least.
    pub from: i64,
    /// The most.
    pub to: i64,
    /// Only every n-th, counted from the least; 1 for all.
    pub step: i64,
}

impl Range {
    /// From the one to the other, both included.
    #[must_use]
    pub fn new(from: i64, to: i64) -> Self {
        Self {
            currency: None,
            from,
            to,
            step: 1,
        }
    }

    /// Whether the number is among them, on an occasion of this currency.
    #[must_use]
    pub fn contains(&self, number: i64, currency: Option<Currency>) -> bool {
        let beyond = number.checked_sub(self.from);
        (self.currency.is_none() || self.currency == currency)
            && self.from <= number
            && number <= self.to
            && (self.step <= 1 || beyond.and_then(|it| it.checked_rem(self.step)) == Some(0))
    }
}

macro_rules! facts {
    ($($(#[$doc:meta])+ $fact:ident $name:literal,)+) => {
        /// What a condition can ask about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Fact {
            $($(#[$doc])+ $fact,)+
        }

        impl Fact {
            /// All of them with their names on the wire.
            const NAMES: &[(&str, Self)] = &[$(($name, Self::$fact),)+];
        }
    };
}

facts! {
    /// Text: the line's product.
    Product "product",
    /// Texts: the line's categories.
    Category "category",
    /// Texts: the line's tags, or the activity's.
    Tag "tag",
    /// Text: the line's brand.
    Brand "brand",
    /// Text: the line's vendor.
    Vendor "vendor",
    /// Number: what of the line counts, in minor units.
    LineAmount "line_amount",
    /// Number: the line's units.
    Quantity "quantity",
    /// Text: the order's currency.
    Currency "currency",
    /// Number: what of the order counts, in minor units.
    OrderAmount "order_amount",
    /// Text: how it is paid.
    PaymentMethod "payment_method",
    /// Text: where it is sold: web, app, till.
    Channel "channel",
    /// Text: the store.
    Location "location",
    /// Text: how it is delivered: pickup, slow.
    Delivery "delivery",
    /// Texts: the coupons used.
    Coupon "coupon",
    /// Text: the partner whose order it is.
    Partner "partner",
    /// Number: which of her orders it is; 1 for the first.
    OrderNumber "order_number",
    /// Text: the member's tier.
    Tier "tier",
    /// Texts: the member's segments.
    Segment "segment",
    /// Texts: the member's tags.
    CustomerTag "customer_tag",
    /// Number: whole days since she joined; 0 for who joins now.
    MemberDays "member_days",
    /// Number: whole days since her last order.
    DaysSinceLastOrder "days_since_last_order",
    /// Number: 1 while her paid membership runs, else 0.
    PaidMember "paid_member",
    /// Number: 1 on her birthday, else 0.
    BirthdayDay "birthday_day",
    /// Number: 1 from Monday to Sunday of the week that her birthday is in, else 0.
    BirthdayWeek "birthday_week",
    /// Number: 1 in the month of her birthday, else 0.
    BirthdayMonth "birthday_month",
    /// Number: the instant, in milliseconds.
    Instant "instant",
    /// Number: 1 for Monday to 7 for Sunday, where the shop is.
    Weekday "weekday",
    /// Number: minutes since midnight, where the shop is.
    Minute "minute",
    /// Number: 1 to 31, where the shop is.
    DayOfMonth "day_of_month",
    /// Number: 1 to 12, where the shop is.
    Month "month",
    /// Number: 1 for the first seven days of a month, 2 for the next seven.
    WeekOfMonth "week_of_month",
    /// Number: 1 for the last seven days of a month, 2 for the seven before.
    WeekFromEnd "week_from_end",
}

impl Fact {
    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        let named = Self::NAMES.iter().find(|(_, fact)| *fact == self);
        named.map_or("", |(name, _)| name)
    }

    /// The fact of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let named = Self::NAMES.iter().find(|(known, _)| *known == name);
        named.map(|(_, fact)| *fact)
    }

    /// Whether it is a fact of a line, which may differ from line to line.
    #[must_use]
    pub fn is_of_line(self) -> bool {
        matches!(
            self,
            Self::Product
                | Self::Category
                | Self::Tag
                | Self::Brand
                | Self::Vendor
                | Self::LineAmount
                | Self::Quantity
        )
    }
}

/// Whether lines and rules are marked: where orders are evaluated by the million. A browser evaluates a cart and is
/// spared the bytes; what a rule fits is the same.
pub(crate) const IS_MARKING: bool = cfg!(feature = "compile");

/// One of 64 bits, the same for the same text. Two lists of texts whose marks share no bit share no text, which is
/// seen without reading them: most rules fit few lines. What shops call their products differs at its end.
pub(crate) fn mark(text: &str) -> u64 {
    // Knuth's multiplicative hashing, by 2^32 over the golden ratio: the highest bits are the best ones.
    const GOLDEN: u32 = 0x9E37_79B1;
    let [before, last] = *text.as_bytes().last_chunk().unwrap_or(&[0, 0]);
    let len = u8::try_from(text.len()).unwrap_or(u8::MAX);
    let number = u32::from_le_bytes([last, before, len, 0]);
    1_u64.wrapping_shl(number.wrapping_mul(GOLDEN) >> 26)
}

/// The marks of several texts.
pub(crate) fn marks(texts: &[String]) -> u64 {
    texts.iter().fold(0, |marks, text| marks | mark(text))
}

impl Condition {
    /// A condition of these tests.
    #[must_use]
    pub fn new(tests: Vec<Test>) -> Self {
        let mut condition = Self::default();
        for test in tests {
            condition.add(test);
        }
        condition
    }

    /// Asks for this too.
    pub(crate) fn add(&mut self, test: Test) {
        if !test.fact().is_of_line() {
            return self.order.push(test);
        }
        if IS_MARKING
            && let Test::Text {
                not: false, texts, ..
            } = &test
        {
            self.marks = marks(texts);
        }
        self.line.push(test);
    }

    /// Whether texts of these marks may fit; those of others surely do not.
    pub(crate) fn may_fit(&self, marks: u64) -> bool {
        !IS_MARKING || self.marks == 0 || self.marks & marks != 0
    }

    /// The tests, those of the order first.
    pub fn tests(&self) -> impl Iterator<Item = &Test> {
        self.order.iter().chain(&self.line)
    }
}

impl Test {
    /// What is tested.
    #[must_use]
    pub fn fact(&self) -> Fact {
        match self {
            Self::Text { fact, .. } | Self::Number { fact, .. } => *fact,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_its_ends_and_its_steps() {
        let check = |range: Range, number, holds| {
            assert_eq!(range.contains(number, None), holds, "{number} in {range:?}");
        };
        check(Range::new(1, 3), 0, false);
        check(Range::new(1, 3), 1, true);
        check(Range::new(1, 3), 3, true);
        check(Range::new(1, 3), 4, false);
        let fifth = Range {
            step: 5,
            ..Range::new(5, i64::MAX)
        };
        check(fifth, 5, true);
        check(fifth, 6, false);
        check(fifth, 10, true);
        check(fifth, 0, false);
        check(
            Range {
                step: 0,
                ..Range::new(i64::MIN, i64::MAX)
            },
            i64::MAX,
            true,
        );
    }

    #[test]
    fn an_amount_is_only_compared_in_its_currency() {
        let (eur, usd) = (Currency::parse("EUR").ok(), Currency::parse("USD").ok());
        let range = Range {
            currency: eur,
            ..Range::new(100, 200)
        };
        assert!(range.contains(100, eur));
        assert!(!range.contains(100, usd));
        assert!(!range.contains(100, None));
    }

    #[test]
    fn a_line_is_marked_where_a_positive_test_can_fit_it() {
        let texts = |texts: &[&str]| texts.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        let asks = |fact, not, asked: &[&str]| {
            let texts = texts(asked);
            Condition::new(vec![Test::Text { fact, not, texts }]).marks
        };
        let asked = asks(Fact::Category, false, &["tea", "bread"]);
        assert_ne!(asked & marks(&texts(&["soap", "bread"])), 0);
        assert_eq!(asked & marks(&texts(&["soap", "wine"])), 0);
        for needless in [
            asks(Fact::Category, true, &["tea"]),
            asks(Fact::Channel, false, &["web"]),
        ] {
            assert_eq!(needless, 0);
        }
    }

    #[test]
    fn every_fact_has_a_name_of_its_own() {
        for (name, fact) in Fact::NAMES {
            assert_eq!(Fact::parse(name), Some(*fact));
            assert_eq!(fact.name(), *name);
        }
        assert_eq!(Fact::parse("colour"), None);
    }
}
