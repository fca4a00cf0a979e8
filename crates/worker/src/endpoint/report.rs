//! Reports: the books of some days, for a shop's accountant, three ways to tell the same; and what partners owe.
//!
//! Owns how the books are read. Two round trips, whose rows grow with the days asked for, not with the members:
//! days are summed as they are booked, and the sums of all earlier ones come as a few rows.

pub(crate) mod journal;
pub(crate) mod liability;
pub(crate) mod partners;
pub(crate) mod points;

use earnest_core::accounting::Books;
use earnest_core::{Currency, Decimal};
use earnest_ledger::{Bookkeeping, Period};

use crate::auth::{Need, PresentedKey};
use crate::call::Call;
use crate::period::parse_period;
use crate::problem::Failure;

/// The period that the query names, and the secret key of who asks; she is still to be admitted.
async fn period(call: &mut Call) -> Result<(PresentedKey, Period), Failure> {
    let key = call.presented_key(Need::SecretKey)?;
    let (from, to) = (call.parameter("from"), call.parameter("to"));
    let period = parse_period(from.as_deref(), to.as_deref())
        .map_err(|error| Failure::parameter(error.parameter(), error));
    let period = call.admit_to_refuse(&key, period).await?;
    Ok((key, period))
}

/// The books of the period.
async fn load(call: &mut Call) -> Result<(Period, Books), Failure> {
    let (key, period) = period(call).await?;
    let expected = Bookkeeping::estimates(&key.shop);
    let [expected] = call.admit(&key, [expected]).await?;
    let bookkeeping = Bookkeeping::new(period, &expected)?;
    let found = call.database.read(bookkeeping.days(&key.shop)).await?;
    let [before, within] = found.as_slice() else {
        return Err(Failure::internal("two statements gave other results"));
    };
    Ok((period, bookkeeping.books(before, within)?))
}

/// An amount as it is told: with all its decimals, negative where it went the other way.
fn told(minor: i64, currency: Currency) -> String {
    Decimal::new(minor, currency.minor_digits()).to_string()
}
