//! Periods: the days that a report is about, as a query names them.
//!
//! Its invariant: a period has a day, and no more of them than a report can tell.

use earnest_core::Date;
use earnest_ledger::Period;

/// A year and a month, so that a year fits whenever it begins.
const MAX_DAYS: i64 = 400;

/// Why there is no period: with the parameter that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PeriodError {
    #[error("write a date, such as {0}=2026-01-31")]
    NotADate(&'static str),
    #[error("the last day must not be before the first")]
    EndsBeforeItBegins,
    #[error("a report has at most {MAX_DAYS} days; ask for fewer, one after the other")]
    TooLong,
}

impl PeriodError {
    /// The parameter that is wrong.
    pub(crate) fn parameter(self) -> &'static str {
        match self {
            Self::NotADate(name) => name,
            Self::EndsBeforeItBegins | Self::TooLong => "to",
        }
    }
}

/// Reads the first and the last day of a period.
pub(crate) fn parse_period(from: Option<&str>, to: Option<&str>) -> Result<Period, PeriodError> {
    let day = |text: Option<&str>, name| {
        let day = text.and_then(parse_day);
        day.ok_or(PeriodError::NotADate(name))
    };
    let (from, to) = (day(from, "from")?, day(to, "to")?);
    if to < from {
        return Err(PeriodError::EndsBeforeItBegins);
    }
    if to - from >= MAX_DAYS {
        return Err(PeriodError::TooLong);
    }
    Ok(Period { from, to })
}

/// A day as it is told: `2026-01-31`.
pub(crate) fn told_day(day: i64) -> String {
    let Date { year, month, day } = Date::of_day(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Reads a date of the Gregorian calendar, written in the one way that [`told_day`] does.
fn parse_day(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-').map(str::parse);
    let mut next = || parts.next()?.ok();
    let (year, month, day) = (next()?, next()?, next()?);
    let number = Date { year, month, day }.day_number();
    // What is no date, such as 30 February, is another one.
    (text.len() == 10 && told_day(number) == text).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: &str, to: &str, expected: Result<(i64, i64), PeriodError>) {
        let read = parse_period(Some(from), Some(to));
        let read = read.map(|Period { from, to }| (from, to));
        assert_eq!(read, expected, "{from} to {to}");
    }

    #[test]
    fn a_period_is_two_dates_and_what_lies_between() {
        check("1970-01-01", "1970-01-01", Ok((0, 0)));
        check("2026-01-01", "2026-12-31", Ok((20_454, 20_818)));
        check("2028-02-29", "2028-03-01", Ok((21_243, 21_244)));
        check("2026-01-01", "2027-02-04", Ok((20_454, 20_853)));
        check("2026-01-01", "2027-02-05", Err(PeriodError::TooLong));
        check("0000-01-01", "9999-12-31", Err(PeriodError::TooLong));
        let backwards = Err(PeriodError::EndsBeforeItBegins);
        check("2026-01-02", "2026-01-01", backwards);
    }

    #[test]
    fn what_is_no_date_is_refused_by_its_name() {
        for text in [
            "",
            "2026",
            "2026-1-1",
            "2026-02-30",
            "2026-13-01",
            "2026-00-10",
            "2026-01-00",
            "2026-01-1 ",
            "+026-01-01",
            "20260101",
            "2026-01-01T00:00:00Z",
            "2026/01/01",
            "today",
            "２０２６-01-01",
            "-001-01-01",
            "99999999999999999999-01-01",
        ] {
            check(text, "2026-01-01", Err(PeriodError::NotADate("from")));
            check("2026-01-01", text, Err(PeriodError::NotADate("to")));
        }
        let missing = parse_period(None, Some("2026-01-01"));
        assert_eq!(missing, Err(PeriodError::NotADate("from")));
    }
}
