//! What money spent earns: by the unit, the step or the band, in each currency; from which order on, and
//! what a point is worth.

use std::collections::BTreeMap;

use super::super::source::{BandSource, PartnerSource, StepSource};
use super::Check;
use crate::explain::{bands_label, rate_label, step_label};
use crate::limits::{MAX_BANDS, MAX_BONUS_POINTS, MAX_RATE, MAX_RATE_DECIMALS};
use crate::wire::{
    BandDocument, ByCurrency, DecimalText, EarnDocument, RateDocument, SpendDocument, StepDocument,
};
use crate::{Currency, Decimal, Money, PointsWord};

impl Check<'_> {
    pub(super) fn earn(&mut self) -> EarnDocument {
        let source = self.source;
        let earn = &source.earn;
        let spends = self.spends("/earn", &earn.per_unit, &earn.per_step, &earn.bands);
        let mut rates: Vec<RateDocument> = Vec::new();
        for spend in spends {
            rates.push(RateDocument {
                currency: spend.currency.clone(),
                label: self.label(&spend),
                spend: Some(spend),
                ..RateDocument::default()
            });
        }
        let named = !rates.is_empty();
        for (code, DecimalText(minimum)) in earn.minimum_order.iter() {
            let at = format!("/earn/minimum_order/{code}");
            let Some(currency) = self.currency(&at, code) else {
                continue;
            };
            match Money::parse(&minimum.to_string(), currency) {
                Err(error) => self.problem(&at, error.to_string()),
                Ok(minimum) => {
                    let rate = self.rate_of(&at, code, &mut rates, named);
                    rate.minimum_order_minor = Some(minimum.minor());
                }
            }
        }
        for (code, DecimalText(worth)) in source.points.worth.iter() {
            let at = format!("/points/worth/{code}");
            if worth == Decimal::from(0) || worth > Decimal::from(MAX_RATE) {
                let message = format!("a point is worth more than 0 and at most {MAX_RATE}");
                self.problem(&at, message);
            }
            self.decimals(&at, worth, MAX_RATE_DECIMALS);
            if self.currency(&at, code).is_some() {
                self.rate_of(&at, code, &mut rates, named);
            }
        }
        for partner in &source.partners {
            rates.extend(self.rates_at(partner));
        }
        EarnDocument {
            rates,
            include_tax: earn.include_tax,
            include_shipping: earn.include_shipping,
            rounding: earn.rounding,
            round_per: earn.round_per,
            limits: self.limits("/earn/limits", &earn.limits, None),
        }
    }

    /// What is earned at a partner, by the unit; where only spending is possible, that it is nothing.
    fn rates_at(&self, partner: &PartnerSource) -> Vec<RateDocument> {
        if partner.earn.is_empty() {
            let rates = partner.spend.iter().map(|(code, _)| RateDocument {
                currency: code.to_owned(),
                partner: Some(partner.id.clone()),
                ..RateDocument::default()
            });
            return rates.collect();
        }
        let rates = partner.earn.iter().map(|(code, per_unit)| {
            let spend = SpendDocument {
                currency: code.to_owned(),
                per_unit: Some(per_unit),
                ..SpendDocument::default()
            };
            RateDocument {
                currency: code.to_owned(),
                partner: Some(partner.id.clone()),
                label: self.label(&spend),
                spend: Some(spend),
                minimum_order_minor: None,
            }
        });
        rates.collect()
    }

    /// What is said of the currency so far. Where some currencies earn by what is spent, it must be one.
    fn rate_of<'r>(
        &mut self,
        at: &str,
        code: &str,
        rates: &'r mut Vec<RateDocument>,
        named: bool,
    ) -> &'r mut RateDocument {
        let known = rates.iter().position(|rate| rate.currency == code);
        let nth = known.unwrap_or_else(|| {
            if named {
                let message = format!("earn has no rate for {code}; add one, or remove this");
                self.problem_with_key(at, message);
            }
            rates.push(RateDocument {
                currency: code.to_owned(),
                ..RateDocument::default()
            });
            rates.len().saturating_sub(1)
        });
        rates.get_mut(nth).expect("found or just pushed")
    }

    /// Each currency once, in one of the three ways.
    pub(super) fn spends(
        &mut self,
        at: &str,
        per_unit: &ByCurrency,
        per_step: &BTreeMap<String, StepSource>,
        bands: &BTreeMap<String, Vec<BandSource>>,
    ) -> Vec<SpendDocument> {
        let mut spends: Vec<SpendDocument> = Vec::new();
        for (code, rate) in per_unit.iter() {
            let at = format!("{at}/per_unit/{code}");
            self.per_unit(&at, rate.0);
            self.currency(&at, code);
            spends.push(SpendDocument {
                currency: code.to_owned(),
                per_unit: Some(rate),
                ..SpendDocument::default()
            });
        }
        for (code, step) in per_step {
            let at = format!("{at}/per_step/{code}");
            let per_step = self.step(&at, code, step);
            self.add_spend(
                &at,
                &mut spends,
                SpendDocument {
                    currency: code.clone(),
                    per_step,
                    ..SpendDocument::default()
                },
            );
        }
        for (code, table) in bands {
            let at = format!("{at}/bands/{code}");
            let bands = self.bands(&at, code, table);
            self.add_spend(
                &at,
                &mut spends,
                SpendDocument {
                    currency: code.clone(),
                    bands,
                    ..SpendDocument::default()
                },
            );
        }
        spends
    }

    fn add_spend(&mut self, at: &str, spends: &mut Vec<SpendDocument>, spend: SpendDocument) {
        if spends.iter().any(|known| known.currency == spend.currency) {
            let message = "this currency earns in another way already; keep one of them";
            self.problem_with_key(at, message);
        }
        spends.push(spend);
    }

    fn per_unit(&mut self, at: &str, per_unit: Decimal) {
        if per_unit == Decimal::from(0) || per_unit > Decimal::from(MAX_RATE) {
            let message = format!(
                "a rate is more than 0 and at most {MAX_RATE} points per currency unit; \
                 to earn nothing in a currency, leave it out"
            );
            self.problem(at, message);
        }
        self.decimals(at, per_unit, MAX_RATE_DECIMALS);
    }

    fn step(&mut self, at: &str, code: &str, source: &StepSource) -> Option<StepDocument> {
        let every_minor = self.amount_above_zero(&format!("{at}/every"), at, code, source.every);
        self.some_points(&format!("{at}/points"), source.points);
        Some(StepDocument {
            every_minor: every_minor?,
            points: source.points,
        })
    }

    fn bands(&mut self, at: &str, code: &str, table: &[BandSource]) -> Vec<BandDocument> {
        if table.is_empty() {
            let message = "write at least one band, such as { up_to = 30, points = 2 }";
            self.problem(at, message);
        }
        self.at_most(MAX_BANDS, at, table.len());
        let mut bands = Vec::with_capacity(table.len());
        let mut below_minor = 0;
        for (nth, band) in table.iter().enumerate() {
            let here = format!("{at}/{nth}");
            self.some_points(&format!("{here}/points"), band.points);
            let up_to_minor = band.up_to.and_then(|up_to| {
                self.amount_above_zero(&format!("{here}/up_to"), at, code, up_to)
            });
            let is_last = nth.checked_add(1) == Some(table.len());
            if band.up_to.is_none() && !is_last {
                self.problem(&here, "only the last band may have no end; add up_to");
            }
            if let Some(up_to_minor) = up_to_minor {
                if up_to_minor <= below_minor {
                    let message =
                        "bands are listed from the lowest up; this ends before the one above";
                    self.problem(&format!("{here}/up_to"), message);
                }
                below_minor = up_to_minor;
            }
            bands.push(BandDocument {
                up_to_minor,
                points: band.points,
            });
        }
        bands
    }

    fn some_points(&mut self, at: &str, points: i64) {
        if !(0..=MAX_BONUS_POINTS).contains(&points) {
            self.problem(at, format!("write 0 to {MAX_BONUS_POINTS} points"));
        }
    }

    /// The minor units of an amount above zero.
    pub(super) fn amount_above_zero(
        &mut self,
        at: &str,
        at_code: &str,
        code: &str,
        DecimalText(amount): DecimalText,
    ) -> Option<i64> {
        let currency = self.currency(at_code, code)?;
        match Money::parse(&amount.to_string(), currency) {
            Ok(amount) if amount.minor() > 0 => Some(amount.minor()),
            Ok(_) => {
                self.problem(at, format!("write an amount above 0 in {currency}"));
                None
            }
            Err(error) => {
                self.problem(at, error.to_string());
                None
            }
        }
    }

    /// What the shopper reads.
    fn label(&self, spend: &SpendDocument) -> String {
        let Ok(currency) = Currency::parse(&spend.currency) else {
            return String::new();
        };
        let word = PointsWord {
            one: self.source.points.one.clone(),
            other: self.source.points.other.clone(),
        };
        match (spend.per_unit, &spend.per_step) {
            (Some(DecimalText(per_unit)), _) => rate_label(per_unit, &word, currency),
            (None, Some(step)) => step_label(step.points, step.every_minor, &word, currency),
            (None, None) => bands_label(&word),
        }
    }

    pub(super) fn currency(&mut self, at: &str, code: &str) -> Option<Currency> {
        let currency = Currency::parse(code);
        currency
            .map_err(|error| self.problem_with_key(at, error.to_string()))
            .ok()
    }
}
