//! Perks: what a tier or a paid membership gives besides points. Data for the shop to act on and for the
//! shopper to read; nothing here takes anything off a price.

use crate::Decimal;

/// One perk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Perk {
    /// What a shop's programs act on.
    pub kind: PerkKind,
    /// What the shopper reads: `Free shipping`.
    pub label: String,
}

/// The kinds that shops can tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PerkKind {
    /// Orders are sent for nothing.
    FreeShipping,
    /// So many percent off every order.
    PercentOff(Decimal),
    /// New products and sales before others.
    EarlyAccess,
    /// A gift around the birthday.
    BirthdayGift,
    /// Parcels are sent back for nothing.
    FreeReturns,
    /// Anything else; the label says what.
    Other,
}

impl PerkKind {
    /// The kind of a name, with its percentage; `None` where the two do not fit.
    #[must_use]
    pub fn parse(name: &str, percent: Option<Decimal>) -> Option<Self> {
        Some(match (name, percent) {
            ("percent-off", Some(percent)) => Self::PercentOff(percent),
            ("free-shipping", None) => Self::FreeShipping,
            ("early-access", None) => Self::EarlyAccess,
            ("birthday-gift", None) => Self::BirthdayGift,
            ("free-returns", None) => Self::FreeReturns,
            ("other", None) => Self::Other,
            _ => return None,
        })
    }

    /// The name in programs and in the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::FreeShipping => "free-shipping",
            Self::PercentOff(_) => "percent-off",
            Self::EarlyAccess => "early-access",
            Self::BirthdayGift => "birthday-gift",
            Self::FreeReturns => "free-returns",
            Self::Other => "other",
        }
    }

    /// The percentage, where there is one.
    #[must_use]
    pub fn percent(self) -> Option<Decimal> {
        match self {
            Self::PercentOff(percent) => Some(percent),
            _ => None,
        }
    }
}
