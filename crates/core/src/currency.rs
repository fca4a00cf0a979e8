//! ISO 4217: the active currencies and how many decimals each has.
//!
//! Owns the table, nothing else. Codes without a minor unit of their own (gold, test codes, special
//! drawing rights) are left out: nobody pays for a cart with them.
//!
//! Source: ISO 4217 list one, as published by its maintenance agency, SIX, on 2026-01-01.

use std::fmt;

use crate::telling::{start_of, tell};

/// The active codes by number of decimals, each list sorted.
const ACTIVE: [(u32, &str); 4] = [
    (
        2,
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD \
         CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP \
         GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK \
         LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO \
         NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS \
         SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST \
         XAD XCD XCG YER ZAR ZMW ZWG",
    ),
    (
        0,
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    ),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
    (4, "CLF UYW"),
];

/// Every code takes this many bytes in a list: three letters and the space behind them.
const STRIDE: usize = 4;

/// An active ISO 4217 currency.
///
/// ```
/// # use earnest_core::Currency;
/// assert_eq!(Currency::parse("JPY")?.minor_digits(), 0);
/// assert_eq!(Currency::parse("KWD")?.minor_digits(), 3);
/// assert!(Currency::parse("eur").is_err());
/// # Ok::<(), earnest_core::CurrencyError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency {
    code: &'static str,
    minor_digits: u32,
}

/// The text is not the code of an active currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrencyError(pub String);

impl CurrencyError {
    /// What is wrong, and what would be right.
    #[must_use]
    pub fn message(&self) -> String {
        let what = "\" is not an active ISO 4217 currency code; write three capital letters, such as \"EUR\"";
        tell(&["\"", &self.0, what])
    }
}

impl fmt::Display for CurrencyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for CurrencyError {}

impl Currency {
    /// Reads an upper-case three-letter code.
    ///
    /// # Errors
    /// When the code is not on the active list.
    pub fn parse(code: &str) -> Result<Self, CurrencyError> {
        ACTIVE
            .into_iter()
            .find_map(|(minor_digits, codes)| {
                let nth = codes
                    .as_bytes()
                    .chunks(STRIDE)
                    .position(|entry| entry.get(..3) == Some(code.as_bytes()))?;
                let start = nth.checked_mul(STRIDE)?;
                let code = codes.get(start..start.checked_add(3)?)?;
                Some(Self { code, minor_digits })
            })
            .ok_or_else(|| CurrencyError(start_of(code, 16)))
    }

    /// Every active currency, by number of decimals and then by code.
    pub fn all() -> impl Iterator<Item = Self> {
        ACTIVE.into_iter().flat_map(|(minor_digits, codes)| {
            codes
                .split(' ')
                .map(move |code| Self { code, minor_digits })
        })
    }

    /// The three-letter code, such as `EUR`.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.code
    }

    /// The number of decimals: 2 for EUR, 0 for JPY, 3 for KWD.
    #[must_use]
    pub fn minor_digits(self) -> u32 {
        self.minor_digits
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_three_capitals_found_again_and_listed_once() {
        let mut codes: Vec<_> = Currency::all().map(Currency::code).collect();
        for code in &codes {
            assert!(
                code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()),
                "{code}"
            );
            assert_eq!(Currency::parse(code).map(Currency::code), Ok(*code));
        }
        let listed = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), listed);
    }

    /// ISO 4217 list one of 2026-01-01 has 178 codes, 13 of them without a minor unit: XAG, XAU, XBA, XBB,
    /// XBC, XBD, XDR, XPD, XPT, XSU, XTS, XUA, XXX. Counted in the Python package `iso4217` 1.16.20260101,
    /// which carries the list itself; all 165 others agreed with it in code and decimals.
    #[test]
    fn there_are_as_many_codes_as_on_the_list() {
        let with = |digits| {
            let all = Currency::all().filter(|currency| currency.minor_digits() == digits);
            all.count()
        };
        assert_eq!([0, 1, 2, 3, 4].map(with), [17, 0, 139, 7, 2]);
        assert_eq!(Currency::all().count(), 178 - 13);
    }

    #[test]
    fn text_that_is_no_active_code_is_refused() {
        for text in [
            "", "E", "eur", "EURO", "EUR ", "R U", "XAU", "HRK", "BGN", "D A", "€",
        ] {
            assert!(Currency::parse(text).is_err(), "{text}");
        }
    }
}
