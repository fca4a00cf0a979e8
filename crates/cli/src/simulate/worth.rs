//! What a point is worth in money: what was asked for, else what the program says.
//!
//! Its invariant: nothing is worth money of which neither says so.

use clap::Args;
use earnest_core::{Currency, Decimal, Points, Program};

/// Decimals of a worth at most, as programs have them.
const DECIMALS: u32 = 4;

/// What to take a point for.
#[derive(Args)]
pub(crate) struct WorthArguments {
    /// What a point is worth, as EUR=0.05, in the place of the program's points.worth; again for
    /// each currency
    #[arg(long, value_name = "CURRENCY=AMOUNT", value_parser = parse_worth)]
    point_worth: Vec<(Currency, Decimal)>,
}

/// What points are worth under a program.
#[derive(Clone, Copy)]
pub(crate) struct Worth<'a> {
    program: &'a Program,
    asked: &'a [(Currency, Decimal)],
}

impl WorthArguments {
    pub(crate) fn of<'a>(&'a self, program: &'a Program) -> Worth<'a> {
        Worth {
            program,
            asked: &self.point_worth,
        }
    }
}

impl Worth<'_> {
    /// What one point is worth; none where nobody says.
    pub(crate) fn each(&self, currency: Currency) -> Option<Decimal> {
        let asked = self.asked.iter().find(|(known, _)| *known == currency);
        let asked = asked.map(|(_, each)| *each);
        asked.or_else(|| self.program.rate(currency)?.worth)
    }

    /// So many points in minor units, rounded down; none where nobody says.
    pub(crate) fn minor(&self, points: i64, currency: Currency) -> Option<i64> {
        let asked = self.asked.iter().find(|(known, _)| *known == currency);
        if let Some((_, each)) = asked {
            return times(points, *each, currency);
        }
        let worth = self.program.worth(Points::new(points).ok()?, currency)?;
        Some(worth.minor())
    }
}

/// So many times an amount, in minor units, rounded down.
pub(crate) fn times(count: i64, each: Decimal, currency: Currency) -> Option<i64> {
    let each = i128::from(each.scaled(DECIMALS)?);
    let spare = DECIMALS.checked_sub(currency.minor_digits())?;
    let exact = each.checked_mul(count.into())?;
    i64::try_from(exact.div_euclid(10_i128.pow(spare))).ok()
}

fn parse_worth(text: &str) -> Result<(Currency, Decimal), String> {
    let mend = "write a currency and what a point is worth in it, such as EUR=0.05";
    let (code, each) = text.split_once('=').ok_or(mend)?;
    let currency = Currency::parse(code.trim()).map_err(|error| error.to_string())?;
    let each: Decimal = each.trim().parse().map_err(|_| mend)?;
    let each = each.normalize();
    if each <= Decimal::from(0) || each.scaled(DECIMALS).is_none() {
        return Err(format!(
            "{mend}; more than 0, with {DECIMALS} decimals at most"
        ));
    }
    Ok((currency, each))
}
