//! A stream of orders: from the rows of a CSV file to carts of the core.
//!
//! Owns every way in which a row becomes a cart; nothing else in this crate builds one. One order is held
//! at a time, so memory does not grow with the file. Its invariant: what it hands out is a checked cart, at
//! an instant that is not before the one handed out before.

mod arguments;
pub(crate) mod columns;
pub(crate) mod instant;
mod rows;

use csv::StringRecord;
use earnest_core::limits::{MAX_ID_BYTES, MAX_LINES};
use earnest_core::{Calendar, Cart, CartTotals, Checkout, Currency, Line, Money, Timestamp};

pub(crate) use self::arguments::OrdersArguments;
use self::columns::{Column, Columns};
use self::instant::parse_instant;
pub(crate) use self::rows::BadRows;
use self::rows::Rows;
use crate::unusable::Unusable;

/// An order.
pub(crate) struct Order {
    /// The shop's id of it.
    pub(crate) id: String,
    /// Who bought; empty for a guest.
    pub(crate) member_id: String,
    /// When.
    pub(crate) placed_at: Timestamp,
    /// What.
    pub(crate) cart: Cart,
    /// The goods after all discounts, as they are priced, in minor units.
    pub(crate) goods_minor: i64,
    /// Its first row.
    pub(crate) row: u64,
}

/// Reads orders one by one.
pub(crate) struct Orders {
    rows: Rows,
    columns: Columns,
    /// The currency of the row above, or the one given.
    currency: Option<Currency>,
    has_one_currency: bool,
    calendar: Calendar,
    prices_include_tax: bool,
    latest: Option<Timestamp>,
    lines_read: u64,
    /// How many lines the latest order had.
    lines_of_last: usize,
}

/// What the first row of an order says of it as a whole.
struct Head {
    id: String,
    member_id: String,
    placed_at: Timestamp,
    totals: CartTotals,
    checkout: Option<Checkout>,
}

impl Orders {
    /// The next order; `None` at the end.
    pub(crate) fn next_order(&mut self) -> Result<Option<Order>, Unusable> {
        loop {
            if !self.rows.has_row(self.columns.width)? {
                return Ok(None);
            }
            let row = self.rows.number();
            let head = match self.head() {
                Ok(head) => head,
                Err(message) => {
                    self.rows.refuse(row, message)?;
                    self.rows.pass();
                    continue;
                }
            };
            if let Some(order) = self.order(head, row)? {
                return Ok(Some(order));
            }
        }
    }

    /// Leaves out an order that cannot be booked, or stops at it, as was asked.
    pub(crate) fn refuse(&mut self, order: &Order, message: String) -> Result<(), Unusable> {
        self.rows.refuse(order.row, message)
    }

    /// How many bytes have been read.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.rows.bytes_read()
    }

    /// How many lines the orders so far had.
    pub(crate) fn lines_read(&self) -> u64 {
        self.lines_read
    }

    /// The bad rows so far.
    pub(crate) fn bad_rows(&self) -> &BadRows {
        &self.rows.bad
    }

    /// What the row at hand says of its order.
    fn head(&mut self) -> Result<Head, String> {
        let row = &self.rows.row;
        let get = |column| self.columns.get(row, column);
        let id = get(Column::OrderId);
        if id.is_empty() {
            return Err("order_id is empty; give each order its id".into());
        }
        let member_id = get(Column::MemberId);
        for (column, id) in [(Column::OrderId, id), (Column::MemberId, member_id)] {
            if id.len() > MAX_ID_BYTES {
                let name = column.name();
                return Err(format!(
                    "{name} is too long; an id has at most {MAX_ID_BYTES} bytes"
                ));
            }
        }
        let written = get(Column::PlacedAt);
        let Some(placed_at) = parse_instant(written.as_bytes(), &self.calendar) else {
            return Err(format!(
                "placed_at {written:?} is no instant; write it as 2026-05-01T12:00:00Z"
            ));
        };
        if self.latest.is_some_and(|latest| placed_at < latest) {
            return Err(
                "placed_at is before that of the order above; sort the file by placed_at".into(),
            );
        }
        let code = get(Column::Currency);
        let currency = match self.currency {
            Some(known) if code == known.code() => known,
            Some(known) if code.is_empty() && self.has_one_currency => known,
            _ => Currency::parse(code).map_err(|error| error.to_string())?,
        };
        if !self.has_one_currency {
            self.currency = Some(currency);
        }
        let amount = |column| amount(get(column), column, currency, Some(0));
        let totals = CartTotals {
            currency,
            prices_include_tax: self.prices_include_tax,
            discount_minor: amount(Column::OrderDiscount)?,
            shipping_minor: amount(Column::Shipping)?,
            shipping_tax_minor: amount(Column::ShippingTax)?,
        };
        Ok(Head {
            id: id.to_owned(),
            member_id: member_id.to_owned(),
            placed_at,
            totals,
            checkout: self.checkout(),
        })
    }

    /// How and where the order at hand was placed; `None` where the file says nothing of it.
    fn checkout(&self) -> Option<Checkout> {
        const SAID: [Column; 5] = [
            Column::PaymentMethod,
            Column::Channel,
            Column::Location,
            Column::Coupon,
            Column::Partner,
        ];
        if !SAID.into_iter().any(|column| self.columns.has(column)) {
            return None;
        }
        let get = |column| self.columns.get(&self.rows.row, column);
        Some(Checkout {
            payment_method: optional(get(Column::PaymentMethod)),
            channel: optional(get(Column::Channel)),
            location: optional(get(Column::Location)),
            partner: optional(get(Column::Partner)),
            coupons: labels(get(Column::Coupon)),
        })
    }

    /// The order whose head was read, with all its rows; `None` where it was refused as a whole.
    fn order(&mut self, head: Head, first_row: u64) -> Result<Option<Order>, Unusable> {
        // Most orders are about as long as the one before.
        let room = self.lines_of_last.min(MAX_LINES);
        let (mut lines, mut rows) = (Vec::with_capacity(room), Vec::with_capacity(room));
        let mut gross_minor = 0_i64;
        loop {
            let row = self.rows.number();
            match self.line(&head, lines.len()) {
                Ok(line) => {
                    let worth = i64::from(line.quantity).saturating_mul(line.unit_price_minor);
                    gross_minor = gross_minor.saturating_add(worth - line.discount_minor);
                    lines.push(line);
                    rows.push(row);
                }
                Err(message) => self.rows.refuse(row, message)?,
            }
            self.rows.pass();
            let is_more = self.rows.has_row(self.columns.width)?
                && self.columns.get(&self.rows.row, Column::OrderId) == head.id;
            if !is_more {
                break;
            }
        }
        if lines.is_empty() {
            return Ok(None);
        }
        let many = lines.len() as u64;
        self.lines_of_last = lines.len();
        let cart = Cart::new(head.totals, lines).and_then(|cart| match head.checkout {
            Some(checkout) => cart.placed(checkout),
            None => Ok(cart),
        });
        let cart = match cart {
            Ok(cart) => cart,
            Err(error) => {
                let (nth, field) = place(&error.pointer);
                let row = nth.and_then(|nth| rows.get(nth)).copied();
                let message = format!("order {}: {field}{}", head.id, error.kind);
                self.rows.refuse(row.unwrap_or(first_row), message)?;
                return Ok(None);
            }
        };
        self.lines_read += many;
        self.latest = Some(head.placed_at);
        Ok(Some(Order {
            goods_minor: gross_minor.saturating_sub(head.totals.discount_minor),
            id: head.id,
            member_id: head.member_id,
            placed_at: head.placed_at,
            cart,
            row: first_row,
        }))
    }

    /// The line that the row at hand says.
    fn line(&self, head: &Head, nth: usize) -> Result<Line, String> {
        let row = &self.rows.row;
        let get = |column| self.columns.get(row, column);
        self.agrees(head, row)?;
        let currency = head.totals.currency;
        let amount = |column, default| amount(get(column), column, currency, default);
        let id = get(Column::LineId);
        let id = if id.is_empty() {
            (nth + 1).to_string()
        } else {
            id.to_owned()
        };
        let quantity = match get(Column::Quantity) {
            "" => 1,
            digits => digits
                .parse()
                .map_err(|_| format!("quantity {digits:?} is no whole number of 1 or more"))?,
        };
        Ok(Line {
            id,
            product: get(Column::Product).to_owned(),
            categories: labels(get(Column::Category)),
            tags: labels(get(Column::Tag)),
            quantity,
            unit_price_minor: amount(Column::UnitPrice, None)?,
            discount_minor: amount(Column::Discount, Some(0))?,
            tax_minor: amount(Column::Tax, Some(0))?,
            brand: optional(get(Column::Brand)),
            vendor: optional(get(Column::Vendor)),
        })
    }

    /// Whether a row says the same of its order as the first one; what it leaves empty, it agrees with.
    fn agrees(&self, head: &Head, row: &StringRecord) -> Result<(), String> {
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
        Ok(())
    }
}

/// The line that a pointer into a cart names, if it does, and the field as a CSV has it, with a colon.
fn place(pointer: &str) -> (Option<usize>, String) {
    let steps: Vec<&str> = pointer.split('/').skip(1).collect();
    match steps.as_slice() {
        ["lines", nth] => (nth.parse().ok(), String::new()),
        ["lines", nth, field, ..] => (nth.parse().ok(), format!("{field}: ")),
        ["discount"] => (None, "order_discount: ".into()),
        [field] => (None, format!("{field}: ")),
        _ => (None, String::new()),
    }
}

/// An amount in minor units; the default where nothing is written.
fn amount(
    text: &str,
    column: Column,
    currency: Currency,
    default: Option<i64>,
) -> Result<i64, String> {
    if let (true, Some(default)) = (text.is_empty(), default) {
        return Ok(default);
    }
    // Most exports write what is not there so, in several columns of each row.
    if text == "0.00" && currency.minor_digits() == 2 {
        return Ok(0);
    }
    let money = Money::parse(text, currency);
    money
        .map(Money::minor)
        .map_err(|error| format!("{}: {error}", column.name()))
}

fn optional(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Several labels, with ; between them.
pub(crate) fn labels(text: &str) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    if !text.as_bytes().contains(&b';') {
        return vec![text.to_owned()];
    }
    let labels = text.split(';').map(str::trim_ascii);
    let labels = labels.filter(|label| !label.is_empty());
    labels.map(str::to_owned).collect()
}
