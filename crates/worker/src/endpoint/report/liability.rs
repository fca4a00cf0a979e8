//! `GET /v1/reports/liability`: what is deferred for points, currency by currency, and how it moved.

use earnest_core::Currency;
use earnest_core::accounting::{Liability, Standing};
use serde::Serialize;

use super::{load, told};
use crate::answer::Answer;
use crate::call::Call;
use crate::period::told_day;
use crate::problem::Failure;

#[derive(Serialize)]
struct ReportDocument {
    from: String,
    to: String,
    currencies: Vec<CurrencyDocument>,
    granted: GrantedDocument,
}

/// One currency.
#[derive(Serialize)]
struct CurrencyDocument {
    currency: &'static str,
    opening: String,
    deferred: String,
    clawed_back: String,
    recognised: String,
    breakage: String,
    closing: String,
    points: PointsDocument,
    overtaken: bool,
}

/// The points behind it, over everything that was ever booked.
#[derive(Serialize)]
struct PointsDocument {
    issued: i64,
    redeemed: i64,
    expected: i64,
    outstanding: i64,
}

/// Points that no order earned: a memorandum.
#[derive(Serialize)]
struct GrantedDocument {
    outstanding: i64,
    worth: Option<AmountDocument>,
}

#[derive(Serialize)]
struct AmountDocument {
    amount: String,
    currency: &'static str,
}

impl CurrencyDocument {
    fn new(currency: Currency, liability: &Liability, standing: &Standing) -> Self {
        let told = |minor| told(minor, currency);
        Self {
            currency: currency.code(),
            opening: told(liability.opening),
            deferred: told(liability.deferred),
            clawed_back: told(liability.clawed_back),
            recognised: told(liability.recognised),
            breakage: told(liability.breakage),
            closing: told(liability.closing),
            points: PointsDocument {
                issued: standing.issued_points,
                redeemed: standing.redeemed_points,
                expected: standing.expected_points,
                outstanding: standing.outstanding_points,
            },
            overtaken: standing.is_overtaken(),
        }
    }
}

pub(crate) async fn answer(call: &mut Call) -> Result<Answer, Failure> {
    let (period, books) = load(call).await?;
    let currencies = books.currencies.iter();
    let currencies = currencies.map(|(currency, liability, standing)| {
        CurrencyDocument::new(*currency, liability, standing)
    });
    let worth = books.granted_worth.map(|(currency, minor)| AmountDocument {
        amount: told(minor, currency),
        currency: currency.code(),
    });
    let document = ReportDocument {
        from: told_day(period.from),
        to: told_day(period.to),
        currencies: currencies.collect(),
        granted: GrantedDocument {
            outstanding: books.granted_points,
            worth,
        },
    };
    Ok(Answer::json(200, &document))
}
