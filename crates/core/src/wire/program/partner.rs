//! Partners on the wire.

use serde::{Deserialize, Serialize};

use super::UnreadableProgram;
use crate::partner::Partner;
use crate::wire::ByCurrency;
use crate::{Currency, Decimal};

/// A brand that takes part in the programme.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerDocument {
    /// Names the partner in orders and entries.
    pub id: String,
    /// What members call it.
    pub name: String,
    /// Points for each unit of the currency.
    #[serde(default, skip_serializing_if = "ByCurrency::is_empty")]
    pub earn: ByCurrency,
    /// What one point takes off there.
    #[serde(default, skip_serializing_if = "ByCurrency::is_empty")]
    pub spend: ByCurrency,
    /// What the partner pays for each point that is earned there.
    #[serde(default, skip_serializing_if = "ByCurrency::is_empty")]
    pub pays: ByCurrency,
}

impl TryFrom<PartnerDocument> for Partner {
    type Error = UnreadableProgram;

    fn try_from(document: PartnerDocument) -> Result<Self, UnreadableProgram> {
        Ok(Self {
            id: document.id,
            name: document.name,
            earn: rates(&document.earn)?,
            spend: rates(&document.spend)?,
            pays: rates(&document.pays)?,
        })
    }
}

fn rates(rates: &ByCurrency) -> Result<Vec<(Currency, Decimal)>, UnreadableProgram> {
    let mut read = Vec::new();
    for (code, rate) in rates.iter() {
        let currency = Currency::parse(code).map_err(|_| UnreadableProgram("a currency"))?;
        read.push((currency, rate.0));
    }
    Ok(read)
}
