//! What each currency earns, from which order on, and what a point is worth in it.

use crate::Decimal;

use super::Check;
use crate::limits::{MAX_RATE, MAX_RATE_DECIMALS};
use crate::wire::{DecimalText, ProgramDocument};
use crate::{Currency, Money};

impl Check {
    pub(super) fn rates(&mut self, document: &ProgramDocument) {
        let at = "/earn/per_unit";
        if document.earn.per_unit.is_empty() {
            self.problem(at, "name at least one currency, such as { EUR = 1 }");
        }
        for (code, DecimalText(per_unit)) in document.earn.per_unit.iter() {
            let at = format!("{at}/{code}");
            if per_unit == Decimal::from(0) || per_unit > Decimal::from(MAX_RATE) {
                let message = format!(
                    "a rate is more than 0 and at most {MAX_RATE} points per currency unit; \
                     to earn nothing in a currency, leave it out"
                );
                self.problem(&at, message);
            }
            self.decimals(&at, per_unit, MAX_RATE_DECIMALS);
            self.currency(&at, code);
        }
        for (code, DecimalText(minimum)) in document.earn.minimum_order.iter() {
            let at = format!("/earn/minimum_order/{code}");
            if let Some(currency) = self.currency_with_rate(&at, code, document)
                && let Err(error) = Money::parse(&minimum.to_string(), currency)
            {
                self.problem(&at, error.to_string());
            }
        }
        for (code, DecimalText(worth)) in document.points.worth.iter() {
            let at = format!("/points/worth/{code}");
            if worth == Decimal::from(0) || worth > Decimal::from(MAX_RATE) {
                let message = format!("a point is worth more than 0 and at most {MAX_RATE}");
                self.problem(&at, message);
            }
            self.decimals(&at, worth, MAX_RATE_DECIMALS);
            self.currency_with_rate(&at, code, document);
        }
    }

    fn currency_with_rate(
        &mut self,
        at: &str,
        code: &str,
        document: &ProgramDocument,
    ) -> Option<Currency> {
        let currency = self.currency(at, code)?;
        if document.earn.per_unit.get(code).is_none() {
            let message = format!("earn.per_unit has no rate for {code}; add one, or remove this");
            self.problem_with_key(at, message);
        }
        Some(currency)
    }

    fn currency(&mut self, at: &str, code: &str) -> Option<Currency> {
        let currency = Currency::parse(code);
        currency
            .map_err(|error| self.problem_with_key(at, error.to_string()))
            .ok()
    }
}
