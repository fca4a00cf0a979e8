//! A member's holdings as they are kept: lots, what is held for rewards, what is owed.
//!
//! They never leave the edge but in a statement. Instants are milliseconds. A lot is
//! `[points, matures_at, expires_at, currency]`, null for what it has not, because a member may have many.

use serde::{Deserialize, Serialize};

use crate::{Bargain, Currency, Holdings, Lot, Reservation, Timestamp};

/// What a balance is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldingsDocument {
    /// The lots, the soonest to expire first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lots: Vec<LotDocument>,
    /// What is held for rewards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reservations: Vec<ReservationDocument>,
    /// Points that are owed.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub owed: i64,
    /// Up to when what time does was settled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled_at: Option<i64>,
    /// When the newest of her orders and activities was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_at: Option<i64>,
}

/// A lot: points, when they mature, when they expire, and the currency that earned them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotDocument(pub i64, pub i64, pub Option<i64>, pub Option<String>);

/// Points held for rewards.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReservationDocument {
    /// The id of the redemption.
    pub id: String,
    /// The first instant at which it holds no more.
    pub ends_at: i64,
    /// What is held.
    #[serde(default)]
    pub drawn: Vec<LotDocument>,
    /// The ids of the rewards.
    #[serde(default)]
    pub rewards: Vec<String>,
    /// What was agreed on them.
    #[serde(default, skip_serializing_if = "BargainDocument::is_not_kept")]
    pub bargain: BargainDocument,
}

/// What was agreed when rewards were asked for: what it does to balances of money, in minor units, and which of the
/// rewards were taken from a stock, the lowest bit for the first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BargainDocument {
    /// More than nothing is what rewards put there, less than nothing what is paid with besides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub money: Vec<(String, i64)>,
    /// The bits.
    #[serde(default)]
    pub counted: Option<u32>,
}

impl BargainDocument {
    fn is_not_kept(&self) -> bool {
        *self == Self::default()
    }
}

impl From<&Bargain> for BargainDocument {
    fn from(bargain: &Bargain) -> Self {
        Self {
            money: bargain.money.clone(),
            counted: bargain.counted,
        }
    }
}

impl From<BargainDocument> for Bargain {
    fn from(document: BargainDocument) -> Self {
        Self {
            money: document.money,
            counted: document.counted,
        }
    }
}

/// Holdings that nobody can have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HoldingsError {
    /// A lot has a point or more.
    #[error("a lot has {0} points, and not 1 or more")]
    EmptyLot(i64),
    /// The currency is none.
    #[error("{0:?} is no currency of ISO 4217")]
    CurrencyUnknown(String),
    /// Nobody is owed anything.
    #[error("{0} points are owed, and not 0 or more")]
    OwedNegative(i64),
}

impl From<&Lot> for LotDocument {
    fn from(lot: &Lot) -> Self {
        Self(
            lot.points,
            lot.matures_at.as_millis(),
            lot.expires_at.map(Timestamp::as_millis),
            lot.currency.map(|currency| currency.code().to_owned()),
        )
    }
}

impl TryFrom<LotDocument> for Lot {
    type Error = HoldingsError;

    fn try_from(lot: LotDocument) -> Result<Self, HoldingsError> {
        let LotDocument(points, matures_at, expires_at, currency) = lot;
        if points < 1 {
            return Err(HoldingsError::EmptyLot(points));
        }
        let currency = currency.map(|code| {
            Currency::parse(&code).map_err(|_| HoldingsError::CurrencyUnknown(code.clone()))
        });
        Ok(Self {
            points,
            matures_at: Timestamp::from_millis(matures_at),
            expires_at: expires_at.map(Timestamp::from_millis),
            currency: currency.transpose()?,
        })
    }
}

/// Reads lots that were kept.
///
/// # Errors
/// The first lot that nobody can have.
pub fn read_lots(lots: Vec<LotDocument>) -> Result<Vec<Lot>, HoldingsError> {
    lots.into_iter().map(Lot::try_from).collect()
}

/// Lots as they are kept.
#[must_use]
pub fn write_lots(lots: &[Lot]) -> Vec<LotDocument> {
    lots.iter().map(LotDocument::from).collect()
}

impl From<&Holdings> for HoldingsDocument {
    fn from(holdings: &Holdings) -> Self {
        let held = holdings.reservations.iter().map(|it| ReservationDocument {
            id: it.id.clone(),
            ends_at: it.ends_at.as_millis(),
            drawn: write_lots(&it.drawn),
            rewards: it.rewards.clone(),
            bargain: BargainDocument::from(&it.bargain),
        });
        Self {
            lots: write_lots(&holdings.lots),
            reservations: held.collect(),
            owed: holdings.owed,
            settled_at: holdings.settled_at.map(Timestamp::as_millis),
            active_at: holdings.active_at.map(Timestamp::as_millis),
        }
    }
}

impl TryFrom<HoldingsDocument> for Holdings {
    type Error = HoldingsError;

    fn try_from(document: HoldingsDocument) -> Result<Self, HoldingsError> {
        if document.owed < 0 {
            return Err(HoldingsError::OwedNegative(document.owed));
        }
        let mut reservations = Vec::with_capacity(document.reservations.len());
        for it in document.reservations {
            reservations.push(Reservation {
                id: it.id,
                ends_at: Timestamp::from_millis(it.ends_at),
                drawn: read_lots(it.drawn)?,
                rewards: it.rewards,
                bargain: it.bargain.into(),
            });
        }
        Ok(Self {
            lots: read_lots(document.lots)?,
            reservations,
            owed: document.owed,
            settled_at: document.settled_at.map(Timestamp::from_millis),
            active_at: document.active_at.map(Timestamp::from_millis),
        })
    }
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde gives a reference to the field; wide only on some machines"
)]
fn is_nothing(number: &i64) -> bool {
    *number == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    // Stored holdings are read by later versions: their bytes are pinned.
    #[test]
    fn holdings_come_back_as_they_went() {
        let at = Timestamp::from_millis;
        let lot = |points, currency| Lot {
            points,
            matures_at: at(5),
            expires_at: Some(at(9)),
            currency,
        };
        let holdings = Holdings {
            lots: vec![
                lot(3, Currency::parse("EUR").ok()),
                Lot {
                    expires_at: None,
                    ..lot(4, None)
                },
            ],
            reservations: vec![Reservation {
                id: "r1".to_owned(),
                ends_at: at(7),
                drawn: vec![lot(2, None)],
                rewards: vec!["coffee".to_owned()],
                bargain: Bargain {
                    money: vec![("credit".to_owned(), 300), ("credit".to_owned(), -250)],
                    counted: Some(1),
                },
            }],
            owed: 6,
            settled_at: Some(at(8)),
            active_at: Some(at(4)),
        };
        let text = serde_json::to_string(&HoldingsDocument::from(&holdings)).expect("JSON");
        expect_test::expect![[r#"{"lots":[[3,5,9,"EUR"],[4,5,null,null]],"reservations":[{"id":"r1","ends_at":7,"drawn":[[2,5,9,null]],"rewards":["coffee"],"bargain":{"money":[["credit",300],["credit",-250]],"counted":1}}],"owed":6,"settled_at":8,"active_at":4}"#]].assert_eq(&text);
        let read: HoldingsDocument = serde_json::from_str(&text).expect("a document");
        assert_eq!(Holdings::try_from(read), Ok(holdings));
        let empty = serde_json::to_string(&HoldingsDocument::default()).expect("JSON");
        assert_eq!(empty, "{}");
    }

    #[test]
    fn holdings_that_nobody_can_have_are_refused() {
        let check = |text: &str, message: &str| {
            let document: HoldingsDocument = serde_json::from_str(text).expect("a document");
            let error = Holdings::try_from(document).expect_err("a refusal");
            assert_eq!(error.to_string(), message);
        };
        check(
            r#"{"lots":[[0,1,null,null]]}"#,
            "a lot has 0 points, and not 1 or more",
        );
        check(
            r#"{"lots":[[1,1,null,"EURO"]]}"#,
            "\"EURO\" is no currency of ISO 4217",
        );
        check(r#"{"owed":-1}"#, "-1 points are owed, and not 0 or more");
    }
}
