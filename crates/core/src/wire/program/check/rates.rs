//! What each currency earns, from which order on, and what a point is worth in it.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::Check;
use crate::explain::rate_label;
use crate::limits::{MAX_RATE, MAX_RATE_DECIMALS};
use crate::wire::{DecimalText, ProgramDocument};
use crate::{Currency, Money, Rate};

type Rates = BTreeMap<Currency, Rate>;

impl Check {
    pub(super) fn rates(&mut self, document: &ProgramDocument) -> Rates {
        let at = "/earn/per_unit";
        if document.earn.per_unit.is_empty() {
            self.problem(at, "name at least one currency, such as { EUR = 1 }");
        }
        let word = document.points.word();
        let mut rates = Rates::new();
        for (code, DecimalText(per_unit)) in &document.earn.per_unit {
            let at = format!("{at}/{code}");
            if per_unit.is_zero() || *per_unit > Decimal::from(MAX_RATE) {
                let message = format!(
                    "a rate is more than 0 and at most {MAX_RATE} points per currency unit; \
                     to earn nothing in a currency, leave it out"
                );
                self.problem(&at, message);
            }
            self.decimals(&at, *per_unit, MAX_RATE_DECIMALS);
            if let Some(currency) = self.currency(&at, code) {
                let rate = Rate {
                    label: rate_label(*per_unit, &word, currency),
                    per_unit: *per_unit,
                    minimum_order: None,
                    worth: None,
                };
                rates.insert(currency, rate);
            }
        }
        self.minimums(document, &mut rates);
        self.worths(document, &mut rates);
        rates
    }

    fn minimums(&mut self, document: &ProgramDocument, rates: &mut Rates) {
        for (code, DecimalText(minimum)) in &document.earn.minimum_order {
            let at = format!("/earn/minimum_order/{code}");
            if let Some((currency, rate)) = self.rate_of(&at, code, rates) {
                match Money::parse(&minimum.to_string(), currency) {
                    Ok(minimum) => rate.minimum_order = Some(minimum),
                    Err(error) => self.problem(&at, error.to_string()),
                }
            }
        }
    }

    fn worths(&mut self, document: &ProgramDocument, rates: &mut Rates) {
        for (code, DecimalText(worth)) in &document.points.worth {
            let at = format!("/points/worth/{code}");
            if worth.is_zero() || *worth > Decimal::from(MAX_RATE) {
                let message = format!("a point is worth more than 0 and at most {MAX_RATE}");
                self.problem(&at, message);
            }
            self.decimals(&at, *worth, MAX_RATE_DECIMALS);
            if let Some((_, rate)) = self.rate_of(&at, code, rates) {
                rate.worth = Some(*worth);
            }
        }
    }

    fn rate_of<'r>(
        &mut self,
        at: &str,
        code: &str,
        rates: &'r mut Rates,
    ) -> Option<(Currency, &'r mut Rate)> {
        let currency = self.currency(at, code)?;
        let rate = rates.get_mut(&currency);
        if rate.is_none() {
            let message = format!("earn.per_unit has no rate for {code}; add one, or remove this");
            self.problem_with_key(at, message);
        }
        rate.map(|rate| (currency, rate))
    }

    fn currency(&mut self, at: &str, code: &str) -> Option<Currency> {
        let currency = Currency::parse(code);
        currency
            .map_err(|error| self.problem_with_key(at, error.to_string()))
            .ok()
    }
}
