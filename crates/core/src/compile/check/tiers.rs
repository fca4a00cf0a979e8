//! Tiers: what they go by, from the lowest up, each with a factor and perks of its own.

use std::collections::HashSet;

use super::super::source::{
    KeepName, MeasureName, PerkName, PerkSource, TierPeriodName, TierSource, TiersBySource,
};
use super::Check;
use crate::explain::tier_label;
use crate::limits::{
    MAX_COUNT, MAX_FACTOR, MAX_FACTOR_DECIMALS, MAX_GRACE_DAYS, MAX_PERKS, MAX_POINTS,
};
use crate::wire::{DecimalText, PerkDocument, TierDocument, TiersByDocument};
use crate::{Currency, Decimal, Money, PerkKind};

/// Days of a month in a year that is no leap year.
const DAYS_OF_MONTH: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

impl Check<'_> {
    /// Nothing where tiers go by what they go by without being told.
    pub(super) fn tiers_by(&mut self) -> Option<TiersByDocument> {
        let source = self.source.tiers_by.as_ref()?;
        let what = self.measure("/tiers_by", source.what, source.currency.as_deref());
        if source.period == TierPeriodName::Lifetime {
            self.nobody_falls(source);
        }
        let starts = self.first_day(source);
        if !(0..=MAX_GRACE_DAYS).contains(&source.grace_days) {
            let message = format!("write 0 to {MAX_GRACE_DAYS} days");
            self.problem("/tiers_by/grace_days", message);
        }
        let period = match source.period {
            TierPeriodName::Lifetime => "lifetime",
            TierPeriodName::CalendarYear | TierPeriodName::ProgramYear => "year",
            TierPeriodName::Rolling12Months => "rolling",
            TierPeriodName::Anniversary => "anniversary",
        };
        if (source.what, source.period) == (MeasureName::Points, TierPeriodName::Lifetime) {
            return None;
        }
        Some(TiersByDocument {
            what,
            period: period.to_owned(),
            starts,
            ends_with_period: source.keep == KeepName::Period,
            grace_days: source.grace_days,
            soft_landing: source.soft_landing,
        })
    }

    /// How a measure is published. Where it is spending, it has a currency.
    pub(super) fn measure(&mut self, at: &str, what: MeasureName, code: Option<&str>) -> String {
        let is_known = self.was_read(&format!("{at}/what"));
        let at = format!("{at}/currency");
        match (what, code) {
            (MeasureName::Spend, Some(code)) => {
                self.currency(&at, code);
                code.to_owned()
            }
            (MeasureName::Spend, None) => {
                let message =
                    "spending counts in one currency; write it, such as currency = \"EUR\"";
                self.problem(&at, message);
                String::new()
            }
            (MeasureName::Points | MeasureName::Orders, code) => {
                if is_known && code.is_some() {
                    self.problem_with_key(&at, "only spending has a currency; remove this");
                }
                let is_orders = what == MeasureName::Orders;
                (if is_orders { "orders" } else { "points" }).to_owned()
            }
        }
    }

    fn measures(&self) -> MeasureName {
        let by = self.source.tiers_by.as_ref();
        by.map_or(MeasureName::default(), |by| by.what)
    }

    fn nobody_falls(&mut self, source: &TiersBySource) {
        let falls = [
            ("keep", source.keep != KeepName::default()),
            ("grace_days", source.grace_days != 0),
            ("soft_landing", source.soft_landing),
        ];
        for (field, _) in falls.into_iter().filter(|(_, is_written)| *is_written) {
            let message = "over the lifetime nobody falls; remove this, or write a period, such as \
                           period = \"calendar-year\"";
            self.problem_with_key(&format!("/tiers_by/{field}"), message);
        }
    }

    /// Month and day on which a program year begins.
    fn first_day(&mut self, source: &TiersBySource) -> Option<(i64, i64)> {
        let at = "/tiers_by/starts";
        let is_program_year = source.period == TierPeriodName::ProgramYear;
        let Some(written) = source.starts.as_deref() else {
            if is_program_year {
                self.problem(
                    at,
                    "a program year begins on a day; write it, such as starts = \"07-01\"",
                );
            }
            return None;
        };
        if !is_program_year {
            let message = "only period = \"program-year\" begins on a day of yours; remove this";
            self.problem_with_key(at, message);
        }
        let day = month_and_day(written);
        if day.is_none() {
            let message = "write a month and a day that every year has, such as \"07-01\"";
            self.problem(at, message);
        }
        day
    }

    pub(super) fn tiers(&mut self, tiers: &[TierSource]) -> Vec<TierDocument> {
        let mut ids = HashSet::new();
        let mut below: Option<(i64, &TierSource)> = None;
        let mut documents = Vec::with_capacity(tiers.len());
        for (nth, tier) in tiers.iter().enumerate() {
            let at = format!("/tiers/{nth}");
            self.id(&format!("{at}/id"), &tier.id, ids.insert(&tier.id));
            self.text(&format!("{at}/name"), &tier.name);
            let from = self.from(&at, tier, &mut below);
            let by_points = self.measures() == MeasureName::Points;
            let factor = tier.multiplier.map_or(Decimal::ONE, |factor| factor.0);
            let at_factor = format!("{at}/multiplier");
            if factor < Decimal::ONE || factor > Decimal::from(MAX_FACTOR) {
                let message = format!("a tier's multiplier is at least 1 and at most {MAX_FACTOR}");
                self.problem(&at_factor, message);
            }
            self.decimals(&at_factor, factor, MAX_FACTOR_DECIMALS);
            documents.push(TierDocument {
                id: tier.id.clone(),
                name: tier.name.clone(),
                label: tier_label(&tier.name, factor.normalize()),
                from_points: from.filter(|_| by_points),
                from: from.filter(|_| !by_points),
                multiplier: tier.multiplier,
                group: self.group_place(&format!("{at}/group"), tier.group.as_deref()),
                perks: self.perks(&format!("{at}/perks"), &tier.perks),
            });
        }
        documents
    }

    /// What reaches a tier, more than what reaches the one below.
    fn from<'t>(
        &mut self,
        at: &str,
        tier: &'t TierSource,
        below: &mut Option<(i64, &'t TierSource)>,
    ) -> Option<i64> {
        let by = self.source.tiers_by.clone().unwrap_or_default();
        let (field, unit) = match by.what {
            MeasureName::Points => ("from_points", "points"),
            MeasureName::Spend => ("from_spend", by.currency.as_deref().unwrap_or_default()),
            MeasureName::Orders => ("from_orders", "orders"),
        };
        // What they go by is a slip that is told: then nothing is known of what reaches them.
        let is_known = self.was_read("/tiers_by/what");
        let written = [
            ("from_points", tier.from_points.is_some()),
            ("from_spend", tier.from_spend.is_some()),
            ("from_orders", tier.from_orders.is_some()),
        ];
        for (name, _) in written.into_iter().filter(|(_, is_written)| *is_written) {
            let message = if tier.invitation_only {
                "nobody reaches a tier that is by invitation only; remove this".to_owned()
            } else if name == field || !is_known {
                continue;
            } else {
                format!("these tiers go by {}; write {field}", by_words(by.what))
            };
            self.problem_with_key(&format!("{at}/{name}"), message);
        }
        if tier.invitation_only {
            return None;
        }
        let at = format!("{at}/{field}");
        let (from, told) = match by.what {
            MeasureName::Points => (tier.from_points, tier.from_points.map(|it| it.to_string())),
            MeasureName::Orders => (tier.from_orders, tier.from_orders.map(|it| it.to_string())),
            MeasureName::Spend => {
                let spend = tier.from_spend.map(|DecimalText(spend)| spend.to_string());
                let minor = spend
                    .as_deref()
                    .and_then(|spend| self.spend(&at, unit, spend));
                (minor, spend)
            }
        };
        if told.is_none() {
            // Somebody who mixed up the measures has been told so.
            if is_known && !written.iter().any(|(_, is_written)| *is_written) {
                let message = format!("write {field}, or invitation_only = true");
                self.problem(&at, message);
            }
            return None;
        }
        let most = match by.what {
            MeasureName::Orders => MAX_COUNT,
            MeasureName::Points | MeasureName::Spend => MAX_POINTS,
        };
        let from = from?;
        if !(0..=most).contains(&from) {
            self.problem(&at, format!("write a whole number of {unit}, 0 or more"));
        } else if let Some((_, under)) = below.filter(|(under, _)| *under >= from) {
            let needs = [under.from_points, under.from_orders]
                .into_iter()
                .flatten()
                .next();
            let needs = match under.from_spend {
                Some(DecimalText(spend)) => spend.to_string(),
                None => needs.unwrap_or(0).to_string(),
            };
            let message = format!(
                "tiers are listed from the lowest up; this must be more than the {needs} {unit} of {:?}",
                under.id
            );
            self.problem(&at, message);
        }
        *below = Some((from, tier));
        Some(from)
    }

    /// The minor units of an amount; nothing where the currency is none, which has been told.
    fn spend(&mut self, at: &str, code: &str, amount: &str) -> Option<i64> {
        let currency = Currency::parse(code).ok()?;
        match Money::parse(amount, currency) {
            Ok(amount) => Some(amount.minor()),
            Err(error) => {
                self.problem(at, error.to_string());
                None
            }
        }
    }

    pub(super) fn perks(&mut self, at: &str, perks: &[PerkSource]) -> Vec<PerkDocument> {
        self.at_most(MAX_PERKS, at, perks.len());
        self.each(perks, at, Self::perk)
    }

    fn perk(&mut self, at: &str, source: &PerkSource) -> PerkDocument {
        self.text(&format!("{at}/label"), &source.label);
        let at = format!("{at}/percent");
        match (source.kind, source.percent) {
            (PerkName::PercentOff, None) => {
                self.problem(
                    &at,
                    "write how many percent it takes off, such as percent = 10",
                );
            }
            (PerkName::PercentOff, Some(DecimalText(percent))) => {
                if percent == Decimal::from(0) || percent > Decimal::from(100) {
                    self.problem(&at, "write more than 0 and at most 100 percent");
                }
                self.decimals(&at, percent, MAX_FACTOR_DECIMALS);
            }
            (_, Some(_)) => {
                self.problem_with_key(
                    &at,
                    "only kind = \"percent-off\" has a percentage; remove this",
                );
            }
            (_, None) => {}
        }
        let kind = match source.kind {
            PerkName::FreeShipping => PerkKind::FreeShipping,
            PerkName::PercentOff => PerkKind::PercentOff(Decimal::ONE),
            PerkName::EarlyAccess => PerkKind::EarlyAccess,
            PerkName::BirthdayGift => PerkKind::BirthdayGift,
            PerkName::FreeReturns => PerkKind::FreeReturns,
            PerkName::Other => PerkKind::Other,
        };
        PerkDocument {
            kind: kind.name().to_owned(),
            label: source.label.clone(),
            percent: source.percent,
        }
    }
}

fn by_words(what: MeasureName) -> &'static str {
    match what {
        MeasureName::Points => "points",
        MeasureName::Spend => "spending",
        MeasureName::Orders => "orders",
    }
}

/// `07-01`. No leap day: it is missing in three years of four.
fn month_and_day(written: &str) -> Option<(i64, i64)> {
    let (month, day) = written.split_once('-')?;
    if (month.len(), day.len()) != (2, 2) {
        return None;
    }
    let month: usize = month.parse().ok()?;
    let days = DAYS_OF_MONTH.get(month.checked_sub(1)?)?;
    let day = day.parse().ok().filter(|day| (1..=*days).contains(day))?;
    Some((i64::try_from(month).ok()?, day))
}
