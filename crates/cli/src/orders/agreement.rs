//! What further rows of an order say of it as a whole.
//!
//! Its invariant: no row of an order that is handed out says otherwise than its first one.

use earnest_core::Decimal;

use super::columns::Column;
use super::instant::parse_instant;
use super::{Head, Orders, amount};

impl Orders {
    /// Whether a row says the same of its order as the first one; what it leaves empty, it agrees with.
    pub(super) fn agrees(&self, head: &Head) -> Result<(), String> {
        let row = &self.rows.row;
        let says = |column| Some(self.columns.get(row, column)).filter(|text| !text.is_empty());
        let differs = |column: Column, other: &str| {
            format!(
                "order {} has another {} here than on its first row, {other:?}",
                head.id,
                column.name()
            )
        };
        if says(Column::MemberId).is_some_and(|id| id != head.member_id) {
            return Err(differs(Column::MemberId, &head.member_id));
        }
        let code = head.totals.currency.code();
        if says(Column::Currency).is_some_and(|own| own != code) {
            return Err(differs(Column::Currency, code));
        }
        let placed = says(Column::PlacedAt).filter(|text| *text != self.placed);
        let is_other =
            |text: &str| parse_instant(text.as_bytes(), &self.calendar) != Some(head.placed_at);
        if placed.is_some_and(is_other) {
            return Err(differs(Column::PlacedAt, &self.placed));
        }
        let totals = &head.totals;
        for (column, minor) in [
            (Column::OrderDiscount, totals.discount_minor),
            (Column::Shipping, totals.shipping_minor),
            (Column::ShippingTax, totals.shipping_tax_minor),
        ] {
            if let Some(text) = says(column)
                && amount(text, column, totals.currency, None)? != minor
            {
                let first = Decimal::new(minor, totals.currency.minor_digits());
                return Err(differs(column, &first.to_string()));
            }
        }
        let Some(checkout) = &head.checkout else {
            return Ok(());
        };
        for (column, first) in [
            (Column::PaymentMethod, &checkout.payment_method),
            (Column::Channel, &checkout.channel),
            (Column::Location, &checkout.location),
            (Column::Delivery, &checkout.delivery),
            (Column::Partner, &checkout.partner),
        ] {
            let first = first.as_deref().unwrap_or_default();
            if says(column).is_some_and(|text| text != first) {
                return Err(differs(column, first));
            }
        }
        Ok(())
    }
}
