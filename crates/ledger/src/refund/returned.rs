//! What came back, as a shop says it.
//!
//! Invariant: its shape is judged by itself, so a refund that no order could fit is refused before there is one.

use earnest_core::refund::{Refund, RefundError, RefundedLine};
use earnest_core::{Cart, Currency, Decimal, Money, MoneyError};
use serde::{Deserialize, Serialize};

use super::ReturnError;

/// Digits behind the point that an amount of any currency has at most.
const MOST_DECIMALS: u32 = 4;

/// What came back, as the shop says. The names are those of the request, so that a pointer into the one is a pointer
/// into the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnContent {
    /// The shop's id of the order.
    pub order_id: String,
    /// What comes back; everything that is left where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<Vec<ReturnLine>>,
}

/// What comes back of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnLine {
    /// The line's id in the order.
    pub id: String,
    /// Units.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub quantity: u32,
    /// What is paid back, in the order's currency: for the units, or for none. Where it is not said, what the units are
    /// worth, as far as that has not been paid back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
}

impl ReturnContent {
    /// Checks what no order is needed for.
    ///
    /// # Errors
    /// Where nothing comes back, or an amount is none.
    pub(super) fn check(&self) -> Result<(), ReturnError> {
        let Some(lines) = &self.lines else {
            return Ok(());
        };
        if lines.is_empty() {
            return Err(ReturnError::Order(RefundError::NothingBack { nth: None }));
        }
        for (nth, line) in lines.iter().enumerate() {
            match &line.amount {
                Some(amount) => {
                    check_amount(amount).map_err(|message| ReturnError::Amount { nth, message })?;
                }
                None if line.quantity == 0 => {
                    let nth = Some(nth);
                    return Err(ReturnError::Order(RefundError::NothingBack { nth }));
                }
                None => {}
            }
        }
        Ok(())
    }

    /// The refund of a cart.
    ///
    /// # Errors
    /// Where an amount is none of its currency.
    pub(super) fn of(&self, cart: &Cart) -> Result<Refund, ReturnError> {
        let Some(lines) = &self.lines else {
            return Ok(Refund::Rest);
        };
        let lines = lines.iter().enumerate();
        let lines = lines.map(|(nth, line)| line.of(nth, cart.currency()));
        Ok(Refund::Lines(lines.collect::<Result<_, _>>()?))
    }
}

impl ReturnLine {
    fn of(&self, nth: usize, currency: Currency) -> Result<RefundedLine, ReturnError> {
        let amount = self.amount.as_deref();
        let amount = amount.map(|text| Money::parse(text, currency)).transpose();
        let amount = amount.map_err(|error| ReturnError::Amount {
            nth,
            message: error.to_string(),
        })?;
        Ok(RefundedLine {
            id: self.id.clone(),
            quantity: self.quantity,
            // An earlier release took a zero beside units.
            amount_minor: amount.map(Money::minor).filter(|minor| *minor > 0),
        })
    }
}

/// An amount of whichever currency the order will turn out to have.
fn check_amount(text: &str) -> Result<(), String> {
    if text.starts_with('-') {
        return Err(format!(
            "{text:?} is negative; what is paid back is above zero"
        ));
    }
    let amount: Decimal = text
        .parse()
        .map_err(|_| MoneyError::NotAnAmount(text.chars().take(32).collect()).message())?;
    if amount.mantissa() == 0 {
        return Err(format!(
            "{text:?} is nothing; what is paid back is above zero, and is left out where units are all that comes back"
        ));
    }
    if amount.scale() > MOST_DECIMALS {
        return Err(format!(
            "{text:?} has more decimals than any currency has, which is {MOST_DECIMALS}"
        ));
    }
    Ok(())
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde gives a reference to the field; wide only on some machines"
)]
fn is_nothing(number: &u32) -> bool {
    *number == 0
}
