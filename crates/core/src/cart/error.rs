//! What can be wrong with a cart: the rules by name, each with its place and its message.

use std::fmt;

use crate::CurrencyError;
use crate::limits::{MAX_COUPONS, MAX_LABELS_PER_LINE, MAX_LINES, MAX_QUANTITY};
use crate::money::MoneyError;
use crate::telling::{tell, tell_whole};

/// What is wrong with a cart, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CartError {
    /// A JSON pointer (RFC 6901) into the cart: `/lines/2/quantity`.
    pub pointer: String,
    /// The rule that was broken.
    pub kind: CartErrorKind,
}

/// The rules of a cart.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the message of each says what it means")]
pub enum CartErrorKind {
    Currency(CurrencyError),
    Money(MoneyError),
    TooManyLines(usize),
    EmptyId,
    TextTooLong { len: usize, max: usize },
    TooManyLabels(usize),
    TooManyCoupons(usize),
    DuplicateLineId(String),
    QuantityOutOfRange(u32),
    DiscountExceedsLine,
    DiscountExceedsCart,
    TaxExceedsPrice,
    SumTooLarge,
}

impl fmt::Display for CartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl std::error::Error for CartError {}

impl fmt::Display for CartErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for CartErrorKind {}

impl From<CurrencyError> for CartErrorKind {
    fn from(error: CurrencyError) -> Self {
        Self::Currency(error)
    }
}

impl From<MoneyError> for CartErrorKind {
    fn from(error: MoneyError) -> Self {
        Self::Money(error)
    }
}

impl CartErrorKind {
    /// What is wrong, and what would be right.
    #[must_use]
    pub fn message(&self) -> String {
        let number = |count: usize| tell_whole(i64::try_from(count).unwrap_or(i64::MAX));
        let has = |what: &str, most: usize, unit: &str, count: usize| {
            tell(&[
                what,
                " has at most ",
                &number(most),
                unit,
                ", this one has ",
                &number(count),
            ])
        };
        let plain = match self {
            Self::Currency(error) => return error.message(),
            Self::Money(error) => return error.message(),
            Self::TooManyLines(count) => return has("a cart", MAX_LINES, " lines", *count),
            Self::TooManyLabels(count) => {
                return has("a line", MAX_LABELS_PER_LINE, " of these", *count);
            }
            Self::TooManyCoupons(count) => return has("a cart", MAX_COUPONS, " coupons", *count),
            Self::TextTooLong { len, max } => {
                let (len, max) = (number(*len), number(*max));
                return tell(&["is too long: at most ", &max, " bytes, these are ", &len]);
            }
            Self::DuplicateLineId(id) => {
                return tell(&[
                    "the line id \"",
                    id,
                    "\" is used twice; give each line its own",
                ]);
            }
            Self::QuantityOutOfRange(count) => {
                let (most, count) = (tell_whole(MAX_QUANTITY.into()), tell_whole((*count).into()));
                let what = "a quantity is a whole number from 1 to ";
                return tell(&[what, &most, ", this one is ", &count]);
            }
            Self::EmptyId => "must not be empty",
            Self::DiscountExceedsLine => "the discount is more than the line is worth",
            Self::DiscountExceedsCart => "the discount is more than all lines together are worth",
            Self::TaxExceedsPrice => "the tax is more than the price that it is said to be part of",
            Self::SumTooLarge => {
                "the amounts of the cart sum to more than 15 digits in the smallest unit"
            }
        };
        plain.to_owned()
    }

    /// The stable name of the rule, for programs to act on.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Currency(_) => "currency_unknown",
            Self::Money(MoneyError::NotAnAmount(_)) => "amount_malformed",
            Self::Money(MoneyError::Negative(_)) => "amount_negative",
            Self::Money(MoneyError::TooManyDecimals { .. }) => "amount_too_many_decimals",
            Self::Money(MoneyError::TooLarge(_)) => "amount_too_large",
            Self::TooManyLines(_) => "cart_too_many_lines",
            Self::EmptyId => "text_empty",
            Self::TextTooLong { .. } => "text_too_long",
            Self::TooManyLabels(_) => "line_too_many_labels",
            Self::TooManyCoupons(_) => "cart_too_many_coupons",
            Self::DuplicateLineId(_) => "line_id_duplicate",
            Self::QuantityOutOfRange(_) => "quantity_out_of_range",
            Self::DiscountExceedsLine => "discount_exceeds_line",
            Self::DiscountExceedsCart => "discount_exceeds_cart",
            Self::TaxExceedsPrice => "tax_exceeds_price",
            Self::SumTooLarge => "cart_sum_too_large",
        }
    }

    /// The rule as broken by a field of the cart, or of one of its lines.
    #[cold]
    #[inline(never)]
    pub(crate) fn at(self, line: Option<usize>, field: &str) -> CartError {
        let mut pointer = line.map_or_else(String::new, |nth| {
            tell(&[
                "/lines/",
                &tell_whole(i64::try_from(nth).unwrap_or(i64::MAX)),
            ])
        });
        if !field.is_empty() {
            pointer.push('/');
            pointer.push_str(field);
        }
        CartError {
            pointer,
            kind: self,
        }
    }
}
