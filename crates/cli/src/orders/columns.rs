//! The columns of a CSV of orders: their names, and where a file has them.
//!
//! Owns the one list that the help, the reader and the messages share.

use super::reader::Row;
use crate::members;
use crate::unusable::Unusable;

/// What a row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    OrderId,
    MemberId,
    PlacedAt,
    Currency,
    LineId,
    Product,
    Category,
    Tag,
    Brand,
    Vendor,
    Quantity,
    UnitPrice,
    Discount,
    Tax,
    OrderDiscount,
    Shipping,
    ShippingTax,
    PaymentMethod,
    Channel,
    Location,
    Delivery,
    Coupon,
    Partner,
}

use Column::{
    Brand, Category, Channel, Coupon, Currency, Delivery, Discount, LineId, Location, MemberId,
    OrderDiscount, OrderId, Partner, PaymentMethod, PlacedAt, Product, Quantity, Shipping,
    ShippingTax, Tag, Tax, UnitPrice, Vendor,
};

/// Every column, in the order of declaration: its default name, whether a file must have it, and what it
/// says.
const COLUMNS: [(Column, &str, bool, &str); 23] = [
    (
        OrderId,
        "order_id",
        true,
        "rows with the same id, one after another, are one order; an id that comes again among some\n                    ten thousand orders is told",
    ),
    (
        MemberId,
        "member_id",
        false,
        "who bought; empty for a guest, who earns nothing",
    ),
    (
        PlacedAt,
        "placed_at",
        true,
        "2026-05-01T12:00:00Z, or 2026-05-01 12:00 by the shop's clock; never before the order above",
    ),
    (Currency, "currency", false, "EUR; or give --currency"),
    (
        LineId,
        "line_id",
        false,
        "else lines are numbered within their order",
    ),
    (Product, "product", true, "the shop's product id"),
    (Category, "category", false, "several by ;"),
    (Tag, "tag", false, "several by ;"),
    (Brand, "brand", false, "the brand of the product"),
    (
        Vendor,
        "vendor",
        false,
        "who sells it, where that is not the shop",
    ),
    (Quantity, "quantity", false, "a whole number; else 1"),
    (UnitPrice, "unit_price", true, "of one unit, such as 19.99"),
    (
        Discount,
        "discount",
        false,
        "what is taken off the whole line",
    ),
    (Tax, "tax", false, "the tax of the line"),
    (
        OrderDiscount,
        "order_discount",
        false,
        "what is taken off the order; on its first row",
    ),
    (
        Shipping,
        "shipping",
        false,
        "the price of shipping; on the first row of the order",
    ),
    (
        ShippingTax,
        "shipping_tax",
        false,
        "the tax of shipping; on the first row of the order",
    ),
    (
        PaymentMethod,
        "payment_method",
        false,
        "such as store-card; on the first row",
    ),
    (
        Channel,
        "channel",
        false,
        "such as web, app, till; on the first row",
    ),
    (Location, "location", false, "the store; on the first row"),
    (
        Delivery,
        "delivery",
        false,
        "such as pickup, slow; on the first row",
    ),
    (Coupon, "coupon", false, "several by ;, on the first row"),
    (
        Partner,
        "partner",
        false,
        "the brand whose order it is, where that is not the shop; on the first row",
    ),
];

/// Whether orders have a column of this name.
pub(crate) fn is_column(name: &str) -> bool {
    COLUMNS.iter().any(|(_, known, ..)| *known == name)
}

/// Where a file has each column.
pub(crate) struct Columns {
    places: [Option<usize>; COLUMNS.len()],
    /// How many fields each row has.
    pub(crate) width: usize,
}

impl Column {
    /// Its default name.
    pub(crate) fn name(self) -> &'static str {
        COLUMNS[self as usize].1
    }
}

impl Columns {
    /// Finds the columns in a header. `mapped` are pairs of a column's name and a file's own.
    pub(crate) fn find(
        path: &str,
        header: &Row,
        mapped: &[(String, String)],
        has_currency: bool,
    ) -> Result<Self, Unusable> {
        let document = |message| Unusable::Document {
            path: path.to_owned(),
            message,
        };
        let names: Vec<&str> = header.iter().map(str::trim).collect();
        let place = |wanted: &str| {
            names
                .iter()
                .position(|name| name.eq_ignore_ascii_case(wanted))
        };
        let mut places = [None; COLUMNS.len()];
        for (found, (_, name, ..)) in places.iter_mut().zip(COLUMNS) {
            *found = place(name);
        }
        for (column, own) in mapped {
            let Some(nth) = COLUMNS.iter().position(|(_, name, ..)| name == column) else {
                if members::COLUMNS.contains(&column.as_str()) {
                    continue;
                }
                let known = COLUMNS.map(|(_, name, ..)| name).join(", ");
                let message = format!("--column {column}={own}: the columns are {known}");
                return Err(Unusable::Argument(message));
            };
            let missing = || document(format!("there is no column {own:?}; {}", told(&names)));
            places[nth] = Some(place(own).ok_or_else(missing)?);
        }
        let columns = Self {
            places,
            width: names.len(),
        };
        let lacks = |column| columns.places[column as usize].is_none();
        let mut missing: Vec<&str> = COLUMNS
            .iter()
            .filter(|(column, _, is_required, _)| *is_required && lacks(*column))
            .map(|(_, name, ..)| *name)
            .collect();
        let mut mend = "";
        if lacks(Currency) && !has_currency {
            missing.push("currency");
            mend = ", or --currency EUR";
        }
        if missing.is_empty() {
            return Ok(columns);
        }
        Err(document(format!(
            "no column says {}; {}; map yours by --column {}=\"Your name\"{mend}",
            missing.join(", "),
            told(&names),
            missing[0],
        )))
    }

    /// Whether the file has a column.
    pub(crate) fn has(&self, column: Column) -> bool {
        self.places[column as usize].is_some()
    }

    /// What a row says in a column, without the space around it; empty where the file has none.
    pub(crate) fn get<'row>(&self, row: &'row Row, column: Column) -> &'row str {
        let place = self.places[column as usize];
        place.and_then(|place| row.get(place)).unwrap_or_default()
    }
}

fn told(names: &[&str]) -> String {
    if names.is_empty() {
        return "the file is empty".into();
    }
    format!("the header has {}", names.join(", "))
}

/// The columns for `--help`.
pub(crate) fn help() -> String {
    let mut help = String::from("Columns of the orders (* must be there):\n");
    for (_, name, is_required, says) in COLUMNS {
        let star = if is_required { '*' } else { ' ' };
        help += &format!("  {star} {name:<15} {says}\n");
    }
    help
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_stands_at_its_own_place() {
        for (nth, (column, name, ..)) in COLUMNS.into_iter().enumerate() {
            assert_eq!((column as usize, column.name()), (nth, name));
        }
    }
}
