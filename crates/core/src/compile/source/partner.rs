//! Partners as a merchant writes them.

use serde::Deserialize;

use crate::wire::ByCurrency;

/// Another brand at which members earn or spend your points.
///
/// ```toml
/// [[partners]]
/// id = "harbour-hotel"
/// name = "Harbour Hotel"
/// earn = { EUR = 0.5 }
/// spend = { EUR = 0.01 }
/// pays = { EUR = 0.012 }
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Partner"))]
#[serde(deny_unknown_fields)]
pub struct PartnerSource {
    /// Names the partner: `harbour-hotel`. Its orders say so in `cart.partner`.
    pub id: String,
    /// What members call it: `Harbour Hotel`.
    pub name: String,
    /// Points for each unit of the currency there: `{ EUR = 0.5 }`. Without it nothing is earned there.
    #[serde(default)]
    pub earn: ByCurrency,
    /// What one point takes off there, by currency: `{ EUR = 0.01 }`. Without it nothing is spent there.
    #[serde(default)]
    pub spend: ByCurrency,
    /// What the partner pays you for each point that is earned there, by currency: `{ EUR = 0.012 }`. Default:
    /// what a point takes off there.
    #[serde(default)]
    pub pays: ByCurrency,
}
