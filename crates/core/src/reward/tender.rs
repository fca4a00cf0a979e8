//! Tenders: money of a member's balances that pays for an order.
//!
//! Owns what may be paid with. It is no reward: it lowers what is left to pay, and nothing else. Its invariant: no more
//! is taken than a balance has that nothing else holds, and no more than is to be paid.

use crate::{Currency, Money, Program, Snapshot};

/// Money that somebody wants to pay with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TenderWish<'a> {
    /// The id of the balance.
    pub balance: &'a str,
    /// How much, in the currency of the balance: `5.00`.
    pub amount: &'a str,
}

/// Why somebody cannot pay with it. Where several apply, the first declared is told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TenderRefusal {
    /// The program has no such balance.
    #[error("there is no such balance")]
    BalanceUnknown,
    /// A balance is named once.
    #[error("the balance is named already; name it once, with all that is paid from it")]
    BalanceTwice,
    /// It is no amount, or none of the balance's currency.
    #[error("{0}")]
    AmountUnusable(String),
    /// It is in another currency than the cart.
    #[error("the balance is in {0}, and the cart is not")]
    CurrencyNotCovered(&'static str),
    /// There is less on the balance.
    #[error("there are {0} on the balance that nothing else holds")]
    NotEnoughCredit(String),
    /// There is less to pay.
    #[error("{0} are left to pay")]
    MoreThanToPay(String),
}

impl TenderRefusal {
    /// The stable name of the rule, for programs to act on.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::BalanceUnknown => "balance_unknown",
            Self::BalanceTwice => "balance_named_twice",
            Self::AmountUnusable(_) => "amount_malformed",
            Self::CurrencyNotCovered(_) => "currency_not_covered",
            Self::NotEnoughCredit(_) => "not_enough_credit",
            Self::MoreThanToPay(_) => "more_than_to_pay",
        }
    }
}

/// Judges what a member who has been settled would pay with: by the id of each balance its minor units. `to_pay` is
/// what is left to pay for the cart, where there is one.
///
/// # Errors
/// The place of the first that she cannot pay with, and why.
pub fn tender(
    program: &Program,
    member: &Snapshot,
    wishes: &[TenderWish<'_>],
    to_pay: Option<(Currency, i64)>,
) -> Result<Vec<(String, i64)>, (usize, TenderRefusal)> {
    let mut tenders: Vec<(String, i64)> = Vec::with_capacity(wishes.len());
    let mut left_minor = to_pay.map_or(i64::MAX, |(_, minor)| minor);
    for (nth, wish) in wishes.iter().enumerate() {
        let is_double = tenders.iter().any(|(known, _)| known == wish.balance);
        let judged = judge(program, member, wish, (to_pay, left_minor), is_double);
        let minor = judged.map_err(|refusal| (nth, refusal))?;
        left_minor = left_minor.saturating_sub(minor);
        tenders.push((wish.balance.to_owned(), minor));
    }
    Ok(tenders)
}

fn judge(
    program: &Program,
    member: &Snapshot,
    wish: &TenderWish<'_>,
    (to_pay, left_minor): (Option<(Currency, i64)>, i64),
    is_double: bool,
) -> Result<i64, TenderRefusal> {
    let balance = program.balances().iter().find(|it| it.id == wish.balance);
    let balance = balance.ok_or(TenderRefusal::BalanceUnknown)?;
    if is_double {
        return Err(TenderRefusal::BalanceTwice);
    }
    let currency = balance.currency;
    let amount = Money::parse(wish.amount, currency);
    let amount = amount.map_err(|error| TenderRefusal::AmountUnusable(error.message()))?;
    let minor = amount.minor();
    if minor == 0 {
        let message = "it is of more than nothing".to_owned();
        return Err(TenderRefusal::AmountUnusable(message));
    }
    if to_pay.is_some_and(|(of_cart, _)| of_cart != currency) {
        return Err(TenderRefusal::CurrencyNotCovered(currency.code()));
    }
    let told = |minor: i64| {
        let amount = Money::from_minor(minor.max(0), currency);
        amount.map_or_else(|_| minor.to_string(), Money::told)
    };
    let free = member.credit_free(wish.balance);
    if minor > free {
        return Err(TenderRefusal::NotEnoughCredit(told(free)));
    }
    if minor > left_minor {
        return Err(TenderRefusal::MoreThanToPay(told(left_minor)));
    }
    Ok(minor)
}

#[cfg(all(test, feature = "compile"))]
mod tests {
    use super::*;
    use crate::{Bargain, Holdings, Reservation, Timestamp, compile};

    const CLUB: &str = "version = 1\nname = 'Club'\npoints = { one = 'p', other = 'p' }\n\
        [[balances]]\nid = 'credit'\nname = 'Credit'\ncurrency = 'EUR'\n\
        [[balances]]\nid = 'gift'\nname = 'Gifts'\ncurrency = 'EUR'\n\
        [[balances]]\nid = 'dollars'\nname = 'Dollars'\ncurrency = 'USD'\n";

    #[test]
    fn nobody_pays_with_more_than_she_has_or_has_to_pay() {
        let program = compile::compile(CLUB).expect("a program").program;
        let held = Reservation {
            id: "r0".to_owned(),
            ends_at: Timestamp::from_millis(9),
            drawn: Vec::new(),
            rewards: Vec::new(),
            bargain: Bargain::default().with(&[("credit".to_owned(), 200)]),
        };
        let member = Snapshot {
            credits: [("credit", 1_000), ("gift", 1_000), ("dollars", 100)]
                .map(|(id, minor)| (id.to_owned(), minor))
                .to_vec(),
            holdings: Holdings {
                reservations: vec![held],
                ..Holdings::default()
            },
            ..Snapshot::default()
        };
        let euro = Currency::parse("EUR").expect("a currency");
        let check = |wishes: &[(&str, &str)], to_pay: Option<i64>, expected: &str| {
            let wishes: Vec<_> = wishes
                .iter()
                .map(|(balance, amount)| TenderWish { balance, amount })
                .collect();
            let to_pay = to_pay.map(|minor| (euro, minor));
            let told = match tender(&program, &member, &wishes, to_pay) {
                Ok(tenders) => {
                    let told = tenders.iter().map(|(id, minor)| format!("{id} {minor}"));
                    told.collect::<Vec<_>>().join(", ")
                }
                Err((nth, refusal)) => format!("{nth} {}: {refusal}", refusal.code()),
            };
            assert_eq!(told, expected);
        };
        check(&[("credit", "8")], None, "credit 800");
        check(&[("credit", "8.00")], Some(800), "credit 800");
        check(
            &[("credit", "1"), ("dollars", "1")],
            None,
            "credit 100, dollars 100",
        );
        check(
            &[("credit", "0.80"), ("dollars", "1")],
            None,
            "credit 80, dollars 100",
        );
        check(
            &[("credit", "5"), ("gift", "3.01")],
            Some(800),
            "1 more_than_to_pay: 3.00 EUR are left to pay",
        );
        // Of several that apply the first declared is told.
        let twice = "1 balance_named_twice: the balance is named already; name it once, with all that is paid from it";
        check(&[("credit", "1"), ("credit", "x")], None, twice);
        check(
            &[("credit", "8.01")],
            Some(500),
            "0 not_enough_credit: there are 8.00 EUR on the balance that nothing else holds",
        );
        check(
            &[("dollars", "2")],
            Some(100),
            "0 currency_not_covered: the balance is in USD, and the cart is not",
        );
        check(
            &[("gold", "1")],
            None,
            "0 balance_unknown: there is no such balance",
        );
        check(
            &[("credit", "1"), ("credit", "1")],
            None,
            "1 balance_named_twice: the balance is named already; name it once, with all that is paid from it",
        );
        check(
            &[("credit", "0")],
            None,
            "0 amount_malformed: it is of more than nothing",
        );
        check(
            &[("dollars", "1")],
            Some(800),
            "0 currency_not_covered: the balance is in USD, and the cart is not",
        );
        check(
            &[("credit", "8.01")],
            None,
            "0 not_enough_credit: there are 8.00 EUR on the balance that nothing else holds",
        );
        check(
            &[("credit", "8")],
            Some(799),
            "0 more_than_to_pay: 7.99 EUR are left to pay",
        );
    }
}
