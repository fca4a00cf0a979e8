//! Tenders as they are told: money of balances that pays for an order.

use earnest_core::refund::tendered_by;
use earnest_core::{Decimal, Plan, Program};
use serde::Serialize;

/// Money of a balance that pays for an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TenderDocument {
    /// The id of the balance.
    balance: String,
    /// With all the decimals of the currency.
    amount: String,
    currency: &'static str,
}

impl TenderDocument {
    /// As they are told, each in the currency of its balance. One that the program no longer has is not.
    #[must_use]
    pub fn of(program: &Program, tenders: &[(String, i64)]) -> Vec<Self> {
        let told = tenders.iter().filter_map(|(id, minor)| {
            let balance = program.balances().iter().find(|it| it.id == *id)?;
            let currency = balance.currency;
            Some(Self {
                balance: id.clone(),
                amount: Decimal::new(*minor, currency.minor_digits()).to_string(),
                currency: currency.code(),
            })
        });
        told.collect()
    }

    /// Those that a plan pays its order with.
    pub(crate) fn of_plan(program: &Program, plan: &Plan) -> Vec<Self> {
        Self::of(program, &tendered_by(plan))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_told_in_the_decimals_of_its_own_currency_as_far_as_the_program_knows_it() {
        let source = "version = 1\nname = 'Club'\npoints = { one = 'p', other = 'p' }\n\
            [[balances]]\nid = 'credit'\nname = 'Credit'\ncurrency = 'EUR'\n\
            [[balances]]\nid = 'yen'\nname = 'Yen'\ncurrency = 'JPY'\n";
        let program = earnest_core::compile::compile(source).expect("a program");
        let tenders = [("yen", 500), ("gone", 7), ("credit", 1_230)];
        let tenders = tenders.map(|(id, minor)| (id.to_owned(), minor));
        let told = TenderDocument::of(&program.program, &tenders);
        let told = told
            .iter()
            .map(|it| format!("{} {} {}", it.balance, it.amount, it.currency));
        assert_eq!(
            told.collect::<Vec<_>>(),
            ["yen 500 JPY", "credit 12.30 EUR"]
        );
    }
}
